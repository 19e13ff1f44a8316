"""Supply of Vostok-2022 whole, from the legs of a finished run. The longer level."""

from __future__ import annotations

import numpy as np
import pytest

import startex
from startex.assemble.build import build
from startex.assemble.supply_tables import supply_tables
from startex.engine.effects import MODES
from startex.engine.state import STATUSES, State, new_state
from startex.engine.supply.component import Supply
from startex.engine.supply.items import FUEL, RATION_G, RATIONS, TRAINS
from startex.engine.supply.plan import Plan
from startex.engine.supply.reach import Depots
from startex.foundation.clock import MS_PER_DAY
from startex.recording import tables

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

LEGS = "entity, t0, t1, lat0, lon0, alt0, lat1, lon1, alt1"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> startex.Run:
    out = tmp_path_factory.mktemp("vostok") / "official"
    return startex.simulate(startex.load("vostok-2022"), out=out, seed=0, threads=2)


def _columns(run: startex.Run, query: str, words: dict[str, tuple[str, ...]]) -> dict:
    table = run.sql(query)
    found = {}
    for name in table.column_names:
        if name in words:
            codes = {word: code for code, word in enumerate(words[name])}
            found[name] = np.array([codes[w] for w in table[name].to_pylist()], dtype=np.int8)
        else:
            found[name] = table[name].to_numpy()
    return found


def _state(run: startex.Run, force, t: int) -> State:
    where = run.positions(at=t)
    found = new_state(force, run.manifest.header.sim_start)
    rows = where["entity"].to_numpy()
    for name in ("lat", "lon"):
        getattr(found, name)[rows] = where[name].to_numpy()
    found.carrier[rows] = where["aboard"].fill_null(-1).to_numpy()
    return found


def test_the_whole_exercise_is_fed_fuelled_and_accounted_for(run) -> None:
    scenario = startex.load("vostok-2022")
    world = build(scenario, "official", 0).world
    force = world.force
    supply = Supply(
        force, world.catalogue, scenario.armament,
        Depots.of_places(world.places, force.units.home), 0, world.start_ms,
        Plan(utc_offset_h=scenario.utc_offset_h),
    )  # fmt: skip
    parts: dict[str, list] = {}
    begin, hours, eaten = world.start_ms, 0, 0
    everybody = int((force.kind == 0).sum())
    while begin < world.end_ms:
        end = min(begin + MS_PER_DAY, world.end_ms)
        legs = _columns(
            run, f"select {LEGS}, mode from legs where t1 > {begin} and t0 < {end}", {"mode": MODES}
        )
        after = begin - 1 if begin == world.start_ms else begin
        statuses = _columns(
            run, f"select * from statuses where t > {after} and t <= {end}", {"status": STATUSES}
        )
        day = supply.day(end, legs, _state(run, force, end), statuses)
        assert (supply.ledger.imbalance() == 0).all()
        assert (supply.ledger.on_hand >= 0).all()
        hours += "supply" in day.tables
        for name, table in supply_tables(day.tables, supply.network.items).items():
            parts.setdefault(name, []).append(tables.conform(name, table))
        eaten = int(supply.ledger.used[RATIONS])
        begin = end
    supply.close()
    assert (supply.ledger.imbalance() == 0).all()
    # everybody eats every day, ashore, afloat and on trains
    assert hours == 19
    assert eaten == hours * everybody * RATION_G
    # fuel of road marches, from the store alone: litres a kilometre of each type, leg by leg
    road = _columns(run, f"select {LEGS}, mode from legs where mode = 'road'", {"mode": MODES})
    again = Supply(force, world.catalogue, scenario.armament, Depots.of([], []), 0, world.start_ms)
    burnt = again.burn(road, world.start_ms, world.end_ms)
    km = again.way_mm / 1e6
    types = world.catalogue
    per_km = np.append(types.fuel_l / types.range_m * 1e3, np.nan)[force.type]
    moved = km > 0
    assert moved.sum() > 4_000
    assert np.allclose(burnt[moved] / 1e3, (km * per_km)[moved], rtol=1e-4, atol=0.5)
    assert burnt.sum() < supply.ledger.used[FUEL]
    # trains were used, nobody's trains hold more than they carry
    assert (supply.ledger.on_hand[TRAINS] <= supply.network.trains).all()
    given = [
        row["issued"]
        for part in parts["supply"]
        for row in part.select(["holding", "issued"]).to_pylist()
        if row["holding"] == "trains"
    ]
    assert sum(given) > 0
    mishaps = sum(part.num_rows for part in parts["mishaps"])
    assert 1_000 < mishaps < 2_000
