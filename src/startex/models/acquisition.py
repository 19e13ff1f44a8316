"""Acquisition by eye and imager: Johnson's cycles, target transfer probability, time of search.

Equation::

    N = d f / R_mrad
    P = x^E / (1 + x^E)      x = N / N50      E = 2.7 + 0.7 x
    P(t) = P_inf (1 - exp(-t / tau))      tau = 3.4 / P_inf

``d`` critical dimension of the target (m; the square root of the area seen), ``f`` highest
frequency that the sensor resolves on it (cycles a milliradian), ``R`` range, ``N`` cycles on the
target, ``N50`` cycles with which half the observers do the task (Johnson: detection 1.0,
orientation 1.4, recognition 4.0, identification 6.4), ``P_inf`` probability that an observer
finds it at all, ``tau`` mean time of those who do (s).

Source: Johnson, "Analysis of Image Forming Systems" (1958); the transfer function and the search
time as in the ACQUIRE model of the Night Vision Laboratory (Ratches 1976; Holst,
"Electro-Optical Imaging System Performance").

Validity: static targets, one field of view, trained observers. Left out: how ``f`` falls with
contrast and in the air (see visibility), clutter, motion, fatigue.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

SEARCH_TIME_S = 3.4
"""Mean time of search over ``1 / P_inf``."""


class Task(Enum):
    """What is to be told of a target, with Johnson's cycles for half the observers."""

    DETECTION = 1.0
    ORIENTATION = 1.4
    RECOGNITION = 4.0
    IDENTIFICATION = 6.4


def cycles_on_target(
    dimension_m: npt.ArrayLike,
    resolved_cycles_per_mrad: npt.ArrayLike,
    range_m: npt.ArrayLike,
) -> Float64:
    """Return the cycles that a sensor resolves on a target; arguments broadcast."""
    cycles: Float64 = (
        within("dimension_m", dimension_m, 0)
        * within("resolved_cycles_per_mrad", resolved_cycles_per_mrad, 0)
        * 1000.0
        / within("range_m", range_m, 0, above=True)
    )
    return cycles


def transfer_probability(cycles_over_n50: npt.ArrayLike) -> Float64:
    """Return the probability of a task from cycles over those needed by half; any shape."""
    x = within("cycles_over_n50", cycles_over_n50, 0)
    with np.errstate(divide="ignore"):
        logit = (2.7 + 0.7 * x) * np.log(x)
    with np.errstate(over="ignore"):
        chance: Float64 = 1.0 / (1.0 + np.exp(-logit))
    return chance


def cycles_ratio_for_probability(probability: npt.ArrayLike) -> Float64:
    """Return the cycles over `N50` that give a probability; inverse of the transfer function."""
    wanted = within("probability", probability, 0, 1, above=True, below=True)
    logit = np.log(wanted) - np.log1p(-wanted)
    low, high = np.full(wanted.shape, -300.0), np.full(wanted.shape, 5.0)
    for _ in range(64):  # in the logarithm of the ratio, in which the function rises throughout
        middle = (low + high) / 2.0
        short = (2.7 + 0.7 * np.exp(middle)) * middle < logit
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    ratio: Float64 = np.exp((low + high) / 2.0)
    return ratio


def task_probability(
    dimension_m: npt.ArrayLike,
    resolved_cycles_per_mrad: npt.ArrayLike,
    range_m: npt.ArrayLike,
    n50_cycles: npt.ArrayLike | Task,
) -> Float64:
    """Return the probability that an observer with time enough does a task; they broadcast."""
    cycles = cycles_on_target(dimension_m, resolved_cycles_per_mrad, range_m)
    return transfer_probability(cycles / _n50(n50_cycles))


def range_for_probability_m(
    probability: npt.ArrayLike,
    dimension_m: npt.ArrayLike,
    resolved_cycles_per_mrad: npt.ArrayLike,
    n50_cycles: npt.ArrayLike | Task,
) -> Float64:
    """Return the range at which a task succeeds with a probability, metres; they broadcast."""
    cycles = cycles_ratio_for_probability(probability) * _n50(n50_cycles)
    reach: Float64 = cycles_on_target(dimension_m, resolved_cycles_per_mrad, 1.0) / cycles
    return reach


def search_time_constant_s(probability_in_the_end: npt.ArrayLike) -> Float64:
    """Return the mean time of those observers who find the target, seconds; any shape."""
    time: Float64 = SEARCH_TIME_S / within(
        "probability_in_the_end", probability_in_the_end, 0, 1, above=True
    )
    return time


def search_probability(time_s: npt.ArrayLike, probability_in_the_end: npt.ArrayLike) -> Float64:
    """Return the probability to have found a target after a time in one field of view."""
    time = within("time_s", time_s, 0)
    end = within("probability_in_the_end", probability_in_the_end, 0, 1)
    chance: Float64 = -end * np.expm1(-time * end / SEARCH_TIME_S)
    return chance


def time_for_probability_s(
    probability: npt.ArrayLike, probability_in_the_end: npt.ArrayLike
) -> Float64:
    """Return the time after which a target is found with a probability, seconds.

    Raises
    ------
    OutsideValidityError
        Where ``probability`` is not below ``probability_in_the_end``: it is never reached.
    """
    end = within("probability_in_the_end", probability_in_the_end, 0, 1, above=True)
    share = within("probability", probability, 0, 1) / end
    done = within("probability / probability_in_the_end", share, 0, 1, below=True)
    time: Float64 = -SEARCH_TIME_S / end * np.log1p(-done)
    return time


def observers_probability(probability: npt.ArrayLike, observers: npt.ArrayLike) -> Float64:
    """Return the probability that one of several observers, each for himself, does the task."""
    single = within("probability", probability, 0, 1)
    count = whole("observers", observers, 0)
    chance: Float64 = 1.0 - (1.0 - single) ** count
    return chance


def _n50(cycles: npt.ArrayLike | Task) -> Float64:
    value = cycles.value if isinstance(cycles, Task) else cycles
    return within("n50_cycles", value, 0, above=True)
