"""What was said about an exercise: claims with their quotes, sources and origins.

A claim is one quoted passage. What it says stands in `Statement` s: subject, field and a value,
each an interval where the words are ("more than", "up to", "about"). Who says so comes on three
levels: the *source* is the publication, ``said_by`` the speaker as the publication names him,
and the *origin* the first speaker, so that ten papers that repeat one ministry count once.
"""

from __future__ import annotations

import math
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from startex.foundation.ids import Id
from startex.foundation.provenance import Frozen
from startex.foundation.quantities import UNITS
from startex.sources.edtf import edtf_bounds

Kind = Literal["seed", "source", "background", "arithmetic"]
"""Founding report, other publication, knowledge of ours without a source, computed here."""

Class = Literal["fact", "attributed", "inference"]
"""Stated as fact, attributed or attributable to a party, or the writer's own reading."""

Wording = Literal["verbatim", "summary", "note"]
"""Words of the source, what the record says the source says, or words of the record itself."""

Bound = Literal["exactly", "more than", "at least", "less than", "up to", "about", "between"]

CountingRule = Literal[
    "announced_total",  # the host's total for the whole exercise, all nations
    "announced_national",  # announced for one nation
    "announced_foreign",  # announced for all visiting nations together
    "actively_involved",  # an estimate of those really taking part
    "observed",  # counted by an observer at a place and time
    "named",  # counted in a list of names
    "episode",  # those in one serial of the exercise
]
"""What a count counts. Values of different rules are never merged."""

Rank = Literal["preferred", "normal", "deprecated"]
Confidence = Literal["high", "medium", "low", ""]


def _edtf(text: str) -> str:
    if text:
        edtf_bounds(text)
    return text


EdtfDate = Annotated[str, AfterValidator(_edtf)]
"""An EDTF date, or blank where none was seen."""


class Statement(Frozen):
    """One thing that a claim says: ``subject``'s ``field`` is a number, a date, a text or a list.

    Attributes
    ----------
    subject
        What it is about: ``exercise``, ``china``, ``vostok-2018`` ...
    field
        Which property of it.
    value
        The number as stated, in ``unit``.
    low, high
        Ends of the interval, where ``bound`` is ``between``; either may narrow another bound.
    bound
        How the words bound the number.
    unit
        Singular word or SI symbol; empty for a bare number.
    counting_rule
        What a count counts.
    date
        EDTF date, where the statement is one, or the time at which the value held.
    text
        The value in words, where it is neither number nor date.
    items
        The values, where the statement is a list.
    """

    subject: Id
    field: Id
    value: float | None = None
    low: float | None = None
    high: float | None = None
    bound: Bound = "exactly"
    unit: str = ""
    counting_rule: CountingRule | Literal[""] = ""
    date: EdtfDate = ""
    text: str = ""
    items: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Statement:
        numeric = self.value is not None or self.low is not None or self.high is not None
        if not (numeric or self.date or self.text or self.items):
            raise ValueError("says nothing: give a value, a date, a text or items")
        if self.bound == "between" and (self.low is None or self.high is None):
            raise ValueError("'between' wants both 'low' and 'high'")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low:g} lies above high {self.high:g}")
        return self

    @property
    def numeric(self) -> bool:
        """Whether the statement is a number or an interval."""
        return self.value is not None or self.low is not None or self.high is not None

    @property
    def interval(self) -> tuple[float, float]:
        """Low and high end (infinite where open) that the words allow.

        ``about`` means every number that rounds to the value at its last significant digit.
        """
        low, high = -math.inf, math.inf
        if self.value is not None:
            half = _half_digit(self.value) if self.bound == "about" else 0.0
            if self.bound in ("exactly", "about", "more than", "at least"):
                low = self.value - half
            if self.bound in ("exactly", "about", "less than", "up to"):
                high = self.value + half
        low = low if self.low is None else self.low
        high = high if self.high is None else self.high
        return low, high

    @property
    def stated(self) -> float:
        """The number as stated: of an interval with one finite end, that end.

        The middle of an interval with two, where no value was stated.

        Raises
        ------
        ValueError
            If the statement holds no number.
        """
        if self.value is not None:
            return self.value
        low, high = self.interval
        if math.isfinite(low) and math.isfinite(high):
            return (low + high) / 2.0
        if math.isfinite(low) or math.isfinite(high):
            return low if math.isfinite(low) else high
        raise ValueError(f"{self.subject}.{self.field} holds no number")

    @property
    def number_text(self) -> str:
        """The number, or the ends of the interval, in digits; empty where there is neither."""
        if self.value is not None:
            return f"{self.value:,.10g}"
        if self.low is None or self.high is None:
            end = self.low if self.high is None else self.high
            word = "at least" if self.high is None else "up to"
            return "" if end is None else f"{word} {end:,.10g}"
        return f"{self.low:,.10g} to {self.high:,.10g}"

    def allows(self, number: float) -> bool:
        """Return whether a number lies within what the words allow."""
        low, high = self.interval
        if number == self.value and self.bound in ("more than", "less than"):
            return False
        return low <= number <= high

    def __str__(self) -> str:
        if self.numeric:
            whole = self.value is None or self.bound in ("exactly", "between")
            words = "" if whole else f"{self.bound} "
            return f"{words}{self.number_text} {plural(self.unit, self.value)}".rstrip()
        return self.text or ", ".join(self.items) or self.date


def plural(unit: str, number: float | None) -> str:
    """Return a unit as it stands after a number: words in the plural, symbols as they are."""
    same = number == 1 or not unit or unit in UNITS or unit in ("aircraft", "percent")
    return unit if same else f"{unit}s"


def _half_digit(value: float) -> float:
    digits = f"{abs(value):.12g}"
    if "e" in digits:
        return 0.0
    if "." in digits:
        return float(0.5 * 10.0 ** -len(digits.partition(".")[2]))
    zeros = len(digits) - len(digits.rstrip("0"))
    return float(0.5 * 10.0**zeros) if value else 0.0


class Claim(Frozen):
    """One quoted passage and what it says.

    Attributes
    ----------
    claim
        Id.
    kind, class_
        Where it comes from, and how it is asserted (``class`` in files).
    quote
        The words; an omission is written ``[…]``.
    wording
        Whose words the quote is.
    content
        What else the record holds of this source.
    note
        How the passage is to be read.
    says
        What it says, one statement a property.
    said_by
        The speaker as the source names him.
    source, origin
        Ids of the publication and of the first speaker.
    asserted
        EDTF date on which it was said.
    confidence
        Grade of the record; blank: not graded.
    rank, rank_reason
        ``deprecated`` claims are kept and never used for a value; the reason says why.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    claim: Id
    kind: Kind
    class_: Class = Field(alias="class")
    quote: str
    wording: Wording = "verbatim"
    content: str = ""
    note: str = ""
    says: tuple[Statement, ...] = Field(min_length=1)
    said_by: str
    source: Id
    origin: Id
    asserted: EdtfDate = ""
    confidence: Confidence = ""
    rank: Rank = "normal"
    rank_reason: str = ""

    @model_validator(mode="after")
    def _quoted_and_reasoned(self) -> Claim:
        if not self.quote.strip():
            raise ValueError("the quote is empty: give the words that say so")
        if self.rank != "normal" and not self.rank_reason.strip():
            raise ValueError(f"rank {self.rank} without a reason: add 'rank_reason'")
        return self

    @property
    def subjects(self) -> tuple[str, ...]:
        """What the claim is about, each once, in the order of its statements."""
        return tuple(dict.fromkeys(statement.subject for statement in self.says))

    def find(self, subject: str = "", field: str = "") -> tuple[Statement, ...]:
        """Return the statements with that subject and field; blank means any."""
        return tuple(
            statement
            for statement in self.says
            if subject in ("", statement.subject) and field in ("", statement.field)
        )


class Source(Frozen):
    """A publication: one line of ``sources.csv``.

    Attributes
    ----------
    source, title, publisher
        Id, what it is, who published it.
    date
        EDTF date of publication, blank where none was seen.
    address
        Where it can be found.
    reached_as
        What was seen: ``original``, ``reprint``, ``translation``, ``excerpt`` ...
    derived_from
        Sources whose text it repeats.
    origin
        First speaker of most of it; a claim may name another.
    note
        Anything else.
    """

    source: Id
    title: str
    publisher: str
    date: EdtfDate = ""
    address: str = ""
    reached_as: str = ""
    derived_from: tuple[str, ...] = ()
    origin: Id
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _split(cls, data: object) -> object:
        if isinstance(data, dict) and isinstance(data.get("derived_from"), str):
            parts = tuple(part.strip() for part in data["derived_from"].split(";") if part.strip())
            return {**data, "derived_from": parts}
        return data


class Origin(Frozen):
    """A first speaker: one line of ``origins.csv``."""

    origin: Id
    name: str
    kind: str
    nation: str = ""


def natural_key(text: str) -> tuple[tuple[int, int | str], ...]:
    """Return a sort key under which ``S000-2`` stands before ``S000-10``."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((0, int(part)) if part.isdigit() else (1, part) for part in parts)
