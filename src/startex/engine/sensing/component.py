"""Sensing: which unit has which opposing platform in contact, from when to when.

A *play* is a serial with an opposing force. Its opposing platforms and everybody else look for each
other. What each will see is worked out ahead from the legs, as far as these are known, by leaf
unit and target: the first of a unit's platforms to detect a target makes the contact of the unit.
When somebody's legs change, what his unit and those who look at him had before them is worked out
anew, from that instant; the law of detection has no memory, so that a new draw changes no chance.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Legs
from startex.engine.log import Log
from startex.engine.sensing.contacts import SECOND_MS, Contact
from startex.engine.sensing.motion import Motion
from startex.engine.sensing.outlook import Known, Outlook, known
from startex.engine.sensing.roster import Roster, Sides
from startex.engine.sensing.scene import Arena, Scene, arena_of
from startex.engine.sensing.sensors import FINDS
from startex.engine.sensing.spots import Place, Spots, place
from startex.foundation.clock import MS_PER_HOUR, MS_PER_MINUTE

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

LOOK_AHEAD_MS = 3 * MS_PER_HOUR
"""Contacts are worked out so far ahead at a time, then with new draws: the law of detection has no
memory, so that no chance depends on it."""

AGAIN_MS = 5 * MS_PER_MINUTE
"""What is lost is looked for again at the next full such time: it has just gone out of reach."""

GROUND_MS = 30 * MS_PER_MINUTE
"""What changes on the ground is taken into account so often: there hundreds change all the time,
and none goes far meanwhile, but where there is fire (see `Sensing.hasten`); assumed."""

FEW = 6
"""So many are looked for one by one: arrays would cost more than the work on them."""

_NOBODY = np.empty(0, np.int32)
_NEVER = np.iinfo(np.int64).max


@dataclass(slots=True)
class Sensing:
    """Owns the contacts; the simulation tells it of plays and of changed legs.

    Parameters
    ----------
    outlook
        Works out who will see whom, from roster, ways, weather and light.

    Attributes
    ----------
    roster
        Who plays on which side, and looks out with what.
    contacts
        By unit and target.
    horizon
        Until when contacts are worked out, ms.
    touched
        Whose changed legs the last look took into account; None for everybody's.
    """

    outlook: Outlook
    roster: Roster = field(init=False)
    contacts: dict[tuple[int, int], Contact] = field(default_factory=dict)
    horizon: int = field(init=False)
    touched: Int32 | None = field(default_factory=lambda: _NOBODY)
    _changed: list[Int32] = field(default_factory=list)  # rows noted since the last look
    _slow: list[Int32] = field(default_factory=list)  # on the ground, until the next full half hour
    _slow_gone: list[tuple[int, int]] = field(default_factory=list)
    _ground_due: int = field(init=False)
    _hasty: list[int] = field(default_factory=list)  # serials in which the ground cannot wait
    _gone: list[tuple[int, int]] = field(default_factory=list)  # desks and what they have lost
    _again_due: int = field(init=False)
    _arena: Arena | None = None  # where they are
    _arena_reach_m: float = 0.0
    _due: list[tuple[int, int, tuple[int, int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.roster = self.outlook.roster
        self.horizon = self._ground_due = self._again_due = self.outlook.start_ms

    def ways(self, t: int, rows: Int64, log: Log) -> Motion:
        """Return where rows (ascending) are from ``t`` to the end of the look ahead."""
        return self.outlook.ways(known(log, t, max(self.horizon, t + SECOND_MS), rows), rows)

    def spots(self, t: int, rows: Int64, log: Log) -> Spots:
        """Return where rows (ascending) are at ``t``."""
        return self.outlook.spots(known(log, t, t + 1, rows), rows)

    def places(self, t: int, rows: Sequence[int], log: Log) -> dict[int, Place]:
        """Return where some rows are at ``t``: `spots`, quicker where they are few."""
        if len(rows) > FEW:
            found = self.spots(t, np.unique(np.array(rows, dtype=np.int64)), log)
            columns = (column.tolist() for column in (found.lat, found.lon, found.alt))
            return dict(zip(found.rows.tolist(), zip(*columns, strict=True), strict=True))
        legs, carriers = log.recent(t)
        return {row: place(t, row, legs, carriers, self.outlook.state) for row in rows}

    def put_out(self, rows: Int32, *, out: bool) -> None:
        """Let platforms neither look nor be looked for, or do so again."""
        self.roster.put_out(rows, out=out)
        self._changed.append(rows)

    def set_silent(self, rows: Int32, *, silent: bool) -> None:
        """Let platforms keep their radars off, or use them again."""
        self.roster.silent[rows] = silent
        self._changed.append(rows)

    def begin(self, serial: int, opposing: Sides, others: Sides, *, closed: bool = False) -> None:
        """Let platforms play the enemy in a serial, against ``others`` of it and everybody else.

        Both as (unit, its platforms): on land a contact is that of the unit named here, elsewhere
        that of a platform's own unit. ``closed``: see `engine.desk.Desk.tell_off`.
        """
        self._changed += self.roster.begin(serial, opposing, others, closed=closed)

    def note(self, rows: Int32, legs: Sequence[Legs]) -> None:
        """Note that legs of platforms have changed, where that can matter to a play.

        ``legs`` are the new ones: where all of them lie so far from every play that nobody could
        find anybody, the change is passed over, but for those who take part in one.
        """
        if self.roster.playing and (self._take_part(rows) or self._concerned(legs)):
            rows = rows[self.roster.platform[rows]]
            slow = self._may_wait(rows)
            if not slow.all():
                self._changed.append(rows[~slow])
            if slow.any():
                self._slow.append(rows[slow])

    def hasten(self, serial: int) -> None:
        """From now on let what changes on the ground of a play count at once: there is fire."""
        if serial not in self._hasty:
            self._hasty.append(serial)

    def _may_wait(self, rows: Int32) -> npt.NDArray[np.bool_]:
        """Tell of which platforms a change counts at the next half hour only."""
        ground = self.roster.ground[rows]
        for serial in self._hasty:
            ground &= self.roster.serial[rows] != serial
        return ground

    def _take_part(self, rows: Int32) -> bool:
        return bool((self.roster.serial[rows] >= 0).any())

    def _concerned(self, legs: Sequence[Legs]) -> bool:
        some = [part for part in legs if part.entity.size]
        if not some:
            return True
        if self._arena is None:
            return False
        lat, lon = (
            (
                min(float(min(a.min(), b.min())) for a, b in ends),
                max(float(max(a.max(), b.max())) for a, b in ends),
            )
            for ends in (
                [(part.lat0, part.lat1) for part in some], [(part.lon0, part.lon1) for part in some]
            )
        )  # fmt: skip
        return self._arena.may_meet(lat, lon, self._arena_reach_m)

    def end(self, serial: int, t: int) -> list[Contact]:
        """Let a play end; return the contacts that end with it."""
        self._changed.append(self.roster.end(serial))
        self._hasty = [other for other in self._hasty if other != serial]
        over = [key for key, contact in self.contacts.items() if contact.serial == serial]
        return [gone for key in over if (gone := self._close(key, t)) is not None]

    def next_time(self) -> int | None:
        """Return when something is due: a detection, a loss, or the look further ahead."""
        while self._due and self._stale(self._due[0]):
            heapq.heappop(self._due)
        times = [self._due[0][0]] if self._due else []
        if self.roster.playing:
            times.append(self.horizon)
            if self._slow_gone or self._slow:
                times.append(self._ground_due)
            if self._gone:
                times.append(self._again_due)
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
                contact = self.contacts[key]
                contact.open, contact.until = True, max(contact.until, t + SECOND_MS)
                gained.append(contact)
                self._enter(key)
            elif (gone := self._close(key, t)) is not None:
                lost.append(gone)
                late = bool(self.roster.ground[gone.looker])
                late = late and int(self.roster.serial[gone.looker]) not in self._hasty
                again = self._slow_gone if late else self._gone
                again.append(key)
        if self._gone and self._again_due < t:
            self._again_due = t + AGAIN_MS - (t - self.outlook.start_ms) % AGAIN_MS
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
        self.touched = _NOBODY
        gone: list[tuple[int, int]] = []
        if not self.roster.playing:
            self._slow, self._gone, self._slow_gone = [], [], []
            return []
        if t >= self._ground_due:
            changed, self._slow = changed + self._slow, []
            gone, self._slow_gone = self._slow_gone, []
            self._ground_due = t + GROUND_MS - (t - self.outlook.start_ms) % GROUND_MS
        if t >= self._again_due and self._gone:
            gone, self._gone = gone + self._gone, []
        rows: Int32 | None = None
        if self.horizon <= t:
            self.horizon = t + LOOK_AHEAD_MS - (t - self.outlook.start_ms) % LOOK_AHEAD_MS
            gone = []
        elif not changed and not gone:
            return []
        else:
            rows = np.unique(np.concatenate([*changed, _NOBODY]))
        self.touched = rows
        ahead = known(log, t, self.horizon)
        ended: list[Contact] = []
        if rows is None or rows.size:
            ended = self._look(ahead, rows)
        self._look_again(ahead, gone)
        return ended

    def _look_again(self, ahead: Known, gone: list[tuple[int, int]]) -> None:
        """Work out when units will find what they have lost, where that is not done already."""
        pairs = [key for key in gone if key not in self.contacts]
        parts = [part for mine in (0, 1) for part in self.roster.parts_again(mine, pairs)]
        if parts:
            prospect = self.outlook.prospect(ahead, parts, set(pairs))
            for key, contact in self.outlook.next(ahead, prospect, set()).items():
                self.contacts[key] = contact
                self._enter(key)

    def _note_arena(self, scene: Scene, opposing: Int64) -> None:
        """Note where the opposing platforms will be, and how far anybody can find anybody."""
        roster = self.roster
        self._arena = arena_of(scene.box[:, scene.number(opposing)])
        domains = np.unique(roster.signatures.domain[roster.force.type[opposing]])
        found: npt.NDArray[np.bool_] = np.any(FINDS[roster.sensors.kind][:, domains], axis=1)
        reach = np.where(
            found[roster.sensor] | (roster.side[roster.rows] == 1),
            roster.sensors.max_range_m[roster.sensor],
            0,
        )
        self._arena_reach_m = float(reach.max(initial=0.0))

    def _look(self, ahead: Known, changed: Int32 | None) -> list[Contact]:
        """Work out what both sides will see of each other; see `look`."""
        roster = self.roster
        units = None if changed is None else set(roster.group[changed].tolist())
        anew = set() if changed is None else set(changed.tolist())
        scope = [
            key
            for key, contact in self.contacts.items()
            if units is None or contact.unit in units or key[1] in anew
        ]
        held = {key for key in scope if self.contacts[key].open}
        for key in scope:
            if key not in held:
                del self.contacts[key]
        parts = [part for mine in (0, 1) for part in roster.parts(mine, changed, units)]
        opposing = ((roster.side == 1) & ~roster.closed).nonzero()[0]
        prospect = self.outlook.prospect(ahead, parts, also=opposing)
        self._note_arena(prospect.scene, opposing)
        ended = []
        if held:
            on = self.outlook.still(ahead, prospect, held)
            for key in sorted(held, key=lambda key: (self.contacts[key].opposing, key)):
                since, until = on.get(key, (_NEVER, _NEVER))
                if since <= ahead.t + SECOND_MS:
                    self.contacts[key].until = until
                    self._enter(key)
                elif (gone := self._close(key, ahead.t)) is not None:
                    ended.append(gone)
        kept = held & self.contacts.keys()
        for key, contact in self.outlook.next(ahead, prospect, kept).items():
            self.contacts[key] = contact
            self._enter(key)
        return ended

    def _enter(self, key: tuple[int, int]) -> None:
        contact = self.contacts[key]
        what, when = (1, contact.until) if contact.open else (0, contact.t)
        heapq.heappush(self._due, (when, what, key))
