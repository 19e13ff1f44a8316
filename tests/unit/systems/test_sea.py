from __future__ import annotations

import numpy as np
import pytest
from effect_checks import check_effects
from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_world import START, Small, build

from startex.engine.effects import MODE_CODE
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems.kernels import join, position_at
from startex.engine.systems.patrol import Patrol
from startex.engine.systems.sea import Sail
from startex.engine.systems.station import KeepStation
from startex.geography.geodesy import inverse

HOUR = 3_600_000


@pytest.fixture(scope="module")
def fleet() -> Small:
    return build(ships=6)


def start(small: Small, system, order, t: int = START):
    effects = system.start(order, t, small.world, small.state, Resources())
    check_effects(small, effects, t)
    return effects


def test_ships_sail_in_line_and_lie_apart(fleet: Small) -> None:
    ships = fleet.of("navy")
    effects = start(
        fleet,
        Sail(),
        fleet.order("sail", ships, lat=42.0, lon=132.5, place=fleet.place("sea"), spacing_m=500.0),
    )
    assert np.array_equal(np.sort(effects.rows), ships)
    _, apart = inverse(
        effects.lat[:, None], effects.lon[:, None], effects.lat[None], effects.lon[None]
    )
    assert apart[~np.eye(6, dtype=bool)].min() > 500.0
    assert not fleet.world.router.surface.is_land(effects.lat, effects.lon).any()
    legs = join(effects.legs)
    assert np.all(legs.mode == MODE_CODE["sea"])
    # halfway, all steam at the same speed, 500 m one behind the other
    lat, lon, _ = position_at(legs, ships, START + (effects.end_ms - START) // 2)
    _, gap = inverse(lat[:-1], lon[:-1], lat[1:], lon[1:])
    assert np.allclose(gap, 500.0, atol=5.0)
    kinds = [event.kind for event in effects.events]
    assert kinds == ["sailed", "arrived_by_sea"]
    assert effects.events[-1].t == effects.end_ms


def test_ordered_speed_is_kept_to_the_slowest_ship(fleet: Small) -> None:
    ships = fleet.of("navy")
    fast = start(fleet, Sail(), fleet.order("sail", ships, lat=42.0, lon=132.5, speed_m_s=50.0))
    slow = start(fleet, Sail(), fleet.order("sail", ships, lat=42.0, lon=132.5, speed_m_s=4.0))
    assert slow.end_ms - START > 2.0 * (fast.end_ms - START)


@pytest.mark.parametrize("formation", ["line_abreast", "screen", "column_pair"])
def test_formations_spread_out_on_open_water(fleet: Small, formation: str) -> None:
    ships = fleet.of("navy")
    effects = start(
        fleet,
        Sail(),
        fleet.order("sail", ships, lat=41.0, lon=133.5, formation=formation, spacing_m=1000.0),
    )
    legs = join(effects.legs)
    lat, lon, _ = position_at(legs, ships, START + (effects.end_ms - START) // 2)
    azimuth, distance = inverse(lat[0], lon[0], lat[1:], lon[1:])
    course, _ = inverse(lat[0], lon[0], 41.0, 133.5)
    right = distance * np.sin(np.radians(azimuth - course))
    assert np.abs(right).max() > 900.0
    assert distance.min() > 500.0


def test_unknown_formation_is_told(fleet: Small) -> None:
    with pytest.raises(ValueError, match="allowed: line_ahead"):
        start(fleet, Sail(), fleet.order("sail", [fleet.rows["ship 0"]], lat=42, lon=132.5,
                                         formation="heap"))  # fmt: skip


def test_passage_beyond_the_range_is_refused(fleet: Small) -> None:
    small = build(ships=1)
    types = small.world.catalogue
    types.range_m[types.rows["ship-landing"]] = 20_000.0
    order = small.order("sail", small.of("navy"), lat=42.0, lon=132.5)
    with pytest.raises(OrderRefusedError, match="farther than ship 0 can steam"):
        Sail().start(order, START, small.world, small.state, Resources())


def test_orders_to_what_is_no_ship_are_refused(fleet: Small) -> None:
    order = fleet.order("sail", [fleet.rows["apc 0"]], lat=42.0, lon=132.5)
    with pytest.raises(OrderRefusedError, match="no ship"):
        Sail().start(order, START, fleet.world, fleet.state, Resources())


@pytest.mark.parametrize("pattern", ["ladder", "racetrack", "barrier"])
def test_patrol_stays_in_its_area_until_relieved(fleet: Small, pattern: str) -> None:
    ships, area, end = fleet.of("navy")[:3], fleet.place("sea"), START + 40 * HOUR
    effects = start(
        fleet,
        Patrol(),
        fleet.order("patrol", ships, area=area, place=area, pattern=pattern, until_ms=end),
    )
    assert end - 1000 <= effects.row_end_ms.min() <= effects.row_end_ms.max() <= end
    legs = join(effects.legs)
    moments = START + 20 * HOUR + np.arange(0, 20 * HOUR, HOUR // 2)
    seen = []
    for t in moments:
        lat, lon, _ = position_at(legs, ships, int(t))
        assert fleet.world.places.contains(area, lat, lon).all()
        assert not fleet.world.router.surface.is_land(lat, lon).any()
        seen.append((lat, lon))
    # sectors do not overlap: ships of a patrol are never near each other
    for a in range(3):
        for b in range(a):
            _, apart = inverse(*(np.array([s[i][k] for s in seen]) for k in (a, b) for i in (0, 1)))
            assert apart.min() > 1000.0
    started, ended = effects.events
    assert started.kind == "patrol_started" and ended.kind == "patrol_ended"
    assert ended.data["nautical_miles"] > 100.0


def test_patrol_that_nobody_reaches_in_time_is_refused(fleet: Small) -> None:
    area = fleet.place("sea")
    order = fleet.order("patrol", fleet.of("navy"), area=area, until_ms=START + HOUR // 4)
    with pytest.raises(OrderRefusedError, match="before the patrol ends"):
        Patrol().start(order, START, fleet.world, fleet.state, Resources())


def test_patrol_on_land_is_refused(fleet: Small) -> None:
    order = fleet.order("patrol", fleet.of("navy"), area=fleet.place("range"), until_ms=END_LATE)
    with pytest.raises(OrderRefusedError, match="no room on water"):
        Patrol().start(order, START, fleet.world, fleet.state, Resources())


END_LATE = START + 400 * HOUR


def test_escorts_stand_round_the_convoy(fleet: Small) -> None:
    ships = fleet.of("navy")
    convoy, escorts = ships[:2], ships[2:]
    path = [(42.3, 132.5), (41.0, 133.0), (40.0, 134.5)]
    effects = start(
        fleet,
        KeepStation(),
        fleet.order("keep_station", ships, path=path, convoy=convoy, speed_m_s=6.0,
                    screen_m=3000.0),
    )  # fmt: skip
    formed, dissolved = effects.events
    assert dissolved.t == effects.end_ms
    assert effects.row_end_ms.max() - effects.row_end_ms.min() < 1000
    legs = join(effects.legs)
    for t in np.linspace(formed.t, dissolved.t, 30).astype(np.int64):
        lat, lon, _ = position_at(legs, ships, int(t))
        _, distance = inverse(lat[0], lon[0], lat, lon)
        assert distance.max() < 9000.0
        _, apart = inverse(lat[:, None], lon[:, None], lat[None], lon[None])
        assert apart[~np.eye(ships.size, dtype=bool)].min() > 300.0
    assert escorts.size == 4


def test_a_company_that_steams_to_and_fro_never_meets_itself(fleet: Small) -> None:
    ships = fleet.of("navy")
    path = [(41.8, 133.0), (42.0, 133.0)] * 4
    effects = start(
        fleet,
        KeepStation(),
        fleet.order("keep_station", ships, path=path, formation="line_ahead", spacing_m=600.0),
    )
    legs = join(effects.legs)
    formed, dissolved = effects.events
    for t in np.linspace(formed.t, dissolved.t, 120).astype(np.int64):
        lat, lon, _ = position_at(legs, ships, int(t))
        _, apart = inverse(lat[:, None], lon[:, None], lat[None], lon[None])
        assert apart[~np.eye(ships.size, dtype=bool)].min() > 300.0


def test_ships_from_apart_meet_at_one_time(fleet: Small) -> None:
    small = build(ships=3)
    ships = small.of("navy")
    small.state.lat[ships] = [42.5, 41.0, 40.0]
    small.state.lon[ships] = [132.5, 134.5, 131.5]
    effects = start(
        small,
        KeepStation(),
        small.order("keep_station", ships, path=[(41.0, 132.5), (40.5, 133.5)],
                    formation="line_ahead", spacing_m=600.0),
    )  # fmt: skip
    met = effects.events[0].t
    legs = join(effects.legs)
    lat, lon, _ = position_at(legs, ships, met)
    _, gap = inverse(lat[:-1], lon[:-1], lat[1:], lon[1:])
    assert np.allclose(gap, 600.0, atol=15.0)
    # the one that has the longest way leaves at once
    assert legs.t0.min() == START


def test_replenishment_brings_each_receiver_alongside(fleet: Small) -> None:
    ships = fleet.of("navy")[:4]
    tanker, receivers = int(ships[0]), ships[1:]
    effects = start(
        fleet,
        KeepStation(),
        fleet.order("keep_station", ships, path=[(41.5, 133.0), (41.0, 134.0)], speed_m_s=5.0,
                    replenish={"tanker": tanker, "transfer_ms": HOUR}),
    )  # fmt: skip
    legs = join(effects.legs)
    begun = [e for e in effects.events if e.kind == "replenishment_started"]
    assert sorted(e.actor for e in begun) == receivers.tolist()
    for event in begun:
        for t in np.linspace(event.t, event.t + HOUR, 7).astype(np.int64):
            lat, lon, _ = position_at(legs, np.array([tanker, event.actor]), int(t))
            azimuth, distance = inverse(lat[0], lon[0], lat[1], lon[1])
            assert 60.0 < distance < 80.0  # 55 m between the sides of ships 15 m wide
            course, _ = inverse(
                *position_at(legs, np.array([tanker]), int(t))[:2],
                *position_at(legs, np.array([tanker]), int(t) + 60_000)[:2],
            )
            assert abs(abs((azimuth - course[0] + 180.0) % 360.0 - 180.0) - 90.0) < 3.0


def test_replenishment_needs_a_tanker(fleet: Small) -> None:
    ships = fleet.of("navy")[:2]
    order = fleet.order("keep_station", ships, replenish={"tanker": 0})
    with pytest.raises(OrderRefusedError, match="needs the tanker"):
        KeepStation().start(order, START, fleet.world, fleet.state, Resources())


@settings(max_examples=40, deadline=None)
@example(6, "line_abreast", 2.0, [(39.0, 137.0), (38.0, 132.0)])
@example(6, "line_abreast", 2.0, [(39.0, 135.0), (39.0, 132.0), (39.0, 135.0)])
@example(6, "line_abreast", 2.0, [(39.0, 132.0), (38.0, 132.0), (39.0, 132.0)])
@example(6, "screen", 9.0, [(41.0, 132.0), (41.0, 137.0), (41.0, 132.0)])
@given(
    st.integers(1, 6),
    st.sampled_from(["line_ahead", "line_abreast", "screen", "column_pair"]),
    st.floats(2.0, 20.0),
    st.lists(st.tuples(st.floats(38.0, 42.0), st.floats(132.0, 137.0)), min_size=1, max_size=3),
)
def test_any_passage_keeps_the_rules_of_legs(count, formation, speed, points) -> None:
    small = FLEET
    ships = small.of("navy")[:count]
    *via, (lat, lon) = points
    order = small.order("sail", ships, lat=lat, lon=lon, via=via, formation=formation,
                        speed_m_s=speed)  # fmt: skip
    effects = start(small, Sail(), order)
    assert np.array_equal(np.sort(effects.rows), ships)


FLEET = build(ships=6)
