"""Refuelling point: vehicles that arrive at a headway and are served over lanes.

Equation::

    bound = max((n - 1) h + s, ceil(n / c) s)
    vehicle k (from 0) leaves at  s + max(k h, (k mod c) h + floor(k / c) s)

``n`` vehicles, ``c`` lanes, ``s`` time of service and ``h`` headway (s); time counts from the
arrival of the first.

Source: arithmetic of a queue with fixed times (D/D/c); refuel on the move as in US Army
ATP 4-43, "Petroleum Supply Operations".

Validity: equal times, first come first served, lanes empty at the start. The bound leaves out
that the lanes fill one headway after the other: it is low by (n - 1 mod c) headways at most.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


def refuel_bound_s(
    vehicles: npt.ArrayLike,
    lanes: npt.ArrayLike,
    service_s: npt.ArrayLike,
    headway_s: npt.ArrayLike,
) -> Float64:
    """Return the planners' bound of the time until all are refuelled, seconds; broadcasts.

    0 for no vehicles.
    """
    number, served = whole("vehicles", vehicles, 0), within("service_s", service_s, 0)
    by_arrival = (number - 1.0) * within("headway_s", headway_s, 0) + served
    by_service = np.ceil(number / whole("lanes", lanes, 1)) * served
    return np.where(number > 0, np.maximum(by_arrival, by_service), 0.0)


def leaves_s(
    index: npt.ArrayLike, lanes: npt.ArrayLike, service_s: npt.ArrayLike, headway_s: npt.ArrayLike
) -> Float64:
    """Return when vehicle ``index`` (from 0) leaves the point, seconds; arguments broadcast."""
    k, c = whole("index", index, 0), whole("lanes", lanes, 1)
    served, apart = within("service_s", service_s, 0), within("headway_s", headway_s, 0)
    time: Float64 = served + np.maximum(k * apart, (k % c) * apart + np.floor(k / c) * served)
    return time


def refuel_time_s(
    vehicles: npt.ArrayLike,
    lanes: npt.ArrayLike,
    service_s: npt.ArrayLike,
    headway_s: npt.ArrayLike,
) -> Float64:
    """Return the time until all vehicles have left, seconds; 0 for no vehicles; broadcasts."""
    number, c = np.broadcast_arrays(whole("vehicles", vehicles, 0), whole("lanes", lanes, 1))
    last = leaves_s(np.maximum(number - 1.0, 0.0), c, service_s, headway_s)
    return np.where(number > 0, last, 0.0)


def lanes_needed(service_s: npt.ArrayLike, headway_s: npt.ArrayLike) -> Float64:
    """Return the lanes with which nobody waits; arguments broadcast."""
    ratio = within("service_s", service_s, 0) / within("headway_s", headway_s, 0, above=True)
    lanes: Float64 = np.maximum(np.ceil(ratio * (1.0 - 1e-12)), 1.0)
    return lanes
