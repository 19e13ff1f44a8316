"""When a straight way lies in a belt of mines, and how long it is there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from startex.engine.desk import Minefield
from startex.engine.landmines import crossings
from startex.geography.geodesy import direct, inverse
from startex.geography.pieces import Pieces

T0, T1 = 1_700_000_000_000, 1_700_000_600_000
HERE = (47.0, 142.0)


def _belt(bearing: float, front: float = 400.0, depth: float = 100.0) -> Minefield:
    return Minefield(0, *HERE, bearing, front, depth, 10, 0, T0)


def _way(begin: tuple[float, float], end: tuple[float, float]) -> Pieces:
    """A way between two points given as azimuth (degrees) and distance (m) from the middle."""
    a, b = (direct(*HERE, *point) for point in (begin, end))
    return Pieces(
        np.array([7]), np.array([T0]), np.array([T1]),
        *(np.atleast_1d(float(x)) for x in (*a, *b)),
    )  # fmt: skip


@pytest.mark.parametrize("bearing", [0.0, 37.0, 90.0, 211.5, 359.0])
def test_straight_across_it_is_the_depth(bearing) -> None:
    way = _way((bearing, 1_000.0), (bearing + 180.0, 1_000.0))
    enters, leaves, inside = crossings(way, _belt(bearing))
    assert inside[0] == pytest.approx(100.0, rel=1e-3)
    assert enters[0] == pytest.approx(T0 + 600_000 * 950 / 2000, abs=600)
    assert leaves[0] == pytest.approx(T0 + 600_000 * 1050 / 2000, abs=600)


def test_who_goes_round_or_stands_meets_nothing() -> None:
    beside = _way((90.0, 250.0), (90.0, 251.0))
    behind = _way((180.0, 500.0), (180.0, 60.0))
    stands = _way((0.0, 0.0), (0.0, 0.0))
    for way in (beside, behind, stands):
        assert crossings(way, _belt(0.0))[2][0] == 0.0


def test_who_begins_or_ends_within_has_a_part_of_it() -> None:
    out = crossings(_way((0.0, 20.0), (0.0, 500.0)), _belt(0.0))
    assert out[2][0] == pytest.approx(30.0, rel=1e-3)
    assert out[0][0] == T0
    along = crossings(_way((90.0, 500.0), (90.0, 0.0)), _belt(0.0))
    assert along[2][0] == pytest.approx(200.0, rel=1e-3)
    assert along[1][0] == T1


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 359), st.floats(0, 359), st.floats(1, 900), st.floats(0, 359), st.floats(1, 900)
)
def test_it_is_as_long_as_points_along_it_say(bearing, az0, far0, az1, far1) -> None:
    way, belt = _way((az0, far0), (az1, far1)), _belt(bearing)
    share = (np.arange(4_000) + 0.5) / 4_000
    lat = way.lat0 + (way.lat1 - way.lat0) * share
    lon = way.lon0 + (way.lon1 - way.lon0) * share
    azimuth, away = inverse(*HERE, lat, lon)
    turn = np.radians(azimuth - bearing)
    within = (np.abs(away * np.cos(turn)) <= 50.0) & (np.abs(away * np.sin(turn)) <= 200.0)
    length = float(inverse(way.lat0, way.lon0, way.lat1, way.lon1)[1][0])
    enters, leaves, inside = crossings(way, belt)
    assert inside[0] == pytest.approx(within.mean() * length, abs=2.0 + length / 1_000)
    if inside[0] > 0.0:
        assert T0 <= enters[0] <= leaves[0] <= T1
