"""Straight ways along the geodesic, cut into legs as needed."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from startex.engine.effects import MODE_CODE, Legs
from startex.engine.systems.kernels import (
    ALTITUDE_DECIMALS,
    column,
    no_legs,
    rounded,
    select,
    travel_ms,
)
from startex.geography.geodesy import direct, inverse
from startex.geography.paths import POSITION_DECIMALS

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

HOP_ERROR_M = 0.5
"""A hop is cut so that the straight line in (lat, lon) stays this near to the geodesic."""

_EARTH_RADIUS_M = 6_371_009.0  # mean radius; only sizes the pieces of a hop


def hop(
    rows: npt.ArrayLike,
    lat0: npt.ArrayLike,
    lon0: npt.ArrayLike,
    lat1: npt.ArrayLike,
    lon1: npt.ArrayLike,
    *,
    t0: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    mode: str,
    alt_m: npt.ArrayLike = 0.0,
) -> Legs:
    """Return straight ways along the geodesic, one for each row, cut into legs as needed.

    Parameters
    ----------
    rows
        Entity rows, shape (n,).
    lat0, lon0, lat1, lon1
        From and to, degrees; scalars or shape (n,).
    t0, speed_m_s, alt_m
        Start in ms, speed, height; scalars or shape (n,).
    mode
        One of `engine.effects.MODES`.

    Returns
    -------
    Legs
        Those of one row together. A row that already stands there has none.
    """
    row = np.asarray(rows, dtype=np.int32)
    if row.size == 0:
        return no_legs()
    a_lat, a_lon, b_lat, b_lon = (
        column(rounded(values, POSITION_DECIMALS), row.shape, np.float64)
        for values in (lat0, lon0, lat1, lon1)
    )
    return hop_along(
        row,
        (a_lat, a_lon),
        (b_lat, b_lon),
        inverse(a_lat, a_lon, b_lat, b_lon),
        t0=column(t0, row.shape, np.int64),
        speed_m_s=column(speed_m_s, row.shape, np.float64),
        mode=np.full(row.shape, MODE_CODE[mode], dtype=np.int8),
        alt_m=column(rounded(alt_m, ALTITUDE_DECIMALS), row.shape, np.float64),
    )


def hop_along(
    row: Int32,
    start: tuple[Float64, Float64],
    goal: tuple[Float64, Float64],
    way: tuple[Float64, Float64],
    *,
    t0: Int64,
    speed_m_s: Float64,
    mode: Int8,
    alt_m: Float64,
) -> Legs:
    """Return `hop` where all is at hand: columns of one shape, rounded as recorded.

    ``start`` and ``goal`` are (lat, lon), ``way`` what `geodesy.inverse` says of them; ``mode`` is
    a code.
    """
    (a_lat, a_lon), (b_lat, b_lon), (azimuth, distance) = start, goal, way
    if distance.min() < 0.01:
        distance = np.where((a_lat == b_lat) & (a_lon == b_lon), 0.0, distance)
    turns = np.round((a_lon - b_lon) / 360.0)
    if turns.any():  # the near way over the date line
        b_lon = rounded(b_lon + 360.0 * turns, POSITION_DECIMALS)
    if distance.max() <= _least_piece_m(a_lat, b_lat):
        end = t0 + travel_ms(distance, speed_m_s)
        legs = Legs(row, t0, end, a_lat, a_lon, alt_m, b_lat, b_lon, alt_m, mode)
        lasting = end > t0
        return legs if lasting.all() else select(legs, lasting)
    pieces = _pieces(distance, a_lat, b_lat)
    of = np.repeat(np.arange(row.size), pieces)
    number = np.arange(of.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step = distance[of] / pieces[of]
    lat, lon = direct(a_lat[of], a_lon[of], azimuth[of], step * number)
    lat, lon = np.round(lat, POSITION_DECIMALS), np.round(lon, POSITION_DECIMALS)
    lon = lon + 360.0 * np.round((a_lon[of] - lon) / 360.0)
    first, last = number == 0, number == pieces[of] - 1
    lat = np.where(first, a_lat[of], lat)
    lon = np.where(first, a_lon[of], lon)
    lat_end = np.where(last, b_lat[of], np.roll(lat, -1))
    lon_end = np.where(last, b_lon[of], np.roll(lon, -1))
    spent = travel_ms(step, speed_m_s[of])  # equal pieces
    begin = t0[of] + spent * number
    height = alt_m[of]
    legs = Legs(
        row[of], begin, begin + spent,
        lat, rounded(lon, POSITION_DECIMALS), height,
        lat_end, rounded(lon_end, POSITION_DECIMALS), height, mode[of],
    )  # fmt: skip
    return legs if spent.all() else select(legs, spent > 0)


def _longest_piece_m(slope: npt.ArrayLike) -> Float64:
    """Return how long a leg may be where the tangent of the latitude is so much."""
    return np.sqrt(8.0 * _EARTH_RADIUS_M * HOP_ERROR_M / np.asarray(slope))


def _least_piece_m(lat0: Float64, lat1: Float64) -> float:
    """Return a length up to which none of many geodesics must be cut, by the highest latitude."""
    highest = max(abs(lat0.max()), abs(lat0.min()), abs(lat1.max()), abs(lat1.min()))
    slope = math.tan(math.radians(min(max(highest, 1.0), 89.0)))
    return 0.999 * float(_longest_piece_m(slope))


def _pieces(distance_m: Float64, lat0: Float64, lat1: Float64) -> Int64:
    """Return into how many legs geodesics must be cut, from the sagitta of a parallel."""
    slope = np.tan(np.radians(np.maximum(np.abs(lat0), np.abs(lat1)).clip(1.0, 89.0)))
    pieces: Int64 = np.maximum(1, np.ceil(distance_m / _longest_piece_m(slope))).astype(np.int64)
    return pieces
