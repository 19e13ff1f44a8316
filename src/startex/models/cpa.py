"""Closest point of approach, times within a range, and courses to intercept.

Equation::

    t_cpa = -(r . v) / (v . v)        d_cpa = |r + v t_cpa|
    |r + v t| = R  at  t = t_cpa -+ sqrt(R^2 - d_cpa^2) / |v|
    |r + u t| = s t                   (intercept: the first t from 0 on)

``r`` offset of the target from own position (m), ``v`` its velocity relative to own (m/s), ``R``
a range (m), ``u`` velocity of the target over the ground, ``s`` speed of the interceptor.

Source: vector form of US NIMA Pub. 217 / NGA Pub. 1310, "Radar Navigation and Maneuvering Board
Manual".

Validity: constant velocities on a plane (or in space): for legs that are short against the earth.
A negative ``t_cpa`` lies in the past: the range opens.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Approach:
    """Closest approach of pairs. Arrays of one shape; ``offset_m`` has the components added.

    ``time_s`` is 0 where there is no relative motion. ``offset_m`` is where the target is then.
    """

    time_s: Float64
    distance_m: Float64
    offset_m: Float64


@dataclass(frozen=True, slots=True)
class Encounter:
    """Two ships as on the maneuvering board, arrays of one shape.

    ``bearing_deg`` is that of the target at the closest point, in [0, 360); it has no meaning
    where ``distance_m`` is 0.
    """

    time_s: Float64
    distance_m: Float64
    bearing_deg: Float64
    relative_speed_m_s: Float64
    relative_course_deg: Float64


@dataclass(frozen=True, slots=True)
class Passage:
    """When a range is entered and left, seconds, arrays of one shape; see `time_within`."""

    enter_s: Float64
    leave_s: Float64


@dataclass(frozen=True, slots=True)
class Intercept:
    """Course in [0, 360) and time to meet a target, arrays of one shape; nan where it escapes."""

    course_deg: Float64
    time_s: Float64


def course_vector(course_deg: npt.ArrayLike, length: npt.ArrayLike) -> Float64:
    """Return (east, north) components, shape (..., 2), of a course or bearing and a length."""
    course, size = np.broadcast_arrays(
        np.radians(within("course_deg", course_deg)), within("length", length)
    )
    return np.stack([size * np.sin(course), size * np.cos(course)], axis=-1)


def closest_approach(offset_m: npt.ArrayLike, velocity_m_s: npt.ArrayLike) -> Approach:
    """Return the closest approach of targets.

    ``offset_m`` from own position and ``velocity_m_s`` relative to own, shape (..., k), with k
    components on the last axis (2 or 3); they broadcast.
    """
    offset, velocity = _vectors(offset_m, velocity_m_s)
    time = _time(offset, velocity)
    then = offset + velocity * time[..., None]
    return Approach(time, _size(then), then)


def encounter(
    own_course_deg: npt.ArrayLike,
    own_speed_m_s: npt.ArrayLike,
    bearing_deg: npt.ArrayLike,
    range_m: npt.ArrayLike,
    target_course_deg: npt.ArrayLike,
    target_speed_m_s: npt.ArrayLike,
) -> Encounter:
    """Return the closest approach of two ships, and the relative motion; arguments broadcast."""
    offset = course_vector(bearing_deg, within("range_m", range_m, 0))
    velocity = course_vector(
        target_course_deg, within("target_speed_m_s", target_speed_m_s, 0)
    ) - course_vector(own_course_deg, within("own_speed_m_s", own_speed_m_s, 0))
    found = closest_approach(offset, velocity)
    speed, course = np.broadcast_arrays(_size(velocity), _bearing(velocity))
    columns = np.broadcast_arrays(
        found.time_s, found.distance_m, _bearing(found.offset_m), speed, course
    )
    return Encounter(*columns)


def separation_m(
    offset_m: npt.ArrayLike, velocity_m_s: npt.ArrayLike, time_s: npt.ArrayLike
) -> Float64:
    """Return the distance of targets after a time; vectors as in `closest_approach`."""
    offset, velocity = _vectors(offset_m, velocity_m_s)
    return _size(offset + velocity * within("time_s", time_s)[..., None])


def time_within(
    offset_m: npt.ArrayLike, velocity_m_s: npt.ArrayLike, range_m: npt.ArrayLike
) -> Passage:
    """Return when targets come within a range and when they leave it.

    Vectors as in `closest_approach`; ``range_m`` broadcasts against their leading axes. Times may
    be negative (in the past). nan where the range is never entered; minus and plus infinity
    where there is no relative motion and the target is within.
    """
    offset, velocity = _vectors(offset_m, velocity_m_s)
    limit = within("range_m", range_m, 0)
    middle = _time(offset, velocity)
    miss, speed = _size(offset + velocity * middle[..., None]), _size(velocity)
    # (R - d)(R + d) keeps its digits where the range is only grazed
    inside = (limit - miss) * (limit + miss)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = np.where(speed > 0, np.sqrt(np.maximum(inside, 0.0)) / speed, np.inf)
        half = np.where(inside >= 0, half, np.nan)
    return Passage(*np.broadcast_arrays(middle - half, middle + half))


def intercept(
    offset_m: npt.ArrayLike, target_velocity_m_s: npt.ArrayLike, speed_m_s: npt.ArrayLike
) -> Intercept:
    """Return the course that meets a target first, and when.

    Parameters
    ----------
    offset_m, target_velocity_m_s
        Of the target from the interceptor, and over the ground; (east, north), shape (..., 2).
    speed_m_s
        Of the interceptor; broadcasts against the leading axes.
    """
    offset, velocity = _vectors(offset_m, target_velocity_m_s)
    if offset.shape[-1] != 2:
        raise OutsideValidityError(
            f"offset_m has {offset.shape[-1]} components; courses need (east, north)"
        )
    speed = within("speed_m_s", speed_m_s, 0)
    closing = -np.sum(offset * velocity, axis=-1)
    distance2 = np.sum(offset**2, axis=-1)
    excess = (speed - _size(velocity)) * (speed + _size(velocity))
    root = closing**2 + excess * distance2
    with np.errstate(divide="ignore", invalid="ignore"):
        ahead, chase = np.sqrt(root) + closing, np.sqrt(root) - closing
        # the same root in two forms: each loses its digits where the other keeps them
        time = np.where(ahead > 0, distance2 / ahead, np.nan)
        time = np.where((closing < 0) & (excess > 0), chase / excess, time)
    time = np.where(distance2 == 0, 0.0, time)
    meeting = offset + velocity * time[..., None]
    course = np.where(np.isnan(time), np.nan, _bearing(meeting))
    return Intercept(*np.broadcast_arrays(course, time))


def _vectors(first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[Float64, Float64]:
    offset, velocity = within("offset_m", first), within("velocity_m_s", second)
    if offset.ndim == 0 or velocity.ndim == 0 or offset.shape[-1] != velocity.shape[-1]:
        raise OutsideValidityError(
            f"offset_m and velocity_m_s have shapes {offset.shape} and {velocity.shape}; "
            "vectors have the same number of components on the last axis"
        )
    one, two = np.broadcast_arrays(offset, velocity)
    return one, two


def _time(offset: Float64, velocity: Float64) -> Float64:
    square = np.sum(velocity**2, axis=-1)
    still = square == 0
    time: Float64 = -np.sum(offset * velocity, axis=-1) / np.where(still, 1.0, square)
    return np.where(still, 0.0, time)


def _size(vector: Float64) -> Float64:
    return np.asarray(np.linalg.norm(vector, axis=-1))


def _bearing(vector: Float64) -> Float64:
    turned = np.mod(np.degrees(np.arctan2(vector[..., 0], vector[..., 1])), 360.0)
    return np.where(turned >= 360.0, 0.0, turned)
