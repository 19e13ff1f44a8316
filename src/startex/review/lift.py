"""Lift: how many persons and vehicles the ships and aircraft of each nation carry at once, how far.

Ships with a vehicle deck carry vehicles in one row a lane; aircraft that carry cargo carry persons.
The vehicle that is counted by is the mean one of the counted force.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from startex.review.figures import Figure, FigureBook
from startex.review.record import Record

GAP_M = 0.5
"""Assumed distance between vehicles on a deck (m), beside their length."""


@dataclass(frozen=True, slots=True)
class LiftRow:
    """What ships, or aircraft, of one nation or of all carry at once."""

    key: str
    label: str
    platforms: Figure
    persons: Figure
    vehicles: Figure | None
    range_km: Figure
    range_most_km: Figure


@dataclass(frozen=True, slots=True)
class Lift:
    """All rows: first all nations together, then each."""

    rows: tuple[LiftRow, ...]


def lift(record: Record, book: FigureBook) -> Lift:
    """Enter the figures of lift and return them; empty where nothing can carry others."""
    catalogue = {row["type"]: row for row in record.rows("catalogue")}
    types = record.entities.column("type").to_numpy(zero_copy_only=False).astype(str)
    rows: list[LiftRow] = []
    for way, kind, figure in (("sea", "ship", "vehicle_deck_m"), ("air", "aircraft", "cargo_kg")):
        able = (record.kind == kind) & record.counted
        able &= np.isin(types, [name for name, row in catalogue.items() if (row[figure] or 0) > 0])
        if not able.any():
            continue
        mean = _mean_length(record, catalogue, types)
        groups = [("", able)]
        names = sorted(name for name in record.nation.word if name)
        each = [(name, able & (record.nation == name)) for name in names]
        each = [(name, use) for name, use in each if use.any()]
        groups += each if len(each) > 1 else []
        for nation, use in groups:
            own = [catalogue[name] for name in types[use]]
            rows.append(_row(book, way, nation, own, mean))
    return Lift(tuple(rows))


def _mean_length(record: Record, catalogue: dict[str, dict[str, Any]], types: Any) -> float:
    counted = types[(record.kind == "vehicle") & record.counted]
    lengths = [catalogue[name]["length_m"] for name in counted if name in catalogue]
    known = [length for length in lengths if length]
    return float(np.mean(known)) if known else 0.0


def _row(
    book: FigureBook, way: str, nation: str, own: list[dict[str, Any]], mean_m: float
) -> LiftRow:
    word = {"sea": "ships with a vehicle deck", "air": "transport aircraft"}[way]
    label = f"{nation or 'All nations'}: {word}"
    key = f"lift.{way}.{nation}" if nation else f"lift.{way}"
    tables = ("entities", "catalogue")
    ranges = [row["range_m"] for row in own if row["range_m"]]

    def add(name: str, what: str, value: float | None, unit: str, how: str) -> Figure:
        return book.add(f"{key}.{name}", f"{label}, {what}", value, unit, how, tables)

    deck = [int((row["vehicle_deck_m"] or 0.0) // (mean_m + GAP_M)) if mean_m else 0 for row in own]
    return LiftRow(
        key, label,
        add("platforms", "how many", len(own), "",
            "Counted platforms whose type has a vehicle deck or carries cargo."),
        add("persons", "persons at once", sum(row["seats"] or 0.0 for row in own), "persons",
            "Sum of their seats or berths for persons carried, crews apart."),
        add("vehicles", "vehicles at once", sum(deck), "vehicles",
            f"Sum over ships of how often the mean counted vehicle ({mean_m:.1f} m and {GAP_M} m "
            "between two) goes into the length of its deck; weight is left out.")
        if way == "sea" else None,
        add("range_km", "least range", min(ranges) / 1e3 if ranges else None, "km",
            "Least range of these types in the catalogue; there and back at half of it."),
        add("range_most_km", "greatest range", max(ranges) / 1e3 if ranges else None, "km",
            "Greatest range of these types in the catalogue; there and back at half of it."),
    )  # fmt: skip
