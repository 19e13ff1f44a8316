from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from effect_checks import apply_boardings, check_effects
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import START, Small, build, copy_state

from startex.engine.effects import MODE_CODE
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems.air import FerryFlight, Sortie
from startex.engine.systems.flights import RUNWAY_MS, Performance, fly, route
from startex.engine.systems.kernels import join, position_at
from startex.geography.geodesy import cut, inverse
from startex.geography.places import Place, Places

HOUR = 3_600_000
TYPE = "aircraft-transport"


@pytest.fixture(scope="module")
def wing() -> Small:
    small = build(aircraft=4)
    for i in range(4):
        row = small.rows[f"aircraft {i}"]
        small.state.lat[row] = 44.33 + 0.001 * i
    return small


def start(small: Small, system, order, t: int = START, resources: Resources | None = None):
    effects = system.start(order, t, small.world, small.state, resources or Resources())
    check_effects(small, effects, t)
    check_flight(small, effects)
    return effects


def check_flight(small: Small, effects) -> None:
    legs = join(effects.legs)
    types = small.world.catalogue
    row = types.rows[TYPE]
    air = legs.mode == MODE_CODE["air"]
    assert legs.alt1.max() <= types.ceiling_m[row]
    rate = (legs.alt1 - legs.alt0)[air] / ((legs.t1 - legs.t0)[air] / 1000.0)
    assert rate.max() <= types.climb_m_s[row] * 1.01
    assert rate.min() >= -types.descent_m_s[row] * 1.01
    same = legs.entity[1:] == legs.entity[:-1]
    assert np.array_equal(legs.alt0[1:][same], legs.alt1[:-1][same])
    first = np.append(True, ~same) & air
    assert np.all(legs.alt0[first] == 0.0)
    last = np.append(~same, True) & air
    assert np.all(legs.alt1[last] == 0.0)


def test_sortie_climbs_stays_on_station_and_returns(wing: Small) -> None:
    rows = wing.of("air")
    point = (42.0, 135.0)
    effects = start(
        wing,
        Sortie(),
        wing.order("sortie", rows, points=[point], on_station_ms=HOUR, altitude_m=7000.0),
    )
    assert np.array_equal(np.sort(effects.rows), rows)
    assert np.allclose(effects.lat, wing.state.lat[effects.rows])
    legs = join(effects.legs)
    assert legs.alt1.max() == 7000.0
    events = {event.kind: event for event in effects.events}
    assert list(events) == ["took_off", "on_station", "off_station", "landed"]
    t = np.linspace(events["on_station"].t, events["off_station"].t, 20).astype(np.int64)
    for moment in t:
        lat, lon, alt = position_at(legs, rows[:1], int(moment))
        _, away = inverse(lat, lon, *point)
        assert away[0] < 60_000.0
        assert alt[0] == 7000.0
    for end in (t[0], t[-1]):
        lat, lon, _ = position_at(legs, rows[:1], int(end))
        assert inverse(lat, lon, *point)[1][0] < 1_000.0


def test_take_offs_are_a_runway_slot_apart_across_orders(wing: Small) -> None:
    resources = Resources()
    rows = wing.of("air")
    taken = []
    for number, row in enumerate(rows):
        order = wing.order("sortie", [row], number, points=[(43.5, 134.0)])
        legs = join(start(wing, Sortie(), order, resources=resources).legs)
        taken.append(int(legs.t0.min()))
    assert np.diff(np.sort(taken)).min() >= RUNWAY_MS


def test_a_flight_booked_for_later_does_not_close_the_runway(wing: Small) -> None:
    resources = Resources()
    rows = wing.of("air")
    late = wing.order("sortie", rows[:2], 0, points=[(43.5, 134.0)], stagger_ms=3 * HOUR)
    start(wing, Sortie(), late, resources=resources)
    soon = wing.order("sortie", rows[2:3], 1, points=[(43.5, 134.0)])
    legs = join(start(wing, Sortie(), soon, resources=resources).legs)
    assert legs.t0.min() < START + HOUR // 6


def test_out_of_range_is_refused_and_nothing_is_booked(wing: Small) -> None:
    resources = Resources()
    order = wing.order("sortie", wing.of("air"), points=[(20.0, 160.0)], on_station_ms=HOUR)
    with pytest.raises(OrderRefusedError, match="beyond the range"):
        Sortie().start(order, START, wing.world, wing.state, resources)
    assert not resources._free_ms


def test_time_on_station_counts_against_the_range(wing: Small) -> None:
    rows = wing.of("air")[:1]
    near = {"points": [(44.0, 134.0)]}
    start(wing, Sortie(), wing.order("sortie", rows, **near, on_station_ms=4 * HOUR))
    with pytest.raises(OrderRefusedError, match="beyond the range"):
        start(wing, Sortie(), wing.order("sortie", rows, **near, on_station_ms=5 * HOUR))


def test_altitude_above_the_ceiling_is_refused(wing: Small) -> None:
    order = wing.order("sortie", wing.of("air"), points=[(43.0, 134.0)], altitude_m=15_000.0)
    with pytest.raises(OrderRefusedError, match="above the ceiling"):
        Sortie().start(order, START, wing.world, wing.state, Resources())


def test_recovery_at_another_airfield(wing: Small) -> None:
    field = wing.place("airfield-west")
    order = wing.order("sortie", wing.of("air"), points=[(43.0, 134.0)], recover=field)
    effects = start(wing, Sortie(), order)
    assert wing.world.places.contains(field, effects.lat, effects.lon).all()
    _, apart = inverse(effects.lat[:, None], effects.lon[:, None], effects.lat, effects.lon)
    assert apart[~np.eye(4, dtype=bool)].min() > 40.0


def test_short_hop_does_not_reach_cruise_altitude() -> None:
    able = Performance(200.0, 8.0, 8.0, 8000.0, 1e6)
    track = fly(cut([44.0, 44.2], [132.0, 132.2]), START, able)
    assert 300.0 < track.alt.max() < 8000.0
    assert track.alt[0] == track.alt[-1] == 0.0


def test_flight_descends_to_a_height_on_the_way() -> None:
    able = Performance(200.0, 8.0, 8.0, 3000.0, 1e7)
    path = cut([44.0, 44.0], [132.0, 140.0])
    track = fly(path, START, able, heights=[(300_000.0, 600.0)])
    lon = np.interp(300_000.0, path.s, path.lon)
    assert track.alt[np.argmin(np.abs(track.lon - lon))] == 600.0
    assert track.alt.max() == 3000.0


def deck(small: Small):
    """A copy of the state with aircraft 0 on the deck of ship 0."""
    state = copy_state(small.state)
    state.carrier[small.rows["aircraft 0"]] = small.rows["ship 0"]
    state.slot[small.rows["aircraft 0"]] = 40
    return Small(small.world, state, small.rows)


def test_aircraft_returns_to_its_deck_and_the_ship_waits() -> None:
    small = deck(build())
    row, ship = small.rows["aircraft 0"], small.rows["ship 0"]
    effects = start(small, Sortie(), small.order("sortie", [row], points=[(42.0, 133.0)]))
    legs = join(effects.legs)
    assert legs.lat0[0] == small.state.lat[ship]
    assert legs.lat1[-1] == small.state.lat[ship] and legs.lon1[-1] == small.state.lon[ship]
    after = apply_boardings(small.state, effects)
    assert after.carrier[row] == ship and after.slot[row] == 40
    assert ship in effects.rows
    assert after.free_ms[ship] == legs.t1[-1]
    persons = np.flatnonzero(small.world.force.kind == 0)
    assert np.array_equal(after.carrier[persons], small.state.carrier[persons])


def test_aircraft_of_a_ship_under_way_wait() -> None:
    small = deck(build())
    small.state.order[small.rows["ship 0"]] = 9
    small.state.free_ms[small.rows["ship 0"]] = START + HOUR
    order = small.order("sortie", [small.rows["aircraft 0"]], points=[(42.0, 133.0)])
    with pytest.raises(OrderRefusedError, match="under way") as refusal:
        Sortie().start(order, START, small.world, small.state, Resources())
    assert refusal.value.retry_ms == START + HOUR


def test_others_fly_while_a_deck_is_under_way() -> None:
    small = deck(build(aircraft=2))
    small.state.order[small.rows["ship 0"]] = 9
    effects = start(small, Sortie(), small.order("sortie", small.of("air"), points=[(42.0, 133.0)]))
    assert effects.rows.tolist() == [small.rows["aircraft 1"]]
    assert effects.events[0].data == {"sorties": 1, "stayed_aboard": 1}


def test_the_same_order_gives_the_same_flight(wing: Small) -> None:
    order = wing.order("sortie", wing.of("air"), points=[(42.0, 135.0)], on_station_ms=HOUR)
    one, two = (join(start(wing, Sortie(), order).legs) for _ in range(2))
    for name in ("entity", "t0", "t1", "lat0", "lon0", "alt0", "lat1", "lon1", "alt1", "mode"):
        assert np.array_equal(getattr(one, name), getattr(two, name))


def test_ferry_flight_ends_parked_at_the_destination(wing: Small) -> None:
    goal = wing.place("airfield-west")
    order = wing.order("ferry_flight", wing.of("air"), destination=goal)
    effects = start(wing, FerryFlight(), order)
    assert wing.world.places.contains(goal, effects.lat, effects.lon).all()


def fields_in_a_row(*lon: float) -> Places:
    return Places(
        [
            Place(f"field-{i}", f"field-{i}", "airfield", 50.0, x, 3e3, 0.0, 10.0, assumed="test")
            for i, x in enumerate(lon)
        ]
    )


def test_a_long_ferry_stops_to_refuel(wing: Small) -> None:
    lon = (100.0, 118.0, 135.0, 160.0)
    world = replace(wing.world, places=fields_in_a_row(*lon))
    state = copy_state(wing.state)
    rows = wing.of("air")[:2]
    state.lat[rows], state.lon[rows] = 50.0, lon[0]
    small = Small(world, state, wing.rows)
    types = world.catalogue
    reach = types.range_m[types.rows[TYPE]] * 0.9
    effects = start(small, FerryFlight(), small.order("ferry_flight", rows, destination=3))
    legs = join(effects.legs)
    own = legs.entity == rows[0]
    t0, t1 = legs.t0[own], legs.t1[own]
    waits = np.flatnonzero(t0[1:] > t1[:-1])
    assert waits.size == 1  # one stop makes 4,300 km two hops
    assert legs.alt1[own][waits[0]] == 0.0
    hops = np.split(inverse(legs.lat0[own], legs.lon0[own], legs.lat1[own], legs.lon1[own])[1],
                    waits + 1)  # fmt: skip
    assert all(hop.sum() <= reach for hop in hops)
    assert inverse(effects.lat, effects.lon, 50.0, 160.0)[1].max() < 3e3


def test_no_airfield_between_is_refused(wing: Small) -> None:
    world = replace(wing.world, places=fields_in_a_row(100.0, 160.0))
    with pytest.raises(OrderRefusedError, match="no airfields lie suitably"):
        route(world, (50.0, 100.0), (50.0, 160.0), [], 3.6e6)


def test_stops_that_are_named_are_used(wing: Small) -> None:
    world = replace(wing.world, places=fields_in_a_row(100.0, 120.0, 130.0, 160.0))
    hops = route(world, (50.0, 100.0), (50.0, 160.0), [2], 3.6e6)
    assert [hop[-1] for hop in hops] == [(50.0, 130.0), (50.0, 160.0)]
    over = route(world, (50.0, 100.0), (50.0, 120.0), [(52.0, 110.0)], 3.6e6)
    assert over == [[(50.0, 100.0), (52.0, 110.0), (50.0, 120.0)]]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(42.0, 46.0), st.floats(130.0, 137.0)), min_size=1, max_size=3),
    st.integers(0, 2 * HOUR),
    st.floats(200.0, 11_000.0),
    st.floats(80.0, 400.0),
)
def test_any_sortie_keeps_the_rules_of_legs(points, on_station, altitude, speed) -> None:
    small = WING
    order = small.order("sortie", small.of("air"), points=points, on_station_ms=on_station,
                        altitude_m=altitude, speed_m_s=speed)  # fmt: skip
    effects = start(small, Sortie(), order)
    assert np.allclose(effects.lat, small.state.lat[effects.rows], atol=1e-7)


WING = build(aircraft=2)
