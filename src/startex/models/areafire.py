"""Fire into an area in which targets may be anywhere.

Equation::

    f = 1 - e^{-n a / A}      (random impacts, many targets)
    f = 1 - (1 - a / A)^n     (n independent impacts)
    n = -(A / a) ln(1 - f)    a_L = r a / A

``f`` mean share of targets put out of action, ``n`` rounds, ``a`` lethal area of a round and ``A``
target area (m2), ``r`` rounds a second of one firer, ``a_L`` the coefficient of Lanchester's
linear law (1/s for each unit of either side).

Source: A. R. Washburn and M. Kress, "Combat Modeling" (2009), chapter 2.

Validity: impacts uniform over an area larger than the lethal area, whatever lies at its edge.
Left out: patterns of fire, aimed fire, targets that take cover after the first round.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

MOST_TARGETS = 1_000_000
"""Of a distribution."""


def damaged_fraction(
    rounds: npt.ArrayLike, lethal_area_m2: npt.ArrayLike, target_area_m2: npt.ArrayLike
) -> Float64:
    """Return the mean share damaged by random fire, exponential form; arguments broadcast.

    ``rounds`` may be a mean number. Any ratio of areas: overlap is what the form is about.
    """
    rounds = within("rounds", rounds, 0)
    cover = within("lethal_area_m2", lethal_area_m2, 0, 1e18) / within(
        "target_area_m2", target_area_m2, 1e-18, 1e18
    )
    with np.errstate(over="ignore"):
        share: Float64 = -np.expm1(-rounds * cover)
    return share


def damaged_fraction_binomial(
    rounds: npt.ArrayLike, lethal_area_m2: npt.ArrayLike, target_area_m2: npt.ArrayLike
) -> Float64:
    """Return the mean share damaged by a number of independent rounds; arguments broadcast."""
    number = whole("rounds", rounds)
    missed = 1.0 - _cover(lethal_area_m2, target_area_m2)
    share: Float64 = 1.0 - missed**number
    with np.errstate(divide="ignore", invalid="ignore"):
        fine = -np.expm1(number * np.log(missed))  # keeps small shares exact
    return np.where((missed > 0) & (number > 0), fine, share)[()]


def damaged_distribution(
    targets: int,
    rounds: npt.ArrayLike,
    lethal_area_m2: npt.ArrayLike,
    target_area_m2: npt.ArrayLike,
) -> Float64:
    """Return the chances of 0, 1, ... damaged targets; sums to 1 over a last axis.

    Each of ``targets`` (a scalar) is damaged independently of the others, as where they lie far
    apart against the lethal radius.
    """
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    number = int(whole("targets", within("targets", targets, 0, MOST_TARGETS)))
    share = damaged_fraction_binomial(rounds, lethal_area_m2, target_area_m2)
    chances: Float64 = binom.pmf(np.arange(number + 1), number, np.asarray(share)[..., None])
    return chances


def rounds_needed(
    fraction: npt.ArrayLike, lethal_area_m2: npt.ArrayLike, target_area_m2: npt.ArrayLike
) -> Float64:
    """Return the rounds that damage a share (below 1) by the exponential form, not rounded."""
    share = within("fraction", fraction, 0, 1, below=True)
    number: Float64 = (
        -np.log1p(-share)
        * within("target_area_m2", target_area_m2, 1e-18, 1e18)
        / within("lethal_area_m2", lethal_area_m2, 1e-18, 1e18)
    )
    return number


def loss_rate_per_s(
    rounds_per_s: npt.ArrayLike, lethal_area_m2: npt.ArrayLike, target_area_m2: npt.ArrayLike
) -> Float64:
    """Return the coefficient of the linear law that such fire has; arguments broadcast."""
    rate: Float64 = within("rounds_per_s", rounds_per_s, 0) * _cover(lethal_area_m2, target_area_m2)
    return rate


def _cover(lethal_area_m2: npt.ArrayLike, target_area_m2: npt.ArrayLike) -> Float64:
    area = within("target_area_m2", target_area_m2, 1e-18, 1e18)
    cover = within("lethal_area_m2", lethal_area_m2, 0, 1e18) / area
    return within("lethal_area_m2 / target_area_m2", cover, 0, 1)
