"""What factors do to an outcome, as the analyses of every design tell it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

from startex.ensemble.statistics import Interval
from startex.ensemble.summary import finite

NONE = Interval(math.nan, math.nan, math.nan, "none")

METHODS = {
    "sobol": "Sobol’s indices from a Saltelli design",
    "morris": "Elementary effects (Morris)",
    "one-at-a-time": "One factor at a time",
    "shares": "Shares of variance by factor",
    "none": "No factor varied",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What one factor does.

    Attributes
    ----------
    factor
        Its name.
    first
        Share of the variance that goes with it alone.
    total
        With all its interactions (Sobol designs).
    slope
        Standardised regression coefficient: by how many standard deviations the outcome rises
        with one of the factor. Of two words, from the first to the second in the alphabet.
    mu_star, mu, sigma
        Mean absolute effect of a step, mean effect, and the spread of effects (Morris designs).
    steps
        Changes from the base point: level, and the difference it makes (one at a time).
    """

    factor: str
    first: Interval = NONE
    total: Interval = NONE
    slope: float = math.nan
    mu_star: Interval = NONE
    mu: float = math.nan
    sigma: float = math.nan
    steps: tuple[tuple[str, Interval], ...] = ()

    def renamed(self, name: str) -> Effect:
        """Return the same effect of a factor that is called otherwise."""
        return replace(self, factor=name)

    @property
    def rank(self) -> float:
        """What effects are ordered by."""
        size = [abs(step.value) for _, step in self.steps]
        for found in (self.total.value, self.first.value, self.mu_star.value, *size):
            if not math.isnan(found):
                return max(found, *size) if size else found
        return 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the effect as plain data, without what this design does not give."""
        data: dict[str, Any] = {"factor": self.factor}
        for name in ("first", "total", "mu_star"):
            found: Interval = getattr(self, name)
            if not math.isnan(found.value):
                data[name] = _ends(found)
        for name in ("slope", "mu", "sigma"):
            if not math.isnan(getattr(self, name)):
                data[name] = getattr(self, name)
        if self.steps:
            data["steps"] = [{"to": to, "difference": _ends(found)} for to, found in self.steps]
        return data


def _ends(found: Interval) -> list[float | None]:
    return [finite(found.value), finite(found.low), finite(found.high)]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What an outcome depends on.

    Attributes
    ----------
    method
        A word of `METHODS`.
    effects
        The greatest first.
    explained
        Share of the variance that a sum of effects explains (adjusted R squared); the rest is
        interaction, bent response and chance. Not a number where the design does not tell.
    chance
        Share of the variance within design points; not a number without replications.
    points
        Runs, design points, blocks or trajectories that it rests on, and the word for them.
    undefined
        Of those, left out because the outcome was not defined there.
    notes
        What a reader must know.
    """

    method: str
    effects: tuple[Effect, ...]
    explained: float
    chance: float
    points: int
    points_word: str
    undefined: int
    notes: tuple[str, ...] = field(default=())

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The effects as plain data, the greatest first."""
        return [effect.to_json() for effect in self.effects]

    def of(self, factor: str) -> Effect:
        """Return the effect of a factor.

        Raises
        ------
        KeyError
            If it did not vary.
        """
        for effect in self.effects:
            if effect.factor == factor:
                return effect
        raise KeyError(factor)

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "method": self.method,
            "effects": self.rows,
            "explained": finite(self.explained),
            "chance": finite(self.chance),
            "points": self.points,
            "points_are": self.points_word,
            "undefined": self.undefined,
            "notes": list(self.notes),
        }
