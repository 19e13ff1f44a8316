"""The promise of `cut`: linear in (lat, lon), within 1 m of the geodesic, against pyproj."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from startex.geography.geodesy import (
    MAX_LEG_M,
    STRAIGHTNESS_M,
    SURE_LATITUDE_DEG,
    SURE_SHARE,
    Cloud,
    cut,
    direct,
    heading_at,
    headings,
    interpolate,
    inverse,
    join,
    leg_limit_m,
    offset,
    section,
    unwrap,
    wrap,
)

GEOD = Geod(ellps="WGS84")
LAT = st.floats(-89.0, 89.0)
LON = st.floats(-180.0, 180.0)
POINT = st.tuples(LAT, LON)


@settings(deadline=None)
@given(POINT, POINT)
@example((60.0, 179.9), (60.0, -179.9))
@example((85.0, 0.0), (85.0, 179.0))
@example((-89.0, 0.0), (-89.0, 170.0))
@example((45.0, 10.0), (45.0, 60.0))
@example((-80.0, 10.0), (80.0, 10.0))
@example((0.0, -90.0), (0.0, 80.0))
def test_a_cut_path_stays_within_a_metre_of_the_geodesic(a, b):
    path = cut([a[0], b[0]], [a[1], b[1]])
    lat0, lon0, lat1, lon1 = path.lat[0], path.lon[0], path.lat[-1], path.lon[-1]
    azimuth, _, length = GEOD.inv(lon0, lat0, lon1, lat1)
    if length == 0.0 or length > 19_900_000.0:  # antipodes have no one geodesic
        return
    part = np.unique(np.concatenate([np.linspace(0.0, 1.0, 500), path.s / path.length_m]))
    part = np.sort(np.concatenate([part, 0.5 * (part[1:] + part[:-1])]))
    lon, lat, _ = GEOD.fwd(
        np.full(part.size, lon0), np.full(part.size, lat0),
        np.full(part.size, azimuth), part * length,
    )  # fmt: skip
    at_lat, at_lon = interpolate(path, part * path.length_m)
    _, _, away = GEOD.inv(lon, lat, at_lon, at_lat)
    assert np.max(away) < 1.0
    assert abs(path.length_m - length) < 1e-6 * length + 0.1


@given(
    st.floats(-SURE_LATITUDE_DEG, SURE_LATITUDE_DEG),
    LON,
    st.floats(0.0, 360.0),
    st.floats(0.001, SURE_SHARE),
)
@example(SURE_LATITUDE_DEG, 0.0, 90.0, SURE_SHARE)
@example(SURE_LATITUDE_DEG, 0.0, 35.0, SURE_SHARE)
@example(SURE_LATITUDE_DEG, 179.9, 1.0, SURE_SHARE)
def test_segments_that_cut_leaves_whole_unseen_bend_less_than_allowed(lat, lon, azimuth, share):
    lat, lon = round(lat, 7), round(lon, 7)
    limit = float(leg_limit_m(lat, azimuth, STRAIGHTNESS_M))
    b_lat, b_lon = (round(float(v), 7) for v in direct(lat, lon, azimuth, share * limit))
    path = cut([lat, b_lat], [lon, b_lon])
    begin, _, length = GEOD.inv(lon, lat, b_lon, b_lat)
    if max(abs(lat), abs(b_lat)) > SURE_LATITUDE_DEG or length == 0.0:
        return
    if length <= SURE_SHARE * leg_limit_m(max(abs(lat), abs(b_lat)), begin, STRAIGHTNESS_M):
        assert path.lat.tolist() == [lat, b_lat]
        m_lon, m_lat, _ = GEOD.fwd(lon, lat, begin, 0.5 * length)
        _, _, away = GEOD.inv(m_lon, m_lat, *interpolate(path, 0.5 * path.length_m)[::-1])
        assert away < 0.93 * STRAIGHTNESS_M


@settings(deadline=None)
@given(st.lists(POINT, min_size=2, max_size=6))
def test_a_path_is_a_way_through_its_points(points):
    lat, lon = np.array(points).T
    path = cut(lat, lon)
    assert path.s[0] == 0.0
    moves = np.any(np.diff(np.round(points, 7), axis=0) != 0.0)
    if moves and path.length_m > 0.0:
        assert np.all(np.diff(path.s) > 0.0)
    assert np.all(np.abs(np.diff(path.lon)) <= 180.0 + 1e-9)
    assert np.all(np.diff(path.s) <= MAX_LEG_M + 1.0)
    for a, b in points:
        at = (np.abs(path.lat - a) < 1e-6) & (np.abs(wrap(path.lon - b)) < 1e-6)
        assert at.any() or abs(a) > 89.9


@settings(deadline=None)
@given(POINT, st.floats(0.0, 360.0), st.floats(1.0, 5_000_000.0))
def test_direct_and_inverse_undo_each_other(a, azimuth, distance):
    lat, lon = direct(*a, azimuth, distance)
    back, length = inverse(*a, lat, lon)
    assert abs(float(length) - distance) < 1e-4
    turn = (float(back) - azimuth + 180.0) % 360.0 - 180.0
    assert abs(turn) < 1e-6 + 1.0 / distance
    assert abs(float(lon) - a[1]) <= 180.0 + 1e-9


@given(st.lists(POINT, min_size=1, max_size=40), POINT)
@example([(0.0, 179.5), (0.3, 180.0), (-0.3, -180.0), (10.0, 90.0)], (0.0, 0.0))
@example([(89.0, 90.0), (88.9, -90.0), (-89.0, 10.0)], (-88.95, -170.0))
def test_the_nearest_of_a_cloud_is_the_nearest(points, other):
    lat, lon = np.array(points).T
    number, distance = Cloud(lat, lon).nearest(*other)
    _, every = inverse(lat, lon, *other)
    assert number == int(np.argmin(every))
    assert distance == every[number]


@settings(deadline=None)
@given(st.lists(st.floats(-180.0, 180.0), min_size=1, max_size=8))
def test_unwrapping_changes_whole_turns_only(lon):
    smooth = unwrap(lon)
    turns = (smooth - np.array(lon)) / 360.0
    assert np.allclose(turns, np.round(turns), atol=1e-9)
    assert np.all(np.abs(np.diff(smooth)) <= 180.0 + 1e-9)


@settings(max_examples=25, deadline=None)
@given(st.floats(-60.0, 60.0), LON, st.floats(0.0, 360.0), st.floats(-3000.0, 3000.0))
def test_a_parallel_path_lies_at_its_distance(lat, lon, azimuth, right):
    far = direct(lat, lon, azimuth, 60_000.0)
    path = cut([lat, far[0]], [lon, far[1]])
    side = offset(path, right)
    s = np.linspace(5_000.0, 55_000.0, 21)
    middle = interpolate(path, s)
    heading = heading_at(path, s)
    wanted = direct(*middle, heading + 90.0, right)
    dense = np.linspace(0.0, side.length_m, 6001)
    points = interpolate(side, dense)
    for a, b in zip(*wanted, strict=True):
        assert float(inverse(a, b, *points)[1].min()) < 12.0  # half the sampling


@settings(deadline=None)
@given(POINT, POINT, st.floats(0.05, 0.95))
def test_sections_joined_again_are_the_path(a, b, part):
    path = cut([a[0], b[0]], [a[1], b[1]])
    if path.length_m < 1000.0 or path.length_m > 19_000_000.0:
        return
    s = part * path.length_m
    whole = join([section(path, 0.0, s), section(path, s, path.length_m)])
    assert abs(whole.length_m - path.length_m) < 1.0
    assert headings(path).shape == (path.s.size - 1,)
