"""A figure of a scenario: a value that names its claim, or says why it is assumed."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator


class Frozen(BaseModel):
    """Base of everything read from files: immutable, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Provenance(Frozen):
    """Where something comes from: claims by id, or the reason of an assumption."""

    claim: tuple[str, ...] = ()
    assumed: str = ""

    @model_validator(mode="before")
    @classmethod
    def _one_claim_is_a_list(cls, data: object) -> object:
        if isinstance(data, dict) and isinstance(data.get("claim"), str):
            return {**data, "claim": (data["claim"],)}
        return data

    @model_validator(mode="after")
    def _named_or_assumed(self) -> Provenance:
        if not self.claim and not self.assumed.strip():
            raise ValueError(
                "neither a claim nor an assumption is named: add 'claim: ID' or 'assumed: why'"
            )
        return self


class Figure(Provenance):
    """A number with its provenance.

    Attributes
    ----------
    value
        The number, in the unit that the field names. None: taken from the scenario figure
        ``figure``.
    figure
        Id of a scenario figure (figures.yaml) that a policy resolves.
    """

    value: float | None = None
    figure: str = ""

    @model_validator(mode="before")
    @classmethod
    def _a_scenario_figure_is_provenance(cls, data: object) -> object:
        if isinstance(data, dict) and data.get("figure") and not data.get("assumed"):
            return {**data, "assumed": data.get("assumed") or f"figure {data['figure']}"}
        return data

    @model_validator(mode="after")
    def _has_value(self) -> Figure:
        if (self.value is None) == (not self.figure):
            raise ValueError("give either 'value' or 'figure'")
        return self
