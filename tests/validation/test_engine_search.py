"""The engine plays the textbook: Koopman's closed forms come out of ways, reaches and rates.

Each replication is a searcher and a target at a place of its own on the earth, far from the others,
all of them looked at in one go. The measured share must lie in the 99.9 % interval of the closed
form.
"""

from __future__ import annotations

import numpy as np
import pytest
from published_cases import CASES, inputs

from startex.engine.sensing.looks import sightings, stretches_in_reach
from startex.engine.sensing.motion import Motion
from startex.geography.geodesy import direct, leg_limit_m
from startex.geography.pieces import Pieces
from startex.models import barrier, intervals, screen, search

NMI = 1852.0
KT = NMI / 3600.0
REPLICATIONS = 3_000
CONFIDENCE = 0.999


def _case(name: str) -> tuple[dict, dict]:
    """Inputs in SI units, and the expected values."""
    return inputs(name), {key: item["value"] for key, item in CASES[name]["expected"].items()}


def _places(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Middles of exercise areas 4 degrees apart, none near a pole."""
    lat, lon = np.meshgrid(np.arange(-56.0, 57.0, 3.5), np.arange(-178.0, 178.0, 3.5))
    return lat.ravel()[:count], lon.ravel()[:count]


def _ways(number, t, east_m, north_m, place) -> Motion:
    """Straight ways in flat coordinates about places, shapes (k, 2): begin and end of each."""
    azimuth, far = np.degrees(np.arctan2(east_m, north_m)), np.hypot(east_m, north_m)
    lat0, lon0 = _places(REPLICATIONS)
    lat, lon = direct(lat0[place][:, None], lon0[place][:, None], azimuth, far)
    lon = lon0[place][:, None] + (lon - lon0[place][:, None] + 180.0) % 360.0 - 180.0
    order = np.lexsort((t[:, 0], number))
    number, t, lat, lon = number[order], t[order], lat[order], lon[order]
    zero = np.zeros(number.size)
    return Motion(
        Pieces(number, t[:, 0], t[:, 1], lat[:, 0], lon[:, 0], lat[:, 1], lon[:, 1]), zero, zero
    )


def _found(lookers, targets, reach_m, rate, replication_of) -> np.ndarray:
    """Which replications end in a detection; a looker sees the target of its own only."""
    count = int(lookers.pieces.entity.max()) + 1
    in_reach = stretches_in_reach(
        lookers,
        targets,
        most_m=np.full(count, reach_m),
        limits_m=lambda a, b: np.where(replication_of[a] == b, reach_m, 0.0),
        between=(0, int(max(lookers.pieces.t1.max(), targets.pieces.t1.max()))),
    )
    seen = sightings(
        lookers,
        targets,
        in_reach,
        rate=rate,
        keys=(np.arange(count, dtype=np.uint64), np.arange(REPLICATIONS, dtype=np.uint64)),
        seed=3,
        counter=0,
    )
    return np.unique(seen.target)


def _agrees(found: int, expected: float) -> None:
    interval = intervals.wilson_interval(found, REPLICATIONS, CONFIDENCE)
    low, high = float(interval.lower), float(interval.upper)
    assert low <= expected <= high, (found / REPLICATIONS, low, high, expected)


def _sure(look) -> np.ndarray:
    return np.full(look.range_m.size, np.inf)


def _still(east_m, north_m, end: int) -> Motion:
    count = east_m.size
    t = np.tile(np.array([0, end]), (count, 1))
    return _ways(
        np.arange(count), t, np.tile(east_m[:, None], 2), np.tile(north_m[:, None], 2),
        np.arange(count),
    )  # fmt: skip


def test_random_search_finds_what_koopman_says() -> None:
    """Lines thrown at random over a disc, a Poisson number of them: exactly 1 - exp(-WVt/A)."""
    given, expected = _case("A3-08")
    reach = 0.5 * given["W"]
    radius = np.sqrt(given["A"] / np.pi)
    coverage = given["W"] * given["V"] * given["t"] / given["A"]
    draw = np.random.default_rng(1)
    # a line whose distance from the middle is uniform up to radius + reach passes within reach
    # of a point of the disc with the chance reach / (radius + reach), wherever the point is
    passes = draw.poisson(coverage * (radius + reach) / reach, REPLICATIONS)
    replication = np.repeat(np.arange(REPLICATIONS), passes)
    aside = draw.uniform(-radius - reach, radius + reach, replication.size)
    course = draw.uniform(0.0, 2.0 * np.pi, replication.size)
    half = 2.0 * (radius + reach)
    lookers, step = _lines(replication, aside, course, half, given["V"])
    spread = np.sqrt(draw.uniform(0.0, 1.0, REPLICATIONS)) * radius
    turn = draw.uniform(0.0, 2.0 * np.pi, REPLICATIONS)
    end = int(lookers.pieces.t1.max())
    targets = _still(spread * np.sin(turn), spread * np.cos(turn), end)
    found = _found(lookers, targets, reach, _sure, replication)
    _agrees(found.size, expected["P"])
    _agrees(found.size, float(search.random_search_probability(coverage)))
    assert step < float(leg_limit_m(60.0, 55.0, 30.0))


def _lines(replication, aside, course, half, speed) -> tuple[Motion, float]:
    """Straight ways in steps, so that each stays a straight line on the earth too."""
    steps = 24
    marks = np.linspace(-half, half, steps + 1)
    sin, cos = np.sin(course)[:, None], np.cos(course)[:, None]
    east, north = marks * sin + aside[:, None] * cos, marks * cos - aside[:, None] * sin
    t = np.round((marks + half) / speed * 1000.0).astype(np.int64)
    number = np.repeat(np.arange(replication.size), steps)
    pairs = [
        np.stack([column[:, :-1].ravel(), column[:, 1:].ravel()], axis=1)
        for column in (east, north)
    ]
    times = np.tile(np.stack([t[:-1], t[1:]], axis=1), (replication.size, 1))
    return _ways(number, times, *pairs, replication[number]), 2.0 * half / steps


@pytest.mark.parametrize("name", ["A3-09", "A3-10"])
def test_parallel_sweeps_by_the_inverse_cube_law(name) -> None:
    given, expected = _case(name)
    width, tracks, speed = 5.0 * NMI, 9, 100.0 * KT
    spacing = width / given["coverage"]
    constant = (0.5 * width) ** 2 * speed / (2.0 * np.pi)  # k h of that sweep width
    replication = np.repeat(np.arange(REPLICATIONS), tracks)
    draw = np.random.default_rng(2)
    offset = draw.uniform(-0.5, 0.5, REPLICATIONS) * spacing
    aside = np.tile((np.arange(tracks) - tracks // 2) * spacing, REPLICATIONS) + offset[replication]
    lookers, _ = _lines(replication, aside, np.zeros(replication.size), 12.0 * spacing, speed)
    targets = _still(np.zeros(REPLICATIONS), np.zeros(REPLICATIONS), int(lookers.pieces.t1.max()))
    found = _found(
        lookers, targets, 11.0 * spacing, lambda look: constant / look.range_m**3, replication
    )
    _agrees(found.size, expected["inverse_cube"])


def test_a_barrier_patrol_stops_the_share_that_is_swept() -> None:
    """To and fro across a channel, crossers at random places and times."""
    given, expected = _case("A3-15")
    length, reach = given["L"], given["R"]
    patrol, crosser = given["v"], given["u"]
    draw = np.random.default_rng(4)
    legs = 6
    cross_s = length / patrol
    t = np.round(np.arange(legs + 1) * cross_s * 1000.0).astype(np.int64)
    ends = np.where(np.arange(legs + 1) % 2 == 0, -0.5, 0.5) * length
    east = np.tile(np.stack([ends[:-1], ends[1:]], axis=1), (REPLICATIONS, 1))
    times = np.tile(np.stack([t[:-1], t[1:]], axis=1), (REPLICATIONS, 1))
    number = np.repeat(np.arange(REPLICATIONS), legs)
    lookers = _cut(number, times, east, np.zeros(east.shape))
    # on the barrier at a time within one round trip, in the middle of the patrol
    at_s = draw.uniform(2.0, 4.0, REPLICATIONS) * cross_s
    where = draw.uniform(-0.5, 0.5, REPLICATIONS) * length
    run_s = 2.0 * cross_s
    span = np.stack([at_s - run_s, at_s + run_s], axis=1)
    north = np.tile(np.array([-run_s, run_s]) * crosser, (REPLICATIONS, 1))
    targets = _cut(
        np.arange(REPLICATIONS), np.round(span * 1000.0).astype(np.int64),
        np.tile(where[:, None], 2), north,
    )  # fmt: skip
    found = _found(lookers, targets, reach, _sure, np.arange(REPLICATIONS))
    _agrees(found.size, expected["P"])
    assert barrier.back_and_forth_probability(length, reach, patrol, crosser) == pytest.approx(
        expected["P"], rel=1e-6
    )


def _cut(number, t, east, north, steps: int = 8) -> Motion:
    """Ways cut into steps."""
    share = np.linspace(0.0, 1.0, steps + 1)
    columns = []
    for pair in (t.astype(np.float64), east, north):
        marks = pair[:, :1] + (pair[:, 1:] - pair[:, :1]) * share
        columns.append(np.stack([marks[:, :-1].ravel(), marks[:, 1:].ravel()], axis=1))
    many = np.repeat(number, steps)
    return _ways(many, np.round(columns[0]).astype(np.int64), columns[1], columns[2], many)


def test_submarines_reach_a_convoy_from_within_the_limiting_lines_only() -> None:
    """Slower than the convoy, each tries all courses: the engine's contacts draw the lines."""
    given, expected = _case("A3-17")
    attacker, convoy, danger = given["sub_speed"], given["convoy_speed"], 4_000.0
    assert screen.limiting_angle_deg(attacker, convoy) == pytest.approx(
        expected["half_angle"], rel=1e-6
    )
    number, courses, run_s = 300, 72, 4 * 3600.0
    draw = np.random.default_rng(5)
    ahead = draw.uniform(-20e3, 45e3, number)
    abeam = draw.uniform(-25e3, 25e3, number)
    # the convoy runs north through the middle of the first place; so many steps, each straight
    steps = 16
    t = np.round(np.linspace(0.0, run_s, steps + 1) * 1000.0).astype(np.int64)
    times = np.stack([t[:-1], t[1:]], axis=1)
    north = times / 1000.0 * convoy
    zero = np.zeros(steps, dtype=np.int64)
    target = _ways(zero, times, np.zeros(north.shape), north, zero)
    who = np.arange(number * courses)
    course = np.tile(np.arange(courses) * 2.0 * np.pi / courses, number)
    east0, north0 = np.repeat(abeam, courses), np.repeat(ahead, courses)
    gone = t[None, :] / 1000.0 * attacker
    east = east0[:, None] + np.sin(course)[:, None] * gone
    up = north0[:, None] + np.cos(course)[:, None] * gone
    many = np.repeat(who, steps)
    lookers = _ways(
        many, np.tile(times, (who.size, 1)),
        *(np.stack([c[:, :-1].ravel(), c[:, 1:].ravel()], axis=1) for c in (east, up)),
        np.zeros(many.size, dtype=np.int64),
    )  # fmt: skip
    in_reach = stretches_in_reach(
        lookers, target, most_m=np.full(who.size, danger),
        limits_m=lambda a, b: np.full(a.size, danger), between=(0, int(t[-1])),
    )  # fmt: skip
    seen = sightings(
        lookers, target, in_reach, rate=_sure,
        keys=(who.astype(np.uint64), np.zeros(1, np.uint64)), seed=1, counter=0,
    )  # fmt: skip
    reached = np.zeros(number, dtype=np.bool_)
    reached[seen.looker // courses] = True
    can = screen.can_approach(ahead, abeam, attacker, convoy, danger)
    # courses are 5 degrees apart: within some hundred metres of the lines it may go either way
    inside = screen.can_approach(ahead, abeam, attacker, convoy, danger - 400.0)
    outside = ~screen.can_approach(ahead, abeam, attacker, convoy, danger + 50.0)
    assert reached[inside].all()
    assert not reached[outside].any()
    assert (inside | outside).mean() > 0.9
    assert 0.1 < can.mean() < 0.9
