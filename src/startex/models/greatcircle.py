"""Great circles on a sphere: distance, courses, way points, cross-track and along-track distance.

Equation::

    d = atan2(|a x b|, a . b)
    c = atan2(sin(l2 - l1) cos p2, cos p1 sin p2 - sin p1 cos p2 cos(l2 - l1))
    sin p = sin p1 cos d + cos p1 sin d cos c
    way point at fraction f: sin((1 - f) d) / sin d a + sin(f d) / sin d b
    sin x = sin d_AD sin(c_AD - c_AB)      tan y = tan d_AD cos(c_AD - c_AB)

``p`` latitude, ``l`` longitude, ``a, b`` unit vectors of two points, ``d`` central angle, ``c``
true course at the first point, ``x`` cross-track (right positive) and ``y`` along-track angle of a
point D off the way from A to B. A distance is its angle times the radius of the sphere.

Source: Ed Williams, "Aviation Formulary" V1.46; the forms by atan2 hold at all distances.

Validity: a sphere; against WGS-84 distances are up to 0.56 % off. `startex.models.geodesic` has
the ellipsoid. Left out: height, wind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

MEAN_RADIUS_M = 6_371_008.8
"""Mean radius of WGS-84 (IUGG)."""

NAUTICAL_RADIUS_M = 1852.0 * 180.0 * 60.0 / np.pi
"""Radius of the sphere on which a minute of arc is a nautical mile."""


@dataclass(frozen=True, slots=True)
class Point:
    """Points on the sphere, arrays of one shape; longitude in [-180, 180)."""

    lat_deg: Float64
    lon_deg: Float64


@dataclass(frozen=True, slots=True)
class TrackOffset:
    """A point against a way, arrays of one shape: right of it and along it, both may be negative.

    ``along_track_m`` is that of the nearest point of the great circle, from the start of the way.
    """

    cross_track_m: Float64
    along_track_m: Float64


def central_angle_rad(
    lat1_deg: npt.ArrayLike,
    lon1_deg: npt.ArrayLike,
    lat2_deg: npt.ArrayLike,
    lon2_deg: npt.ArrayLike,
) -> Float64:
    """Return the angle between points at the centre of the sphere, radians; broadcasts."""
    p1, p2, turn = _pair(lat1_deg, lon1_deg, lat2_deg, lon2_deg)
    across, north = _step(p1, p2, turn)
    ahead = np.sin(p1) * np.sin(p2) + np.cos(p1) * np.cos(p2) * np.cos(turn)
    angle: Float64 = np.arctan2(np.hypot(across, north), ahead)
    return angle


def distance_m(
    lat1_deg: npt.ArrayLike,
    lon1_deg: npt.ArrayLike,
    lat2_deg: npt.ArrayLike,
    lon2_deg: npt.ArrayLike,
    radius_m: npt.ArrayLike = MEAN_RADIUS_M,
) -> Float64:
    """Return the great-circle distance between points, metres; arguments broadcast."""
    distance: Float64 = central_angle_rad(lat1_deg, lon1_deg, lat2_deg, lon2_deg) * _radius(
        radius_m
    )
    return distance


def initial_course_deg(
    lat1_deg: npt.ArrayLike,
    lon1_deg: npt.ArrayLike,
    lat2_deg: npt.ArrayLike,
    lon2_deg: npt.ArrayLike,
) -> Float64:
    """Return the true course at the first point, degrees in [0, 360); broadcasts.

    At a pole the course counts from the meridian of ``lon1_deg``; it is 0 between equal points.
    """
    p1, p2, turn = _pair(lat1_deg, lon1_deg, lat2_deg, lon2_deg)
    return _course(p1, p2, turn)


def final_course_deg(
    lat1_deg: npt.ArrayLike,
    lon1_deg: npt.ArrayLike,
    lat2_deg: npt.ArrayLike,
    lon2_deg: npt.ArrayLike,
) -> Float64:
    """Return the true course on arrival at the second point, degrees in [0, 360); broadcasts."""
    p1, p2, turn = _pair(lat1_deg, lon1_deg, lat2_deg, lon2_deg)
    return wrap_course(_course(p2, p1, -turn) + 180.0)


def destination(
    lat_deg: npt.ArrayLike,
    lon_deg: npt.ArrayLike,
    course_deg: npt.ArrayLike,
    distance_m: npt.ArrayLike,
    radius_m: npt.ArrayLike = MEAN_RADIUS_M,
) -> Point:
    """Return the points at a distance along great circles of an initial course; broadcasts."""
    p1, l1 = np.radians(_lat("lat_deg", lat_deg)), np.radians(within("lon_deg", lon_deg))
    course = np.radians(within("course_deg", course_deg))
    angle = within("distance_m", distance_m) / _radius(radius_m)
    ahead, aside = np.cos(angle), np.sin(angle)
    # in the meridian plane of the start: out of the axis, to the east, to the north pole
    out = np.cos(p1) * ahead - np.sin(p1) * aside * np.cos(course)
    east = aside * np.sin(course)
    up = np.sin(p1) * ahead + np.cos(p1) * aside * np.cos(course)
    lat = np.degrees(np.arctan2(up, np.hypot(out, east)))
    lon = _wrap_lon(np.degrees(l1 + np.arctan2(east, out)))
    return Point(*np.broadcast_arrays(lat, lon))


def intermediate_point(
    lat1_deg: npt.ArrayLike,
    lon1_deg: npt.ArrayLike,
    lat2_deg: npt.ArrayLike,
    lon2_deg: npt.ArrayLike,
    fraction: npt.ArrayLike,
) -> Point:
    """Return the way points at fractions (0 to 1) of the great circle between points; broadcasts.

    Between antipodal points, which many great circles join, it takes the one of
    `initial_course_deg`.
    """
    share = within("fraction", fraction, 0, 1)
    angle = central_angle_rad(lat1_deg, lon1_deg, lat2_deg, lon2_deg)
    course = initial_course_deg(lat1_deg, lon1_deg, lat2_deg, lon2_deg)
    return destination(lat1_deg, lon1_deg, course, share * angle, 1.0)


def track_offset(
    start_lat_deg: npt.ArrayLike,
    start_lon_deg: npt.ArrayLike,
    end_lat_deg: npt.ArrayLike,
    end_lon_deg: npt.ArrayLike,
    lat_deg: npt.ArrayLike,
    lon_deg: npt.ArrayLike,
    radius_m: npt.ArrayLike = MEAN_RADIUS_M,
) -> TrackOffset:
    """Return cross-track and along-track distance of points off a way; arguments broadcast."""
    planned = initial_course_deg(start_lat_deg, start_lon_deg, end_lat_deg, end_lon_deg)
    return radial_offset(start_lat_deg, start_lon_deg, planned, lat_deg, lon_deg, radius_m)


def radial_offset(
    start_lat_deg: npt.ArrayLike,
    start_lon_deg: npt.ArrayLike,
    course_deg: npt.ArrayLike,
    lat_deg: npt.ArrayLike,
    lon_deg: npt.ArrayLike,
    radius_m: npt.ArrayLike = MEAN_RADIUS_M,
) -> TrackOffset:
    """Return cross-track and along-track distance of points off a way of given initial course."""
    radius = _radius(radius_m)
    angle = central_angle_rad(start_lat_deg, start_lon_deg, lat_deg, lon_deg)
    seen = initial_course_deg(start_lat_deg, start_lon_deg, lat_deg, lon_deg)
    aside = np.radians(seen - within("course_deg", course_deg))
    cross = np.arctan2(
        np.sin(angle) * np.sin(aside), np.hypot(np.cos(angle), np.sin(angle) * np.cos(aside))
    )
    along = np.arctan2(np.sin(angle) * np.cos(aside), np.cos(angle))
    return TrackOffset(*np.broadcast_arrays(cross * radius, along * radius))


def latitude_at_longitude_deg(
    lat1_deg: npt.ArrayLike,
    lon1_deg: npt.ArrayLike,
    lat2_deg: npt.ArrayLike,
    lon2_deg: npt.ArrayLike,
    lon_deg: npt.ArrayLike,
) -> Float64:
    """Return where the great circle through two points crosses a meridian, degrees; broadcasts.

    nan where both points lie on one meridian: the circle has all of its latitudes, or none other.
    """
    p1, p2, turn = _pair(lat1_deg, lon1_deg, lat2_deg, lon2_deg)
    away = np.radians(within("lon_deg", lon_deg) - np.asarray(lon1_deg, np.float64))
    slope = np.tan(p1) * np.sin(turn - away) + np.tan(p2) * np.sin(away)
    along = np.abs(np.sin(turn)) < 1e-12
    with np.errstate(divide="ignore", invalid="ignore"):
        lat: Float64 = np.degrees(np.arctan(slope / np.where(along, np.nan, np.sin(turn))))
    return lat


def highest_latitude_deg(lat_deg: npt.ArrayLike, course_deg: npt.ArrayLike) -> Float64:
    """Return the highest latitude that a great circle reaches (Clairaut), degrees; broadcasts."""
    aside = np.abs(np.sin(np.radians(within("course_deg", course_deg))))
    start = np.radians(_lat("lat_deg", lat_deg))
    lat: Float64 = np.degrees(np.arccos(np.minimum(aside * np.cos(start), 1.0)))
    return lat


def intersection(
    lat1_deg: npt.ArrayLike,
    lon1_deg: npt.ArrayLike,
    course1_deg: npt.ArrayLike,
    lat2_deg: npt.ArrayLike,
    lon2_deg: npt.ArrayLike,
    course2_deg: npt.ArrayLike,
) -> Point:
    """Return where two radials meet, the meeting ahead of both; arguments broadcast.

    nan where the great circles are the same, or where what lies ahead of one lies behind the
    other: within half a turn of the sphere they do not meet.
    """
    first, along1 = _ray(lat1_deg, lon1_deg, course1_deg)
    second, along2 = _ray(lat2_deg, lon2_deg, course2_deg)
    normal1, normal2 = np.cross(first, along1), np.cross(second, along2)
    meet = np.cross(normal1, normal2)
    size = np.linalg.norm(meet, axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        meet = np.where(size > 1e-12, meet / size, np.nan)
    ahead1 = np.sign(np.sum(meet * along1, axis=-1))
    ahead2 = np.sign(np.sum(meet * along2, axis=-1))
    meet = np.where((ahead1 * ahead2 > 0)[..., None], meet * ahead1[..., None], np.nan)
    lat = np.degrees(np.arctan2(meet[..., 2], np.hypot(meet[..., 0], meet[..., 1])))
    return Point(lat, _wrap_lon(np.degrees(np.arctan2(meet[..., 1], meet[..., 0]))))


def wrap_course(degrees: npt.ArrayLike) -> Float64:
    """Return courses in [0, 360)."""
    return _turned(within("degrees", degrees))


def _wrap_lon(degrees: Float64) -> Float64:
    return _turned(degrees + 180.0) - 180.0


def _turned(degrees: Float64) -> Float64:
    turned = np.mod(degrees, 360.0)
    return np.where(turned >= 360.0, 0.0, turned)  # a tiny negative angle rounds up to 360


def _lat(name: str, degrees: npt.ArrayLike) -> Float64:
    return within(name, degrees, -90.0, 90.0)


def _radius(radius_m: npt.ArrayLike) -> Float64:
    return within("radius_m", radius_m, 0, above=True)


def _pair(
    lat1: npt.ArrayLike, lon1: npt.ArrayLike, lat2: npt.ArrayLike, lon2: npt.ArrayLike
) -> tuple[Float64, Float64, Float64]:
    """Return latitudes and the difference of longitude, radians."""
    p1, p2 = np.radians(_lat("lat1_deg", lat1)), np.radians(_lat("lat2_deg", lat2))
    turn = np.radians(within("lon2_deg", lon2) - within("lon1_deg", lon1))
    return p1, p2, turn


def _course(p1: Float64, p2: Float64, turn: Float64) -> Float64:
    return wrap_course(np.degrees(np.arctan2(*_step(p1, p2, turn))))


def _step(p1: Float64, p2: Float64, turn: Float64) -> tuple[Float64, Float64]:
    """Return the second point's unit vector to the east and to the north at the first."""
    east: Float64 = np.cos(p2) * np.sin(turn)
    # cos p1 sin p2 - sin p1 cos p2 cos(turn), without the loss of digits between near points
    north: Float64 = np.sin(p2 - p1) + 2.0 * np.sin(p1) * np.cos(p2) * np.sin(0.5 * turn) ** 2
    return east, north


def _ray(lat: npt.ArrayLike, lon: npt.ArrayLike, course: npt.ArrayLike) -> tuple[Float64, Float64]:
    """Return unit vectors of a point and of its course there, each of shape (..., 3)."""
    p, m, c = np.broadcast_arrays(
        np.radians(_lat("lat_deg", lat)),
        np.radians(within("lon_deg", lon)),
        np.radians(within("course_deg", course)),
    )
    point = np.stack([np.cos(p) * np.cos(m), np.cos(p) * np.sin(m), np.sin(p)], axis=-1)
    north = np.stack([-np.sin(p) * np.cos(m), -np.sin(p) * np.sin(m), np.cos(p)], axis=-1)
    east = np.stack([-np.sin(m), np.cos(m), np.zeros_like(m)], axis=-1)
    return point, north * np.cos(c)[..., None] + east * np.sin(c)[..., None]
