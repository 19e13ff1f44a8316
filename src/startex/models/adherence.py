"""Adherence to a schedule: delays of events against plan, share on time.

Equation::

    d_i = actual_i - planned_i
    mean d, max d, mean |d|, sqrt(mean d^2), share of |d_i| <= tolerance

Source: measures of performance of after-action reviews, as in Meliza, Bessemer and Hiller,
"Providing Unit Training Feedback in the Distributed Interactive Simulation Environment" (ARI).

Validity: any times in one unit and epoch. An event that did not take place has an actual time of
nan: it counts as not on time, and not in the delays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Adherence:
    """Measures over the last axis, arrays of its leading shape. Late is positive.

    ``max_delay_s`` is the latest, ``rms_s`` the root of the mean square. Delays are nan where no
    event took place.
    """

    mean_delay_s: Float64
    max_delay_s: Float64
    mean_absolute_s: Float64
    rms_s: Float64
    on_time_share: Float64
    missed: Int64


def schedule_adherence(
    actual_s: npt.ArrayLike, planned_s: npt.ArrayLike, tolerance_s: npt.ArrayLike
) -> Adherence:
    """Return how events kept to their plan.

    Parameters
    ----------
    actual_s, planned_s
        Times of events, seconds, events on the last axis (at least one); nan in ``actual_s`` for
        an event that did not take place. They broadcast.
    tolerance_s
        Early or late by no more is on time; of the leading shape.
    """
    planned = within("planned_s", planned_s)
    actual = np.asarray(actual_s, dtype=np.float64)
    took = ~np.isnan(actual)
    actual, planned, took = np.broadcast_arrays(
        within("actual_s", np.where(took, actual, 0.0)), planned, took
    )
    if actual.ndim == 0 or actual.shape[-1] == 0:
        raise OutsideValidityError(
            f"events have shape {actual.shape}; the last axis holds one event or more"
        )
    number = took.sum(axis=-1)
    delay = np.where(took, actual - planned, 0.0)
    on_time = took & (np.abs(delay) <= within("tolerance_s", tolerance_s, 0)[..., None])
    some = number > 0
    count = np.where(some, number, 1)

    def mean(values: Float64) -> Float64:
        return np.where(some, values.sum(axis=-1) / count, np.nan)

    latest = np.where(took, delay, -np.inf).max(axis=-1)
    return Adherence(
        mean(delay),
        np.where(some, latest, np.nan),
        mean(np.abs(delay)),
        np.sqrt(mean(delay**2)),
        on_time.mean(axis=-1),
        actual.shape[-1] - number,
    )
