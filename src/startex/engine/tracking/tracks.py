"""Tracks: what units make of their contacts, with errors, levels and ends.

A track is made with a contact and bears its number. Where the target is reported is off by the
errors of the sensor, drawn by (seed, looker, sensor, target, second since the start). Nothing is
stepped: a fix is taken when it is asked for, that is when the track is made, when it is lost, and
when it is fired on. How far off a fix is depends on the looker that made the contact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.log import Log
from startex.engine.sensing.component import Sensing
from startex.engine.sensing.contacts import SECOND_MS, Contact
from startex.engine.sensing.looks import geometry
from startex.engine.tracking.closing import NEVER
from startex.engine.tracking.levels import Level, classified_after_s, task_ranges_m
from startex.engine.tracking.rising import Rising
from startex.forces.armament_figures import DOMAINS
from startex.foundation.streams import pair_keys
from startex.geography.paths import POSITION_DECIMALS
from startex.models.fixes import aged_error_m, drawn_fix

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
    fix: tuple[float, float, float]
    t1: int = -1
    cause: int = -1

    @property
    def level(self) -> Level:
        """Return the level reached."""
        return Level(max(i for i, t in enumerate(self.since) if t < NEVER))


@dataclass(slots=True)
class Tracks:
    """Owns the tracks of a run, by number of contact; changes nothing else.

    Parameters
    ----------
    sensing
        Knows sensors, sides, and where everybody is.
    log
        Knows the legs.
    """

    sensing: Sensing
    log: Log
    tracks: list[Track] = field(default_factory=list)
    rising: Rising = field(init=False)
    _open: dict[tuple[int, bool, int], list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rising = Rising(self.sensing.outlook.start_ms)

    def make(self, contacts: Sequence[Contact]) -> list[Track]:
        """Make tracks of contacts just gained, in their order."""
        if not contacts:
            return []
        roster, outlook = self.sensing.roster, self.sensing.outlook
        target, sensor = _rows(contacts, "target"), _rows(contacts, "sensor")
        second = (_rows(contacts, "t") - outlook.start_ms) // SECOND_MS
        keys = self._keys(contacts)
        far = np.array([contact.range_m for contact in contacts])
        ranges = task_ranges_m(
            roster.sensors, sensor, roster.signatures.size_m[roster.force.type[target]], keys,
            outlook.seed, second,
        )  # fmt: skip
        lat, lon, error = self._fixes(
            contacts, second,
            (_column(contacts, "lat"), _column(contacts, "lon")),
            (_column(contacts, "looker_lat"), _column(contacts, "looker_lon")), far,
        )  # fmt: skip
        made = [
            Track(
                contact, float(lat[i]), float(lon[i]), float(error[i]),
                (float(ranges[0, i]), float(ranges[1, i])), [contact.t, NEVER, NEVER],
                (float(lat[i]), float(lon[i]), float(error[i])),
            )
            for i, contact in enumerate(contacts)
        ]  # fmt: skip
        for track in made:
            self._enter(track)
        return made

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
        tracks = [self.tracks[number] for number in numbers]
        if tracks:
            columns = (column.tolist() for column in self._now(t, tracks))
            for track, lat, lon, error in zip(tracks, *columns, strict=True):
                track.fix = lat, lon, error

    def best_fix(
        self, t: int, serial: int, opposing: bool, target: int
    ) -> tuple[float, float, float] | None:
        """Return where a side's best track has a target now; None for no track.

        Latitude and longitude, degrees, and standard error, m.
        """
        numbers = self._open.get((serial, opposing, target))
        if not numbers:
            return None
        lat, lon, error = self._now(t, [self.tracks[number] for number in numbers])
        best = int(np.argmin(error))
        return float(lat[best]), float(lon[best]), float(error[best])

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
        numbers = self.rising.concerned(self.sensing.touched)
        if numbers.size:
            ways = self.sensing.ways(t, np.union1d(*self.rising.pairs(numbers)), self.log)
            self.rising.plan(t, numbers, ways)

    # --- fixes ------------------------------------------------------------------------------

    def _now(self, t: int, tracks: Sequence[Track]) -> tuple[Float64, Float64, Float64]:
        """Return fixes at ``t``: latitude, longitude, standard error."""
        sensing, contacts = self.sensing, [track.contact for track in tracks]
        looker, target = _rows(contacts, "looker"), _rows(contacts, "target")
        pair = self._carriers(looker), self._carriers(target)
        rows = np.unique(np.concatenate([looker, target, *pair]))
        spots = sensing.spots(t, rows, self.log)
        at = np.full(looker.size, float(t))
        look = geometry(spots, spots, looker, target, at)
        known = np.isfinite(look.range_m)
        if not known.all():  # aboard by now: where the carrier is
            look = geometry(
                spots, spots,
                np.where(np.isfinite(look.lat), looker, pair[0]),
                np.where(np.isfinite(look.target_lat), target, pair[1]), at,
            )  # fmt: skip
            known = np.isfinite(look.range_m)
        second = np.full(looker.size, (t - sensing.outlook.start_ms) // SECOND_MS)
        spot = np.nan_to_num(look.target_lat), np.nan_to_num(look.target_lon)
        seen_from = np.nan_to_num(look.lat), np.nan_to_num(look.lon)
        lat, lon, error = self._fixes(
            contacts, second, spot, seen_from, np.where(known, look.range_m, 0.0)
        )
        age = (t - _rows(contacts, "t")) / 1000.0
        old = aged_error_m([track.error_m for track in tracks], age, self._speed(target))
        return (
            np.where(known, lat, [track.lat for track in tracks]),
            np.where(known, lon, [track.lon for track in tracks]),
            np.where(known, error, np.round(old, 1)),
        )

    def _fixes(
        self,
        contacts: Sequence[Contact],
        second: Int64,
        target: tuple[Float64, Float64],
        observer: tuple[Float64, Float64],
        range_m: Float64,
    ) -> tuple[Float64, Float64, Float64]:
        errors = self.sensing.roster.errors[:, _rows(contacts, "sensor")]
        lat, lon, error = drawn_fix(
            self.sensing.outlook.seed, self._keys(contacts), second, target, observer,
            range_m, errors,
        )  # fmt: skip
        return (
            np.round(lat, POSITION_DECIMALS), np.round(lon, POSITION_DECIMALS), np.round(error, 1),
        )  # fmt: skip

    def _keys(self, contacts: Sequence[Contact]) -> UInt64:
        roster = self.sensing.roster
        own = roster.force.key[_rows(contacts, "looker")]
        return pair_keys(
            own ^ roster.names[_rows(contacts, "sensor")],
            roster.force.key[_rows(contacts, "target")],
        )

    def _carriers(self, rows: Int64) -> Int64:
        """Return what platforms are aboard of, in the end, or will be; themselves where nothing."""
        carrier, found = self.sensing.outlook.state.carrier, rows
        for _ in range(_CHAIN):
            above = carrier[found].astype(np.int64)
            found = np.where(above >= 0, above, found)
        return found

    def _speed(self, target: Int64) -> Float64:
        roster = self.sensing.roster
        domain = roster.signatures.domain[roster.force.type[target]]
        return np.array([SPEED_M_S[name] for name in DOMAINS])[domain]

    def kinematics(self, target: int) -> tuple[float, int]:
        """Return the speed a target is taken to have, m/s, and the time between updates, s."""
        roster = self.sensing.roster
        domain = DOMAINS[roster.signatures.domain[roster.force.type[target]]]
        return SPEED_M_S[domain], UPDATE_S[domain]


def _rows(contacts: Sequence[Contact], name: str) -> Int64:
    return np.array([getattr(contact, name) for contact in contacts], dtype=np.int64)


def _column(contacts: Sequence[Contact], name: str) -> Float64:
    return np.array([getattr(contact, name) for contact in contacts], dtype=np.float64)
