"""The play in the review: who found whom, who fired, who was out of action; what was used up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from startex.review.cover import CoverRow, covers
from startex.review.figures import Figure, FigureBook
from startex.review.guarded import GuardRow, guarded
from startex.review.record import Record

_TABLES = ("serials", "detections")
_FIRE = ("serials", "shots", "entities")
SHOWN = {"ml": (1e-6, "m³", 0), "g": (1e-6, "t", 0), "rounds": (1.0, "", 0)}
"""Factor, unit and decimals in which amounts of a measure are shown."""

_PUT_OUT = ("out_of_action", "target_destroyed")

_ORDER = ("ml", "g", "rounds")


@dataclass(frozen=True, slots=True)
class PlayRow:
    """One two-sided serial: id, name, and its figures for the two sides."""

    serial: str
    name: str
    found: tuple[Figure, Figure]
    first_min: tuple[Figure, Figure]
    contact_h: tuple[Figure, Figure]
    shots: tuple[Figure, Figure]
    out: tuple[Figure, Figure]


@dataclass(frozen=True, slots=True)
class Play:
    """Rows of the two-sided serials, what was used up by item, mishaps by kind, areas guarded."""

    rows: tuple[PlayRow, ...]
    used: tuple[Figure, ...]
    short: Figure | None
    mishaps: tuple[Figure, ...]
    guards: tuple[GuardRow, ...] = ()
    covers: tuple[CoverRow, ...] = ()


Contacts = dict[tuple[str, bool], list[dict[str, Any]]]
"""Detections by serial and side."""

SIDES = ("training", "opposing")


def play(record: Record, book: FigureBook) -> Play:
    """Enter the figures of the play and of supply."""
    played = {row["serial"]: row for row in record.rows("serials") if row["opfor"]}
    contacts: Contacts = {}
    for contact in record.rows("detections"):
        contacts.setdefault((contact["serial"], contact["opposing"]), []).append(contact)
    rows = tuple(
        _row(record, book, serial, row, contacts)
        for serial, row in sorted(played.items(), key=lambda item: item[1]["planned_start"])
        if (serial, False) in contacts or (serial, True) in contacts
    )
    return Play(
        rows,
        _used(record, book),
        _short(record, book),
        _mishaps(record, book),
        guarded(record, book),
        covers(record, book),
    )


def _row(
    record: Record,
    book: FigureBook,
    serial: str,
    row: Mapping[str, Any],
    contacts: Contacts,
) -> PlayRow:
    columns: dict[str, list[Figure]] = {
        name: [] for name in ("found", "first_min", "contact_h", "shots", "out")
    }
    fired = _fired(record, row)
    end: int = row["end"] or record.end_ms
    for side, opposing in zip(SIDES, (False, True), strict=True):
        mine = contacts.get((serial, opposing), [])
        base = f"play.{serial}.{side}"
        who = f"{row['name']}, {side} side"
        columns["found"].append(
            book.add(
                f"{base}.found", f"Platforms found: {who}", len({c["target"] for c in mine}), "",
                "Different targets among the contacts of the side.", _TABLES,
            )
        )  # fmt: skip
        first = min((c["t"] for c in mine), default=None)
        columns["first_min"].append(
            book.add(
                f"{base}.first_min", f"First contact: {who}",
                None if first is None or row["start"] is None else (first - row["start"]) / 60_000,
                "min", "From the start of the serial to the first contact of the side.", _TABLES,
                decimals=1,
            )
        )  # fmt: skip
        lasting = sum(min(c["t_lost"] or end, end) - c["t"] for c in mine) / 3_600_000
        columns["contact_h"].append(
            book.add(
                f"{base}.contact_h", f"Contact: {who}", lasting, "h",
                "All contacts of the side's units together, each while it lasts.", _TABLES,
                decimals=1,
            )
        )  # fmt: skip
        shots, out = fired[opposing]
        columns["shots"].append(
            book.add(
                f"{base}.shots", f"Salvos: {who}", shots, "",
                "Rows of shots whose shooter has the side, at each other; notional.", _FIRE,
            )
        )  # fmt: skip
        columns["out"].append(
            book.add(
                f"{base}.out", f"Put out of action by it: {who}", out, "",
                "Targets of those shots out of action by them until reset; mines destroyed.", _FIRE,
            )
        )  # fmt: skip
    pairs = {name: (two[0], two[1]) for name, two in columns.items()}
    return PlayRow(serial, str(row["name"]), **pairs)


def _fired(record: Record, serial: Mapping[str, Any]) -> dict[bool, tuple[int, int]]:
    """Return salvos, and targets put out of action, of both sides of a serial."""
    enemy = set(str(serial["opfor"]).split(";"))
    spans = [(u["first"], u["last"]) for u in record.rows("units") if u["id"] in enemy]
    counts = {False: [0, 0], True: [0, 0]}
    on_range = record.kind == "target"

    def theirs(row: int) -> bool:
        return any(first <= row < last for first, last in spans)

    for shot in record.rows("shots"):
        if shot["serial"] != serial["serial"]:
            continue
        if not on_range[shot["target"]] or theirs(shot["target"]):  # mines are of the other side
            opposing = theirs(shot["shooter"])
            counts[opposing][0] += 1
            counts[opposing][1] += shot["result"] in _PUT_OUT
    return {side: (number[0], number[1]) for side, number in counts.items()}


def _used(record: Record, book: FigureBook) -> tuple[Figure, ...]:
    table = record.run.table("supply")
    if not len(table):
        return ()
    sums = (
        table.select(["item", "measure", "consumed"])
        .group_by(["item", "measure"])
        .aggregate([("consumed", "sum")])
        .to_pylist()
    )
    found = []
    for row in sorted(sums, key=lambda row: (_ORDER.index(row["measure"]), row["item"])):
        factor, unit, decimals = SHOWN[row["measure"]]
        if row["consumed_sum"]:
            found.append(
                book.add(
                    f"supply.{row['item']}.used",
                    f"{str(row['item']).replace('_', ' ').capitalize()} used",
                    row["consumed_sum"] * factor, unit,
                    "Sum of what all units used, from the accounts of supply.", ("supply",),
                    decimals=decimals,
                )
            )  # fmt: skip
    return tuple(found)


def _short(record: Record, book: FigureBook) -> Figure | None:
    if not len(record.run.table("supply")):
        return None
    rows = record.run.table("shortages")
    return book.add(
        "supply.shortages", "Units short of something",
        len(pc.unique(rows.column("unit"))), "units",
        "Different units in the table of shortages.", ("shortages",),
    )  # fmt: skip


def _mishaps(record: Record, book: FigureBook) -> tuple[Figure, ...]:
    counts = record.run.table("mishaps").column("kind").value_counts().to_pylist()
    return tuple(
        book.add(
            f"mishaps.{row['values']}", f"{str(row['values']).replace('_', ' ').capitalize()}",
            row["counts"], "", "Rows of that kind in the table of mishaps; of the real kind, drawn "
            "at published rates.", ("mishaps",),
        )
        for row in sorted(counts, key=lambda row: row["values"])
    )  # fmt: skip
