"""Inverse Gaussian distribution, for loss-exchange ratios and other skewed positive measures.

Equation::

    f(x) = sqrt(L / (2 pi x^3)) exp(-L (x - M)^2 / (2 M^2 x))
    M = mean x      1 / L = mean(1 / x - 1 / M)      variance = M^3 / L
    n L / L_true ~ chi-square with n - 1 degrees of freedom

``M`` mean, ``L`` shape (both in the unit of x); the estimates are those of maximum likelihood.

Source: Olwell, "An inverse Gaussian model for loss-exchange ratios" (MORS, 1997); Chhikara and
Folks, "The Inverse Gaussian Distribution".

Validity: observations above 0. Equal observations give an infinite shape and no variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from startex.foundation.errors import OutsideValidityError
from startex.models.intervals import Interval, level
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """Estimates over the last axis of the observations; arrays of its leading shape."""

    mean: Float64
    shape: Float64
    variance: Float64


def fit_inverse_gaussian(observations: npt.ArrayLike) -> Fit:
    """Return the estimates of maximum likelihood, over the last axis (at least one)."""
    x = within("observations", observations, 0, above=True)
    if x.ndim == 0 or x.shape[-1] == 0:
        raise OutsideValidityError(
            f"observations have shape {x.shape}; the last axis holds one or more"
        )
    mean = x.mean(axis=-1)
    # mean(1/x - 1/M) without taking nearly equal numbers from each other
    excess = ((x - mean[..., None]) ** 2 / x).mean(axis=-1) / mean**2
    with np.errstate(divide="ignore"):
        shape = np.asarray(1.0 / excess)
    return Fit(np.asarray(mean), shape, np.asarray(mean**3 * excess))


def shape_interval(
    shape: npt.ArrayLike, number: npt.ArrayLike, confidence: npt.ArrayLike = 0.95
) -> Interval:
    """Return the confidence interval of a shape estimated from so many observations; broadcasts."""
    estimate, sure = within("shape", shape, 0, above=True), level(confidence)
    count = whole("number", number, 2)
    low = special.chdtri(count - 1.0, 0.5 + 0.5 * sure)  # chdtri takes the upper tail
    high = special.chdtri(count - 1.0, 0.5 - 0.5 * sure)
    return Interval(*np.broadcast_arrays(estimate * low / count, estimate * high / count))


def inverse_gaussian_cdf(x: npt.ArrayLike, mean: npt.ArrayLike, shape: npt.ArrayLike) -> Float64:
    """Return the chance of at most ``x``; arguments broadcast, one unit."""
    value, centre, sharp = np.broadcast_arrays(
        within("x", x, 0),
        within("mean", mean, 0, above=True),
        within("shape", shape, 0, above=True),
    )
    some = value > 0
    at = np.where(some, value, 1.0)
    root = np.sqrt(sharp / at)
    first = special.ndtr(root * (at / centre - 1.0))
    # the exponential overflows where the tail it multiplies is as small: join their logarithms
    second = np.exp(2.0 * sharp / centre + special.log_ndtr(-root * (at / centre + 1.0)))
    return np.where(some, np.minimum(first + second, 1.0), 0.0)
