"""The order of battle of Vostok-2022 against what was reported."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import startex
from startex.forces.catalogue import Catalogue, load_catalogue
from startex.forces.definitions import KINDS, Template, UnitLine
from startex.forces.force import Force
from startex.forces.orbat import expand, load_templates
from startex.foundation.validate import validate_each
from startex.foundation.yamlfile import read_yaml
from startex.sources.load import load_dossier

FOLDER = Path(startex.__file__).parent / "scenarios" / "vostok-2022"
COUNTED = ("person", "vehicle", "aircraft", "ship")

BY_NATION = {  # persons, ground vehicles, aircraft, ships: as the record gives them
    "RUS": (47_100, 4_300, 119, 57),
    "CHN": (2_000, 300, 21, 3),
    "BLR": (250, 40, 0, 0),
    "DZA": (100, 16, 0, 0),
    "IND": (75, 12, 0, 0),
    "ARM": (60, 14, 0, 0),
    "AZE": (60, 14, 0, 0),
    "KGZ": (80, 22, 0, 0),
    "MNG": (150, 50, 0, 0),
    "TJK": (80, 32, 0, 0),
    "KAZ": (15, 0, 0, 0),
    "LAO": (10, 0, 0, 0),
    "NIC": (10, 0, 0, 0),
    "SYR": (10, 0, 0, 0),
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def force_under(policy: str, catalogue: Catalogue) -> Force:
    lines, wrong = validate_each(UnitLine, read_yaml(FOLDER / "units.yaml"))
    own, also_wrong = validate_each(Template, read_yaml(FOLDER / "templates.yaml"))
    assert not wrong + also_wrong
    figures = load_dossier(FOLDER).resolve(policy)
    numbers = {name: f.value for name, f in figures.items() if not isinstance(f.value, str)}
    return expand(lines, load_templates(own), catalogue, numbers)


@pytest.fixture(scope="module")
def official(catalogue: Catalogue) -> Force:
    return force_under("official", catalogue)


def totals(force: Force, nation: str) -> tuple[int, ...]:
    here = np.array(force.units.nation)[force.unit] == nation
    return tuple(
        int((here & force.counted & (force.kind == KINDS.index(kind))).sum()) for kind in COUNTED
    )


def test_every_nation_has_what_was_reported(official: Force) -> None:
    nations = set(official.units.nation)
    assert nations == set(BY_NATION)
    assert {nation: totals(official, nation) for nation in BY_NATION} == BY_NATION
    assert np.sum(list(BY_NATION.values()), axis=0).tolist() == [50_000, 4_800, 140, 60]


def test_sceptical_shrinks_the_notional_ground_forces_alone(catalogue: Catalogue) -> None:
    force = force_under("sceptical", catalogue)
    persons, ground, aircraft, ships = totals(force, "RUS")
    assert persons == 15_000 - 2_900
    assert (aircraft, ships) == (119, 57)
    assert 400 < ground < 4_300 * 12_100 / 47_100
    for nation in BY_NATION.keys() - {"RUS"}:
        assert totals(force, nation) == BY_NATION[nation]
    drill = force.units.id.index("rus-68ac-drill")
    inside = slice(force.units.first[drill], force.units.last[drill])
    assert int((force.kind[inside] == 0).sum()) == 600  # a sourced count stays
    assert_all_ride(force)


def assert_all_ride(force: Force) -> None:
    """Teams ride nothing only in lines that have no vehicles (airfields, observers)."""
    line = np.array([unit.split(".")[0] for unit in force.units.id])[force.unit]
    mounted = set(line[force.kind == KINDS.index("vehicle")].tolist())
    bare = (force.kind == KINDS.index("team")) & (force.station < 0)
    assert not set(line[bare].tolist()) & mounted


def test_everybody_rides_where_the_line_has_vehicles(official: Force, catalogue: Catalogue) -> None:
    force = official
    person, team = force.kind == 0, force.kind == KINDS.index("team")
    assert (force.station[person] >= 0).all()
    assert_all_ride(force)
    # places unique, and no more than a vehicle holds
    size = np.bincount(force.station[person], minlength=force.kind.size)
    taken = np.bincount(force.station[person], minlength=force.kind.size)
    riding = np.flatnonzero(team & (force.station >= 0))
    np.add.at(taken, force.station[riding], size[riding])
    held = np.flatnonzero(np.isin(force.kind, [KINDS.index("vehicle"), KINDS.index("ship")]))
    room = catalogue.crew[force.type[held]] + catalogue.seats[force.type[held]]
    assert (taken[held] <= room).all()
    keys = force.station[person].astype(np.int64) * 10_000 + force.slot[person]
    assert np.unique(keys).size == keys.size


def test_the_named_ships_are_there_with_their_companies(official: Force) -> None:
    ships = [official.name[i] for i in np.flatnonzero(official.kind == KINDS.index("ship"))]
    named = [
        "Nanchang 101", "Yancheng 546", "Dongpinghu 960", "Marshal Shaposhnikov 543",
        "Gremyashchiy 337", "Sovershennyy 333", "Aldar Tsydenzhapov 339", "Gromkiy 335",
        "Marshal Krylov 331", "Metel 323", "MPK-221 354", "R-14 924", "R-18 937", "R-11 940",
        "R-19 978", "Pechenga", "Irtysh", "Sliva-class tug",
        "Large landing ship 1", "Large landing ship 2", "Large landing ship 3",
    ]  # fmt: skip
    assert set(named) <= set(ships)
    at = official.station.copy()
    riding = (at >= 0) & (official.kind[at] == KINDS.index("team"))
    at[riding] = at[at[riding]]  # staff aboard stand in a team that rides in the ship
    aboard = (official.kind == 0) & official.counted & (at >= 0)
    aboard &= official.kind[at] == KINDS.index("ship")
    nation = np.array(official.units.nation)[official.unit]
    crews = {n: int((aboard & (nation == n)).sum()) for n in ("RUS", "CHN")}
    assert crews == {"RUS": 4_100, "CHN": 600}


def test_visitors_await_their_vehicles(official: Force) -> None:
    stored = np.flatnonzero(official.stored)
    nations = {official.units.nation[official.unit[i]] for i in stored}
    assert nations == {"BLR", "DZA", "IND", "ARM", "AZE", "KGZ", "MNG", "TJK"}
    assert {official.owner_nation[i] for i in stored} == {"RUS"}
    assert stored.size == 200


def test_every_home_is_a_place_of_the_scenario(official: Force) -> None:
    document = read_yaml(FOLDER / "places.geojson")
    places = {f["properties"]["place"] for f in document.data["features"]}
    assert set(official.units.home) <= places
    assert set(official.stored_at) - {""} <= places


def test_every_unit_says_where_it_comes_from(official: Force) -> None:
    known = set(load_dossier(FOLDER).claims)
    for claim, assumed in zip(official.units.claim, official.units.assumed, strict=True):
        assert claim or assumed
        if claim:
            assert set(claim.split(",")) <= known


def test_expansion_takes_little_time(catalogue: Catalogue) -> None:
    force_under("official", catalogue)
    started = time.perf_counter()
    force = force_under("official", catalogue)
    assert time.perf_counter() - started < 20  # guards against quadratic work, not a benchmark
    assert force.kind.size > 55_000
