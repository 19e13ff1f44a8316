"""Small orders of battle for tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from startex.forces.definitions import KINDS, Template, UnitLine
from startex.forces.force import Force

CODE = {kind: code for code, kind in enumerate(KINDS)}


def line(unit: str, **keys: Any) -> UnitLine:
    """A line of nation RUS, side "coalition", home "range"; totals may be plain numbers."""
    for name in ("persons", "ground"):
        if isinstance(keys.get(name), int):
            keys[name] = {"value": keys[name], "assumed": "test"}
    fixed = {
        "unit": unit,
        "name": f"Unit {unit}",
        "nation": "RUS",
        "side": "coalition",
        "echelon": "company",
        "home": "range",
        "provenance": {"assumed": "test"},
    }
    return UnitLine.model_validate({**fixed, **keys})


def template(name: str, *parts: dict[str, Any], echelon: str = "platoon") -> Template:
    """A template of parts."""
    return Template.model_validate(
        {
            "template": name,
            "name": name.replace("-", " ").title(),
            "echelon": echelon,
            "symbol": "121100",
            "parts": list(parts),
            "provenance": {"assumed": "test"},
        }
    )


TEMPLATES = [
    template("rifle", {"platform": "bmp-2", "count": 3}, {"platform": "rifle-squad", "count": 3}),
    template("tanks", {"platform": "t-80", "count": 3}),
    template(
        "company",
        {"platform": "command-carrier"},
        {"template": "rifle", "count": 3},
        {"template": "tanks"},
        {"platform": "staff-section", "persons": 4},
        echelon="company",
    ),
    template(
        "support", {"platform": "truck-ural", "count": 3}, {"platform": "support-team", "count": 6}
    ),
    template("crew-pool", {"platform": "ground-crew", "count": 2}),
]


def count(force: Force, kind: str, *, counted: bool = True) -> int:
    """Number of entities of a kind."""
    rows = force.kind == CODE[kind]
    return int((rows & force.counted).sum() if counted else rows.sum())


def count_in(force: Force, unit: str, kind: str) -> int:
    """Number of entities of a kind in the subtree of a unit."""
    row = force.units.id.index(unit)
    inside = slice(force.units.first[row], force.units.last[row])
    return int((force.kind[inside] == CODE[kind]).sum())


def check_sound(force: Force, crews: Any) -> None:
    """What must hold of every force.

    Everybody has a station of the own line, places are unique and within what the station holds,
    the tree is a tree and its rows contiguous.
    """
    n, units = force.kind.size, force.units
    assert len(set(force.name)) == n
    assert np.unique(force.key).size == n
    person, team = force.kind == CODE["person"], force.kind == CODE["team"]
    assert (force.station[person] >= 0).all()
    assert (force.slot[person] >= 0).all()
    assert (force.station[~person & ~team] == -1).all()
    occupied: set[tuple[int, int]] = set()
    size = np.bincount(force.station[person], minlength=n)
    for row in np.flatnonzero(person):
        key = (int(force.station[row]), int(force.slot[row]))
        assert key not in occupied
        occupied.add(key)
    for row in np.flatnonzero(team & (force.station >= 0)):
        vehicle, first = int(force.station[row]), int(force.slot[row])
        kind = force.type[vehicle]
        for slot in range(first, first + size[row]):
            assert (vehicle, slot) not in occupied
            occupied.add((vehicle, slot))
            assert slot < crews.crew[kind] + crews.seats[kind]
    assert all(len(code) == 20 and code.isdigit() for code in (*force.sidc, *units.sidc))
    for row in range(len(units.id)):
        parent = units.parent[row]
        assert parent < row
        assert units.first[row] <= units.own_last[row] <= units.last[row]
        assert (force.unit[units.first[row] : units.own_last[row]] == row).all()
        if parent >= 0:
            assert units.first[parent] <= units.first[row]
            assert units.last[row] <= units.last[parent]
            assert units.last_unit[row] <= units.last_unit[parent]
