"""Who came within a distance of whom, and when: from the legs, without sampling.

A platform is present while it is aboard nothing; its way is then made of *pieces*, straight lines
in (latitude, longitude, time), from one bend, start or stop to the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from startex.foundation.errors import StoreError, UsageError
from startex.geography.neighbours import sure_chord_m
from startex.geography.pieces import Pieces
from startex.geography.spells import Spells, spells

if TYPE_CHECKING:
    from startex.recording.lookup import Lookup
    from startex.recording.reader import Run

    Instant = str | int | datetime

Int64 = npt.NDArray[np.int64]

_TIME_BITS = 42


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
