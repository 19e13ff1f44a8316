"""What holds of the claims, and how competing hypotheses stand, as the store tells."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from startex.review.claims import Claims
from startex.review.figures import Figure, FigureBook
from startex.review.record import Record, id_list
from startex.review.voices import Indicators, indicators

MEANINGS = (
    ("holds", "agrees with what can be computed about it"),
    ("does not hold", "is contradicted by something that can be computed"),
    ("depends", "holds under one policy and not under another"),
    ("computed", "has a figure that nothing is there to be held against"),
    ("runs", "is not computed: the simulation does it"),
    ("elsewhere", "is run or checked by another shipped scenario"),
    ("used", "is what the scenario rests on; nothing is there to check it by"),
    ("not checkable", "cannot be known from this"),
    ("kept", "is recorded beside others"),
)
"""Verdicts in the order of the table, each with its meaning."""

TOLD = ("does not hold", "depends", "holds")
"""Verdicts whose claims are listed one by one."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A hypothesis, scored."""

    id: str
    title: str
    says: str
    score: Figure
    against: Figure
    supports: Figure
    least: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence; ``ratings`` and ``reasons`` in the order of the hypotheses."""

    id: str
    says: str
    grounds: str
    weight: float
    diagnosticity: float
    claims: tuple[str, ...]
    origins: tuple[str, ...]
    ratings: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question: hypotheses with the least against them first, evidence the most telling first."""

    id: str
    asks: str
    hypotheses: tuple[Hypothesis, ...]
    evidence: tuple[Evidence, ...]
    wanted: tuple[Evidence, ...]
    indicators: Indicators | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Verdicts by word, each with how many claims have it, and the questions."""

    verdicts: tuple[tuple[str, str, Figure], ...]
    questions: tuple[Question, ...]


def assessment(record: Record, book: FigureBook, claims: Claims) -> Assessment:
    """Enter the figures of the assessment and return it; empty where a run tells of none."""
    words = Counter(claim.verdict for claim in claims.by_id.values())
    verdicts = tuple(
        (
            word,
            meaning,
            book.add(
                f"assess.{word.replace(' ', '_')}", f"Claims of which it is said: {word}",
                words[word], "claims",
                f"Rows of 'claims' whose verdict is '{word}', with what 'measures' adds to them.",
                ("claims", "measures"),
            ),
        )
        for word, meaning in MEANINGS
        if words[word]
    )  # fmt: skip
    rows = record.rows("hypotheses")
    asked = dict.fromkeys(row["question"] for row in rows)
    return Assessment(verdicts, tuple(_question(record, book, rows, name) for name in asked))


def _question(
    record: Record, book: FigureBook, rows: list[dict[str, Any]], question: str
) -> Question:
    own = [row for row in rows if row["question"] == question]
    own.sort(key=lambda row: (-row["score"], -row["supports"], row["hypothesis"]))
    names = sorted(row["hypothesis"] for row in own)
    pieces = [row for row in record.rows("evidence") if row["question"] == question]
    pieces.sort(key=lambda row: (-row["diagnosticity"], row["evidence"]))
    return Question(
        question,
        own[0]["asks"],
        tuple(_hypothesis(book, row) for row in own),
        tuple(_evidence(row, names) for row in pieces if row["observed"]),
        tuple(_evidence(row, names) for row in pieces if not row["observed"]),
        indicators(record, book, question),
    )


def _hypothesis(book: FigureBook, row: dict[str, Any]) -> Hypothesis:
    key, title = f"assess.{row['question']}.{row['hypothesis']}", row["title"]

    def add(name: str, label: str, value: float, how: str, decimals: int = 0) -> Figure:
        return book.add(
            f"{key}.{name}", f"{title}: {label}", value, "", how, ("hypotheses", "evidence"),
            decimals=decimals, assumed="ratings are judgements of the scenario's authors",
        )  # fmt: skip

    return Hypothesis(
        row["hypothesis"], title, row["says"],
        add("score", "what speaks against it", row["score"],
            "Sum over the observed evidence of -1 (inconsistent) or -2 (very) times its weight, "
            "credibility times relevance (Heuer; weights of ACH 2.0). No probability.", 2),
        add("against", "pieces of evidence against it", row["against"],
            "Observed evidence rated I or II."),
        add("supports", "pieces of evidence that it leads one to expect", row["supports"],
            "Observed evidence rated C or CC."),
        bool(row["least"]),
    )  # fmt: skip


def _evidence(row: dict[str, Any], names: list[str]) -> Evidence:
    ratings = json.loads(row["ratings"])
    return Evidence(
        row["evidence"], row["says"], row["grounds"], row["weight"], row["diagnosticity"],
        id_list(row["claim"]), id_list(row["origins"]),
        tuple(ratings[name]["rating"] for name in names),
        tuple(f"{name} {ratings[name]['rating']}: {ratings[name]['because']}" for name in names),
    )  # fmt: skip
