from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from effect_checks import apply_boardings, check_aboard, check_effects
from small_world import LAT, LON, START, Small, build, copy_state

from startex.engine.effects import MODE_CODE
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems.boarding import BOARD_MS, vehicles_for
from startex.engine.systems.ground_register import GROUND_SYSTEMS
from startex.geography.geodesy import inverse

T = START + 1000


def run(small: Small, kind: str, rows, resources=None, t=T, **params):  # type: ignore[no-untyped-def]
    order = small.order(kind, rows, **params)
    return GROUND_SYSTEMS[kind].start(
        order, t, small.world, small.state, resources or Resources()
    )  # fmt: skip


def test_mount_walks_to_the_own_vehicle_and_boards(afoot: Small) -> None:
    effects = run(afoot, "mount", afoot.of("company"))
    check_effects(afoot, effects, T)
    after = apply_boardings(afoot.state, effects)
    check_aboard(afoot, after)
    for i in range(4):
        squad, apc = afoot.rows[f"squad {i}"], afoot.rows[f"apc {i}"]
        assert after.carrier[squad] == apc
        assert after.slot[squad] == 3  # behind the crew of three
    assert after.carrier[afoot.rows["foot 0"]] == -1
    # 30 m at 1.1 m/s, then a minute to be seated
    assert effects.boardings[0].t.max() - T == pytest.approx(30 / 1.1 * 1000 + BOARD_MS, abs=20)
    assert effects.end_ms == effects.boardings[0].t.max()


def test_mounting_twice_is_nothing(small: Small) -> None:
    effects = run(small, "mount", small.of("company"))
    assert effects.end_ms == T
    assert not effects.boardings


def test_dismount_starts_where_the_vehicle_is(small: Small) -> None:
    effects = run(small, "dismount", small.of("company"))
    check_effects(small, effects, T)
    legs = effects.legs[0]
    carriers = small.state.carrier[legs.entity]
    assert np.array_equal(legs.lat0, small.state.lat[carriers])
    assert np.array_equal(legs.lon0, small.state.lon[carriers])
    assert set(legs.mode.tolist()) == {MODE_CODE["foot"]}
    after = apply_boardings(small.state, effects)
    check_aboard(small, after)
    assert np.all(after.carrier[effects.rows] == -1)
    away = inverse(effects.lat, effects.lon, legs.lat0, legs.lon0)[1]
    assert np.all((away > 15) & (away < 40))


def test_dismount_and_mount_again_restore_who_is_where(small: Small) -> None:
    out = apply_boardings(small.state, run(small, "dismount", small.of("company")))
    back = run(replace(small, state=out), "mount", small.of("company"))
    after = apply_boardings(out, back)
    assert np.array_equal(after.carrier, small.state.carrier)
    assert np.array_equal(after.slot, small.state.slot)


def test_too_few_seats_are_told_with_the_numbers() -> None:
    small = build(squad=9).dismounted()  # nine persons, eight seats
    with pytest.raises(
        OrderRefusedError, match="36 persons in 4 teams find no seat: 36 persons for 32 free seats"
    ):
        run(small, "mount", small.of("company"))


def test_far_teams_stay_and_an_event_says_so(afoot: Small) -> None:
    state = copy_state(afoot.state)
    state.lat[afoot.rows["squad 1"]] += 0.3  # 33 km
    effects = run(replace(afoot, state=state), "mount", afoot.of("company"))
    assert afoot.rows["squad 1"] not in effects.boardings[0].rows
    assert effects.boardings[0].rows.size == 3
    (event,) = [e for e in effects.events if e.kind == "not_mounted"]
    assert event.data["persons"] == 7
    assert "farther than 15 km" in event.text


def test_a_busy_vehicle_is_waited_for(afoot: Small) -> None:
    state = copy_state(afoot.state)
    state.order[afoot.rows["apc 0"]] = 17
    state.free_ms[afoot.rows["apc 0"]] = T + 5000
    with pytest.raises(OrderRefusedError) as refused:
        run(replace(afoot, state=state), "mount", afoot.of("company"))
    assert refused.value.retry_ms == T + 5000


def test_nobody_dismounts_from_a_vehicle_on_a_train(small: Small) -> None:
    state = copy_state(small.state)
    state.carrier[small.rows["apc 0"]] = small.rows["train 0"]
    with pytest.raises(OrderRefusedError, match="1 of 4 teams are in vehicles that are aboard"):
        run(replace(small, state=state), "dismount", small.of("company"))


def test_lift_fills_free_seats_of_other_vehicles(small: Small) -> None:
    trucks = [small.rows["truck 0"], small.rows["truck 1"]]
    effects = run(small, "lift", [small.rows["foot 0"]], vehicles=trucks)
    check_effects(small, effects, T)
    after = apply_boardings(small.state, effects)
    check_aboard(small, after)
    assert after.carrier[small.rows["foot 0"]] == trucks[0]
    assert after.slot[small.rows["foot 0"]] == 1  # behind the driver


def test_lift_shares_teams_among_vehicles_and_tells_who_stays() -> None:
    small = build(foot_teams=5, trucks=2)  # fifty persons, forty seats
    teams = [small.rows[f"foot {i}"] for i in range(5)]
    trucks = [small.rows["truck 0"], small.rows["truck 1"]]
    resources = Resources()
    effects = run(small, "lift", teams, resources, vehicles=trucks)
    after = apply_boardings(small.state, effects)
    check_aboard(small, after)
    assert after.carrier[teams].tolist() == [trucks[0], trucks[0], trucks[1], trucks[1], -1]
    assert after.slot[teams[:4]].tolist() == [1, 11, 1, 11]
    (event,) = [e for e in effects.events if e.kind == "not_mounted"]
    assert event.text == "10 persons in 1 teams find no seat: 40 seats are free in 2 vehicles"
    # the same seats are not given twice within one instant
    with pytest.raises(OrderRefusedError, match="find no seat"):
        run(small, "lift", teams[4:], resources, vehicles=trucks)


def test_lift_takes_vehicles_that_are_near_and_waits_for_busy_ones(small: Small) -> None:
    trucks = [small.rows["truck 0"], small.rows["truck 1"]]
    state = copy_state(small.state)
    state.lat[trucks[0]] += 0.3  # 33 km
    effects = run(replace(small, state=state), "lift", [small.rows["foot 0"]], vehicles=trucks)
    assert effects.boardings[0].carriers.tolist() == [trucks[1]]
    state.order[trucks[1]], state.free_ms[trucks[1]] = 4, T + 9000
    with pytest.raises(OrderRefusedError, match="1 vehicles carry out another order") as refused:
        run(replace(small, state=state), "lift", [small.rows["foot 0"]], vehicles=trucks)
    assert refused.value.retry_ms == T + 9000


def test_vehicles_for_is_next_fit_with_whole_teams() -> None:
    into = vehicles_for(np.array([6, 6, 9, 30, 2, 3]), np.array([8, 20, 4]))
    assert into.tolist() == [0, 1, 1, -1, 1, 1]
    assert vehicles_for(np.array([5]), np.array([], dtype=np.int64)).tolist() == [-1]


def test_alight_walks_to_a_laager(small: Small) -> None:
    effects = run(small, "alight", small.of("company"), lat=LAT + 0.005, lon=LON)
    check_effects(small, effects, T)
    assert effects.rows.tolist() == [small.rows[f"squad {i}"] for i in range(4)]
    assert inverse(effects.lat, effects.lon, LAT + 0.005, LON)[1].max() < 60.0
    check_aboard(small, apply_boardings(small.state, effects))


def test_crews_take_over_stored_vehicles_and_hand_them_back(small: Small) -> None:
    vehicles = small.of("contingent", "vehicle")
    effects = run(small, "issue", vehicles)
    check_effects(small, effects, T)
    after = apply_boardings(small.state, effects)
    check_aboard(small, after)
    persons = small.of("contingent", "person")
    assert after.carrier[persons].tolist() == vehicles.tolist()
    assert after.slot[persons].tolist() == [0, 0]
    manned = replace(small, state=after)
    drive = run(manned, "assemble", vehicles, lat=LAT + 0.02, lon=LON)
    there = replace(small, state=apply_boardings(after, drive))
    back = run(there, "return_equipment", vehicles, t=drive.end_ms)
    check_effects(there, back, drive.end_ms)
    final = apply_boardings(there.state, back)
    check_aboard(small, final)
    assert np.array_equal(final.carrier[persons], small.state.carrier[persons])
    assert np.array_equal(final.slot[persons], small.state.slot[persons])
    teams = small.of("contingent", "team")
    assert final.carrier[teams].tolist() == [-1, -1]
    away = inverse(final.lat[teams], final.lon[teams], drive.lat, drive.lon)[1]
    assert np.allclose(away, 20.0, atol=0.1)


def test_no_crew_no_issue(small: Small) -> None:
    state = copy_state(small.state)
    state.lat[small.of("contingent", "team")] += 1.0
    with pytest.raises(OrderRefusedError, match="the crews of 2 of 2 vehicles are not within"):
        run(replace(small, state=state), "issue", small.of("contingent", "vehicle"))
    with pytest.raises(OrderRefusedError, match="none of 6 platforms is a vehicle from store"):
        run(small, "issue", small.of("company", "vehicle"))
    with pytest.raises(OrderRefusedError, match="none of 2 vehicles is issued"):
        run(small, "return_equipment", small.of("contingent", "vehicle"))


def test_crews_that_await_issue_are_no_passengers(small: Small) -> None:
    assert not run(small, "mount", small.of("contingent")).boardings
