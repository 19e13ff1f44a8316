"""Legs in columns: built, joined, halted, cut and read, always for many platforms at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.effects import MODE_CODE, Legs
from startex.geography.geodesy import direct, inverse
from startex.geography.paths import POSITION_DECIMALS, Path

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

ALTITUDE_DECIMALS = 1
"""Heights are kept to 0.1 m."""

HOP_ERROR_M = 0.5
"""A hop is cut so that the straight line in (lat, lon) stays this near to the geodesic."""

_EARTH_RADIUS_M = 6_371_009.0  # mean radius; only sizes the pieces of a hop
_COLUMNS = tuple(item.name for item in fields(Legs))


def _rounded(values: npt.ArrayLike, decimals: int) -> Float64:
    return np.asarray(np.asarray(values, dtype=np.float64).round(decimals))


def column(values: npt.ArrayLike, shape: tuple[int, ...], dtype: npt.DTypeLike) -> Any:
    """Return values as an array of a shape; one value fills it.

    Not by `numpy.broadcast_to` where that can be helped: most orders concern few platforms, and
    it costs more than the work on short columns.
    """
    array = np.asarray(values, dtype=dtype)
    if array.shape == shape:
        return array
    return np.full(shape, array) if array.ndim == 0 else np.broadcast_to(array, shape)


def no_legs() -> Legs:
    """Return legs of nobody."""
    time, number = np.empty(0, dtype=np.int64), np.empty(0)
    return Legs(
        np.empty(0, dtype=np.int32), time, time,
        number, number, number, number, number, number, np.empty(0, dtype=np.int8),
    )  # fmt: skip


def make_legs(
    entity: npt.ArrayLike,
    start: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    end: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    mode: str,
    *,
    alt0: npt.ArrayLike = 0.0,
    alt1: npt.ArrayLike | None = None,
) -> Legs:
    """Return legs of the right types, rounded as recorded; all arguments broadcast to ``entity``.

    ``start`` and ``end`` are (time in ms, latitude, longitude).

    Heights in metres; ``alt1`` defaults to ``alt0``. Legs without duration are dropped.
    """
    rows = np.asarray(entity, dtype=np.int32)

    def rounded(values: npt.ArrayLike, decimals: int) -> Float64:
        filled: Float64 = column(_rounded(values, decimals), rows.shape, np.float64)
        return filled

    def degrees(values: npt.ArrayLike) -> Float64:
        return rounded(values, POSITION_DECIMALS)

    height = rounded(alt0, ALTITUDE_DECIMALS)
    t0, t1 = (column(t[0], rows.shape, np.int64) for t in (start, end))
    legs = Legs(
        entity=rows,
        t0=t0,
        t1=t1,
        lat0=degrees(start[1]),
        lon0=degrees(start[2]),
        alt0=height,
        lat1=degrees(end[1]),
        lon1=degrees(end[2]),
        alt1=height if alt1 is None else rounded(alt1, ALTITUDE_DECIMALS),
        mode=np.full(rows.shape, MODE_CODE[mode], dtype=np.int8),
    )
    lasting = t1 > t0
    return legs if lasting.all() else select(legs, lasting)


def select(legs: Legs, index: npt.NDArray[np.generic] | slice) -> Legs:
    """Return the legs that a mask, an index array or a slice picks."""
    return Legs(*(getattr(legs, name)[index] for name in _COLUMNS))


def join(parts: Sequence[Legs]) -> Legs:
    """Return all legs, those of one entity together and in time order.

    Parameters
    ----------
    parts
        Any number of legs; those of one entity may be spread over several parts.
    """
    parts = [part for part in parts if part.entity.size]
    if not parts:
        return no_legs()
    whole = parts[0]
    if len(parts) > 1:
        whole = Legs(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS)
        )
    return in_order(whole)


def in_order(legs: Legs) -> Legs:
    """Return legs sorted by entity, then time; nearly always they are so already."""
    entity, t0 = legs.entity, legs.t0
    rising = (entity[1:] > entity[:-1]) | ((entity[1:] == entity[:-1]) & (t0[1:] >= t0[:-1]))
    return legs if rising.all() else select(legs, np.lexsort((t0, entity)))


def travel_ms(distance_m: npt.ArrayLike, speed_m_s: npt.ArrayLike) -> Int64:
    """Return the time for a distance, whole milliseconds, rounded up: never above the speed."""
    seconds = np.asarray(distance_m, dtype=np.float64) / np.asarray(speed_m_s, dtype=np.float64)
    # a billionth less keeps exact quotients such as 120.0 from being rounded up by one
    return np.ceil(seconds * 1000.0 - 1e-6).astype(np.int64)


def in_turn(ready_ms: npt.ArrayLike, interval_ms: int) -> Int64:
    """Return when each of a queue passes, in the order given: when ready, and an interval apart."""
    ready = np.asarray(ready_ms, dtype=np.int64)
    behind = np.arange(ready.size) * interval_ms
    passing: Int64 = np.maximum.accumulate(ready - behind) + behind
    return passing


def along_path(
    rows: npt.ArrayLike,
    path: Path,
    depart_ms: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    mode: str,
    *,
    alt_m: npt.ArrayLike = 0.0,
) -> Legs:
    """Return the legs of platforms that each run the whole path.

    Parameters
    ----------
    rows
        Entity rows, shape (n,), each once.
    path
        The way; k vertices.
    depart_ms, speed_m_s, alt_m
        Departure from the first vertex, speed and height; scalars or shape (n,).
    mode
        One of `engine.effects.MODES`.

    Returns
    -------
    Legs
        At most n (k - 1) legs, those of one row together, rows in the order given. Each leg
        takes the time of its length at the speed, rounded up to a millisecond.
    """
    row = np.asarray(rows, dtype=np.int32)
    speed = column(speed_m_s, row.shape, np.float64)
    depart = column(depart_ms, row.shape, np.int64)
    lengths = np.diff(path.s)
    moved = np.flatnonzero(lengths > 0.0)
    if moved.size == 0 or row.size == 0:
        return no_legs()
    if np.all(speed == speed[0]):
        spent = np.cumsum(travel_ms(lengths[moved], speed[0]))[None, :]
    else:
        spent = np.cumsum(travel_ms(lengths[moved][None, :], speed[:, None]), axis=1)
    n, k = row.size, moved.size
    ends = depart[:, None] + spent
    starts = np.empty_like(ends)
    starts[:, 0] = depart
    starts[:, 1:] = ends[:, :-1]
    height = np.repeat(column(_rounded(alt_m, ALTITUDE_DECIMALS), row.shape, np.float64), k)

    def each(vertices: Float64) -> Float64:
        return np.tile(vertices, n) if n > 1 else vertices

    legs = Legs(
        np.repeat(row, k), starts.ravel(), ends.ravel(),
        each(path.lat[moved]), each(path.lon[moved]), height,
        each(path.lat[moved + 1]), each(path.lon[moved + 1]), height,
        np.full(n * k, MODE_CODE[mode], dtype=np.int8),
    )  # fmt: skip
    lasting = legs.t1 > legs.t0
    return legs if lasting.all() else select(legs, lasting)


def path_ms(path: Path, speed_m_s: float) -> int:
    """Return how long `along_path` takes for the whole path, ms."""
    lengths = np.diff(path.s)
    return int(travel_ms(lengths[lengths > 0.0], speed_m_s).sum())


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
        column(_rounded(values, POSITION_DECIMALS), row.shape, np.float64)
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
        alt_m=column(_rounded(alt_m, ALTITUDE_DECIMALS), row.shape, np.float64),
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
        b_lon = _rounded(b_lon + 360.0 * turns, POSITION_DECIMALS)
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
        lat, _rounded(lon, POSITION_DECIMALS), height,
        lat_end, _rounded(lon_end, POSITION_DECIMALS), height, mode[of],
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


def ends(
    legs: Legs,
    rows: npt.ArrayLike,
    position: tuple[npt.ArrayLike, npt.ArrayLike],
    t: npt.ArrayLike,
) -> tuple[Int64, Float64, Float64]:
    """Return when and where each row's last leg ends; ``t`` and ``position`` for those without.

    Parameters
    ----------
    legs
        In any order.
    rows
        Entity rows, shape (n,).
    position
        Latitude and longitude, degrees; they and ``t`` (ms) broadcast to ``rows``.
    """
    row = np.asarray(rows, dtype=np.int32)
    if legs.entity.size == row.size and (legs.entity == row).all():  # nearly always one leg each
        only = row[1:] != row[:-1]
        if only.all():
            return legs.t1.copy(), legs.lat1.copy(), legs.lon1.copy()
    end = np.array(column(t, row.shape, np.int64))
    end_lat, end_lon = (np.array(column(p, row.shape, np.float64)) for p in position)
    if legs.entity.size:
        order = np.lexsort((legs.t0, legs.entity))
        entity = legs.entity[order]
        last = np.searchsorted(entity, row, side="right") - 1
        found = (last >= 0) & (entity[last] == row)
        at = order[last[found]]
        end[found] = legs.t1[at]
        end_lat[found], end_lon[found] = legs.lat1[at], legs.lon1[at]
    return end, end_lat, end_lon


def shift(legs: Legs, by_ms: npt.ArrayLike, rows: npt.ArrayLike | None = None) -> Legs:
    """Return legs moved in time: all by one number, or each row's (ascending ``rows``) by its own.

    Rows of the legs that are not among ``rows`` are an error of the caller and give nonsense.
    """
    by = np.asarray(by_ms, dtype=np.int64)
    if rows is not None:
        by = by[np.searchsorted(np.asarray(rows), legs.entity)]
    return replace(legs, t0=legs.t0 + by, t1=legs.t1 + by)


def truncate(legs: Legs, t: int) -> Legs:
    """Return the legs as far as they are run at ``t`` (ms)."""
    kept = select(legs, legs.t0 < t)
    over = kept.t1 > t
    share = np.where(over, (t - kept.t0) / (kept.t1 - kept.t0), 1.0)

    def cut(a: Float64, b: Float64, decimals: int) -> Float64:
        return np.where(over, np.round(a + (b - a) * share, decimals), b)

    return Legs(
        kept.entity,
        kept.t0,
        np.minimum(kept.t1, t),
        kept.lat0,
        kept.lon0,
        kept.alt0,
        cut(kept.lat0, kept.lat1, POSITION_DECIMALS),
        cut(kept.lon0, kept.lon1, POSITION_DECIMALS),
        cut(kept.alt0, kept.alt1, ALTITUDE_DECIMALS),
        kept.mode,
    )


def position_at(
    legs: Legs, rows: npt.ArrayLike, t: npt.ArrayLike
) -> tuple[Float64, Float64, Float64]:
    """Return latitude, longitude, height of each row at ``t``.

    Parameters
    ----------
    legs
        In any order.
    rows
        Entity rows, shape (n,).
    t
        Time in ms, scalar or shape (n,).

    Returns
    -------
    tuple of float64 arrays, shape (n,)
        Before the first leg the place where it begins; between legs and afterwards the place
        where the last one ended; nan for rows without legs.
    """
    row = np.asarray(rows, dtype=np.int32)
    when = np.broadcast_to(np.asarray(t, dtype=np.int64), row.shape)
    order = np.lexsort((legs.t0, legs.entity))
    entity, t0 = legs.entity[order], legs.t0[order]
    low, high = np.searchsorted(entity, row), np.searchsorted(entity, row, side="right")
    first = low.copy()
    for _ in range(int(np.max(high - low, initial=0)).bit_length()):  # bisection, all rows at once
        middle = (low + high) // 2
        begun = (middle < high) & (t0[np.minimum(middle, max(t0.size - 1, 0))] <= when)
        low = np.where(begun, middle + 1, low)
        high = np.where(begun, high, middle)
    has = np.searchsorted(entity, row, side="right") > first
    if not np.any(has):
        return np.full(row.shape, np.nan), np.full(row.shape, np.nan), np.full(row.shape, np.nan)
    at = order[np.where(has, np.maximum(low - 1, first), 0)]
    share = np.clip((when - legs.t0[at]) / (legs.t1[at] - legs.t0[at]), 0.0, 1.0)
    lat = legs.lat0[at] + (legs.lat1[at] - legs.lat0[at]) * share
    lon = legs.lon0[at] + (legs.lon1[at] - legs.lon0[at]) * share
    alt = legs.alt0[at] + (legs.alt1[at] - legs.alt0[at]) * share
    return np.where(has, lat, np.nan), np.where(has, lon, np.nan), np.where(has, alt, np.nan)
