"""What sides will see of each other, worked out from where everybody is going."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.log import Log
from startex.engine.sensing.contacts import SECOND_MS, Contact
from startex.engine.sensing.looks import (
    Geometry,
    Sighting,
    geometry,
    repeats,
    sightings,
    still_in_reach,
)
from startex.engine.sensing.masking import Land
from startex.engine.sensing.motion import Motion, motion
from startex.engine.sensing.roster import Roster
from startex.engine.sensing.scene import Scene, may_meet, scene_of
from startex.engine.sensing.sensors import AIRBORNE_M, STRAIGHT, detection_rate, reach_m
from startex.engine.sensing.spots import Spots, spots
from startex.engine.state import State
from startex.geography.paths import POSITION_DECIMALS
from startex.geography.spells import Candidates, Spells, candidates, few_pairs, settled

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Columns = Mapping[str, npt.NDArray[Any]]

Contacts = dict[tuple[int, int], Contact]
"""Contacts by unit and target."""

Lasting = dict[tuple[int, int], tuple[int, int]]
"""From when to when, ms, by unit and target."""

Conditions = Callable[[Float64, Float64, Float64], tuple[Float64, npt.NDArray[np.bool_]]]
"""Visibility (m) and whether there is light at times (ms), latitudes and longitudes (degrees)."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known at ``t`` of the time until ``until`` (ms): legs, and times aboard something."""

    t: int
    until: int
    legs: Columns
    carriers: Columns


def known(log: Log, t: int, until: int, rows: Int64 | None = None) -> Known:
    """Return what a log knows from ``t`` (now) to ``until``, of some entities or of all (None).

    Of all: some that is over may be among it.
    """
    if rows is None:
        return Known(t, until, *log.recent(t))
    return Known(t, until, log.legs_after(t, rows), log.carriers_after(t, rows))


@dataclass(frozen=True, slots=True)
class Prospect:
    """Who will have whom in reach, and when: stretches by channel and target (row).

    ``keys``: desk and target of each stretch in one number.
    """

    scene: Scene
    stretches: Spells
    keys: Int64


@dataclass(frozen=True, slots=True)
class Outlook:
    """Works out contacts; changes nothing.

    Parameters
    ----------
    roster, state
        Who looks for whom; where they stand.
    conditions
        Weather and light.
    seed, start_ms
        Of the run.
    land
        What lies between.
    """

    roster: Roster
    state: State
    conditions: Conditions
    seed: int
    start_ms: int
    land: Land = field(default_factory=Land)

    def ways(self, known: Known, rows: Int64) -> Motion:
        """Return where rows (ascending) are in the time that is known."""
        standing, carried = self._rest(known, rows)
        return motion(rows, known.t, known.until, known.legs, standing, carried)

    def spots(self, known: Known, rows: Int64) -> Spots:
        """Return where rows (ascending) are when what is known begins; it is of them alone."""
        standing, carried = self._rest(known, rows)
        return spots(known.t, rows, known.legs, standing, carried)

    def _rest(
        self, known: Known, rows: Int64
    ) -> tuple[tuple[Float64, Float64, Float64], dict[str, npt.NDArray[Any]]]:
        """Return where rows stand once all legs are run, and their times aboard something."""
        state = self.state
        aboard = np.flatnonzero(state.carrier[rows] >= 0)
        open_rows = {
            "entity": rows[aboard],
            "t0": state.aboard_ms[rows[aboard]],
            "t1": np.full(aboard.size, np.iinfo(np.int64).max >> 22),
        }
        closed = known.carriers
        carried = {name: np.concatenate([closed[name], open_rows[name]]) for name in open_rows}
        return (state.lat[rows], state.lon[rows], state.alt[rows]), carried

    def prospect(
        self,
        known: Known,
        parts: Sequence[tuple[Int64, Int64]],
        only: set[tuple[int, int]] | None = None,
        also: Int64 | None = None,
    ) -> Prospect:
        """Return who will have whom in reach.

        ``parts``: channels that look (see `Roster.rows`), and at which targets (rows). ``only``:
        of these units and targets alone (None: of all). ``also``: rows to be in the scene.
        """
        roster = self.roster
        everybody = [roster.rows[who] for who, _ in parts] + [of for _, of in parts]
        nobody = np.empty(0, np.int64)
        rows = np.unique(np.concatenate([*everybody, nobody if also is None else also]))
        scene = scene_of(self.ways(known, rows), rows)
        near = [found for part in parts if (found := self._near(scene, *part)) is not None]
        if near:
            columns = zip(*([getattr(n, c) for c in n.__slots__] for n in near), strict=True)
            together = Candidates(*(np.concatenate(column) for column in columns))
            if only is not None:
                keys = self._keys(together.first, together.second)
                together = together.take(_among(keys, self._numbers(only)).nonzero()[0])
            stretches = settled(
                scene.ways.pieces, scene.ways.pieces, together,
                lambda channel, target: self._limits(scene, channel, target),
            )  # fmt: skip
        else:
            stretches = Spells(nobody, nobody, nobody, nobody)
        who, target = roster.rows[stretches.first], stretches.second
        low = ~roster.ground[who] & ~(roster.ground[target] | roster.closed[target])
        low &= STRAIGHT[roster.sensors.kind[roster.sensor[stretches.first]]]
        stretches = self.land.cut(stretches, (who, target), scene.ways, low, self.start_ms)
        return Prospect(scene, stretches, self._keys(stretches.first, stretches.second))

    def _keys(self, channel: Int64, target: Int64) -> Int64:
        """Return desk and target in one number."""
        desk = self.roster.desk(self.roster.rows[channel], self.roster.sensor[channel])
        return desk * self.roster.force.kind.size + target

    def _near(self, scene: Scene, channels: Int64, targets: Int64) -> Candidates | None:
        """Return the pairs of pieces that may come within reach, without who is far from all."""
        roster = self.roster
        aim = scene.number(targets)
        present = np.isfinite(scene.box[0, aim])
        targets, aim = targets[present], aim[present]
        if not targets.size:
            return None
        rows, sensor = roster.rows[channels], roster.sensor[channels]
        who, box = scene.number(rows), scene.box[:, aim]
        own = scene.box[:, who]
        kinds = roster.force.type[targets].astype(np.int64)
        domains, heights = roster.signatures.domain[kinds], roster.signatures.height_m[kinds]
        reach = np.zeros(rows.size)
        for domain in set(domains.tolist()):
            of = (domains == domain).nonzero()[0]
            top = float(box[5, of].max())
            kind = int(kinds[of[int(np.argmax(heights[of]))]])  # seen farthest of all
            found = reach_m(
                roster.sensors, roster.signatures, sensor, own[5],
                np.full(sensor.size, kind), np.full(sensor.size, top),
            )  # fmt: skip
            reach = np.fmax(reach, found)
        parked = roster.air[roster.force.type[rows]] & (own[5] < AIRBORNE_M)
        near = may_meet(own, box, np.where(parked, 0.0, reach)).nonzero()[0]
        if not near.size:
            return None
        # by platform first: channels are sorted by it, and look from the same place
        number, most = who[near], roster.sensors.max_range_m[sensor[near]]
        first = np.append(True, number[1:] != number[:-1]).nonzero()[0]
        channels_of = np.diff(first, append=number.size)
        of_looker, i = scene.pieces(number[first])
        of_target, j = scene.pieces(aim)
        if few_pairs(i.size, j.size):  # else a tree for each distance is none too many
            limit = np.maximum.reduceat(np.minimum(most, reach[near]), first)
        else:
            limit = np.maximum.reduceat(most, first)
        ball, other = ((scene.centre[at], scene.radius[at]) for at in (i, j))
        a, b, apart = candidates(ball, other, limit[of_looker])
        t0, t1 = scene.ways.pieces.t0, scene.ways.pieces.t1
        x, y = i[a], j[b]
        both = (np.maximum(t0[x], t0[y]) < np.minimum(t1[x], t1[y])).nonzero()[0]
        if not both.size:
            return None
        a, b, x, y, apart = a[both], b[both], x[both], y[both], apart[both]
        count = channels_of[of_looker[a]]
        of = np.repeat(np.arange(a.size), count)
        channel = np.repeat(first[of_looker[a]] - np.cumsum(count) + count, count)
        channel += np.arange(of.size)
        slack, apart = (ball[1][a] + other[1][b])[of], apart[of]
        kept = (apart <= np.minimum(most, reach[near])[channel] + slack).nonzero()[0]
        of, channel = of[kept], channel[kept]
        return Candidates(
            channels[near[channel]], targets[of_target[b]][of], x[of], y[of], apart[kept],
            slack[kept], most[channel],
        )  # fmt: skip

    def _limits(self, scene: Scene, channel: Int64, target: Int64) -> Float64:
        """Return how far channels can find targets, m; 0 where they do not look at them."""
        roster = self.roster
        rows, sensor = roster.rows[channel], roster.sensor[channel]
        ground, shut = roster.ground[rows], roster.closed[rows]
        low = roster.ground[target] | roster.closed[target]
        kinds = roster.force.type[target].astype(np.int64)
        alien = roster.serial[rows] != roster.serial[target]
        wanted = ~(alien & (low | shut | (ground & ~roster.air[kinds])))
        wanted &= roster.hears(sensor, rows, target)
        reach = np.zeros(channel.size)
        at = wanted.nonzero()[0]
        reach[at] = reach_m(
            roster.sensors, roster.signatures, sensor[at], scene.box[5, scene.number(rows[at])],
            kinds[at], scene.box[5, scene.number(target[at])],
        )  # fmt: skip
        return reach

    def still(self, known: Known, seen: Prospect, held: set[tuple[int, int]]) -> Lasting:
        """Return from when to when the contacts of units, of those held, last beyond now, ms."""
        mine = _among(seen.keys, self._numbers(held)).nonzero()[0]
        found = still_in_reach(seen.stretches.take(mine), known.t)
        keys, first = self._first(found)
        desk, target = np.divmod(keys, self.roster.force.kind.size)
        pairs = zip(desk.tolist(), target.tolist(), strict=True)
        times = zip(found.t[first].tolist(), _whole(found.until[first]).tolist(), strict=True)
        return dict(zip(pairs, times, strict=True))

    def next(self, known: Known, seen: Prospect, but: set[tuple[int, int]]) -> Contacts:
        """Return the next contact of each unit and target but those given."""
        rest = (~_among(seen.keys, self._numbers(but))).nonzero()[0]
        sighted = self._sightings(known, seen.scene, seen.stretches.take(rest), seen.keys[rest])
        return self._first_of_units(sighted, seen.scene)

    def _numbers(self, pairs: set[tuple[int, int]]) -> Int64:
        count = self.roster.force.kind.size
        return np.array(sorted(u * count + target for u, target in pairs), dtype=np.int64)

    def _sightings(self, known: Known, scene: Scene, stretches: Spells, keys: Int64) -> Sighting:
        roster = self.roster
        kinds = roster.force.type

        def rate(look: Geometry) -> Float64:
            visibility = np.full(look.t.size, np.inf)
            light = np.ones(look.t.size, dtype=np.bool_)
            sensor = roster.sensor[look.looker]
            at = roster.optical[sensor].nonzero()[0]  # others need neither
            if at.size:
                visibility[at], light[at] = self.conditions(
                    look.t[at], look.target_lat[at], look.target_lon[at]
                )
            same = (look.looker, look.target, look.range_m, look.alt, look.target_alt)
            new, of = repeats((*same, visibility, light))
            if new is not None:
                look, sensor = look.take(new), sensor[new]
                visibility, light = visibility[new], light[new]
            found = detection_rate(
                roster.sensors, roster.signatures, sensor,
                kinds[look.target].astype(np.int64), look, visibility, light,
            )  # fmt: skip
            parked = roster.air[kinds[roster.rows[look.looker]]] & (
                look.alt < AIRBORNE_M
            )  # it may take off later
            found[parked] = 0.0
            return found if new is None else found[of]

        return sightings(
            scene.ways, scene.ways, stretches, rate=rate,
            keys=(roster.keys, roster.force.key),
            seed=self.seed, counter=(known.t - self.start_ms) // 1000, groups=keys,
            rows=(roster.rows[stretches.first], stretches.second),
        )  # fmt: skip

    def _first(self, found: Sighting) -> tuple[Int64, Int64]:
        """Return the keys of units and targets, ascending, and the first sighting of each."""
        keys, looker = self._keys(found.looker, found.target), self.roster.rows[found.looker]
        order = np.lexsort((looker, found.t, keys))
        first = np.ones(order.size, dtype=np.bool_)
        first[1:] = keys[order[1:]] != keys[order[:-1]]
        return keys[order[first]], order[first]

    def _first_of_units(self, found: Sighting, scene: Scene) -> Contacts:
        """Return the first sighting of each unit and target, sorted by them."""
        if not found.t.size:
            return {}
        roster = self.roster
        chosen = self._first(found)[1]
        channel, target = found.looker[chosen], found.target[chosen]
        looker, sensor, soonest = roster.rows[channel], roster.sensor[channel], found.t[chosen]
        desk = roster.desk(looker, sensor)
        told = _whole(soonest)
        at = geometry(scene.ways, scene.ways, looker, target, told.astype(np.float64))
        if np.isnan(at.range_m).any():  # gone aboard, or out of what is known, within that second
            told = np.where(np.isnan(at.range_m), soonest, told)
            at = geometry(scene.ways, scene.ways, looker, target, told.astype(np.float64))
        opposing = np.where(roster.side[target] == 1, target, looker)
        until = _whole(found.until[chosen])
        columns = (
            desk, roster.group[looker], target, looker, sensor, roster.serial[opposing], told,
            until, at.target_lat, at.target_lon, at.target_alt, at.range_m,
            roster.side[looker] == 1, at.lat, at.lon, roster.intercept[sensor],
        )  # fmt: skip
        contacts = {}
        for row in zip(*(column.tolist() for column in columns), strict=True):
            desk_, unit, aim, who, with_, serial, t, end, lat, lon, alt, far, *rest = row
            contacts[desk_, aim] = Contact(
                unit, aim, who, with_, serial, t, end, False,
                round(lat, POSITION_DECIMALS), round(lon, POSITION_DECIMALS), round(alt, 1),
                round(far, 1), *rest,
            )  # fmt: skip
        return contacts


def _whole(t: Int64) -> Int64:
    """Return the whole seconds that follow times, ms."""
    seconds: Int64 = -(-t // SECOND_MS) * SECOND_MS
    return seconds


def _among(numbers: Int64, wanted: Int64) -> npt.NDArray[np.bool_]:
    """Tell which numbers are among some (ascending)."""
    if not wanted.size:
        return np.zeros(numbers.size, dtype=np.bool_)
    at = np.minimum(wanted.searchsorted(numbers), wanted.size - 1)
    found: npt.NDArray[np.bool_] = wanted[at] == numbers
    return found
