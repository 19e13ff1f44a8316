"""How much of an outcome's variance goes with each factor, where factors are independent."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from startex.ensemble.reading import Factor, Float64
from startex.ensemble.statistics import CONFIDENCE

RESAMPLES = 499
"""Of the bootstrap; its standard deviation is known to some 3 % then."""

FEW = 12
"""So many values of a number are classes of their own, if each was drawn twice or more on the
average; else they are cut into classes of like size: classes of one explain everything."""


def are_classes(levels: int, values: int) -> bool:
    """Tell whether so many different numbers among so many values are classes of their own."""
    return levels <= FEW and 2 * levels <= values


def classes(factor: Factor, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the class of a factor's value at some rows of the design, shape (rows,), from 0.

    A word or one of a few numbers is a class; many numbers, or such as occur once, are cut at
    quantiles into the cube root of their number, 3 to 20.
    """
    words = [factor.words[row] for row in rows]
    levels = sorted(set(words))
    if factor.numbers is None or are_classes(len(levels), len(words)):
        if factor.numbers is not None:
            levels.sort(key=lambda word: float(word) if word else -np.inf)
        place = {word: number for number, word in enumerate(levels)}
        return np.array([place[word] for word in words], np.int64)
    numbers = factor.numbers[rows]
    count = int(np.clip(round(numbers.size ** (1 / 3)), 3, 20))
    rank = np.argsort(np.argsort(numbers, kind="stable"), kind="stable")
    return (rank * count // numbers.size).astype(np.int64)


def share(
    group: npt.NDArray[np.int64],
    values: Float64,
    confidence: float = CONFIDENCE,
    *,
    cluster: npt.NDArray[np.int64] | None = None,
    seed: int = 0,
) -> tuple[float, float, float]:
    """Return the share of the variance between classes, with its interval.

    Parameters
    ----------
    group
        Class of each value, shape (n,), from 0.
    values
        Shape (n,).
    cluster
        What is independent, where values are not, shape (n,): such as the seed that runs share.

    Notes
    -----
    Epsilon squared (Kelley 1935): ``(SS_between - (k - 1) MS_within) / SS_total``, which, other
    than the plain ratio, is about 0 for a factor that does nothing; negative ones are 0. The
    interval is normal, with the standard deviation of resampled clusters (bootstrap).
    """
    if values.size < 3 or values.min() == values.max() or group.min() == group.max():
        return 0.0, 0.0, 0.0
    value = float(_epsilon(group, values, np.ones((1, values.size)))[0])
    place = (
        np.arange(values.size) if cluster is None else np.unique(cluster, return_inverse=True)[1]
    )
    size = int(place.max()) + 1
    if size < 3:
        return min(1.0, max(0.0, value)), 0.0, 1.0
    drawn = np.random.default_rng(seed)
    spread = []
    step = max(1, 400_000 // values.size)
    for begin in range(0, RESAMPLES, step):
        rows = min(step, RESAMPLES - begin)
        pick = drawn.integers(0, size, (rows, size)) + size * np.arange(rows)[:, None]
        times = np.bincount(pick.ravel(), minlength=rows * size).reshape(rows, size)
        spread.append(_epsilon(group, values, times[:, place].astype(np.float64)))
    half = NormalDist().inv_cdf((1.0 + confidence) / 2.0) * float(
        np.concatenate(spread).std(ddof=1)
    )
    return (
        min(1.0, max(0.0, value)),
        min(1.0, max(0.0, value - half)),
        max(0.0, min(1.0, value + half)),
    )


def _epsilon(group: npt.NDArray[np.int64], values: Float64, times: Float64) -> Float64:
    """Return epsilon squared where value i counts ``times[r, i]`` times, shape (rows,)."""
    rows = times.shape[0]
    count = int(group.max()) + 1
    at = (group + count * np.arange(rows)[:, None]).ravel()
    size = times.sum(axis=1)
    off = values - (times * values).sum(axis=1, keepdims=True) / size[:, None]
    number = np.bincount(at, times.ravel(), minlength=rows * count).reshape(rows, count)
    sums = np.bincount(at, (times * off).ravel(), minlength=rows * count).reshape(rows, count)
    between = (sums**2 / np.maximum(number, 1)).sum(axis=1)
    all_ = (times * off**2).sum(axis=1)
    present = (number > 0).sum(axis=1)
    within = (all_ - between) / np.maximum(size - present, 1)
    safe = np.where(all_ > 0.0, all_, 1.0)
    found: Float64 = np.where(all_ > 0.0, (between - (present - 1) * within) / safe, 0.0)
    return found


def regression(columns: Float64, values: Float64) -> tuple[Float64, float]:
    """Return standardised coefficients of a linear regression, and the share it explains.

    Parameters
    ----------
    columns
        Shape (factors, n).
    values
        Shape (n,).

    Returns
    -------
    Coefficients, shape (factors,), not a number for a column that others already say; and the
    adjusted coefficient of determination, not a number with too few values.

    Notes
    -----
    Least squares by orthogonalisation (modified Gram-Schmidt) and back substitution, in sums
    whose order is fixed.
    """
    factors, size = columns.shape
    spread = values.std()
    if size <= factors + 1 or spread == 0.0:
        return np.full(factors, np.nan), float("nan")
    y = (values - values.mean()) / spread
    basis = np.zeros_like(columns)
    upper = np.zeros((factors, factors))
    along = np.zeros(factors)
    used = np.zeros(factors, np.bool_)
    for j in range(factors):
        scale = columns[j].std()
        if scale == 0.0:
            continue
        column = (columns[j] - columns[j].mean()) / scale
        for i in np.flatnonzero(used):
            upper[i, j] = (basis[i] * column).sum()
            column = column - upper[i, j] * basis[i]
        length = float(np.sqrt((column**2).sum()))
        if length < 1e-8 * np.sqrt(size):
            continue
        used[j], upper[j, j] = True, length
        basis[j] = column / length
        along[j] = (basis[j] * y).sum()
        y = y - along[j] * basis[j]
    slope = np.full(factors, np.nan)
    for j in np.flatnonzero(used)[::-1]:
        later = [k for k in np.flatnonzero(used) if k > j]
        slope[j] = (along[j] - sum(upper[j, k] * slope[k] for k in later)) / upper[j, j]
    freedom = size - 1 - int(used.sum())
    return slope, 1.0 - float((y**2).sum()) / size * (size - 1) / freedom
