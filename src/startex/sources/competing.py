"""Scores of competing hypotheses: which has the least against it, and what that hangs on.

Equation
    ``score(h) = sum over evidence e of w(e) * s(e, h)`` with ``s = -1`` for I, ``-2`` for II and 0
    for all else, and ``w = credibility * relevance``, each ``1/sqrt(2)`` for low, 1 for medium and
    ``sqrt(2)`` for high. The hypothesis with the score nearest 0 has the least against it.
    Diagnosticity of evidence: ``w`` times the population standard deviation of its ratings over the
    hypotheses (CC 2, C 1, N and NA 0, I -1, II -2); 0 where it speaks for and against all alike.
Source
    Heuer, Psychology of Intelligence Analysis (1999), chapter 8; the weights are those of PARC's
    ACH 2.0 (Palo Alto Research Center, 2005) as commonly summarised.
Validity
    It orders hypotheses by what speaks against them. It is no probability.
Leaves out
    That pieces of evidence hang together (dropping an origin as a whole shows some of it), and how
    likely each hypothesis was before.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from startex.sources.claims import Claim
from startex.sources.hypotheses import Evidence, Question

AGAINST: Mapping[str, float] = {"I": -1.0, "II": -2.0}
"""What a rating takes from a hypothesis; all others take nothing."""

SCALE: Mapping[str, float] = {"CC": 2.0, "C": 1.0, "N": 0.0, "NA": 0.0, "I": -1.0, "II": -2.0}
WEIGHT: Mapping[str, float] = {"low": 1 / math.sqrt(2), "medium": 1.0, "high": math.sqrt(2)}

CAVEATS = (
    "The score counts what speaks against a hypothesis; it is no probability, and a score of 0 is "
    "no proof.",
    "Pieces of evidence are not independent: what goes back to one origin counts once for each "
    "piece, and the list of origins shows what hangs on it.",
    "How finely evidence is cut changes the score.",
    "Ratings are judgements of whoever wrote the file; each has its reason, to be disputed.",
)
"""To be printed beside every result."""

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Score:
    """What there is against and for a hypothesis.

    ``score`` is at most 0; ``against`` and ``supports`` count pieces of evidence, ``blank`` those
    that do not apply.
    """

    hypothesis: str
    score: float
    against: int
    supports: int
    blank: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """A piece of evidence: its weight, what it tells apart, and the origins it rests on."""

    evidence: str
    weight: float
    diagnosticity: float
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is left when something is taken away: the scores, and who has the least against it."""

    without: str
    evidence: tuple[str, ...]
    scores: Mapping[str, float]
    least: tuple[str, ...]
    flips: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A matrix, scored.

    Attributes
    ----------
    scores
        Best first: least against it, then most for it, then least that does not apply.
    least
        Hypotheses that have the least against them.
    evidence
        Observed evidence in the order of the file.
    by_evidence, by_origin
        What changes without one piece, and without all that rests on one origin alone.
    wanted
        What was not observed and would tell most, best first, with its diagnosticity.
    """

    question: str
    scores: tuple[Score, ...]
    least: tuple[str, ...]
    evidence: tuple[Weighed, ...]
    by_evidence: tuple[Change, ...]
    by_origin: tuple[Change, ...]
    wanted: tuple[Weighed, ...]


def weight(item: Evidence) -> float:
    """Return the weight of a piece of evidence: 0.5, 0.71, 1, 1.41 or 2."""
    return WEIGHT[item.credibility] * WEIGHT[item.relevance]


def diagnosticity(item: Evidence) -> float:
    """Return how far a piece of evidence tells hypotheses apart; 0: not at all."""
    return weight(item) * statistics.pstdev(SCALE[r.rating] for r in item.ratings.values())


def totals(question: Question, without: frozenset[str] = frozenset()) -> dict[str, float]:
    """Return the score of each hypothesis from the observed evidence, some left out."""
    return {
        h.hypothesis: sum(
            weight(e) * AGAINST.get(e.ratings[h.hypothesis].rating, 0.0)
            for e in question.evidence
            if e.observed and e.evidence not in without
        )
        for h in question.hypotheses
    }


def assess(question: Question, claims: Mapping[str, Claim]) -> Result:
    """Score a matrix.

    Parameters
    ----------
    question
        The matrix.
    claims
        Claims of the scenario, for the origins of what they say.
    """
    observed = [e for e in question.evidence if e.observed]
    weighed = tuple(_weighed(e, claims) for e in observed)
    whole = totals(question)
    least = _least(whole)
    changes = [_change(question, e.evidence, frozenset({e.evidence}), least) for e in observed]
    origins = sorted({origin for w in weighed for origin in w.origins})
    wanted = [_weighed(e, claims) for e in question.evidence if not e.observed]
    return Result(
        question.question,
        tuple(sorted(_scores(question, whole), key=_rank)),
        least,
        weighed,
        tuple(changes),
        tuple(_change(question, origin, _resting_on(origin, weighed), least) for origin in origins),
        tuple(sorted(wanted, key=lambda w: (-w.diagnosticity, w.evidence))),
    )


def _weighed(item: Evidence, claims: Mapping[str, Claim]) -> Weighed:
    named = (*item.claims, *item.checks)
    origins = tuple(sorted({claims[name].origin for name in named if name in claims}))
    return Weighed(item.evidence, weight(item), diagnosticity(item), origins)


def _resting_on(origin: str, weighed: tuple[Weighed, ...]) -> frozenset[str]:
    """Return the evidence that nothing but one origin says."""
    return frozenset(w.evidence for w in weighed if w.origins == (origin,))


def _scores(question: Question, whole: Mapping[str, float]) -> list[Score]:
    found = []
    for h in question.hypotheses:
        letters = [e.ratings[h.hypothesis].rating for e in question.evidence if e.observed]
        found.append(
            Score(
                h.hypothesis,
                whole[h.hypothesis],
                sum(letter in AGAINST for letter in letters),
                sum(letter in ("C", "CC") for letter in letters),
                letters.count("NA"),
            )
        )
    return found


def _rank(score: Score) -> tuple[float, int, int, str]:
    return round(-score.score, 9), -score.supports, score.blank, score.hypothesis


def _least(scores: Mapping[str, float]) -> tuple[str, ...]:
    best = max(scores.values())
    return tuple(sorted(name for name, score in scores.items() if best - score < _SAME))


def _change(
    question: Question, name: str, without: frozenset[str], least: tuple[str, ...]
) -> Change:
    left = totals(question, without)
    now = _least(left)
    return Change(name, tuple(sorted(without)), left, now, now != least)
