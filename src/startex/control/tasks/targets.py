"""Targets of ranges: which of them a serial fires at, and with what."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.control.brief import Brief, CannotBeHeldError
from startex.forces.armament_figures import DOMAINS
from startex.forces.signatures import domains

Int32 = npt.NDArray[np.int32]

FIRE_WITH: dict[str, tuple[str, ...]] = {
    "guns": ("small_arms", "gun", "tank_gun", "artillery", "rocket"),
    "missiles": ("atgm", "sam", "air_to_air", "anti_ship_missile", "land_attack_missile"),
    "bombs": ("bomb",),
    "torpedoes": ("torpedo",),
    "depth_charges": ("depth_charge",),
}
"""Kinds of weapon (`WEAPON_KINDS`) by the words of the parameter ``fire_with``."""

STRIKES = ("strike", "bomber")
"""Profiles of sorties that release weapons at targets of a range."""

SHARE, STRIKE_SHARE = 0.25, 1.0
"""Of the load, what live fire and a strike take where the serial says nothing; assumed."""


def target_place(brief: Brief) -> int:
    """Return the place where a serial's targets stand."""
    return brief.place_index("target_place")


def standing(brief: Brief) -> Int32:
    """Return the targets of the kind that the serial names that stand there, ascending."""
    rows = brief.picture.standing_at(target_place(brief), "target")
    against = brief.param("against")
    if against is not None:
        domain = domains(brief.picture.catalogue)[brief.picture.force.type[rows]]
        rows = rows[domain == DOMAINS.index(str(against))]
    return rows[~brief.picture.busy(rows)]


def wanted(brief: Brief) -> Int32:
    """Return as many targets as the serial sets up, lowest rows first.

    Raises
    ------
    CannotBeHeldError
        If fewer stand there.
    """
    number, rows = int(brief.param("targets")), standing(brief)
    if rows.size < number:
        name = brief.picture.places.name[target_place(brief)]
        what = " ".join(filter(None, (str(brief.param("against", "")), "targets")))
        raise CannotBeHeldError(f"{number} {what} are needed at {name}, {rows.size} stand there")
    return rows[:number]


def allotted(brief: Brief, default: float, parts: int = 1) -> dict[str, object]:
    """Return what may be fired, as parameters of an order that is one of so many parts.

    ``default``: share of the load where the serial names none.
    """
    found: dict[str, object] = {"share": float(brief.param("rounds_share", default)) / parts}
    if brief.param("rounds") is not None:
        found["limit"] = int(brief.param("rounds"))
    if brief.param("fire_with") is not None:
        found["kinds"] = FIRE_WITH[str(brief.param("fire_with"))]
    return found


def strike_targets(brief: Brief) -> Int32:
    """Return the targets of a sortie: none for profiles that release nothing, or in a play."""
    if brief.opfor or str(brief.param("profile")) not in STRIKES:
        return np.empty(0, dtype=np.int32)
    rows = standing(brief)
    return rows if brief.param("targets") is None else rows[: int(brief.param("targets"))]
