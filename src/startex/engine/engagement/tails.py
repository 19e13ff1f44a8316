"""Chances of at least 1, 2, 3, ... hits: of independent rounds, of bursts, of rates.

Each function returns shape (n, k): column ``j`` is the chance of at least ``j + 1`` hits, so that a
row falls along its columns, and a uniform draw ``u`` makes as many hits as columns lie above it.
Binomial and Poisson by the incomplete beta and gamma functions (Abramowitz and Stegun 26.5.24,
26.4.21). The rounds of a burst share one error of aim: binomial for each aim, the mean over aims
by Gauss-Legendre quadrature in both axes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.hitprobability import rectangle_hit_probability

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

NODES = 12
"""Of the quadrature, in each axis (the other half by symmetry)."""

REACH = 5.0
"""Aims farther off than so many standard deviations are left out (6e-7 of all)."""


def binomial_tails(rounds: Int64, chance: Float64) -> Float64:
    """Return the chances of at least so many hits of independent rounds, (n, most rounds)."""
    from scipy.special import betainc  # noqa: PLC0415 - slow to import

    number = np.arange(1, int(rounds.max(initial=0)) + 1)
    n = rounds[:, None]
    tails: Float64 = betainc(number, np.maximum(n - number + 1.0, 1.0), chance[:, None])
    return np.where(number <= n, tails, 0.0)


def poisson_tails(mean: Float64) -> Float64:
    """Return the chances of at least so many hits of a rate times a time, (n, most that occur)."""
    from scipy.special import gammainc  # noqa: PLC0415 - slow to import

    top = float(mean.max(initial=0.0))
    most = int(np.ceil(top + 10.0 * np.sqrt(top) + 12.0))  # beyond it no draw of 53 bits comes
    tails: Float64 = gammainc(np.arange(1, most + 1), mean[:, None])
    return tails


def burst_tails(
    rounds: Int64, half_m: Float64, aim_m: Float64, dispersion_m: Float64
) -> tuple[Float64, Float64]:
    """Return the chance of one round to hit a square, and the tails of bursts.

    Parameters
    ----------
    rounds
        Of each burst, shape (n,).
    half_m
        Half the side of the target.
    aim_m, dispersion_m
        Standard deviations, in one axis, of the aim of the burst and of each round about it.
    """
    both = np.hypot(aim_m, dispersion_m)
    single = rectangle_hit_probability(half_m, half_m, both, both)
    tails = binomial_tails(rounds, single)
    together = np.flatnonzero((rounds > 1) & (aim_m > 0))
    if together.size:
        node, weight = np.polynomial.legendre.leggauss(NODES)
        off = np.asarray(0.5 * REACH * (node + 1.0), dtype=np.float64)
        share = weight * np.exp(-0.5 * off**2)
        share = share / share.sum()
        n, half = rounds[together], half_m[together]
        aim, spread = aim_m[together], dispersion_m[together]
        strip = _strip(half[:, None], spread[:, None], aim[:, None] * off)
        tails[together] = 0.0
        for i in range(NODES):  # one strip of aims at a time bounds the memory
            other = np.arange(i, NODES)  # the square looks the same from both axes
            twice = share[i] * share[other] * np.where(other == i, 1.0, 2.0)
            chance = (strip[:, i : i + 1] * strip[:, other]).ravel()
            part = binomial_tails(np.repeat(n, other.size), chance).reshape(n.size, other.size, -1)
            tails[together, : part.shape[2]] += (part * twice[None, :, None]).sum(axis=1)
    return single, np.minimum(tails, 1.0)


def drawn(tails: Float64, draw: Float64) -> Int64:
    """Return the hits that uniform draws make: the number of columns above each."""
    hits: Int64 = (draw[:, None] < tails).sum(axis=1)
    return hits


def at_least(tails: Float64, hits: Int64) -> Float64:
    """Return the chance of at least so many hits (1 for none), shape (n,)."""
    column = np.clip(hits - 1, 0, max(tails.shape[1] - 1, 0))
    found = np.zeros(hits.size)
    if tails.shape[1]:
        found = tails[np.arange(hits.size), column]
    return np.where(hits <= 0, 1.0, np.where(hits > tails.shape[1], 0.0, found))


def _strip(half: Float64, sigma: Float64, off: Float64) -> Float64:
    """Return the chance to fall within a strip that is ``off`` the aim."""
    from scipy.special import ndtr  # noqa: PLC0415 - slow to import

    safe = np.maximum(sigma, 1e-9)
    chance: Float64 = ndtr((half - off) / safe) - ndtr((-half - off) / safe)
    return chance
