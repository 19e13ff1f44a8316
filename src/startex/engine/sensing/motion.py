"""Where platforms are from now on, as far as it is known: straight pieces with heights.

All legs of an order are known when it starts. Between legs a platform stands; aboard a carrier it
is nowhere of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.geography.pieces import Pieces

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Columns = Mapping[str, npt.NDArray[Any]]

_TIME_BITS = 42

Along = Callable[[Int64, Float64], tuple[Float64, Float64, Float64]]
"""Latitude, longitude and height by number of stretch and time (ms)."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Pieces sorted by (entity, t0), with the heights at both ends, shape (k,).

    Times ms, angles degrees, heights m above the ellipsoid.
    """

    pieces: Pieces
    alt0: Float64
    alt1: Float64

    def take(self, index: Int64) -> Motion:
        """Return some pieces, in the order of ``index`` (ascending keeps `at` working)."""
        return Motion(self.pieces.take(index), self.alt0[index], self.alt1[index])

    def at(self, entity: Int64, t: Float64) -> tuple[Float64, Float64, Float64]:
        """Return latitude, longitude and height of entities at instants (ms), shapes (n,).

        nan where the entity is aboard something, unknown, or outside the time covered.
        """
        ways = self.pieces
        if not len(ways):
            nowhere = np.full(np.shape(t), np.nan)
            return nowhere, nowhere, nowhere
        base = ways.t0.min()
        key = (ways.entity << _TIME_BITS) | (ways.t0 - base)
        wanted = (entity << _TIME_BITS) | np.maximum(np.floor(t).astype(np.int64) - base, 0)
        found = np.maximum(np.searchsorted(key, wanted, side="right") - 1, 0)
        known = (ways.entity[found] == entity) & (t >= ways.t0[found]) & (t <= ways.t1[found])
        share = (t - ways.t0[found]) / (ways.t1[found] - ways.t0[found])
        share = np.where(known, share, np.nan)
        lat = ways.lat0[found] + (ways.lat1[found] - ways.lat0[found]) * share
        lon = ways.lon0[found] + (ways.lon1[found] - ways.lon0[found]) * share
        alt = self.alt0[found] + (self.alt1[found] - self.alt0[found]) * share
        return lat, lon, alt

    def along(self, entity: Int64, since: Int64) -> Along:
        """Return where entities are on the pieces on which they are from instants on, shape (k,).

        As a function of the number of the stretch and the time (ms), shapes (n,): for stretches
        that lie within one piece each it says what `at` does, in a fraction of the time.
        """
        ways = self.pieces
        base = ways.t0.min()
        key = (ways.entity << _TIME_BITS) | (ways.t0 - base)
        wanted = (entity << _TIME_BITS) | (since - base)
        piece = key.searchsorted(wanted, side="right") - 1
        begin = ways.t0[piece].astype(np.float64)
        span = (ways.t1 - ways.t0)[piece].astype(np.float64)
        starts = [column[piece] for column in (ways.lat0, ways.lon0, self.alt0)]
        stops = [column[piece] for column in (ways.lat1, ways.lon1, self.alt1)]
        rises = [stop - start for start, stop in zip(starts, stops, strict=True)]

        def places(of: Int64, t: Float64) -> tuple[Float64, Float64, Float64]:
            share = (t - begin[of]) / span[of]
            lat, lon, alt = (
                start[of] + rise[of] * share for start, rise in zip(starts, rises, strict=True)
            )
            return lat, lon, alt

        return places


def motion(
    rows: Int64,
    begin_ms: int,
    end_ms: int,
    legs: Columns,
    standing: tuple[Float64, Float64, Float64],
    carried: Columns,
) -> Motion:
    """Return the pieces of platforms between two instants.

    Parameters
    ----------
    rows
        Entity rows, ascending, each once, shape (n,).
    begin_ms, end_ms
        Begin and end, ``begin_ms < end_ms``.
    legs
        Legs that end after ``begin_ms``, of any entities in any order (columns of `Legs`).
    standing
        Latitude, longitude and height of each row once all its legs are run, shape (n,); nan for
        one of which nothing is known.
    carried
        Times aboard something: ``entity``, ``t0``, ``t1``; sorted or not.
    """
    legs, number = _of(rows, legs, begin_ms)
    standing = _before_later(legs, number, end_ms, standing)
    legs, number = _between(legs, number, begin_ms, end_ms)
    aboard = _aboard(*_of(rows, carried, begin_ms), end_ms)
    t0, t1 = legs["t0"], legs["t1"]
    first, last = _borders(number)
    # halts: before each leg, since the one before it or the begin; after the last; of who has none
    since = np.where(first, begin_ms, t1[np.arange(t1.size) - 1])
    tail = last.nonzero()[0]
    still = np.isfinite(standing[0])
    still[number] = False
    idle = still.nonzero()[0]
    owner = np.concatenate([number, number[tail], idle])
    halts = np.concatenate([since, t1[tail], np.full(idle.size, begin_ms)])
    ends = np.concatenate([t0, np.full(tail.size + idle.size, end_ms)])
    ends = _ashore(owner, halts, ends, aboard)
    a = np.concatenate([np.maximum(halts, begin_ms), np.maximum(t0, begin_ms)])
    b = np.concatenate([np.minimum(ends, end_ms), np.minimum(t1, end_ms)])
    entity = rows[np.concatenate([owner, number])]
    kept = (a < b).nonzero()[0]
    kept = kept[((entity[kept] << _TIME_BITS) | (a[kept] - begin_ms)).argsort(kind="stable")]
    span = np.maximum(t1 - t0, 1)
    share0 = (np.maximum(t0, begin_ms) - t0) / span
    share1 = (np.minimum(t1, end_ms) - t0) / span
    columns = []
    for place, axis in zip(standing, ("lat", "lon", "alt"), strict=True):
        start, stop = legs[axis + "0"], legs[axis + "1"]
        halt, way = np.concatenate([start, stop[tail], place[idle]]), stop - start
        columns.append(np.concatenate([halt, start + way * share0])[kept])
        columns.append(np.concatenate([halt, start + way * share1])[kept])
    lat0, lat1, lon0, lon1, alt0, alt1 = columns
    return Motion(Pieces(entity[kept], a[kept], b[kept], lat0, lon0, lat1, lon1), alt0, alt1)


def _borders(number: Int64) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which of sorted numbers are the first, and the last, of their kind."""
    change = np.ones(number.size + 1, dtype=np.bool_)
    np.not_equal(number[1:], number[:-1], out=change[1:-1])
    return (change[:-1], change[1:]) if number.size else (change[:0], change[:0])


def _before_later(
    legs: Columns, number: Int64, end_ms: int, standing: tuple[Float64, Float64, Float64]
) -> tuple[Float64, Float64, Float64]:
    """Return where rows stand that do not move before the end: where their next leg begins."""
    at = (legs["t0"] >= end_ms).nonzero()[0]
    if not at.size:
        return standing
    at = at[np.lexsort((legs["t0"][at], number[at]))]
    at = at[_borders(number[at])[0]]
    found = []
    for column, name in zip(standing, ("lat0", "lon0", "alt0"), strict=True):
        moved = column.copy()
        moved[number[at]] = legs[name][at]
        found.append(moved)
    return found[0], found[1], found[2]


def _of(rows: Int64, columns: Columns, begin_ms: int) -> tuple[dict[str, npt.NDArray[Any]], Int64]:
    """Return what concerns some rows and ends after an instant, and the numbers of the rows."""
    entity = columns["entity"]
    if not entity.size or not rows.size:
        return {name: column[:0] for name, column in columns.items()}, np.empty(0, np.int64)
    number = np.full(max(int(entity.max()), int(rows[-1])) + 1, -1)
    number[rows] = np.arange(rows.size)
    of = number[entity]
    chosen = ((of >= 0) & (columns["t1"] > begin_ms)).nonzero()[0]
    return {name: column[chosen] for name, column in columns.items()}, of[chosen]


def _between(
    columns: Columns, number: Int64, begin_ms: int, end_ms: int
) -> tuple[dict[str, npt.NDArray[Any]], Int64]:
    """Return what begins before the end, sorted by (number, begin)."""
    chosen = (columns["t0"] < end_ms).nonzero()[0]
    chosen = chosen[np.lexsort((columns["t0"][chosen], number[chosen]))]
    return {name: column[chosen] for name, column in columns.items()}, number[chosen]


def _aboard(carried: Columns, number: Int64, end_ms: int) -> tuple[Int64, Int64, Int64]:
    """Return numbers, begins and ends of times aboard before the end, sorted by (number, end)."""
    on, off = carried["t0"], carried["t1"]
    if not number.size:
        return number, on, off
    chosen = (on < end_ms).nonzero()[0]
    chosen = chosen[np.lexsort((off[chosen], number[chosen]))]
    return number[chosen], on[chosen], off[chosen]


def _ashore(number: Int64, t0: Int64, t1: Int64, carried: tuple[Int64, Int64, Int64]) -> Int64:
    """Return when halts end without the times aboard: when the platform goes aboard.

    ``carried``: numbers, begins and ends of times aboard, sorted by (number, end).
    """
    of, on, off = carried
    if not of.size or not number.size:
        return t1
    base = min(int(off.min()), int(t0.min()))
    key = (of << _TIME_BITS) | np.minimum(off - base, (1 << _TIME_BITS) - 1)
    at = key.searchsorted((number << _TIME_BITS) | (t0 - base), side="right")
    known = at < key.size
    at = np.minimum(at, key.size - 1)
    known &= of[at] == number
    return np.where(known, np.minimum(np.maximum(on[at], t0), t1), t1)
