"""Checks that units can be where the serials want them: one place at a time, after arrival."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from startex.foundation.clock import MS_PER_HOUR, MS_PER_SECOND
from startex.foundation.document import DataPath
from startex.foundation.errors import Problem
from startex.geography.geodesy import inverse
from startex.geography.places import Place
from startex.scenario.checks.forces import (
    Tree,
    destination,
    move_speed_m_s,
    movement,
    named_units,
)
from startex.scenario.draft import Draft, Entry
from startex.scenario.serials import Serial
from startex.scenario.vocabulary import Task

_KM_H = 3.6
_KN_M_S = 1852.0 / 3600.0
_AIRFIELD_M = 10_000.0


@dataclass(frozen=True, slots=True)
class _Use:
    """A unit's engagement in a serial."""

    entry: Entry[Serial]
    place: str
    path: DataPath
    unit: str  # as named in the serial


def _ordered(draft: Draft) -> list[Entry[Serial]]:
    sound = [entry for entry in draft.serials if entry.value.end_ms > entry.value.start_ms]
    return sorted(sound, key=lambda entry: (entry.value.start_ms, entry.name))


def check_one_place(draft: Draft) -> Iterator[Problem]:
    """Check that no unit, nor any unit above or below it, takes part in two serials at once."""
    tree = Tree(draft)
    last: dict[str, _Use] = {}  # of each unit, the engagement that ends last
    told: set[tuple[str, str]] = set()
    for entry in _ordered(draft):
        task = movement(entry.value)
        if task is None:
            continue
        place = destination(entry.value, task)
        uses: dict[str, _Use] = {}
        for path, named in named_units(entry.value, task):
            for unit in tree.subtree(named):
                uses.setdefault(unit, _Use(entry, place, path, named))
        for unit, use in uses.items():
            before = last.get(unit)
            if before is not None and before.entry.value.end_ms > entry.value.start_ms:
                pair = (before.entry.name, entry.name)
                if pair not in told:
                    told.add(pair)
                    yield _overlap(before, use, unit)
            if before is None or before.entry.value.end_ms < entry.value.end_ms:
                last[unit] = use


def _overlap(before: _Use, use: _Use, unit: str) -> Problem:
    below = "" if use.unit == unit else f" (of {use.unit!r})"
    apart = before.place != use.place
    what = "is in two places at once" if apart else "is in two serials at once"
    message = (
        f"unit {unit!r}{below} {what}: in serial {before.entry.name!r} at {before.place!r} until"
        f" {before.entry.value.end}, in serial {use.entry.name!r} at {use.place!r} from"
        f" {use.entry.value.start}."
    )
    remedy = "Move one of the serials, or take the unit out of one."
    return use.entry.problem(use.path, message, remedy)


class _Log:
    """Where each unit is, as the serials in their order bring it about."""

    def __init__(self, draft: Draft, tree: Tree) -> None:
        self.draft = draft
        self.place = dict(tree.homes)
        self.by: dict[str, str] = {}  # serial that brought the unit there

    def absent(
        self, entry: Entry[Serial], path: DataPath, units: tuple[str, ...], wanted: str
    ) -> Iterator[Problem]:
        """Yield a problem for the first unit that is elsewhere; then take all as being there."""
        away = [
            unit
            for unit in units
            if unit in self.place and not _within(self.draft, self.place[unit], wanted)
        ]
        for unit in away[:1]:
            came = f"since serial {self.by[unit]!r}" if unit in self.by else "at its home"
            message = (
                f"serial {entry.name!r} before arrival: unit {unit!r} is at"
                f" {self.place[unit]!r} ({came}), not at {wanted!r}."
            )
            remedy = f"Add an earlier serial that moves it to {wanted!r}, or change its home."
            yield entry.problem(path, message, remedy)
        for unit in away:
            self.place[unit] = wanted

    def move(self, units: tuple[str, ...], place: str, serial: str) -> None:
        """Note that units were brought to a place."""
        for unit in units:
            self.place[unit], self.by[unit] = place, serial


def check_arrival(draft: Draft) -> Iterator[Problem]:
    """Check that units are at the place of a serial when it starts, and moves last long enough."""
    tree = Tree(draft)
    log = _Log(draft, tree)
    for entry in _ordered(draft):
        serial, task = entry.value, movement(entry.value)
        if task is None:
            continue
        wanted = serial.place if task.presence == "there" else _origin(serial, task)
        if task.name == "airborne_drop":
            wanted = _airfield(serial, task, log)
        for index, named in enumerate(serial.units):
            start = wanted or log.place.get(named, "")
            if wanted:
                yield from log.absent(entry, ("units", index), tree.subtree(named), wanted)
            if task.presence == "goes":
                yield from _too_short(tree, entry, task, named, start)
        if task.presence == "goes":
            for path, named in named_units(serial, task):
                # Aircraft and ships that carry others are not tied to where those get off.
                if path[:2] != ("params", task.carriers):
                    log.move(tree.subtree(named), destination(serial, task), entry.name)


def _origin(serial: Serial, task: Task) -> str:
    found = serial.params.get(task.origin) if task.origin else None
    return found if isinstance(found, str) else ""


def _airfield(serial: Serial, task: Task, log: _Log) -> str:
    """Return where the aircraft stand that the jumpers board; empty where it is not known."""
    carriers = serial.params.get(task.carriers)
    first = carriers[0] if isinstance(carriers, list) and carriers else ""
    return log.place.get(first, "") if isinstance(first, str) else ""


def _within(draft: Draft, here: str, wanted: str) -> bool:
    """Tell whether one place lies within the bounds of another (or cannot be judged).

    At an airfield whoever is within 10 km is there: that is how far the engine lets units come
    to their aircraft by themselves.
    """
    sites = draft.sites
    if here == wanted or here not in sites or wanted not in sites:
        return True
    middle = sites[sites.index(here)]
    goal = sites[sites.index(wanted)]
    if goal.kind == "airfield" and _distance_m(middle, goal) <= _AIRFIELD_M:
        return True
    return bool(sites.contains(sites.index(wanted), middle.lat, middle.lon))


def _distance_m(a: Place, b: Place) -> float:
    return float(inverse(a.lat, a.lon, b.lat, b.lon)[1])


def _too_short(
    tree: Tree, entry: Entry[Serial], task: Task, unit: str, start: str
) -> Iterator[Problem]:
    """Yield a problem if even a straight line at full speed takes longer than is planned."""
    serial, sites = entry.value, tree.draft.sites
    end = destination(serial, task)
    if start == end or start not in sites or end not in sites:
        return
    speed_m_s = move_speed_m_s(tree, serial, task, unit)
    for name, factor in (("speed_km_h", 1 / _KM_H), ("speed_kn", _KN_M_S)):
        ordered = serial.params.get(name)
        if isinstance(ordered, (int, float)) and ordered > 0:
            speed_m_s = min(speed_m_s or ordered * factor, ordered * factor)
    if speed_m_s <= 0:
        return
    a, b = sites[sites.index(start)], sites[sites.index(end)]
    distance_m = _distance_m(a, b) - a.radius_m - b.radius_m
    needed_ms = distance_m / speed_m_s * MS_PER_SECOND
    planned_ms = serial.end_ms - serial.start_ms
    if needed_ms > planned_ms:
        message = (
            f"serial {entry.name!r} is too short: {distance_m / 1000:.0f} km from {start!r} to"
            f" {end!r} take {needed_ms / MS_PER_HOUR:.1f} h at {speed_m_s * _KM_H:.0f} km/h,"
            f" planned are {planned_ms / MS_PER_HOUR:.1f} h."
        )
        yield entry.problem("end", message, "Let it end later, or start it earlier.")
