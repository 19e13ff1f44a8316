"""Independent rounds at one target: chance of a kill, rounds required.

Equation::

    P = 1 - (1 - p)^n      n = ln(1 - P) / ln(1 - p)      p = 1 - (1 - P)^(1/n)

``p`` single-shot chance of a (notional) kill, ``n`` rounds, ``P`` chance of at least one.

Source: A. R. Washburn and M. Kress, "Combat Modeling" (2009), chapter 2.

Validity: rounds independent of each other; where they share an aim error use
`damage.salvo_kill_probability`. Left out: damage that adds up, unless `hits_to_kill` is given.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

MOST_ROUNDS = 1_000_000
"""Of a distribution."""


def kill_probability(p_single: npt.ArrayLike, rounds: npt.ArrayLike) -> Float64:
    """Return the chance that at least one of a number of rounds kills; arguments broadcast.

    ``rounds`` may be a mean number, such as a rate times a time.
    """
    p, n = np.broadcast_arrays(within("p_single", p_single, 0, 1), within("rounds", rounds, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = -np.expm1(n * np.log1p(-p))
    return np.where(n == 0, 0.0, chance)[()]


def kill_probability_hits(
    p_hit: npt.ArrayLike, rounds: npt.ArrayLike, hits_to_kill: npt.ArrayLike
) -> Float64:
    """Return the chance of at least ``hits_to_kill`` hits in a number of rounds; broadcasts."""
    from scipy.special import betainc  # noqa: PLC0415 - slow to import

    p, n, k = np.broadcast_arrays(
        within("p_hit", p_hit, 0, 1),
        whole("rounds", rounds),
        whole("hits_to_kill", hits_to_kill, 1),
    )
    tail = betainc(k, np.maximum(n - k + 1.0, 1.0), p)
    return np.where(k > n, 0.0, tail)[()]


def rounds_required(p_single: npt.ArrayLike, p_required: npt.ArrayLike) -> Float64:
    """Return the whole rounds that reach a chance of a kill; arguments broadcast.

    A number within 1e-9 of whole counts as whole. ``p_single`` above 0; ``p_required`` below 1, or
    1 where ``p_single`` is 1.
    """
    exact = rounds_required_exact(p_single, p_required)
    number: Float64 = np.ceil(exact * (1.0 - 1e-9))
    least = (np.asarray(p_required, np.float64) > 0).astype(np.float64)
    return np.maximum(number, least)


def rounds_required_exact(p_single: npt.ArrayLike, p_required: npt.ArrayLike) -> Float64:
    """Return the rounds that reach a chance of a kill, not rounded; arguments broadcast.

    0 where ``p_single`` is 1, in the limit of the formula.
    """
    p, wanted = np.broadcast_arrays(
        within("p_single", p_single, 0, 1, above=True), within("p_required", p_required, 0, 1)
    )
    if ((wanted == 1) & (p < 1)).any():
        raise OutsideValidityError(
            "p_required is 1; no number of rounds makes sure unless p_single is 1"
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        number = np.log1p(-wanted) / np.log1p(-p)
    return np.where(p == 1, 0.0, number)[()]


def single_shot_required(p_required: npt.ArrayLike, rounds: npt.ArrayLike) -> Float64:
    """Return the single-shot chance that reaches ``p_required`` with so many rounds; broadcasts."""
    wanted = within("p_required", p_required, 0, 1)
    with np.errstate(divide="ignore"):
        p: Float64 = -np.expm1(np.log1p(-wanted) / within("rounds", rounds, 0, above=True))
    return p


def hits_distribution(p_hit: npt.ArrayLike, rounds: int) -> Float64:
    """Return the chances of 0, 1, ... hits of ``rounds`` (a scalar); sums to 1 over a last axis."""
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    number = int(whole("rounds", within("rounds", rounds, 0, MOST_ROUNDS)))
    p = within("p_hit", p_hit, 0, 1)[..., None]
    chances: Float64 = binom.pmf(np.arange(number + 1), number, p)
    return chances
