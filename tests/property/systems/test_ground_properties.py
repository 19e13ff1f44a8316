"""What holds for every ground order, whatever the unit and the parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from effect_checks import apply_boardings, check_aboard, check_effects
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_world import LAT, LON, RIVER, START, Small, build, copy_state

from startex.engine.effects import Effects, Legs
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems import hops, kernels
from startex.engine.systems.boarding import vehicles_for
from startex.engine.systems.ground_register import GROUND_SYSTEMS
from startex.engine.systems.halts import insert_halts
from startex.geography.geodesy import inverse

T = START + 60_000
SETTINGS = settings(max_examples=25, deadline=None)

units = st.builds(
    build,
    apcs=st.integers(1, 12),
    trucks=st.integers(0, 6),
    squad=st.integers(1, 8),
    foot_teams=st.integers(0, 3),
    ferries=st.integers(0, 3),
    trains=st.integers(1, 3),
    seed=st.integers(0, 2**32 - 1),
)
near = st.tuples(st.floats(-0.06, 0.06), st.floats(-0.06, 0.06))


def start(small: Small, kind: str, rows: Any, **params: Any) -> Effects:
    order = small.order(kind, rows, **params)
    return GROUND_SYSTEMS[kind].start(order, T, small.world, small.state, Resources())


def equal(one: Effects, other: Effects) -> bool:
    if one.end_ms != other.end_ms or one.events != other.events:
        return False
    pairs = [(one, other, ("rows", "row_end_ms", "lat", "lon"))]
    pairs += [(a, b, Legs.__slots__) for a, b in zip(one.legs, other.legs, strict=True)]
    pairs += [
        (a, b, ("rows", "carriers", "slots", "t"))
        for a, b in zip(one.boardings, other.boardings, strict=True)
    ]
    return all(np.array_equal(getattr(a, n), getattr(b, n)) for a, b, names in pairs for n in names)


@SETTINGS
@given(
    small=units,
    goal=near,
    formation=st.sampled_from(["laager", "line", "column", "wedge", "circle"]),
    heading=st.floats(0, 360),
    spacing=st.floats(5, 150),
    speed=st.floats(0.5, 30),
)
def test_deployments_keep_the_rules(small, goal, formation, heading, spacing, speed) -> None:  # type: ignore[no-untyped-def]
    rows = small.of("company")
    params = {
        "lat": LAT + goal[0], "lon": LON + goal[1], "formation": formation, "heading_deg": heading,
        "spacing_m": spacing, "speed_m_s": speed,
    }  # fmt: skip
    effects = start(small, "deploy", rows, **params)
    check_effects(small, effects, T)
    check_aboard(small, apply_boardings(small.state, effects))
    assert equal(effects, start(small, "deploy", rows[::-1], **params))


@SETTINGS
@given(
    small=units,
    goal=st.tuples(st.floats(-0.5, -0.1), st.floats(-0.3, 0.3)),
    speed=st.floats(2, 30),
    interval=st.floats(10, 200),
    unit=st.integers(1, 30),
    gap=st.integers(0, 600_000),
    every=st.integers(60_000, 7_200_000),
    halt=st.integers(1, 3_600_000),
)
def test_marches_keep_the_rules(small, goal, speed, interval, unit, gap, every, halt) -> None:  # type: ignore[no-untyped-def]
    rows = small.of("company", "vehicle", "team")
    params = {
        "lat": LAT + goal[0], "lon": LON + goal[1], "speed_m_s": speed, "interval_m": interval,
        "march_unit": unit, "gap_ms": gap, "halt_every_ms": every, "halt_ms": halt,
        "leave_dismounted": True,
    }  # fmt: skip
    effects = start(small, "march", rows, **params)
    check_effects(small, effects, T)
    assert equal(effects, start(small, "march", rows[::-1], **params))
    unhalted = start(small, "march", rows, **{**params, "halt_ms": 0})
    halts = effects.events[2].data["halts"]
    assert effects.end_ms - unhalted.end_ms == halts * halt


@SETTINGS
@given(small=units, seats=st.integers(1, 9), order=st.randoms())
def test_boarding_respects_seats_and_loses_nobody(small, seats, order) -> None:  # type: ignore[no-untyped-def]
    catalogue = small.world.catalogue
    of_type = catalogue.seats.copy()
    of_type[catalogue.rows["apc"]] = seats
    small = replace(small, world=replace(small.world, catalogue=replace(catalogue, seats=of_type)))
    afoot = small.dismounted()
    rows = afoot.of("company").tolist()
    order.shuffle(rows)
    try:
        effects = start(afoot, "mount", rows)
    except OrderRefusedError as refused:
        assert "find no seat" in str(refused)
        return
    check_effects(afoot, effects, T)
    after = apply_boardings(afoot.state, effects)
    check_aboard(afoot, after)
    persons = afoot.of("company", "person")
    assert np.array_equal(after.carrier[persons], afoot.state.carrier[persons])
    assert equal(effects, start(afoot, "mount", sorted(rows)))


@SETTINGS
@given(
    sizes=st.lists(st.integers(1, 15), max_size=30), room=st.lists(st.integers(0, 25), max_size=12)
)
def test_lifted_teams_fit(sizes, room) -> None:  # type: ignore[no-untyped-def]
    size, seats = np.array(sizes, dtype=np.int64), np.array(room, dtype=np.int64)
    into = vehicles_for(size, seats)
    found = into >= 0
    taken = np.bincount(into[found], weights=size[found], minlength=seats.size)
    assert np.all(taken <= seats)
    assert np.all(np.diff(into[found]) >= 0)


@SETTINGS
@given(
    small=units, load=st.integers(1000, 600_000), ramps=st.integers(1, 4), trips=st.integers(1, 5)
)
def test_rail_moves_everybody_once(small, load, ramps, trips) -> None:  # type: ignore[no-untyped-def]
    state = copy_state(small.state)
    rows = small.of("company", "vehicle", "team")
    station = small.place("station-west")
    state.lat[rows] += small.world.places.lat[station] - LAT + 0.01
    state.lon[rows] += small.world.places.lon[station] - LON
    small = replace(small, state=state)
    params = {
        "origin": station, "destination": small.place("station-east"), "ways": ("main", "south"),
        "load_ms": load, "ramps": ramps, "max_trips": trips,
    }  # fmt: skip
    effects = start(small, "rail", rows, **params)
    check_effects(small, effects, T)
    after = apply_boardings(state, effects)
    check_aboard(small, after)
    assert np.array_equal(after.carrier, state.carrier)
    loaded = [e.data["persons"] for e in effects.events if e.kind == "train_loaded"]
    assert sum(loaded) == small.of("company", "person").size
    assert equal(effects, start(small, "rail", rows[::-1], **params))


@SETTINGS
@given(small=units, width=st.floats(20, 800), bearing=st.floats(0, 360))
def test_crossings_keep_the_rules(small, width, bearing) -> None:  # type: ignore[no-untyped-def]
    from startex.geography.geodesy import direct

    assume(small.of("engineers", "vehicle").size)
    far = direct(*RIVER, bearing, width)
    rows = small.of("company", "vehicle", "team")
    params = {
        "means": "raft", "lat0": RIVER[0], "lon0": RIVER[1],
        "lat1": float(far[0]), "lon1": float(far[1]),
        "bridging": small.of("engineers", "vehicle"),
    }  # fmt: skip
    effects = start(small, "cross_river", rows, **params)
    check_effects(small, effects, T)
    after = apply_boardings(small.state, effects)
    check_aboard(small, after)
    assert np.array_equal(after.carrier, small.state.carrier)
    assert equal(effects, start(small, "cross_river", rows[::-1], **params))


@SETTINGS
@given(
    lat=st.floats(-80, 80),
    lon=st.floats(-180, 180),
    distance=st.floats(0.02, 200_000),
    bearing=st.floats(0, 360),
    speed=st.floats(0.5, 300),
)
def test_a_hop_is_the_geodesic(lat, lon, distance, bearing, speed) -> None:  # type: ignore[no-untyped-def]
    from startex.geography.geodesy import direct

    end = direct(lat, lon, bearing, distance)
    assume(abs(end[0]) < 85)
    legs = hops.hop([3], lat, lon, *end, t0=T, speed_m_s=speed, mode="air")
    azimuth, length = inverse(legs.lat0, legs.lon0, legs.lat1, legs.lon1)
    middle = direct(legs.lat0, legs.lon0, azimuth, length / 2)
    straight = (legs.lat0 + legs.lat1) / 2, (legs.lon0 + legs.lon1) / 2
    assert inverse(*middle, *straight)[1].max() < 1.0
    took = (legs.t1[-1] - legs.t0[0]) / 1000.0
    assert (
        distance / speed - 0.03 / speed <= took <= (distance + 0.03) / speed + 0.002 * legs.t0.size
    )
    assert np.array_equal(legs.t0[1:], legs.t1[:-1])


@SETTINGS
@given(
    speeds=st.lists(st.floats(1, 30), min_size=1, max_size=5),
    halts=st.lists(st.integers(0, 5_000_000), max_size=6, unique=True),
    lengths=st.integers(0, 900_000),
    t=st.integers(0, 20_000_000),
)
def test_halting_is_standing_still_and_nothing_else(speeds, halts, lengths, t) -> None:  # type: ignore[no-untyped-def]
    from startex.geography.geodesy import cut

    rows = np.arange(len(speeds))
    path = cut([44.0, 44.2, 44.1], [131.0, 131.3, 131.9])
    legs = kernels.along_path(rows, path, 0, speeds, "road")
    at = np.sort(np.array(halts, dtype=np.int64))
    halted = insert_halts(legs, at, lengths)
    real = t + lengths * int((at < t).sum())
    was, now = (kernels.position_at(x, rows, y) for x, y in ((legs, t), (halted, real)))
    # a halt may be taken up to a second early or late, to spare a sliver of a leg
    assert inverse(was[0], was[1], now[0], now[1])[1].max() <= 1.1 * max(speeds) + 0.05
    kept = kernels.truncate(halted, real)
    end = kernels.ends(kept, rows, (path.lat[0], path.lon[0]), 0)
    assert np.allclose(end[1:], now[:2], atol=2e-7)
