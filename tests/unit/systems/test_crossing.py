from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from effect_checks import apply_boardings, check_aboard, check_effects
from small_world import RIVER, START, Small, build, copy_state

from startex.engine.effects import MODE_CODE
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems import kernels
from startex.engine.systems.crossing import CrossRiver
from startex.geography.geodesy import direct, inverse
from startex.models.crossing import bridge_clear_time_s, raft_clear_time_s, raft_round_trip_s

T = START + 1000
FAR = tuple(float(np.round(v, 7)) for v in direct(*RIVER, 180.0, 150.0))
BANKS = {"lat0": RIVER[0], "lon0": RIVER[1], "lat1": FAR[0], "lon1": FAR[1], "width_m": 150.0}


def run(small: Small, means: str, rows, bridging=None, resources=None, **params):  # type: ignore[no-untyped-def]
    bridging = small.of("engineers", "vehicle") if bridging is None else bridging
    order = small.order("cross_river", rows, means=means, bridging=bridging, **BANKS, **params)
    return CrossRiver().start(order, T, small.world, small.state, resources or Resources())


def at_the_bank(small: Small) -> Small:
    state = copy_state(small.state)
    rows = np.concatenate([small.of("company", "vehicle"), small.of("engineers", "vehicle")])
    state.lat[rows], state.lon[rows] = RIVER
    return replace(small, state=state)


def trucks(small: Small) -> list[int]:
    return [row for name, row in small.rows.items() if name.startswith("truck") and len(name) < 9]


def ended(effects) -> int:  # type: ignore[no-untyped-def]
    return next(e.t for e in effects.events if e.kind == "crossing_ended")


def test_ferrying_takes_the_time_of_the_model() -> None:
    small = at_the_bank(build(trucks=7, ferries=2))
    effects = run(small, "raft", trucks(small), load_ms=180_000, unload_ms=120_000)
    check_effects(small, effects, T)
    round_trip = float(raft_round_trip_s(150.0, 2.9, 180.0, 120.0))
    clear = float(raft_clear_time_s(7, 2, 1, round_trip))
    ferries = np.isin(effects.rows, small.of("engineers", "vehicle"))
    assert (effects.row_end_ms[ferries].max() - T) / 1000.0 == pytest.approx(clear, abs=1.0)
    started = next(e for e in effects.events if e.kind == "crossing_started")
    assert started.data["trips"] == 7
    assert started.data["rafts"] == 2


def test_who_is_ferried_stays_with_the_raft() -> None:
    small = at_the_bank(build(trucks=3, ferries=2))
    effects = run(small, "raft", trucks(small))
    after = apply_boardings(small.state, effects)
    check_aboard(small, after)
    assert np.array_equal(after.carrier, small.state.carrier)
    legs = effects.legs[0]
    onto, off = effects.boardings
    for i, row in enumerate(onto.rows.tolist()):
        raft = kernels.position_at(legs, [onto.carriers[i]], off.t[i])
        first = np.flatnonzero((legs.entity == row) & (legs.t0 >= off.t[i]))[0]
        assert np.allclose([legs.lat0[first], legs.lon0[first]], np.ravel(raft)[:2], atol=1e-7)
        assert np.allclose([legs.lat0[first], legs.lon0[first]], FAR, atol=1e-7)
    # one truck at a time on each ferry
    for ferry in np.unique(onto.carriers):
        mine = onto.carriers == ferry
        begin, end = np.sort(onto.t[mine]), np.sort(off.t[mine])
        assert np.all(begin[1:] >= end[:-1])


def test_amphibious_vehicles_swim_and_all_end_beyond_the_river(small: Small) -> None:
    effects = run(small, "raft", small.of("company", "vehicle"))
    check_effects(small, effects, T)
    legs = effects.legs[0]
    apcs = [small.rows[f"apc {i}"] for i in range(4)]
    afloat = legs.entity[legs.mode == MODE_CODE["raft"]]
    assert set(apcs) <= set(afloat.tolist())
    company = ~np.isin(effects.rows, small.of("engineers", "vehicle"))
    assert np.all(effects.lat[company] < FAR[0])
    speed = inverse(legs.lat0, legs.lon0, legs.lat1, legs.lon1)[1] / (legs.t1 - legs.t0) * 1000
    assert np.all(speed[np.isin(legs.entity, apcs) & (legs.mode == MODE_CODE["raft"])] <= 2.6001)


def test_only_swimmers_ford(small: Small) -> None:
    with pytest.raises(OrderRefusedError, match="2 vehicles of 6 cannot swim"):
        run(small, "ford", small.of("company", "vehicle"))
    apcs = small.of("company", "vehicle")[:4]
    effects = run(small, "ford", apcs)
    check_effects(small, effects, T)
    legs = effects.legs[0]
    enter = np.sort(legs.t0[legs.mode == MODE_CODE["raft"]])
    assert np.all(np.diff(enter) >= 30_000)


def links(small: Small) -> Small:
    """The engineers have pontoon links of 20 t, which do not swim by themselves."""
    catalogue = small.world.catalogue
    ferry = catalogue.rows["ferry"]
    water, load = catalogue.speed_water_m_s.copy(), catalogue.raft_capacity_kg.copy()
    water[ferry], load[ferry] = np.nan, 20e3
    world = replace(
        small.world, catalogue=replace(catalogue, speed_water_m_s=water, raft_capacity_kg=load)
    )
    return replace(small, world=world)


def test_bridge_is_built_then_crossed_at_its_rate() -> None:
    small = links(at_the_bank(build(apcs=20, trucks=10, ferries=23)))
    rows = small.of("company", "vehicle")
    effects = run(small, "bridge", rows, build_ms=5_400_000, rate_veh_h=200.0)
    check_effects(small, effects, T)
    clear = float(bridge_clear_time_s(30, 200.0 / 3600.0, 5400.0))
    legs = effects.legs[0]
    on_bridge = kernels.select(legs, legs.mode == MODE_CODE["road"])
    last = np.sort(on_bridge.t0)[-1]
    assert (last - T) / 1000.0 + 18.0 == pytest.approx(clear, abs=1.0)
    assert np.array_equal(apply_boardings(small.state, effects).carrier, small.state.carrier)


def test_a_bridge_needs_enough_links() -> None:
    small = links(at_the_bank(build(ferries=22)))
    with pytest.raises(OrderRefusedError, match="takes 23 pontoon links, 22 are there"):
        run(small, "bridge", small.of("company", "vehicle"))


def test_links_are_joined_to_rafts_that_carry_the_heaviest() -> None:
    small = links(at_the_bank(build(trucks=4, ferries=5)))
    catalogue = small.world.catalogue
    mass = catalogue.mass_kg.copy()
    mass[catalogue.rows["truck"]] = 35e3  # two links to a raft
    small = replace(small, world=replace(small.world, catalogue=replace(catalogue, mass_kg=mass)))
    effects = run(small, "raft", trucks(small))
    assert effects.events[0].data["rafts"] == 2
    assert effects.events[0].data["trips"] == 4


def test_without_rafts_nobody_is_ferried(small: Small) -> None:
    with pytest.raises(OrderRefusedError, match="2 vehicles must be ferried, the heaviest of 12"):
        run(small, "raft", trucks(small), bridging=np.empty(0, np.int32))
    with pytest.raises(ValueError, match="no means of crossing 'swim'"):
        run(small, "swim", trucks(small))


def test_rafts_work_for_one_unit_at_a_time(small: Small) -> None:
    resources = Resources()
    first = run(small, "raft", trucks(small)[:1], resources=resources)
    with pytest.raises(OrderRefusedError, match="still work elsewhere") as refused:
        run(small, "raft", trucks(small)[1:], resources=resources)
    assert refused.value.retry_ms == first.end_ms
