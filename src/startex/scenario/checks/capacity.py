"""Checks that forces can be expanded, and that moves have seats, trains and targets enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from startex.forces.armament_figures import DOMAINS
from startex.forces.catalogue import Catalogue
from startex.forces.definitions import KINDS
from startex.forces.expansions import Expansions
from startex.forces.force import Force
from startex.forces.signatures import domains
from startex.foundation.clock import MS_PER_SECOND
from startex.foundation.errors import Problem, ScenarioError, StartexError
from startex.geography.geodesy import inverse
from startex.geography.latitudes import Latitudes
from startex.geography.places import Places
from startex.scenario.checks.forces import destination, movement
from startex.scenario.checks.ground import check_ground
from startex.scenario.checks.tasks import check_settled
from startex.scenario.draft import Draft, Entry
from startex.scenario.serials import Serial
from startex.scenario.vocabulary import Task
from startex.sources.dossier import Dossier

Int64 = npt.NDArray[np.int64]

_FORCE_FILES = ("units.yaml", "templates.yaml", "figures.yaml", "policies.yaml", "claims")
_CODE = {kind: code for code, kind in enumerate(KINDS)}


def check_capacity(
    draft: Draft, dossier: Dossier, problems: tuple[Problem, ...], expansions: Expansions
) -> Iterator[Problem]:
    """Yield what is wrong with the expanded forces, under every policy of the scenario.

    Parameters
    ----------
    draft, dossier
        What was read.
    problems
        Those found so far; where they touch the forces these cannot be expanded.
    expansions
        Of the draft; keeps the forces.
    """
    touched = any(problem.file.startswith(_FORCE_FILES) for problem in problems)
    if touched or draft.catalogue is None or draft.header is None:
        return
    told: set[str] = set()
    templates = {**draft.shipped_templates, **{e.name: e.value for e in draft.templates}}
    lines = [entry.value for entry in draft.lines]
    for policy in draft.header.value.policies:
        try:
            figures = dossier.resolve(policy)
        except StartexError:
            continue  # told by the checks of the dossier
        numbers = {k: f.value for k, f in figures.items() if not isinstance(f.value, str)}
        try:
            force = expansions.expand(lines, templates, draft.catalogue, numbers)
        except ScenarioError as error:
            found = [_located(draft, problem) for problem in error.problems]
        else:
            muster = Muster(force, draft.catalogue, draft.sites)
            found = [*check_settled(draft, numbers), *_check_serials(draft, muster, numbers)]
            found += check_ground(draft, force)
        for problem in found:
            if problem.message not in told:
                told.add(problem.message)
                under = f" (under policy {policy!r})" if told and policy else ""
                yield Problem(
                    problem.file,
                    problem.line,
                    problem.column,
                    problem.message.rstrip(".") + under + ".",
                    problem.remedy,
                )


def _located(draft: Draft, problem: Problem) -> Problem:
    """Give a problem of the expansion the position of what it names, the first unit at the least.

    What the expansion calls ``unit 'x'`` or ``template 'x'`` stands there; a figure, where a unit
    first uses it.
    """
    if problem.line:
        return problem
    text = problem.message
    kinds = (("template", draft.templates), ("unit", draft.lines))
    named = [
        (text.index(name), entry, kind)
        for kind, entries in kinds
        for entry in entries
        if (name := f"{kind} {entry.name!r}") in text
    ]
    if named:
        _, entry, where = min(named, key=lambda found: found[0])
        return entry.problem(where, text, problem.remedy)
    for entry in draft.lines:
        line = entry.value
        used = {line.scales_with, *(f.figure for f in (line.persons, line.ground) if f)}
        if any(name and f"figure {name!r}" in text for name in used):
            return entry.problem("unit", text, problem.remedy)
    for entry in draft.lines:
        return entry.problem("", text, problem.remedy)
    return problem


@dataclass(frozen=True)
class Muster:
    """Counts over the rows of an expanded force."""

    force: Force
    catalogue: Catalogue
    sites: Places
    row: Mapping[str, int] = field(init=False)
    _every: dict[str, Int64] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        names = {unit: row for row, unit in enumerate(self.force.units.id)}
        object.__setattr__(self, "row", names)

    def rows(self, units: tuple[str, ...]) -> Int64:
        """Return the entity rows of several subtrees, each once, ascending."""
        tree = self.force.units
        named = sorted({self.row[unit] for unit in units if unit in self.row})
        # Units stand in tree order: one that lies in a subtree already taken follows it at once.
        spans, end = [], 0
        for row in named:
            if tree.last[row] > end:
                spans.append(np.arange(tree.first[row], tree.last[row]))
                end = int(tree.last[row])
        return np.concatenate(spans) if spans else np.empty(0, dtype=np.int64)

    def every(self, kind: str) -> Int64:
        """Return the rows of all entities of one kind, ascending."""
        if kind not in self._every:
            self._every[kind] = np.flatnonzero(self.force.kind == _CODE[kind])
        return self._every[kind]

    def targets_in(self, here: int, against: str | None = None) -> int:
        """Return how many targets have a home within a place (its index), or at it.

        ``against``: of this domain alone (`DOMAINS`).
        """
        homes, latitudes, domain = self._target_homes
        near = latitudes.between(*self.sites.latitudes(here))
        if against is not None:
            near = near[domain[near] == DOMAINS.index(against)]
        homes = homes[near]
        at, count = np.unique(homes, return_counts=True)
        inside = self.sites.contains(here, self.sites.lat[at], self.sites.lon[at])
        return int(count[(at == here) | inside].sum())

    @cached_property
    def _target_homes(self) -> tuple[Int64, Latitudes, npt.NDArray[np.int8]]:
        """Place index of the home of each target that has one, latitudes, and its domain."""
        rows = self.every("target")
        homes = [self.force.units.home[unit] for unit in self.force.unit[rows]]
        known = np.array([home in self.sites for home in homes], dtype=np.bool_)
        at = [self.sites.index(home) for home in homes if home in self.sites]
        found = np.array(at, dtype=np.int64)
        domain = domains(self.catalogue)[self.force.type[rows[known]]]
        return found, Latitudes(self.sites.lat[found]), domain

    def of_kind(self, rows: Int64, kind: str) -> Int64:
        """Return the rows of one kind of entity."""
        found: Int64 = rows[self.force.kind[rows] == _CODE[kind]]
        return found

    def total(self, rows: Int64, column: str) -> float:
        """Return the sum of a catalogue figure over platforms; absent figures count nothing."""
        types = self.force.type[rows]
        return float(np.nansum(getattr(self.catalogue, column)[types[types >= 0]]))

    def afoot(self, rows: Int64) -> int:
        """Return the persons of teams that ride no vehicle of their own."""
        people = self.of_kind(rows, "person")
        station = self.force.station[people]
        in_team = (station >= 0) & (self.force.kind[station] == _CODE["team"])
        return int(np.count_nonzero(in_team & (self.force.station[station] < 0)))

    def passengers(self, rows: Int64) -> int:
        """Return the persons who do not belong to the crew of a platform among ``rows``."""
        people = self.of_kind(rows, "person")
        station = self.force.station[people]
        crewed = (station >= 0) & (self.force.kind[station] != _CODE["team"])
        return int(people.size - np.count_nonzero(crewed))


def _check_serials(draft: Draft, muster: Muster, numbers: Mapping[str, float]) -> Iterator[Problem]:
    known = draft.ids.get("unit") or frozenset()
    for written in draft.serials:
        entry = replace(written, value=written.value.settled(numbers))
        serial, task = entry.value, movement(entry.value)
        if task is None or not set(serial.all_units) <= known:
            continue
        if task.name == "march":
            yield from _check_march(entry, muster)
        elif task.name == "rail":
            yield from _check_rail(draft, entry, task, muster)
        elif task.carriers:
            yield from _check_lift(draft, entry, task, muster)
        elif task.name == "live_fire":
            yield from _check_targets(draft, entry, muster)
        yield from _check_kind(entry, task, muster)


def _check_march(entry: Entry[Serial], muster: Muster) -> Iterator[Problem]:
    """Check that everybody in a march has a seat."""
    rows = muster.rows(entry.value.all_units)
    vehicles = muster.of_kind(rows, "vehicle")
    seats, riders = muster.total(vehicles, "seats"), muster.passengers(rows)
    crews = muster.of_kind(rows, "person").size - riders
    if riders > seats:
        message = (
            f"serial {entry.name!r}: more persons than seats: {riders + crews} persons march in"
            f" {vehicles.size} vehicles with {crews + int(seats)} seats."
        )
        remedy = "Add a unit with trucks to 'support', or take units out."
        yield entry.problem("units", message, remedy)


def _trips(draft: Draft, entry: Entry[Serial], task: Task, speed_m_s: float) -> int:
    """Return how many trips the time planned allows at most: out, and out and back for others."""
    serial, sites = entry.value, draft.sites
    origin = serial.params.get(task.origin) if task.origin else None
    goal = destination(serial, task)
    if not isinstance(origin, str) or origin not in sites or goal not in sites or speed_m_s <= 0:
        return 1
    a, b = sites[sites.index(origin)], sites[sites.index(goal)]
    distance_m = float(inverse(a.lat, a.lon, b.lat, b.lon)[1]) - a.radius_m - b.radius_m
    planned_s = (serial.end_ms - serial.start_ms) / MS_PER_SECOND
    one_way_s = max(distance_m / speed_m_s, 1.0)
    return max(1, int(1 + (planned_s - one_way_s) // (2.0 * one_way_s)))


def _check_rail(
    draft: Draft, entry: Entry[Serial], task: Task, muster: Muster
) -> Iterator[Problem]:
    """Check that the trains can carry everybody and every vehicle in the time planned."""
    trains = muster.every("train")
    if not trains.size:
        remedy = "Add a unit with platforms of kind train (counted: false)."
        yield entry.problem("task", f"serial {entry.name!r}: there is no train.", remedy)
        return
    speed = float(np.nanmax(muster.catalogue.speed_max_m_s[muster.force.type[trains]]))
    trips = _trips(draft, entry, task, speed)
    rows = muster.rows(entry.value.all_units)
    people = muster.of_kind(rows, "person").size
    length_m = muster.total(muster.of_kind(rows, "vehicle"), "rail_length_m")
    for what, needed, column, unit in (
        ("persons than seats", people, "train_seats", "seats"),
        ("metres of vehicles than wagons", length_m, "train_capacity_m", "m of wagons"),
    ):
        offered = muster.total(trains, column) * trips
        if needed > offered:
            message = (
                f"serial {entry.name!r}: more {what}: {needed:.0f} for {offered:.0f} {unit} on"
                f" {trains.size} trains in at most {trips} trips each."
            )
            yield entry.problem("units", message, "Add trains, or let it end later.")


def _check_lift(
    draft: Draft, entry: Entry[Serial], task: Task, muster: Muster
) -> Iterator[Problem]:
    """Check that aircraft or ships that carry the units have seats enough for them."""
    carriers = entry.value.params.get(task.carriers)
    if not isinstance(carriers, list) or not all(isinstance(c, str) for c in carriers):
        return
    kind = "ship" if task.name == "landing" else "aircraft"
    rows = muster.of_kind(muster.rows(tuple(carriers)), kind)
    column = "jumpers" if task.name == "airborne_drop" else "seats"
    trips = 1
    if task.name == "airlift" and rows.size:
        speed = float(np.nanmax(muster.catalogue.speed_max_m_s[muster.force.type[rows]]))
        trips = _trips(draft, entry, task, speed)
    seats = int(muster.total(rows, column)) * trips
    people = muster.afoot(muster.rows(entry.value.units))
    if people > seats:
        words = "places for jumpers" if column == "jumpers" else "seats"
        more = f" in at most {trips} trips each" if trips > 1 else ""
        noun = "ships" if kind == "ship" and rows.size != 1 else kind
        message = (
            f"serial {entry.name!r}: more persons than seats: {people} persons, {seats} {words}"
            f" aboard {rows.size} {noun}{more}."
        )
        where = ("params", task.carriers)
        yield entry.problem(where, message, "Add carriers, or take units out.")
    if task.name == "airborne_drop":
        parachutes = muster.every("parachute").size
        if people > parachutes:
            message = f"serial {entry.name!r}: {people} jumpers, {parachutes} parachutes."
            remedy = "Add platforms of kind parachute to a unit (counted: false)."
            yield entry.problem("task", message, remedy)


def _check_targets(draft: Draft, entry: Entry[Serial], muster: Muster) -> Iterator[Problem]:
    """Check that as many targets as are to be fired at stand at the place."""
    wanted = entry.value.params.get("targets")
    place = entry.value.params.get("target_place", entry.value.place)
    against = entry.value.params.get("against")
    if not isinstance(wanted, int) or place not in draft.sites:
        return
    if against is not None and against not in DOMAINS:
        return  # told elsewhere
    there = muster.targets_in(draft.sites.index(str(place)), against)
    if wanted > there:
        what = "targets" if against is None else f"{against} targets"
        message = f"serial {entry.name!r}: {wanted} {what} wanted, {there} stand at {place!r}."
        remedy = "Add platforms of kind target to a unit whose home is there."
        yield entry.problem(("params", "targets"), message, remedy)


_WANTED: Mapping[str, tuple[str, ...]] = {
    "march": ("vehicle", "team"), "sail": ("ship",), "transfer_flight": ("aircraft",),
    "sortie": ("aircraft",), "patrol": ("ship", "aircraft"), "escort": ("ship",),
    "form_up": ("ship",), "rendezvous": ("ship",), "replenish": ("ship",),
}  # fmt: skip
"""Kinds of platform of which a unit must have one to take part in a task."""


def _check_kind(entry: Entry[Serial], task: Task, muster: Muster) -> Iterator[Problem]:
    """Check that units have the kind of platform that the task is for."""
    wanted = _WANTED.get(task.name)
    if wanted is None:
        return
    for index, unit in enumerate(entry.value.units):
        rows = muster.rows((unit,))
        if not any(muster.of_kind(rows, kind).size for kind in wanted):
            message = f"unit {unit!r} has no {' or '.join(wanted)}; task {task.name!r} needs one."
            yield entry.problem(("units", index), message, "Choose another unit or task.")
