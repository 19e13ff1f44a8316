"""Pairs within a distance, against every pair measured by pyproj."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod

from startex.geography.neighbours import FARTHEST_M, cartesian, neighbours, sure_chord_m

GEOD = Geod(ellps="WGS84")


def _all_pairs(a, b, within_m):
    i, j = (index.ravel() for index in np.indices((len(a), len(b))))
    length = GEOD.inv(a[i, 1], a[i, 0], b[j, 1], b[j, 0])[2]
    near = length <= within_m
    return set(zip(i[near].tolist(), j[near].tolist(), strict=True))


@given(
    lat=st.floats(-90.0, 90.0),
    lon=st.floats(-200.0, 200.0),
    spread_m=st.floats(1.0, 2e6),
    share=st.floats(1e-3, 2.0),
    seed=st.integers(0, 2**32 - 1),
)
@example(lat=89.9, lon=10.0, spread_m=50e3, share=0.5, seed=1)
@example(lat=-90.0, lon=0.0, spread_m=50e3, share=0.5, seed=1)
@example(lat=12.0, lon=180.0, spread_m=50e3, share=0.5, seed=1)
def test_the_pairs_are_those_of_every_pair_measured(lat, lon, spread_m, share, seed) -> None:
    draws = np.random.default_rng(seed)

    def points(count):
        away = spread_m * np.sqrt(draws.random(count))
        east, north, _ = GEOD.fwd(
            np.full(count, lon), np.full(count, lat), draws.uniform(0.0, 360.0, count), away
        )
        return np.column_stack([north, east + draws.choice([-360.0, 0.0, 360.0], count)])

    a, b = points(30), points(40)
    within_m = share * spread_m
    i, j = neighbours(a[:, 0], a[:, 1], b[:, 0], b[:, 1], within_m)
    assert list(zip(i, j, strict=True)) == sorted(_all_pairs(a, b, within_m))


@given(
    lat=st.floats(-89.0, 89.0),
    azimuth=st.floats(0.0, 360.0),
    within_m=st.floats(10.0, FARTHEST_M),
)
def test_the_chord_decides_only_what_is_sure(lat, azimuth, within_m) -> None:
    """The chord of a geodesic is at most its length; a sure chord is one of a shorter geodesic."""
    lon, north, _ = GEOD.fwd(0.0, lat, azimuth, within_m)
    chord = float(np.linalg.norm(cartesian(lat, 0.0) - cartesian(north, lon)))
    assert sure_chord_m(within_m) <= chord + 1e-6
    assert chord <= within_m + 1e-6


def test_pairs_at_a_micrometre_of_the_limit_are_told_apart() -> None:
    turn = np.arange(0.0, 360.0, 1.0)
    centre = np.full(360, 5.0), np.full(360, 45.0)
    lon, lat, _ = GEOD.fwd(*centre, turn, np.full(360, 50_000.0))
    length = GEOD.inv(*centre, lon, lat)[2]
    limit = float(np.median(length))
    _, j = neighbours([45.0], [5.0], lat, lon, limit)
    assert set(j) == set(np.flatnonzero(length <= limit))
    assert 0 < len(j) < 360


def test_a_set_that_is_empty_has_no_neighbours() -> None:
    i, j = neighbours([], [], [1.0], [2.0], 100.0)
    assert len(i) == len(j) == 0


@pytest.mark.parametrize("within_m", [0.0, -1.0, float("nan"), 2 * FARTHEST_M])
def test_a_distance_that_cannot_be_searched_is_refused(within_m) -> None:
    with pytest.raises(ValueError, match="cannot be searched"):
        neighbours([0.0], [0.0], [0.0], [0.0], within_m)


def test_a_position_that_is_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        neighbours([np.nan], [0.0], [0.0], [0.0], 100.0)
