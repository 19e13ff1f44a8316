"""Parachute drops: jumpers in one pass over a drop zone, drift with the wind, time of descent.

Equation::

    R = round(0.51 V)      T = floor((L - B) / R)      J = 1 + floor(T / i)
    D = K A V_w
    w = sqrt(2 m g / (rho C_d S))      t = h / w

``V`` run speed (kt), ``R`` ground covered a second (m), ``L`` length of the drop zone, ``B``
buffer at its ends (m), ``T`` seconds usable, ``i`` seconds between jumpers, ``J`` jumpers a door;
``A`` height of the drop in hundreds of feet, ``V_w`` wind (kt), ``K`` metres a hundred feet and
knot (3 personnel, 1.5 cargo), ``D`` drift (m); ``m`` mass (kg), ``S`` area of the canopy (m2),
``C_d`` its drag coefficient, ``rho`` density of air (kg/m3), ``w`` rate of descent (m/s).

Source: US Army FM 3-21.38, "Pathfinder Operations", chapter 6 (drop-zone capacity and D = K A V);
rate of descent: balance of weight and drag, as in Knacke, "Parachute Recovery Systems".

Left out: forward throw, opening height, steerable canopies, wind that changes with height.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

KNOT_M_S = 1852.0 / 3600.0
FOOT_M = 0.3048
BUFFER_M = 200.0
"""Buffer of the published example, both ends together."""

ROUNDED_KNOT_M_S = 0.51
"""The conversion that the manual uses, before it rounds to whole metres."""

GRAVITY_M_S2 = 9.80665
AIR_DENSITY_KG_M3 = 1.225
"""Standard gravity (ISO 80000-3); density at sea level of the standard atmosphere (ISO 2533)."""


class Load(Enum):
    """What hangs on the parachute; the value is K in metres a hundred feet and knot."""

    PERSONNEL = 3.0
    CARGO = 1.5


def ground_speed_m_s(speed_m_s: npt.ArrayLike) -> Float64:
    """Return the ground covered a second as the manual rounds it, whole metres."""
    knots = within("speed_m_s", speed_m_s, 0.99 * KNOT_M_S, 250.0) / KNOT_M_S
    rounded: Float64 = np.floor(ROUNDED_KNOT_M_S * knots + 0.5)
    return rounded


def usable_time_s(
    length_m: npt.ArrayLike, speed_m_s: npt.ArrayLike, buffer_m: npt.ArrayLike = BUFFER_M
) -> Float64:
    """Return the whole seconds in which jumpers can leave; 0 where the zone is too short."""
    usable = within("length_m", length_m, 0) - within("buffer_m", buffer_m, 0)
    seconds: Float64 = np.floor(np.maximum(usable, 0.0) / ground_speed_m_s(speed_m_s))
    return seconds


def jumpers_per_pass(
    length_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    buffer_m: npt.ArrayLike = BUFFER_M,
    interval_s: npt.ArrayLike = 1.0,
) -> Float64:
    """Return jumpers from one door in one pass; none where the zone is within the buffer.

    ``length_m`` of the zone along the run, ``speed_m_s`` of the aircraft, ``interval_s`` between
    jumpers. Arguments broadcast.
    """
    seconds = usable_time_s(length_m, speed_m_s, buffer_m)
    number = 1.0 + np.floor(seconds / within("interval_s", interval_s, 0, above=True))
    return np.where(np.asarray(length_m) < np.asarray(buffer_m), 0.0, number)


def drift_m(
    altitude_m: npt.ArrayLike, wind_m_s: npt.ArrayLike, load: Load = Load.PERSONNEL
) -> Float64:
    """Return the drift downwind from release to the ground, metres; arguments broadcast.

    ``altitude_m`` above the ground, at most 3,000 m (static line); ``wind_m_s`` mean over the
    descent, at most 15 m/s.
    """
    hundreds_ft = within("altitude_m", altitude_m, 0, 3_000.0) / FOOT_M / 100.0
    drift: Float64 = load.value * hundreds_ft * within("wind_m_s", wind_m_s, 0, 15.0) / KNOT_M_S
    return drift


def descent_rate_m_s(
    mass_kg: npt.ArrayLike,
    canopy_area_m2: npt.ArrayLike,
    drag_coefficient: npt.ArrayLike = 0.75,
    air_density_kg_m3: npt.ArrayLike = AIR_DENSITY_KG_M3,
) -> Float64:
    """Return the steady rate of descent under an open canopy, m/s; arguments broadcast."""
    rate: Float64 = np.sqrt(
        2.0
        * within("mass_kg", mass_kg, 0, above=True)
        * GRAVITY_M_S2
        / (
            within("air_density_kg_m3", air_density_kg_m3, 0.1, 1.6)
            * within("drag_coefficient", drag_coefficient, 0.3, 2.5)
            * within("canopy_area_m2", canopy_area_m2, 0, above=True)
        )
    )
    return rate


def descent_time_s(altitude_m: npt.ArrayLike, rate_m_s: npt.ArrayLike) -> Float64:
    """Return the time from an open canopy to the ground, seconds; arguments broadcast."""
    time: Float64 = within("altitude_m", altitude_m, 0) / within(
        "rate_m_s", rate_m_s, 0, above=True
    )
    return time
