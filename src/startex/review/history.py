"""Who found whom in a played serial, and how well it was known, over its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from startex.foundation.clock import MS_PER_HOUR
from startex.recording.causation import parsed
from startex.review.figures import Figure, FigureBook
from startex.review.record import Float64, Int64, Record, id_list

_TABLES = ("serials", "detections", "tracks", "entities", "units", "orders")
_FOUND_KINDS = ("vehicle", "team", "ship", "aircraft", "target")
"""Kinds of entity that a side can find."""

SIDES = ("training", "opposing")

LISTED = 25
"""Targets listed by serial and side; the store has all."""

_PUT_OUT = ("out_of_action", "target_destroyed")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SensorRow:
    """One sensor of a side: contacts, different targets, first after (ms), ranges (m)."""

    sensor: str
    contacts: int
    targets: int
    first_ms: int
    median_m: float
    greatest_m: float


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target found: by whom first, after (ms), how; None for what never was.

    Times count from the start of the serial; ``held_ms``: how long at least one had it in contact;
    ``lost``: how often the last contact with it was lost; ``out_ms``: when it was out of action.
    """

    target: str
    looker: str
    sensor: str
    found_ms: int
    range_m: float
    classified_ms: int | None
    identified_ms: int | None
    held_ms: int
    lost: int
    out_ms: int | None


@dataclass(frozen=True, slots=True)
class Curves:
    """How many the side had in contact, shape (n,) from ``t`` (h from the start of the serial).

    ``contact`` all, ``classified`` and ``identified`` those of them known so well or better;
    ``found``: how many it had found so far; ``out_h``: when it put somebody out of action.
    """

    t: Float64
    end_h: float
    contact: Int64
    classified: Int64
    identified: Int64
    found: Int64
    out_h: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SideHistory:
    """What one side knew of the other: figures, sensors, targets (the first), curves."""

    side: str
    figures: tuple[Figure, ...]
    sensors: tuple[SensorRow, ...]
    targets: tuple[TargetRow, ...]
    more: int
    curves: Curves


@dataclass(frozen=True, slots=True)
class History:
    """A played serial and what both its sides found."""

    serial: str
    name: str
    sides: tuple[SideHistory, ...]


HEADINGS = ("Could be found", "Found", "Found, %", "Classified", "Identified", "Others found",
            "Lost again", "Contact held, median min")  # fmt: skip
"""Of the figures of a side."""


def histories(record: Record, book: FigureBook) -> tuple[History, ...]:
    """Enter the figures of what sides knew, serial by serial in the order of planned start."""
    contacts = _by_side(record.rows("detections"))
    tracks = _by_side(record.rows("tracks"))
    found = []
    played = [row for row in record.rows("serials") if row["opfor"] and row["start"] is not None]
    for row in sorted(played, key=lambda row: (row["planned_start"], row["serial"])):
        mine = [contacts.get((row["serial"], side), []) for side in (False, True)]
        if not any(mine):
            continue
        parties = _parties(record, row)
        sides = tuple(
            _side(record, book, row, opposing,
                  (mine[opposing], tracks.get((row["serial"], opposing), [])),
                  parties[not opposing])
            for opposing in (False, True)
        )  # fmt: skip
        found.append(History(row["serial"], str(row["name"]), sides))
    return tuple(found)


def _by_side(rows: Sequence[Row]) -> dict[tuple[str, bool], list[Row]]:
    found: dict[tuple[str, bool], list[Row]] = {}
    for row in rows:
        found.setdefault((row["serial"], bool(row["opposing"])), []).append(row)
    return found


def _parties(record: Record, serial: Row) -> tuple[frozenset[int], frozenset[int]]:
    """Return the platforms of the training audience, with support and convoy, and of the others.

    Of flying units only aircraft that fly meanwhile: nobody looks for parked ones and their crews.
    """
    findable = record.kind.isin(_FOUND_KINDS)
    legs = record.run.table("legs")
    t0, t1, mover = (legs.column(name).to_numpy() for name in ("t0", "t1", "entity"))
    end = serial["end"] or record.until_ms
    flies = np.zeros(findable.size, dtype=np.bool_)
    flies[mover[(t0 < end) & (t1 > serial["start"])]] = True
    findable &= flies | ~(record.kind == "aircraft")

    planes, vehicles, teams = (record.kind == word for word in ("aircraft", "vehicle", "team"))

    def rows(units: Sequence[str]) -> set[int]:
        found: set[int] = set()
        for unit in units:
            if unit in record.unit_by_id:
                span = record.unit_rows[record.unit_by_id[unit]]
                mine = slice(span["first"], span["last"])
                counts = findable[mine]
                if planes[mine].any() and not vehicles[mine].any():
                    counts = counts & ~teams[mine]
                found.update((np.flatnonzero(counts) + span["first"]).tolist())
        return found

    enemy = rows(id_list(serial["opfor"]))
    audience = rows((*id_list(serial["units"]), *id_list(serial["support"])))
    return frozenset((audience | convoy_of(record, serial["serial"])) - enemy), frozenset(enemy)


def convoy_of(record: Record, serial: str) -> set[int]:
    """Return the entity rows of the ships that are escorted in a serial."""
    found: set[int] = set()
    for order in record.rows("orders"):
        if order["serial"] == serial and order["kind"] == "keep_station" and order["params"]:
            found.update(parsed(order["params"]).get("convoy") or ())
    return found


def spells(contacts: Sequence[Row], end: int) -> dict[int, list[tuple[int, int]]]:
    """Return when each target was in contact of anybody, as spells (ms) that do not touch."""
    by_target: dict[int, list[tuple[int, int]]] = {}
    for c in sorted(contacts, key=lambda c: (c["t"], c["detection"])):
        lost = end if c["t_lost"] is None else min(c["t_lost"], end)
        mine = by_target.setdefault(c["target"], [])
        if mine and c["t"] <= mine[-1][1]:
            mine[-1] = (mine[-1][0], max(mine[-1][1], lost))
        else:
            mine.append((c["t"], max(lost, c["t"])))
    return by_target


def _side(
    record: Record, book: FigureBook, serial: Row, opposing: bool,
    known: tuple[list[Row], list[Row]], party: frozenset[int],
) -> SideHistory:  # fmt: skip
    contacts, tracks = known
    start, end = serial["start"], serial["end"] or record.until_ms
    held = spells(contacts, end)
    rises = {name: _earliest(tracks, name) for name in ("t_classified", "t_identified")}
    out = {
        s["target"]: s["t"]
        for s in sorted(record.rows("shots"), key=lambda s: -s["t"])
        if s["serial"] == serial["serial"] and s["result"] in _PUT_OUT and s["target"] in held
    }
    names: list[str] = record.entities.column("name").to_pylist()
    first: dict[int, Row] = {}
    for contact in sorted(contacts, key=lambda c: (c["t"], c["detection"])):
        first.setdefault(contact["target"], contact)
    targets = [
        TargetRow(
            short_name(names[row]), short_name(names[c["looker"]]), c["sensor"], c["t"] - start,
            c["range_m"], _since(rises["t_classified"].get(row), start),
            _since(rises["t_identified"].get(row), start), sum(b - a for a, b in held[row]),
            sum(b < end for _, b in held[row]), _since(out.get(row), start),
        )
        for row, c in first.items()
    ]  # fmt: skip
    side = SIDES[opposing]
    return SideHistory(
        side,
        _figures(book, f"play.{serial['serial']}.{side}", f"{serial['name']}, {side} side",
                 (party, held, rises, contacts, end)),
        _sensors(contacts, start),
        tuple(targets[:LISTED]), max(0, len(targets) - LISTED),
        _curves(held, rises, (start, end), sorted(set(out.values()))),
    )  # fmt: skip


def short_name(name: str) -> str:
    """Return the last two parts of the name of a platform, which begins with all its units."""
    return " / ".join(name.split(" / ")[-2:])


def _since(t: int | None, start: int) -> int | None:
    return None if t is None else t - start


def _earliest(tracks: Sequence[Row], name: str) -> dict[int, int]:
    found: dict[int, int] = {}
    for row in tracks:
        if row[name] is not None:
            found[row["target"]] = min(row[name], found.get(row["target"], row[name]))
    return found


def _figures(book: FigureBook, base: str, who: str, known: Any) -> tuple[Figure, ...]:
    party, held, rises, contacts, end = known
    found = held.keys() & party
    lasting = [(min(c["t_lost"] or end, end) - c["t"]) / 60_000 for c in contacts]
    identified = found & rises["t_identified"].keys()
    classified = (found & rises["t_classified"].keys()) | identified

    def add(
        word: str, label: str, value: Any, unit: str, computed: str, decimals: int = 0
    ) -> Figure:
        return book.add(
            f"{base}.{word}", f"{label}: {who}", value, unit, computed, _TABLES, decimals=decimals
        )

    return (
        add("party", "Platforms of the other side", len(party), "",
            "Vehicles, teams, ships, mines and flying aircraft of its units, with support and "
            "convoy; not the ground crews of flying units."),
        add("party_found", "Of them found", len(found), "",
            "Those among them with which the side made contact."),
        add("share", "Share of the other side found",
            100.0 * len(found) / len(party) if party else None,
            "%", "Those found by those there were.", 1),
        add("classified", "Classified", len(classified), "",
            "Those of them of which the side came to know what they are."),
        add("identified", "Identified", len(identified), "",
            "Those of them of which the side came to know which ones they are."),
        add("others", "Others found", len(held.keys() - party), "",
            "Platforms besides that it had in contact: bystanders, and those of other serials."),
        add("lost", "Lost again", sum(b < end for each in held.values() for _, b in each), "",
            "How often the last contact with a target was lost before the end of the serial."),
        add("held_min", "Time a contact was held", median(lasting) if lasting else None, "min",
            "Median over all contacts of the side, to the end of the serial at most.", 1),
    )  # fmt: skip


def _sensors(contacts: Sequence[Row], start: int) -> tuple[SensorRow, ...]:
    by_sensor: dict[str, list[Row]] = {}
    for contact in contacts:
        by_sensor.setdefault(contact["sensor"], []).append(contact)
    rows = [
        SensorRow(
            sensor, len(mine), len({c["target"] for c in mine}), min(c["t"] for c in mine) - start,
            median(c["range_m"] for c in mine), max(c["range_m"] for c in mine),
        )
        for sensor, mine in by_sensor.items()
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.contacts, row.sensor)))


def _curves(
    held: Mapping[int, Sequence[tuple[int, int]]], rises: Mapping[str, Mapping[int, int]],
    span: tuple[int, int], out: Sequence[int],
) -> Curves:  # fmt: skip
    start, end = span
    edges = {start}
    parts: dict[str, list[tuple[int, int]]] = {
        "contact": [], "classified": [], "identified": [], "found": []
    }  # fmt: skip
    identified = rises["t_identified"]
    classified = {
        row: min(t for t in (rises["t_classified"].get(row), identified.get(row)) if t is not None)
        for row in rises["t_classified"].keys() | identified.keys()
    }
    for target, times in held.items():
        parts["found"].append((max(times[0][0], start), end + 1))
        for a, b in times:
            for name, since in (
                ("contact", start),
                ("classified", classified.get(target, end)),
                ("identified", identified.get(target, end)),
            ):
                begin, over = max(a, since, start), min(b, end)
                if over > begin:
                    parts[name].append((begin, over))
    edges.update(t for each in parts.values() for spell in each for t in spell if start <= t < end)
    at = np.array(sorted(edges), dtype=np.int64)
    counts = {}
    for name, each in parts.items():
        begun = np.searchsorted(sorted(a for a, _ in each), at, "right")
        ended = np.searchsorted(sorted(b for _, b in each), at, "right")
        counts[name] = (begun - ended).astype(np.int64)
    hours = MS_PER_HOUR * 1.0
    return Curves(
        (at - start) / hours, (end - start) / hours, counts["contact"], counts["classified"],
        counts["identified"], counts["found"], tuple((one - start) / hours for one in out),
    )  # fmt: skip
