"""What a brief says: so much of an assessment as two pages hold, each statement with its basis."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from startex.brief import fit
from startex.brief.fit import fitting
from startex.review.originplot import counted, most_heard
from startex.sources.checks import Bench
from startex.sources.claims import natural_key, plural
from startex.sources.competing import CAVEATS, Result, Weighed
from startex.sources.competing import assess as score
from startex.sources.dossier import Dossier
from startex.sources.homes import Home
from startex.sources.hypotheses import Question
from startex.sources.indicators import LIKELIHOODS, Indicator
from startex.sources.indicators import of_question as watched
from startex.sources.verdicts import WORDS, Verdict, verdicts
from startex.sources.voices import Repeats, Voice, repeats_of

MOST_HYPOTHESES, MOST_EVIDENCE, MOST_FIGURES, MOST_OTHERS = 6, 3, 14, 2
MOST_HANGS, MOST_WRONG, MOST_UNKNOWN, MOST_OPEN, MOST_INDICATORS = 2, 6, 3, 3, 12
"""Rows at most; how many of them fit is for `startex.brief.fit` to say, and the rest is counted."""

SMALL = 0.9
"""How wide a letter of a basis is, of that of a statement."""

RULES: Mapping[str, str] = {
    "announced_total": "announced",
    "announced_national": "announced",
    "announced_foreign": "announced",
    "actively_involved": "estimated",
    "observed": "counted",
    "named": "counted",
    "episode": "reported",
    "": "reported",
}
"""Rules of counting, and in one word how such a figure is known."""


_ASIDE = re.compile(r" \((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
"""What stands in brackets: how a figure was chosen, too long for two pages."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a brief is made of.

    Attributes
    ----------
    bench, homes
        As `startex.sources.verdicts.verdicts` takes them.
    name, title, summary
        Of the scenario.
    policy
        Id of the policy whose figures are shown; blank: there is none.
    question
        Id of the question on top; blank: the first.
    """

    bench: Bench
    homes: Mapping[str, tuple[Home, ...]]
    name: str
    title: str
    summary: str = ""
    policy: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a statement rests on: claims and their origins, or the words of an assumption."""

    claims: tuple[str, ...]
    origins: tuple[str, ...]
    words: str = ""

    @property
    def letters(self) -> float:
        """How long it is on the page, in letters of the statement."""
        claims = sum(min(24, len(name)) + 2 for name in self.claims[:4])
        origins = sum(len(name) + 2 for name in self.origins[:2])
        more = 11 * (len(self.claims) > 4) + 8 * (len(self.origins) > 2)
        return SMALL * (claims + origins + more + len(self.words))


@dataclass(frozen=True, slots=True)
class Answer:
    """A hypothesis: its score (0 or less), its share of the worst, and the evidence for and against."""

    title: str
    score: float
    share: float
    against: int
    supports: int
    least: bool


@dataclass(frozen=True, slots=True)
class Telling:
    """A piece of evidence that tells much apart, and the hypotheses that it speaks against."""

    says: str
    against: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Known:
    """A figure: its value under the policy, how it is known, and what others say."""

    name: str
    value: str
    how: str
    basis: Basis
    others: tuple[tuple[str, str, Basis], ...]
    voices: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and what is said of it: its quote, the verdict's word, why."""

    quote: str
    word: str
    why: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Watched:
    """An indicator: what was reported of it, and the hypotheses under which it is likeliest."""

    observe: str
    status: str
    date: str
    likeliest: tuple[str, ...]
    spread: int
    basis: Basis


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
    found = verdicts(subject.bench, subject.homes)
    heard = repeats_of(dossier)
    questions = dossier.questions
    question = questions[subject.question] if subject.question else next(iter(questions.values()), None)  # fmt: skip
    result = score(question, dossier.claims) if question else None
    names = {h.hypothesis: h.title for h in question.hypotheses} if question else {}
    top = {
        "summary": clip(subject.summary, 300),
        "answers": _answers(question, result),
        "hangs": _hangs(dossier, question, result) if question and result else (),
        "telling": _telling(dossier, question, result, names),
        "counts": _counts(dossier, found),
    }
    known, left = _known(dossier, heard, subject.policy), {}
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
        used += 24.0 + 15.5 * fit.lines(hangs, 100) + 5.0 + 21.0 * len(top["answers"])
        used += 24.0 + fit.LINE_PX * fit.lines(sum(map(len, CAVEATS)), 118) + 6.0
        used += sum(
            fit.row_px(
                fit.lines(len(t.says) + sum(map(len, t.against)) + 14 + t.basis.letters, 106)
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
    judged = {
        word: [_judged(dossier, v) for v in found.values() if v.word == word]
        for word in ("does not hold", "depends")
    }
    wrong = [*judged["does not hold"], *judged["depends"]]
    beyond = [v for v in found.values() if v.word == "not checkable"]
    unknown = [_judged(dossier, v, 70, 100) for v in _distinct(beyond)]
    unresolved = [
        (clip(c.topic, 70), basis(dossier, c.claims))
        for c in dossier.conflicts.values()
        if c.state == "unresolved"
    ]
    indicators = watched(dossier.indicators, question.question) if question else ()
    seen = [_watched(dossier, each, names) for each in indicators]
    links = sum(min(30, len(x.source)) + min(30, len(x.repeats)) + 12 for x in heard.links[:6])
    room = fit.PAGE_PX - 4 * fit.HEADING_PX - fit.HEAD_PX - 4 * fit.LINE_PX
    room -= 150.0 + fit.LINE_PX * fit.lines(links + 25, 120)
    first, high = fitting(wrong, lambda j: _judged_px(j, 111), 0.5 * room, MOST_WRONG)
    room -= high
    second, one = fitting(unknown, lambda j: _judged_px(j, 50), 0.55 * room, MOST_UNKNOWN)
    third, other = fitting(
        unresolved, lambda o: fit.row_px(fit.lines(len(o[0]) + o[1].letters, 50)), 0.55 * room,
        MOST_OPEN,
    )  # fmt: skip
    room -= max(one, other, fit.LINE_PX)
    last, _ = fitting(seen, _watched_px, room, MOST_INDICATORS)
    left = {
        "wrong": len(wrong) - len(first),
        "unknown": len(beyond) - len(second),
        "open": len(unresolved) - len(third),
        "indicators": len(seen) - len(last),
    }
    return {"wrong": first, "unknown": second, "open": third, "watched": last}, left


def _judged_px(row: Judged, per_line: int) -> float:
    letters = len(row.quote) + len(row.word) + len(row.why) + 6 + row.basis.letters
    return fit.row_px(fit.lines(letters, per_line))


def _watched_px(row: Watched) -> float:
    likeliest = sum(len(name) + 2 for name in row.likeliest[:2])
    return fit.row_px(
        fit.lines(len(row.observe), 51),
        1 + fit.lines(row.basis.letters, 40),
        fit.lines(likeliest, 22),
    )


def clip(words: str, most: int) -> str:
    """Return a text of at most so many letters, cut between words."""
    plain = " ".join(words.split())
    if len(plain) <= most:
        return plain
    cut = plain[: most - 1]
    return cut[: max(cut.rfind(" "), most // 2)].rstrip(" ,;:.") + "…"


def basis(dossier: Dossier, claims: Iterable[str]) -> Basis:
    """Return claims in natural order, and the names of the origins behind them."""
    named = sorted(dict.fromkeys(claims), key=natural_key)
    origins = dict.fromkeys(dossier.claims[name].origin for name in named)
    return Basis(tuple(named), tuple(clip(dossier.origins[o].name, 44) for o in origins))


def _answers(question: Question | None, result: Result | None) -> tuple[Answer, ...]:
    if question is None or result is None:
        return ()
    titles = {h.hypothesis: h.title for h in question.hypotheses}
    worst = min(s.score for s in result.scores) or -1.0
    return tuple(
        Answer(
            clip(titles[s.hypothesis], 60), s.score + 0.0, s.score / worst, s.against, s.supports,
            s.hypothesis in result.least,
        )
        for s in result.scores[:MOST_HYPOTHESES]
    )  # fmt: skip


def _hangs(dossier: Dossier, question: Question, result: Result) -> tuple[tuple[str, Basis], ...]:
    """Return the pieces of evidence, and the origins, without which another has the least."""
    pieces = {e.evidence: e for e in question.evidence}
    told = []
    for kind, made in (("piece", result.by_evidence), ("origin", result.by_origin)):
        for change in (each for each in made if each.flips):
            rests = [c for e in change.evidence for c in (*pieces[e].claims, *pieces[e].checks)]
            if kind == "piece":
                words = f"“{clip(pieces[change.without].says, 80)}”"
            else:
                words = f"all that only {clip(dossier.origins[change.without].name, 44)} says"
            told.append((words, basis(dossier, rests)))
    return tuple(told[:MOST_HANGS])


def _telling(
    dossier: Dossier, question: Question | None, result: Result | None, names: Mapping[str, str]
) -> tuple[Telling, ...]:
    if question is None or result is None:
        return ()
    pieces = {e.evidence: e for e in question.evidence}
    order: list[Weighed] = sorted(result.evidence, key=lambda w: (-w.diagnosticity, w.evidence))
    found = []
    for each in order[:MOST_EVIDENCE]:
        piece = pieces[each.evidence]
        against = tuple(clip(names[n], 34) for n, r in piece.ratings.items() if r.rating in ("I", "II"))  # fmt: skip
        rests = basis(dossier, (*piece.claims, *piece.checks))
        words = "" if rests.claims else f"assumed: {clip(piece.assumed, 60)}"
        found.append(Telling(clip(piece.says, 130), against, Basis(rests.claims, rests.origins, words)))  # fmt: skip
    return tuple(found)


def _counts(
    dossier: Dossier, found: Mapping[str, Verdict]
) -> tuple[tuple[str, int, str, Basis], ...]:
    words = Counter(verdict.word for verdict in found.values())
    return tuple(
        (
            word,
            words[word],
            meaning,
            basis(dossier, [c for c, v in found.items() if v.word == word]),
        )
        for word, meaning in WORDS.items()
        if words[word]
    )


def _known(dossier: Dossier, heard: Repeats, policy: str) -> list[Known]:
    """Return figures that claims give: first those on which they differ, then the most heard."""
    if not policy:
        return []
    resolved = dossier.resolve(policy)
    grouped: dict[str, list[Voice]] = {}
    for voice in heard.voices:
        if voice.kind == "figure":
            grouped.setdefault(voice.matter, []).append(voice)
    order = sorted(grouped.values(), key=lambda own: (len(own) == 1, *most_heard(own)))
    rows = []
    for own in order:
        value = resolved[own[0].matter]
        taken = [v for v in own if set(v.claims) & set(value.claims)]
        number = value.value if isinstance(value.value, str) else f"{value.value:,.10g} {plural(value.unit, value.value)}"  # fmt: skip
        rest = [v for v in own if v not in taken]
        rests = basis(dossier, value.claims)
        words = "" if rests.claims else f"assumed: {clip(value.assumed, 60)}"
        rows.append(
            Known(
                clip(own[0].topic, 52),
                taken[0].says.partition(" (")[0] if len(taken) == 1 else number,
                RULES.get(value.counting_rule, "reported"),
                Basis(rests.claims, rests.origins, words),
                tuple(
                    (v.says.partition(" (")[0], _how(v), basis(dossier, v.claims))
                    for v in rest[:MOST_OTHERS]
                ),
                counted(taken[0]) if len(taken) == 1 else "",
            )
        )
    return rows


def _how(voice: Voice) -> str:
    rule = voice.says.partition("(")[2].rstrip(")").partition(",")[0].replace(" ", "_")
    return RULES.get(rule, "reported")


def _distinct(found: Iterable[Verdict]) -> list[Verdict]:
    """Return verdicts of which no two give the same reason."""
    seen: dict[str, Verdict] = {}
    for verdict in found:
        seen.setdefault(verdict.why, verdict)
    return list(seen.values())


def _judged(dossier: Dossier, verdict: Verdict, quoted: int = 90, reason: int = 170) -> Judged:
    claim = dossier.claims[verdict.claim]
    rests = basis(dossier, (verdict.claim,))
    why = _ASIDE.sub("", verdict.why)
    return Judged(clip(claim.quote, quoted), verdict.word, clip(why, reason), rests)


def _watched(dossier: Dossier, each: Indicator, names: Mapping[str, str]) -> Watched:
    steps = {name: LIKELIHOODS.index(e.likelihood) for name, e in each.expected.items()}
    top = max(steps.values())
    likeliest = tuple(clip(names[n], 34) for n, s in sorted(steps.items()) if s == top)
    rests = basis(dossier, each.claims)
    words = "" if rests.claims else "nobody reported on it"
    return Watched(
        clip(each.observe, 110), each.status, each.date, likeliest if each.diagnostic else (),
        each.spread, Basis(rests.claims, rests.origins, words),
    )  # fmt: skip
