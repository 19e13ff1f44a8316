"""What everything read from files has in common, and who says so: claims, or an assumption."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator


class Frozen(BaseModel):
    """Base of everything read from files: immutable, no unknown keys, no numbers without end."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


ClaimIds = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""Ids of claims; a single one may stand without brackets."""


class Provenance(Frozen):
    """Where something comes from.

    Attributes
    ----------
    claim
        Ids of the claims that say so.
    assumed
        Why it is as it is where no claim says so.
    """

    claim: ClaimIds = ()
    assumed: str = ""

    @model_validator(mode="after")
    def _named_or_assumed(self) -> Provenance:
        if not any(name.strip() for name in self.claim) and not self.assumed.strip():
            raise ValueError(
                "neither a claim nor an assumption is named: add 'claim: ID' or 'assumed: why'"
            )
        return self
