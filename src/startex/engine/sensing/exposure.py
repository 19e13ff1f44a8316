"""When a rate of detection that varies along the way has done its work: by quadrature.

A platform in sight of a sensor for a time dt is detected with the chance ``rate dt`` (Koopman,
"Search and Screening", 1946, ch. 2: the instantaneous probability of detection). The chance to stay
undetected is ``exp(-exposure)``, exposure being the integral of the rate; so the time of detection
is that at which the exposure reaches ``-ln(U)``, U uniform in (0, 1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.geography.spells import Spells

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

Rate = Callable[[Int64, Float64], Float64]
"""Rate of detection, 1/s, of stretches (indices) at instants (ms), both of shape (k,); may be
infinite throughout a stretch, for a sensor that misses nothing in its range."""

TOLERANCE = 5e-3
"""Between the rules of five and of three points on a stretch, relative, or absolute where its
exposure is below 1; the rule of five that is used is better than that."""

_DEEPEST = 14  # halvings of a stretch
_BISECTIONS = 34
_FEW = 40  # are worked out one by one: arrays would cost more than the work on them

_WAVE = 1000
"""Up to so many stretches are worked out at once."""

_FIRST = 16
"""So many stretches of a group are worked out first, then four times as many, and so on."""

_TINY, _AHEAD = 32, 3
"""Of so few stretches that must be halved the halves, quarters and eighths are looked at in one go:
a call costs more than the work on them."""

_X = np.cos(np.linspace(np.pi, 0.0, 5))
"""Clenshaw-Curtis points: every other one makes the rule of three (Simpson's)."""

_W5 = np.array([1.0, 8.0, 12.0, 8.0, 1.0]) / 15.0
_W3 = np.array([1.0, 0.0, 4.0, 0.0, 1.0]) / 3.0


def _integrals_of_lagrange() -> Float64:
    """Coefficients (5, 6) of the integrals from -1 of the polynomials through the points."""
    rows = []
    for j in range(_X.size):
        others = np.delete(_X, j)
        base = np.polynomial.polynomial.polyfromroots(others)
        base = base / np.prod(_X[j] - others)
        rows.append(np.polynomial.polynomial.polyint(base, lbnd=-1.0))
    return np.array(rows)


_ROUTE = _integrals_of_lagrange()


def first_detections(
    stretches: Spells, rate: Rate, thresholds: Float64, groups: Int64 | None = None
) -> tuple[Int64, Int64]:
    """Return which stretches see a first detection, and when.

    Parameters
    ----------
    stretches
        Times within reach, sorted by (pair, t0), each smooth; shape (k,).
    rate
        Rate of detection on them.
    thresholds
        Exposure at which each stretch's pair is detected, shape (k,), alike within a pair.
    groups
        Group of each stretch's pair, shape (k,), alike within a pair, where only the earliest
        detection of each group matters: pairs that are detected later may be left out.

    Returns
    -------
    at, t
        Stretch of the first detection and its time (ms, rounded up), one for each pair that is
        detected, in the order of pairs.
    """
    count = stretches.t0.size
    if not count:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    pair = pairs_of(stretches)
    if groups is None or count <= _WAVE:
        return _detected(stretches, pair, rate, thresholds)[:2]
    return _in_waves(stretches, pair, rate, thresholds, groups)


def _in_waves(
    stretches: Spells, pair: Int64, rate: Rate, thresholds: Float64, groups: Int64
) -> tuple[Int64, Int64]:
    """Return first detections; what begins when its group is detected already is passed over.

    The stretches of each group are taken up in the order of their begin, a few at first.
    """
    order = np.lexsort((stretches.t0, groups))
    new = np.append(True, groups[order[1:]] != groups[order[:-1]])
    group = np.cumsum(new) - 1
    begins = np.flatnonzero(new)
    rank = np.arange(order.size) - begins[group]
    wave = np.ceil(0.5 * np.log2(rank // _FIRST + 1.0)).astype(np.int64)
    number = np.empty(order.size, dtype=np.int64)
    number[order] = group
    waves = np.empty(order.size, dtype=np.int64)
    waves[order] = wave
    soonest = np.full(begins.size, np.iinfo(np.int64).max)
    so_far, found = np.zeros(int(pair[-1]) + 1), np.zeros(int(pair[-1]) + 1, dtype=np.bool_)
    parts: list[tuple[Int64, Int64]] = []
    for turn in range(int(wave.max()) + 1):
        now = np.flatnonzero(waves == turn)
        now = now[(stretches.t0[now] <= soonest[number[now]]) & ~found[pair[now]]]
        if not now.size:
            continue
        of_pair = pair[now]
        at, t, dose = _detected(
            stretches.take(now), of_pair, _of_some(rate, now),
            thresholds[now] - so_far[of_pair],
        )  # fmt: skip
        so_far += np.bincount(of_pair, weights=dose, minlength=so_far.size)
        at = now[at]
        found[pair[at]] = True
        np.minimum.at(soonest, number[at], t)
        parts.append((at, t))
    at, t = (np.concatenate(column) for column in zip(*parts, strict=True))
    in_order = np.argsort(at)
    return at[in_order], t[in_order]


def _of_some(rate: Rate, which: Int64) -> Rate:
    """Return the rate of some stretches, by their number among those."""
    return lambda of, t: rate(which[of], t)


def _detected(
    stretches: Spells, pair: Int64, rate: Rate, thresholds: Float64
) -> tuple[Int64, Int64, Float64]:
    """Return first detections as `first_detections` does, and the exposure of each stretch."""
    leaves = _leaves(stretches, rate)
    of_pair = pair[leaves.of]
    begins = np.append(True, of_pair[1:] != of_pair[:-1])
    sure = np.isinf(leaves.dose)
    plain = np.where(sure, 0.0, leaves.dose)
    doses = np.bincount(leaves.of, weights=plain, minlength=pair.size).astype(np.float64)
    before = np.cumsum(plain) - plain
    before -= np.repeat(before[begins], np.diff(np.append(np.flatnonzero(begins), begins.size)))
    wanted = thresholds[leaves.of]
    done = np.flatnonzero(sure | (before + plain >= wanted))
    if not done.size:
        return np.empty(0, np.int64), np.empty(0, np.int64), doses
    first = done[np.append(True, of_pair[done][1:] != of_pair[done][:-1])]
    t = _reaching(leaves, first, np.maximum(wanted[first] - before[first], 0.0))
    at = leaves.of[first]
    return at, np.minimum(np.ceil(t).astype(np.int64), stretches.t1[at]), doses


def pairs_of(stretches: Spells) -> Int64:
    """Return the number of the pair of each stretch, sorted by pair: 0, 0, 1, ..."""
    first, second = stretches.first, stretches.second
    new = np.zeros(first.size, dtype=np.bool_)
    new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return np.cumsum(new)


@dataclass(frozen=True, slots=True)
class _Leaves:
    """Parts of stretches over which the rule of five points is exact enough, in time order.

    Shape (k,): stretch, begin, end (ms), exposure; and the rates at the points, shape (k, 5).
    """

    of: Int64
    low: Float64
    high: Float64
    dose: Float64
    rates: Float64


def _leaves(stretches: Spells, rate: Rate) -> _Leaves:
    of = np.arange(stretches.t0.size)
    low, high = stretches.t0.astype(np.float64), stretches.t1.astype(np.float64)
    kept: list[_Leaves] = []
    ahead: list[Float64] = []  # rates of this level and further ones
    at = of
    for depth in range(_DEEPEST + 1):
        if not ahead:
            levels = _AHEAD if depth and of.size <= _TINY else 1
            ahead, at = _rates(of, low, high, rate, levels), np.arange(of.size)
        level = ahead.pop(0)
        rates = level[at]
        seconds = 0.5 * (high - low) / 1000.0
        sure: npt.NDArray[np.bool_] = np.any(np.isinf(rates), axis=1)
        finite = np.where(sure[:, None], 0.0, rates)
        dose = _sum(finite, _W5) * seconds
        three = _sum(finite, _W3) * seconds
        off = np.greater(np.abs(dose - three), TOLERANCE * np.maximum(dose, 1.0))
        if depth == _DEEPEST:
            off[:] = False
        good = ~off
        dose = np.where(sure, np.inf, dose)
        kept.append(_Leaves(of[good], low[good], high[good], dose[good], rates[good]))
        if good.all():
            break
        at = np.concatenate([at[off], at[off] + len(level)])
        of, low, high = _halves(of[off], low[off], high[off])
    columns = [np.concatenate([getattr(part, n) for part in kept]) for n in _Leaves.__slots__]
    order = np.lexsort((columns[1], columns[0]))
    return _Leaves(*(column[order] for column in columns))


def _halves(of: Int64, low: Float64, high: Float64) -> tuple[Int64, Float64, Float64]:
    """Return the first halves of parts of stretches, and then the second ones."""
    middle = 0.5 * (low + high)
    return (
        np.concatenate([of, of]), np.concatenate([low, middle]), np.concatenate([middle, high])
    )  # fmt: skip


def _rates(of: Int64, low: Float64, high: Float64, rate: Rate, levels: int) -> list[Float64]:
    """Return the rates at the points of parts of stretches, of their halves, and so on."""
    if levels == 1:
        return [_rates_at(of, low, high, rate)]
    parts = [(of, low, high)]
    for _ in range(levels - 1):
        parts.append(_halves(*parts[-1]))
    of, low, high = (np.concatenate(column) for column in zip(*parts, strict=True))
    rates = _rates_at(of, low, high, rate)
    return np.split(rates, np.cumsum([part[0].size for part in parts[:-1]]))


def _rates_at(of: Int64, low: Float64, high: Float64, rate: Rate) -> Float64:
    """Return the rates at the points of parts of stretches, shape (k, 5)."""
    t = (0.5 * (low + high))[:, None] + (0.5 * (high - low))[:, None] * _X
    return rate(np.repeat(of, _X.size), t.ravel()).reshape(t.shape)


def _sum(rates: Float64, weights: Float64) -> Float64:
    total: Float64 = (rates * weights).sum(axis=1)
    return total


def _reaching(leaves: _Leaves, at: Int64, dose: Float64) -> Float64:
    """Return when leaves reach an exposure, by the polynomial through their rates."""
    low, high = leaves.low[at], leaves.high[at]
    sure = np.isinf(leaves.dose[at])
    rates = np.where(sure[:, None], 0.0, leaves.rates[at])
    route = (rates[:, :, None] * _ROUTE[None, :, :]).sum(axis=1)
    wanted = dose / np.maximum(0.5 * (high - low) / 1000.0, 1e-12)
    if at.size <= _FEW:
        pairs = zip(route.tolist(), wanted.tolist(), strict=True)
        b = np.array([_passes(*pair) for pair in pairs])
    else:
        b = _all_pass(route, wanted)
    return np.where(sure, low, 0.5 * (low + high) + 0.5 * (high - low) * b)


def _all_pass(route: Float64, wanted: Float64) -> Float64:
    """Return where polynomials that rise from -1 to 1 reach values, by halving."""
    a, b = np.full(wanted.size, -1.0), np.ones(wanted.size)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (a + b)
        value = np.zeros(wanted.size)
        for power in range(route.shape[1] - 1, -1, -1):
            value = value * middle + route[:, power]
        enough = value >= wanted
        a, b = np.where(enough, a, middle), np.where(enough, middle, b)
    return b


def _passes(route: list[float], wanted: float) -> float:
    """Return what `_all_pass` does for one, with the same steps on plain numbers."""
    c0, c1, c2, c3, c4, c5 = route
    a, b = -1.0, 1.0
    for _ in range(_BISECTIONS):
        x = 0.5 * (a + b)
        if ((((c5 * x + c4) * x + c3) * x + c2) * x + c1) * x + c0 >= wanted:
            b = x
        else:
            a = x
    return b
