"""Legs in columns: built, joined, halted, cut and read, always for many platforms at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.effects import MODE_CODE, Legs
from startex.geography.paths import POSITION_DECIMALS, Path

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

ALTITUDE_DECIMALS = 1
"""Heights are kept to 0.1 m."""

_COLUMNS = tuple(item.name for item in fields(Legs))


def rounded(values: npt.ArrayLike, decimals: int) -> Float64:
    """Return values rounded to so many decimals."""
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

    def filled(values: npt.ArrayLike, decimals: int) -> Float64:
        whole: Float64 = column(rounded(values, decimals), rows.shape, np.float64)
        return whole

    def degrees(values: npt.ArrayLike) -> Float64:
        return filled(values, POSITION_DECIMALS)

    height = filled(alt0, ALTITUDE_DECIMALS)
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
        alt1=height if alt1 is None else filled(alt1, ALTITUDE_DECIMALS),
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
    height = np.repeat(column(rounded(alt_m, ALTITUDE_DECIMALS), row.shape, np.float64), k)

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
