"""The play of a run: contacts as they are made, recorded and reported to control."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.desk import Engage, Report, Result
from startex.engine.effects import Effects, Event
from startex.engine.firing import Firing
from startex.engine.log import Log
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.contacts import Contact
from startex.engine.sensing.roster import Sides
from startex.engine.tracking.levels import Level
from startex.engine.tracking.tracks import Track, Tracks

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
    tracks: Tracks = field(init=False)
    _numbers: dict[tuple[int, int, bool], int] = field(default_factory=dict)  # open, by `key`
    _known: dict[tuple[int, bool, int], tuple[Level, int]] = field(default_factory=dict)
    """How well a side of a play knows a target, and the event that told so."""
    _starts: dict[int, int] = field(default_factory=dict)  # event that began the play
    _mail: list[tuple[int, int, Report | Result]] = field(default_factory=list)
    _wanted: list[Engage] = field(default_factory=list)
    _sent: int = 0

    def __post_init__(self) -> None:
        self.tracks = Tracks(self.sensing, self.log)
        self.firing.track_error_m = self.tracks.error_m

    def tell_off(self, serial: int, opposing: Sides, others: Sides, cause: int) -> None:
        """Begin a play; see `Desk.tell_off`."""
        self._starts[serial] = cause
        self.sensing.begin(serial, opposing, others)

    def stand_down(self, serial: int, t: int) -> None:
        """End a play; what is on its way in it is dropped."""
        rows = np.concatenate(
            [self.sensing.roster.platforms_of(serial, opposing=side) for side in (True, False)]
        )
        over = [contact.key for contact in self.sensing.end(serial, t)]
        numbers = [self._numbers.pop(key) for key in over if key in self._numbers]
        self.tracks.lose(t, numbers)
        self.tracks.take_fixes(t, numbers)
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

    def set_silent(self, rows: Int32, *, silent: bool) -> None:
        """Let platforms keep their radars off, or use them again."""
        self.sensing.set_silent(rows, silent=silent)

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
        ahead = [self.sensing.next_time(), self.tracks.next_time()]
        return min([*times, *(due for due in ahead if due is not None)], default=None)

    def look(self, t: int) -> None:
        """Work out what changed legs mean; contacts that end by it are reported lost."""
        lost = self._lost(self.sensing.look(t, self.log), t)
        self.tracks.take_fixes(t, lost)
        self._report_lost(lost, t)
        self.tracks.plan(t)

    def engage(self, order: Engage) -> None:
        """Have a target engaged at the end of this instant."""
        self._wanted.append(order)

    def fire(self, t: int) -> Mapping[str, Any] | None:
        """Carry out all fire ordered at ``t``; what comes of it is told when it is known.

        Returns shooters, weapons and rounds spent now, None where nothing was ordered.
        """
        wanted, self._wanted = self._wanted, []
        if not wanted:
            return None
        before = len(self.firing.shots)
        for known, result in self.firing.fire(t, wanted):
            self._post(known, result)
            if result.out:
                self.sensing.put_out(np.array([result.target], dtype=np.int32), out=True)
        return self.firing.rounds_spent(before)

    def due(self, t: int) -> list[Report | Result]:
        """Return what is reported at ``t``, in the order of its making."""
        if self.sensing.roster.playing and self.sensing.horizon <= t:
            self.look(t)
        gained, lost = self.sensing.take(t)
        ended, risen = self._lost(lost, t), self.tracks.rise(t)
        self.tracks.take_fixes(t, ended + risen)
        self._report_lost(ended, t)
        self._gained(gained, t)
        for number in risen:
            track = self.tracks.tracks[number]
            self._send(track, t, number, self._tell(track, t), gained=True)
        arrived: list[Report | Result] = []
        while self._mail and self._mail[0][0] <= t:
            arrived.append(heapq.heappop(self._mail)[2])
        return arrived

    def _gained(self, contacts: list[Contact], t: int) -> None:
        for track in self.tracks.make(contacts):
            contact, number = track.contact, len(self.detections)
            self.detections.append(contact)
            self._numbers[contact.key] = number
            self._send(track, t, number, self._tell(track, t), gained=True)

    def _lost(self, contacts: list[Contact], t: int) -> list[int]:
        numbers = [self._numbers.pop(contact.key) for contact in contacts]
        self.tracks.lose(t, numbers)
        return numbers

    def _report_lost(self, numbers: list[int], t: int) -> None:
        for number in numbers:
            self._send(self.tracks.tracks[number], t, number, -1, gained=False)

    def _tell(self, track: Track, t: int) -> int:
        """Record what is new to a side about a target of a play; return the event, -1 for none."""
        contact = track.contact
        roster = self.sensing.roster
        key = contact.serial, contact.opposing, contact.target
        before, event = self._known.get(key, (None, self._starts.get(contact.serial, -1)))
        if before is not None and track.level <= before:
            track.cause = track.cause if track.cause >= 0 else event
            return -1
        sensor, force = roster.sensors.id[contact.sensor], roster.force
        looker, target = force.name[contact.looker], force.name[contact.target]
        data: dict[str, Any] = {"sensor": sensor}
        if before is None:
            kind = "detected"
            text = f"{looker} detects {target} at {contact.range_m / 1000.0:.1f} km ({sensor})"
            data = {
                "range_m": round(contact.range_m, 1), "sensor": sensor,
                "error_m": track.error_m, "level": track.level.name.lower(),
            }  # fmt: skip
        else:
            kind = track.level.name.lower()
            word = "identifies" if track.level == Level.IDENTIFIED else "classifies"
            text = f"{looker} {word} {target} ({sensor})"
        told = self.log.add_event(
            Event(
                t=t, kind=kind, text=text, actor=contact.looker, unit=contact.unit,
                target=contact.target, serial=contact.serial, cause=event, data=data,
            )
        )  # fmt: skip
        self._known[key] = track.level, told
        track.cause = told
        return told

    def _send(self, track: Track, t: int, number: int, event: int, *, gained: bool) -> None:
        contact = track.contact
        lat, lon, error = track.fix
        report = Report(
            serial=contact.serial,
            opposing=contact.opposing,
            in_play=self.sensing.roster.takes_part(contact.target, contact.serial),
            gained=gained,
            unit=contact.unit,
            looker=contact.looker,
            target=contact.target,
            t=t,
            lat=lat,
            lon=lon,
            sensor=self.sensing.roster.sensors.id[contact.sensor],
            detection=number,
            event=event,
            error_m=error,
            level=track.level,
        )
        self._post(t, report)

    def _post(self, t: int, item: Report | Result) -> None:
        heapq.heappush(self._mail, (t, self._sent, item))
        self._sent += 1
