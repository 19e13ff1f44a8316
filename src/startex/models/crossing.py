"""River crossing by rafts or by a bridge: round trips, rates, time until all are across.

Equation::

    round trip = load + unload + 2 w / v
    T_raft   = ceil(N / (r c)) round trip
    T_bridge = build + N / q

``w`` width of the water (m), ``v`` speed of a raft (m/s), ``load, unload`` times (s), ``N``
vehicles, ``r`` rafts, ``c`` vehicles a raft carries, ``build`` time until the bridge stands (s),
``q`` vehicles a second over the bridge.

Source: planning arithmetic of US Army FM 90-13 and ATP 3-90.4, "Combined Arms Mobility" (raft
round trips and bridge rates).

Left out: current that carries rafts off, banks, waiting areas, rafts that fail.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


def raft_round_trip_s(
    width_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    load_s: npt.ArrayLike,
    unload_s: npt.ArrayLike,
) -> Float64:
    """Return the round trip of a raft, seconds; arguments broadcast. 3,600 over it: trips/h."""
    time: Float64 = (
        within("load_s", load_s, 0)
        + within("unload_s", unload_s, 0)
        + 2.0
        * within("width_m", width_m, 0, above=True)
        / within("speed_m_s", speed_m_s, 0, above=True)
    )
    return time


def raft_clear_time_s(
    vehicles: npt.ArrayLike,
    rafts: npt.ArrayLike,
    capacity: npt.ArrayLike,
    round_trip_s: npt.ArrayLike,
) -> Float64:
    """Return when the last raft is back and all vehicles are across, seconds; broadcasts."""
    lifts = np.ceil(
        whole("vehicles", vehicles, 0) / (whole("rafts", rafts, 1) * whole("capacity", capacity, 1))
    )
    time: Float64 = lifts * within("round_trip_s", round_trip_s, 0, above=True)
    return time


def bridge_clear_time_s(
    vehicles: npt.ArrayLike, rate_per_s: npt.ArrayLike, build_s: npt.ArrayLike = 0.0
) -> Float64:
    """Return when the last vehicle has gone over a bridge that is built first; broadcasts."""
    time: Float64 = within("build_s", build_s, 0) + whole("vehicles", vehicles, 0) / within(
        "rate_per_s", rate_per_s, 0, above=True
    )
    return time
