"""The guard of areas at sea in the review: figures of every serial that intruders crossed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyproj import Geod

from startex.geography.metric import distance_m
from startex.review.figures import Figure, FigureBook
from startex.review.protection import Protection, crossings, protection
from startex.review.record import Record

_TABLES = ("events", "detections", "serials")
_EXPECTED = ("events", "detections", "serials", "legs", "places")


@dataclass(frozen=True, slots=True)
class GuardRow:
    """One serial: id, name, figures, and why search theory may not hold (empty: it does)."""

    serial: str
    name: str
    figures: tuple[Figure, ...]
    caution: str


def guarded(record: Record, book: FigureBook) -> tuple[GuardRow, ...]:
    """Enter the figures of serials in which ships of the opposing force crossed an area."""
    crossed = {e["serial"] for e in record.rows("events") if e["kind"] == "entered_area"}
    rows = sorted(
        (row for row in record.rows("serials") if row["serial"] in crossed),
        key=lambda row: (row["planned_start"], row["serial"]),
    )
    return tuple(_row(record, book, row) for row in rows)


def _row(record: Record, book: FigureBook, row: Mapping[str, Any]) -> GuardRow:
    found = _measured(record, row)
    base, who = f"play.{row['serial']}", row["name"]
    expected = found.expected
    known = np.isfinite(found.median_min)
    interval = (
        f" 95 % interval {found.lower_min:.0f} to {found.upper_min:.0f} min."
        if np.isfinite(found.lower_min + found.upper_min)
        else " Too few for an interval."
    )
    figures = (
        book.add(
            f"{base}.came", f"Intruders that came: {who}", found.came, "",
            "Events entered_area of the serial.", _TABLES,
        ),
        book.add(
            f"{base}.intruders_found", f"Intruders found: {who}", found.found, "",
            "Those that a guard had in contact before they left.", _TABLES,
        ),
        book.add(
            f"{base}.met", f"Intruders identified: {who}", found.met, "",
            "Events intercepted: a guard within 1 km.", _TABLES,
        ),
        book.add(
            f"{base}.find_min", f"Median time to find an intruder: {who}",
            found.median_min if known else None, "min",
            "From entry to first contact; 0 for who was found before." + interval, _TABLES,
            decimals=1,
        ),
        book.add(
            f"{base}.watched", f"Intruders' time under watch: {who}",
            100.0 * found.watched if np.isfinite(found.watched) else None, "%",
            "Share of their time in the area in which a guard had them in contact.",
            _TABLES,
        ),
        book.add(
            f"{base}.expected", f"Share found that random search leads one to expect: {who}",
            None if expected is None else 100.0 * expected.share, "%",
            "Koopman's random search, with the guards' number and mean speed, and twice the median "
            "distance of finding as sweep width.", _EXPECTED,
        ),
        book.add(
            f"{base}.expected_min", f"Median time to find that random search leads to: {who}",
            None if expected is None else expected.median_min, "min",
            "ln 2 by the rate of random search with the same figures.", _EXPECTED, decimals=1,
        ),
    )  # fmt: skip
    return GuardRow(row["serial"], who, figures, "" if expected is None else expected.caution)


def _measured(record: Record, row: Mapping[str, Any]) -> Protection:
    serial, end = row["serial"], row["end"] or record.end_ms
    events = [e for e in record.rows("events") if e["serial"] == serial]
    begin = row["start"] or row["planned_start"]
    guards = _ships(record, str(row["units"]))
    mine = set(guards)
    seen = [
        d
        for d in record.rows("detections")
        if d["serial"] == serial and not d["opposing"] and d["looker"] in mine
    ]
    came = crossings(events, seen, end)
    return protection(
        came,
        guards=len(guards),
        guard_m_s=_mean_speed(record, guards, begin, end),
        intruder_m_s=_mean_speed(record, [one.target for one in came], begin, end),
        area_m2=_area_m2(record, str(row["place"])),
    )


def _ships(record: Record, units: str) -> list[int]:
    wanted = set(units.split(";"))
    spans = [(u["first"], u["last"]) for u in record.rows("units") if u["id"] in wanted]
    return [
        e["entity"]
        for e in record.rows("entities")
        if e["kind"] == "ship" and any(first <= e["entity"] < last for first, last in spans)
    ]


def _mean_speed(record: Record, rows: list[int], begin: int, end: int) -> float:
    """Return the mean speed of platforms while they move, m/s; 0 where none does."""
    if not rows:
        return 0.0
    legs = record.run.table("legs").select(["entity", "t0", "t1", "lat0", "lon0", "lat1", "lon1"])
    columns = {name: legs.column(name).to_numpy() for name in legs.column_names}
    mine = np.isin(columns["entity"], rows) & (columns["t1"] > begin) & (columns["t0"] < end)
    part = {name: values[mine] for name, values in columns.items()}
    way = distance_m(part["lat0"], part["lon0"], part["lat1"], part["lon1"])
    moves = way > 0.0
    time_s = float((part["t1"] - part["t0"])[moves].sum()) / 1000.0
    return round(float(way[moves].sum()) / time_s, 3) if time_s else 0.0


def _area_m2(record: Record, name: str) -> float:
    place = next(row for row in record.rows("places") if row["place"] == name)
    if place["polygon"]:
        ring = np.array(json.loads(place["polygon"])["coordinates"][0])
        return round(abs(Geod(ellps="WGS84").polygon_area_perimeter(ring[:, 0], ring[:, 1])[0]))
    return round(float(np.pi * place["radius_m"] ** 2))
