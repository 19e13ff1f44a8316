"""Who guards an area goes near to what comes into it: to identify it, or to destroy a mine.

Under ``inspect`` a side sends, after each platform of the other that it has in contact, the ship
that can be there first. It runs to where the two meet, by the plot, is directed anew where the
other has turned, and goes back to its station when it has come near enough to identify the other
by eye (`INSPECT_M`), when contact is lost, or after `MOST_RUNS` runs. Under ``observe`` nobody
leaves his station. Under neither does anybody fire.

Mines are gone near to in the same way, one after the other, and destroyed from `CLEAR_M`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.control.brief import Brief
from startex.engine.desk import Approach, Chase, Desk, Engage, Report, Result
from startex.engine.effects import Event
from startex.engine.picture import Picture
from startex.foundation.clock import LONG_AGO_MS, MS_PER_MINUTE, MS_PER_SECOND
from startex.geography.geodesy import direct, inverse

Int32 = npt.NDArray[np.int32]

ROE = ("observe", "inspect", "engage")
"""Rules of engagement that a serial can give a side."""

INSPECT_M = 1_000.0
"""A ship that has come so near has identified another by eye; assumed: name and pennant number are
read with glasses."""

CLEAR_M = 300.0
"""A mine is fired at from here; assumed: near enough to hit, beyond the fragments of the charge."""

MOST_SALVOS = 6
"""At one mine; then it is left to others; assumed."""

NEAR_ENOUGH = 0.95
"""Share of that distance at which the plot is looked at, lest a metre be lacking; assumed."""

MARGIN_M = 10_000.0
"""Guards go no farther beyond the bounds of their area after anybody; assumed."""

MOST_RUNS = 6
"""Times that one ship is directed anew after one target; assumed."""

PLOT_MS = 20 * MS_PER_MINUTE
"""A run is plotted anew after so long at the latest; assumed."""

WAIT_MS = MS_PER_MINUTE
"""Until a mine is fired at again that nobody could fire at; assumed."""

AGAIN_MS = 30 * MS_PER_MINUTE
"""Until a side tries again to send somebody where nobody was free or could reach; assumed."""

_NOBODY = np.empty(0, np.int32)

Key = tuple[int, bool, int]
"""Serial, side (whether the opposing one), target."""


@dataclass(slots=True)
class Intruder:
    """What a side knows of a platform to be identified: who has it, who goes after it."""

    holders: set[int] = field(default_factory=set)  # contacts with it
    by: int = -1  # command that has the latest report
    detection: int = -1
    event: int = -1
    chaser: int = -1
    runs: int = 0
    salvos: int = 0
    due_ms: int = LONG_AGO_MS  # when it is plotted next
    mine: bool = False
    done: bool = False


@dataclass(slots=True)
class Guarding:
    """Keeps the rules of engagement of all plays, and what is to be identified.

    ``rules``: by serial and side; ``intruders``: by serial, side and target.
    """

    rules: dict[tuple[int, bool], str] = field(default_factory=dict)
    intruders: dict[Key, Intruder] = field(default_factory=dict)
    _guards: dict[tuple[int, bool], Int32] = field(default_factory=dict)
    _places: dict[int, int] = field(default_factory=dict)
    _due: dict[int, list[Key]] = field(default_factory=dict)

    def begin(self, serial: int, brief: Brief) -> None:
        """Begin a play by the rules of engagement of its serial."""
        rules, guards = rules_of(brief), guards_of(brief)
        self._places[serial] = brief.place
        for opposing in (False, True):
            self.rules[serial, opposing] = rules[opposing]
            self._guards[serial, opposing] = guards[opposing]

    def end(self, serial: int) -> None:
        """Forget a play."""
        self._places.pop(serial, None)
        for opposing in (False, True):
            self.rules.pop((serial, opposing), None)
            self._guards.pop((serial, opposing), None)
        self.intruders = {key: one for key, one in self.intruders.items() if key[0] != serial}

    def takes(self, report: Report) -> bool:
        """Tell whether somebody is to go near to what a report tells of before anybody fires."""
        side = report.serial, report.opposing
        if report.mine:
            return bool(self._guards.get(side, _NOBODY).size)
        return self.rules.get(side, "engage") != "engage"

    def informed(
        self, t: int, reports: Sequence[Report], picture: Picture, desk: Desk
    ) -> list[Chase]:
        """Take in contacts gained and lost that commands hear of; return who is sent after whom."""
        for report in reports:
            if not report.command:
                continue  # on its way to those who direct the guards
            key = report.serial, report.opposing, report.target
            one = self.intruders.setdefault(key, Intruder())
            if not report.gained:
                one.holders.discard(report.detection)
                continue
            new = not one.holders
            one.holders.add(report.detection)
            one.mine, one.by, one.detection = report.mine, report.receiver, report.detection
            one.event = report.event if report.event >= 0 else one.event
            if one.chaser < 0 and new and not one.done:
                one.due_ms = t
                self._due.setdefault(t, []).append(key)
        return self.due(t, picture, desk)

    def due(self, t: int, picture: Picture, desk: Desk) -> list[Chase]:
        """Return who is sent, or directed anew, at ``t``; record who has been identified."""
        sent = []
        for key in sorted(set(self._due.pop(t, []))):
            one = self.intruders.get(key)
            if one is None or one.done or one.due_ms != t:
                continue
            chase = self._run(t, key, one, picture, desk)
            if chase is not None:
                sent.append(chase)
        return sent

    def _again(self, t: int, key: Key, desk: Desk) -> None:
        self.intruders[key].due_ms = t
        self._due.setdefault(t, []).append(key)
        desk.wake(t)

    def _run(self, t: int, key: Key, one: Intruder, picture: Picture, desk: Desk) -> Chase | None:
        serial, opposing, target = key
        rule = self.rules[serial, opposing]
        if rule == "observe" or (rule == "engage" and not one.mine):
            return None
        if not one.holders:  # contact is lost
            return self._recall(key, one)
        if one.chaser >= 0:
            among = np.array([one.chaser], dtype=np.int32)
        else:
            taken = [o.chaser for k, o in self.intruders.items() if k[:2] == key[:2]]
            among = np.setdiff1d(self._guards[serial, opposing], taken).astype(np.int32)
        found = desk.approach(serial, target, among, opposing=opposing)
        near = CLEAR_M if one.mine else INSPECT_M
        if found is not None and found.range_m <= near and one.mine:
            one.chaser, one.salvos = found.row, one.salvos + 1
            unit = int(picture.force.unit[found.row])
            desk.engage(
                Engage(
                    target, serial, opposing, one.event, by=unit, shooter=found.row,
                    about=one.detection,
                )
            )  # fmt: skip
            return None
        if found is not None and found.range_m <= near:
            self._identified(t, key, one, found, picture, desk)
            return self._recall(key, one)
        far = found is not None and not self._near(serial, found, picture)
        if found is None or far or one.runs >= MOST_RUNS:
            self._again(t + (PLOT_MS if far else AGAIN_MS), key, desk)
            return self._recall(key, one)
        one.chaser, one.runs = found.row, one.runs + 1
        # on a constant bearing the distance falls evenly: to what identifies, before they meet
        share = 1.0 - NEAR_ENOUGH * near / found.range_m
        soon = t + MS_PER_SECOND * -int(-share * (found.t - t) // MS_PER_SECOND)
        self._again(min(soon, t + PLOT_MS), key, desk)
        return Chase(
            serial, found.row, target, found.lat, found.lon, one.by, one.detection, one.event,
            "intercept",
        )  # fmt: skip

    def judged(self, t: int, results: Sequence[Result], desk: Desk) -> list[Chase]:
        """Take in what came of fire at mines; return who takes up its station again."""
        gone = []
        for result in results:
            key = result.serial, result.opposing, result.target
            one = self.intruders.get(key)
            if one is None or not one.mine or result.relayed:
                continue
            one.done |= result.out
            if one.done or one.salvos >= MOST_SALVOS:
                one.done = True
                gone.append(self._recall(key, one))
            else:
                self._again(
                    max(t, result.again_ms) if result.shooter >= 0 else t + WAIT_MS, key, desk
                )
        return [chase for chase in gone if chase is not None]

    def _near(self, serial: int, found: Approach, picture: Picture) -> bool:
        """Tell whether the meeting is in the area of the guards, or near its bounds."""
        place, places = self._places[serial], picture.places
        middle = float(places.lat[place]), float(places.lon[place])
        bearing, away = (float(value) for value in inverse(*middle, found.lat, found.lon))
        if away <= MARGIN_M:
            return True
        lat, lon = direct(*middle, bearing, away - MARGIN_M)
        return bool(places.contains(place, float(lat), float(lon)))

    def _recall(self, key: Key, one: Intruder) -> Chase | None:
        """Let the chaser of a target take up its station again."""
        row, one.chaser, one.runs = one.chaser, -1, 0
        if row < 0:
            return None
        nowhere = float("nan"), float("nan")
        return Chase(key[0], row, key[2], *nowhere, one.by, one.detection, one.event, "station")

    def _identified(
        self, t: int, key: Key, one: Intruder, found: Approach, picture: Picture, desk: Desk
    ) -> None:
        one.done = True
        who, whom = picture.force.name[found.row], picture.force.name[key[2]]
        desk.report(
            Event(
                t=t, kind="intercepted",
                text=f"{who} identifies {whom} at {found.range_m / 1000.0:.1f} km",
                actor=found.row, target=key[2], serial=key[0], cause=one.event,
                data={"range_m": round(found.range_m, 1), "runs": one.runs},
            )
        )  # fmt: skip


def rules_of(brief: Brief) -> tuple[str, str]:
    """Return the rules of engagement of the training and the opposing side of a serial."""
    return str(brief.param("roe", "engage")), str(brief.param("opfor_roe", "engage"))


def guards_of(brief: Brief) -> tuple[Int32, Int32]:
    """Return the ships that either side of a serial may send after others: those of a patrol.

    Who escorts or keeps formation stays with the others, whatever he sees.
    """
    if brief.serial.task != "patrol":
        return _NOBODY, _NOBODY
    found = []
    for units in (brief.units, brief.opfor):
        rows = [brief.picture.members(unit, "ship") for unit in units]
        found.append(np.unique(np.concatenate([*rows, np.empty(0, np.int32)])).astype(np.int32))
    return found[0], found[1]
