from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from effect_checks import apply_boardings, check_aboard, check_effects
from small_world import START, Small, build, copy_state

from startex.engine.effects import MODE_CODE
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems import kernels
from startex.engine.systems.rail import Rail
from startex.engine.systems.trains import fill
from startex.foundation.clock import LONG_AGO_MS
from startex.geography.geodesy import inverse
from startex.models.rail import load_in_order, trains_needed

T = START + 1000
RAIL = MODE_CODE["rail"]


def run(small: Small, rows=None, resources=None, t: int = T, **params):  # type: ignore[no-untyped-def]
    params = {
        "origin": small.place("station-west"),
        "destination": small.place("station-east"),
        "ways": ("main", "south"),
        **params,
    }
    rows = small.of("company", "vehicle", "team") if rows is None else rows
    order = small.order("rail", rows, **params)
    return Rail().start(order, t, small.world, small.state, resources or Resources())


def at_station(small: Small, name: str = "station-west") -> Small:
    """The company stands a kilometre from the station."""
    state = copy_state(small.state)
    rows = small.of("company", "vehicle", "team")
    state.lat[rows] = small.world.places.lat[small.place(name)] + 0.01
    state.lon[rows] = small.world.places.lon[small.place(name)]
    return replace(small, state=state)


@pytest.fixture
def there(small: Small) -> Small:
    return at_station(small)


def events(effects, kind: str):  # type: ignore[no-untyped-def]
    return [e for e in effects.events if e.kind == kind]


def test_everybody_comes_along_and_nobody_is_lost(there: Small) -> None:
    effects = run(there)
    check_effects(there, effects, T)
    after = apply_boardings(there.state, effects)
    check_aboard(there, after)
    assert np.array_equal(after.carrier, there.state.carrier)  # all alight again, teams stay in
    loaded = events(effects, "train_loaded")
    assert [e.data["vehicles"] for e in loaded] == [6]  # 54 m of 60 m of wagons
    assert loaded[0].data["persons"] == 4 * 3 + 2 + 4 * 7 + 10
    kinds = ["train_loaded", "train_departed", "train_arrived", "train_unloaded"]
    times = [events(effects, kind)[0].t for kind in kinds]
    assert times == sorted(times)
    goal = there.place("station-east")
    places = there.world.places
    where = np.isin(effects.rows, there.of("company"))
    away = inverse(effects.lat[where], effects.lon[where], places.lat[goal], places.lon[goal])[1]
    assert away.max() < places.radius_m[goal] + 500.0


def test_a_vehicle_boards_at_the_train_and_leaves_it_where_it_is(there: Small) -> None:
    effects = run(there)
    legs = effects.legs[0]
    onto, off = effects.boardings
    train = onto.carriers[0]
    own = kernels.select(legs, legs.mode != RAIL)
    for i, row in enumerate(onto.rows.tolist()):
        stood = kernels.position_at(own, [row], onto.t[i])
        waits = kernels.position_at(legs, [train], onto.t[i])
        assert np.allclose(stood, waits, atol=1e-7)
        first = np.flatnonzero((own.entity == row) & (own.t0 >= off.t[i]))[0]
        assert own.t0[first] == off.t[i]
        there_too = kernels.position_at(legs, [train], off.t[i])
        assert np.allclose([own.lat0[first], own.lon0[first]], np.ravel(there_too)[:2], atol=1e-7)
    aboard = (
        (own.t0[:, None] < off.t) & (own.t1[:, None] > onto.t) & (own.entity[:, None] == onto.rows)
    )
    assert not aboard.any()  # no legs of its own while aboard
    assert set(onto.slots.tolist()).__len__() == onto.rows.size


def test_as_many_trains_as_the_loads_need() -> None:
    small = at_station(build(apcs=10, trucks=5, trains=4))
    effects = run(small)
    check_effects(small, effects, T)
    length = np.full(15, 9.0)
    loads = np.bincount(load_in_order(length, np.zeros(15), 60.0, 40.0))
    loaded = sorted(events(effects, "train_loaded"), key=lambda e: e.t)
    assert sorted(e.data["vehicles"] for e in loaded) == sorted(loads.tolist())
    assert len(loaded) == trains_needed(135.0, 0, 60.0, 40.0)
    assert len({e.actor for e in loaded}) == 3


def test_trains_follow_each_other_with_the_headway_of_the_line() -> None:
    small = at_station(build(apcs=10, trucks=5, trains=4))
    effects = run(small, load_ms=1000, entrain_ms=60_000, ramps=4)  # faster than the line takes
    departed = sorted(e.t for e in events(effects, "train_departed"))
    assert np.all(np.diff(departed) >= 15 * 60_000)
    resources = Resources()
    run(small, resources=resources, rows=small.of("company", "vehicle")[:2], entrain_ms=60_000)
    assert resources.free_from("line:main:forth") > T
    assert resources.free_from("line:main:back") == LONG_AGO_MS


def test_ramps_are_shared() -> None:
    small = at_station(build(apcs=10, trucks=5, trains=4))
    one = run(small, ramps=1)
    loaded = sorted(e.t for e in events(one, "train_loaded"))
    assert np.all(np.diff(loaded)[:-1] >= 6 * 3 * 60_000)  # six vehicles, 3 to 5 min each
    assert one.end_ms > run(small, ramps=3).end_ms


def test_loading_times_are_keyed_by_vehicle(there: Small) -> None:
    vehicles = there.of("company", "vehicle")
    together = run(there, rows=vehicles).boardings[0]
    shuffled = run(there, rows=vehicles[::-1]).boardings[0]
    assert np.array_equal(together.t, shuffled.t)
    other_seed = replace(there, world=replace(there.world, seed=2))
    assert not np.array_equal(run(other_seed, rows=vehicles).boardings[0].t, together.t)


def test_a_train_makes_several_trips_where_there_are_few() -> None:
    small = at_station(build(apcs=10, trucks=5, trains=1))
    effects = run(small)
    check_effects(small, effects, T)
    assert len(events(effects, "train_unloaded")) == 3
    assert np.array_equal(apply_boardings(small.state, effects).carrier, small.state.carrier)


def test_an_empty_train_comes_along_the_line(small: Small) -> None:
    moved = at_station(small, "station-east")
    effects = run(
        moved, origin=small.place("station-east"), destination=small.place("station-west")
    )
    check_effects(moved, effects, T)
    legs = effects.legs[0]
    rail = kernels.select(legs, legs.mode == RAIL)
    length = inverse(rail.lat0, rail.lon0, rail.lat1, rail.lon1)[1].sum()
    p = small.world.places
    one_way = 0.0
    for a, b in (("station-west", "station-mid"), ("station-mid", "station-east")):
        i, j = p.index(a), p.index(b)
        one_way += float(inverse(p.lat[i], p.lon[i], p.lat[j], p.lon[j])[1])
    assert length == pytest.approx(2 * one_way, rel=1e-6)


def test_two_orders_of_one_instant_do_not_get_the_same_train(there: Small) -> None:
    resources = Resources()
    vehicles = there.of("company", "vehicle")
    first = run(there, rows=vehicles[:2], resources=resources)
    second = run(there, rows=vehicles[2:], resources=resources)
    trains = [int(e.boardings[0].carriers[0]) for e in (first, second)]
    assert trains[0] != trains[1]
    with pytest.raises(OrderRefusedError, match="1 trains are needed, 0 of 2 are free") as refused:
        run(there, rows=[there.rows["foot 0"]], resources=resources)
    free = sorted(int(e.row_end_ms[np.isin(e.rows, trains)][0]) for e in (first, second))
    assert refused.value.retry_ms == free[0]


def test_why_a_rail_move_is_refused(there: Small) -> None:
    with pytest.raises(OrderRefusedError, match="there are no trains"):
        run(at_station(build(trains=0)))
    with pytest.raises(OrderRefusedError, match="no railway joins 'station-west' and 'station-e"):
        run(there, ways=("main",))
    with pytest.raises(OrderRefusedError, match="14 persons in 2 teams would be left behind"):
        run(there.dismounted(), rows=there.of("company", "vehicle")[:2])
    state, station = copy_state(there.state), there.place("station-west")
    with pytest.raises(OrderRefusedError, match="a railway of up to 40 km joins to station-east"):
        run(there, origin=there.place("station-east"), destination=station, reach_m=40_000.0)
    state.lat[there.of("railway", "train")] += 1.0
    with pytest.raises(OrderRefusedError, match="none of 2 trains stands at a station"):
        run(replace(there, state=state))
    resources = Resources()
    small = at_station(build(foot_teams=5, squad=7, trains=1))
    with pytest.raises(OrderRefusedError, match="the largest team has 10 persons"):
        catalogue = small.world.catalogue
        seats = np.where(np.isnan(catalogue.train_seats), np.nan, 9.0)
        world = replace(small.world, catalogue=replace(catalogue, train_seats=seats))
        run(replace(small, world=world), resources=resources)
    assert resources == Resources()  # nothing booked


def test_fill() -> None:
    lengths = np.array([9.0, 9.0, 0.0, 9.0, 0.0])
    berths = np.array([0, 0, 30, 0, 20])
    assert fill(lengths, berths, 0, 60.0, 40.0) == 4
    assert fill(lengths, berths, 0, 18.0, 40.0) == 3
    assert fill(lengths, berths, 4, 60.0, 40.0) == 5
