"""Distributions of factors: bounded, given by their quantiles, so that any design can sample them.

Equations, ``u`` in [0, 1], bounds ``a`` and ``b``::

    uniform      x = a + u (b - a)
    triangular   x = a + sqrt(u (b - a)(m - a))            for u <= (m - a)/(b - a), mode m
                 x = b - sqrt((1 - u)(b - a)(b - m))       else
    normal       x = mu + s z, Phi(z) = Phi(za) + u (Phi(zb) - Phi(za)), za = (a - mu)/s, ...
    log_uniform  x = a (b / a)^u
    integers     x = min(floor(a + u (b - a + 1)), b)
    levels       the entry floor(u n) of n, each as likely

Source: Johnson, Kotz and Balakrishnan, "Continuous Univariate Distributions", chapters 13, 14, 26
(truncated normal, log-uniform by transformation); quantiles of the normal by SciPy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from startex.foundation.errors import UsageError, did_you_mean

Float64 = npt.NDArray[np.float64]
Kind = Literal["uniform", "triangular", "normal", "log_uniform", "integers", "levels"]
Level = float | int | str

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "sd", "low", "high"),
    "log_uniform": ("low", "high"),
    "integers": ("low", "high"),
    "levels": ("level", "..."),
}
"""Kinds of distribution, and what each is given, in this order."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A bounded distribution.

    Parameters
    ----------
    kind
        One of `ARGUMENTS`.
    arguments
        Its numbers in the order of `ARGUMENTS`; of ``levels``, numbers or words.
    whole
        Whether values are rounded to whole numbers; a uniform one then gives each the same chance.

    Raises
    ------
    UsageError
        If they do not fit.
    """

    kind: Kind
    arguments: tuple[Level, ...]
    whole: bool = False

    def __post_init__(self) -> None:
        wrong = self._wrong()
        if wrong:
            form = f"{self.kind}({', '.join(ARGUMENTS.get(self.kind, ()))})"
            raise UsageError(f"{self}: {wrong}; wanted: {form}")

    def _wrong(self) -> str:
        values = self.arguments
        if self.kind == "levels":
            mixed = len({isinstance(value, str) for value in values}) != 1
            checks = [
                (not values, "no level is given"),
                (len(set(values)) < len(values), "a level is given twice"),
                (mixed, "words and numbers mix"),
            ]
            return next((why for wrong, why in checks if wrong), "")
        if len(values) != len(ARGUMENTS[self.kind]):
            return f"{len(values)} numbers"
        if not all(isinstance(v, int | float) and math.isfinite(v) for v in values):
            return "not all are numbers"
        if not self.low < self.high:
            return f"the lower end {self.low:g} is not below the upper end {self.high:g}"
        return self._wrong_shape(self.low, self.high)

    def _wrong_shape(self, low: float, high: float) -> str:
        second = float(self.arguments[1])
        if self.kind == "normal" and second <= 0.0:
            return "the standard deviation is not positive"
        broken = self.kind == "integers" and (low != round(low) or high != round(high))
        checks = [
            (self.kind == "triangular" and not low <= second <= high, "the mode is outside"),
            (self.kind == "normal" and self._share() <= 0.0, "the ends leave nothing of it"),
            (self.kind == "log_uniform" and low <= 0.0, "the lower end is not positive"),
            (broken, "the ends are not whole"),
            (self.whole and math.ceil(low) > math.floor(high), "no whole number is between"),
        ]
        return next((why for wrong, why in checks if wrong), "")

    @property
    def low(self) -> float:
        """Least value; nan of words."""
        if self.kind == "levels":
            return math.nan if self.words else min(float(v) for v in self.arguments)
        return float(self.arguments[2 if self.kind == "normal" else 0])

    @property
    def high(self) -> float:
        """Greatest value; nan of words."""
        if self.kind == "levels":
            return math.nan if self.words else max(float(v) for v in self.arguments)
        return float(self.arguments[-1])

    @property
    def words(self) -> bool:
        """Whether its values are words."""
        return any(isinstance(value, str) for value in self.arguments)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The only values there are; empty where there are more than can be listed."""
        if self.kind == "levels":
            return self.arguments
        if self.kind == "integers":
            return tuple(range(int(self.low), int(self.high) + 1))
        return ()

    def _first_and_number(self) -> tuple[int, int] | None:
        """Return the first whole number and how many there are, where each is as likely."""
        if self.kind == "integers" or (self.kind == "uniform" and self.whole):
            first = math.ceil(self.low)
            return first, math.floor(self.high) - first + 1
        return None

    def __str__(self) -> str:
        shown = ", ".join(v if isinstance(v, str) else f"{v:g}" for v in self.arguments)
        return f"{self.kind}({shown})"

    def _share(self) -> float:
        """Return how much of a normal distribution lies between the ends."""
        mean, sd, low, high = (float(v) for v in self.arguments)
        first, last = (low - mean) / sd, (high - mean) / sd
        if first > 0.0:  # in the tail that is nearer, where differences do not cancel
            first, last = -last, -first
        return float(special.ndtr(last) - special.ndtr(first))

    def quantile(self, u: npt.ArrayLike) -> list[Level]:
        """Return the value at each share ``u``, 0 to 1, shape (n,)."""
        share = np.clip(np.asarray(u, dtype=np.float64), 0.0, 1.0)
        if self.kind == "levels":
            index = np.minimum((share * len(self.arguments)).astype(int), len(self.arguments) - 1)
            return [self.arguments[i] for i in index.tolist()]
        run = self._first_and_number()
        if run is not None:
            index = np.minimum((share * run[1]).astype(np.int64), run[1] - 1)
            return [run[0] + i for i in index.tolist()]
        low, high = self.low, self.high
        with np.errstate(divide="ignore"):
            values = {
                "uniform": self._uniform, "triangular": self._triangular,
                "normal": self._normal, "log_uniform": self._log_uniform,
            }[self.kind](share)  # fmt: skip
        drawn = np.clip(values, low, high).tolist()
        return [round(value) for value in drawn] if self.whole else drawn

    def _uniform(self, u: Float64) -> Float64:
        return self.low + u * (self.high - self.low)

    def _log_uniform(self, u: Float64) -> Float64:
        result: Float64 = self.low * np.exp(u * math.log(self.high / self.low))
        return result

    def _triangular(self, u: Float64) -> Float64:
        low, mode, high = (float(v) for v in self.arguments)
        rise, fall = (high - low) * (mode - low), (high - low) * (high - mode)
        result: Float64 = np.where(
            u * (high - low) <= mode - low,
            low + np.sqrt(u * rise),
            high - np.sqrt((1.0 - u) * fall),
        )
        return result

    def _normal(self, u: Float64) -> Float64:
        mean, sd, low, high = (float(v) for v in self.arguments)
        first, last = (low - mean) / sd, (high - mean) / sd
        if first > 0.0:  # both ends in the upper tail: mirrored, where differences do not cancel
            below = special.ndtr(-last) + (1.0 - u) * (special.ndtr(-first) - special.ndtr(-last))
            result: Float64 = mean - sd * special.ndtri(below)
            return result
        below = special.ndtr(first) + u * (special.ndtr(last) - special.ndtr(first))
        result = mean + sd * special.ndtri(below)
        return result


def evenly(distribution: Distribution, points: int) -> list[Level]:
    """Return values at even steps of share from end to end: all levels where there are levels."""
    if distribution.levels:
        return list(distribution.levels)
    return list(dict.fromkeys(distribution.quantile(np.linspace(0.0, 1.0, points))))


def distribution(kind: str, arguments: Sequence[Level]) -> Distribution:
    """Return the distribution of that name.

    Raises
    ------
    UsageError
        If there is none, or its numbers do not fit.
    """
    if kind not in ARGUMENTS:
        raise UsageError(f"no distribution {kind!r}: {did_you_mean(kind, ARGUMENTS)}")
    return Distribution(kind, tuple(arguments))  # type: ignore[arg-type]
