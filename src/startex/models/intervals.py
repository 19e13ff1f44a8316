"""Confidence intervals: means (t), shares (Wilson, exact), rates (exact), quantiles (order).

Equation::

    mean     x +- t_{n-1, 1-a/2} S / sqrt(n)
    Wilson   (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)
    exact    quantiles a/2 of Beta(k, n-k+1) and 1-a/2 of Beta(k+1, n-k)
    rate     quantiles a/2 of chi2(2k) and 1-a/2 of chi2(2k+2), over twice the exposure
    quantile [x_(r), x_(s)]: P(B <= r-1) <= a/2, P(B >= s) <= a/2, B binomial (n, q)

``n`` replications, ``S`` their standard deviation, ``k`` successes or events, ``p = k/n``, ``z``
and ``t`` quantiles, ``1 - a`` the confidence, ``x_(i)`` the i-th smallest, ``q`` the share below.

Source: Law, "Simulation Modeling and Analysis", chapter 4; Wilson, J. Am. Stat. Assoc. 22 (1927);
Clopper and Pearson, Biometrika 26 (1934); Garwood, Biometrika 28 (1936); Conover, "Practical
Nonparametric Statistics", chapter 3 (quantiles). Quantiles by SciPy.

Validity: independent replications; the t interval for means that are nearly normal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Limits of a confidence interval; arrays of one shape."""

    lower: Float64
    upper: Float64


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """A mean with its interval; arrays of the leading shape of the observations."""

    mean: Float64
    variance: Float64
    half_width: Float64

    @property
    def lower(self) -> Float64:
        """Lower limit."""
        return self.mean - self.half_width

    @property
    def upper(self) -> Float64:
        """Upper limit."""
        return self.mean + self.half_width


def t_interval(observations: npt.ArrayLike, confidence: npt.ArrayLike = 0.95) -> MeanInterval:
    """Return mean, variance and half-width over the last axis (two observations or more)."""
    x = samples("observations", observations)
    mean, variance = x.mean(axis=-1), x.var(axis=-1, ddof=1)
    number = x.shape[-1]
    half = t_quantile(number - 1.0, confidence) * np.sqrt(variance / number)
    return MeanInterval(*np.broadcast_arrays(mean, variance, half))


def wilson_interval(
    successes: npt.ArrayLike, number: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Interval:
    """Return Wilson's interval of a share; arguments broadcast."""
    k, n = _counts(successes, number)
    z = normal_quantile(confidence)
    p, over = k / n, z**2 / n
    centre = (p + 0.5 * over) / (1.0 + over)
    half = np.sqrt(p * (1.0 - p) * over + 0.25 * over**2) / (1.0 + over)
    lower, upper = np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)
    return Interval(
        *np.broadcast_arrays(np.where(k == 0, 0.0, lower), np.where(k == n, 1.0, upper))
    )


def clopper_pearson_interval(
    successes: npt.ArrayLike, number: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Interval:
    """Return the exact interval of a share: never covers less than promised; broadcasts."""
    k, n = _counts(successes, number)
    tail = 0.5 - 0.5 * level(confidence)
    k, n, tail = np.broadcast_arrays(k, n, tail)
    none, every = k == 0, k == n
    lower = special.betaincinv(np.where(none, 1.0, k), n - k + 1.0, tail)
    upper = special.betaincinv(k + 1.0, np.where(every, 1.0, n - k), 1.0 - tail)
    return Interval(np.where(none, 0.0, lower), np.where(every, 1.0, upper))


def poisson_rate_interval(
    events: npt.ArrayLike, exposure: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Interval:
    """Return the exact interval of a rate of events, a unit of ``exposure``; broadcasts."""
    k, time, tail = np.broadcast_arrays(
        whole("events", events, 0),
        within("exposure", exposure, 0, above=True),
        0.5 - 0.5 * level(confidence),
    )
    none = k == 0
    lower = special.gammaincinv(np.where(none, 1.0, k), tail) / time
    return Interval(np.where(none, 0.0, lower), special.gammainccinv(k + 1.0, tail) / time)


@dataclass(frozen=True, slots=True)
class QuantileInterval:
    """A quantile with its interval; arrays of the leading shape of the observations."""

    value: Float64
    lower: Float64
    upper: Float64


def quantile_interval(
    observations: npt.ArrayLike, share: float = 0.5, confidence: float = 0.95
) -> QuantileInterval:
    """Return the value that a share of a distribution lies below, over the last axis.

    Whatever the distribution, the interval covers no less than promised. A limit is nan where the
    observations are too few to have one (fewer than 6 for the median at 95 %).

    Parameters
    ----------
    observations
        One or more, independent, on the last axis.
    share
        Above 0 and below 1; 0.5 for the median.
    confidence
        Above 0 and below 1.
    """
    x = np.sort(samples("observations", observations, 1), axis=-1)
    q = float(within("share", share, 0, 1, above=True, below=True))
    tail = 0.5 - 0.5 * float(level(confidence))
    number = x.shape[-1]
    below = special.bdtr(np.arange(number, dtype=np.float64), number, q)
    first = int((below <= tail).sum())  # rank, from 1; 0: none
    last = int((below < 1.0 - tail).sum()) + 1
    none = np.full(x.shape[:-1], np.nan)
    return QuantileInterval(
        np.asarray(np.quantile(x, q, axis=-1)),
        x[..., first - 1] if first else none,
        x[..., last - 1] if last <= number else none,
    )


def level(confidence: npt.ArrayLike) -> Float64:
    """Return confidences after checking that they lie between 0 and 1."""
    return within("confidence", confidence, 0, 1, above=True, below=True)


def normal_quantile(confidence: npt.ArrayLike) -> Float64:
    """Return z such that a normal variable lies within +-z with this confidence."""
    quantile: Float64 = special.ndtri(0.5 + 0.5 * level(confidence))
    return quantile


def t_quantile(freedom: npt.ArrayLike, confidence: npt.ArrayLike) -> Float64:
    """Return t such that Student's variable lies within +-t with this confidence; broadcasts."""
    quantile: Float64 = special.stdtrit(
        within("freedom", freedom, 0, above=True), 0.5 + 0.5 * level(confidence)
    )
    return quantile


def samples(name: str, observations: npt.ArrayLike, least: int = 2) -> Float64:
    """Return observations after checking that the last axis holds at least ``least`` of them."""
    x = within(name, observations)
    if x.ndim == 0 or x.shape[-1] < least:
        raise OutsideValidityError(
            f"{name} have shape {x.shape}; the last axis holds {least} replications or more"
        )
    return x


def _counts(successes: npt.ArrayLike, number: npt.ArrayLike) -> tuple[Float64, Float64]:
    k, n = np.broadcast_arrays(whole("successes", successes, 0), whole("number", number, 1))
    within("successes / number", k / n, 0, 1)
    return k, n
