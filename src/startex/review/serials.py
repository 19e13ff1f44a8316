"""The timeline: serials as planned and as they went, and the tasks that were announced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from startex.foundation.clock import MS_PER_MINUTE
from startex.review.figures import Figure, FigureBook
from startex.review.record import Record, id_list

PHASES = ("deployment", "planning", "implementation", "withdrawal")

CLASSES: dict[str, str] = {
    "held": "held",
    "completed": "held",
    "ended": "held",
    "held_late": "late",
    "partly_held": "partly",
    "not_held": "not_held",
    "refused": "not_held",
    "called_off": "not_held",
    "cancelled": "not_held",
    "superseded": "held",
    "running": "open",
    "waiting": "open",
    "planned": "open",
}
"""What an outcome amounts to."""

CLASS_WORDS = {
    "held": "held as planned",
    "late": "held late",
    "partly": "held in part",
    "not_held": "not held",
    "open": "still open at the end of the run",
}


@dataclass(frozen=True, slots=True)
class SerialRow:
    """A serial: times in ms, None where it never came to that."""

    serial: str
    name: str
    task: str
    place: str
    place_name: str
    phase: str
    objective: str
    units: tuple[str, ...]
    planned_start: int
    planned_end: int
    start: int | None
    end: int | None
    outcome: str
    grade: str
    reason: str
    claims: tuple[str, ...]
    assumed: str
    delay: Figure

    @property
    def overrun_min(self) -> float:
        """How much later than planned it ended, minutes; 0 where it never ended."""
        return 0.0 if self.end is None else (self.end - self.planned_end) / MS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Objective:
    """What was to be trained or shown, and the serials that served it."""

    text: str
    claims: tuple[str, ...]
    serials: tuple[SerialRow, ...]
    planned: Figure
    held: Figure


@dataclass(frozen=True, slots=True)
class Timeline:
    """All serials, in the order of planned start, and the objectives they served."""

    rows: tuple[SerialRow, ...]
    outcomes: tuple[Figure, ...]
    objectives: tuple[Objective, ...]


def timeline(record: Record, book: FigureBook) -> Timeline:
    """Enter the figures of the serials and return them."""
    found = sorted(record.rows("serials"), key=lambda s: (s["planned_start"], s["serial"]))
    book.add(
        "serials.planned", "Serials planned", len(found), "serials",
        "Rows of 'serials'.", ("serials",),
    )  # fmt: skip
    outcomes = []
    for grade, meaning in CLASS_WORDS.items():
        count = sum(_grade(s["outcome"]) == grade for s in found)
        outcomes.append(
            book.add(
                f"serials.{grade}", f"Serials {meaning}", count, "serials",
                f"Serials with outcome {' or '.join(w for w, g in CLASSES.items() if g == grade)}.",
                ("serials",),
            )
        )  # fmt: skip
    rows = tuple(_row(record, book, serial) for serial in found)
    delays = [float(r.delay.value) for r in rows if isinstance(r.delay.value, int | float)]
    book.add(
        "serials.longest_delay", "Longest delay of a start",
        max(delays, default=0.0) / 60.0, "h",
        "Greatest difference between actual and planned start.", ("serials",), decimals=1,
    )  # fmt: skip
    return Timeline(rows, tuple(outcomes), _objectives(book, rows))


def _grade(outcome: str) -> str:
    return CLASSES.get(outcome, "open")


def _row(record: Record, book: FigureBook, serial: dict[str, Any]) -> SerialRow:
    start, planned = serial["start"], serial["planned_start"]
    units = tuple(
        str(record.unit_rows[record.unit_by_id[unit]]["name"])
        if unit in record.unit_by_id
        else unit
        for unit in id_list(serial["units"])
    )
    claims = id_list(serial["claim"])
    delay = book.add(
        f"serials.{serial['serial']}.delay_min",
        f"Delay of {serial['name']}",
        None if start is None else (start - planned) / MS_PER_MINUTE,
        "min",
        "Actual start less planned start; none where the serial never started.",
        ("serials",),
        claims=claims,
        assumed=serial["assumed"] or "",
    )
    return SerialRow(
        serial=serial["serial"],
        name=serial["name"],
        task=serial["task"],
        place=serial["place"] or "",
        place_name=record.place_name(serial["place"]),
        phase=serial["phase"],
        objective=serial["objective"] or "",
        units=units,
        planned_start=planned,
        planned_end=serial["planned_end"],
        start=start,
        end=serial["end"],
        outcome=serial["outcome"],
        grade=_grade(serial["outcome"]),
        reason=serial["reason"] or "",
        claims=claims,
        assumed=serial["assumed"] or "",
        delay=delay,
    )


def _objectives(book: FigureBook, rows: tuple[SerialRow, ...]) -> tuple[Objective, ...]:
    groups: dict[str, list[SerialRow]] = {}
    for row in rows:
        if row.objective:
            groups.setdefault(row.objective, []).append(row)
    result = []
    for number, (text, serials) in enumerate(groups.items(), start=1):
        claims = tuple(dict.fromkeys(claim for row in serials for claim in row.claims))
        planned = book.add(
            f"objectives.{number}.planned", f"Serials planned for: {text}", len(serials), "serials",
            "Serials with this objective.", ("serials",), claims=claims,
        )  # fmt: skip
        held = book.add(
            f"objectives.{number}.held", f"Serials held for: {text}",
            sum(row.grade in ("held", "late") for row in serials), "serials",
            "Serials with this objective that were held in full, on time or late.", ("serials",),
            claims=claims,
        )  # fmt: skip
        result.append(Objective(text, claims, tuple(serials), planned, held))
    return tuple(result)
