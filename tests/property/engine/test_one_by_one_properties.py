"""What is worked out one by one on plain numbers is what the columns say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from startex.engine.communications.service import drawn, drawn_one
from startex.engine.sensing.exposure import _all_pass, _passes, first_detections
from startex.engine.sensing.scene import arena_of, may_meet
from startex.foundation.streams import (
    Stream,
    box_muller,
    normal,
    pair_key,
    pair_keys,
    uniform,
    uniform_one,
)
from startex.geography.metric import distance_m, distance_of_two_m
from startex.geography.neighbours import cartesian, chord_m
from startex.geography.spells import Spells
from startex.models.fixes import drawn_fix, drawn_fix_of_one, fix_draws

LAT, LON = st.floats(-80.0, 80.0), st.floats(-180.0, 180.0)
KEY = st.integers(0, 2**64 - 1)
POINT = st.tuples(LAT, LON)


@given(KEY, KEY, st.integers(0, 2**31))
def test_draws_of_one_are_those_of_many(key: int, other: int, counter: int) -> None:
    keys = np.full(20, key, dtype=np.uint64)  # so many are worked out in columns
    every = uniform(7, Stream.FIX, keys, counter)
    assert every.tolist() == [uniform_one(7, Stream.FIX, key, counter)] * 20
    assert pair_key(key, other) == int(pair_keys(np.uint64(key), np.uint64(other)))
    pair = (uniform_one(7, Stream.FIX, key, 2 * counter + n) for n in (0, 1))
    assert box_muller(*pair) == pytest.approx(float(normal(7, Stream.FIX, keys[:1], counter)[0]))


FIX = st.tuples(KEY, st.integers(0, 10**6), POINT, POINT)
ERRORS = st.tuples(st.floats(0.0, 5.0), st.floats(0.0, 900.0), st.floats(0.0, 0.3))


@given(st.lists(FIX, min_size=1, max_size=12), st.floats(0.0, 5e5), ERRORS)
def test_a_fix_of_one_is_that_of_many(rows, range_m, errors) -> None:
    keys, seconds, target, observer = zip(*rows, strict=True)
    columns = [np.array(points).T for points in (target, observer)]
    expected = drawn_fix(
        3, np.array(keys, np.uint64), np.array(seconds), *columns, np.full(len(rows), range_m),
        np.array([errors] * len(rows)).T,
    )  # fmt: skip
    draws = fix_draws(3, keys, seconds)
    for number, drawn_ in enumerate(draws):
        found = drawn_fix_of_one(drawn_, target[number], observer[number], range_m, errors)
        wanted = [column[number] for column in expected]
        turn = (found[1] - wanted[1] + 180.0) % 360.0 - 180.0
        assert found[0] == pytest.approx(wanted[0], abs=1e-9)
        assert turn == pytest.approx(0.0, abs=1e-8)
        assert found[2] == pytest.approx(wanted[2], abs=1e-6)


@given(POINT, POINT)
def test_distances_of_two_are_those_of_columns(one, other) -> None:
    line = cartesian(*one) - cartesian(*other)
    assert chord_m(*one, *other) == pytest.approx(float(np.sqrt((line**2).sum())), abs=1e-6)
    wanted = float(distance_m(*one, *other))
    assert distance_of_two_m(*one, *other) == pytest.approx(wanted, rel=1e-9, abs=1e-6)
    assert np.isnan(distance_of_two_m(np.nan, np.nan, *other))
    assert np.isnan(chord_m(*one, np.nan, np.nan))


@given(st.floats(0.1, 900.0), st.sampled_from([0.0, 0.3, 1.0]), st.floats(0.0, 0.999))
def test_a_time_of_service_of_one_is_that_of_many(mean, spread, chance) -> None:
    wanted = drawn(np.array([mean]), np.array([spread]), np.array([chance]))
    assert drawn_one(mean, spread, chance) == float(wanted[0])


@given(st.lists(st.floats(0.0, 3.0), min_size=6, max_size=6), st.floats(0.0, 9.0))
def test_where_one_route_passes_is_where_columns_do(route, wanted) -> None:
    found = _all_pass(np.array([route]), np.array([wanted]))
    assert _passes(route, wanted) == float(found[0])


@given(st.lists(POINT, min_size=1, max_size=4), POINT, st.floats(0.0, 2.0), st.floats(0.0, 3e6))
def test_the_arena_meets_what_its_box_does(places, corner, width, reach) -> None:
    lat, lon = np.array(places).T
    nothing = np.zeros(lat.size)
    box = np.stack([lat, lat, lon, lon, nothing, nothing])
    own = np.array([[corner[0]], [corner[0] + width], [corner[1]], [corner[1] + width], [0], [0]])
    wanted = bool(may_meet(own, box, np.full(1, reach))[0])
    ends = (corner[0], corner[0] + width), (corner[1], corner[1] + width)
    assert arena_of(box).may_meet(*ends, reach) == wanted
    assert arena_of(np.full((6, 2), np.nan)) is None


@given(st.integers(0, 2**32 - 1))
def test_the_earliest_of_a_group_does_not_depend_on_the_others(seed: int) -> None:
    made = np.random.default_rng(seed)
    pairs, pieces = 120, 12
    t0 = np.tile(np.arange(pieces) * 10_000, pairs) + np.repeat(
        made.integers(0, 50_000, pairs), pieces
    )
    first = np.repeat(np.arange(pairs), pieces)
    stretches = Spells(first, np.zeros_like(first), t0, t0 + 9_000)
    height = made.uniform(0.0, 0.02, first.size)

    def rate(of, t):
        return height[of] * (1.5 + np.sin(t / 7_000.0))

    thresholds = made.exponential(1.0, pairs)[first]
    groups = (first // 30).astype(np.int64)  # some 360 stretches each: several waves
    at, t = first_detections(stretches, rate, thresholds)
    some, when = first_detections(stretches, rate, thresholds, groups)
    for group in range(4):
        alone, together = t[groups[at] == group], when[groups[some] == group]
        assert together.size == 0 == alone.size or together.min() == alone.min()
        assert set(zip(some.tolist(), when.tolist(), strict=True)) <= set(
            zip(at.tolist(), t.tolist(), strict=True)
        )
