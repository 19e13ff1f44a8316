"""A figure of a scenario: a value that names its claim, or says why it is assumed."""

from __future__ import annotations

from pydantic import model_validator

from startex.foundation.provenance import Provenance


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
