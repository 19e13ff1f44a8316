"""Tracks: what units make of their contacts, with errors, levels and ends.

A track is made with a contact and bears its number. Where the target is reported is off by the
errors of the sensor, drawn by (seed, looker, sensor, target, second since the start). Nothing is
stepped: a fix is taken when it is asked for, that is when the track is made, when it is lost, and
when it is fired on. How far off a fix is depends on the looker that made the contact.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.log import Log
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.contacts import SECOND_MS, Contact
from startex.engine.sensing.spots import Place
from startex.engine.tracking.closing import NEVER
from startex.engine.tracking.levels import Level, classified_after_s, task_range_m
from startex.engine.tracking.rising import Rising
from startex.forces.armament_figures import DOMAINS
from startex.foundation.streams import pair_key
from startex.geography.neighbours import chord_m
from startex.geography.paths import POSITION_DECIMALS
from startex.models.fixes import drawn_fix_of_one, fix_draws

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]

SPEED_M_S: dict[str, float] = {
    "ground": 5.6,
    "surface": 7.7,
    "air": 200.0,
    "subsurface": 4.1,
    "mine": 0.0,
}
"""With which a target of a domain is taken to go on when contact is lost: 20 km/h, 15 kn, 390 kn,
8 kn; assumed."""

UPDATE_S: dict[str, int] = {"ground": 300, "surface": 60, "air": 10, "subsurface": 60, "mine": 300}
"""While contact lasts a track of a target of a domain is updated every so many seconds, counted
from the start of the exercise; assumed."""

Fix = tuple[float, float, float]
"""Latitude, longitude (degrees), standard error (m)."""

Draws = tuple[float, float]
"""Errors across and along the line of sight, standard normal."""

_CHAIN = 4  # team, vehicle, train or ship: no longer chain is known


@dataclass(slots=True)
class Track:
    """A track: first and last fix, and when more became known.

    Attributes
    ----------
    contact
        What it is made of.
    lat, lon, error_m
        Where the target was first reported, degrees, and the standard error, m.
    ranges_m
        Within which the target is classified and identified; 0 where time decides.
    since
        When each level was reached, ms; `NEVER` where not yet.
    fix
        The last fix taken: latitude, longitude, standard error.
    key
        Of the draws of its fixes.
    t1
        When it was lost, ms; -1 while it lasts.
    cause
        Event that tells of it.
    """

    contact: Contact
    lat: float
    lon: float
    error_m: float
    ranges_m: tuple[float, float]
    since: list[int]
    fix: Fix
    key: int
    t1: int = -1
    cause: int = -1

    @property
    def level(self) -> Level:
        """Return the level reached."""
        if self.since[Level.IDENTIFIED] < NEVER:
            return Level.IDENTIFIED
        return Level.CLASSIFIED if self.since[Level.CLASSIFIED] < NEVER else Level.DETECTED


@dataclass(slots=True)
class Tracks:
    """Owns the tracks of a run, by number of contact; changes nothing else.

    Parameters
    ----------
    sensing
        Knows sensors, sides, and where everybody is.
    log
        Knows the legs.

    Attributes
    ----------
    errors
        Of bearing (degrees), of range (m), of range by range, by sensor.
    """

    sensing: Sensing
    log: Log
    tracks: list[Track] = field(default_factory=list)
    rising: Rising = field(init=False)
    errors: list[tuple[float, float, float]] = field(init=False)
    _open: dict[tuple[int, bool, int], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rising = Rising(self.sensing.outlook.start_ms)
        self.errors = list(zip(*self.sensing.roster.errors.tolist(), strict=True))

    def make(self, contacts: Sequence[Contact]) -> list[Track]:
        """Make tracks of contacts just gained, in their order."""
        if not contacts:
            return []
        start = self.sensing.outlook.start_ms
        keys = [self._key(contact) for contact in contacts]
        seconds = [(contact.t - start) // SECOND_MS for contact in contacts]
        draws = fix_draws(self.sensing.outlook.seed, keys, seconds)
        every = zip(contacts, keys, seconds, draws, strict=True)
        made = [self._made(*one) for one in every]
        for track in made:
            self._enter(track)
        return made

    def _made(self, contact: Contact, key: int, second: int, draws: Draws) -> Track:
        roster = self.sensing.roster
        size = roster.signatures.size_m[roster.force.type[contact.target]]
        ranges = task_range_m(
            roster.sensors, contact.sensor, size, key, self.sensing.outlook.seed, second
        )
        seen_from = contact.looker_lat, contact.looker_lon
        fix = self._fix(contact, draws, (contact.lat, contact.lon), seen_from, contact.range_m)
        return Track(contact, *fix, ranges, [contact.t, NEVER, NEVER], fix, key)

    def _enter(self, track: Track) -> None:
        contact, number = track.contact, len(self.tracks)
        self.tracks.append(track)
        key = contact.serial, contact.opposing, contact.target
        self._open.setdefault(key, []).append(number)
        period = self.kinematics(contact.target)[1] * SECOND_MS
        if track.ranges_m[0] > 0.0:
            for level in (Level.CLASSIFIED, Level.IDENTIFIED):
                if contact.range_m <= track.ranges_m[level - 1]:
                    track.since[level] = contact.t
            if track.level < Level.IDENTIFIED:
                more = 0.0 if track.level else track.ranges_m[0], track.ranges_m[1]
                self.rising.by_range(number, (contact.looker, contact.target), more, period)
            return
        wait = classified_after_s(int(self.sensing.roster.sensors.kind[contact.sensor]))
        if wait <= 0.0:
            track.since[Level.CLASSIFIED] = contact.t
        elif wait < float("inf"):
            due = contact.t + round(wait * 1000.0)
            self.rising.by_time(number, Level.CLASSIFIED, due, period)

    def lose(self, t: int, numbers: Sequence[int]) -> None:
        """End tracks at ``t``; a last fix is to be taken."""
        for number in numbers:
            track = self.tracks[number]
            contact = track.contact
            key = contact.serial, contact.opposing, contact.target
            self._open[key].remove(number)
            self.rising.forget(number)
            track.t1 = t

    def take_fixes(self, t: int, numbers: Sequence[int]) -> None:
        """Take fixes of tracks at ``t``; where that cannot be done the first one has grown old."""
        if numbers:
            tracks = [self.tracks[number] for number in numbers]
            for track, fix in zip(tracks, self._now(t, tracks), strict=True):
                track.fix = fix

    def best_fix(self, t: int, serial: int, opposing: bool, target: int) -> Fix | None:
        """Return where a side's best track has a target now; None for no track.

        Latitude and longitude, degrees, and standard error, m.
        """
        numbers = self._open.get((serial, opposing, target))
        if not numbers:
            return None
        fixes = self._now(t, [self.tracks[number] for number in numbers])
        return min(fixes, key=lambda fix: fix[2])

    # --- levels -----------------------------------------------------------------------------

    def next_time(self) -> int | None:
        """Return when a track becomes better known, ms."""
        return self.rising.next_time()

    def rise(self, t: int) -> list[int]:
        """Return the tracks better known from ``t`` on, ascending; fixes are to be taken."""
        risen = self.rising.take(t)
        for number, level in risen.items():
            since = self.tracks[number].since
            since[1 : level + 1] = [min(before, t) for before in since[1 : level + 1]]
        return list(risen)

    def reveal(self, t: int, shooters: Iterable[tuple[int, bool, int]]) -> list[int]:
        """Let those who fired be known for what they are; return the tracks that rise by it.

        ``shooters``: serial, side that sees it, and who fired. Fixes are to be taken.
        """
        risen = [
            number
            for key in shooters
            for number in self._open.get(key, ())
            if self.tracks[number].level < Level.CLASSIFIED
        ]
        for number in risen:
            self.tracks[number].since[Level.CLASSIFIED] = t
            self.rising.drop(number, Level.CLASSIFIED)
        return sorted(risen)

    def plan(self, t: int) -> None:
        """Work out when tracks come near enough to be better known; a look must have gone before.

        For those made since the last time, and those of which somebody's legs have changed.
        """
        numbers = self.rising.concerned(self.sensing.touched, lambda rows: self.log.moving(t, rows))
        if numbers.size:
            ways = self.sensing.ways(t, np.union1d(*self.rising.pairs(numbers)), self.log)
            self.rising.plan(t, numbers, ways)

    # --- fixes ------------------------------------------------------------------------------

    def _now(self, t: int, tracks: Sequence[Track]) -> list[Fix]:
        """Return fixes at ``t``."""
        pairs = [(track.contact.looker, track.contact.target) for track in tracks]
        places = self.sensing.places(t, list({row for pair in pairs for row in pair}), self.log)
        inside = [row for row, place in places.items() if math.isnan(place[0])]
        if inside:  # aboard by now: where the carrier is
            carriers = [self._carrier(row) for row in inside]
            found = self.sensing.places(t, list(dict.fromkeys(carriers)), self.log)
            places |= {row: found[on] for row, on in zip(inside, carriers, strict=True)}
        outlook = self.sensing.outlook
        keys = [track.key for track in tracks]
        seconds = [(t - outlook.start_ms) // SECOND_MS] * len(tracks)
        draws = fix_draws(outlook.seed, keys, seconds)
        return [
            self._seen(t, track, drawn, places[looker], places[target])
            for track, drawn, (looker, target) in zip(tracks, draws, pairs, strict=True)
        ]

    def _seen(self, t: int, track: Track, draws: Draws, observer: Place, target: Place) -> Fix:
        """Return the fix of a track at ``t``, from where both are then."""
        contact = track.contact
        ground = chord_m(*observer[:2], *target[:2])
        if math.isnan(ground):
            speed, age = self.kinematics(contact.target)[0], (t - contact.t) / 1000.0
            old = math.sqrt(track.error_m**2 + 0.5 * (age * speed) ** 2)
            return track.lat, track.lon, round(old, 1)
        apart = math.hypot(ground, observer[2] - target[2])
        return self._fix(contact, draws, target[:2], observer[:2], apart)

    def _fix(
        self,
        contact: Contact,
        draws: Draws,
        target: tuple[float, float],
        observer: tuple[float, float],
        range_m: float,
    ) -> Fix:
        errors = self.errors[contact.sensor]
        lat, lon, error = drawn_fix_of_one(draws, target, observer, range_m, errors)
        return round(lat, POSITION_DECIMALS), round(lon, POSITION_DECIMALS), round(error, 1)

    def _key(self, contact: Contact) -> int:
        roster = self.sensing.roster
        own = int(roster.force.key[contact.looker]) ^ int(roster.names[contact.sensor])
        return pair_key(own, int(roster.force.key[contact.target]))

    def _carrier(self, row: int) -> int:
        """Return what a platform is aboard of, in the end, or will be; itself where of nothing."""
        carrier = self.sensing.outlook.state.carrier
        for _ in range(_CHAIN):
            above = int(carrier[row])
            row = above if above >= 0 else row
        return row

    def kinematics(self, target: int) -> tuple[float, int]:
        """Return the speed a target is taken to have, m/s, and the time between updates, s."""
        roster = self.sensing.roster
        domain = DOMAINS[roster.signatures.domain[roster.force.type[target]]]
        return SPEED_M_S[domain], UPDATE_S[domain]
