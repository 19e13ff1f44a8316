"""Ship-to-shore movement: cycles of landing craft, and touchdown of waves.

Equation::

    cycle = load + D / v_out + unload + D / v_back
    trips = ceil(N / c)
    last touchdown = (trips - 1) cycle + load + D / v_out
    wave k touches down at H + (k - 1) i

``N`` boatloads, ``c`` craft, ``D`` distance from ship to shore (m), ``v_out, v_back`` speeds (m/s),
``load, unload`` times (s), ``H`` the hour of the first wave (s), ``i`` interval (s), ``k`` from 1.

Source: cycle arithmetic of US Joint Publication 3-02, "Amphibious Operations", ship-to-shore
movement; intervals of 3 to 12 minutes are usual.

Left out: surf, craft that fail, crowded boat lanes, ships that move while craft are away.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


def cycle_s(
    distance_m: npt.ArrayLike,
    speed_out_m_s: npt.ArrayLike,
    speed_back_m_s: npt.ArrayLike,
    load_s: npt.ArrayLike,
    unload_s: npt.ArrayLike,
) -> Float64:
    """Return the time of one round trip of a craft, seconds; arguments broadcast."""
    distance = within("distance_m", distance_m, 0)
    time: Float64 = (
        within("load_s", load_s, 0)
        + distance / within("speed_out_m_s", speed_out_m_s, 0, above=True)
        + within("unload_s", unload_s, 0)
        + distance / within("speed_back_m_s", speed_back_m_s, 0, above=True)
    )
    return time


def trips(loads: npt.ArrayLike, craft: npt.ArrayLike) -> Float64:
    """Return the round trips of the busiest craft; arguments broadcast."""
    number: Float64 = np.ceil(whole("loads", loads, 0) / whole("craft", craft, 1))
    return number


def last_touchdown_s(
    number_of_trips: npt.ArrayLike,
    cycle_s: npt.ArrayLike,
    load_s: npt.ArrayLike,
    distance_m: npt.ArrayLike,
    speed_out_m_s: npt.ArrayLike,
) -> Float64:
    """Return when the last trip touches down, seconds after the first loading began.

    ``number_of_trips`` as `trips`, at least 1. Add the unloading time for when all is ashore.
    """
    time: Float64 = (
        (whole("number_of_trips", number_of_trips, 1) - 1.0) * within("cycle_s", cycle_s, 0)
        + within("load_s", load_s, 0)
        + within("distance_m", distance_m, 0)
        / within("speed_out_m_s", speed_out_m_s, 0, above=True)
    )
    return time


def wave_touchdown_s(
    h_hour_s: npt.ArrayLike, interval_s: npt.ArrayLike, wave: npt.ArrayLike
) -> Float64:
    """Return when a wave (from 1) touches down, on the clock of ``h_hour_s``."""
    time: Float64 = within("h_hour_s", h_hour_s) + (whole("wave", wave, 1) - 1.0) * within(
        "interval_s", interval_s, 0
    )
    return time
