from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from effect_checks import check_effects
from small_world import LAT, LON, START, Small, build, copy_state

from startex.engine.effects import MODE_CODE
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems import kernels
from startex.engine.systems.march import Column, March, refuelling_ms
from startex.geography.geodesy import inverse

T = START + 1000
GOAL = {"lat": LAT - 0.35, "lon": LON + 0.25}  # 42 km


def run(small: Small, rows=None, **params):  # type: ignore[no-untyped-def]
    rows = small.of("company", "vehicle", "team") if rows is None else rows
    order = small.order("march", rows, **{**GOAL, "leave_dismounted": True, **params})
    return March().start(order, T, small.world, small.state, Resources())


def passing(effects, vertex: int) -> np.ndarray:  # type: ignore[no-untyped-def]
    """When each vehicle passes a vertex of the road, in order of row."""
    legs = effects.legs[0]
    road = kernels.select(legs, legs.mode == MODE_CODE["road"])
    order = np.lexsort((road.t0, road.entity))
    first = np.unique(road.entity[order], return_index=True)[1]
    return road.t0[order][first + vertex]


def test_head_to_tail_is_the_pass_time_of_the_model() -> None:
    small = build(apcs=50, trucks=13)
    effects = run(small, speed_m_s=8.0, interval_m=50.0, march_unit=20, gap_ms=120_000, halt_ms=0)
    check_effects(small, effects, T)
    for vertex in (0, 1):
        at = passing(effects, vertex)
        # 63 vehicles 50 m apart at 8 m/s, and three gaps between four march units
        pass_time_s = 63 * 50.0 / 8.0 + 3 * 120.0
        assert (at[-1] - at[0]) / 1000.0 + 50.0 / 8.0 == pytest.approx(pass_time_s, abs=1.0)
        assert np.all(np.diff(at) > 0)
    assert effects.events[0].data["pass_time_ms"] == pytest.approx(pass_time_s * 1000, abs=1000)


def test_everybody_follows_the_road_in_order_and_ends_in_the_laager(small: Small) -> None:
    effects = run(small)
    check_effects(small, effects, T)
    assert effects.rows.tolist() == small.of("company", "vehicle").tolist()
    assert inverse(effects.lat, effects.lon, GOAL["lat"], GOAL["lon"])[1].max() < 200.0
    kinds = [e.kind for e in effects.events]
    assert kinds[:3] == ["march_started", "head_arrived", "tail_arrived"]
    assert effects.events[0].t < effects.events[1].t < effects.events[2].t <= effects.end_ms


def test_the_slowest_type_sets_the_speed(small: Small) -> None:
    effects = run(small, speed_m_s=25.0)
    assert effects.events[0].data["speed_m_s"] == pytest.approx(70 / 3.6, abs=1e-3)


def test_the_whole_column_halts_together(small: Small) -> None:
    every, halt = 1_200_000, 600_000
    moving = run(small, speed_m_s=8.0, halt_ms=0)
    halted = run(small, speed_m_s=8.0, halt_every_ms=every, halt_ms=halt)
    check_effects(small, halted, T)
    head = moving.events[0].t
    n = 4  # the head takes 87 min: halts at 20, 40, 60, 80 min
    assert halted.events[2].data["halts"] == n
    assert halted.events[1].t - moving.events[1].t == n * halt
    legs = halted.legs[0]
    for k in range(n):
        begin = head + (k + 1) * every + k * halt
        inside = (legs.t0 < begin + halt - 2000) & (legs.t1 > begin + 2000)
        assert not inside.any()


def test_a_march_beyond_the_range_refuels(small: Small) -> None:
    far = {"lat": LAT - 0.2, "lon": LON + 0.2, "via": [(48.0, 135.0)]}  # over 900 km
    effects = run(small, **far, halt_ms=0, refuel_ms=3_600_000)
    length = effects.events[0].data["distance_m"]
    assert effects.events[2].data["halts"] == int(np.ceil(length / 540e3)) - 1 > 0
    assert refuelling_ms(540e3, 600e3, 10.0).size == 0
    assert refuelling_ms(540e3 + 1, 600e3, 10.0).tolist() == [54_000_000]


def test_teams_that_are_not_aboard_stop_the_march(small: Small, afoot: Small) -> None:
    with pytest.raises(OrderRefusedError, match="10 persons in 1 teams would be left behind"):
        run(small, leave_dismounted=False)
    vehicles = small.of("company", "vehicle")
    run(small, rows=vehicles, leave_dismounted=False)
    # squads on foot are missed even where the order names the vehicles alone
    with pytest.raises(OrderRefusedError, match="28 persons in 4 teams would be left behind"):
        run(afoot, rows=vehicles, leave_dismounted=False)
    left = [e for e in run(afoot).events if e.kind == "left_behind"]
    assert left[0].data["persons"] == 38


def test_a_unit_without_vehicles_marches_on_foot(small: Small) -> None:
    effects = run(small, rows=[small.rows["foot 0"]], leave_dismounted=False)
    check_effects(small, effects, T)
    assert set(effects.legs[0].mode.tolist()) == {MODE_CODE["foot"]}
    assert effects.events[0].data["speed_m_s"] == pytest.approx(1.4)


def test_vehicles_parked_out_of_order_still_pass_in_order(small: Small) -> None:
    state = copy_state(small.state)
    rows = small.of("company", "vehicle")
    state.lat[rows[2]] += 0.04  # 4.4 km off
    effects = run(replace(small, state=state), rows=rows)
    check_effects(replace(small, state=state), effects, T)
    assert np.all(np.diff(passing(effects, 0)) > 0)


def test_unmanned_vehicles_do_not_march(small: Small) -> None:
    with pytest.raises(OrderRefusedError, match="nothing can move"):
        run(small, rows=small.of("contingent", "vehicle"))


def test_column_spacing() -> None:
    column = Column(count=5, speed_m_s=10.0, interval_m=50.0, march_unit=2, gap_ms=60_000)
    assert column.passing_ms().tolist() == [0, 5000, 70_000, 75_000, 140_000]
    assert column.pass_time_ms() == 145_000
