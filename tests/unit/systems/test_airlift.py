from __future__ import annotations

import numpy as np
import pytest
from effect_checks import apply_boardings
from hypothesis import given, settings
from hypothesis import strategies as st
from journeys import check
from small_world import START, Small, build, copy_state

from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems.airlift import Airlift
from startex.engine.systems.kernels import join
from startex.geography.geodesy import direct, inverse

HOUR = 3_600_000


def at_the_airfield(aircraft: int = 1, apcs: int = 2, teams: int = 4, squad: int = 7) -> Small:
    """The company a kilometre from the runway of the eastern airfield."""
    small = build(apcs=apcs, aircraft=aircraft, foot_teams=teams, squad=squad)
    state = copy_state(small.state)
    rows = small.of("company")
    lat, lon = direct(44.33, 132.55, 200.0 + np.arange(rows.size), 900.0)
    afloat = state.carrier[rows] < 0
    state.lat[rows[afloat]] = np.round(lat, 7)[afloat]
    state.lon[rows[afloat]] = np.round(lon, 7)[afloat]
    return Small(small.world, state, small.rows)


def lift(small: Small, passengers, resources: Resources | None = None, **params):
    order = small.order(
        "airlift", small.of("air"), passengers=passengers, origin=small.place("airfield"),
        destination=small.place("airfield-west"), **params,
    )  # fmt: skip
    effects = Airlift().start(order, START, small.world, small.state, resources or Resources())
    check(small, effects, START)
    return effects


def test_teams_and_vehicles_arrive_at_the_other_airfield() -> None:
    small = at_the_airfield()
    passengers = small.of("company")
    effects = lift(small, passengers)
    after = apply_boardings(small.state, effects)
    goal = small.place("airfield-west")
    movers = passengers[small.state.carrier[passengers] < 0]
    assert np.isin(movers, effects.rows).all()
    assert np.all(after.carrier[movers] == -1)
    places = small.world.places
    _, away = inverse(after.lat[movers], after.lon[movers], places.lat[goal], places.lon[goal])
    assert away.max() < 6e3
    # squads never left their vehicles, aircraft are back on their stands
    squads = passengers[small.state.carrier[passengers] >= 0]
    assert np.array_equal(after.carrier[squads], small.state.carrier[squads])
    air = small.of("air")
    assert np.allclose(after.lat[air], small.state.lat[air])
    persons = np.flatnonzero(small.world.force.kind == 0)
    assert np.array_equal(after.carrier[persons], small.state.carrier[persons])


def test_as_many_trips_as_seats_and_deck_require() -> None:
    small = at_the_airfield(apcs=1, teams=16)
    teams = small.of("company", "team")[-16:]
    effects = lift(small, teams)  # 160 persons, 120 seats
    assert effects.events[-1].data["trips"] == 2
    small = at_the_airfield(apcs=7, teams=1)
    effects = lift(small, small.of("company", "vehicle"))  # 24 m of deck: three at most
    flights = [e for e in effects.events if e.kind == "airlift_took_off"]
    assert all(e.data["vehicles"] <= 3 for e in flights)
    assert sum(e.data["vehicles"] for e in flights) == 9


def test_two_aircraft_share_the_loads() -> None:
    one, two = (
        lift(at_the_airfield(aircraft=n, teams=24), at_the_airfield(aircraft=n, teams=24)
             .of("company", "team")[-24:])
        for n in (1, 2)
    )  # fmt: skip
    assert two.end_ms < one.end_ms


def test_aircraft_from_elsewhere_come_first() -> None:
    small = at_the_airfield()
    row = small.rows["aircraft 0"]
    small.state.lat[row], small.state.lon[row] = 43.91, 131.93
    effects = lift(small, small.of("company", "team")[-2:])
    legs = join(effects.legs)
    first = legs.t0[legs.entity == row].min()
    assert first < START + HOUR
    assert effects.lat[effects.rows == row] == pytest.approx(43.91)


def test_persons_stand_for_their_team() -> None:
    small = at_the_airfield()
    team = small.rows["foot 0"]
    persons = np.flatnonzero(small.state.carrier == team)
    effects = lift(small, persons)
    assert team in effects.rows
    assert not np.isin(persons, np.concatenate([b.rows for b in effects.boardings])).any()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: s.state.lat.__setitem__(s.rows["foot 0"], 46.0), "not at airfield"),
        (lambda s: s.state.order.__setitem__(s.rows["foot 0"], 5), "another order"),
        (lambda s: s.world.catalogue.seats.__setitem__(s.world.catalogue.rows[TYPE], 8.0),
         "fits into none"),
        (lambda s: s.world.catalogue.range_m.__setitem__(s.world.catalogue.rows[TYPE], 40e3),
         "beyond the range"),
    ],
)  # fmt: skip
def test_refusals_book_nothing(change, reason) -> None:
    small = at_the_airfield()
    change(small)
    resources = Resources()
    with pytest.raises(OrderRefusedError, match=reason):
        lift(small, [small.rows["foot 0"]], resources)
    assert not resources._free_ms


TYPE = "aircraft-transport"


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 3), st.integers(1, 6), st.integers(1, 20), st.integers(1, 8))
def test_nobody_is_lost_however_many_fly(aircraft, apcs, teams, squad) -> None:
    small = at_the_airfield(aircraft, apcs, teams, squad)
    passengers = small.of("company")
    effects = lift(small, passengers)
    after = apply_boardings(small.state, effects)
    movers = passengers[small.state.carrier[passengers] < 0]
    assert np.all(after.carrier[movers] == -1)
    # between boarding and alighting seats suffice at any time: loads were checked one by one
    flights = [e for e in effects.events if e.kind == "airlift_took_off"]
    kinds = small.world.catalogue
    assert all(
        e.data["persons"] <= kinds.seats[kinds.rows[TYPE]] or e.data["vehicles"] for e in flights
    )
    assert sum(e.data["persons"] for e in flights) == effects.events[-1].data["persons"]
