"""What sides will see of each other, worked out from where everybody is going."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    stretches_in_reach,
)
from startex.engine.sensing.masking import Land
from startex.engine.sensing.motion import Motion, motion
from startex.engine.sensing.roster import Roster
from startex.engine.sensing.scene import Scene, boxes, may_meet, numbered
from startex.engine.sensing.sensors import AIRBORNE_M, STRAIGHT, detection_rate, reach_m
from startex.engine.sensing.spots import Spots, spots
from startex.engine.state import State
from startex.geography.paths import POSITION_DECIMALS
from startex.geography.spells import Spells

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Columns = Mapping[str, npt.NDArray[Any]]

Contacts = dict[tuple[int, int], Contact]
"""Contacts by unit and target."""

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
    """Return what a log knows from ``t`` to ``until``, of some entities or of all (None)."""
    return Known(t, until, log.legs_after(t, rows), log.carriers_after(t, rows))


@dataclass(frozen=True, slots=True)
class Prospect:
    """Who will have whom in reach, and when: stretches by numbers of looker and target.

    ``keys``: unit and target of each stretch in one number.
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

    def scene(self, known: Known, rows: Int64, sensor: Int64, targets: Int64) -> Scene:
        """Return who looks at whom, without those who come nowhere near a target."""
        aims = self.ways(known, targets)
        box = boxes(aims, targets)
        present = np.isfinite(box[0])
        targets, box = targets[present], box[:, present]
        kinds = self.roster.force.type[targets].astype(np.int64)
        if not targets.size:
            return Scene(rows[:0], sensor[:0], np.empty(0), targets, kinds, box[5], aims, aims)
        lookers = self.ways(known, np.unique(rows))
        own = boxes(lookers, rows)
        reach = np.zeros(rows.size)
        domains = self.roster.signatures.domain[kinds]
        for domain in np.unique(domains):
            of, top = kinds[domains == domain], float(box[5, domains == domain].max())
            kind = of[int(np.argmax(self.roster.signatures.height_m[of]))]  # seen farthest of all
            found = reach_m(
                self.roster.sensors, self.roster.signatures, sensor, own[5],
                np.full(sensor.size, kind), np.full(sensor.size, top),
            )  # fmt: skip
            reach = np.fmax(reach, found)
        parked = self.roster.air[self.roster.force.type[rows]] & (own[5] < AIRBORNE_M)
        near = may_meet(own, box, np.where(parked, 0.0, reach))
        rows, sensor, tops = rows[near], sensor[near], own[5, near]
        return Scene(
            rows, sensor, tops, targets, kinds, box[5], numbered(lookers, rows),
            numbered(aims, targets),
        )  # fmt: skip

    def prospects(self, known: Known, scenes: Iterable[Scene]) -> list[Prospect]:
        """Return who will have whom in reach."""
        return [self._prospect(known, scene) for scene in scenes if scene.rows.size]

    def still(
        self, known: Known, prospects: Sequence[Prospect], held: set[tuple[int, int]]
    ) -> Contacts:
        """Return the contacts of units with targets, of those held, that last beyond now."""
        on: Contacts = {}
        for seen in prospects:
            mine = np.flatnonzero(np.isin(seen.keys, self._numbers(held)))
            found = still_in_reach(seen.stretches.take(mine), known.t)
            _keep_first(on, self._first_of_units(found, seen.scene))
        return on

    def next(
        self,
        known: Known,
        prospects: Sequence[Prospect],
        pairs: set[tuple[int, int]],
        *,
        but: bool = True,
    ) -> Contacts:
        """Return the next contact of each unit and target but those given, or of those alone."""
        found: Contacts = {}
        for seen in prospects:
            rest = np.flatnonzero(np.isin(seen.keys, self._numbers(pairs)) != but)
            sighted = self._sightings(known, seen.scene, seen.stretches.take(rest), seen.keys[rest])
            _keep_first(found, self._first_of_units(sighted, seen.scene))
        return found

    def _numbers(self, pairs: set[tuple[int, int]]) -> Int64:
        count = self.roster.force.kind.size
        return np.array(sorted(u * count + target for u, target in pairs), dtype=np.int64)

    def _prospect(self, known: Known, scene: Scene) -> Prospect:
        rows, sensor, targets = scene.rows, scene.sensor, scene.targets
        ground, shut = self.roster.ground[rows], self.roster.closed[rows]
        low = self.roster.ground[targets] | self.roster.closed[targets]
        aloft = self.roster.air[scene.kinds]

        def limits(a: Int64, b: Int64) -> Float64:
            alien = self.roster.serial[rows[a]] != self.roster.serial[targets[b]]
            wanted = ~(alien & (low[b] | shut[a] | (ground[a] & ~aloft[b])))
            wanted &= self.roster.hears(sensor[a], rows[a], targets[b])
            reach = np.zeros(a.size)
            at = np.flatnonzero(wanted)
            reach[at] = reach_m(
                self.roster.sensors, self.roster.signatures, sensor[a[at]], scene.tops[a[at]],
                scene.kinds[b[at]], scene.target_tops[b[at]],
            )  # fmt: skip
            return reach

        stretches = stretches_in_reach(
            scene.lookers, scene.aims, most_m=self.roster.sensors.max_range_m[sensor],
            limits_m=limits, between=(known.t, known.until),
        )  # fmt: skip
        low_pair = ~ground[stretches.first] & ~low[stretches.second]
        low_pair &= STRAIGHT[self.roster.sensors.kind[sensor[stretches.first]]]
        stretches = self.land.cut(stretches, scene.lookers, scene.aims, low_pair, self.start_ms)
        unit = self.roster.desk(rows[stretches.first], sensor[stretches.first])
        keys = unit * self.roster.force.kind.size + targets[stretches.second]
        return Prospect(scene, stretches, keys)

    def _sightings(self, known: Known, scene: Scene, stretches: Spells, keys_of: Int64) -> Sighting:
        rows, sensor, targets = scene.rows, scene.sensor, scene.targets
        flies = self.roster.air[self.roster.force.type[rows]]

        def rate(look: Geometry) -> Float64:
            visibility = np.full(look.t.size, np.inf)
            light = np.ones(look.t.size, dtype=np.bool_)
            at = self.roster.optical[sensor[look.looker]].nonzero()[0]  # others need neither
            if at.size:
                visibility[at], light[at] = self.conditions(
                    look.t[at], look.target_lat[at], look.target_lon[at]
                )
            same = (look.looker, look.target, look.range_m, look.alt, look.target_alt)
            new, of = repeats((*same, visibility, light))
            if new is not None:
                look, visibility, light = look.take(new), visibility[new], light[new]
            found = detection_rate(
                self.roster.sensors, self.roster.signatures, sensor[look.looker],
                scene.kinds[look.target], look, visibility, light,
            )  # fmt: skip
            parked = flies[look.looker] & (look.alt < AIRBORNE_M)  # it may take off later
            found[parked] = 0.0
            return found if new is None else found[of]

        keys = (
            self.roster.force.key[rows] ^ self.roster.names[sensor],
            self.roster.force.key[targets],
        )
        return sightings(
            scene.lookers, scene.aims, stretches, rate=rate, keys=keys, seed=self.seed,
            counter=(known.t - self.start_ms) // 1000, groups=keys_of,
        )  # fmt: skip

    def _first_of_units(self, found: Sighting, scene: Scene) -> Contacts:
        """Return the first sighting of each unit and target, sorted by them."""
        looker, target = scene.rows[found.looker], scene.targets[found.target]
        unit = self.roster.desk(looker, scene.sensor[found.looker])
        order = np.lexsort((looker, found.t, target, unit))
        first = np.ones(order.size, dtype=np.bool_)
        first[1:] = (np.diff(unit[order]) != 0) | (np.diff(target[order]) != 0)
        chosen = order[first]
        told = -(-found.t[chosen] // SECOND_MS) * SECOND_MS
        pair = found.looker[chosen], found.target[chosen]
        at = geometry(scene.lookers, scene.aims, *pair, told.astype(np.float64))
        if np.isnan(at.range_m).any():  # gone aboard, or out of what is known, within that second
            told = np.where(np.isnan(at.range_m), found.t[chosen], told)
            at = geometry(scene.lookers, scene.aims, *pair, told.astype(np.float64))
        opposing = np.where(self.roster.side[target[chosen]] == 1, target[chosen], looker[chosen])
        contacts = {}
        for i, k in enumerate(chosen.tolist()):
            key = int(unit[k]), int(target[k])
            contacts[key] = Contact(
                int(self.roster.group[looker[k]]), key[1], int(looker[k]),
                int(scene.sensor[found.looker[k]]),
                int(self.roster.serial[opposing[i]]), int(told[i]), _whole(found.until[k]), False,
                round(float(at.target_lat[i]), POSITION_DECIMALS),
                round(float(at.target_lon[i]), POSITION_DECIMALS),
                round(float(at.target_alt[i]), 1), round(float(at.range_m[i]), 1),
                bool(self.roster.side[looker[k]] == 1),
                float(at.lat[i]), float(at.lon[i]),
                bool(self.roster.intercept[scene.sensor[found.looker[k]]]),
            )  # fmt: skip
        return contacts


def _keep_first(found: Contacts, more: Contacts) -> None:
    """Add contacts to those found; of two of a unit and target the earlier is kept."""
    for key, contact in more.items():
        if key not in found or contact.t < found[key].t:
            found[key] = contact


def _whole(t: np.int64) -> int:
    return -(-int(t) // SECOND_MS) * SECOND_MS
