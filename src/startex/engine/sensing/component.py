"""Sensing: which unit has which opposing platform in contact, from when to when.

A *play* is a serial with an opposing force. Its opposing platforms and everybody else look for each
other. What each will see is worked out ahead from the legs, as far as these are known, by leaf
unit and target: the first of a unit's platforms to detect a target makes the contact of the unit.
When somebody's legs change, what his unit and those who look at him had before them is worked out
anew, from that instant; the law of detection has no memory, so that a new draw changes no chance.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Legs
from startex.engine.log import Log
from startex.engine.sensing.contacts import Contact
from startex.engine.sensing.looks import (
    Geometry,
    Sighting,
    geometry,
    sightings,
    still_in_reach,
)
from startex.engine.sensing.motion import Motion, motion
from startex.engine.sensing.scene import Scene, boxes, may_meet, numbered
from startex.engine.sensing.sensors import FINDS, detection_rate, reach_m
from startex.engine.state import State
from startex.forces.armament_figures import DOMAINS, SENSOR_KINDS
from startex.forces.armament_tables import Fits, SensorTable
from startex.forces.definitions import KINDS
from startex.forces.force import Force
from startex.forces.signatures import Signatures
from startex.foundation.clock import MS_PER_HOUR, MS_PER_MINUTE
from startex.foundation.streams import entity_key
from startex.geography.paths import POSITION_DECIMALS

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]

LOOK_AHEAD_MS = 6 * MS_PER_HOUR
"""Contacts are worked out so far ahead at a time, then with new draws: the law of detection has no
memory, so that no chance depends on it."""

GROUND_MS = 30 * MS_PER_MINUTE
"""What changes on the ground is taken into account so often: there hundreds change all the time,
and none goes far meanwhile; assumed."""

_SECOND_MS = 1_000  # a contact is told at the whole second after it was made

_PERSON = KINDS.index("person")
_KIND = {name: code for code, name in enumerate(SENSOR_KINDS)}


Sides = Sequence[tuple[int, Int32]]
"""Units and their platforms."""

_NOBODY = np.empty(0, np.int32)

Conditions = Callable[[Float64, Float64, Float64], tuple[Float64, npt.NDArray[np.bool_]]]
"""Visibility (m) and whether there is light at times (ms), latitudes and longitudes (degrees)."""


@dataclass(slots=True)
class Sensing:
    """Owns the contacts; the simulation tells it of plays and of changed legs.

    Parameters
    ----------
    force, state
        Who there is; where they stand.
    sensors, signatures, fits
        What they look with and how they are found.
    conditions
        Weather and light.
    seed, start_ms
        Of the run.
    """

    force: Force
    state: State
    sensors: SensorTable
    signatures: Signatures
    fits: Fits
    conditions: Conditions
    seed: int
    start_ms: int
    contacts: dict[tuple[int, int], Contact] = field(default_factory=dict)
    _plays: dict[int, tuple[Int32, Int32]] = field(default_factory=dict)  # both sides by serial
    _changed: list[Int32] = field(default_factory=list)  # rows noted since the last look
    _slow: list[Int32] = field(default_factory=list)  # on the ground, until the next full half hour
    _arena: Float64 = field(default_factory=lambda: np.empty((6, 0)))  # where they are
    _arena_reach_m: float = 0.0
    _due: list[tuple[int, int, tuple[int, int]]] = field(default_factory=list)
    horizon: int = field(init=False)
    _side: npt.NDArray[np.int8] = field(init=False)
    _serial: Int32 = field(init=False)
    _lookers: tuple[Int64, Int64] = field(init=False)  # rows and sensors of all channels
    _names: UInt64 = field(init=False)  # keys of sensors
    _group: Int32 = field(init=False)  # unit whose contact it is
    _ground: npt.NDArray[np.bool_] = field(init=False)
    _air: npt.NDArray[np.bool_] = field(init=False)  # by type of platform
    _optical: npt.NDArray[np.bool_] = field(init=False)  # by sensor
    _ground_due: int = field(init=False)
    _platform: npt.NDArray[np.bool_] = field(init=False)
    _neutral: npt.NDArray[np.bool_] = field(init=False)
    _out: npt.NDArray[np.bool_] = field(init=False)  # out of action
    _led: npt.NDArray[np.bool_] = field(init=False)  # channels that only serve their own serial

    def __post_init__(self) -> None:
        n = self.force.kind.size
        self._side = np.zeros(n, dtype=np.int8)
        self._out = np.zeros(n, dtype=np.bool_)
        self._serial = np.full(n, -1, dtype=np.int32)
        kind = self.force.type.astype(np.int64)
        first = self.fits.first[np.maximum(kind, 0)]
        count = np.where(kind < 0, 0, self.fits.first[np.maximum(kind, 0) + 1] - first)
        rows = np.repeat(np.arange(n), count)
        of = np.repeat(first - np.cumsum(count) + count, count) + np.arange(rows.size)
        self._group = self.force.unit.copy()
        on_land = [KINDS.index("vehicle"), KINDS.index("team"), KINDS.index("target")]
        self._ground = np.isin(self.force.kind, on_land)
        self._optical = np.isin(self.sensors.kind, [_KIND["visual"], _KIND["thermal"]])
        self._air = self.signatures.domain == DOMAINS.index("air")
        self.horizon = self._ground_due = self.start_ms
        self._lookers = self._leaders(rows, self.fits.item[of])
        self._platform = self.force.kind != _PERSON
        neutral = np.array([side == "neutral" for side in self.force.units.side], dtype=np.bool_)
        self._neutral = neutral[self.force.unit]
        self._names = np.array([entity_key(name) for name in self.sensors.id], dtype=np.uint64)

    def _leaders(self, rows: Int64, sensor: Int64) -> tuple[Int64, Int64]:
        """Return channels without those of the led: a unit on land looks out through its leader."""
        optical = self._optical[sensor]
        on_land = np.isin(self.force.kind[rows], [KINDS.index("vehicle"), KINDS.index("team")])
        led = optical & on_land
        key = self.force.unit[rows].astype(np.int64) * len(self.sensors.id) + sensor
        first = np.zeros(rows.size, dtype=np.bool_)
        first[np.unique(np.where(led, key, -1 - np.arange(rows.size)), return_index=True)[1]] = True
        kept = np.flatnonzero(~led | first)
        self._led = led[kept]
        return rows[kept], sensor[kept]

    @property
    def playing(self) -> bool:
        """Whether any play is on."""
        return bool(self._plays)

    def platforms_of(self, serial: int, *, opposing: bool) -> Int64:
        """Return the platforms of one side of a play, ascending."""
        if serial not in self._plays:
            return np.empty(0, np.int64)
        enemy, own = self._plays[serial]
        return np.unique(enemy if opposing else own).astype(np.int64)

    def put_out(self, rows: Int32, *, out: bool) -> None:
        """Let platforms neither look nor be looked for, or do so again."""
        self._out[rows] = out
        self._changed.append(rows)

    def takes_part(self, row: int, serial: int) -> bool:
        """Tell whether a platform belongs to either side of a play."""
        return bool(self._serial[row] == serial)

    def begin(self, serial: int, opposing: Sides, others: Sides) -> None:
        """Let platforms play the enemy in a serial, against ``others`` of it and everybody else.

        Both as (unit, its platforms): on land a contact is that of the unit named here, elsewhere
        that of a platform's own unit.
        """
        enemy, own = (
            np.concatenate([_NOBODY, *(rows for _, rows in side)]) for side in (opposing, others)
        )
        self._plays[serial] = enemy, own
        self._side[enemy] = 1
        for unit, rows in (*opposing, *others):
            self._serial[rows] = serial
            ground = rows[self._ground[rows]]
            self._group[ground] = unit
        self._changed += [enemy, own]

    def note(self, rows: Int32, legs: Sequence[Legs]) -> None:
        """Note that legs of platforms have changed, where that can matter to a play.

        ``legs`` are the new ones: where all of them lie so far from every play that nobody could
        find anybody, the change is passed over.
        """
        if self._plays and self._concerned(legs):
            rows = rows[self._platform[rows]]
            ground = self._ground[rows]
            self._changed.append(rows[~ground])
            self._slow.append(rows[ground])

    def _concerned(self, legs: Sequence[Legs]) -> bool:
        some = [part for part in legs if part.entity.size]
        if not some:
            return True
        low = min(float(np.minimum(part.lat0, part.lat1).min()) for part in some)
        high = max(float(np.maximum(part.lat0, part.lat1).max()) for part in some)
        west = min(float(np.minimum(part.lon0, part.lon1).min()) for part in some)
        east = max(float(np.maximum(part.lon0, part.lon1).max()) for part in some)
        flat = np.zeros(1)
        box = np.array([[low], [high], [west], [east], [0.0], [0.0]])
        return bool(self._arena.size) and bool(
            may_meet(box, self._arena, flat + self._arena_reach_m)[0]
        )

    def end(self, serial: int, t: int) -> list[Contact]:
        """Let a play end; return the contacts that end with it."""
        enemy, own = self._plays.pop(serial)
        self._changed.append(enemy)
        self._side[enemy], self._serial[enemy], self._serial[own] = 0, -1, -1
        for rows in (enemy, own):
            self._group[rows] = self.force.unit[rows]
        over = [key for key, contact in self.contacts.items() if contact.serial == serial]
        return [gone for key in over if (gone := self._close(key, t)) is not None]

    def next_time(self) -> int | None:
        """Return when something is due: a detection, a loss, or the look further ahead."""
        while self._due and self._stale(self._due[0]):
            heapq.heappop(self._due)
        times = [self._due[0][0]] if self._due else []
        if self._plays:
            times.append(self.horizon)
            if any(rows.size for rows in self._slow):
                times.append(self._ground_due)
        return min(times, default=None)

    def _stale(self, item: tuple[int, int, tuple[int, int]]) -> bool:
        t, what, key = item
        contact = self.contacts.get(key)
        if contact is None:
            return True
        return contact.open or contact.t != t if what == 0 else contact.until != t

    def take(self, t: int) -> tuple[list[Contact], list[Contact]]:
        """Return the contacts gained and lost at ``t``, each in the order of (unit, target).

        A `look` must follow: what is lost may be found again.
        """
        gained: list[Contact] = []
        lost: list[Contact] = []
        while self._due and self._due[0][0] <= t:
            item = heapq.heappop(self._due)
            if self._stale(item):
                continue
            _, what, key = item
            if what == 0:
                self.contacts[key].open = True
                gained.append(self.contacts[key])
            elif (gone := self._close(key, t)) is not None:
                lost.append(gone)
                again = self._slow if self._ground[gone.looker] else self._changed
                again.append(np.array([gone.target], dtype=np.int32))
        return gained, lost

    def _close(self, key: tuple[int, int], t: int) -> Contact | None:
        """Forget a contact; return it, ended at ``t``, if it was open."""
        contact = self.contacts.pop(key)
        contact.until = min(contact.until, t)
        return contact if contact.open else None

    # --- working out what will be seen ----------------------------------------------------

    def look(self, t: int, log: Log) -> list[Contact]:
        """Work out contacts from ``t`` on, for all whose legs have changed since the last look.

        Where the time looked ahead is over, for everybody.

        Parameters
        ----------
        t
            Now.
        log
            Where the legs are known.

        Returns
        -------
        Open contacts that have ended.
        """
        changed, self._changed = [rows for rows in self._changed if rows.size], []
        if not self._plays:
            self._slow = []
            return []
        if t >= self._ground_due:
            changed, self._slow = changed + self._slow, []
            self._ground_due = t + GROUND_MS - (t - self.start_ms) % GROUND_MS
        rows: Int32 | None = np.unique(np.concatenate([*changed, np.empty(0, np.int32)]))
        if self.horizon <= t:
            self.horizon = t + LOOK_AHEAD_MS - (t - self.start_ms) % LOOK_AHEAD_MS
            rows = None
        elif not changed:
            return []
        self._note_arena(t, log)
        return self._look(t, 0, rows, log) + self._look(t, 1, rows, log)

    def _note_arena(self, t: int, log: Log) -> None:
        """Note where the opposing platforms will be, and how far anybody can find anybody."""
        opposing = np.flatnonzero(self._side == 1)
        self._arena = boxes(self.ways(t, opposing, log), opposing)
        self._arena = self._arena[:, np.isfinite(self._arena[0])]
        domains = np.unique(self.signatures.domain[self.force.type[opposing]])
        found: npt.NDArray[np.bool_] = np.any(FINDS[self.sensors.kind][:, domains], axis=1)
        rows, sensor = self._lookers
        reach = np.where(
            found[sensor] | (self._side[rows] == 1), self.sensors.max_range_m[sensor], 0
        )
        self._arena_reach_m = float(reach.max(initial=0.0))

    def _look(self, t: int, mine: int, changed: Int32 | None, log: Log) -> list[Contact]:
        """Work out what one side will see of the other; see `look`."""
        units = None if changed is None else set(np.unique(self._group[changed]).tolist())
        anew = set() if changed is None else set(changed.tolist())
        scope = [
            key
            for key, contact in self.contacts.items()
            if self._side[contact.looker] == mine
            and (units is None or key[0] in units or key[1] in anew)
        ]
        held = {key for key in scope if self.contacts[key].open}
        for key in scope:
            if key not in held:
                del self.contacts[key]
        scenes = [self._scene(t, *part, log) for part in self._parts(mine, changed, units)]
        ended = []
        if held:
            on = self._seen(t, scenes, held, only_held=True)
            for key in sorted(held):
                if key in on and on[key].t <= t + _SECOND_MS:
                    self.contacts[key].until = on[key].until
                    self._enter(key)
                elif (gone := self._close(key, t)) is not None:
                    ended.append(gone)
        kept = held & self.contacts.keys()
        for key, contact in self._seen(t, scenes, kept, only_held=False).items():
            self.contacts[key] = contact
            self._enter(key)
        return ended

    def _parts(
        self, mine: int, changed: Int32 | None, units: set[int] | None
    ) -> Iterator[tuple[Int64, Int64, Int64]]:
        """Yield lookers with their sensors, and the targets for which they must look anew.

        Of what has changed: those of changed units look at all, all others at changed targets.
        Whoever is on the ground looks at his own serial and at aircraft.
        """
        rows, sensor = self._lookers
        able = (self._side[rows] == mine) & ~self._neutral[rows] & ~self._out[rows]
        able &= ~self._led | (self._serial[rows] >= 0)
        targets = np.flatnonzero((self._side == 1 - mine) & self._platform & ~self._out)
        choices = [(able, targets)]
        if changed is not None:
            again = np.isin(self._group[rows], sorted(units or ()))
            choices = [(able & again, targets), (able & ~again, np.intersect1d(targets, changed))]
        for lookers, aims in choices:
            for ground in (True, False):
                at = np.flatnonzero(lookers & (self._ground[rows] == ground))
                of = aims
                if ground:
                    plays = np.unique(self._serial[rows[at]])
                    own = np.isin(self._serial[aims], plays[plays >= 0])
                    of = aims[own | self._air[self.force.type[aims]]]
                if at.size and of.size:
                    yield rows[at], sensor[at], of

    def _enter(self, key: tuple[int, int]) -> None:
        contact = self.contacts[key]
        what, when = (1, contact.until) if contact.open else (0, contact.t)
        heapq.heappush(self._due, (when, what, key))

    def ways(self, t: int, rows: Int64, log: Log) -> Motion:
        """Return where rows (ascending) are from ``t`` to the end of the look ahead."""
        state = self.state
        aboard = np.flatnonzero(state.carrier[rows] >= 0)
        open_rows = {
            "entity": rows[aboard],
            "t0": state.aboard_ms[rows[aboard]],
            "t1": np.full(aboard.size, np.iinfo(np.int64).max >> 22),
        }
        closed = log.carriers_after(t)
        carried = {name: np.concatenate([closed[name], open_rows[name]]) for name in open_rows}
        standing = state.lat[rows], state.lon[rows], state.alt[rows]
        return motion(rows, t, self.horizon, log.legs_after(t), standing, carried)

    def _scene(self, t: int, rows: Int64, sensor: Int64, targets: Int64, log: Log) -> Scene:
        """Return who looks at whom, without those who come nowhere near a target."""
        aims = self.ways(t, targets, log)
        box = boxes(aims, targets)
        present = np.isfinite(box[0])
        targets, box = targets[present], box[:, present]
        kinds = self.force.type[targets].astype(np.int64)
        if not targets.size:
            return Scene(rows[:0], sensor[:0], np.empty(0), targets, kinds, box[5], aims, aims)
        lookers = self.ways(t, np.unique(rows), log)
        own = boxes(lookers, rows)
        reach = np.zeros(rows.size)
        top = float(box[5].max())
        for domain in np.unique(self.signatures.domain[kinds]):
            of = kinds[self.signatures.domain[kinds] == domain]
            kind = of[int(np.argmax(self.signatures.height_m[of]))]  # seen farthest of all
            found = reach_m(
                self.sensors, self.signatures, sensor, own[5],
                np.full(sensor.size, kind), np.full(sensor.size, top),
            )  # fmt: skip
            reach = np.fmax(reach, found)
        near = may_meet(own, box, reach)
        rows, sensor, tops = rows[near], sensor[near], own[5, near]
        return Scene(
            rows, sensor, tops, targets, kinds, box[5], numbered(lookers, rows),
            numbered(aims, targets),
        )  # fmt: skip

    def _seen(
        self, t: int, scenes: list[Scene], held: set[tuple[int, int]], *, only_held: bool
    ) -> dict[tuple[int, int], Contact]:
        """Return the next contact of each unit and target: of those held, or of all others."""
        count = self.force.kind.size
        keys = np.array(sorted(u * count + target for u, target in held), dtype=np.int64)
        found: dict[tuple[int, int], Contact] = {}
        for scene in scenes:
            if not scene.rows.size:
                continue
            for key, contact in self._seen_in(t, scene, keys, only_held=only_held).items():
                if key not in found or contact.t < found[key].t:
                    found[key] = contact
        return found

    def _seen_in(
        self, t: int, scene: Scene, held: Int64, *, only_held: bool
    ) -> dict[tuple[int, int], Contact]:
        rows, sensor, targets = scene.rows, scene.sensor, scene.targets
        unit = self._group[rows].astype(np.int64)
        count = self.force.kind.size
        ground = self._ground[rows]
        aloft = self._air[scene.kinds]

        def limits(a: Int64, b: Int64) -> Float64:
            wanted = np.isin(unit[a] * count + targets[b], held) == only_held
            alien = self._serial[rows[a]] != self._serial[targets[b]]
            wanted &= ~ground[a] | aloft[b] | ~alien
            reach = np.zeros(a.size)
            at = np.flatnonzero(wanted)
            reach[at] = reach_m(
                self.sensors, self.signatures, sensor[a[at]], scene.tops[a[at]],
                scene.kinds[b[at]], scene.target_tops[b[at]],
            )  # fmt: skip
            return reach

        def rate(look: Geometry) -> Float64:
            visibility = np.full(look.t.size, np.inf)
            light = np.ones(look.t.size, dtype=np.bool_)
            at = np.flatnonzero(self._optical[sensor[look.looker]])  # others need neither
            if at.size:
                visibility[at], light[at] = self.conditions(
                    look.t[at], look.target_lat[at], look.target_lon[at]
                )
            return detection_rate(
                self.sensors, self.signatures, sensor[look.looker], scene.kinds[look.target],
                look, visibility, light,
            )  # fmt: skip

        most, between = self.sensors.max_range_m[sensor], (t, self.horizon)
        ways = scene.lookers, scene.aims
        if only_held:
            found = still_in_reach(*ways, most_m=most, limits_m=limits, between=between)
        else:
            keys = self.force.key[rows] ^ self._names[sensor], self.force.key[targets]
            found = sightings(
                *ways, most_m=most, limits_m=limits, rate=rate, keys=keys, seed=self.seed,
                counter=(t - self.start_ms) // 1000, between=between,
            )  # fmt: skip
        return self._first_of_units(found, scene)

    def _first_of_units(self, found: Sighting, scene: Scene) -> dict[tuple[int, int], Contact]:
        """Return the first sighting of each unit and target, sorted by them."""
        looker, target = scene.rows[found.looker], scene.targets[found.target]
        unit = self._group[looker].astype(np.int64)
        order = np.lexsort((looker, found.t, target, unit))
        first = np.ones(order.size, dtype=np.bool_)
        first[1:] = (np.diff(unit[order]) != 0) | (np.diff(target[order]) != 0)
        chosen = order[first]
        told = -(-found.t[chosen] // _SECOND_MS) * _SECOND_MS
        pair = found.looker[chosen], found.target[chosen]
        at = geometry(scene.lookers, scene.aims, *pair, told.astype(np.float64))
        if np.isnan(at.range_m).any():  # gone aboard, or out of what is known, within that second
            told = np.where(np.isnan(at.range_m), found.t[chosen], told)
            at = geometry(scene.lookers, scene.aims, *pair, told.astype(np.float64))
        opposing = np.where(self._side[target[chosen]] == 1, target[chosen], looker[chosen])
        contacts = {}
        for i, k in enumerate(chosen.tolist()):
            key = int(unit[k]), int(target[k])
            contacts[key] = Contact(
                *key, int(looker[k]), int(scene.sensor[found.looker[k]]),
                int(self._serial[opposing[i]]), int(told[i]), _whole(found.until[k]), False,
                round(float(at.target_lat[i]), POSITION_DECIMALS),
                round(float(at.target_lon[i]), POSITION_DECIMALS),
                round(float(at.target_alt[i]), 1), round(float(at.range_m[i]), 1),
                bool(self._side[looker[k]] == 1),
            )  # fmt: skip
        return contacts


def _whole(t: np.int64) -> int:
    return -(-int(t) // _SECOND_MS) * _SECOND_MS
