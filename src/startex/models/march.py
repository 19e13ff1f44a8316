"""Road march of columns: road space, pass time, arrive and clear times.

Equation::

    RS = N d + v G
    PT = RS / v
    G  = (m - 1) g_m + (s - 1) g_s
    arrive = SP + D / v + H
    clear  = arrive + PT

``N`` vehicles, ``d`` distance from front to front of successive vehicles (m; 1 over the density),
``v`` rate of march (m/s), ``m`` march units and ``s`` serials in the column, ``g_m`` the time gap
between march units and ``g_s`` what is added between serials (s), ``G`` all time gaps (s),
``SP`` when the head passes the start point, ``D`` distance (m), ``H`` scheduled halts (s),
``RS`` road space (m), ``PT`` pass time (s).

Source: US Army FM 55-10, appendix E, and FM 55-15, chapter 1 (pass time with gaps of 2 and 3
minutes); CGSC Student Text 100-3, chapter 8, section I (corps examples).

Left out: columns that stretch and shorten on hills and in traffic, breakdowns, closing up at halts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

MARCH_UNIT_GAP_S = 120.0
SERIAL_GAP_S = 180.0
"""Time gaps of the published pass-time formula: 2 min, and 3 min more between serials."""


@dataclass(frozen=True, slots=True)
class MarchTable:
    """A line of a march table; arrays of one shape. Times in seconds on the clock of ``SP``."""

    road_space_m: Float64
    pass_time_s: Float64
    head_arrives_s: Float64
    tail_clears_s: Float64


def gap_time_s(
    march_units: npt.ArrayLike,
    serials: npt.ArrayLike = 1,
    *,
    march_unit_gap_s: npt.ArrayLike = MARCH_UNIT_GAP_S,
    serial_gap_s: npt.ArrayLike = SERIAL_GAP_S,
) -> Float64:
    """Return the sum of the time gaps in a column, seconds; arguments broadcast.

    ``march_units`` counts those of all serials together; there is no serial without one.
    """
    units = whole("march_units", march_units, 1)
    parts = whole("serials", serials, 1)
    within("march_units - serials", units - parts, 0)
    gaps: Float64 = (units - 1.0) * within("march_unit_gap_s", march_unit_gap_s, 0) + (
        parts - 1.0
    ) * within("serial_gap_s", serial_gap_s, 0)
    return gaps


def road_space_m(
    vehicles: npt.ArrayLike,
    spacing_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike = 1.0,
    gaps_s: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the road that a column occupies, metres; arguments broadcast.

    ``spacing_m`` from front to front, ``gaps_s`` all time gaps (`gap_time_s`).
    """
    space: Float64 = whole("vehicles", vehicles, 0) * within(
        "spacing_m", spacing_m, 0, above=True
    ) + within("speed_m_s", speed_m_s, 0, above=True) * within("gaps_s", gaps_s, 0)
    return space


def shared_road_space_m(
    occupied_m: npt.ArrayLike, gaps_m: npt.ArrayLike, routes: npt.ArrayLike
) -> Float64:
    """Return the mean length of a column when a force is split evenly over routes, metres."""
    shared: Float64 = (within("occupied_m", occupied_m, 0) + within("gaps_m", gaps_m, 0)) / whole(
        "routes", routes, 1
    )
    return shared


def pass_time_s(road_space_m: npt.ArrayLike, speed_m_s: npt.ArrayLike) -> Float64:
    """Return the time from head to tail of a column at a point, seconds; arguments broadcast."""
    time: Float64 = within("road_space_m", road_space_m, 0) / within(
        "speed_m_s", speed_m_s, 0, above=True
    )
    return time


def march_table(
    *,
    vehicles: npt.ArrayLike,
    spacing_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    distance_m: npt.ArrayLike,
    start_s: npt.ArrayLike,
    halts_s: npt.ArrayLike = 0.0,
    gaps_s: npt.ArrayLike = 0.0,
) -> MarchTable:
    """Return road space, pass time, arrival of the head and clearing of the tail.

    All arguments broadcast; ``start_s`` is when the head passes the start point, ``halts_s`` the
    sum of scheduled halts on the way, ``gaps_s`` the time gaps of the column.

    Raises
    ------
    OutsideValidityError
        For a speed or spacing that is not positive, or a negative number, distance or time.
    """
    speed = within("speed_m_s", speed_m_s, 0, above=True)
    space = road_space_m(vehicles, spacing_m, speed, gaps_s)
    passes = pass_time_s(space, speed)
    arrives = (
        within("start_s", start_s)
        + within("distance_m", distance_m, 0) / speed
        + within("halts_s", halts_s, 0)
    )
    space, passes, arrives = np.broadcast_arrays(space, passes, arrives)
    return MarchTable(space, passes, arrives, arrives + passes)
