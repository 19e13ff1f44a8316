"""Deployment: what it took to bring the force in, and whether it was there in time.

A serial of deployment is *in time* if it ended before the first serial of implementation that any
of its units takes part in was planned to start.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from startex.review.distances import Moves
from startex.review.figures import Figure, FigureBook
from startex.review.movement import RUN_BREAK_MS, groups
from startex.review.record import Bool, Record, id_list

HELD = frozenset({"held", "held_late", "partly_held"})
"""Outcomes of serials whose units came where they were to go."""

MS_PER_HOUR = 3_600_000.0
MS_PER_DAY = 24 * MS_PER_HOUR
S_PER_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Deployment:
    """Figures of the deployment, in the order in which a reader wants them."""

    happened: tuple[Figure, ...]
    whole: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class _Serial:
    """A serial of deployment: planned start and end (ms), entities, and when it is needed (ms)."""

    start_ms: int
    end_ms: int | None
    members: Bool
    needed_ms: int | None

    @property
    def margin_h(self) -> float | None:
        """Hours between its end and when it is needed; None if nothing needs it."""
        if self.needed_ms is None:
            return None
        if self.end_ms is None:
            return -math.inf
        return (self.needed_ms - self.end_ms) / MS_PER_HOUR


def deployment(record: Record, book: FigureBook, moved: Moves) -> Deployment:
    """Enter the figures of the deployment and return them; empty where no serial deploys."""
    serials = _serials(record)
    if not serials:
        return Deployment((), ())
    return Deployment(_happened(record, book, moved, serials), _whole(record, book, serials))


def _members(record: Record, serial: dict[str, Any]) -> Bool:
    found = np.zeros(len(record.unit), dtype=bool)
    for name in id_list(serial["units"]):
        row = record.unit_by_id.get(name)
        if row is not None:
            found[record.unit_rows[row]["first"] : record.unit_rows[row]["last"]] = True
    return found


def _serials(record: Record) -> list[_Serial]:
    rows = record.rows("serials")
    later = [
        (row["planned_start"], _members(record, row))
        for row in rows
        if row["phase"] == "implementation"
    ]
    later.sort(key=lambda pair: int(pair[0]))
    found = []
    for row in rows:
        if row["phase"] != "deployment":
            continue
        members = _members(record, row)
        needed = next((start for start, others in later if (members & others).any()), None)
        end = row["end"] if row["outcome"] in HELD else None
        found.append(_Serial(row["planned_start"], end, members, needed))
    return found


def _happened(
    record: Record, book: FigureBook, moved: Moves, serials: list[_Serial]
) -> tuple[Figure, ...]:
    person = (record.kind == "person") & record.counted
    brought, late = np.zeros_like(person), np.zeros_like(person)
    for serial in serials:
        brought |= serial.members
        if (serial.margin_h or 0.0) < 0.0 or serial.end_ms is None:
            late |= serial.members
    margins = np.array([s.margin_h for s in serials if s.margin_h is not None])
    begin = min(serial.start_ms for serial in serials)
    ends = [serial.end_ms for serial in serials if serial.end_ms is not None]
    until = max(ends, default=begin)
    tables = ("serials", "units", "entities")

    def add(name: str, label: str, value: Any, unit: str, how: str, decimals: int = 0,
            of: tuple[str, ...] = tables) -> Figure:  # fmt: skip
        key = f"deployment.{name}"
        return book.add(key, label, value, unit, how, of, decimals=decimals)

    before = moved.t1 <= until
    kind = {name: (record.kind == name)[moved.entity] for name in ("train", "aircraft", "ship")}
    counted = record.counted[moved.entity]
    rail = before & kind["train"] & (moved.mode == "rail")
    ships = before & kind["ship"] & (moved.mode == "sea") & counted
    carrier = _carries_others(record)[moved.entity]
    air = before & kind["aircraft"] & (moved.mode == "air") & carrier
    road = before & (record.kind == "vehicle")[moved.entity] & (moved.mode == "road") & counted
    legs = ("legs", "entities", "serials")
    in_time = "A serial is in time if it ended before the first serial of implementation that any "
    in_time += "of its units takes part in was planned to start."
    never = "; one that was not held is late."
    return (
        add("days", "The deployment took", (until - begin) / MS_PER_DAY, "days",
            "From the planned start of the first serial of deployment to the end of the last.", 1),
        add("persons", "Persons whose units deployed", int((brought & person).sum()), "persons",
            "Counted persons in the units of serials of deployment, each once."),
        add("persons_late", "Of them, late for their first serial",
            int((late & person).sum()), "persons", in_time + never),
        add("serials_late", "Serials of deployment that ended too late",
            int((margins < 0).sum()), "serials", in_time + never),
        add("margin_least_h", "Least time in hand",
            _finite(margins.min() if margins.size else None), "h",
            "Least time between the end of a serial of deployment and when it is needed.", 1),
        add("margin_median_h", "Median time in hand",
            _finite(np.median(margins) if margins.size else None), "h",
            "Median over serials of deployment of the time between end and need.", 1),
        add("trains", "Train runs", groups(moved, rail, RUN_BREAK_MS)[0], "train runs",
            "Unbroken series of rail legs of a train before the last serial of deployment ended.",
            of=legs),
        add("flights", "Flights of aircraft that carry others", groups(moved, air, 0)[0], "sorties",
            "Unbroken series of air legs, meanwhile, of aircraft whose type has seats or carries "
            "cargo, airliners included.",
            of=(*legs, "catalogue")),
        add("ship_days", "Ship days under way",
            float((moved.t1 - moved.t0)[ships].sum()) / MS_PER_DAY, "ship days",
            "Sum of the times of sea legs of counted ships, meanwhile.", of=legs),
        add("vehicle_km", "Vehicle-kilometres by road", float(moved.length_m[road].sum()) / 1e3,
            "vehicle-km", "Sum of the lengths of road legs of counted vehicles, meanwhile.",
            of=legs),
    )  # fmt: skip


def _finite(value: Any) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _catalogue(record: Record) -> dict[str, dict[str, Any]]:
    return {row["type"]: row for row in record.rows("catalogue")}


def _carries_others(record: Record) -> Bool:
    names = {
        name
        for name, row in _catalogue(record).items()
        if (row["cargo_kg"] or 0.0) > 0.0 or (row["seats"] or 0.0) > 0.0
    }
    return np.isin(record.entities.column("type").to_numpy(zero_copy_only=False), sorted(names))


def _whole(record: Record, book: FigureBook, serials: list[_Serial]) -> tuple[Figure, ...]:
    """Enter what the whole counted force would take if all of it came by rail, on one line."""
    catalogue = _catalogue(record)
    train = next((row for row in catalogue.values() if row["train_capacity_m"]), None)
    headways = [way["headway_s"] for way in record.rows("ways") if way.get("headway_s")]
    needed = [serial.needed_ms for serial in serials if serial.needed_ms is not None]
    if train is None or not headways or not needed:
        return ()
    types = record.entities.column("type").to_numpy(zero_copy_only=False)
    vehicles = types[(record.kind == "vehicle") & record.counted]
    names, numbers = np.unique(vehicles.astype(str), return_counts=True)
    metres = sum(
        float(catalogue[str(name)]["rail_length_m"] or 0.0) * int(number)
        for name, number in zip(names, numbers, strict=True)
    )
    persons = int(((record.kind == "person") & record.counted).sum())
    trains = max(
        math.ceil(metres / train["train_capacity_m"]),
        math.ceil(persons / train["train_seats"]) if train["train_seats"] else 0,
    )
    days = (max(needed) - min(serial.start_ms for serial in serials)) / MS_PER_DAY
    tables = ("entities", "catalogue", "ways")

    def add(name: str, label: str, value: float, unit: str, how: str, decimals: int) -> Figure:
        key = f"deployment.whole.{name}"
        assumed = "headways of lines and the length of a train, where the catalogue and ways say so"
        return book.add(key, label, value, unit, how, tables, assumed=assumed, decimals=decimals)

    return (
        add("trains", "Trains for the whole force", trains, "train runs",
            "The greater of: lengths of all counted vehicles on flat wagons over what a train "
            "holds; counted persons over the seats of a train.", 0),
        add("rail_days", "Days of one line that they fill",
            trains * max(headways) / S_PER_DAY, "days",
            "Trains times the longest headway of any line of the scenario: they all go one way, "
            "one behind the other. Wagons, crews, loading and other traffic are left out.", 1),
        add("days_available", "Days there were", days, "days",
            "From the planned start of the first serial of deployment to the last time at which a "
            "unit that deploys is first needed.", 1),
    )  # fmt: skip
