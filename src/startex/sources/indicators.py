"""Indicators to be watched for, and how likely each is under each hypothesis, as a person wrote it.

Indications analysis after Grabo (Anticipating Surprise: Analysis for Strategic Warning, 2004): one
works back from what each hypothesis would lead to, lists steps that can be observed, and asks of
each how likely it is under every hypothesis. One that is as likely under all of them tells nothing
apart, and is marked. No score is made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field, model_validator

from startex.foundation.document import DataPath
from startex.foundation.errors import did_you_mean
from startex.foundation.ids import Id
from startex.foundation.provenance import ClaimIds, Frozen
from startex.sources.claims import EdtfDate
from startex.sources.hypotheses import Question

Likelihood = Literal["very unlikely", "unlikely", "even", "likely", "very likely"]

LIKELIHOODS: tuple[Likelihood, ...] = ("very unlikely", "unlikely", "even", "likely", "very likely")
"""From the least to the most; "even": it may well be so or not."""

Status = Literal["not observed", "none", "low", "medium", "high"]

STATUSES: Mapping[Status, str] = {
    "not observed": "nobody reported on it, neither that it is so nor that it is not",
    "none": "reported: it is not so",
    "low": "reported: single signs of it",
    "medium": "reported: partly so",
    "high": "reported: it is so",
}
"""What each status means."""


class Expected(Frozen):
    """How likely the indicator is if a hypothesis is true, and why."""

    likelihood: Likelihood
    because: str = Field(min_length=1)


class Indicator(Frozen):
    """Something observable that would tell hypotheses apart.

    Attributes
    ----------
    indicator, question
        Id, and the question of ``hypotheses.yaml`` that it bears on.
    observe
        What is to be observed.
    expected
        By hypothesis; every hypothesis of the question has one.
    status
        What was reported: one of `STATUSES`.
    date
        EDTF date for which the status holds; blank while it was not observed.
    claims
        Claims that the status rests on.
    note
        How the claims are read, or where one would look.
    """

    indicator: Id
    question: Id
    observe: str = Field(min_length=1)
    expected: Mapping[Id, Expected] = Field(min_length=1)
    status: Status = "not observed"
    date: EdtfDate = ""
    claims: ClaimIds = ()
    note: str = ""

    @model_validator(mode="after")
    def _status_rests_on_claims(self) -> Indicator:
        if self.status == "not observed":
            if self.claims or self.date:
                raise ValueError(
                    "'not observed' has neither 'claims' nor 'date'; "
                    "give the status none, low, medium or high, or take them out"
                )
            return self
        missing = [key for key in ("date", "claims") if not getattr(self, key)]
        if missing:
            raise ValueError(
                f"status {self.status!r} without {' and '.join(repr(key) for key in missing)}: "
                "say who reported it and when, or write 'not observed'"
            )
        return self

    @property
    def spread(self) -> int:
        """Steps between the least and the greatest likelihood: 0 (tells nothing apart) to 4."""
        steps = [LIKELIHOODS.index(each.likelihood) for each in self.expected.values()]
        return max(steps) - min(steps)

    @property
    def diagnostic(self) -> bool:
        """Whether it is more likely under one hypothesis than under another."""
        return self.spread > 0

    @property
    def speaks_for(self) -> tuple[str, ...]:
        """Hypotheses that its status goes with best, in the order of ids; () where it tells none.

        Those under which it is likeliest where it is so at least partly (medium, high), those
        under which it is least likely where it is not (none).
        """
        if not self.diagnostic or self.status in ("not observed", "low"):
            return ()
        steps = {name: LIKELIHOODS.index(e.likelihood) for name, e in self.expected.items()}
        best = min(steps.values()) if self.status == "none" else max(steps.values())
        return tuple(sorted(name for name, step in steps.items() if step == best))


def order(indicator: Indicator) -> tuple[int, str]:
    """Sort key: what tells most apart first, then by id."""
    return -indicator.spread, indicator.indicator


def of_question(indicators: Mapping[str, Indicator], question: str) -> tuple[Indicator, ...]:
    """Return the indicators of a question, those first that tell most apart."""
    own = (each for each in indicators.values() if each.question == question)
    return tuple(sorted(own, key=order))


def misfits(indicator: Indicator, question: Question) -> Iterator[tuple[DataPath, str, str]]:
    """Yield path, message and remedy of each hypothesis that is missing or unknown."""
    names = [each.hypothesis for each in question.hypotheses]
    for name in names:
        if name not in indicator.expected:
            message = f"indicator {indicator.indicator!r} has no expectation for {name!r}."
            yield ("expected",), message, "Say how likely it is under each hypothesis, and why."
    for name in indicator.expected:
        if name not in names:
            hint = did_you_mean(name, names)
            message = f"{question.question!r} has no hypothesis {name!r}."
            yield ("expected", name), message, hint[:1].upper() + hint[1:]
