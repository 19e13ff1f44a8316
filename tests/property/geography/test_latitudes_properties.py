"""What lies near by latitude: never less than a look at every point finds."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from startex.geography.geodesy import inverse
from startex.geography.latitudes import Latitudes
from startex.geography.places import Place, Places

LATS = st.lists(st.one_of(st.floats(-90.0, 90.0), st.just(np.nan)), max_size=30)


@given(LATS, st.floats(-90.0, 90.0), st.floats(-90.0, 90.0))
@example([10.0, 10.0, np.nan, 9.0], 9.0, 10.0)
def test_between_two_latitudes_are_all_points_that_are(lats, south, north) -> None:
    lat = np.array(lats, dtype=np.float64)
    found = Latitudes(lat).between(south, north)
    assert found.tolist() == np.flatnonzero((lat >= south) & (lat <= north)).tolist()


@given(
    st.lists(st.tuples(st.floats(-90.0, 90.0), st.floats(-180.0, 180.0)), max_size=30),
    st.tuples(st.floats(-90.0, 90.0), st.floats(-180.0, 180.0)),
    st.floats(1e-3, 2e7),
)
@example([(1.0, 20.0)], (0.0, 20.0), 110_574.4)  # the shortest degree there is
def test_no_point_within_the_distance_is_missing(points, middle, within_m) -> None:
    lat, lon = np.array(points, dtype=np.float64).reshape(-1, 2).T
    _, away = inverse(*middle, lat, lon)
    found = Latitudes(lat).near(middle[0], within_m)
    assert set(np.flatnonzero(away <= within_m)) <= set(found)


@given(
    st.floats(-85.0, 85.0),
    st.floats(-179.0, 179.0),
    st.floats(1.0, 500e3),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_a_place_contains_nothing_outside_its_latitudes(lat, lon, size_m, outline, seed) -> None:
    draws = np.random.default_rng(seed)
    half = size_m / 111_000.0
    corners = [(lon - half, lat - half), (lon + 2 * half, lat), (lon, lat + half)]
    polygon = (*corners, corners[0]) if outline else ()
    # a radius of its own may be less than a polygon reaches
    radius_m = 0.2 * size_m if outline else size_m
    place = Place("a", "a", "range", lat, lon, radius_m, 0.0, np.nan, polygon=polygon)
    places = Places([place])
    south, north = places.latitudes(0)
    at_lat = np.clip(lat + draws.uniform(-1.5, 1.5, 200) * half, -90.0, 90.0)
    inside = places.contains(0, at_lat, lon + draws.uniform(-2.0, 2.0, 200) * half)
    assert not inside[(at_lat < south) | (at_lat > north)].any()
    assert south <= lat <= north
