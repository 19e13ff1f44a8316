"""Movement by mode: persons, vehicle-kilometres, trains, sorties, nautical miles, jumps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from startex.review import distances
from startex.review.figures import Figure, FigureBook
from startex.review.record import Bool, Float64, Record

METRES_PER_NAUTICAL_MILE = 1852.0

RUN_BREAK_MS = 2 * 3_600_000
"""A train that stands longer than this ends its run."""

MODE_WORDS = {
    "road": "by road",
    "cross_country": "across country",
    "foot": "on foot",
    "rail": "by rail",
    "sea": "by sea",
    "air": "by air",
    "parachute": "by parachute",
    "raft": "by raft or bridge",
    "landing": "from ship to shore",
}
"""Modes in the order of the review, as the review writes them. A leg of mode ``hold`` is none."""


@dataclass(frozen=True, slots=True)
class ModeRow:
    """One mode: persons and ground vehicles that went by it, and how far."""

    mode: str
    label: str
    persons: Figure
    person_km: Figure
    own_vehicles: Figure
    own_vehicle_km: Figure
    carried_vehicles: Figure
    carried_vehicle_km: Figure


@dataclass(frozen=True, slots=True)
class DaySeries:
    """A figure a day of one mode, in its natural unit."""

    mode: str
    label: str
    unit: str
    figures: tuple[Figure, ...]

    @property
    def values(self) -> Float64:
        """The values, shape (days,)."""
        return np.array([float(figure.value or 0) for figure in self.figures])


@dataclass(frozen=True, slots=True)
class Movement:
    """The movements of a run."""

    modes: tuple[ModeRow, ...]
    days: tuple[DaySeries, ...]


def movement(record: Record, book: FigureBook, moved: distances.Moves) -> Movement:
    """Enter the figures of movement and return them."""
    passengers = record.counted & record.kind.isin(("person", "vehicle"))
    ridden = distances.rides(record, passengers, moved)
    carried = distances.carried_by_mode(record, moved, ridden)
    rows = [
        _mode_row(record, book, mode, moved, carried.get(mode))
        for mode in MODE_WORDS
        if mode in moved.mode.word
    ]
    _trains_and_sorties(record, book, moved)
    return Movement(tuple(rows), _day_series(record, book, moved))


def _mode_row(
    record: Record,
    book: FigureBook,
    mode: str,
    moved: distances.Moves,
    carried: distances.Carried | None,
) -> ModeRow:
    label = MODE_WORDS[mode]
    own = (record.counted & (record.kind == "vehicle"))[moved.entity] & (moved.mode == mode)
    tables = ("legs", "carriers", "entities")
    if carried is None:
        carried = distances.Carried(np.empty(0, np.int64), np.empty(0))
    person = (record.kind == "person")[carried.entity]

    def add(key: str, text: str, value: float, unit: str, how: str) -> Figure:
        return book.add(f"movement.{mode}.{key}", text, value, unit, how, tables)

    chain = "Whatever is carried goes as far as its carrier does meanwhile, along whole chains "
    chain += "(person, team, vehicle, train). Lengths are WGS-84 geodesics along the ground."
    return ModeRow(
        mode=mode,
        label=label,
        persons=add(
            "persons", f"Persons moved {label}", np.unique(carried.entity[person]).size,
            "persons", "Counted persons carried any distance by this mode, each once. " + chain,
        ),
        person_km=add(
            "person_km", f"Person-kilometres {label}", carried.metres[person].sum() / 1e3,
            "person-km", "Sum over counted persons of the distance they went. " + chain,
        ),
        own_vehicles=add(
            "vehicles", f"Ground vehicles that moved {label} themselves",
            np.unique(moved.entity[own]).size, "ground vehicles",
            "Counted ground vehicles with legs of this mode, each once.",
        ),
        own_vehicle_km=add(
            "vehicle_km", f"Vehicle-kilometres {label} under own power",
            moved.length_m[own].sum() / 1e3, "vehicle-km",
            "Sum of the lengths of those legs (WGS-84 geodesics along the ground).",
        ),
        carried_vehicles=add(
            "vehicles_carried", f"Ground vehicles carried {label}",
            np.unique(carried.entity[~person]).size, "ground vehicles",
            "Counted ground vehicles aboard something that moved by this mode, each once. " + chain,
        ),
        carried_vehicle_km=add(
            "vehicle_km_carried", f"Vehicle-kilometres {label}, carried",
            carried.metres[~person].sum() / 1e3, "vehicle-km",
            "Sum over counted ground vehicles of the distance they were carried. " + chain,
        ),
    )  # fmt: skip


def groups(moved: distances.Moves, use: Bool, longest_gap_ms: int) -> tuple[int, Float64]:
    """Return how many unbroken series the legs in ``use`` form, and the start (ms) of each.

    A series ends where the entity changes or nothing is recorded for more than the gap.
    """
    row = np.flatnonzero(use)
    if not row.size:
        return 0, np.empty(0)
    entity, t0, t1 = moved.entity[row], moved.t0[row], moved.t1[row]
    new = np.ones(row.size, dtype=bool)
    new[1:] = (entity[1:] != entity[:-1]) | (t0[1:] - t1[:-1] > longest_gap_ms)
    return int(new.sum()), t0[new].astype(np.float64)


def _trains_and_sorties(record: Record, book: FigureBook, moved: distances.Moves) -> None:
    kind = {name: (record.kind == name)[moved.entity] for name in ("train", "aircraft", "ship")}
    counted = record.counted[moved.entity]
    rail = kind["train"] & (moved.mode == "rail")
    air = kind["aircraft"] & (moved.mode == "air") & counted
    sea = kind["ship"] & (moved.mode == "sea") & counted
    book.add(
        "movement.trains", "Train runs", groups(moved, rail, RUN_BREAK_MS)[0], "train runs",
        "Unbroken series of rail legs of a train; it may stand up to "
        f"{RUN_BREAK_MS // 3_600_000} h on the way.", ("legs", "entities"),
    )  # fmt: skip
    book.add(
        "movement.train_km", "Train-kilometres", moved.length_m[rail].sum() / 1e3, "train-km",
        "Sum of the lengths of rail legs of trains.", ("legs", "entities"),
    )  # fmt: skip
    book.add(
        "movement.sorties", "Sorties", groups(moved, air, 0)[0], "sorties",
        "Flights from take-off to landing: unbroken series of air legs of counted aircraft.",
        ("legs", "entities"),
    )  # fmt: skip
    book.add(
        "movement.flying_hours", "Flying hours",
        ((moved.t1 - moved.t0)[air]).sum() / 3_600_000.0, "h",
        "Sum of the times of those legs.", ("legs", "entities"),
    )  # fmt: skip
    book.add(
        "movement.nautical_miles", "Nautical miles sailed",
        moved.length_m[sea].sum() / METRES_PER_NAUTICAL_MILE, "NM",
        "Sum of the lengths of sea legs of counted ships, 1 NM = 1,852 m.", ("legs", "entities"),
    )  # fmt: skip
    rows = record.lookup.carriers
    jumper = (record.kind == "person")[rows.entity] & record.counted[rows.entity]
    jump = jumper & (record.kind == "parachute")[record.lookup.carrier]
    book.add(
        "movement.jumps", "Parachute jumps", int(jump.sum()), "jumps",
        "Rows of 'carriers' in which a counted person hangs at a parachute.",
        ("carriers", "entities"),
    )  # fmt: skip


def _day_series(record: Record, book: FigureBook, moved: distances.Moves) -> tuple[DaySeries, ...]:
    counted = record.counted[moved.entity]
    kind = {
        name: (record.kind == name)[moved.entity]
        for name in ("vehicle", "aircraft", "ship", "train", "team", "parachute")
    }
    own = kind["vehicle"] & counted
    off_road = own & (moved.mode == "cross_country")
    plans: list[tuple[str, str, str, Bool, float]] = [
        ("road", "Road", "vehicle-km", own & (moved.mode == "road"), 1e3),
        ("cross_country", "Across country", "vehicle-km", off_road, 1e3),
        ("rail", "Rail", "train-km", kind["train"] & (moved.mode == "rail"), 1e3),
        ("sea", "Sea", "NM", kind["ship"] & counted & (moved.mode == "sea"),
         METRES_PER_NAUTICAL_MILE),
        ("foot", "On foot", "team-km", kind["team"] & (moved.mode == "foot"), 1e3),
    ]  # fmt: skip
    result = []
    for mode, label, unit, use, size in plans:
        if use.any():
            values = distances.metres_by_day(record, moved, use) / size
            result.append(_series(book, mode, label, unit, values))
    air = kind["aircraft"] & counted & (moved.mode == "air")
    if air.any():
        values = distances.hours_by_day(record, moved, air)
        result.append(_series(book, "air", "Air", "flying hours", values))
    rows = record.lookup.carriers
    jump = (record.kind == "person")[rows.entity] & record.counted[rows.entity]
    jump &= (record.kind == "parachute")[record.lookup.carrier]
    if jump.any():
        day = np.searchsorted(np.array(record.days), rows.t0[jump], side="right") - 1
        values = np.bincount(np.maximum(day, 0), minlength=len(record.days)).astype(np.float64)
        result.append(_series(book, "parachute", "Parachute", "jumps", values))
    return tuple(result)


def _series(book: FigureBook, mode: str, label: str, unit: str, values: Float64) -> DaySeries:
    figures = tuple(
        book.add(
            f"movement.{mode}.day_{number}",
            f"{label}, {unit}, day {number}",
            value,
            unit,
            "Share of every leg that falls on the local day, summed.",
            ("legs", "entities"),
        )
        for number, value in enumerate(values, start=1)
    )
    return DaySeries(mode, label, unit, figures)
