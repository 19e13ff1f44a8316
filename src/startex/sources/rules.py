"""Scenario figures and the policies that choose among their claims, as written in files."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from startex.foundation.ids import Id
from startex.foundation.provenance import Frozen
from startex.sources.claims import EdtfDate

Take = Literal["stated", "lowest", "highest", "sample"]
"""The claim of best rank and latest date as stated; the least or greatest value stated; a uniform
draw between these two."""


class Reference(Frozen):
    """A statement of a claim: the only one, or the one with that subject and field."""

    claim: Id
    subject: str = ""
    field: str = ""


class Candidate(Frozen):
    """What a figure may be: a statement of a claim, or an assumption with its reason."""

    claim: str = ""
    subject: str = ""
    field: str = ""
    value: float | None = None
    date: EdtfDate = ""
    assumed: str = ""

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Candidate:
        assumption = self.value is not None or bool(self.date)
        if bool(self.claim) == assumption:
            raise ValueError("give a candidate either a 'claim' or a 'value' that is 'assumed'")
        if assumption and not self.assumed.strip():
            raise ValueError("an assumed value wants a reason: add 'assumed: why'")
        return self


class ScenarioFigure(Frozen):
    """A figure of the exercise that claims, or other figures, give.

    Attributes
    ----------
    figure, name, unit
        Id, words, unit; unit ``date`` for dates.
    counting_rule
        What it means to count; claims of other rules may stand among the candidates, and what
        was used is recorded.
    whole
        Whether only whole numbers make sense.
    candidates
        Claims that give it, or an assumption.
    plus, minus
        Figures that it is computed from, where there are no candidates.
    """

    figure: Id
    name: str
    unit: str
    counting_rule: str = ""
    whole: bool = True
    candidates: tuple[Candidate, ...] = ()
    plus: tuple[Id, ...] = ()
    minus: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _given_or_computed(self) -> ScenarioFigure:
        if bool(self.candidates) == bool(self.plus):
            raise ValueError("give a figure either 'candidates' or a sum ('plus', 'minus')")
        return self


class Rule(Frozen):
    """One rule of a policy; it holds for ``figures`` (none named: all).

    ``claim``, ``origins`` (in order of preference) and ``counting_rules`` narrow the candidates;
    where none is left the next rule is tried. ``take`` says what is made of those left.
    """

    figures: tuple[Id, ...] = ()
    claim: str = ""
    origins: tuple[Id, ...] = ()
    counting_rules: tuple[str, ...] = ()
    take: Take = "stated"


class Policy(Frozen):
    """A named way of choosing; the first rule that leaves a candidate decides.

    ``extends`` names a policy whose rules follow its own.
    """

    policy: Id
    name: str
    summary: str
    extends: str = ""
    rules: tuple[Rule, ...] = Field(default=())
