"""Who comes within a distance of whom, and when: from the legs, without sampling.

A platform is present while it is aboard nothing; its way is then made of *pieces*, straight lines
in (latitude, longitude, time), from one bend, start or stop to the next. The time asked for is cut
into slices so short that nobody goes far in one. In each slice a KD-tree finds the pairs of pieces
that can be near each other. Where two balls about the pieces decide, nothing is computed; for
the rest the instants at which the distance passes the limit are solved for (`crossings`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from startex.foundation.errors import StoreError, UsageError
from startex.geography.neighbours import cartesian, near_pairs, sure_chord_m
from startex.recording.crossings import Pair, within
from startex.recording.metric import distance_m

if TYPE_CHECKING:
    from startex.recording.lookup import Lookup
    from startex.recording.reader import Run

    Instant = str | int | datetime

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

SLICE_SHARE = 0.25
"""In one slice of time most that move go no farther than this share of the distance asked for."""

SLOW_SHARE = 0.9
"""So many of those that move, by time, count as most: aircraft do not make all slices short."""

SHORTEST_SLICE_MS = 250
LONGEST_SLICE_MS = 6 * 3_600_000

_BALL_SLACK_M = 2.0
"""A leg is straight in (lat, lon), not in space: its middle lies so far off at most."""

_CLASSES = np.array([0.15, 0.6, 2.4, 9.6])
"""Balls are searched in classes of like size: their radius by the distance asked for."""

_COMPRESS_ROWS = 4_000_000
_TIME_BITS = 42
_ROW_BITS = 31


@dataclass(frozen=True, slots=True)
class Pieces:
    """Straight lines in (lat, lon, time) of platforms, sorted by (entity, t0), shape (k,).

    Times ms; angles degrees; longitudes of one piece run without a jump.
    """

    entity: Int64
    t0: Int64
    t1: Int64
    lat0: Float64
    lon0: Float64
    lat1: Float64
    lon1: Float64

    def __len__(self) -> int:
        return len(self.entity)

    def take(self, index: Int64) -> Pieces:
        """Return some pieces, in the order of ``index``."""
        return Pieces(*(getattr(self, name)[index] for name in self.__slots__))

    def speed_m_ms(self) -> Float64:
        """Return the speed over ground of each piece, metres per millisecond, up to 0.1 %."""
        length = distance_m(self.lat0, self.lon0, self.lat1, self.lon1)
        result: Float64 = length / (self.t1 - self.t0)
        return result

    def clip(self, t0: int, t1: int) -> Pieces:
        """Return the parts of the pieces between two instants."""
        chosen = self.take(np.flatnonzero((self.t0 < t1) & (self.t1 > t0)))
        a, b = np.maximum(chosen.t0, t0), np.minimum(chosen.t1, t1)
        span = chosen.t1 - chosen.t0
        share_a, share_b = (a - chosen.t0) / span, (b - chosen.t0) / span
        north, east = chosen.lat1 - chosen.lat0, chosen.lon1 - chosen.lon0
        return Pieces(
            chosen.entity, a, b,
            chosen.lat0 + north * share_a, chosen.lon0 + east * share_a,
            chosen.lat0 + north * share_b, chosen.lon0 + east * share_b,
        )  # fmt: skip


def pieces(lookup: Lookup, rows: Int64, t0: int, t1: int) -> Pieces:
    """Return the pieces of platforms between two instants, where they are aboard nothing.

    Parameters
    ----------
    lookup
        Index of the run.
    rows
        Entity rows, ascending, each once.
    t0, t1
        Begin and end, ms, ``t0 < t1``.
    """
    member = np.zeros(lookup.count, dtype=bool)
    member[rows] = True
    owners, times = [rows, rows], [np.full(len(rows), t0), np.full(len(rows), t1)]
    for index in (lookup.legs, lookup.carriers):
        for instants in (index.t0, index.t1):
            inner = np.flatnonzero((instants > t0) & (instants < t1) & member[index.entity])
            owners.append(index.entity[inner])
            times.append(instants[inner])
    key = np.unique((np.concatenate(owners) << _TIME_BITS) | (np.concatenate(times) - t0))
    owner, when = key >> _TIME_BITS, (key & ((1 << _TIME_BITS) - 1)) + t0
    at = np.flatnonzero(owner[1:] == owner[:-1])
    entity, begin, end = owner[at], when[at], when[at + 1]
    first = lookup.locate(entity, begin)
    last = lookup.locate(entity, end, before=True)
    known = np.isfinite(first.lat) & np.isfinite(last.lat) & (first.root < 0)
    all_pieces = Pieces(entity, begin, end, first.lat, first.lon, last.lat, last.lon)
    return all_pieces.take(np.flatnonzero(known))


def slices(ways: Pieces, within_m: float, t0: int, t1: int) -> Iterator[tuple[int, int]]:
    """Yield begin and end of the slices from ``t0`` to ``t1``, ms: long ones where all is slow."""
    speed = ways.speed_m_ms()
    reach = SLICE_SHARE * within_m
    moving = np.flatnonzero(speed > 0.0)
    moving = moving[np.argsort(speed[moving], kind="stable")]
    share = np.cumsum((ways.t1 - ways.t0)[moving])
    most = moving[np.searchsorted(share, SLOW_SHARE * share[-1])] if moving.size else 0
    usual = float(speed[most]) if moving.size else 0.0
    speed = np.minimum(speed, usual)
    width = int(np.clip(reach / max(usual, 1e-12), SHORTEST_SLICE_MS, LONGEST_SLICE_MS))
    count = -(-(t1 - t0) // width)
    top = np.zeros(count)
    first = (ways.t0[moving] - t0) // width
    spans = (ways.t1[moving] - 1 - t0) // width - first + 1
    bins = np.repeat(first - np.cumsum(spans) + spans, spans) + np.arange(spans.sum())
    np.maximum.at(top, bins, np.repeat(speed[moving], spans))
    begin, worst = 0, 0.0
    for number in range(count):
        worst = max(worst, float(top[number]))
        length = (number + 1 - begin) * width
        if number > begin and (worst * length > reach or length > LONGEST_SLICE_MS):
            yield t0 + begin * width, t0 + number * width
            begin, worst = number, float(top[number])
    yield t0 + begin * width, t1


@dataclass(frozen=True, slots=True)
class Spells:
    """Times that pairs are near each other, shape (k,): first and last ms of each spell."""

    first: Int64
    second: Int64
    t0: Int64
    t1: Int64


def spells(a: Pieces, b: Pieces, within_m: float, t0: int, t1: int) -> Spells:
    """Return when platforms of two sets are within a distance, sorted by (pair, t0).

    Parameters
    ----------
    a, b
        Ways of the two sets. Of a pair of which both stand in both sets only the one with the
        lower row first is returned, and nobody is near itself.
    within_m
        Length of the geodesic between them, at most, m; heights do not count.
    t0, t1
        Begin and end, ms.
    """
    sure = sure_chord_m(within_m)
    both = np.intersect1d(a.entity, b.entity)
    kept: list[Spells] = []
    rows = 0
    whole = Pieces(*(np.concatenate([getattr(a, n), getattr(b, n)]) for n in Pieces.__slots__))
    for begin, end in slices(whole, within_m, t0, t1):
        found = _of_slice(a.clip(begin, end), b.clip(begin, end), within_m, sure, both)
        kept.append(found)
        rows += len(found.t0)
        if rows > _COMPRESS_ROWS:
            kept, rows = [_merged(kept)], 0
    return _merged(kept)


def _of_slice(a: Pieces, b: Pieces, within_m: float, sure: float, both: Int64) -> Spells:
    centre_a, half_a = _ball(a)
    centre_b, half_b = _ball(b)
    i, j, apart = _candidates(centre_a, half_a, centre_b, half_b, within_m)
    begin, end = np.maximum(a.t0[i], b.t0[j]), np.minimum(a.t1[i], b.t1[j])
    slack = half_a[i] + half_b[j]
    keep = (begin < end) & (apart <= within_m + slack)
    if both.size:
        mutual = np.isin(a.entity[i], both) & np.isin(b.entity[j], both)
        keep &= ~(mutual & (a.entity[i] >= b.entity[j]))
    i, j, begin, end = (index[keep] for index in (i, j, begin, end))
    apart, slack = apart[keep], slack[keep]
    inside = apart + slack <= sure
    doubt = np.flatnonzero(~inside)
    pair = Pair(a.take(i[doubt]), b.take(j[doubt]))
    of, since, until = within(pair, begin[doubt], end[doubt], within_m)
    near = np.flatnonzero(inside)
    which = np.concatenate([near, doubt[of]])
    first, second = a.entity[i[which]], b.entity[j[which]]
    t0 = np.concatenate([begin[near], since])
    t1 = np.concatenate([end[near], until])
    order = np.lexsort((t0, _pair_key(first, second)))
    return Spells(first[order], second[order], t0[order], t1[order])


def _pair_key(first: Int64, second: Int64) -> Int64:
    return (first << _ROW_BITS) | second


def _candidates(
    centre_a: Float64, half_a: Float64, centre_b: Float64, half_b: Float64, within_m: float
) -> tuple[Int64, Int64, Float64]:
    """Return pairs of balls that may be within a distance, and how far their centres are apart."""
    classes_a, classes_b = (np.digitize(half / within_m, _CLASSES) for half in (half_a, half_b))
    found = []
    for class_a in np.unique(classes_a):
        of_a = np.flatnonzero(classes_a == class_a)
        for class_b in np.unique(classes_b):
            of_b = np.flatnonzero(classes_b == class_b)
            reach = within_m + float(half_a[of_a].max()) + float(half_b[of_b].max())
            i, j, apart = near_pairs(centre_a[of_a], centre_b[of_b], reach)
            found.append((of_a[i], of_b[j], apart))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    first, second, distance = zip(*found, strict=True)
    return np.concatenate(first), np.concatenate(second), np.concatenate(distance)


def _ball(ways: Pieces) -> tuple[Float64, Float64]:
    """Return centres (k, 3) and radii (k,) of balls that hold the pieces, metres."""
    centre = cartesian(0.5 * (ways.lat0 + ways.lat1), 0.5 * (ways.lon0 + ways.lon1))
    ends = (cartesian(ways.lat0, ways.lon0), cartesian(ways.lat1, ways.lon1))
    far = [np.sqrt(((end - centre) ** 2).sum(axis=1)) for end in ends]
    radius = np.maximum(far[0], far[1])
    return centre, np.where(radius > 0.0, radius + _BALL_SLACK_M, 0.0)


def _merged(parts: list[Spells]) -> Spells:
    """Return spells with those that follow each other without a gap of a whole ms made one.

    Each part is sorted by (pair, t0), and the parts follow each other in time.
    """
    first, second, t0, t1 = (
        np.concatenate([getattr(part, name) for part in parts] or [np.empty(0, np.int64)])
        for name in Spells.__slots__
    )
    order = np.argsort(_pair_key(first, second), kind="stable")  # merges sorted runs
    first, second, t0, t1 = first[order], second[order], t0[order], t1[order]
    if not len(first):
        return Spells(first, second, t0, t1)
    # The spells of a pair come from pieces that do not overlap: t1 ascends with t0.
    new = np.ones(len(first), dtype=bool)
    new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1]) | (t0[1:] > t1[:-1] + 1)
    start = np.flatnonzero(new)
    stop = np.append(start[1:], len(first)) - 1
    return Spells(first[start], second[start], t0[start], t1[stop])


def meetings(
    run: Run,
    within_m: float,
    between: tuple[Instant, Instant] | None,
    first: Iterable[int] | None,
    second: Iterable[int] | None,
) -> pa.Table:
    """Return the table that `Run.encounters` describes."""
    header = run.manifest.header
    reached = run.manifest.reached
    last = header.sim_end if reached is None else min(reached, header.sim_end)
    t0, t1 = (header.sim_start, last) if between is None else map(run.instant, between)
    if t0 >= t1:
        raise UsageError("the time asked for must end after it begins")
    try:
        sure_chord_m(within_m)
    except ValueError as error:
        raise UsageError(str(error)) from error
    found = []
    for one, other in _sets(run, first, second):
        ways = [pieces(run.lookup, rows, t0, t1) for rows in (one, other)]
        found.append(spells(ways[0], ways[1], within_m, t0, t1))
    columns = [
        np.concatenate([getattr(part, name) for part in found] or [np.empty(0, np.int64)])
        for name in Spells.__slots__
    ]
    order = np.lexsort((columns[2], columns[1], columns[0]))
    entity, others, begin, end = (column[order] for column in columns)
    return pa.table(
        {
            "entity": pa.array(entity.astype(np.int32)),
            "other": pa.array(others.astype(np.int32)),
            "t0": pa.array(begin),
            "t1": pa.array(end),
        }
    )


def _sets(
    run: Run, first: Iterable[int] | None, second: Iterable[int] | None
) -> list[tuple[Int64, Int64]]:
    """Return the pairs of sets of rows among which to look, each ascending."""
    entities = run.table("entities")
    if first is None and second is not None:
        raise UsageError("second without first: name both, or first alone")
    if first is not None:
        one = _listed(first, len(entities))
        return [(one, one if second is None else _listed(second, len(entities)))]
    row = entities.column("entity").to_numpy().astype(np.int64)
    platform = np.array([kind != "person" for kind in entities.column("kind").to_pylist()])
    side = np.array(entities.column("side").to_pylist(), dtype=object)
    of_side = [np.sort(row[platform & (side == name)]) for name in sorted(set(side[platform]))]
    return list(combinations(of_side, 2))


def _listed(rows: Iterable[int], count: int) -> Int64:
    listed = np.unique(np.fromiter((int(row) for row in rows), np.int64))
    outside = listed[(listed < 0) | (listed >= count)]
    if len(outside):
        raise StoreError(f"there is no entity {outside[0]}; rows run from 0 to {count - 1}")
    return listed
