"""What commanders do about contacts: seeing reports and results only, never the truth.

In serials whose task is one of action, a side engages every platform of the other that it has in
contact (bystanders are let pass), one salvo at a time, until it is out of action, contact is lost,
or the exercise's rule is used up. Where nothing can fire at it from where it is, the nearest ship
leaves what it does and goes to where the target was reported, then takes up its task again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from startex.engine.desk import Engage, Report, Result
from startex.foundation.clock import MS_PER_MINUTE

MOST_SALVOS = 6
"""Salvos of a side at one target in a serial: after that umpires let it pass; assumed."""

AGAIN_MS = 30 * MS_PER_MINUTE
"""Until a side tries again to engage a target that nobody could fire at; assumed."""


@dataclass(slots=True)
class Track:
    """What a side knows of an opposing platform: who has it, and where it was last reported."""

    holders: set[int] = field(default_factory=set)
    lat: float = 0.0
    lon: float = 0.0
    t: int = 0
    event: int = -1
    salvos: int = 0
    out: bool = False
    busy: bool = False  # an engagement is under way
    free: bool = False  # weapons are never held from it
    chased_by: int = -1


@dataclass(frozen=True, slots=True)
class Chase:
    """A platform that is to go to where a target was reported."""

    serial: int
    row: int
    lat: float
    lon: float
    cause: int


@dataclass(slots=True)
class Reactions:
    """Keeps the tracks of both sides of all plays, and decides.

    ``tracks``: by serial, side (whether the opposing one) and target.
    """

    tracks: dict[tuple[int, bool, int], Track] = field(default_factory=dict)
    _held_ms: dict[int, int] = field(default_factory=dict)  # weapons held until, by serial
    _again: dict[int, list[tuple[int, bool, int]]] = field(default_factory=dict)

    def begin(self, serial: int, free_ms: int) -> None:
        """Begin a play in which weapons are free from ``free_ms`` on."""
        self._held_ms[serial] = free_ms

    def end(self, serial: int) -> None:
        """Forget a play."""
        self._held_ms.pop(serial, None)
        self.tracks = {key: track for key, track in self.tracks.items() if key[0] != serial}

    def informed(self, reports: Sequence[Report]) -> list[Engage]:
        """Take in contacts gained and lost; return the targets to be engaged."""
        wanted = []
        for report in reports:
            if not report.in_play:
                continue  # a bystander
            key = report.serial, report.opposing, report.target
            track = self.tracks.setdefault(key, Track())
            if report.gained:
                track.holders.add(report.unit)
                track.lat, track.lon, track.t = report.lat, report.lon, report.t
                track.free |= report.mine
                track.event = report.event if report.event >= 0 else track.event
                wanted += self._engage(key, track)
            else:
                track.holders.discard(report.unit)
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
            key = result.serial, result.opposing, result.target
            track = self.tracks.get(key)
            if track is None:
                continue
            track.busy, track.out = False, track.out or result.out
            if result.shooter >= 0:
                track.salvos += 1
                wanted += self._engage(key, track)
            elif track.holders and not track.out:
                again = result.again_ms or t + AGAIN_MS
                wake.add(again)
                self._again.setdefault(again, []).append(key)
                after = {other.chased_by for k, other in self.tracks.items() if k[:2] == key[:2]}
                if result.nearest >= 0 and track.chased_by < 0 and result.nearest not in after:
                    track.chased_by = result.nearest
                    chases.append(
                        Chase(result.serial, result.nearest, track.lat, track.lon, track.event)
                    )
        return wanted, chases, sorted(wake)

    def due(self, t: int) -> list[Engage]:
        """Return the targets to be tried again at ``t``, or for which weapons are free now."""
        keys = self._again.pop(t, [])
        freed = {serial for serial, free in self._held_ms.items() if free <= t}
        for serial in freed:
            del self._held_ms[serial]
        keys += [key for key in self.tracks if key[0] in freed]
        return [
            order
            for key in dict.fromkeys(keys)
            if key in self.tracks
            for order in self._engage(key, self.tracks[key])
        ]

    def _engage(self, key: tuple[int, bool, int], track: Track) -> list[Engage]:
        if not track.holders or track.out or track.busy or track.salvos >= MOST_SALVOS:
            return []
        if key[0] in self._held_ms and not track.free:
            return []
        track.busy = True
        serial, opposing, target = key
        return [Engage(target, serial, opposing, track.event)]
