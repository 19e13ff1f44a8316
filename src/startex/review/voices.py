"""Who repeats whom, and what would tell hypotheses apart, as the store tells."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from startex.review.figures import Figure, FigureBook
from startex.review.record import Record, id_list
from startex.sources.claims import natural_key
from startex.sources.voices import Repeats, Voice, repeats


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator; ``likelihoods`` and ``reasons`` in the order of the hypotheses' ids."""

    id: str
    observe: str
    spread: int
    status: str
    date: str
    claims: tuple[str, ...]
    note: str
    speaks_for: tuple[str, ...]
    likelihoods: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicators:
    """Indicators of a question, the most telling first; how many, and how many were reported on."""

    all: tuple[Indicator, ...]
    count: Figure
    reported: Figure


def indicators(record: Record, book: FigureBook, question: str) -> Indicators | None:
    """Enter the figures of the indicators of a question and return them; None where none are."""
    rows = [row for row in record.rows("indicators") if row["question"] == question]
    if not rows:
        return None
    rows.sort(key=lambda row: (-row["spread"], row["indicator"]))
    seen = sum(row["status"] != "not observed" for row in rows)
    key = f"assess.{question}.indicators"
    return Indicators(
        tuple(_indicator(row) for row in rows),
        book.add(f"{key}.count", "Indicators of the question", len(rows), "",
                 "Rows of 'indicators'.", ("indicators",)),
        book.add(f"{key}.reported", "Indicators that somebody reported on", seen, "",
                 "Rows of 'indicators' whose status is not 'not observed'.", ("indicators",)),
    )  # fmt: skip


def _indicator(row: dict[str, Any]) -> Indicator:
    expected = dict(sorted(json.loads(row["expected"]).items()))
    return Indicator(
        row["indicator"], row["observe"], row["spread"], row["status"], row["date"] or "",
        id_list(row["claim"]), row["note"] or "", id_list(row["speaks_for"]),
        tuple(each["likelihood"] for each in expected.values()),
        tuple(f"{n} {each['likelihood']}: {each['because']}" for n, each in expected.items()),
    )  # fmt: skip


def heard(record: Record) -> Repeats:
    """Return who was heard where, and what stands behind figures and conflicts."""
    claims = record.rows("claims")
    where = {row["claim"]: (row["source"] or "", row["origin"] or "") for row in claims}
    return repeats(
        (
            (
                row["source"],
                row["origin"],
                row["reached_as"] or "",
                tuple(part for part in (row["derived_from"] or "").split(";") if part),
            )
            for row in record.rows("sources")
        ),
        where.values(),
        {row["origin"]: row["name"] for row in record.rows("origins")},
        (_voice(row, where) for row in sorted(record.rows("voices"), key=_order)),
    )


def _order(row: dict[str, Any]) -> tuple[object, ...]:
    """Figures by id, then conflicts in natural order."""
    conflict = row["kind"] == "conflict"
    return conflict, natural_key(row["matter"]) if conflict else row["matter"], row["number"]


def _voice(row: dict[str, Any], where: dict[str, tuple[str, str]]) -> Voice:
    claims = id_list(row["claim"])
    pairs = tuple(sorted({where[claim] for claim in claims if claim in where}))
    return Voice(row["matter"], row["kind"], row["topic"], row["says"], claims, pairs)
