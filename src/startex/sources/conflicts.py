"""Conflicts between claims: the sides, what was made of it, and which figures hang on it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from startex.foundation.ids import Id
from startex.foundation.provenance import Frozen

State = Literal["resolved", "consistent", "unresolved"]
"""Settled for one side, no contradiction on a close look, or left open."""


class Side(Frozen):
    """One side of a conflict.

    Attributes
    ----------
    says
        What the side says.
    claims
        The claims that say so.
    """

    says: str = Field(min_length=1)
    claims: tuple[Id, ...] = Field(min_length=1)


class Conflict(Frozen):
    """Claims that do not agree.

    Attributes
    ----------
    conflict, topic
        Id and what it is about.
    sides
        Who says what; one side where the conflict is with what the claim itself says.
    resolution
        What was made of it, and why.
    state
        Whether that settles it.
    fields
        The contested properties, ``subject.field``.
    figures
        Scenario figures whose value hangs on it.
    """

    conflict: Id
    topic: str
    sides: tuple[Side, ...] = Field(min_length=1)
    resolution: str = Field(min_length=1)
    state: State = "resolved"
    fields: tuple[str, ...] = ()
    figures: tuple[Id, ...] = ()

    @property
    def claims(self) -> tuple[str, ...]:
        """All claims of all sides, each once."""
        return tuple(dict.fromkeys(claim for side in self.sides for claim in side.claims))

    def against(self, claim: str) -> tuple[str, ...]:
        """Return the claims of the sides that ``claim`` is not on."""
        others = [side for side in self.sides if claim not in side.claims]
        return tuple(dict.fromkeys(other for side in others for other in side.claims))
