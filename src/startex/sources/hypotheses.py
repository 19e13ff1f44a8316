"""Questions with competing hypotheses, and the evidence that bears on them, as a person wrote it.

The matrix of the analysis of competing hypotheses after Heuer (Psychology of Intelligence Analysis,
1999, chapter 8): every piece of evidence is rated against every hypothesis, by asking whether one
would expect to see it if that hypothesis were true. `startex.sources.competing` scores it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from startex.foundation.ids import Id
from startex.foundation.provenance import ClaimIds, Frozen

Letter = Literal["CC", "C", "N", "I", "II", "NA"]
"""Very consistent, consistent, neutral, inconsistent, very inconsistent, not applicable."""

Level = Literal["low", "medium", "high"]


class Hypothesis(Frozen):
    """One answer to a question.

    Attributes
    ----------
    hypothesis, title
        Id and name.
    says
        What would be so if it were true.
    """

    hypothesis: Id
    title: str = Field(min_length=1)
    says: str = Field(min_length=1)


class Rating(Frozen):
    """How a piece of evidence goes with a hypothesis, and why."""

    rating: Letter
    because: str = Field(min_length=1)


class Evidence(Frozen):
    """Something that bears on the question.

    Attributes
    ----------
    evidence, says
        Id, and what was seen or said; or, with ``observed`` false, what could be.
    claims
        Claims that say so; from them follow its origins.
    checks
        Claims whose checks compute it.
    assumed
        Why it counts where no claim says so.
    credibility, relevance
        How far it can be trusted, and how much it bears on the question.
    grounds
        Why that credibility and that relevance.
    observed
        False for what nobody has reported: it counts nothing, but tells what to look for.
    ratings
        By hypothesis; every hypothesis is rated.
    """

    evidence: Id
    says: str = Field(min_length=1)
    claims: ClaimIds = ()
    checks: ClaimIds = ()
    assumed: str = ""
    credibility: Level = "medium"
    relevance: Level = "medium"
    grounds: str = Field(min_length=1)
    observed: bool = True
    ratings: Mapping[Id, Rating]

    @model_validator(mode="after")
    def _rests_on_something(self) -> Evidence:
        if self.observed and not (self.claims or self.checks or self.assumed.strip()):
            raise ValueError("name 'claims' or 'checks', or say what is 'assumed'")
        return self


class Question(Frozen):
    """A question, its hypotheses and the evidence.

    Attributes
    ----------
    question, asks
        Id and the question itself.
    note
        How the ratings were made, and by whom.
    """

    question: Id
    asks: str = Field(min_length=1)
    note: str = ""
    hypotheses: tuple[Hypothesis, ...] = Field(min_length=2)
    evidence: tuple[Evidence, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_together(self) -> Question:
        names = [each.hypothesis for each in self.hypotheses]
        items = [each.evidence for each in self.evidence]
        for kind, ids in (("hypothesis", names), ("evidence", items)):
            twice = sorted({name for name in ids if ids.count(name) > 1})
            if twice:
                raise ValueError(f"{kind} {twice[0]!r} is there twice; ids tell them apart")
        for each in self.evidence:
            for name in names:
                if name not in each.ratings:
                    raise ValueError(f"evidence {each.evidence!r} has no rating for {name!r}")
            strange = sorted(set(each.ratings) - set(names))
            if strange:
                raise ValueError(
                    f"evidence {each.evidence!r} rates {strange[0]!r}; "
                    f"hypotheses are {', '.join(names)}"
                )
        return self
