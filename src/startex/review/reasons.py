"""The outcomes of played serials, each with what led to it."""

from __future__ import annotations

from dataclasses import dataclass

from startex.recording.causation import TROUBLE
from startex.recording.explaining import Step
from startex.review.figures import Figure, FigureBook
from startex.review.record import Record

LISTED = 12
"""Outcomes told by serial; ``startex why`` tells all."""

_OF_THE_PLAN = ("serials", "claims")


@dataclass(frozen=True, slots=True)
class Reason:
    """An outcome: its event, and the steps that led to it, the outcome first."""

    event: int
    t: int
    text: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """The outcomes of a serial: the first, how many there are, and the serial as planned."""

    serial: str
    number: Figure
    outcomes: tuple[Reason, ...]
    plan: tuple[Step, ...]


def reasons(record: Record, book: FigureBook) -> dict[str, Reasons]:
    """Enter how many outcomes each played serial had, and return them by serial.

    Late and refused serials are told with what went wrong (`causes.troubles`).
    """
    played = {row["serial"]: row["name"] for row in record.rows("serials") if row["opfor"]}
    if not played:
        return {}
    causes = record.run.causes
    by_serial: dict[str, list[int]] = {}
    for outcome in causes.outcomes():
        if outcome.serial in played and outcome.kind not in TROUBLE:
            by_serial.setdefault(outcome.serial, []).append(outcome.event)
    found = {}
    for serial, events in by_serial.items():
        told = []
        for event in events[:LISTED]:
            steps = tuple(s for s in causes.chain(event) if s.what not in _OF_THE_PLAN)
            told.append(Reason(event, causes.events[event]["t"], steps[0].text, steps))
        found[serial] = Reasons(
            serial,
            book.add(
                f"play.{serial}.outcomes", f"Outcomes: {played[serial]}", len(events), "",
                "Events out_of_action, intercepted and turned_home of the serial.", ("events",),
            ),
            tuple(told),
            tuple(causes.plan(serial)),
        )  # fmt: skip
    return found
