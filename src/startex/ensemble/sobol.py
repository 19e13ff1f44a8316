"""Variance-based sensitivity from a Saltelli design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from startex.ensemble.reading import Float64
from startex.ensemble.statistics import CONFIDENCE, RESAMPLES

_BATCH = 100


@dataclass(frozen=True, slots=True)
class SobolIndices:
    """First-order and total indices with bootstrap intervals, shapes (factors,) and (factors, 2).

    Attributes
    ----------
    blocks
        Rows of the base sample that they rest on.
    """

    first: Float64
    first_ends: Float64
    total: Float64
    total_ends: Float64
    blocks: int


def sobol(
    a: Float64,
    b: Float64,
    ab: Float64,
    confidence: float = CONFIDENCE,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> SobolIndices:
    """Return Sobol's indices of an outcome.

    Parameters
    ----------
    a, b
        Outcome at the two samples, shape (blocks,).
    ab
        Outcome where one factor is taken from B and the others from A, shape (factors, blocks).
    seed
        Of the bootstrap.

    Notes
    -----
    First order ``mean(f_B (f_AB - f_A)) / V``, total ``mean((f_A - f_AB)^2) / 2V``: Saltelli et
    al., Computer Physics Communications 181 (2010) 259-270, table 2 (b) and (f), about the mean
    of A and B; the same as `scipy.stats.sobol_indices`, which takes powers of two only, while an
    ensemble may have lost a run. Intervals by the percentiles of resampled blocks (Archer et al.
    1997). With few blocks an estimate may lie below 0 or above 1; it is given as it is.
    """
    mean = np.concatenate([a, b]).mean()
    a, b, ab = a - mean, b - mean, ab - mean
    first, total = _indices(a, b, ab)
    drawn = np.random.default_rng(seed)
    firsts, totals = [], []
    for begin in range(0, resamples, _BATCH):
        size = min(_BATCH, resamples - begin)
        pick = drawn.integers(0, a.size, (size, a.size))
        one, all_ = _indices(a[pick], b[pick], ab[:, pick])
        firsts.append(one)
        totals.append(all_)
    tail = (1.0 - confidence) / 2.0
    ends = [
        np.quantile(np.concatenate(found, axis=1), (tail, 1.0 - tail), axis=1).T
        for found in (firsts, totals)
    ]
    return SobolIndices(first, ends[0], total, ends[1], a.size)


def _indices(a: Float64, b: Float64, ab: Float64) -> tuple[Float64, Float64]:
    """Return first-order and total indices over the last axis; 0 where nothing varies."""
    spread = np.concatenate([a, b], axis=-1).var(axis=-1)
    safe = np.where(spread > 0.0, spread, 1.0)
    first = np.where(spread > 0.0, (b * (ab - a)).mean(axis=-1) / safe, 0.0)
    total = np.where(spread > 0.0, 0.5 * ((a - ab) ** 2).mean(axis=-1) / safe, 0.0)
    return first, total
