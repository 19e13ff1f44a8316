"""The review file: a report, what is proposed of it, and what a person decided, as YAML."""

from __future__ import annotations

from typing import Any, Literal

import yaml
from pydantic import ConfigDict, Field, model_validator

from startex.foundation.document import Document
from startex.foundation.errors import ScenarioError
from startex.foundation.ids import Id
from startex.foundation.provenance import Frozen
from startex.foundation.validate import validate
from startex.foundation.yamlfile import parse_yaml, scalar
from startex.reports.drafts import ProposalKind
from startex.reports.text import Format
from startex.sources.claims import Class, EdtfDate, Origin, Statement

Decision = Literal["undecided", "accept", "correct", "refuse"]
"""``accept``: as proposed; ``correct``: with what ``corrected`` says instead."""

_HEAD = """\
# What is proposed of a report; nothing of it is a claim before a person says so.
# Put for each proposal, behind 'decision':
#   accept    it becomes a claim as it stands
#   correct   it becomes a claim with what you write under 'corrected' (says, said_by, origin,
#             class, note; or quote, start and end of the passage) instead
#   refuse    it becomes nothing
# An origin that is not known yet stands in 'new_origins'; correct its name, kind and nation there.
# Then: startex claims add --decided THIS-FILE --scenario FOLDER
# Leave 'text' as it is: offsets count in it (a line end after each line), its checksum is kept.
"""


class Passage(Frozen):
    """Words of the text and where they stand: characters ``start`` to ``end``, not included."""

    quote: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int = Field(gt=0)


class Near(Frozen):
    """A claim of the scenario that says nearly the same, and why that is thought."""

    claim: str
    because: str


class Correction(Frozen):
    """What a person puts in the place of what was proposed; blank keeps it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    quote: str = ""
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, gt=0)
    says: tuple[Statement, ...] = ()
    class_: Class | None = Field(default=None, alias="class")
    said_by: str = ""
    origin: Id | Literal[""] = ""
    note: str = ""

    @model_validator(mode="after")
    def _whole_passage(self) -> Correction:
        given = (bool(self.quote), self.start is not None, self.end is not None)
        if any(given) and not all(given):
            raise ValueError("another passage wants 'quote', 'start' and 'end'")
        return self


class Proposal(Frozen):
    """A passage that may become a claim.

    Attributes
    ----------
    proposal
        Its number, from 1.
    decision, corrected
        What a person decided.
    quote, start, end
        The words, and where they stand in the text.
    kinds
        What it carries.
    says
        What it is read to say.
    class_
        How it is asserted (``class`` in the file).
    said_by, rests_on, via
        The speaker, the words that rests on, who passes it on.
    origin
        Id of the first speaker.
    undated
        Words about time that were left undated.
    near
        Claims of the scenario that say nearly the same.
    copied_from
        Known report that holds the passage word for word.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    proposal: int = Field(ge=1)
    decision: Decision = "undecided"
    corrected: Correction | None = None
    quote: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    kinds: tuple[ProposalKind, ...] = ()
    says: tuple[Statement, ...] = Field(min_length=1)
    class_: Class = Field(alias="class")
    said_by: str
    rests_on: Passage | None = None
    via: str = ""
    origin: Id | Literal[""] = ""
    undated: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    copied_from: str = ""

    @model_validator(mode="after")
    def _decided_one_way(self) -> Proposal:
        if self.decision == "correct" and (
            self.corrected is None or self.corrected == Correction()
        ):
            raise ValueError("'correct' wants what is put instead under 'corrected'")
        if self.decision != "correct" and self.corrected not in (None, Correction()):
            raise ValueError(f"'corrected' is given, and the decision is {self.decision!r}")
        return self


class Report(Frozen):
    """The report itself, as its line of ``sources.csv`` will have it, and its text's checksum."""

    source: Id
    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    date: EdtfDate = ""
    address: str = ""
    reached_as: str = "original"
    origin: Id
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    characters: int = Field(ge=0)
    read_as: Format = "text"
    extractor: str = "rules"


class Repeats(Frozen):
    """A known report that this one repeats; shares in per cent (see `syndication`)."""

    known: str
    verdict: str
    jaccard_percent: float
    contained_percent: float
    of_this_percent: float
    passages: tuple[Passage, ...] = ()


class ReviewFile(Frozen):
    """Everything in a review file."""

    report: Report
    repeats: tuple[Repeats, ...] = ()
    new_origins: tuple[Origin, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    text: tuple[str, ...]

    @property
    def whole_text(self) -> str:
        """The text, in which offsets count."""
        return "\n".join(self.text)


class _Flow(dict[str, Any]):
    """A mapping that is written in one line."""


class _Dumper(yaml.SafeDumper):
    """Writes text so that the program's own reader gives it back."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Begin entries of lists where their key begins, as all claim files do."""
        super().increase_indent(flow, indentless)


def _text(dumper: Any, text: str) -> Any:
    try:
        plain = scalar(text) == text
    except ValueError:
        plain = False
    style = None if plain and text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _number(dumper: Any, number: float) -> Any:
    if number.is_integer() and abs(number) < 1e15:
        return dumper.represent_scalar("tag:yaml.org,2002:int", str(int(number)))
    digits = repr(number)  # a float without a point would get a tag
    digits = digits if "." in digits else digits.replace("e", ".0e")
    return dumper.represent_scalar("tag:yaml.org,2002:float", digits)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _number)
_Dumper.add_representer(
    _Flow, lambda d, data: d.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)
_Dumper.add_representer(
    tuple, lambda d, data: d.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def to_yaml(data: Any) -> str:
    """Return plain data as YAML that `foundation.yamlfile` reads back; tuples stand in one line."""
    written: str = yaml.dump(
        data,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=2**31,
        default_flow_style=False,
    )
    return written


def statement_data(said: Statement) -> dict[str, Any]:
    """Return a statement as it is written in files: one line, nothing that says nothing."""
    return _Flow(said.model_dump(exclude_defaults=True))


def write_review(review: ReviewFile) -> str:
    """Return a review file as text."""
    parts = [
        {"report": review.report.model_dump()},
        {"repeats": [_repeats(each) for each in review.repeats]},
        {"new_origins": [_Flow(each.model_dump()) for each in review.new_origins]},
        {"proposals": [_proposal(each) for each in review.proposals]},
        {"text": list(review.text)},
    ]
    return _HEAD + "\n" + "\n".join(to_yaml(part) for part in parts if part)


def _repeats(each: Repeats) -> dict[str, Any]:
    return {**each.model_dump(), "passages": [_Flow(p.model_dump()) for p in each.passages]}


def _proposal(each: Proposal) -> dict[str, Any]:
    data: dict[str, Any] = {
        "proposal": each.proposal,
        "decision": each.decision,
        "corrected": _correction(each.corrected) if each.corrected else None,
        "quote": each.quote,
        "start": each.start,
        "end": each.end,
        "kinds": each.kinds,
        "says": [statement_data(said) for said in each.says],
        "class": each.class_,
        "said_by": each.said_by,
        "rests_on": _Flow(each.rests_on.model_dump()) if each.rests_on else None,
        "via": each.via,
        "origin": each.origin,
        "undated": each.undated,
        "near": [_Flow(near.model_dump()) for near in each.near],
        "copied_from": each.copied_from,
    }
    always = ("origin",)
    return {
        key: value
        for key, value in data.items()
        if value not in (None, "", (), []) or key in always
    }


def _correction(each: Correction) -> dict[str, Any]:
    data = each.model_dump(by_alias=True, exclude_defaults=True)
    if each.says:
        data["says"] = [statement_data(said) for said in each.says]
    return data


def read_review(text: str, file: str) -> tuple[ReviewFile, Document]:
    """Return a review file and where everything stands in it.

    Parameters
    ----------
    text
        The file's text.
    file
        What to call it in problems.

    Raises
    ------
    ScenarioError
        With every problem, file and line.
    """
    document = parse_yaml(text, file)
    review, problems = validate(ReviewFile, document)
    if review is None:
        raise ScenarioError(problems)
    return review, document
