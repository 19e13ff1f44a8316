"""The play of a run: contacts as they are made, recorded and reported to control."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.closing import approach
from startex.engine.commands import Commands, Sharing
from startex.engine.communications.network import Network
from startex.engine.desk import Approach, Chase, Engage, Report, Result
from startex.engine.effects import Effects, Event
from startex.engine.engagement.component import Engagement
from startex.engine.firing import Firing
from startex.engine.groundfire import GroundFire
from startex.engine.landmines import LandMines
from startex.engine.log import Log
from startex.engine.mines import is_mine, strikes
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.contacts import Contact
from startex.engine.sensing.roster import Sides
from startex.engine.signals import Content, Signals
from startex.engine.tracking.levels import Level
from startex.engine.tracking.tracks import Track, Tracks

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]


def play_of(
    sensing: Sensing, engagement: Engagement, network: Network, log: Log, serials: Sequence[str]
) -> Play:
    """Return the play of a run; ``serials`` are ids of serials by index."""
    commands = Commands(network.chains, network.force.units.nation)
    firing = Firing(engagement, sensing, log, commands, serials)
    return Play(sensing, firing, log, network, commands)


@dataclass(slots=True)
class Play:
    """Owns the contacts of a run, and what is on its way to those who must know.

    Parameters
    ----------
    sensing, firing
        Who has whom before him; who fires at whom.
    log
        Takes the events; knows the legs.
    network, commands
        What carries reports and orders; who commands the sides.
    """

    sensing: Sensing
    firing: Firing
    log: Log
    ground_fire: GroundFire = field(init=False)
    land_mines: LandMines = field(init=False)
    network: Network
    commands: Commands
    signals: Signals = field(init=False)
    _sharing: Sharing = field(init=False)
    detections: list[Contact] = field(default_factory=list)
    tracks: Tracks = field(init=False)
    _numbers: dict[tuple[int, int, bool], int] = field(default_factory=dict)  # open, by `key`
    _holders: Counter[tuple[int, bool, int]] = field(
        default_factory=Counter
    )  # serial, side, target
    _known: dict[tuple[int, bool, int], tuple[Level, int]] = field(default_factory=dict)
    """How well a side of a play knows a target, and the event that told so."""
    _starts: dict[int, int] = field(default_factory=dict)  # event that began the play
    _mail: list[tuple[int, int, Content]] = field(default_factory=list)
    _wanted: list[Engage] = field(default_factory=list)
    _actuated: list[Track] = field(default_factory=list)  # fuzes of mines
    _sent: int = 0

    def __post_init__(self) -> None:
        self.signals = Signals(self.network, self._whereabouts)
        self._sharing = Sharing(self.sensing.roster.ground, self.sensing.roster.group)
        self.tracks = Tracks(self.sensing, self.log)
        self.firing.best_fix = self.tracks.best_fix
        firing = self.firing
        self.ground_fire = GroundFire(
            firing.engagement, self.sensing, self.log, firing.serials, firing.ready, firing.shots
        )
        self.land_mines = LandMines(firing.engagement, self.sensing, self.log, firing.serials)

    def _whereabouts(self, t: int, rows: Int64) -> tuple[Float64, Float64, Float64]:
        """Return where rows (ascending) are; nan aboard something."""
        found = self.sensing.places(t, rows.tolist(), self.log)
        return tuple(np.array([found[row] for row in rows.tolist()]).T)

    def tell_off(
        self, serial: int, opposing: Sides, others: Sides, cause: int, *, closed: bool
    ) -> None:
        """Begin a play; see `Desk.tell_off`."""
        self._starts[serial] = cause
        self.commands.begin(serial, opposing, others)
        self.sensing.begin(serial, opposing, others, closed=closed)

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
        self.ground_fire.stand_down(serial)
        self.land_mines.lift(serial)
        self._wanted = [order for order in self._wanted if order.serial != serial]
        self._mail = [item for item in self._mail if item[2].serial != serial]
        heapq.heapify(self._mail)
        for gone in [key for key in self._holders if key[0] == serial]:
            del self._holders[gone]
        self.commands.end(serial)
        self._sharing.end(serial)

    def set_silent(self, rows: Int32, *, silent: bool) -> None:
        """Let platforms keep their radars off, or use them again."""
        self.sensing.set_silent(rows, silent=silent)

    def note(self, rows: Int32) -> None:
        """Note that platforms have stopped where they are."""
        self.sensing.note(rows, [])
        self.land_mines.note(rows)

    def note_effects(self, rows: Int32, effects: Effects) -> None:
        """Note what an order to ``rows`` changes, where anybody plays."""
        if self.sensing.roster.playing:
            touched = [rows, *(part.entity for part in effects.legs)]
            touched += [boarding.rows for boarding in effects.boardings]
            everybody = np.concatenate(touched)
            self.sensing.note(everybody, effects.legs)
            self.land_mines.note(everybody)

    def next_time(self) -> int | None:
        """Return when something is due: a contact made or lost, or a report to be handed over."""
        soonest = self._mail[0][0] if self._mail else None
        for due in (
            self.sensing.next_time(), self.tracks.next_time(), self.ground_fire.next_time(),
            self.land_mines.next_time(),
        ):  # fmt: skip
            if due is not None and (soonest is None or due < soonest):
                soonest = due
        return soonest

    def look(self, t: int) -> None:
        """Work out what changed legs mean; contacts that end by it are reported lost."""
        self.land_mines.look(t)
        ended = self.sensing.look(t, self.log)
        if ended:
            lost = self._lost(ended, t)
            self.tracks.take_fixes(t, lost)
            self._report_lost(lost, t)
        self.tracks.plan(t)

    def approach(
        self, t: int, serial: int, target: int, among: Int32, *, opposing: bool
    ) -> Approach | None:
        """Return who of some ships can be at a target first; see `Desk.approach`."""
        return approach(
            self.sensing, self.firing.engagement, self.log, t, serial, target, among,
            opposing=opposing,
        )  # fmt: skip

    def engage(self, order: Engage) -> None:
        """Have a target engaged: on the ground round by round, else at the end of this instant."""
        if self.ground_fire.concerns(order):
            self.ground_fire.engage(order)
            self.sensing.hasten(order.serial)
            self._call_for_fire(order)
        else:
            self._wanted.append(order)

    def _call_for_fire(self, order: Engage) -> None:
        """Let whoever engages a target ashore call on ships of his nation, over the nets."""
        for unit in self.ground_fire.supporters(order):
            if unit == order.by:
                self.ground_fire.support(order, unit)
            else:
                self.signals.call_for_fire(order, order.by, unit)

    def instruct(self, chase: Chase, t: int) -> None:
        """Send an order to the unit of a platform; who orders its own is heard at once."""
        unit = int(self.sensing.roster.group[chase.row])
        if unit == chase.by:
            self._post(t, chase)
        else:
            self.signals.order(chase, chase.by, unit)

    def settle(self, t: int) -> int | None:
        """Send what is to go at ``t``; return when something may arrive."""
        return self.signals.settle(t, self._still_wanted)

    def _still_wanted(self, content: Content) -> bool:
        """Tell whether something that could not be sent is worth another try."""
        if not self.commands.on(content.serial):
            return False
        if not isinstance(content, Report) or not content.gained:
            return True
        return content.detection in self._numbers.values()

    def fire(self, t: int) -> Mapping[str, Any] | None:
        """Carry out all fire ordered at ``t``; what comes of it is told when it is known.

        Returns shooters, weapons and rounds spent now, None where nothing was ordered.
        """
        wanted, self._wanted = self._wanted, []
        before = len(self.firing.shots)
        told = self._carry_out(t, wanted) if wanted or self._actuated else []
        told += self.ground_fire.fire(t)
        for due, result in told:
            if result.receiver >= 0:  # of a mine's charge nobody hears
                self._post(due, result)
            if result.out:
                self.sensing.put_out(np.array([result.target], dtype=np.int32), out=True)
        struck = self.land_mines.strike(t)
        if struck.size:
            self.sensing.put_out(struck, out=True)
        if len(self.firing.shots) > before:
            self._reveal(t, self.firing.shots[before:])
        if not wanted and len(self.firing.shots) == before:
            return None
        return self.firing.rounds_spent(before)

    def _carry_out(self, t: int, wanted: list[Engage]) -> list[tuple[int, Result]]:
        """Carry out fire ordered one by one, and that of mines; return when what is known."""
        actuated, self._actuated = self._actuated, []
        causes = {track.contact.key: track.cause for track in actuated}
        actuated_by = [
            (Engage(c.target, c.serial, c.opposing, causes[c.key]), c.looker)
            for c in strikes(self.sensing, [track.contact for track in actuated])
        ]
        told, passed = self.firing.fire(t, wanted, self._holders, actuated_by)
        for order in passed:
            unit = int(self.sensing.roster.group[order.shooter])
            self.signals.order(order, order.by, unit)
        return told

    def _reveal(self, t: int, shots: Sequence[Mapping[str, Any]]) -> None:
        """Let those who have fired be known for what they are, to whoever has them in contact."""
        roster = self.sensing.roster
        rows = np.unique(np.concatenate([columns["shooter"] for columns in shots]))
        columns = roster.serial[rows].tolist(), (roster.side[rows] == 0).tolist(), rows.tolist()
        risen = self.tracks.reveal(t, zip(*columns, strict=True))
        self.tracks.take_fixes(t, risen)
        self._report_risen(risen, t)

    def due(self, t: int) -> list[Content]:
        """Return what is known at ``t`` to units and commands, in the order of its making."""
        if self.sensing.roster.playing and self.sensing.horizon <= t:
            self.look(t)
        gained, lost = self.sensing.take(t)
        ended, risen = self._lost(lost, t) if lost else [], self.tracks.rise(t)
        if ended or risen:
            self.tracks.take_fixes(t, ended + risen)
            self._report_lost(ended, t)
        if gained:
            self._gained(gained, t)
        self._report_risen(risen, t)
        news: list[Content] = []
        while self._mail and self._mail[0][0] <= t:
            item = heapq.heappop(self._mail)[2]
            news.append(item)
            self._pass_on(item)
        for receiver, content in self.signals.arrived(t):
            if self.commands.on(content.serial):
                news += self._received(t, receiver, content)
        return news

    def _pass_on(self, item: Content) -> None:
        """Let a unit tell its command what it has just come to know."""
        if isinstance(item, Report | Result):
            command = self.commands.of(item.serial, item.receiver, opposing=item.opposing)
            if command not in (item.receiver, -1):
                if isinstance(item, Result):
                    if item.shooter >= 0:
                        self.signals.result(item, item.receiver, command)
                elif self._worth_telling(item):
                    self.signals.report(item, item.receiver, command)
            elif command >= 0 and isinstance(item, Report):
                self._share(item, command)

    def _worth_telling(self, report: Report) -> bool:
        """Tell whether a unit reports a contact to its command: on land, what is news."""
        if not self.sensing.roster.ground[report.target]:
            return True
        return self._sharing.is_news(report, report.receiver)

    def _received(self, t: int, receiver: int, content: Content) -> list[Content]:
        """Return what a unit makes of what has come to it: orders to fire need no answer."""
        if isinstance(content, Engage) and self.ground_fire.concerns(content):
            self.ground_fire.support(content, receiver)
            return []
        if isinstance(content, Engage):
            self._wanted.append(replace(content, by=receiver))
            return []
        if isinstance(content, Chase):
            return [content]
        if isinstance(content, Result):
            return [replace(content, receiver=receiver, relayed=True)]
        self._share(content, receiver)
        return [replace(content, receiver=receiver, command=True)]

    def _share(self, report: Report, command: int) -> None:
        """Let a command that has a report of its own nation pass it on to those of others."""
        news = self._sharing.is_news(report, command)
        own = self.commands.of(report.serial, report.unit, opposing=report.opposing) == command
        if news and own:
            for other in self.commands.all(report.serial, opposing=report.opposing):
                if other != command:
                    self.signals.report(report, command, other)

    def _gained(self, contacts: list[Contact], t: int) -> None:
        for track in self.tracks.make(contacts):
            contact, number = track.contact, len(self.detections)
            self.detections.append(contact)
            self._numbers[contact.key] = number
            self._holders[contact.serial, contact.opposing, contact.target] += 1
            event = self._tell(track, t)
            if is_mine(self.sensing.roster, contact.looker):
                self._actuated.append(track)
            self._send(track, t, number, event, gained=True)

    def _lost(self, contacts: list[Contact], t: int) -> list[int]:
        numbers = [self._numbers.pop(contact.key) for contact in contacts]
        self._holders.subtract((c.serial, c.opposing, c.target) for c in contacts)
        self.tracks.lose(t, numbers)
        return numbers

    def _report_risen(self, numbers: list[int], t: int) -> None:
        for number in numbers:
            track = self.tracks.tracks[number]
            self._send(track, t, number, self._tell(track, t), gained=True)

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
        in_play = self.sensing.roster.takes_part(contact.target, contact.serial)
        if not in_play or is_mine(self.sensing.roster, contact.looker):
            return  # of bystanders nothing follows; a fuze reports to nobody
        lat, lon, error = track.fix
        report = Report(
            serial=contact.serial,
            opposing=contact.opposing,
            gained=gained,
            unit=contact.unit,
            looker=contact.looker,
            target=contact.target,
            t=t,
            lat=lat,
            lon=lon,
            sensor=self.sensing.roster.sensors.id[contact.sensor],
            detection=number,
            event=event if event >= 0 else track.cause,
            error_m=error,
            level=track.level,
            takes_part=self.sensing.roster.takes_part(contact.looker, contact.serial),
            receiver=contact.unit,
            command=self.commands.commands(contact.serial, contact.unit, opposing=contact.opposing),
            mine=is_mine(self.sensing.roster, contact.target),
        )
        self._post(t, report)

    def _post(self, t: int, item: Content) -> None:
        heapq.heappush(self._mail, (t, self._sent, item))
        self._sent += 1
