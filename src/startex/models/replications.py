"""How many replications: for a half-width, absolute or relative, and to tell two plans apart.

Equation::

    n_a = min{i >= n: t_{i-1, 1-a/2} sqrt(S^2 / i) <= beta}
    n_r = min{i >= n: t_{i-1, 1-a/2} sqrt(S^2 / i) / |mean| <= gamma / (1 + gamma)}
    two means   n = 2 (z_{1-a/2} + z_power)^2 sigma^2 / delta^2       a plan
    a share     n = z^2 p (1 - p) / h^2

``n`` pilot replications with mean and variance ``S^2``, ``beta`` and ``h`` half-widths, ``gamma``
relative error, ``delta`` difference to detect, ``sigma`` standard deviation of one replication.

Source: Law, "Simulation Modeling and Analysis", chapters 9 and 10; quantiles by SciPy.

Validity: the pilot's variance is taken for the true one; normal approximation for shares.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from startex.models.intervals import level, normal_quantile, samples, t_quantile
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

MOST = 1e15
"""Replications beyond which a half-width is refused; whole numbers stay exact below."""


def replications_absolute(
    pilot: npt.ArrayLike, half_width: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Float64:
    """Return the replications in all for an absolute half-width of the mean.

    ``pilot`` replications on the last axis, two or more; the rest is of the leading shape.
    """
    x = samples("pilot", pilot)
    return _least(x, within("half_width", half_width, 0, above=True), confidence)


def replications_relative(
    pilot: npt.ArrayLike, relative_error: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Float64:
    """Return the replications in all for a relative error of the mean; as the absolute ones."""
    x = samples("pilot", pilot)
    gamma = within("relative_error", relative_error, 0, 1, above=True, below=True)
    centre = within("abs(mean of the pilot)", np.abs(x.mean(axis=-1)), 0, above=True)
    return _least(x, gamma / (1.0 + gamma) * centre, confidence)


def sample_size_two_means(
    sigma: npt.ArrayLike,
    delta: npt.ArrayLike,
    alpha: npt.ArrayLike = 0.05,
    power: npt.ArrayLike = 0.8,
) -> Float64:
    """Return the replications of each plan to detect a difference, not rounded; broadcasts.

    ``alpha`` of a two-sided test; `whole_replications` rounds up.
    """
    z = normal_quantile(1.0 - level(alpha)) + special.ndtri(
        within("power", power, 0, 1, above=True, below=True)
    )
    ratio = within("sigma", sigma, 0) / within("delta", delta, 0, above=True)
    number: Float64 = 2.0 * (np.maximum(z, 0.0) * ratio) ** 2
    return number


def sample_size_share(
    half_width: npt.ArrayLike, share: npt.ArrayLike = 0.5, confidence: npt.ArrayLike = 0.95
) -> Float64:
    """Return the replications for the half-width of a share, not rounded; arguments broadcast."""
    p = within("share", share, 0, 1)
    number: Float64 = (
        normal_quantile(confidence) / within("half_width", half_width, 0, above=True)
    ) ** 2 * (p * (1.0 - p))
    return number


def whole_replications(number: npt.ArrayLike) -> Float64:
    """Return numbers of replications rounded up to whole ones."""
    rounded: Float64 = np.ceil(within("number", number, 0) * (1.0 - 1e-12))
    return rounded


def _least(pilot: Float64, goal: Float64, confidence: npt.ArrayLike) -> Float64:
    """Return the least i from the pilot's on whose half-width meets the goal."""
    first = float(pilot.shape[-1])
    variance, goal, confident = np.broadcast_arrays(
        pilot.var(axis=-1, ddof=1), goal, level(confidence)
    )

    def meets(number: Float64) -> npt.NDArray[np.bool_]:
        return np.asarray(t_quantile(number - 1.0, confident) * np.sqrt(variance / number) <= goal)

    high = np.full(variance.shape, first)
    while not meets(high).all():
        high = np.where(meets(high), high, 2.0 * high)
        within("replications needed", high, 0, MOST)
    low = np.maximum(np.floor(high / 2.0), first)
    low = np.where(meets(low), low - 1.0, low)  # below `first` where the pilot is enough
    while (high - low > 1.0).any():
        middle = np.maximum(np.floor(0.5 * (low + high)), first)
        enough = meets(middle)
        wide = high - low > 1.0
        high, low = np.where(wide & enough, middle, high), np.where(wide & ~enough, middle, low)
    return high
