"""Precision and recall of an extractor on texts whose answers are known.

A proposal stands for the sentence of the key with which it shares most characters. Per field, what
is proposed in a sentence is compared with what the key has for it, as sets: numbers with unit and
bound, EDTF dates, names of places and nations, the speaker. True is what both have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from startex.reports.drafts import Context, Draft, Extractor
from startex.reports.origins import Origins
from startex.reports.sentences import Span
from startex.reports.text import ReportText
from startex.scenario.shipped import SHIPPED
from startex.sources.claims import Claim, Statement
from startex.sources.dossier import Dossier
from startex.sources.load import load_dossier

FIELDS = ("sentence", "quantity", "date", "place", "participants", "attribution")
TEXTS = Path(__file__).resolve().parent / "texts"
FOUNDING = {"S000": "2022-08-29", "S003": "2022-08-17/2022-08-18"}
INVENTED = ("communique", "agency", "feature", "regional")

_PLACE_FIELDS = frozenset(("area", "areas", "naval_area", "arrival_place", "photographed_at"))

FILLERS = (
    "Some background:", "Source: Read Full Article", "This is a developing story.",
    "Sign up for our newsletter.", "Scroll down for video.", "The morning was cool and clear.",
    "Critics are not convinced.", "What happens next is anybody’s guess.",
    "Share this article on social media.", "Nobody answered the phone.",
)  # fmt: skip
"""Sentences that carry nothing, put between those of the founding reports, one after seven."""


@dataclass(frozen=True)
class Answer:
    """What a coder finds in a sentence."""

    span: Span
    carries: bool
    found: dict[str, frozenset[Any]]


@dataclass
class Score:
    """True, falsely proposed and missed."""

    true: int = 0
    false: int = 0
    missed: int = 0

    def add(self, expected: Iterable[Any], proposed: Iterable[Any]) -> None:
        """Count a sentence."""
        wanted, got = set(expected), set(proposed)
        self.true += len(wanted & got)
        self.false += len(got - wanted)
        self.missed += len(wanted - got)

    @property
    def precision(self) -> float:
        """Share of what is proposed that is right; 1 if nothing is proposed."""
        return self.true / (self.true + self.false) if self.true + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that is proposed; 1 if nothing is there."""
        return self.true / (self.true + self.missed) if self.true + self.missed else 1.0


@dataclass(frozen=True)
class Case:
    """A text with its answers.

    ``by_origin``: the key of speakers holds ids of origins, not names.
    """

    name: str
    report: ReportText
    context: Context
    answers: tuple[Answer, ...]
    by_origin: bool = False


def invented(name: str) -> Case:
    """Return one of the texts in ``texts/``."""
    data = yaml.load((TEXTS / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    pieces: list[str] = []
    answers: list[Answer] = []
    at = 0
    for paragraph in data["paragraphs"]:
        for index, entry in enumerate(paragraph):
            glue = "" if not pieces else " " if index else "\n\n"
            start = at + len(glue)
            pieces.append(glue + entry["s"])
            at = start + len(entry["s"])
            answers.append(_answer(entry, Span(start, at)))
    report = ReportText(f"{name}.txt", "text", "".join(pieces))
    context = Context(data["reported"], "paper", data["publisher"])
    return Case(name, report, context, tuple(answers))


def _answer(entry: dict[str, Any], span: Span) -> Answer:
    quantities = set()
    for number, unit, bound in entry.get("q", []):
        ends = number if isinstance(number, list) else [number]
        quantities.add((tuple(None if e == "null" else float(e) for e in ends), unit, bound))
    by = entry.get("by", "")
    found = {
        "quantity": frozenset(quantities),
        "date": frozenset(entry.get("d", [])),
        "place": frozenset(_name(p) for p in entry.get("p", [])),
        "participants": frozenset(_name(n) for n in entry.get("n", [])),
        "attribution": frozenset([_name(by)] if by else []),
    }
    return Answer(span, entry.get("nothing", "false") == "false", found)


def founding(name: str) -> Case:
    """Return a founding report as its ledger has it: the quotes in order, fillers between them."""
    dossier = load_dossier(SHIPPED / "vostok-2022")
    claims = [claim for claim in dossier.claims.values() if claim.source == name]
    pieces: list[str] = []
    answers: list[Answer] = []
    at = 0
    nothing = {each: frozenset[Any]() for each in FIELDS[1:]}
    fillers = iter(FILLERS)
    for number, claim in enumerate(claims, start=1):
        entries = [(claim.quote, True, _ledger(claim))]
        if number % 7 == 0:
            entries.append((next(fillers), False, nothing))
        for quote, carries, found in entries:
            glue = "\n\n" if pieces else ""
            start = at + len(glue)
            pieces.append(glue + quote)
            at = start + len(quote)
            answers.append(Answer(Span(start, at), carries, found))
    report = ReportText(name, "text", "".join(pieces))
    context = Context(FOUNDING[name], dossier.sources[name].origin, "", (), _others(dossier))
    return Case(name, report, context, tuple(answers), by_origin=True)


def _others(dossier: Dossier) -> Origins:
    """Return the known origins; the claims of the founding reports themselves are not looked at."""
    return Origins(dossier.origins, [c for c in dossier.claims.values() if c.kind != "seed"])


def _ledger(claim: Claim) -> dict[str, frozenset[Any]]:
    """Return what the ledger has for a statement, by field."""
    says = claim.says
    named = re.findall(r'place="?(?:in |over )?([^;"\[(]+)', claim.note)
    named = [part for name in named for part in re.split(r", | \+ ", name)]
    stated = [s for s in says if s.field in _PLACE_FIELDS]
    named += [name for s in stated for name in (s.items or (s.text,)) if name]
    outside = claim.said_by.startswith("paper") and not re.match(
        r"paper, (?:citing|quoting)", claim.said_by
    )
    return {
        "quantity": frozenset(_quantity(s) for s in says if s.numeric),
        "date": frozenset(s.date for s in says if s.date),
        "place": frozenset(_name(name) for name in named),
        "participants": frozenset(
            _name(item) for s in says if s.field.endswith("participants") for item in s.items
        ),
        "attribution": frozenset() if outside else frozenset([claim.origin]),
    }


def measure(case: Case, extractor: Extractor) -> dict[str, Score]:
    """Return the score of an extractor on a text, by field."""
    scores = {name: Score() for name in FIELDS}
    found = assigned(case, extractor)
    for index, answer in enumerate(case.answers):
        mine = found.get(index, [])
        scores["sentence"].add([0] if answer.carries else [], [0] if mine else [])
        for name in FIELDS[1:]:
            scores[name].add(answer.found[name], proposed(case, mine, name))
    return scores


def assigned(case: Case, extractor: Extractor) -> dict[int, list[Draft]]:
    """Return what is proposed for each sentence of the key, by its number."""
    found: dict[int, list[Draft]] = {}
    for draft in extractor.extract(case.report, case.context):
        shares = [_common(answer.span, draft.span) for answer in case.answers]
        found.setdefault(max(range(len(shares)), key=lambda i: shares[i]), []).append(draft)
    return found


def proposed(case: Case, drafts: list[Draft], name: str) -> set[Any]:
    """Return what drafts have for a field, as the key writes it."""
    says = [said for draft in drafts for said in draft.says]
    if name == "quantity":
        return {_quantity(said) for said in says if said.numeric}
    if name == "date":
        return {said.date for said in says if said.date}
    if name == "place":
        stated = [s for s in says if s.field in _PLACE_FIELDS]
        return {_name(part) for s in stated for part in (s.items or s.text.split(", "))}
    if name == "participants":
        return {_name(i) for s in says if s.field == "participants" for i in s.items}
    if case.by_origin:
        return {draft.origin or draft.said_by for draft in drafts if draft.said_by}
    return {_name(draft.said_by) for draft in drafts if draft.said_by}


def _quantity(said: Statement) -> tuple[Any, ...]:
    if said.value is not None:
        return ((said.value,), said.unit, said.bound)
    return ((said.low, said.high), said.unit, said.bound)


def _name(words: str) -> str:
    """Return a name without article, quotes and case."""
    plain = re.sub(r"['’\"“”]", "'", words.strip().lower())
    return re.sub(r"^(?:the|an?)\s+", "", " ".join(plain.split()))


def _common(one: Span, other: Span) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def cases() -> list[Case]:
    """Return every case."""
    return [*(founding(name) for name in FOUNDING), *(invented(name) for name in INVENTED)]
