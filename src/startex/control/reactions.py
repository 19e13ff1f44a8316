"""What commanders do about contacts: seeing reports and results only, never the truth.

In serials whose task is one of action, who has an opposing platform in contact, has classified it
and knows well enough where to find it engages it (bystanders are let pass), one salvo at a time,
until it is out of action, contact is lost, or the exercise's rule is used up. A unit acts on its
own contacts at once; its command, when the report has come to it, has others of the nation act, and
each order takes its time to them. Where nothing can fire at a target from where it is, a ship
leaves what it does, goes to where the target was reported, and then takes up its task again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from startex.engine.desk import Chase, Engage, Report, Result
from startex.engine.tracking.levels import Level
from startex.foundation.clock import LONG_AGO_MS, MS_PER_MINUTE

MOST_SALVOS = 6
"""Salvos of a side at one target in a serial: after that umpires let it pass; assumed."""

MOST_RUNS = 6
"""Times that a ship goes to where a target is reported that nobody can fire at; assumed."""

AGAIN_MS = 30 * MS_PER_MINUTE
"""Until a side tries again to engage a target that nobody could fire at; assumed."""

BUSY_MS = 60 * MS_PER_MINUTE
"""A unit that hears for so long of nothing that came of an engagement orders another; assumed."""

ENGAGE_LEVEL = Level.CLASSIFIED
"""A side engages what it has classified: in an exercise all wear their pennant numbers, and who
plays the enemy is known; assumed."""

ENGAGE_ERROR_M = 15_000.0
"""A side engages, and goes after, what it can place within this standard error: what a towed array
hears, but not a bearing to something far beyond; assumed."""


Key = tuple[int, bool, int, int]
"""Serial, side (whether the opposing one), unit that knows it, and target."""


@dataclass(slots=True)
class Track:
    """What a unit knows of an opposing platform: who has it, and where it was last reported."""

    command: bool = False
    holders: dict[int, int] = field(default_factory=dict)  # units by the contacts they have
    level: Level = Level.DETECTED
    error_m: float = 0.0
    lat: float = 0.0
    lon: float = 0.0
    event: int = -1
    detection: int = -1
    out: bool = False
    busy_ms: int = LONG_AGO_MS  # an engagement is under way until then, or until it is judged
    free: bool = False  # weapons are never held from it, it is known for what it is


@dataclass(slots=True)
class Reactions:
    """Keeps what the units of both sides of all plays know, and decides.

    ``tracks``: by serial, side, unit that knows and target.
    """

    tracks: dict[Key, Track] = field(default_factory=dict)
    _salvos: dict[tuple[int, bool, int], int] = field(default_factory=dict)  # of a side at a target
    _chased: dict[tuple[int, bool, int], int] = field(default_factory=dict)  # who goes after it
    _runs: dict[tuple[int, bool, int], int] = field(default_factory=dict)  # and how often it went
    _held_ms: dict[int, int] = field(default_factory=dict)  # weapons held until, by serial
    _again: dict[int, list[Key]] = field(default_factory=dict)

    def begin(self, serial: int, free_ms: int) -> None:
        """Begin a play in which weapons are free from ``free_ms`` on."""
        self._held_ms[serial] = free_ms

    def end(self, serial: int) -> None:
        """Forget a play."""
        self._held_ms.pop(serial, None)
        self.tracks = {key: track for key, track in self.tracks.items() if key[0] != serial}
        self._salvos = {key: number for key, number in self._salvos.items() if key[0] != serial}
        self._chased = {key: row for key, row in self._chased.items() if key[0] != serial}
        self._runs = {key: number for key, number in self._runs.items() if key[0] != serial}

    def informed(self, t: int, reports: Sequence[Report]) -> list[Engage]:
        """Take in contacts gained and lost; return the targets to be engaged."""
        wanted = []
        for report in reports:
            if not (report.takes_part or report.command):
                continue  # to a bystander
            key = report.serial, report.opposing, report.receiver, report.target
            track = self.tracks.setdefault(key, Track(report.command))
            if report.gained:
                useful = report.error_m <= max(track.error_m, ENGAGE_ERROR_M)
                useful |= not track.holders
                track.holders[report.detection] = report.unit
                track.level, track.free = max(track.level, report.level), report.mine
                if useful:
                    track.lat, track.lon = report.lat, report.lon
                    track.error_m, track.detection = report.error_m, report.detection
                track.event = report.event if report.event >= 0 else track.event
                wanted += self._engage(t, key, track)
            else:
                track.holders.pop(report.detection, None)
        return wanted

    def judged(
        self, t: int, results: Sequence[Result]
    ) -> tuple[list[Engage], list[Chase], list[int]]:
        """Take in what came of engagements.

        Returns
        -------
        Targets to be engaged again, platforms to go after one, and when to try others again (ms).
        """
        wanted: list[Engage] = []
        chases: list[Chase] = []
        wake: set[int] = set()
        for result in results:
            target = result.serial, result.opposing, result.target
            if result.shooter >= 0 and not result.relayed:
                self._salvos[target] = self._salvos.get(target, 0) + 1
            key = result.serial, result.opposing, result.receiver, result.target
            track = self.tracks.get(key)
            if track is None:
                continue
            track.busy_ms, track.out = LONG_AGO_MS, track.out or result.out
            if result.shooter >= 0:
                wanted += self._engage(t, key, track)
            elif track.holders and not track.out:
                again = track.busy_ms = result.again_ms or t + AGAIN_MS
                wake.add(again)
                self._again.setdefault(again, []).append(key)
                if self._may_chase(target, result.nearest):
                    self._chased[target] = result.nearest
                    self._runs[target] = self._runs.get(target, 0) + 1
                    chases.append(
                        Chase(
                            result.serial, result.nearest, result.target,
                            *(result.where or (track.lat, track.lon)),
                            result.receiver, track.detection, track.event,
                        )
                    )  # fmt: skip
        return wanted, chases, sorted(wake)

    def _may_chase(self, target: tuple[int, bool, int], row: int) -> bool:
        """Tell whether a ship may go after a target: one ship, one target, `MOST_RUNS` times."""
        after = self._chased.get(target, row)
        others = [ship for key, ship in self._chased.items() if key[:2] == target[:2]]
        free = row not in others or (after == row and target in self._chased)
        return row >= 0 and after == row and free and self._runs.get(target, 0) < MOST_RUNS

    def due(self, t: int) -> list[Engage]:
        """Return the targets to be tried again at ``t``, or for which weapons are free now."""
        keys = self._again.pop(t, [])
        freed = {serial for serial, free in self._held_ms.items() if free <= t}
        for serial in freed:
            del self._held_ms[serial]
        if freed:
            keys += [key for key in self.tracks if key[0] in freed]
        return [
            order
            for key in dict.fromkeys(keys)
            if key in self.tracks
            for order in self._engage(t, key, self.tracks[key])
        ]

    def _engage(self, t: int, key: Key, track: Track) -> list[Engage]:
        serial, opposing, unit, target = key
        held = serial in self._held_ms and not track.free
        if not track.holders or track.out or track.busy_ms > t or held:
            return []
        if self._salvos.get((serial, opposing, target), 0) >= MOST_SALVOS:
            return []
        known = track.level >= ENGAGE_LEVEL or track.free
        if not known or track.error_m > ENGAGE_ERROR_M:
            return []
        track.busy_ms = t + BUSY_MS
        without = tuple(sorted(set(track.holders.values()) - {unit})) if track.command else ()
        return [
            Engage(
                target, serial, opposing, track.event, by=unit, without=without,
                about=track.detection,
            )
        ]  # fmt: skip
