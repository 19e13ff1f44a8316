"""Chances of at least 1, 2, 3, ... hits: of independent rounds, of bursts, of rates.

Each function returns shape (n, k): column ``j`` is the chance of at least ``j + 1`` hits, so that a
row falls along its columns, and a uniform draw ``u`` makes as many hits as columns lie above it.
Binomial and Poisson by the incomplete beta and gamma functions (Abramowitz and Stegun 26.5.24,
26.4.21). The rounds of a burst share one error of aim: binomial for each aim, the mean over aims
by Gauss-Legendre quadrature in both axes.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from startex.models.hitprobability import rectangle_hit_probability

Float64 = npt.NDArray[np.float64]

_gauss = cache(np.polynomial.legendre.leggauss)
Int64 = npt.NDArray[np.int64]

NODES = 12
"""Of the quadrature, in each axis (the other half by symmetry)."""

LEAST = 1e-200
"""Where the chance of no hit is smaller, binomial terms are not worked out one from the other."""

NOTHING = 1e-20
"""Chances below it are left out."""

MOST_ROWS = 256
"""Bursts worked out at once: bounds the memory."""

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
    alone = (rounds <= 1) | (aim_m <= 0)
    tails = np.zeros((rounds.size, int(rounds.max(initial=0))))
    for rows in [np.flatnonzero(alone), *_alike(rounds, ~alone)]:
        if not rows.size:
            continue
        if alone[rows[0]]:
            part = binomial_tails(rounds[rows], single[rows])
        else:
            part = _about_aims(rounds[rows], half_m[rows], aim_m[rows], dispersion_m[rows])
        tails[rows, : part.shape[1]] = part
    return single, np.minimum(tails, 1.0)


@cache
def _aims() -> tuple[Float64, Float64]:
    """Return aims in one axis, in standard deviations, and their weights."""
    node, weight = _gauss(NODES)
    off = np.asarray(0.5 * REACH * (node + 1.0), dtype=np.float64)
    share = weight * np.exp(-0.5 * off**2)
    return off, share / share.sum()


def _alike(rounds: Int64, mask: npt.NDArray[np.bool_]) -> list[Int64]:
    """Return rows in groups of bursts of like length: a long one makes all of its group wide."""
    size = np.frexp(rounds.astype(np.float64))[1]
    return [np.flatnonzero(mask & (size == each)) for each in np.unique(size[mask]).tolist()]


def _about_aims(rounds: Int64, half: Float64, aim: Float64, spread: Float64) -> Float64:
    """Return the tails of bursts, the mean over their aims."""
    off, share = _aims()
    strip = _strip(half[:, None], spread[:, None], aim[:, None] * off)
    one, other = np.triu_indices(NODES)  # the square looks the same from both axes
    twice = share[one] * share[other] * np.where(other == one, 1.0, 2.0)
    tails = np.zeros((rounds.size, int(rounds.max())))
    for first in range(0, rounds.size, MOST_ROWS):
        rows = np.arange(first, min(first + MOST_ROWS, rounds.size))
        chance = strip[rows][:, one] * strip[rows][:, other]
        none = (1.0 - chance) ** rounds[rows, None]
        sound = (none > LEAST).all(axis=1)
        if sound.any():
            part = _mixture(rounds[rows[sound]], chance[sound], none[sound], twice)
            tails[rows[sound], : part.shape[1]] = part
        for row, chances in zip(rows[~sound].tolist(), chance[~sound], strict=True):
            part = binomial_tails(np.full(other.size, rounds[row]), chances)
            tails[row, : part.shape[1]] = (part * twice[:, None]).sum(axis=0)
    return tails


def _mixture(rounds: Int64, chance: Float64, none: Float64, weight: Float64) -> Float64:
    """Return binomial tails, the weighted sum over chances (n, aims), hit after hit.

    ``none``: chance of no hit. Each term of the binomial follows from the one before; those past
    the mode that no draw of 53 bits can tell from nothing are left out.
    """
    most = int(rounds.max(initial=0))
    found = np.zeros((rounds.size, most))
    odds, term = chance / (1.0 - chance), none * weight
    mode = (rounds * chance.max(axis=1)).max(initial=0.0)
    for hits in range(most):
        term *= odds
        term *= (np.maximum(rounds - hits, 0) / (hits + 1.0))[:, None]
        found[:, hits] = term.sum(axis=1)
        if hits > mode and found[:, hits].max() < NOTHING:
            break
    return np.cumsum(found[:, ::-1], axis=1)[:, ::-1]


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
