"""Tests of uniformity of random numbers: Kolmogorov-Smirnov and chi-square.

Equation::

    D = max_i max(i / n - u_(i), u_(i) - (i - 1) / n)
    X^2 = sum (O_j - E_j)^2 / E_j,   k - 1 degrees of freedom

``u_(i)`` the numbers in order, ``O_j`` observed and ``E_j`` expected counts of ``k`` cells.

Source: Knuth, "The Art of Computer Programming" 2, section 3.3.1; distributions by SciPy.

Validity: independent numbers; the chi-square where at least 5 are expected in each cell (fewer
are taken, but the chance is then rough).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from startex.foundation.errors import OutsideValidityError
from startex.models.intervals import samples
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class UniformityTest:
    """A statistic and the chance of one as large, of the leading shape of the observations."""

    statistic: Float64
    p_value: Float64


def ks_uniform(numbers: npt.ArrayLike) -> UniformityTest:
    """Return the Kolmogorov-Smirnov test against the uniform on [0, 1], over the last axis."""
    from scipy.stats import kstwo  # noqa: PLC0415  (half a second to import)

    u = np.sort(samples("numbers", within("numbers", numbers, 0, 1), 1), axis=-1)
    number = u.shape[-1]
    rank = np.arange(1, number + 1)
    apart = np.maximum(rank / number - u, u - (rank - 1.0) / number).max(axis=-1)
    return UniformityTest(np.asarray(apart), np.asarray(kstwo.sf(apart, number)))


def chi2_uniform(observed: npt.ArrayLike, expected: npt.ArrayLike | None = None) -> UniformityTest:
    """Return Pearson's test of counts over the last axis (two cells or more).

    ``expected`` counts of the same sum; equal ones where none are given.
    """
    counts = samples("observed", whole("observed", observed, 0))
    total = within("sum of observed", counts.sum(axis=-1, keepdims=True), 0, above=True)
    if expected is None:
        meant = np.broadcast_to(total / counts.shape[-1], counts.shape)
    else:
        meant = np.broadcast_to(within("expected", expected, 0, above=True), counts.shape)
        if not np.allclose(meant.sum(axis=-1, keepdims=True), total, rtol=1e-9):
            raise OutsideValidityError(
                f"expected adds up to {meant.sum(axis=-1).flat[0]:g}, observed to "
                f"{total.flat[0]:g}; the sums are the same"
            )
    statistic = ((counts - meant) ** 2 / meant).sum(axis=-1)
    p_value = special.chdtrc(counts.shape[-1] - 1.0, statistic)
    return UniformityTest(np.asarray(statistic), np.asarray(p_value))
