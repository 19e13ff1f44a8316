"""Rhumb lines on a sphere: the way of one constant course.

Equation::

    dpsi = ln(tan(p2 / 2 + pi / 4) / tan(p1 / 2 + pi / 4))
    q = dp / dpsi  (cos p1 where the course is due east or west)
    d = sqrt(dp^2 + q^2 dl^2)      c = atan2(dl, dpsi)

``p`` latitude, ``dp`` and ``dl`` differences of latitude and longitude (the short way round),
``psi`` stretched latitude of Mercator's chart, ``d`` central length of the line, ``c`` course.

Source: Ed Williams, "Aviation Formulary" V1.46, rhumb line navigation.

Validity: a sphere; neither end at a pole. Left out: the ellipsoid.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.greatcircle import MEAN_RADIUS_M, Point, wrap_course
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

_POLE_DEG = 90.0 - 1e-9


def rhumb_distance_m(
    lat1_deg: npt.ArrayLike,
    lon1_deg: npt.ArrayLike,
    lat2_deg: npt.ArrayLike,
    lon2_deg: npt.ArrayLike,
    radius_m: npt.ArrayLike = MEAN_RADIUS_M,
) -> Float64:
    """Return the length of the rhumb line between points, metres; arguments broadcast."""
    p1, p2, east = _pair(lat1_deg, lon1_deg, lat2_deg, lon2_deg)
    length: Float64 = np.hypot(p2 - p1, _shrink(p1, p2) * east) * within(
        "radius_m", radius_m, 0, above=True
    )
    return length


def rhumb_course_deg(
    lat1_deg: npt.ArrayLike,
    lon1_deg: npt.ArrayLike,
    lat2_deg: npt.ArrayLike,
    lon2_deg: npt.ArrayLike,
) -> Float64:
    """Return the true course of the rhumb line between points, [0, 360); broadcasts."""
    p1, p2, east = _pair(lat1_deg, lon1_deg, lat2_deg, lon2_deg)
    return wrap_course(np.degrees(np.arctan2(_shrink(p1, p2) * east, p2 - p1)))


def rhumb_destination(
    lat_deg: npt.ArrayLike,
    lon_deg: npt.ArrayLike,
    course_deg: npt.ArrayLike,
    distance_m: npt.ArrayLike,
    radius_m: npt.ArrayLike = MEAN_RADIUS_M,
) -> Point:
    """Return where a constant course leads; arguments broadcast.

    Raises
    ------
    OutsideValidityError
        If a line would run into a pole.
    """
    p1 = np.radians(within("lat_deg", lat_deg, -_POLE_DEG, _POLE_DEG))
    course = np.radians(within("course_deg", course_deg))
    angle = within("distance_m", distance_m) / within("radius_m", radius_m, 0, above=True)
    p2 = p1 + angle * np.cos(course)
    if (np.abs(p2) > np.radians(_POLE_DEG)).any():
        raise OutsideValidityError(
            "distance_m leads a rhumb line over a pole; the model holds short of the poles"
        )
    lon = within("lon_deg", lon_deg) + np.degrees(angle * np.sin(course) / _shrink(p1, p2))
    wrapped = wrap_course(lon + 180.0) - 180.0
    return Point(*np.broadcast_arrays(np.degrees(p2), wrapped))


def _pair(
    lat1: npt.ArrayLike, lon1: npt.ArrayLike, lat2: npt.ArrayLike, lon2: npt.ArrayLike
) -> tuple[Float64, Float64, Float64]:
    p1 = np.radians(within("lat1_deg", lat1, -_POLE_DEG, _POLE_DEG))
    p2 = np.radians(within("lat2_deg", lat2, -_POLE_DEG, _POLE_DEG))
    degrees = within("lon2_deg", lon2) - within("lon1_deg", lon1)
    return p1, p2, np.radians(wrap_course(degrees + 180.0) - 180.0)


def _shrink(p1: Float64, p2: Float64) -> Float64:
    """Return q: how much shorter than on the equator a difference of longitude is on the line."""
    stretched = np.arcsinh(np.tan(p2)) - np.arcsinh(np.tan(p1))
    level = np.abs(p2 - p1) < 1e-7  # the quotient has lost its digits; the middle is good to 1e-14
    q: Float64 = np.where(
        level, np.cos(0.5 * (p1 + p2)), (p2 - p1) / np.where(level, 1.0, stretched)
    )
    return q
