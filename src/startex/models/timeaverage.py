"""Averages of a quantity that steps in time: strength, stock, cover, number in a queue.

Equation::

    mean = sum v_i (t_{i+1} - t_i) / (t_n - t_0)
    variance = sum (v_i - mean)^2 (t_{i+1} - t_i) / (t_n - t_0)

``v_i`` value from ``t_i`` to ``t_{i+1}``.

Source: time-persistent statistics, as in Law, "Simulation Modeling and Analysis", chapter 1.

Validity: times that never decrease, over more than no time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


def time_weighted_mean(times_s: npt.ArrayLike, values: npt.ArrayLike) -> Float64:
    """Return the mean over time, in the unit of ``values``, of the leading shape.

    ``times_s`` of the steps and of the end, shape (..., n + 1); ``values`` that hold from each
    step on, shape (..., n). They broadcast.
    """
    value, weight = _steps(times_s, values)
    return np.asarray((value * weight).sum(axis=-1))


def time_weighted_variance(times_s: npt.ArrayLike, values: npt.ArrayLike) -> Float64:
    """Return the variance over time; arguments as `time_weighted_mean`."""
    value, weight = _steps(times_s, values)
    mean = (value * weight).sum(axis=-1, keepdims=True)
    return np.asarray(((value - mean) ** 2 * weight).sum(axis=-1))


def time_share_at_least(
    times_s: npt.ArrayLike, values: npt.ArrayLike, threshold: npt.ArrayLike
) -> Float64:
    """Return the share of the time with a value of at least a threshold, of the leading shape."""
    value, weight = _steps(times_s, values)
    enough = value >= within("threshold", threshold)[..., None]
    return np.asarray(np.where(enough, weight, 0.0).sum(axis=-1))


def _steps(times_s: npt.ArrayLike, values: npt.ArrayLike) -> tuple[Float64, Float64]:
    """Return values and the share of the time that each holds, of one shape."""
    times, value = within("times_s", times_s), within("values", values)
    if times.ndim == 0 or value.ndim == 0 or times.shape[-1] != value.shape[-1] + 1:
        raise OutsideValidityError(
            f"times_s and values have shapes {times.shape} and {value.shape}; on the last axis "
            "there is one time more than values, the end"
        )
    held = within("steps between times_s", np.diff(times, axis=-1), 0)
    whole = within("time in all (s)", held.sum(axis=-1, keepdims=True), 0, above=True)
    share, value = np.broadcast_arrays(held / whole, value)
    return value, share
