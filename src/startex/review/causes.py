"""What went wrong and why: every delay and refusal with the chain of causes followed back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from startex.recording.causation import TROUBLE
from startex.review.figures import Figure, FigureBook
from startex.review.record import Record
from startex.review.serials import SerialRow, Timeline
from startex.review.words import plain

_LONGEST_CHAIN = 12


@dataclass(frozen=True, slots=True)
class Link:
    """One event of a chain."""

    event: int
    t: int
    kind: str
    text: str
    serial: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A serial that did not go as planned; ``chain`` runs from the latest event to the first.

    ``overrun``: the order that ended last, where no event tells of any trouble.
    """

    row: SerialRow
    chain: tuple[Link, ...]
    refused: tuple[str, ...]
    overrun: str = ""


@dataclass(frozen=True, slots=True)
class RootCause:
    """An event at the beginning of chains, and the serials it troubled."""

    link: Link
    serials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Troubles:
    """Everything that went wrong."""

    serials: tuple[Trouble, ...]
    roots: tuple[RootCause, ...]
    kinds: tuple[Figure, ...]
    orders: tuple[Figure, ...]


def troubles(record: Record, book: FigureBook, timeline: Timeline) -> Troubles:
    """Enter the figures of what went wrong and return it."""
    events = _events(record)
    of_serial: dict[str, list[int]] = {}
    for number, row in sorted(events.items()):
        if row["kind"] in TROUBLE and row["serial"]:
            of_serial.setdefault(row["serial"], []).append(number)
    names = {row.serial: row.name for row in timeline.rows}
    found = []
    for serial in timeline.rows:
        mine = of_serial.get(serial.serial, [])
        late = isinstance(serial.delay.value, int | float) and serial.delay.value > 15
        if serial.grade in ("late", "partly", "not_held") or mine or late:
            start = _last(events, mine)
            found.append(
                Trouble(
                    serial,
                    _chain(events, start, names) if start is not None else (),
                    _refusals(record, serial.serial),
                    "" if mine else _overrun(record, serial.serial),
                )
            )
    roots: dict[int, list[str]] = {}
    links: dict[int, Link] = {}
    for trouble in found:
        if len(trouble.chain) > 1:
            root = trouble.chain[-1]
            links[root.event] = root
            roots.setdefault(root.event, []).append(trouble.row.serial)
            if root.serial == trouble.row.serial:
                links[root.event] = replace(root, text=f"{trouble.row.name}: {root.text}")
    ranked = sorted(roots, key=lambda event: (-len(roots[event]), event))
    counts = record.count_words("events.kind")
    kinds = tuple(
        book.add(
            f"events.{kind}", f"Events: {kind.replace('_', ' ')}", counts[kind], "events",
            f"Rows of 'events' of kind {kind}.", ("events",),
        )
        for kind in TROUBLE
        if kind in counts
    )  # fmt: skip
    outcomes = record.count_words("orders.outcome")
    orders = tuple(
        book.add(
            f"orders.{outcome}", f"Orders {outcome.replace('_', ' ')}", count, "orders",
            f"Rows of 'orders' with outcome {outcome}.", ("orders",),
        )
        for outcome, count in sorted(outcomes.items())
    )  # fmt: skip
    book.add(
        "troubles.serials", "Serials that did not go as planned", len(found), "serials",
        "Serials held late, in part or not at all, or with an event that tells of a delay or a "
        "refusal.", ("serials", "events"),
    )  # fmt: skip
    return Troubles(
        tuple(found),
        tuple(RootCause(links[event], tuple(roots[event])) for event in ranked),
        kinds,
        orders,
    )


def _events(record: Record) -> dict[int, dict[str, Any]]:
    table = record.run.table("events").select(["event", "t", "kind", "serial", "text", "cause"])
    return {row["event"]: row for row in table.to_pylist()}


def _last(events: dict[int, dict[str, Any]], mine: list[int]) -> int | None:
    """Return the event that tells most: the last that has a cause, else the last."""
    caused = [number for number in mine if events[number]["cause"] in events]
    ranked = caused or mine
    return max(ranked, key=lambda number: (events[number]["t"], number)) if ranked else None


def _chain(
    events: dict[int, dict[str, Any]], number: int, names: dict[str, str]
) -> tuple[Link, ...]:
    links: list[Link] = []
    seen: set[int] = set()
    at: int | None = number
    own = events[number]["serial"]
    while at is not None and at in events and at not in seen and len(links) < _LONGEST_CHAIN:
        row = events[at]
        seen.add(at)
        text = row["text"]
        if row["serial"] == own:  # whose name stands above the chain
            text = text.removeprefix(f"{names.get(own, own)}: ")
        links.append(Link(at, row["t"], row["kind"], text, row["serial"] or ""))
        at = row["cause"]
    # that a serial had started is no reason why something in it went wrong
    while (
        len(links) > 1
        and links[-1].kind == "serial_started"
        and (links[-1].serial == links[-2].serial)
    ):
        links.pop()
    return tuple(links)


def _overrun(record: Record, serial: str) -> str:
    steps = record.run.causes.serial_chain(serial)
    return next((step.text for step in steps if step.what == "orders"), "")


def _refusals(record: Record, serial: str) -> tuple[str, ...]:
    """Return the reasons for which orders of a serial were refused, each with how often."""
    reasons: dict[str, int] = {}
    for order in record.rows("orders"):
        if order["serial"] == serial and order["outcome"] in ("refused", "cancelled"):
            text = f"{plain(order['kind'])}: {order['reason'] or 'no reason recorded'}"
            reasons[text] = reasons.get(text, 0) + 1
    return tuple(
        text + (f" ({count} orders)" if count > 1 else "") for text, count in reasons.items()
    )
