"""Horizon: how far one sees over a round Earth, and how high what is seen stands.

Equation::

    a = k R      k = 1 / (1 + R dN/dh 10^-6)
    d = sqrt(2 a h)                        (to the horizon)
    d = sqrt(2 a h_1) + sqrt(2 a h_2)      (line of sight between two heights)
    arc = a acos(a / (a + h))      dip = acos(a / (a + h))
    h_2 >= (d - sqrt(2 a h_1))^2 / (2 a)   (seen at d; 0 within the horizon)
    (a + h_2)^2 = (a + h_1)^2 + r^2 + 2 (a + h_1) r sin e
    bulge = d_1 d_2 / (2 a)
    d = C sqrt(h)      C = 1.23 (radar) or 1.17 (optical) nautical miles for h in feet

``R`` radius of the Earth, ``a`` effective radius, ``k`` refraction factor (4/3 for radio in a
standard atmosphere, 7/6 for light, 1 without), ``dN/dh`` gradient of refractivity (N/m), ``h``
heights above the surface, ``d`` ground distance, ``r`` slant range (m), ``e`` elevation.

Source: Skolnik, "Introduction to Radar Systems", chapter 12; ITU-R P.834 (effective Earth);
Bowditch, NGA Pub. 9 (1.17 and dip); the coefficients of the rules as printed.

Validity: heights to 30 km: the square root is short of the straight line by less than 0.1 % below
20 km, of the arc by less still; refraction factors from 0.3 to 10. Left out: terrain, ducts,
waves, the knowledge of where the air bends light otherwise than by a constant gradient.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from startex.models.constants import EARTH_RADIUS_M, STANDARD_REFRACTION
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

MAX_HEIGHT_M = 30_000.0
OPTICAL_REFRACTION = 7.0 / 6.0
RADAR_RULE_M = 1.23 * 1852.0 / np.sqrt(0.3048)
OPTICAL_RULE_M = 1.17 * 1852.0 / np.sqrt(0.3048)
"""Metres of horizon for the square root of a height in metres (1.23 and 1.17 nmi for feet)."""


def refraction_factor(
    gradient_n_per_km: npt.ArrayLike, earth_radius_m: npt.ArrayLike = EARTH_RADIUS_M
) -> Float64:
    """Return the factor of the effective Earth; -39 N a kilometre gives 4/3.

    Raises
    ------
    OutsideValidityError
        From -157 N a kilometre down the wave follows the Earth (a duct): no horizon.
    """
    radius = within("earth_radius_m", earth_radius_m, 0, above=True)
    bent = 1.0 + radius * within("gradient_n_per_km", gradient_n_per_km) * 1e-9
    factor: Float64 = 1.0 / within("1 + R dN/dh", bent, 0, above=True)
    return factor


def effective_radius_m(
    refraction: npt.ArrayLike = STANDARD_REFRACTION,
    earth_radius_m: npt.ArrayLike = EARTH_RADIUS_M,
) -> Float64:
    """Return the radius of the Earth over which rays go straight, metres; arguments broadcast."""
    if isinstance(refraction, float) and isinstance(earth_radius_m, float):
        return _effective_one_m(refraction, earth_radius_m)
    return _effective_m(refraction, earth_radius_m)


@lru_cache(maxsize=64)
def _effective_one_m(refraction: float, earth_radius_m: float) -> Float64:
    """Return what `_effective_m` does for one: nearly always the same."""
    return _effective_m(refraction, earth_radius_m)


def _effective_m(refraction: npt.ArrayLike, earth_radius_m: npt.ArrayLike) -> Float64:
    radius: Float64 = within("refraction", refraction, 0.3, 10.0) * within(
        "earth_radius_m", earth_radius_m, 0, above=True
    )
    return radius


def horizon_m(
    height_m: npt.ArrayLike,
    *,
    refraction: npt.ArrayLike = STANDARD_REFRACTION,
    earth_radius_m: npt.ArrayLike = EARTH_RADIUS_M,
) -> Float64:
    """Return the distance to the horizon, metres, by the square root; arguments broadcast."""
    height = within("height_m", height_m, 0, MAX_HEIGHT_M)
    distance: Float64 = np.sqrt(2.0 * effective_radius_m(refraction, earth_radius_m) * height)
    return distance


def horizon_arc_m(
    height_m: npt.ArrayLike,
    *,
    refraction: npt.ArrayLike = STANDARD_REFRACTION,
    earth_radius_m: npt.ArrayLike = EARTH_RADIUS_M,
) -> Float64:
    """Return the distance to the horizon along the ground without approximation, metres."""
    radius = effective_radius_m(refraction, earth_radius_m)
    arc: Float64 = radius * np.radians(
        dip_deg(height_m, refraction=refraction, earth_radius_m=earth_radius_m)
    )
    return arc


def dip_deg(
    height_m: npt.ArrayLike,
    *,
    refraction: npt.ArrayLike = OPTICAL_REFRACTION,
    earth_radius_m: npt.ArrayLike = EARTH_RADIUS_M,
) -> Float64:
    """Return how far the horizon lies below the level of the eye, degrees."""
    height = within("height_m", height_m, 0, MAX_HEIGHT_M)
    radius = effective_radius_m(refraction, earth_radius_m)
    # by the tangent: the cosine of a small angle has no digits left
    dip: Float64 = np.degrees(np.arctan(np.sqrt(height * (2.0 * radius + height)) / radius))
    return dip


def line_of_sight_m(
    height_m: npt.ArrayLike,
    target_height_m: npt.ArrayLike,
    *,
    refraction: npt.ArrayLike = STANDARD_REFRACTION,
    earth_radius_m: npt.ArrayLike = EARTH_RADIUS_M,
) -> Float64:
    """Return the distance at which two heights lose sight of each other, metres."""
    return horizon_m(height_m, refraction=refraction, earth_radius_m=earth_radius_m) + horizon_m(
        target_height_m, refraction=refraction, earth_radius_m=earth_radius_m
    )


def horizon_by_rule_m(
    height_m: npt.ArrayLike, coefficient: npt.ArrayLike = RADAR_RULE_M
) -> Float64:
    """Return the distance to the horizon by a rule of thumb, metres; arguments broadcast.

    ``coefficient``: metres for the square root of metres, `RADAR_RULE_M` or `OPTICAL_RULE_M`. The
    geographic range of a light is the sum of the distances for its height and the eye's.
    """
    distance: Float64 = within("coefficient", coefficient, 0) * np.sqrt(
        within("height_m", height_m, 0, MAX_HEIGHT_M)
    )
    return distance


def least_visible_height_m(
    distance_m: npt.ArrayLike,
    height_m: npt.ArrayLike,
    *,
    refraction: npt.ArrayLike = STANDARD_REFRACTION,
    earth_radius_m: npt.ArrayLike = EARTH_RADIUS_M,
) -> Float64:
    """Return the height above which a target is seen at a distance, metres.

    It is what the Earth hides of the target: 0 within the horizon of the observer.
    """
    near = horizon_m(height_m, refraction=refraction, earth_radius_m=earth_radius_m)
    beyond = np.maximum(within("distance_m", distance_m, 0) - near, 0.0)
    height: Float64 = beyond**2 / (2.0 * effective_radius_m(refraction, earth_radius_m))
    return height


def height_of_target_m(
    slant_range_m: npt.ArrayLike,
    elevation_deg: npt.ArrayLike,
    height_m: npt.ArrayLike = 0.0,
    *,
    refraction: npt.ArrayLike = STANDARD_REFRACTION,
    earth_radius_m: npt.ArrayLike = EARTH_RADIUS_M,
) -> Float64:
    """Return the height of what is measured at a range and an elevation, metres.

    Negative where the ray has gone into the Earth; ``height_m`` is that of the antenna.
    """
    slant = within("slant_range_m", slant_range_m, 0)
    sine = np.sin(np.radians(within("elevation_deg", elevation_deg, -90.0, 90.0)))
    own = within("height_m", height_m, 0, MAX_HEIGHT_M)
    radius = effective_radius_m(refraction, earth_radius_m)
    # (x^2 - a^2) / (x + a) keeps the digits that x - a loses
    square = own * (2.0 * radius + own) + slant * (slant + 2.0 * (radius + own) * sine)
    height: Float64 = square / (np.sqrt(radius**2 + square) + radius)
    return height


def elevation_of_target_deg(
    slant_range_m: npt.ArrayLike,
    target_height_m: npt.ArrayLike,
    height_m: npt.ArrayLike = 0.0,
    *,
    refraction: npt.ArrayLike = STANDARD_REFRACTION,
    earth_radius_m: npt.ArrayLike = EARTH_RADIUS_M,
) -> Float64:
    """Return the elevation at which a target of a height is seen at a slant range, degrees.

    Raises
    ------
    OutsideValidityError
        Where the slant range is shorter than the difference of the heights.
    """
    slant = within("slant_range_m", slant_range_m, 0, above=True)
    own = within("height_m", height_m, 0, MAX_HEIGHT_M)
    target = within("target_height_m", target_height_m, 0, MAX_HEIGHT_M)
    radius = effective_radius_m(refraction, earth_radius_m)
    rise = (target - own) * (2.0 * radius + target + own) - slant**2
    sine = rise / (2.0 * (radius + own) * slant)
    elevation: Float64 = np.degrees(np.arcsin(within("sine of the elevation", sine, -1.0, 1.0)))
    return elevation


def slant_range_m(
    distance_m: npt.ArrayLike,
    height_m: npt.ArrayLike,
    target_height_m: npt.ArrayLike,
    *,
    refraction: npt.ArrayLike = STANDARD_REFRACTION,
    earth_radius_m: npt.ArrayLike = EARTH_RADIUS_M,
) -> Float64:
    """Return the straight way between two heights a ground distance apart, metres."""
    own = within("height_m", height_m, 0, MAX_HEIGHT_M)
    target = within("target_height_m", target_height_m, 0, MAX_HEIGHT_M)
    radius = effective_radius_m(refraction, earth_radius_m)
    half = np.sin(within("distance_m", distance_m, 0) / (2.0 * radius))
    slant: Float64 = np.hypot(
        target - own, 2.0 * half * np.sqrt((radius + own) * (radius + target))
    )
    return slant


def bulge_m(
    near_m: npt.ArrayLike,
    far_m: npt.ArrayLike,
    *,
    refraction: npt.ArrayLike = STANDARD_REFRACTION,
    earth_radius_m: npt.ArrayLike = EARTH_RADIUS_M,
) -> Float64:
    """Return how far the Earth rises above the chord at distances from its two ends, metres."""
    rise: Float64 = (
        within("near_m", near_m, 0)
        * within("far_m", far_m, 0)
        / (2.0 * effective_radius_m(refraction, earth_radius_m))
    )
    return rise
