"""What a brief says: so much of an assessment as two pages hold, each statement with its basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from startex.brief import fit
from startex.brief.fit import fitting
from startex.brief.parts import (
    SMALL,
    Answer,
    Basis,
    Judged,
    Known,
    Subject,
    Telling,
    Watched,
    answers_of,
    basis,
    clip,
    counts_of,
    distinct,
    hangs_of,
    judged,
    known_of,
    telling_of,
    watched_of,
)
from startex.sources.competing import CAVEATS
from startex.sources.competing import assess as score
from startex.sources.dossier import Dossier
from startex.sources.hypotheses import Question
from startex.sources.indicators import of_question
from startex.sources.verdicts import Verdict, verdicts
from startex.sources.voices import Repeats, repeats_of

MOST_FIGURES, MOST_WRONG, MOST_UNKNOWN, MOST_OPEN, MOST_INDICATORS = 14, 6, 3, 3, 12
"""Rows at most; how many of them fit is for `startex.brief.fit` to say, and the rest is counted."""


@dataclass(frozen=True, slots=True)
class Content:
    """All that a brief says, in the order of its two pages; ``left`` counts what is left out."""

    title: str
    summary: str
    name: str
    policy: str
    asks: str
    answers: tuple[Answer, ...]
    least: str
    hangs: tuple[tuple[str, Basis], ...]
    telling: tuple[Telling, ...]
    caveats: tuple[str, ...]
    counts: tuple[tuple[str, int, str, Basis], ...]
    known: tuple[Known, ...]
    wrong: tuple[Judged, ...]
    unknown: tuple[Judged, ...]
    open: tuple[tuple[str, Basis], ...]
    watched: tuple[Watched, ...]
    repeats: Repeats
    claims: int
    sources: int
    origins: int
    left: Mapping[str, int]


def content(subject: Subject) -> Content:
    """Return what the brief on a scenario says.

    Raises
    ------
    StartexError
        If a check lacks what it wants, or there is no such policy or question.
    """
    dossier = subject.bench.dossier
    found = subject.found or verdicts(subject.bench, subject.homes)
    heard = repeats_of(dossier)
    questions = dossier.questions
    asked = subject.question or next(iter(questions), "")
    question = questions.get(asked)
    result = score(question, dossier.claims) if question else None
    names = {h.hypothesis: h.title for h in question.hypotheses} if question else {}
    top: dict[str, Any] = {
        "summary": clip(subject.summary, 300),
        "answers": answers_of(question, result),
        "hangs": hangs_of(dossier, question, result) if question and result else (),
        "telling": telling_of(dossier, question, result, names),
        "counts": counts_of(dossier, found),
    }
    known, left = known_of(dossier, heard, subject.policy), {}
    shown, _ = fitting(known, _known_px, _room(top), MOST_FIGURES)
    left["figures"] = len(known) - len(shown)
    second, more = _second(dossier, found, heard, question, names)
    return Content(
        title=clip(subject.title, 60),
        name=subject.name,
        policy=subject.policy,
        asks=clip(question.asks, 90) if question else "",
        least=clip(" and ".join(names[name] for name in result.least), 90) if result else "",
        caveats=CAVEATS if question else (),
        known=shown,
        repeats=heard,
        claims=len(dossier.claims),
        sources=len(dossier.sources),
        origins=len(heard.heard),
        left={**left, **more},
        **top,
        **second,
    )


def _room(top: Mapping[str, Any]) -> float:
    """Return how much of the first page is left for figures, px."""
    used = 60.0 + 18.0 * fit.lines(len(top["summary"]), 104)
    used += 2 * fit.HEADING_PX + 2 * fit.HEAD_PX + fit.LINE_PX
    if top["answers"]:
        hangs = sum(len(words) + rests.letters + 16 for words, rests in top["hangs"]) + 50
        used += 24.0 + 15.5 * fit.lines(hangs, 106) + 5.0 + 21.0 * len(top["answers"])
        used += 24.0 + fit.LINE_PX * fit.lines(sum(map(len, CAVEATS)), 118) + 6.0
        used += sum(
            fit.row_px(
                fit.lines(len(t.says) + sum(map(len, t.against)) + 14 + t.basis.letters, 114)
            )
            for t in top["telling"]
        )
    else:
        used += 34.0 + sum(
            fit.row_px(fit.lines(len(meaning) + 12, 50), fit.lines(2 * b.letters, 55))
            for _, _, meaning, b in top["counts"]
        )
    return fit.PAGE_PX - used


def _known_px(row: Known) -> float:
    others = sum(fit.lines(len(v) + len(h) + 4 + b.letters, 39) for v, h, b in row.others)
    value = fit.lines(len(row.value) + len(row.how) + len(row.voices) + 6, 47)
    return fit.row_px(
        fit.lines(len(row.name), 22), value + fit.lines(row.basis.letters, 46), others
    )


def _second(
    dossier: Dossier,
    found: Mapping[str, Verdict],
    heard: Repeats,
    question: Question | None,
    names: Mapping[str, str],
) -> tuple[dict[str, Any], dict[str, int]]:
    """Return what stands on the second page, and how much of each list is left out."""
    words = ("does not hold", "depends")
    against = [v for v in found.values() if v.word in words]
    against.sort(key=lambda v: (dossier.claims[v.claim].kind != "seed", -words.index(v.word)))
    wrong = [judged(dossier, v) for v in distinct(against)]
    beyond = [v for v in found.values() if v.word == "not checkable"]
    unknown = [judged(dossier, v, 70, 100) for v in distinct(beyond)]
    unresolved = [
        (clip(c.topic, 70), basis(dossier, c.claims))
        for c in dossier.conflicts.values()
        if c.state == "unresolved"
    ]
    indicators = of_question(dossier.indicators, question.question) if question else ()
    seen = [watched_of(dossier, each, names) for each in indicators]
    links = sum(min(30, len(x.source)) + min(30, len(x.repeats)) + 12 for x in heard.links[:6])
    room = fit.PAGE_PX - 4 * fit.HEADING_PX - fit.HEAD_PX - 3 * fit.LINE_PX
    room -= 165.0 + fit.LINE_PX * fit.lines(links + 25, 120)
    first, high = fitting(wrong, lambda j: _judged_px(j, 116), 0.5 * room, MOST_WRONG)
    room -= high
    second, one = fitting(unknown, lambda j: _judged_px(j, 54), 0.55 * room, MOST_UNKNOWN)
    third, other = fitting(
        unresolved, lambda o: fit.row_px(fit.lines(len(o[0]) + o[1].letters, 50)), 0.55 * room,
        MOST_OPEN,
    )  # fmt: skip
    room -= max(one, other, fit.LINE_PX)
    last, _ = fitting(seen, _watched_px, room, MOST_INDICATORS)
    left = {
        "wrong": len(against) - len(first),
        "unknown": len(beyond) - len(second),
        "open": len(unresolved) - len(third),
        "indicators": len(seen) - len(last),
    }
    return {"wrong": first, "unknown": second, "open": third, "watched": last}, left


def _judged_px(row: Judged, per_line: int) -> float:
    letters = len(row.quote) + len(row.word) + len(row.why) + 8 + row.basis.letters
    letters += SMALL * (len(row.printed) + 14) if row.printed else 0
    return fit.row_px(fit.lines(letters, per_line))


def _watched_px(row: Watched) -> float:
    likeliest = sum(len(name) + 2 for name in row.likeliest[:2])
    return fit.row_px(
        fit.lines(len(row.observe), 51),
        1 + fit.lines(row.basis.letters, 40),
        fit.lines(likeliest, 22),
    )
