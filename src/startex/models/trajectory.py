"""Trajectory in vacuum over flat ground: apex, range, time; a bound, not a ballistic table.

**Not for live-fire safety.**

Equation::

    apex = (V sin e)^2 / (2 g)      range = V^2 sin(2 e) / g      T = 2 V sin e / g
    h(x) = x tan e - g x^2 / (2 V^2 cos^2 e)
    sin(2 e) = g R / V^2            (the low and the high elevation for a range R)

``V`` muzzle velocity (m/s), ``e`` elevation, ``g`` standard gravity, ``x`` distance along the
ground (m), ``h`` height over the muzzle.

Source: elementary mechanics; any text on exterior ballistics, for example McCoy, "Modern Exterior
Ballistics", chapter 3.

Validity: an upper bound on apex and range; true ones are several times less for fast projectiles.
Left out: drag, wind, lift, the curve of the earth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

GRAVITY_M_S2 = 9.80665


@dataclass(frozen=True, slots=True)
class Vacuum:
    """A trajectory back to the height of the muzzle; arrays of one shape."""

    apex_m: Float64
    range_m: Float64
    time_s: Float64


@dataclass(frozen=True, slots=True)
class Elevations:
    """The two elevations that reach a range, degrees; equal at the greatest, nan beyond it."""

    low_deg: Float64
    high_deg: Float64


def vacuum_trajectory(velocity_m_s: npt.ArrayLike, elevation_deg: npt.ArrayLike) -> Vacuum:
    """Return apex, range and time of flight without air; arguments broadcast."""
    velocity, elevation = np.broadcast_arrays(
        within("velocity_m_s", velocity_m_s, 0),
        np.radians(within("elevation_deg", elevation_deg, 0, 90)),
    )
    up = velocity * np.sin(elevation)
    time = 2.0 * up / GRAVITY_M_S2
    return Vacuum(0.5 * up**2 / GRAVITY_M_S2, velocity * np.cos(elevation) * time, time)


def height_m(
    distance_m: npt.ArrayLike, velocity_m_s: npt.ArrayLike, elevation_deg: npt.ArrayLike
) -> Float64:
    """Return the height over the muzzle at a distance, metres; arguments broadcast.

    Negative beyond the range. The elevation may point down, and is less than 90 degrees.
    """
    distance = within("distance_m", distance_m, 0)
    elevation = np.radians(within("elevation_deg", elevation_deg, -89.9, 89.9))
    level = within("velocity_m_s", velocity_m_s, 0, above=True) * np.cos(elevation)
    height: Float64 = distance * np.tan(elevation) - 0.5 * GRAVITY_M_S2 * (distance / level) ** 2
    return height


def elevations_for_range(range_m: npt.ArrayLike, velocity_m_s: npt.ArrayLike) -> Elevations:
    """Return the low and the high elevation that reach a range; arguments broadcast."""
    velocity = within("velocity_m_s", velocity_m_s, 0, above=True)
    share = GRAVITY_M_S2 * within("range_m", range_m, 0) / velocity**2
    reached = share <= 1.0 + 1e-12
    low = 0.5 * np.degrees(np.arcsin(np.minimum(share, 1.0)))
    return Elevations(np.where(reached, low, np.nan), np.where(reached, 90.0 - low, np.nan))


def greatest_range_m(velocity_m_s: npt.ArrayLike) -> Float64:
    """Return the range at 45 degrees, which no other elevation exceeds, metres."""
    reach: Float64 = within("velocity_m_s", velocity_m_s, 0) ** 2 / GRAVITY_M_S2
    return reach
