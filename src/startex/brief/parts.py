"""Pieces of a brief: each statement as it stands on the page, with its basis."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from startex.review.originplot import counted, most_heard
from startex.sources.bench import Bench
from startex.sources.claims import natural_key, plural
from startex.sources.competing import AGAINST, Result, Weighed
from startex.sources.dossier import Dossier
from startex.sources.homes import Home
from startex.sources.hypotheses import Question
from startex.sources.indicators import LIKELIHOODS, Indicator
from startex.sources.verdicts import WORDS, Verdict
from startex.sources.voices import Repeats, Voice

MOST_HYPOTHESES, MOST_EVIDENCE, MOST_OTHERS, MOST_HANGS = 6, 3, 2, 2
"""Pieces at most; what is left out is looked up in the assessment."""

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
    found
        Verdicts, where they are known already: those that also know what a run gave.
    """

    bench: Bench
    homes: Mapping[str, tuple[Home, ...]]
    name: str
    title: str
    summary: str = ""
    policy: str = ""
    question: str = ""
    found: Mapping[str, Verdict] | None = None


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
    """A hypothesis: its score (0 or less), its share of the worst, pieces for and against."""

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
    """A claim and what is said of it: its quote, who printed it, the verdict's word, why."""

    quote: str
    printed: str
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


def answers_of(question: Question | None, result: Result | None) -> tuple[Answer, ...]:
    """Return the hypotheses of a question, least against them first."""
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


def hangs_of(dossier: Dossier, question: Question, result: Result) -> tuple[tuple[str, Basis], ...]:
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


def telling_of(
    dossier: Dossier, question: Question | None, result: Result | None, names: Mapping[str, str]
) -> tuple[Telling, ...]:
    """Return the evidence that tells hypotheses most apart."""
    if question is None or result is None:
        return ()
    pieces = {e.evidence: e for e in question.evidence}
    order: list[Weighed] = sorted(result.evidence, key=lambda w: (-w.diagnosticity, w.evidence))
    found = []
    for each in order[:MOST_EVIDENCE]:
        piece = pieces[each.evidence]
        worse = [name for name, r in piece.ratings.items() if r.rating in AGAINST]
        against = tuple(clip(names[name], 34) for name in worse)
        rests = basis(dossier, (*piece.claims, *piece.checks))
        words = "" if rests.claims else f"assumed: {clip(piece.assumed, 60)}"
        rests = Basis(rests.claims, rests.origins, words)
        found.append(Telling(clip(piece.says, 130), against, rests))
    return tuple(found)


def counts_of(
    dossier: Dossier, found: Mapping[str, Verdict]
) -> tuple[tuple[str, int, str, Basis], ...]:
    """Return each word of a verdict that is used, how often, what it means, and of which claims."""
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


def known_of(dossier: Dossier, heard: Repeats, policy: str) -> list[Known]:
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
        number = value.value
        if not isinstance(number, str):
            number = f"{number:,.10g} {plural(value.unit, number)}".rstrip()
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


def distinct(found: Iterable[Verdict]) -> list[Verdict]:
    """Return verdicts of which no two give the same reason."""
    seen: dict[str, Verdict] = {}
    for verdict in found:
        seen.setdefault(verdict.why, verdict)
    return list(seen.values())


def judged(dossier: Dossier, verdict: Verdict, quoted: int = 90, reason: int = 170) -> Judged:
    """Return a claim with its verdict; where policies differ, that stands first."""
    claim = dossier.claims[verdict.claim]
    rests = basis(dossier, (verdict.claim,))
    why = _ASIDE.sub("", verdict.why)
    before, differ, after = why.partition("Policies differ: ")
    publisher = clip(dossier.sources[claim.source].publisher, 32)
    printed = "" if publisher in rests.origins else publisher
    return Judged(
        clip(claim.quote, quoted), printed, verdict.word, clip(f"{differ}{after} {before}", reason),
        rests,
    )  # fmt: skip


def watched_of(dossier: Dossier, each: Indicator, names: Mapping[str, str]) -> Watched:
    """Return an indicator; ``names`` are the titles of the hypotheses."""
    steps = {name: LIKELIHOODS.index(e.likelihood) for name, e in each.expected.items()}
    top = max(steps.values())
    likeliest = tuple(clip(names[n], 34) for n, s in sorted(steps.items()) if s == top)
    rests = basis(dossier, each.claims)
    words = "" if rests.claims else "nobody reported on it"
    return Watched(
        clip(each.observe, 110), each.status, each.date, likeliest if each.diagnostic else (),
        each.spread, Basis(rests.claims, rests.origins, words),
    )  # fmt: skip
