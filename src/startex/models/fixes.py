"""Fixes: how far a position taken by bearing and range is off, and how that grows with age.

Equation::

    s_across = R s_b          s_along = sqrt(s_r^2 + (k R)^2)
    s = sqrt((s_across^2 + s_along^2) / 2)      d_rms = s sqrt(2)
    s(tau)^2 = s^2 + (v tau)^2 / 2

``R`` range, ``s_b`` standard deviation of the bearing (rad), ``s_r`` and ``k`` those of the range,
constant (m) and in proportion to it; ``s`` standard deviation of each coordinate of a round error
of the same mean square, so that the mean square distance between the fix and the truth is
``2 s^2``; ``tau`` age (s), ``v`` speed (m/s) of a target of which the course is not known: after
``tau`` it lies on a circle of radius ``v tau`` about the datum, any direction as likely, which adds
half the square of the radius to the variance of each coordinate.

Source: error ellipse and d_rms of a fix: Bowditch, NGA Pub. 9, appendix on navigational errors;
the expanding datum: Koopman, "Search and Screening" (OEG Report 56, 1946), chapter 1; Washburn,
"Search and Detection".

Validity: bearings within some degrees and ranges to 1,000 km: offsets are laid off on the plane
that touches the ellipsoid at the target. Left out: the error of the own position, correlation
between fixes, filters that make a track better than its last fix.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from startex.foundation.streams import Stream, box_muller, normal, uniform, uniforms_one
from startex.geography.neighbours import ECCENTRICITY2, SEMI_MAJOR_M
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

MAX_RANGE_M = 1e6


def fix_deviations_m(
    range_m: npt.ArrayLike,
    bearing_error_deg: npt.ArrayLike,
    range_error_m: npt.ArrayLike,
    range_error_share: npt.ArrayLike,
) -> tuple[Float64, Float64]:
    """Return the standard deviations across and along the line of sight, m; they broadcast."""
    far = within("range_m", range_m, 0, MAX_RANGE_M)
    across: Float64 = far * np.radians(within("bearing_error_deg", bearing_error_deg, 0, 90))
    along: Float64 = np.hypot(
        within("range_error_m", range_error_m, 0),
        far * within("range_error_share", range_error_share, 0),
    )
    return across, along


def standard_error_m(across_m: npt.ArrayLike, along_m: npt.ArrayLike) -> Float64:
    """Return the standard deviation of each coordinate of the round error, m; they broadcast."""
    a, b = within("across_m", across_m, 0), within("along_m", along_m, 0)
    error: Float64 = np.sqrt(0.5 * (a * a + b * b))
    return error


def aged_error_m(error_m: npt.ArrayLike, age_s: npt.ArrayLike, speed_m_s: npt.ArrayLike) -> Float64:
    """Return the standard error of a fix of an age, m: the expanding datum; they broadcast."""
    gone = within("age_s", age_s, 0) * within("speed_m_s", speed_m_s, 0)
    error: Float64 = np.sqrt(within("error_m", error_m, 0) ** 2 + 0.5 * gone * gone)
    return error


def displaced(
    lat: npt.ArrayLike,
    lon: npt.ArrayLike,
    observer_lat: npt.ArrayLike,
    observer_lon: npt.ArrayLike,
    across_m: npt.ArrayLike,
    along_m: npt.ArrayLike,
) -> tuple[Float64, Float64]:
    """Return positions moved across (to the right) and along the line of sight, degrees.

    Parameters
    ----------
    lat, lon
        What is moved, degrees.
    observer_lat, observer_lon
        From where it is seen, degrees; broadcast.
    across_m, along_m
        How far, m.

    Returns
    -------
    Latitude (within the poles) and longitude (-180 to 180).
    """
    side, ahead = np.asarray(across_m, np.float64), np.asarray(along_m, np.float64)
    phi = np.asarray(lat, dtype=np.float64)
    other, east_of = np.asarray(lon, dtype=np.float64), np.asarray(observer_lon, dtype=np.float64)
    own = np.asarray(observer_lat, dtype=np.float64)
    turn = (other - east_of + 180.0) % 360.0 - 180.0
    north, east = phi - own, turn * np.cos(np.radians(0.5 * (phi + own)))
    length = np.hypot(north, east)
    far = np.where(length > 0.0, length, 1.0)
    north, east = np.where(length > 0.0, north / far, 1.0), east / far
    up, right = ahead * north - side * east, ahead * east + side * north
    root = np.sqrt(1.0 - ECCENTRICITY2 * np.sin(np.radians(phi)) ** 2)
    meridian = SEMI_MAJOR_M * (1.0 - ECCENTRICITY2) / root**3
    parallel = SEMI_MAJOR_M / root * np.maximum(np.cos(np.radians(phi)), 1e-3)
    moved: Float64 = np.clip(phi + np.degrees(up / meridian), -90.0, 90.0)
    around: Float64 = (other + np.degrees(right / parallel) + 180.0) % 360.0 - 180.0
    return moved, around


def drawn_fix(
    seed: int,
    keys: npt.ArrayLike,
    second: npt.ArrayLike,
    target: tuple[npt.ArrayLike, npt.ArrayLike],
    observer: tuple[npt.ArrayLike, npt.ArrayLike],
    range_m: npt.ArrayLike,
    errors: npt.ArrayLike,
) -> tuple[Float64, Float64, Float64]:
    """Return where targets are reported, and the standard errors of that, shape (k,).

    Parameters
    ----------
    seed, keys, second
        Of the draws (`Stream.FIX`): key of each pair of observer and target, shape (k,), and the
        time in whole seconds since the start of the exercise, one or shape (k,).
    target, observer
        Latitudes and longitudes, degrees, shape (k,).
    range_m
        Between them, shape (k,).
    errors
        Of bearing (degrees), of range (m), of range by range: shape (3, k).

    Returns
    -------
    Latitude and longitude, degrees; standard error, m. Both errors are normal; a target is never
    reported behind the observer.
    """
    bearing, constant, share = np.asarray(errors, dtype=np.float64)
    across, along = fix_deviations_m(range_m, bearing, constant, share)
    times = np.broadcast_to(2 * np.asarray(second, dtype=np.int64), np.shape(keys))
    draws = normal(seed, Stream.FIX, keys, np.stack([times, times + 1]))
    off = np.maximum(along * draws[1], -np.asarray(range_m, dtype=np.float64))
    lat, lon = displaced(*target, *observer, across * draws[0], off)
    return lat, lon, standard_error_m(across, along)


def fix_draws(seed: int, keys: Sequence[int], seconds: Sequence[int]) -> list[tuple[float, float]]:
    """Return the standard normal errors across and along of fixes that `drawn_fix` draws."""
    if len(keys) <= 2:
        few = []
        for key, s in zip(keys, seconds, strict=True):
            a, b, c, d = uniforms_one(seed, Stream.FIX, key, 4 * s, 4)
            few.append((box_muller(a, b), box_muller(c, d)))
        return few
    counters = 4 * np.asarray(seconds, dtype=np.int64)[:, None] + np.arange(4)
    chances = uniform(seed, Stream.FIX, np.array(keys, dtype=np.uint64)[:, None], counters)
    return [(box_muller(a, b), box_muller(c, d)) for a, b, c, d in chances.tolist()]


def drawn_fix_of_one(
    draws: tuple[float, float],
    target: tuple[float, float],
    observer: tuple[float, float],
    range_m: float,
    errors: tuple[float, float, float],
) -> tuple[float, float, float]:
    """Return what `drawn_fix` does for one pair, but for the last digits: a tenth of the time.

    ``draws``: of `fix_draws`.

    Raises
    ------
    OutsideValidityError
        If range or errors are out of what the model holds for.
    """
    bearing, constant, share = errors
    if not (0.0 <= range_m <= MAX_RANGE_M and 0.0 <= bearing <= 90.0 and constant >= 0.0 <= share):
        fix_deviations_m(range_m, bearing, constant, share)  # says what is wrong
    across, along = range_m * math.radians(bearing), math.hypot(constant, range_m * share)
    side, ahead = across * draws[0], max(along * draws[1], -range_m)
    phi, turn = target[0], (target[1] - observer[1] + 180.0) % 360.0 - 180.0
    north, east = phi - observer[0], turn * math.cos(math.radians(0.5 * (phi + observer[0])))
    length = math.hypot(north, east)
    north, east = (north / length, east / length) if length > 0.0 else (1.0, east)
    up, right = ahead * north - side * east, ahead * east + side * north
    root = math.sqrt(1.0 - ECCENTRICITY2 * math.sin(math.radians(phi)) ** 2)
    meridian = SEMI_MAJOR_M * (1.0 - ECCENTRICITY2) / root**3
    parallel = SEMI_MAJOR_M / root * max(math.cos(math.radians(phi)), 1e-3)
    lat = min(max(phi + math.degrees(up / meridian), -90.0), 90.0)
    lon = (target[1] + math.degrees(right / parallel) + 180.0) % 360.0 - 180.0
    return lat, lon, math.sqrt(0.5 * (across * across + along * along))
