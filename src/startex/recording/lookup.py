"""Where everything is at any instant: a closed form of the recorded legs and carriers.

The index holds the legs and the carriers sorted by (entity, time). A question is an array of
(entity, instant) pairs; following a chain of carriers replaces each pair by that of its carrier,
for all pairs at once, until every pair ends at a leg or a starting position.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from startex.foundation.errors import StoreError

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

FOREVER = np.int64(1) << np.int64(62)
"""Stands for the end of what lasts."""

_TIME_BITS = 41  # 69 years of milliseconds; leaves 4 million entities in 63 bits
_LONGEST_CHAIN = 64


@dataclass(frozen=True, slots=True)
class Intervals:
    """Rows sorted by (entity, t0), for look-up by entity and instant.

    ``row`` are indices into the table the intervals came from; ``t1`` is `FOREVER` for null.
    ``known`` tells of each entity, up to the last that has any, whether it has intervals.
    """

    entity: Int64
    t0: Int64
    t1: Int64
    row: Int64
    key: Int64
    epoch: int
    known: Bool

    def latest(self, entity: Int64, t: Int64, *, before: bool = False) -> Int64:
        """Return the index of each entity's last interval with ``t0 <= t``, -1 for none.

        With ``before`` the interval must have begun earlier: ``t0 < t``. All shapes (k,).
        """
        result = np.full(len(entity), -1, dtype=np.int64)
        asked = (entity < len(self.known)) & (t >= self.epoch)
        asked[asked] = self.known[entity[asked]]  # persons have no legs, most platforms no rides
        entity = entity[asked]
        wanted = _key(entity, np.minimum(t[asked] - self.epoch, (1 << _TIME_BITS) - 1))
        at = np.searchsorted(self.key, wanted, side="left" if before else "right") - 1
        result[asked] = np.where((at >= 0) & (self.entity[np.maximum(at, 0)] == entity), at, -1)
        return result

    def first(self, entity: Int64) -> Int64:
        """Return the index of each entity's first interval, -1 for none."""
        at = np.searchsorted(self.key, _key(entity, np.zeros_like(entity)))
        found = at < len(self.entity)
        safe = np.where(found, at, 0)
        if len(self.entity):
            found &= self.entity[safe] == entity
        return np.where(found, at, -1)


def _key(entity: Int64, offset: Int64) -> Int64:
    return (entity << np.int64(_TIME_BITS)) | offset


def intervals(table: pa.Table, epoch: int) -> Intervals:
    """Return the intervals of a table with columns entity, t0, t1; none begins before ``epoch``."""
    entity = table.column("entity").to_numpy().astype(np.int64)
    t0 = table.column("t0").to_numpy()
    t1 = table.column("t1").fill_null(int(FOREVER)).to_numpy()
    if len(entity) and (t0.min() < epoch or t0.max() - epoch >= 1 << _TIME_BITS):
        raise StoreError("a run may not begin after its first leg or last longer than 69 years")
    key = _key(entity, t0 - epoch)
    known = np.zeros(int(entity.max(initial=-1)) + 1, dtype=np.bool_)
    known[entity] = True
    if (key[:-1] <= key[1:]).all():
        return Intervals(entity, t0, t1, np.arange(len(key)), key, epoch, known)
    row = np.argsort(key, kind="stable")
    return Intervals(entity[row], t0[row], t1[row], row, key[row], epoch, known)


@dataclass(frozen=True, slots=True)
class Fixes:
    """Answers, all of shape (k,).

    ``lat, lon`` degrees and ``alt`` metres, nan where the store cannot tell. ``leg`` is the row
    of the leg that is under way, -1 where the root stands. ``aboard``: direct carrier, ``root``:
    outermost one; -1 where the entity is aboard nothing.
    """

    lat: Float64
    lon: Float64
    alt: Float64
    leg: Int64
    aboard: Int32
    root: Int32


class Lookup:
    """Index over one run.

    Parameters
    ----------
    entities, legs, carriers
        Tables of the store (any row order).
    epoch
        No leg or carriers row begins earlier, ms.

    Attributes
    ----------
    legs, carriers
        Index of either table; ``carrier`` goes with the second.
    start
        Latitude, longitude and height of every entity at the start, nan where not given.
    ends
        Columns lat0, lon0, alt0, lat1, lon1, alt1 of the legs, in the order of the table.
    """

    def __init__(self, entities: pa.Table, legs: pa.Table, carriers: pa.Table, epoch: int) -> None:
        self.count = len(entities)
        order = np.argsort(entities.column("entity").to_numpy(), kind="stable")

        def start(name: str) -> Float64:
            values = entities.column(name).to_numpy().astype(np.float64)
            result: Float64 = values[order]
            return result

        self.start = (start("start_lat"), start("start_lon"), start("start_alt"))
        self.legs = intervals(legs, epoch)
        self.carriers = intervals(carriers, epoch)
        self.carrier: Int64 = (
            carriers.column("carrier").to_numpy().astype(np.int64)[self.carriers.row]
        )
        names = ("lat0", "lon0", "alt0", "lat1", "lon1", "alt1")
        self.ends: list[Float64] = [legs.column(name).to_numpy() for name in names]

    def aboard(self, entity: Int64, t: Int64) -> Int64:
        """Return the index among `carriers` of the row that holds at ``t``, -1 for none."""
        at = self.carriers.latest(entity, t)
        safe = np.maximum(at, 0)
        holds = at >= 0
        if len(self.carrier):
            holds &= self.carriers.t1[safe] > t
        return np.where(holds, at, -1)

    def locate(self, entity: npt.ArrayLike, t: npt.ArrayLike, *, before: bool = False) -> Fixes:
        """Return where each entity is at its instant.

        Parameters
        ----------
        entity, t
            Entity rows and instants in ms, broadcast to shape (k,).
        before
            Ignore legs and boardings that begin at that very instant.

        Raises
        ------
        StoreError
            If carriers go round in a circle.
        """
        e, when = np.broadcast_arrays(np.asarray(entity, np.int64), np.asarray(t, np.int64))
        e, when = e.ravel().copy(), when.ravel().copy()
        k = len(e)
        direct = np.full(k, -1, np.int32)
        root = np.full(k, -1, np.int32)
        leg = np.full(k, -1, np.int64)
        open_ = np.arange(k)
        still_aboard = np.ones(k, dtype=bool)  # not yet stepped back to an alighting
        for depth in range(_LONGEST_CHAIN):
            now, at = e[open_], when[open_]
            strict = before and depth == 0
            ride = self.carriers.latest(now, at, before=strict)
            safe = np.maximum(ride, 0)
            rides = ride >= 0
            begun = self.legs.latest(now, at, before=strict)
            leg[open_] = begun
            if len(self.carrier):
                ends = self.carriers.t1[safe]
                holds = rides & ((ends >= at) if strict else (ends > at))
                # Alighted, and not moved since: it stands where its carrier was at that instant.
                since = np.where(begun >= 0, self._leg_t0(begun), -FOREVER)
                left = rides & ~holds & (since < ends)
                follow = holds | left
                carried = open_[holds & still_aboard[open_]]
                carrier = self.carrier[safe]
                if depth == 0:
                    direct[carried] = carrier[holds & still_aboard[open_]]
                root[carried] = carrier[holds & still_aboard[open_]]
                still_aboard[open_[left]] = False
                when[open_[left]] = ends[left]
                e[open_[follow]] = carrier[follow]
                open_ = open_[follow]
            else:
                open_ = open_[:0]
            if not len(open_):
                break
        else:
            raise StoreError(
                f"carriers go round in a circle: entity {e[open_[0]]} at {when[open_[0]]} ms"
            )
        lat, lon, alt, moving = self._resolve(e, when, leg)
        under_way = np.where(moving & still_aboard, self._leg_row(leg), -1)
        return Fixes(lat, lon, alt, under_way, direct, root)

    def _leg_t0(self, index: Int64) -> Int64:
        if not len(self.legs.t0):
            return np.full(len(index), -FOREVER)
        return self.legs.t0[np.maximum(index, 0)]

    def _leg_row(self, index: Int64) -> Int64:
        if not len(self.legs.row):
            return np.full(len(index), -1)
        return self.legs.row[np.maximum(index, 0)]

    def _resolve(
        self, entity: Int64, t: Int64, leg: Int64
    ) -> tuple[Float64, Float64, Float64, Bool]:
        moving = np.zeros(len(entity), dtype=bool)
        lat, lon, alt = (values[entity] for values in self.start)
        if len(self.legs.t0):
            # No start position: a platform not yet moved stands where its first leg begins.
            unknown = (leg < 0) & np.isnan(lat)
            index = leg.copy()
            index[unknown] = self.legs.first(entity[unknown])
            at = np.maximum(index, 0)
            t0, t1 = self.legs.t0[at], self.legs.t1[at]
            share = np.clip((t - t0) / np.maximum(t1 - t0, 1), 0.0, 1.0)
            known = index >= 0
            row = self.legs.row[at]
            lat0, lon0, alt0, lat1, lon1, alt1 = (values[row] for values in self.ends)
            lat = np.where(known, _between(lat0, lat1, share), lat)
            lon = np.where(known, _between(lon0, lon1, share), lon)
            alt = np.where(known, _between(alt0, alt1, share), alt)
            moving = (leg >= 0) & (t < t1)
        return lat, lon, alt, moving


def _between(start: Float64, end: Float64, share: Float64) -> Float64:
    result: Float64 = np.where(share == 1.0, end, start + (end - start) * share)
    return result
