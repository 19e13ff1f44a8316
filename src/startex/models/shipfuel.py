"""Fuel of a displacement ship by the cube law.

Equation::

    F / F_r = P / P_r = (V / V_r)^3      per distance: (V / V_r)^2

``F`` fuel a unit of time, ``P`` shaft power, ``V`` speed through the water (m/s), ``r`` a
reference near the design speed.

Source: admiralty-coefficient practice, as in Molland, Turnock and Hudson, "Ship Resistance and
Propulsion", and in engineers' examinations (Reed's "General Engineering Knowledge").

Validity: displacement hulls from a quarter to one and a half of the reference speed. Left out:
auxiliary engines, weather, fouling, draught, the hump of fast hulls.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

LEAST_RATIO, GREATEST_RATIO = 0.25, 1.5
"""Speeds over the reference within which the law is used."""


def power_ratio(speed_m_s: npt.ArrayLike, reference_speed_m_s: npt.ArrayLike) -> Float64:
    """Return shaft power (and fuel a unit of time) over that at the reference speed; broadcasts."""
    ratio: Float64 = _speed_ratio(speed_m_s, reference_speed_m_s) ** 3
    return ratio


def fuel_rate(
    reference_rate: npt.ArrayLike, speed_m_s: npt.ArrayLike, reference_speed_m_s: npt.ArrayLike
) -> Float64:
    """Return the fuel a unit of time, in the unit of ``reference_rate``; arguments broadcast."""
    rate: Float64 = within("reference_rate", reference_rate, 0) * power_ratio(
        speed_m_s, reference_speed_m_s
    )
    return rate


def fuel_per_distance_ratio(
    speed_m_s: npt.ArrayLike, reference_speed_m_s: npt.ArrayLike
) -> Float64:
    """Return the fuel of a voyage over that of the same voyage at the reference speed."""
    ratio: Float64 = _speed_ratio(speed_m_s, reference_speed_m_s) ** 2
    return ratio


def speed_for_fuel_m_s(
    rate: npt.ArrayLike, reference_rate: npt.ArrayLike, reference_speed_m_s: npt.ArrayLike
) -> Float64:
    """Return the speed that burns ``rate`` (same unit as ``reference_rate``); broadcasts."""
    share = within("rate", rate, 0) / within("reference_rate", reference_rate, 0, above=True)
    reference = within("reference_speed_m_s", reference_speed_m_s, 0, above=True)
    ratio = within("speed over reference", np.cbrt(share), LEAST_RATIO, GREATEST_RATIO)
    speed: Float64 = reference * ratio
    return speed


def _speed_ratio(speed_m_s: npt.ArrayLike, reference_speed_m_s: npt.ArrayLike) -> Float64:
    reference = within("reference_speed_m_s", reference_speed_m_s, 0, above=True)
    ratio = within("speed_m_s", speed_m_s, 0) / reference
    return within("speed over reference", ratio, LEAST_RATIO, GREATEST_RATIO)
