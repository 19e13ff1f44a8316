"""The play of a run: contacts as they are made, recorded and reported to control."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.closing import approach
from startex.engine.desk import Approach, Engage, Report, Result
from startex.engine.effects import Effects, Event
from startex.engine.firing import Firing
from startex.engine.log import Log
from startex.engine.mines import is_mine, strikes
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.contacts import Contact
from startex.engine.sensing.roster import Sides

Int32 = npt.NDArray[np.int32]


@dataclass(slots=True)
class Play:
    """Owns the contacts of a run, and what is on its way to those who must know.

    Parameters
    ----------
    sensing, firing
        Who has whom before him; who fires at whom.
    log
        Takes the events; knows the legs.
    """

    sensing: Sensing
    firing: Firing
    log: Log
    detections: list[Contact] = field(default_factory=list)
    _numbers: dict[tuple[int, int], int] = field(default_factory=dict)  # open ones by unit, target
    _known: set[tuple[int, bool, int]] = field(default_factory=set)  # found in a play before
    _starts: dict[int, int] = field(default_factory=dict)  # event that began the play
    _mail: list[tuple[int, int, Report | Result]] = field(default_factory=list)
    _wanted: list[Engage] = field(default_factory=list)
    _actuated: list[tuple[Contact, int]] = field(default_factory=list)  # by whom, with its event
    _sent: int = 0

    def tell_off(
        self, serial: int, opposing: Sides, others: Sides, cause: int, *, closed: bool
    ) -> None:
        """Begin a play; see `Desk.tell_off`."""
        self._starts[serial] = cause
        self.sensing.begin(serial, opposing, others, closed=closed)

    def stand_down(self, serial: int, t: int) -> None:
        """End a play; what is on its way in it is dropped."""
        rows = np.concatenate(
            [self.sensing.roster.platforms_of(serial, opposing=side) for side in (True, False)]
        )
        for contact in self.sensing.end(serial, t):
            self._numbers.pop((contact.unit, contact.target), None)
        out = self.firing.reset(rows).astype(np.int32)
        if out.size:
            self.sensing.put_out(out, out=False)
            word = "platform" if out.size == 1 else "platforms"
            text = f"umpires return {out.size} {word} to the exercise"
            data = {"platforms": out.tolist()}
            self.log.add_event(Event(t=t, kind="umpire_reset", text=text, serial=serial, data=data))
        self._wanted = [order for order in self._wanted if order.serial != serial]
        self._mail = [item for item in self._mail if item[2].serial != serial]
        heapq.heapify(self._mail)

    def note(self, rows: Int32) -> None:
        """Note that platforms have stopped where they are."""
        self.sensing.note(rows, [])

    def note_effects(self, rows: Int32, effects: Effects) -> None:
        """Note what an order to ``rows`` changes, where anybody plays."""
        if self.sensing.roster.playing:
            touched = [rows, *(part.entity for part in effects.legs)]
            touched += [boarding.rows for boarding in effects.boardings]
            self.sensing.note(np.concatenate(touched), effects.legs)

    def next_time(self) -> int | None:
        """Return when something is due: a contact made or lost, or a report to be handed over."""
        times = [item[0] for item in self._mail[:1]]
        ahead = self.sensing.next_time()
        return min(times if ahead is None else [*times, ahead], default=None)

    def look(self, t: int) -> None:
        """Work out what changed legs mean; contacts that end by it are reported lost."""
        for contact in self.sensing.look(t, self.log):
            self._lost(contact, t)

    def approach(
        self, t: int, serial: int, target: int, among: Int32, *, opposing: bool
    ) -> Approach | None:
        """Return who of some ships can be at a target first; see `Desk.approach`."""
        return approach(
            self.sensing, self.firing.engagement, self.log, t, serial, target, among,
            opposing=opposing,
        )  # fmt: skip

    def engage(self, order: Engage) -> None:
        """Have a target engaged at the end of this instant."""
        self._wanted.append(order)

    def fire(self, t: int) -> Mapping[str, Any] | None:
        """Carry out all fire ordered at ``t``; what comes of it is told when it is known.

        Returns shooters, weapons and rounds spent now, None where nothing was ordered.
        """
        wanted, self._wanted = self._wanted, []
        actuated, self._actuated = self._actuated, []
        if not wanted and not actuated:
            return None
        before = len(self.firing.shots)
        events = {(c.looker, c.target): event for c, event in actuated}
        struck = [
            (Engage(c.target, c.serial, c.opposing, events[c.looker, c.target]), c.looker)
            for c in strikes(self.sensing, [contact for contact, _ in actuated])
        ]
        for known, result in self.firing.fire(t, wanted, struck):
            self._post(known, result)
            if result.out:
                self.sensing.put_out(np.array([result.target], dtype=np.int32), out=True)
        return self.firing.rounds_spent(before)

    def due(self, t: int) -> list[Report | Result]:
        """Return what is reported at ``t``, in the order of its making."""
        if self.sensing.roster.playing and self.sensing.horizon <= t:
            self.look(t)
        gained, lost = self.sensing.take(t)
        for contact in lost:
            self._lost(contact, t)
        for contact in gained:
            self._gained(contact, t)
        arrived: list[Report | Result] = []
        while self._mail and self._mail[0][0] <= t:
            arrived.append(heapq.heappop(self._mail)[2])
        return arrived

    def _gained(self, contact: Contact, t: int) -> None:
        number = len(self.detections)
        self.detections.append(contact)
        self._numbers[contact.unit, contact.target] = number
        event = self._tell(contact, t)
        if is_mine(self.sensing.roster, contact.looker):  # a fuze reports to nobody
            self._actuated.append((contact, event))
        else:
            self._send(contact, t, number, event, gained=True)

    def _lost(self, contact: Contact, t: int) -> None:
        number = self._numbers.pop((contact.unit, contact.target))
        if not is_mine(self.sensing.roster, contact.looker):
            self._send(contact, t, number, -1, gained=False)

    def _tell(self, contact: Contact, t: int) -> int:
        """Record the first contact of a side with a target in a play; return its event."""
        roster = self.sensing.roster
        known = contact.serial, contact.opposing, contact.target
        if known in self._known:
            return -1
        self._known.add(known)
        sensor, force = roster.sensors.id[contact.sensor], roster.force
        return self.log.add_event(
            Event(
                t=t,
                kind="detected",
                text=(
                    f"{force.name[contact.looker]} detects {force.name[contact.target]} at "
                    f"{contact.range_m / 1000.0:.1f} km ({sensor})"
                ),
                actor=contact.looker,
                unit=contact.unit,
                target=contact.target,
                serial=contact.serial,
                cause=self._starts.get(contact.serial, -1),
                data={"range_m": round(contact.range_m, 1), "sensor": sensor},
            )
        )

    def _send(self, contact: Contact, t: int, number: int, event: int, *, gained: bool) -> None:
        report = Report(
            serial=contact.serial,
            opposing=contact.opposing,
            in_play=self.sensing.roster.takes_part(contact.target, contact.serial),
            gained=gained,
            unit=contact.unit,
            looker=contact.looker,
            target=contact.target,
            t=t,
            lat=contact.lat,
            lon=contact.lon,
            sensor=self.sensing.roster.sensors.id[contact.sensor],
            detection=number,
            event=event,
            mine=is_mine(self.sensing.roster, contact.target),
        )
        self._post(t, report)

    def _post(self, t: int, item: Report | Result) -> None:
        heapq.heappush(self._mail, (t, self._sent, item))
        self._sent += 1
