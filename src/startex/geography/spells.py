"""When platforms on straight pieces are within a distance of each other.

The time asked for is cut into slices so short that nobody goes far in one. In each slice a KD-tree
finds the pairs of pieces that can be near each other. Where two balls about the pieces decide,
nothing is computed; for the rest the instants at which the distance passes the limit are solved
for (`crossings`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from startex.geography.crossings import Pair, nearly_within, within
from startex.geography.neighbours import near_pairs, sure_chord_m
from startex.geography.pieces import Pieces, balls

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

Limits = Callable[[Int64, Int64], Float64]
"""How near a pair must be, m, from the entities of both."""

SLICE_SHARE = 0.25
"""In one slice of time most that move go no farther than this share of the distance asked for."""

SLOW_SHARE = 0.9
"""So many of those that move, by time, count as most: aircraft do not make all slices short."""

SHORTEST_SLICE_MS = 250
LONGEST_SLICE_MS = 6 * 3_600_000

_CLASSES = np.array([0.15, 0.6, 2.4, 9.6])
"""Balls are searched in classes of like size: their radius by the distance asked for."""

_DIRECT = 100_000
"""Up to so many pairs all are looked at; a tree would take longer."""

_COMPRESS_ROWS = 4_000_000
_ROW_BITS = 31


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

    def take(self, index: Int64) -> Spells:
        """Return some spells, in the order of ``index``."""
        return Spells(*(getattr(self, name)[index] for name in self.__slots__))


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
    sure_chord_m(within_m)
    both = np.intersect1d(a.entity, b.entity)
    kept: list[Spells] = []
    rows = 0
    whole = Pieces(*(np.concatenate([getattr(a, n), getattr(b, n)]) for n in Pieces.__slots__))
    for begin, end in slices(whole, within_m, t0, t1):
        part = a.clip(begin, end)
        found = _of_slice(part, b.clip(begin, end), np.full(len(part), within_m), None, both)
        kept.append(found)
        rows += len(found.t0)
        if rows > _COMPRESS_ROWS:
            kept, rows = [_merged(kept)], 0
    return _merged(kept)


def straight_spells(
    a: Pieces, b: Pieces, most_m: Float64, limits_m: Limits, t0: int, t1: int
) -> Spells:
    """Return when pairs are within a distance of their own, a row for each straight stretch.

    Parameters
    ----------
    a, b
        Ways of the two sets, numbered each in its own way.
    most_m
        The greatest distance asked for of each of the first set, by its number, m.
    limits_m
        Of the entities of pairs, shapes (k,): how near each pair must be, m; 0 or less: never.
    t0, t1
        Begin and end, ms.

    Returns
    -------
    Sorted by (pair, t0). In each row both go straight, so that it is a smooth function of time
    where they are; rows of a pair that touch are one spell. The limit is met to some metres
    (`crossings.nearly_within`).
    """
    nobody = np.empty(0, np.int64)
    if not len(a) or not len(b):
        return Spells(nobody, nobody, nobody, nobody)
    # not in slices of time: who stands still would be cut into as many
    a, b = a.take(np.flatnonzero(most_m[a.entity] > 0.0)).clip(t0, t1), b.clip(t0, t1)
    return _of_slice(a, b, most_m[a.entity], limits_m, nobody)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of pieces that may be near each other, shape (k,).

    Attributes
    ----------
    first, second
        Numbers of the pair.
    i, j
        Their pieces.
    apart_m, slack_m
        How far the centres of the balls about the pieces are apart, and their radii together.
    limit_m
        Distance asked for, at most.
    """

    first: Int64
    second: Int64
    i: Int64
    j: Int64
    apart_m: Float64
    slack_m: Float64
    limit_m: Float64

    def take(self, index: Int64) -> Candidates:
        """Return some candidates."""
        return Candidates(*(getattr(self, name)[index] for name in self.__slots__))


Solve = Callable[[Pair, Int64, Int64, Float64], tuple[Int64, Int64, Int64]]


def _of_slice(
    a: Pieces, b: Pieces, within_m: Float64, limits_m: Limits | None, both: Int64
) -> Spells:
    centre_a, half_a = balls(a)
    centre_b, half_b = balls(b)
    i, j, apart = candidates((centre_a, half_a), (centre_b, half_b), within_m)
    near = Candidates(a.entity[i], b.entity[j], i, j, apart, half_a[i] + half_b[j], within_m[i])
    near = near.take((np.maximum(a.t0[i], b.t0[j]) < np.minimum(a.t1[i], b.t1[j])).nonzero()[0])
    if both.size:
        mutual = np.isin(near.first, both) & np.isin(near.second, both)
        near = near.take((~(mutual & (near.first >= near.second))).nonzero()[0])
    if limits_m is None:
        return _settled(a, b, near, within)
    return settled(a, b, near, limits_m)


def settled(a: Pieces, b: Pieces, near: Candidates, limits_m: Limits) -> Spells:
    """Return when pairs of pieces are within a distance of their own, sorted by (pair, t0).

    Parameters
    ----------
    a, b
        Pieces of the first and the second of each pair.
    near
        The pairs; of pieces that last at one time.
    limits_m
        See `straight_spells`.
    """
    limit = np.minimum(limits_m(near.first, near.second), near.limit_m)
    kept = ((limit > 0.0) & (near.apart_m <= limit + near.slack_m)).nonzero()[0]
    near = replace(near.take(kept), limit_m=limit[kept])
    return _settled(a, b, near, nearly_within)


def _settled(a: Pieces, b: Pieces, near: Candidates, solve: Solve) -> Spells:
    i, j, limit = near.i, near.j, near.limit_m
    begin, end = np.maximum(a.t0[i], b.t0[j]), np.minimum(a.t1[i], b.t1[j])
    inside = near.apart_m + near.slack_m <= sure_chord_m(limit)
    doubt = (~inside).nonzero()[0]
    sure = inside.nonzero()[0]
    which, t0, t1 = sure, begin[sure], end[sure]
    if doubt.size:
        pair = Pair(a.take(i[doubt]), b.take(j[doubt]))
        of, since, until = solve(pair, begin[doubt], end[doubt], limit[doubt])
        which = np.concatenate([sure, doubt[of]])
        t0, t1 = np.concatenate([t0, since]), np.concatenate([t1, until])
    first, second = near.first[which], near.second[which]
    order = np.lexsort((t0, _pair_key(first, second)))
    return Spells(first[order], second[order], t0[order], t1[order])


def _pair_key(first: Int64, second: Int64) -> Int64:
    return (first << _ROW_BITS) | second


def few_pairs(first: int, second: int) -> bool:
    """Tell whether `candidates` looks at all pairs of so many of both."""
    return first * second <= _DIRECT


def candidates(
    first: tuple[Float64, Float64], second: tuple[Float64, Float64], within_m: Float64
) -> tuple[Int64, Int64, Float64]:
    """Return pairs of balls that may be within a distance, and how far their centres are apart.

    ``first`` and ``second`` are centres and radii; ``within_m`` is that of each of the first.
    """
    (centre_a, half_a), (centre_b, half_b) = first, second
    if few_pairs(half_a.size, half_b.size):
        lines = (centre_a[:, None, k] - centre_b[None, :, k] for k in range(3))
        apart = np.sqrt(sum(line * line for line in lines))
        i, j = np.nonzero(apart <= (within_m + half_a)[:, None] + half_b)
        return i, j, apart[i, j]
    found = []
    for most in np.unique(within_m):
        classes_a, classes_b = (np.digitize(half / most, _CLASSES) for half in (half_a, half_b))
        for class_a in np.unique(classes_a[within_m == most]):
            of_a = np.flatnonzero((within_m == most) & (classes_a == class_a))
            for class_b in np.unique(classes_b):
                of_b = np.flatnonzero(classes_b == class_b)
                reach = most + float(half_a[of_a].max()) + float(half_b[of_b].max())
                i, j, apart = near_pairs(centre_a[of_a], centre_b[of_b], reach)
                found.append((of_a[i], of_b[j], apart))
    one, other, distance = (np.concatenate(column) for column in zip(*found, strict=True))
    return one, other, distance


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
