"""Two plans compared: paired t, Welch, and what common random numbers save.

Equation::

    paired   D +- t_{n-1} S_D / sqrt(n)        (same random numbers in pair i)
    Welch    x - y +- t_f sqrt(S_x^2/n + S_y^2/m)
    f = (S_x^2/n + S_y^2/m)^2 / ((S_x^2/n)^2/(n-1) + (S_y^2/m)^2/(m-1))
    Var(X - Y) = Var X + Var Y - 2 Cov(X, Y)
    exponential times by inversion, rates l and m:
        Cov = 1 / (l m) with common U,  (1 - pi^2/6) / (l m) with U and 1 - U

Source: Law, "Simulation Modeling and Analysis", chapters 10 and 11; Welch, Biometrika 34 (1947).
Quantiles by SciPy.

Validity: replications independent of each other; means nearly normal. Common random numbers help
where both plans answer alike to them; a negative correlation makes it worse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from startex.foundation.errors import OutsideValidityError
from startex.models.intervals import samples, t_quantile
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """First plan less second; arrays of the leading shape of the observations.

    ``statistic`` is t and ``p_value`` two-sided, for no difference; both nan where nothing
    varies and the means are equal.
    """

    mean: Float64
    half_width: Float64
    statistic: Float64
    freedom: Float64
    p_value: Float64

    @property
    def lower(self) -> Float64:
        """Lower limit of the difference."""
        return self.mean - self.half_width

    @property
    def upper(self) -> Float64:
        """Upper limit of the difference."""
        return self.mean + self.half_width


@dataclass(frozen=True, slots=True)
class DifferenceVariance:
    """Variance of the difference of two plans by how they draw; arrays of one shape."""

    independent: Float64
    common: Float64
    antithetic: Float64

    @property
    def ratio(self) -> Float64:
        """Variance with common random numbers over that with independent ones."""
        return self.common / self.independent


def paired_t(
    first: npt.ArrayLike, second: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Difference:
    """Return the paired comparison over the last axis: replication i of both drew alike."""
    x, y = _pairs(first, second)
    apart = x - y
    number = apart.shape[-1]
    square = apart.var(axis=-1, ddof=1) / number
    return _difference(apart.mean(axis=-1), square, np.asarray(number - 1.0), confidence)


def welch(
    first: npt.ArrayLike, second: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Difference:
    """Return the comparison of independent replications, of any two numbers, unequal variances."""
    x, y = samples("first", first), samples("second", second)
    n, m = x.shape[-1], y.shape[-1]
    square_x, square_y = x.var(axis=-1, ddof=1) / n, y.var(axis=-1, ddof=1) / m
    square = np.asarray(square_x + square_y)
    some = square > 0
    under = square_x**2 / (n - 1.0) + square_y**2 / (m - 1.0)
    freedom = np.where(some, square**2 / np.where(some, under, 1.0), n + m - 2.0)
    return _difference(x.mean(axis=-1) - y.mean(axis=-1), square, freedom, confidence)


def variance_ratio(first: npt.ArrayLike, second: npt.ArrayLike) -> Float64:
    """Return Var(X - Y) over Var X + Var Y of paired replications, over the last axis.

    Below 1 the pairing saves replications, in that proportion; above 1 it costs them.
    """
    x, y = _pairs(first, second)
    alone = x.var(axis=-1, ddof=1) + y.var(axis=-1, ddof=1)
    both = within("variance of the plans", alone, 0, above=True)
    ratio: Float64 = (x - y).var(axis=-1, ddof=1) / both
    return ratio


def difference_variance(
    first_sigma: npt.ArrayLike, second_sigma: npt.ArrayLike, correlation: npt.ArrayLike
) -> Float64:
    """Return Var(X - Y) of standard deviations and their correlation; arguments broadcast."""
    one, two = within("first_sigma", first_sigma, 0), within("second_sigma", second_sigma, 0)
    variance: Float64 = (
        one**2 + two**2 - 2.0 * within("correlation", correlation, -1, 1) * one * two
    )
    return variance


def exponential_difference_variance(
    first_rate: npt.ArrayLike, second_rate: npt.ArrayLike
) -> DifferenceVariance:
    """Return Var(X - Y) of exponential times drawn by inversion; arguments broadcast."""
    one = 1.0 / within("first_rate", first_rate, 0, above=True)
    two = 1.0 / within("second_rate", second_rate, 0, above=True)
    alone = one**2 + two**2
    return DifferenceVariance(
        *np.broadcast_arrays(
            alone, (one - two) ** 2, alone - 2.0 * (1.0 - np.pi**2 / 6.0) * one * two
        )
    )


def _pairs(first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[Float64, Float64]:
    x, y = samples("first", first), samples("second", second)
    if x.shape[-1] != y.shape[-1]:
        raise OutsideValidityError(
            f"first has {x.shape[-1]} replications, second {y.shape[-1]}; pairs need as many"
        )
    one, two = np.broadcast_arrays(x, y)
    return one, two


def _difference(
    mean: Float64, square: Float64, freedom: Float64, confidence: npt.ArrayLike
) -> Difference:
    error = np.sqrt(square)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = mean / error
    p_value = 2.0 * special.stdtr(freedom, -np.abs(statistic))
    half = t_quantile(freedom, confidence) * error
    return Difference(*np.broadcast_arrays(mean, half, statistic, freedom, p_value))
