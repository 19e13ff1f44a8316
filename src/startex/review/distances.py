"""How far everything went, under its own power and aboard something else, by mode.

The distance an entity has travelled is a closed form of the legs: cumulative leg lengths, with a
share of the leg under way. What is carried travels as far as its carrier does meanwhile; chains
(person in team in truck on train) are followed to their end, all pairs at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from startex.foundation.errors import StoreError
from startex.geography.geodesy import inverse
from startex.review.record import Bool, Float64, Int64, Record, Words

_LONGEST_CHAIN = 16


@dataclass(frozen=True, slots=True)
class Moves:
    """Legs in the order of the index: entity, t0, t1 (ms), mode, length (m, along the ground)."""

    entity: Int64
    t0: Int64
    t1: Int64
    mode: Words
    length_m: Float64


def moves(record: Record) -> Moves:
    """Return all legs with their geodesic lengths on WGS-84; heights do not count."""
    index = record.lookup.legs
    lat0, lon0, lat1, lon1 = record.ends
    _, length = inverse(lat0, lon0, lat1, lon1)
    return Moves(index.entity, index.t0, index.t1, record.mode, length)


@dataclass(frozen=True, slots=True)
class Rides:
    """Who was carried by what, however many carriers lie between.

    Columns of one shape: ``entity`` was aboard ``carrier`` in [``t0``, ``t1``) (ms), for every
    carrier of the chain that moved by legs of its own.
    """

    entity: Int64
    carrier: Int64
    t0: Int64
    t1: Int64


def rides(record: Record, passengers: Bool, moved: Moves) -> Rides:
    """Return the rides of those entities for which ``passengers`` (shape (n,)) is True.

    Raises
    ------
    StoreError
        If carriers go round in a circle.
    """
    rows = record.lookup.carriers
    carrier = record.lookup.carrier
    ends = np.minimum(rows.t1, record.end_ms)
    has_legs = np.zeros(len(record.counted), dtype=bool)
    has_legs[moved.entity] = True
    count = np.bincount(rows.entity, minlength=len(record.counted))
    first = np.concatenate([[0], np.cumsum(count)])
    take = passengers[rows.entity] & (ends > rows.t0)
    front = (rows.entity[take], carrier[take], rows.t0[take], ends[take])
    parts: list[tuple[Int64, Int64, Int64, Int64]] = []
    for _ in range(_LONGEST_CHAIN):
        entity, aboard, t0, t1 = front
        moving = has_legs[aboard]
        parts.append((entity[moving], aboard[moving], t0[moving], t1[moving]))
        again = np.flatnonzero(count[aboard] > 0)
        if not again.size:
            break
        many = count[aboard[again]]
        which = np.repeat(again, many)
        within = np.arange(which.size) - np.repeat(np.cumsum(many) - many, many)
        row = first[aboard[which]] + within
        begin = np.maximum(t0[which], rows.t0[row])
        end = np.minimum(t1[which], ends[row])
        keep = begin < end
        front = (entity[which[keep]], carrier[row[keep]], begin[keep], end[keep])
        if not keep.any():
            break
    else:
        raise StoreError(
            f"carriers are nested more than {_LONGEST_CHAIN} deep, or go round in a circle; "
            "'startex verify' says more"
        )
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Rides(*columns)


@dataclass(frozen=True, slots=True)
class Odometer:
    """Distance travelled by own legs since the start, of any entity at any instant, by mode."""

    moved: Moves
    at: Int64
    """Index of the leg begun last, shape (k,); -1 before the first."""
    share: Float64
    first: Int64

    @classmethod
    def of(cls, record: Record, moved: Moves, entity: Int64, t: Int64) -> Odometer:
        """Return the odometer of pairs of entity and instant (ms), shapes (k,)."""
        index = record.lookup.legs
        at = index.latest(entity, t)
        safe = np.maximum(at, 0)
        lasts = np.maximum(moved.t1[safe] - moved.t0[safe], 1)
        share = np.clip((t - moved.t0[safe]) / lasts, 0.0, 1.0)
        return cls(moved, at, np.where(at >= 0, share, 0.0), np.maximum(index.first(entity), 0))

    def metres(self, length_m: Float64, before: Float64) -> Float64:
        """Return the distances (k,), of ``length_m`` by leg and its sums ``before`` each leg."""
        safe = np.maximum(self.at, 0)
        return np.where(
            self.at >= 0, before[safe] + length_m[safe] * self.share, before[self.first]
        )


@dataclass(frozen=True, slots=True)
class Carried:
    """Metres that each ride covered by one mode, and whose ride it was; shapes (k,)."""

    entity: Int64
    metres: Float64


def carried_by_mode(record: Record, moved: Moves, ridden: Rides) -> dict[str, Carried]:
    """Return, for every mode, the rides that got anywhere by it."""
    result: dict[str, Carried] = {}
    if not ridden.entity.size or not moved.entity.size:
        return result
    begin = Odometer.of(record, moved, ridden.carrier, ridden.t0)
    end = Odometer.of(record, moved, ridden.carrier, ridden.t1)
    for mode in moved.mode.word:
        length = np.where(moved.mode == mode, moved.length_m, 0.0)
        before = np.concatenate([[0.0], np.cumsum(length)])[:-1]
        metres = end.metres(length, before) - begin.metres(length, before)
        some = metres > 0.5  # what is left of rounding is no journey
        result[mode] = Carried(ridden.entity[some], metres[some])
    return result


def metres_by_day(record: Record, moved: Moves, use: Bool) -> Float64:
    """Return the metres (days,) run on each local day by the legs for which ``use`` is True."""
    return _by_day(record, moved, use, moved.length_m)


def hours_by_day(record: Record, moved: Moves, use: Bool) -> Float64:
    """Return the hours (days,) that those legs lasted on each local day."""
    return _by_day(record, moved, use, (moved.t1 - moved.t0) / 3_600_000.0)


def _by_day(record: Record, moved: Moves, use: Bool, weight: Float64) -> Float64:
    days = np.array(record.days, dtype=np.int64)
    row = np.flatnonzero(use)
    result = np.zeros(days.size)
    t0, t1, amount = moved.t0[row], moved.t1[row], weight[row]
    first = np.searchsorted(days, t0, side="right") - 1
    last = np.searchsorted(days, t1 - 1, side="right") - 1
    within = first == last
    result += np.bincount(first[within], weights=amount[within], minlength=days.size)
    for number in np.flatnonzero(~within):  # the few legs over midnight
        edges = np.concatenate(
            [[t0[number]], days[first[number] + 1 : last[number] + 1], [t1[number]]]
        )
        share = np.diff(edges) / (t1[number] - t0[number])
        result[first[number] : last[number] + 1] += amount[number] * share
    return result
