"""What a scenario says about forces: unit lines, templates and types, as read from files."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from startex.foundation.ids import Id
from startex.foundation.provenance import ClaimIds, Frozen, Provenance
from startex.sources.figures import Figure

Kind = Literal["vehicle", "aircraft", "ship", "team", "train", "target", "parachute"]
"""Kinds of platform; a person is the other kind of entity."""

PLATFORM_KINDS: tuple[str, ...] = (
    "vehicle",
    "aircraft",
    "ship",
    "team",
    "train",
    "target",
    "parachute",
)
KINDS: tuple[str, ...] = ("person", *PLATFORM_KINDS)
"""Every kind of entity; the position is the code in `Force.kind`."""


class Part(Frozen):
    """So many of one template, or of one platform type, within a unit or a template.

    ``persons`` is the size of a team, or the crew of a platform, where it differs from the
    catalogue. ``names`` gives each its own name (ships); the count then follows from it.
    """

    template: str = ""
    platform: str = ""
    name: str = ""
    names: tuple[str, ...] = ()  # one name for each, e.g. ships' names; then count = len(names)
    count: int = Field(default=1, ge=0)
    persons: int | None = Field(default=None, ge=0)
    claim: ClaimIds = ()
    assumed: str = ""

    @model_validator(mode="after")
    def _template_or_platform(self) -> Part:
        if bool(self.template) == bool(self.platform):
            raise ValueError("give either 'template' or 'platform'")
        if self.names and "count" in self.model_fields_set and self.count != len(self.names):
            raise ValueError(f"count is {self.count}, but there are {len(self.names)} names")
        return self

    @property
    def number(self) -> int:
        """How many."""
        return len(self.names) or self.count


class Template(Frozen):
    """A notional unit: what a company, platoon, crew or squad consists of."""

    template: Id
    name: str = Field(min_length=1)
    echelon: str
    symbol: str  # entity code of the 20-digit SIDC, digits 11-16 (APP-6D / 2525D, land units)
    parts: tuple[Part, ...] = ()
    provenance: Provenance


class UnitLine(Frozen):
    """A line of the order of battle.

    ``persons`` and ``ground`` are totals to be met exactly: ``parts`` first, then as many of
    ``fill`` as are needed, the last one trimmed.
    """

    unit: Id
    name: str = Field(min_length=1)
    parent: str = ""
    nation: str = Field(pattern="^[A-Z]{3}$")
    owner_nation: str = ""  # of the vehicles, where they are issued by another nation
    side: str
    echelon: str
    symbol: str = ""
    home: str = ""  # place id: where the unit stands at the start, and returns to
    counted: bool = True
    persons: Figure | None = None
    ground: Figure | None = None
    parts: tuple[Part, ...] = ()
    fill: str = ""  # template for the rest
    scales_with: str = ""  # id of a scenario figure: the line is notional and shrinks with it
    vehicles_at: str = ""  # place id where vehicles await issue, when not with the unit
    provenance: Provenance
