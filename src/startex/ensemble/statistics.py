"""Estimates with the intervals that say how sure they are.

Every interval is two-sided. Values that are not a number stand for undefined ones; functions
here take none of them: `defined` parts them, so that somebody has to count them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

Float64 = npt.NDArray[np.float64]

CONFIDENCE = 0.95
"""Of intervals where nobody asks for another."""

RESAMPLES = 1999
"""Of a bootstrap; so many that the ends of a 95 % interval are the 50th and the 1950th."""

_BATCH = 200  # resamples at a time: bounds the memory, and changes no result


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate between two ends.

    Attributes
    ----------
    value
        The estimate.
    low, high
        Ends; infinite where the values are too few to bound it.
    method
        How the ends were found: ``t``, ``Wilson``, ``order statistics``, ``BCa bootstrap``,
        ``paired t``, ``Welch``, ``Newcombe``, ...
    """

    value: float
    low: float
    high: float
    method: str

    @property
    def half(self) -> float:
        """Half the width."""
        return (self.high - self.low) / 2.0

    def excludes(self, value: float) -> bool:
        """Tell whether ``value`` lies outside."""
        return not self.low <= value <= self.high


def defined(values: npt.ArrayLike) -> tuple[Float64, int]:
    """Return the values that are numbers, shape (n,), and how many are not."""
    given = np.asarray(values, dtype=np.float64).ravel()
    there = given[np.isfinite(given)]
    return there, given.size - there.size


def is_proportion(values: Float64) -> bool:
    """Tell whether all values are 0 or 1, so that their mean is a proportion."""
    return bool(values.size) and bool(np.isin(values, (0.0, 1.0)).all())


@cache
def _t(confidence: float, freedom: float) -> float:
    return float(stats.t.ppf((1.0 + confidence) / 2.0, freedom))


def mean_interval(values: npt.ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """Return the mean of independent values and Student's interval around it.

    Parameters
    ----------
    values
        Shape (n,). With fewer than two the interval has no ends.
    confidence
        Between 0 and 1.

    Notes
    -----
    ``mean ± t(n - 1) s / sqrt(n)`` (Student 1908): exact for normal values, near it for others
    as n grows.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.size == 0:
        return Interval(math.nan, -math.inf, math.inf, "t")
    mean = float(x.mean())
    if x.size < 2:
        return Interval(mean, -math.inf, math.inf, "t")
    half = _t(confidence, x.size - 1.0) * float(x.std(ddof=1)) / math.sqrt(x.size)
    return Interval(mean, mean - half, mean + half, "t")


@cache
def _wilson(successes: int, tries: int, confidence: float) -> tuple[float, float]:
    found = stats.binomtest(successes, tries).proportion_ci(confidence, method="wilson")
    return float(found.low), float(found.high)


def proportion_interval(successes: int, tries: int, confidence: float = CONFIDENCE) -> Interval:
    """Return a proportion of independent tries and Wilson's interval around it (Wilson 1927)."""
    if tries == 0:
        return Interval(math.nan, 0.0, 1.0, "Wilson")
    return Interval(successes / tries, *_wilson(successes, tries, confidence), "Wilson")


def centre_interval(
    values: npt.ArrayLike, confidence: float = CONFIDENCE, *, counts: bool = False
) -> Interval:
    """Return the mean: as a proportion where all values are 0 or 1, else as a mean.

    With ``counts`` values are numbers of something: even if they are 0 and 1 they are no
    proportion, because there might be two.
    """
    x = np.asarray(values, dtype=np.float64)
    if is_proportion(x) and not counts:
        return proportion_interval(int(x.sum()), x.size, confidence)
    return mean_interval(x, confidence)


@cache
def _ranks(size: int, p: float, confidence: float) -> tuple[int, int]:
    """Return the 0-based ranks of the order statistics that bound a quantile; -1, n: none."""
    tail = (1.0 - confidence) / 2.0
    low = int(stats.binom.ppf(tail, size, p)) - 1
    if low >= 0 and stats.binom.cdf(low, size, p) > tail:
        low -= 1
    high = int(stats.binom.isf(tail, size, p))
    return low, high


def quantile_interval(values: npt.ArrayLike, p: float, confidence: float = CONFIDENCE) -> Interval:
    """Return a quantile and its interval of order statistics, whatever the distribution.

    Parameters
    ----------
    values
        Shape (n,), independent.
    p
        Of the quantile, between 0 and 1.
    confidence
        Kept or exceeded: ranks are whole. Where even the extremes do not reach it, the end on
        that side is infinite.

    Notes
    -----
    How many values lie below the quantile is binomial (n, p); Conover, Practical Nonparametric
    Statistics (1999), section 3.2; as `scipy.stats.quantile_test`.
    """
    x = np.sort(np.asarray(values, dtype=np.float64))
    if x.size == 0:
        return Interval(math.nan, -math.inf, math.inf, "order statistics")
    low, high = _ranks(x.size, p, confidence)
    return Interval(
        float(np.quantile(x, p)),
        float(x[low]) if low >= 0 else -math.inf,
        float(x[high]) if high < x.size else math.inf,
        "order statistics",
    )


def bootstrap_interval(
    values: npt.ArrayLike,
    statistic: Callable[..., Any] = np.mean,
    confidence: float = CONFIDENCE,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Interval:
    """Return any statistic with its bias-corrected, accelerated bootstrap interval.

    Parameters
    ----------
    values
        Shape (n,), independent.
    statistic
        Takes values and ``axis``.
    seed
        Of the resampling: the same values give the same interval.

    Notes
    -----
    BCa of Efron (1987), by `scipy.stats.bootstrap`. For skewed values, where Student's interval
    lies too far on one side. Values that are all the same have no width.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.size < 2:
        value = float(statistic(x, axis=-1)) if x.size else math.nan
        return Interval(value, -math.inf, math.inf, "BCa bootstrap")
    value = float(statistic(x, axis=-1))
    if x.min() == x.max():
        return Interval(value, value, value, "BCa bootstrap")
    found = stats.bootstrap(
        (x,), statistic, confidence_level=confidence, n_resamples=resamples, batch=_BATCH,
        method="BCa", vectorized=True, rng=np.random.default_rng(seed),
    ).confidence_interval  # fmt: skip
    return Interval(value, float(found.low), float(found.high), "BCa bootstrap")


def half_width(values: npt.ArrayLike, confidence: float = CONFIDENCE) -> float:
    """Return half the width of the interval around the mean: what sequential stopping asks.

    Parameters
    ----------
    values
        Shape (n,); undefined ones (not a number) do not count.
    confidence
        Between 0 and 1.

    Returns
    -------
    Of Wilson's interval where all values are 0 or 1 (which stays open however often the same was
    seen), else of Student's; infinite with fewer than two values.
    """
    x, _ = defined(values)
    return math.inf if x.size < 2 else centre_interval(x, confidence).half


def paired_interval(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    confidence: float = CONFIDENCE,
    *,
    counts: bool = False,
) -> Interval:
    """Return the mean of ``second - first`` from pairs that share their random numbers.

    Proportions take Newcombe's interval for paired ones (1998, method 10), which keeps its
    coverage where all pairs agree; everything else Student's of the differences.

    Parameters
    ----------
    first, second
        Shape (n,), pair by pair.
    counts
        See `centre_interval`.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if not counts and is_proportion(a) and is_proportion(b):
        return _newcombe(a, b, confidence, paired=True)
    found = mean_interval(b - a, confidence)
    return Interval(found.value, found.low, found.high, "paired t")


def difference_interval(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    confidence: float = CONFIDENCE,
    *,
    counts: bool = False,
) -> Interval:
    """Return the mean of ``second`` less that of ``first``, independent of each other.

    Welch's interval (1947), degrees of freedom by Satterthwaite; for proportions Newcombe's
    hybrid score interval (1998).

    Parameters
    ----------
    first, second
        Shapes (m,) and (n,).
    counts
        See `centre_interval`.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if not counts and is_proportion(a) and is_proportion(b):
        return _newcombe(a, b, confidence, paired=False)
    if not a.size or not b.size:
        return Interval(math.nan, -math.inf, math.inf, "Welch")
    value = float(b.mean() - a.mean())
    if a.size < 2 or b.size < 2:
        return Interval(value, -math.inf, math.inf, "Welch")
    va, vb = float(a.var(ddof=1)) / a.size, float(b.var(ddof=1)) / b.size
    if va + vb == 0.0:
        return Interval(value, value, value, "Welch")
    freedom = (va + vb) ** 2 / (va**2 / (a.size - 1) + vb**2 / (b.size - 1))
    half = _t(confidence, freedom) * math.sqrt(va + vb)
    return Interval(value, value - half, value + half, "Welch")


def _newcombe(a: Float64, b: Float64, confidence: float, *, paired: bool) -> Interval:
    """Return the difference of two proportions, b less a, within the square of Wilson's ends.

    Newcombe, Statistics in Medicine 17 (1998) 873-890 (independent) and 2635-2650 (paired,
    method 10: with the correlation of the pairs, drawn in by half a pair).
    """
    one, two = (proportion_interval(int(x.sum()), x.size, confidence) for x in (b, a))
    phi = _correlation(b, a) if paired else 0.0
    down, up = one.value - one.low, two.high - two.value
    low = math.sqrt(max(0.0, down**2 - 2 * phi * down * up + up**2))
    over, under = one.high - one.value, two.value - two.low
    high = math.sqrt(max(0.0, over**2 - 2 * phi * over * under + under**2))
    value = one.value - two.value
    word = "Newcombe, paired" if paired else "Newcombe"
    return Interval(value, max(-1.0, value - low), min(1.0, value + high), word)


def _correlation(a: Float64, b: Float64) -> float:
    both = float((a * b).sum())
    only_a, only_b = float(a.sum()) - both, float(b.sum()) - both
    neither = a.size - both - only_a - only_b
    margins = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    if margins <= 0.0:
        return 0.0
    cross = both * neither - only_a * only_b
    if cross > 0.0:
        cross = max(cross - a.size / 2.0, 0.0)
    return cross / math.sqrt(margins)
