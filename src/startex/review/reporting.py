"""Reporting delays in the review: within and between nations, from detection to action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from startex.review.cooperation import cooperation
from startex.review.figures import Figure, FigureBook
from startex.review.record import Record

_TABLES = ("messages", "detections", "shots", "units", "entities")

_WORDS = {
    "message": "From sending to receipt",
    "report": "From a detection until it was reported to somebody",
    "action": "From a detection until the first salvo at it",
}

_COMPUTED = (
    "Median and 90th percentile of the delays of all serials played, in the order of the values; "
    "intervals of the median by order statistics, 95 %."
)

_MIN_S = 60.0


@dataclass(frozen=True, slots=True)
class DelayRow:
    """Delays of one measure: its words, within one nation or between two, and its figures, min.

    ``nations``: both, for a pair; empty for all.
    """

    words: str
    scope: str
    nations: str
    number: Figure
    missing: Figure
    median: Figure
    lower: Figure
    upper: Figure
    p90: Figure


@dataclass(frozen=True, slots=True)
class Reporting:
    """Rows for all nations together, rows by pair of nations, and how the messages fared."""

    rows: tuple[DelayRow, ...]
    pairs: tuple[DelayRow, ...]
    sent: Figure | None
    refused: Figure | None


def reporting(record: Record, book: FigureBook) -> Reporting:
    """Enter the figures of reporting, where anybody sent a message."""
    nation = {row["unit"]: row["nation"] for row in record.rows("units")}
    messages = [
        row
        for row in record.rows("messages")
        if row["sender"] in nation and row["receiver"] in nation
    ]
    if not messages:
        return Reporting((), (), None, None)
    detections = record.rows("detections")
    found = cooperation(
        _messages(messages, nation),
        {
            "detection": [row["detection"] for row in detections],
            "nation": [nation[row["unit"]] for row in detections],
            "t": [row["t"] for row in detections],
        },
        _actions(record, detections, nation),
    )
    lines = [dict(zip(found, values, strict=True)) for values in zip(*found.values(), strict=True)]
    rows = [_row(book, line) for line in lines if _worth_a_row(line)]
    refused = sum(row["result"] not in ("delivered", "under_way") for row in messages)
    return Reporting(
        tuple(row for row in rows if not row.nations),
        tuple(row for row in rows if row.nations),
        book.add(
            "reporting.messages", "Messages sent", len(messages), "",
            "Rows of messages between units: reports, results and orders of plays.", ("messages",),
        ),
        book.add(
            "reporting.refused", "Messages that could not be sent", refused, "",
            "Rows of messages that no net could carry then; each try counts.", ("messages",),
        ),
    )  # fmt: skip


def _worth_a_row(line: Mapping[str, Any]) -> bool:
    """Tell whether a line is about all nations, or about what one told or did for another."""
    if line["scope"] != "pair":
        return True
    return bool(line["measure"] != "message" and line["from_nation"] != line["to_nation"])


def _messages(rows: list[dict[str, Any]], nation: Mapping[int, str]) -> dict[str, list[Any]]:
    tells = [row["kind"] == "contact_report" for row in rows]
    return {
        "sender_nation": [nation[row["sender"]] for row in rows],
        "receiver_nation": [nation[row["receiver"]] for row in rows],
        "t_sent": [row["t_sent"] for row in rows],
        "t_received": [row["t_received"] for row in rows],
        "about": [row["about"] if tell else None for row, tell in zip(rows, tells, strict=True)],
    }


def _actions(
    record: Record, detections: list[dict[str, Any]], nation: Mapping[int, str]
) -> dict[str, list[Any]]:
    """Return salvos, each about the first detection of its target by the shooter's side."""
    found: dict[str, list[Any]] = {"about": [], "nation": [], "t": []}
    first: dict[tuple[str, bool, int], dict[str, Any]] = {}
    for row in sorted(detections, key=lambda row: (row["t"], row["detection"])):
        first.setdefault((row["serial"], row["opposing"], row["target"]), row)
    enemies = _opposing(record)
    for shot in record.rows("shots"):
        opposing = any(a <= shot["shooter"] < b for a, b in enemies.get(shot["serial"], ()))
        seen = first.get((shot["serial"], opposing, shot["target"]))
        if seen is not None and seen["t"] <= shot["t"]:
            found["about"].append(seen["detection"])
            found["nation"].append(nation[int(record.unit[shot["shooter"]])])
            found["t"].append(shot["t"])
    return found


def _opposing(record: Record) -> dict[str, list[tuple[int, int]]]:
    """Return the rows of the opposing force of each serial, as spans."""
    spans = {row["id"]: (row["first"], row["last"]) for row in record.rows("units")}
    return {
        row["serial"]: [spans[unit] for unit in str(row["opfor"]).split(";")]
        for row in record.rows("serials")
        if row["opfor"]
    }


def _row(book: FigureBook, line: Mapping[str, Any]) -> DelayRow:
    pair = line["scope"] == "pair"
    nations = f"{line['from_nation']} to {line['to_nation']}" if pair else ""
    scope = nations or f"{line['scope']} nations"
    scope = "within a nation" if scope == "within nations" else scope
    scope = "between two nations" if scope == "between nations" else scope
    base = f"reporting.{line['measure']}.{scope.replace(' ', '_')}"
    words = _WORDS[line["measure"]]

    def minutes(name: str, label: str) -> Figure:
        value = line[name]
        return book.add(
            f"{base}.{name.removesuffix('_s')}", f"{words}, {scope}: {label}",
            None if value is None else value / _MIN_S, "min", _COMPUTED, _TABLES, decimals=1,
        )  # fmt: skip

    return DelayRow(
        words, scope, nations,
        book.add(
            f"{base}.number", f"{words}, {scope}: number", line["number"], "", _COMPUTED, _TABLES
        ),
        book.add(
            f"{base}.missing", f"{words}, {scope}: in vain", line["missing"], "",
            "Sent or told of, and not received within the run.", _TABLES,
        ),
        minutes("median_s", "median"), minutes("median_lower_s", "lower bound of the median"),
        minutes("median_upper_s", "upper bound of the median"), minutes("p90_s", "90th percentile"),
    )  # fmt: skip
