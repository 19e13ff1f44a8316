"""Where platforms are from now on, as far as it is known: straight pieces with heights.

All legs of an order are known when it starts. Between legs a platform stands; aboard a carrier it
is nowhere of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    standing = _before_later(rows, legs, end_ms, standing)
    legs = _of(rows, legs, "t0", "t1", begin_ms, end_ms)
    carried = _of(rows, carried, "t0", "t1", begin_ms, end_ms)
    count = legs["entity"].size
    number = np.searchsorted(rows, legs["entity"])
    first = np.append(True, number[1:] != number[:-1]) if count else np.empty(0, np.bool_)
    last = np.append(number[1:] != number[:-1], True) if count else np.empty(0, np.bool_)
    previous = np.arange(count) - 1
    # before each leg: since the leg before it, or since the begin, where the leg begins
    since = np.where(first, begin_ms, legs["t1"][previous])
    before = Motion(
        Pieces(legs["entity"], since, legs["t0"], *(legs[c] for c in _FROM + _FROM)),
        legs["alt0"], legs["alt0"],
    )  # fmt: skip
    tail = np.flatnonzero(last)
    after = Motion(
        Pieces(
            legs["entity"][tail], legs["t1"][tail], np.full(tail.size, end_ms),
            *(legs[c][tail] for c in _TO + _TO),
        ),
        legs["alt1"][tail], legs["alt1"][tail],
    )  # fmt: skip
    still = np.ones(rows.size, dtype=np.bool_)
    still[number] = False
    still &= np.isfinite(standing[0])
    lat, lon, alt = (column[still] for column in standing)
    idle = np.full(lat.size, begin_ms), np.full(lat.size, end_ms)
    stands = Motion(Pieces(rows[still], *idle, lat, lon, lat, lon), alt, alt)
    runs = Motion(
        Pieces(legs["entity"], legs["t0"], legs["t1"], *(legs[c] for c in _FROM + _TO)),
        legs["alt0"], legs["alt1"],
    )  # fmt: skip
    halts = _ashore(_joined([before, after, stands]), carried)
    return _between(_joined([halts, runs]), begin_ms, end_ms)


def _before_later(
    rows: Int64, legs: Columns, end_ms: int, standing: tuple[Float64, Float64, Float64]
) -> tuple[Float64, Float64, Float64]:
    """Return where rows stand that do not move before the end: where their next leg begins."""
    at = np.flatnonzero(legs["t0"] >= end_ms)
    entity = legs["entity"][at]
    place = np.searchsorted(rows, entity)
    mine = place < rows.size
    mine[mine] = rows[place[mine]] == entity[mine]
    at, place = at[mine], place[mine]
    if not at.size:
        return standing
    order = np.lexsort((legs["t0"][at], place))
    order = order[np.append(True, np.diff(place[order]) != 0)]
    at, place = at[order], place[order]
    found = []
    for column, name in zip(standing, ("lat0", "lon0", "alt0"), strict=True):
        moved = column.copy()
        moved[place] = legs[name][at]
        found.append(moved)
    return found[0], found[1], found[2]


_FROM, _TO = ("lat0", "lon0"), ("lat1", "lon1")


def _of(
    rows: Int64, columns: Columns, begin: str, end: str, begin_ms: int, end_ms: int
) -> dict[str, npt.NDArray[Any]]:
    """Return what concerns some rows between two instants, sorted by (entity, begin)."""
    entity = columns["entity"].astype(np.int64)
    at = np.searchsorted(rows, entity)
    mine = at < rows.size
    mine[mine] = rows[at[mine]] == entity[mine]
    mine &= (columns[end] > begin_ms) & (columns[begin] < end_ms)
    chosen = np.flatnonzero(mine)
    chosen = chosen[np.lexsort((columns[begin][chosen], entity[chosen]))]
    found = {name: column[chosen] for name, column in columns.items()}
    found["entity"] = entity[chosen]
    return found


def _joined(parts: list[Motion]) -> Motion:
    names = Pieces.__slots__
    pieces = Pieces(*(np.concatenate([getattr(p.pieces, n) for p in parts]) for n in names))
    return Motion(
        pieces, np.concatenate([p.alt0 for p in parts]), np.concatenate([p.alt1 for p in parts])
    )


def _ashore(halts: Motion, carried: Columns) -> Motion:
    """Return halts without the times aboard: they end when the platform goes aboard."""
    ways = halts.pieces
    if not carried["entity"].size:
        return halts
    order = np.lexsort((carried["t1"], carried["entity"]))
    entity, t0, t1 = (carried[name][order] for name in ("entity", "t0", "t1"))
    base = min(int(t1.min()), int(ways.t0.min(initial=np.iinfo(np.int64).max)))
    key = (entity << _TIME_BITS) | np.minimum(t1 - base, (1 << _TIME_BITS) - 1)
    at = np.searchsorted(key, (ways.entity << _TIME_BITS) | (ways.t0 - base), side="right")
    known = at < key.size
    at = np.minimum(at, key.size - 1)
    known &= entity[at] == ways.entity
    ends = np.where(known, np.clip(t0[at], ways.t0, ways.t1), ways.t1)
    cut = Pieces(ways.entity, ways.t0, ends, ways.lat0, ways.lon0, ways.lat1, ways.lon1)
    return Motion(cut, halts.alt0, halts.alt1)


def _between(ways: Motion, begin_ms: int, end_ms: int) -> Motion:
    """Return pieces cut to a span of time, sorted, without those that take no time."""
    p = ways.pieces
    a, b = np.maximum(p.t0, begin_ms), np.minimum(p.t1, end_ms)
    kept = np.flatnonzero(a < b)
    kept = kept[np.lexsort((a[kept], p.entity[kept]))]
    a, b, span = a[kept], b[kept], (p.t1 - p.t0)[kept]
    share0, share1 = (a - p.t0[kept]) / span, (b - p.t0[kept]) / span
    ends = []
    for first, last in ((p.lat0, p.lat1), (p.lon0, p.lon1), (ways.alt0, ways.alt1)):
        rise = (last - first)[kept]
        ends.append((first[kept] + rise * share0, first[kept] + rise * share1))
    (lat0, lat1), (lon0, lon1), (alt0, alt1) = ends
    return Motion(Pieces(p.entity[kept], a, b, lat0, lon0, lat1, lon1), alt0, alt1)
