from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from effect_checks import apply_boardings
from hypothesis import given, settings
from hypothesis import strategies as st
from journeys import check
from small_world import START, Small, build, copy_state

from startex.engine.effects import MODE_CODE
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems.drop import Drop
from startex.engine.systems.drop_planning import drop_zone
from startex.engine.systems.kernels import join
from startex.foundation.clock import MS_PER_DAY
from startex.geography.geodesy import direct, inverse
from startex.models.airdrop import drift_m, jumpers_per_pass

ZONE = (44.36, 131.55)


def ready(aircraft: int = 1, teams: int = 3, parachutes: int = 60, seed: int = 1) -> Small:
    small = build(apcs=1, foot_teams=teams, aircraft=aircraft, parachutes=parachutes, seed=seed)
    state = copy_state(small.state)
    rows = np.array([small.rows[f"foot {i}"] for i in range(teams)])
    lat, lon = direct(44.33, 132.55, 200.0 + np.arange(rows.size), 500.0)
    state.lat[rows], state.lon[rows] = np.round(lat, 7), np.round(lon, 7)
    return Small(small.world, state, small.rows)


def teams_of(small: Small) -> np.ndarray:
    return np.array([row for name, row in small.rows.items() if name.startswith("foot") and
                     "rifleman" not in name])  # fmt: skip


def drop(small: Small, resources: Resources | None = None, **params):
    about = {
        "jumpers": teams_of(small), "lat": ZONE[0], "lon": ZONE[1], "heading_deg": 70.0,
        "length_m": 2000.0, "altitude_m": 600.0, "speed_m_s": 70.0, "place": small.place("drop"),
    } | params  # fmt: skip
    order = small.order("drop", small.of("air"), **about)
    effects = Drop().start(order, START, small.world, small.state, resources or Resources())
    check(small, effects, START)
    return effects


def persons_of(small: Small) -> np.ndarray:
    persons = np.flatnonzero(small.world.force.kind == 0)
    return persons[np.isin(small.state.carrier[persons], teams_of(small))]


def test_everybody_jumps_lands_and_is_with_the_team_again() -> None:
    small = ready()
    effects = drop(small)
    after = apply_boardings(small.state, effects)
    persons, teams = persons_of(small), teams_of(small)
    assert np.array_equal(after.carrier[persons], small.state.carrier[persons])
    assert np.array_equal(after.slot[persons], small.state.slot[persons])
    assert np.all(after.carrier[teams] == -1)
    _, away = inverse(after.lat[teams], after.lon[teams], *ZONE)
    assert away.max() < 300.0
    legs = join(effects.legs)
    falls = legs.mode == MODE_CODE["parachute"]
    assert falls.sum() == persons.size + teams.size
    assert np.all(legs.alt0[falls] == 600.0) and np.all(legs.alt1[falls] == 0.0)
    rate = 600.0 / ((legs.t1 - legs.t0)[falls] / 1000.0)
    assert np.allclose(rate, 5.0, rtol=1e-3)
    events = {event.kind: event for event in effects.events}
    assert events["jumpers_landed"].data["jumpers"] == 30
    assert events["green_light"].data["jumpers"] == 30


def test_drift_is_that_of_the_model_and_the_pattern_lies_on_the_zone() -> None:
    small = ready()
    effects = drop(small)
    events = {event.kind: event for event in effects.events}
    wind = events["drop_started"].data["wind_m_s"]
    expected = float(drift_m(600.0, wind))
    assert events["jumpers_landed"].data["mean_drift_m"] == pytest.approx(expected, rel=0.15)
    legs = join(effects.legs)
    falls = legs.mode == MODE_CODE["parachute"]
    _, away = inverse(legs.lat1[falls], legs.lon1[falls], *ZONE)
    assert away.max() < 0.5 * 2000.0 + 250.0
    middle = legs.lat1[falls].mean(), legs.lon1[falls].mean()
    assert inverse(*middle, *ZONE)[1] < 150.0


def test_as_many_passes_as_the_zone_requires() -> None:
    small = ready(teams=5)
    length = 700.0
    per_pass = 2 * int(jumpers_per_pass(length, 70.0))
    effects = drop(small, length_m=length)
    greens = [event for event in effects.events if event.kind == "green_light"]
    assert len(greens) == -(-50 // per_pass) > 1
    assert sum(event.data["jumpers"] for event in greens) == 50
    assert all(event.data["jumpers"] <= per_pass for event in greens)


def test_two_aircraft_share_the_jumpers() -> None:
    small = ready(aircraft=2, teams=9, parachutes=100)  # 90 jumpers, 60 in each
    effects = drop(small)
    greens = [event for event in effects.events if event.kind == "green_light"]
    assert {event.actor for event in greens} == set(small.of("air").tolist())
    assert len(effects.rows) == 90 + 9 + 2


def test_same_seed_same_wind_another_seed_another() -> None:
    a, b, c = (
        next(e.data for e in drop(ready(seed=s)).events if e.kind == "drop_started")
        for s in (1, 1, 2)
    )
    assert a == b != c


@given(st.integers(0, 13), st.integers(0, MS_PER_DAY - 1), st.integers(-4000, 4000))
@settings(max_examples=25)
def test_the_wind_lasts_a_day_of_the_exercise_whenever_that_is_held(day, clock, weeks) -> None:
    small = ready()
    order = small.order(
        "drop", small.of("air"), lat=ZONE[0], lon=ZONE[1], length_m=2000.0, altitude_m=600.0,
        speed_m_s=70.0, place=small.place("drop"),
    )  # fmt: skip

    def wind(begin: int, after: int) -> tuple[float, float]:
        zone = drop_zone(order, replace(small.world, start_ms=begin), begin + after)
        return zone.wind_m_s, zone.downwind_deg

    dawn = wind(START, day * MS_PER_DAY)
    assert wind(START, day * MS_PER_DAY + clock) == dawn
    assert wind(START, (day + 1) * MS_PER_DAY) != dawn
    assert wind(START + weeks * 7 * MS_PER_DAY, day * MS_PER_DAY + clock) == dawn


@pytest.mark.parametrize(
    ("make", "params", "reason"),
    [
        (lambda: ready(teams=7), {}, "do not fit into 1 aircraft"),
        (lambda: ready(parachutes=20), {}, "30 parachutes are needed, 20 of 20 are free"),
        (ready, {"length_m": 100.0}, "too short"),
        (ready, {"lat": 42.0, "lon": 133.0}, "is water"),
        (ready, {"altitude_m": 5000.0}, "altitude"),
        (ready, {"jumpers": []}, "nobody to jump"),
        (ready, {"lat": 20.0, "lon": 78.0}, "beyond the range"),
    ],
)
def test_refusals(make, params, reason) -> None:
    resources = Resources()
    with pytest.raises(OrderRefusedError, match=reason):
        drop(make(), resources, **params)
    assert not any("runway" in name for name in resources._free_ms)


def test_two_drops_of_one_instant_never_share_a_parachute() -> None:
    resources = Resources()
    first, second = ready(parachutes=60), ready(parachutes=60)
    one, two = drop(first, resources), drop(second, resources)
    kind = first.world.force.kind
    used = [set(e.rows[kind[e.rows] == 7].tolist()) for e in (one, two)]
    assert len(used[0]) == len(used[1]) == 30
    assert not used[0] & used[1]
    with pytest.raises(OrderRefusedError, match="0 of 60 are free"):
        drop(ready(parachutes=60), resources)


@settings(max_examples=15, deadline=None)
@given(
    st.integers(1, 6), st.floats(0.0, 360.0), st.floats(400.0, 4000.0), st.floats(250.0, 1500.0),
    st.floats(50.0, 110.0), st.integers(1, 50),
)  # fmt: skip
def test_nobody_is_lost_whatever_the_drop(teams, heading, length, altitude, speed, seed) -> None:
    small = ready(teams=teams, seed=seed)
    effects = drop(
        small, heading_deg=heading, length_m=length, altitude_m=altitude, speed_m_s=speed
    )
    after = apply_boardings(small.state, effects)
    persons = persons_of(small)
    assert np.array_equal(after.carrier[persons], small.state.carrier[persons])


@pytest.mark.parametrize("altitude_m", [600.0, 1500.0, 3000.0])
@pytest.mark.parametrize("heading_deg", [0.0, 110.0, 290.0])
def test_a_zone_next_to_the_airfield_leaves_no_room_to_climb_so_they_circle(
    altitude_m, heading_deg
) -> None:
    small = ready()
    lat, lon = direct(44.33, 132.55, 290.0, 14_000.0)
    effects = drop(
        small, lat=float(lat), lon=float(lon), altitude_m=altitude_m, heading_deg=heading_deg
    )
    legs = join(effects.legs)
    falls = legs.mode == MODE_CODE["parachute"]
    assert falls.any()
    assert np.all(legs.alt0[falls] == altitude_m)
