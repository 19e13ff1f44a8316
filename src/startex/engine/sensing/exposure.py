"""When a rate of detection that varies along the way has done its work: by quadrature.

A platform in sight of a sensor for a time dt is detected with the chance ``rate dt`` (Koopman,
"Search and Screening", 1946, ch. 2: the instantaneous probability of detection). The chance to stay
undetected is ``exp(-exposure)``, exposure being the integral of the rate; so the time of detection
is that at which the exposure reaches ``-ln(U)``, U uniform in (0, 1).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from startex.geography.spells import Spells

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

Rate = Callable[[Int64, Float64], Float64]
"""Rate of detection, 1/s, of stretches (indices) at instants (ms), both of shape (k,); may be
infinite throughout a stretch, for a sensor that misses nothing in its range."""

TOLERANCE = 1e-3
"""Of the exposure of a stretch, relative, or absolute where that is below 1."""

_DEEPEST = 14  # halvings of a stretch
_BISECTIONS = 34
_X, _W = np.polynomial.legendre.leggauss(5)


def first_detections(stretches: Spells, rate: Rate, thresholds: Float64) -> tuple[Int64, Int64]:
    """Return which stretches see a first detection, and when.

    Parameters
    ----------
    stretches
        Times within reach, sorted by (pair, t0), each smooth; shape (k,).
    rate
        Rate of detection on them.
    thresholds
        Exposure at which each stretch's pair is detected, shape (k,), alike within a pair.

    Returns
    -------
    at, t
        Stretch of the first detection and its time (ms, rounded up), one for each pair that is
        detected, in the order of pairs.
    """
    count = stretches.t0.size
    if not count:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    of, low, high, dose = _leaves(stretches, rate)
    pair = np.cumsum(_starts(stretches)) - 1
    of_pair = pair[of]
    begins = np.append(True, of_pair[1:] != of_pair[:-1])
    sure = np.isfinite(dose)
    total = np.cumsum(np.where(sure, dose, 0.0))
    before = total - np.where(sure, dose, 0.0)
    before -= np.repeat(before[begins], np.diff(np.append(np.flatnonzero(begins), of.size)))
    wanted = thresholds[of]
    done = np.flatnonzero(~sure | (before + dose >= wanted))
    if not done.size:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    first = done[np.append(True, of_pair[done][1:] != of_pair[done][:-1])]
    rest = np.maximum(wanted[first] - before[first], 0.0)
    t = _reaching(rate, of[first], low[first], high[first], rest, sure[first])
    return of[first], np.minimum(np.ceil(t).astype(np.int64), stretches.t1[of[first]])


def exposure(stretches: Spells, rate: Rate) -> Float64:
    """Return the exposure of each stretch, shape (k,)."""
    of, _, _, dose = _leaves(stretches, rate)
    total = np.zeros(stretches.t0.size)
    np.add.at(total, of, dose)
    return total


def _starts(stretches: Spells) -> npt.NDArray[np.bool_]:
    first, second = stretches.first, stretches.second
    return np.append(True, (first[1:] != first[:-1]) | (second[1:] != second[:-1]))


def _leaves(stretches: Spells, rate: Rate) -> tuple[Int64, Float64, Float64, Float64]:
    """Return parts of stretches over which five-point quadrature is exact enough, in time order."""
    of = np.arange(stretches.t0.size)
    low, high = stretches.t0.astype(np.float64), stretches.t1.astype(np.float64)
    dose = _integral(rate, of, low, high)
    kept: list[tuple[Int64, Float64, Float64, Float64]] = []
    for depth in range(_DEEPEST + 1):
        middle = 0.5 * (low + high)
        left, right = _integral(rate, of, low, middle), _integral(rate, of, middle, high)
        with np.errstate(invalid="ignore"):
            off = np.abs(left + right - dose) > TOLERANCE * np.maximum(left + right, 1.0)
        off &= np.isfinite(left + right) & (depth < _DEEPEST)
        good = ~off
        kept.append((of[good], low[good], high[good], (left + right)[good]))
        of = np.concatenate([of[off], of[off]])
        low, high = (
            np.concatenate([low[off], middle[off]]),
            np.concatenate([middle[off], high[off]]),
        )
        dose = np.concatenate([left[off], right[off]])
        if not of.size:
            break
    of, low, high, dose = (np.concatenate(column) for column in zip(*kept, strict=True))
    order = np.lexsort((low, of))
    return of[order], low[order], high[order], dose[order]


def _integral(rate: Rate, of: Int64, low: Float64, high: Float64) -> Float64:
    """Return the integrals of the rate from ``low`` to ``high`` (ms)."""
    half = 0.5 * (high - low)
    t = (0.5 * (low + high))[:, None] + half[:, None] * _X
    values = rate(np.repeat(of, _X.size), t.ravel()).reshape(t.shape)
    total: Float64 = (values * _W).sum(axis=1) * np.maximum(half, 1e-9) / 1000.0
    return total


def _reaching(
    rate: Rate,
    of: Int64,
    low: Float64,
    high: Float64,
    dose: Float64,
    sure: npt.NDArray[np.bool_],
) -> Float64:
    """Return when the exposure since ``low`` reaches ``dose``; at once where nothing is missed."""
    begin, a, b = low, low.copy(), high.copy()
    for _ in range(_BISECTIONS):
        middle = 0.5 * (a + b)
        enough = _integral(rate, of, begin, middle) >= dose
        a, b = np.where(enough, a, middle), np.where(enough, middle, b)
        if not np.any(b - a > 0.25):
            break
    return np.where(sure, b, low)
