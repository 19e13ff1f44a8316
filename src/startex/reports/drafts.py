"""What an extractor is given, and what it gives back: passages with what they are read to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from startex.reports.origins import Origins
from startex.reports.sentences import Span
from startex.reports.text import ReportText
from startex.sources.claims import Class, Statement

ProposalKind = Literal["quantity", "date", "place", "participants", "attribution", "nation"]
"""What a passage carries; ``nation``: it says something of nations, and nothing of the others."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the text.

    Attributes
    ----------
    reported
        EDTF date of the report; blank where it is not known.
    origin
        Id of the report's own origin: who speaks where nobody is named.
    publisher
        Who published it.
    places
        Names of the scenario's places.
    origins
        Finds the known origin that a speaker may be.
    """

    reported: str = ""
    origin: str = ""
    publisher: str = ""
    places: tuple[str, ...] = ()
    origins: Origins = field(default_factory=lambda: Origins({}))


@dataclass(frozen=True, slots=True)
class Draft:
    """A passage that an extractor proposes.

    Attributes
    ----------
    span
        Where it stands.
    kinds
        What it carries.
    says
        What it is read to say; never empty.
    class_
        How it is asserted.
    said_by, rests_on, via
        The speaker, the words that rests on, who passes it on.
    origin
        Id of a known origin, or blank.
    undated
        Words about time that nothing short of a guess would date.
    """

    span: Span
    kinds: tuple[ProposalKind, ...]
    says: tuple[Statement, ...]
    class_: Class
    said_by: str = ""
    rests_on: Span | None = None
    via: str = ""
    origin: str = ""
    undated: tuple[str, ...] = ()


class Extractor(Protocol):
    """Proposes passages of a text; it never decides. Everything it says is put to a person."""

    def extract(self, report: ReportText, context: Context) -> list[Draft]:
        """Return drafts in the order of the text.

        Raises
        ------
        StartexError
            If it cannot do its work; the message says why.
        """


Options = Mapping[str, str]
"""What the caller gives to make an extractor: ``endpoint``, ``model`` ..."""
