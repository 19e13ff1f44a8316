"""Manoeuvre elements: the sub-units to which a task gives orders of their own."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from startex.control.brief import Brief
from startex.engine.picture import Picture
from startex.forces.definitions import KINDS
from startex.forces.symbols import ECHELONS
from startex.foundation.streams import entity_key
from startex.geography.areas import land_anchor
from startex.geography.places import Places
from startex.geography.surface import Surface

Int32 = npt.NDArray[np.int32]

_RANK = {name: rank for rank, name in enumerate(ECHELONS)}
BATTALION = _RANK["battalion"]
COMPANY = _RANK["company"]
_VEHICLE = KINDS.index("vehicle")

M2_PER_PLATFORM = 50.0 * 50.0
"""Ground taken by one platform of a laager, m2; assumed: dispersed as against air attack."""


def elements(picture: Picture, unit: int, rank: int) -> list[tuple[int, Int32]]:
    """Return (unit row, platform rows) that cover a subtree once, none above an echelon.

    A unit above ``rank`` is an element of its own with the platforms it holds directly, such as
    its headquarters; its sub-units follow.
    """
    units = picture.force.units
    if _RANK[units.echelon[unit]] <= rank:
        return [(unit, picture.platforms(unit))]
    own = np.arange(units.first[unit], units.own_last[unit], dtype=np.int32)
    own = own[picture.force.kind[own] != 0]
    found = [(unit, own)] if own.size else []
    child = unit + 1
    while child < units.last_unit[unit]:
        found += elements(picture, child, rank)
        child = int(units.last_unit[child])
    return found


def ground_elements(brief: Brief, units: tuple[int, ...], rank: int) -> list[tuple[int, Int32]]:
    """Return elements with their vehicles and teams that can move: stored vehicles stay.

    A team that rides a vehicle of another of the elements goes with that one.
    """
    picture = brief.picture
    found: list[tuple[int, Int32]] = []
    for unit in units:
        for element, rows in elements(picture, unit, rank):
            kept = of_kind(picture, rows, "vehicle", "team")
            found.append((element, kept[~picture.stored(kept)]))
    if not found:
        return []
    # whoever is named twice belongs to the element named last
    backwards = np.concatenate([rows[::-1] for _, rows in reversed(found)])
    numbers = np.repeat(
        np.arange(len(found))[::-1], [rows.size for _, rows in reversed(found)]
    )  # fmt: skip
    everybody, first = np.unique(backwards, return_index=True)
    owner = numbers[first]
    mounted = riders(picture, everybody)
    vehicles = picture.force.station[mounted]
    at = np.minimum(np.searchsorted(everybody, vehicles), max(everybody.size - 1, 0))
    among = everybody[at] == vehicles
    owner[np.searchsorted(everybody, mounted[among])] = owner[at[among]]
    order = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[order], np.arange(len(found) + 1))
    parts = zip(found, pairwise(bounds.tolist()), strict=True)
    return [(element, everybody[order[a:b]]) for (element, _), (a, b) in parts if b > a]


def riders(picture: Picture, rows: Int32) -> Int32:
    """Return the teams with a vehicle of their own to ride, one that does not await issue."""
    teams = of_kind(picture, rows, "team")
    found: Int32 = teams[_rides(picture, teams)]
    return found


def walkers(picture: Picture, rows: Int32) -> Int32:
    """Return the teams that have no vehicle of their own to ride."""
    teams = of_kind(picture, rows, "team")
    found: Int32 = teams[~_rides(picture, teams)]
    return found


def _rides(picture: Picture, teams: Int32) -> npt.NDArray[np.bool_]:
    vehicle = picture.force.station[teams]
    has: npt.NDArray[np.bool_] = (vehicle >= 0) & (picture.force.kind[vehicle] == _VEHICLE)
    has[has] = ~picture.stored(vehicle[has])
    return has


def of_kind(picture: Picture, rows: Int32, *kinds: str) -> Int32:
    """Return the rows that are of any of the kinds."""
    kind = picture.force.kind[rows]
    wanted = kind == KINDS.index(kinds[0])
    for other in kinds[1:]:
        wanted |= kind == KINDS.index(other)
    found: Int32 = rows[wanted]
    return found


def area_at(
    surface: Surface, places: Places, unit_id: str, place: int, platforms: int, purpose: str = ""
) -> tuple[float, float]:
    """Return the middle of a unit's own area at a place, degrees, on land.

    The area follows from the unit's id and the place alone: others' coming or going moves
    nobody. ``purpose`` tells apart several areas of one unit.
    """
    clear_m = float(np.sqrt(platforms * M2_PER_PLATFORM / np.pi)) + 50.0
    return land_anchor(
        surface,
        float(places.lat[place]),
        float(places.lon[place]),
        float(places.radius_m[place]),
        entity_key(f"{unit_id}@{places.id[place]}{purpose}"),
        clear_m,
    )


def anchor(
    brief: Brief, element: int, place: int, platforms: int, purpose: str = ""
) -> tuple[float, float]:
    """Return the middle of an element's own area at a place (see `area_at`)."""
    picture = brief.picture
    unit_id = picture.force.units.id[element]
    return area_at(brief.router.surface, picture.places, unit_id, place, platforms, purpose)
