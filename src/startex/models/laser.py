"""Nominal ocular hazard distance of a laser, irradiance with distance, optical density needed.

**Not for live-fire safety.**

Equation::

    D(r) = a + r phi         E(r) = 4 P tau / (pi D^2)
    NOHD = (sqrt(4 P / (pi MPE)) - a) / phi
    OD   = log10(E / MPE)    through optics: E M^2 (M the magnification)

``P`` power (W), ``a`` beam diameter at the aperture (m), ``phi`` full divergence (rad), ``D``
diameter at range ``r`` (m), ``E`` irradiance (W/m2), ``MPE`` maximum permissible exposure
(W/m2), ``tau`` share that the air lets through.

Source: ANSI Z136.1, "Safe Use of Lasers".

Validity: a continuous beam of even irradiance that widens linearly; the MPE of wavelength and
exposure is an input. Pulses: energy (J) and J/m2 take the places of W and W/m2. Left out:
air (unless ``tau`` is given), scintillation, reflections.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


def nominal_ocular_hazard_distance_m(
    power_w: npt.ArrayLike,
    mpe_w_m2: npt.ArrayLike,
    divergence_rad: npt.ArrayLike,
    aperture_m: npt.ArrayLike = 0.0,
    magnification: npt.ArrayLike = 1.0,
) -> Float64:
    """Return the distance within which the beam exceeds the MPE, metres; arguments broadcast.

    0 where it does so nowhere. With a ``magnification`` above 1 it is the distance for an eye
    behind such optics, all of whose light enters the eye (extended ocular hazard distance).
    """
    ceiling = within("mpe_w_m2", mpe_w_m2, 0, above=True)
    seen = within("power_w", power_w, 0) * within("magnification", magnification, 1) ** 2
    diameter = np.sqrt(4.0 * seen / (np.pi * ceiling))
    distance = (diameter - within("aperture_m", aperture_m, 0)) / within(
        "divergence_rad", divergence_rad, 0, 1, above=True
    )
    nearest: Float64 = np.maximum(distance, 0.0)
    return nearest


def beam_diameter_m(
    range_m: npt.ArrayLike, divergence_rad: npt.ArrayLike, aperture_m: npt.ArrayLike = 0.0
) -> Float64:
    """Return the diameter of the beam at a range, metres; arguments broadcast."""
    spread = within("range_m", range_m, 0) * within("divergence_rad", divergence_rad, 0, 1)
    diameter: Float64 = within("aperture_m", aperture_m, 0) + spread
    return diameter


def irradiance_w_m2(
    range_m: npt.ArrayLike,
    power_w: npt.ArrayLike,
    divergence_rad: npt.ArrayLike,
    aperture_m: npt.ArrayLike,
    transmission: npt.ArrayLike = 1.0,
) -> Float64:
    """Return the irradiance in the beam at a range, W/m2; arguments broadcast."""
    diameter = within(
        "beam diameter (m)", beam_diameter_m(range_m, divergence_rad, aperture_m), 0, above=True
    )
    irradiance: Float64 = (
        4.0
        * within("power_w", power_w, 0)
        * within("transmission", transmission, 0, 1)
        / (np.pi * diameter**2)
    )
    return irradiance


def optical_density(irradiance_w_m2: npt.ArrayLike, mpe_w_m2: npt.ArrayLike) -> Float64:
    """Return the optical density that protective glasses need; 0 where none is; broadcasts."""
    excess = within("irradiance_w_m2", irradiance_w_m2, 0) / within(
        "mpe_w_m2", mpe_w_m2, 0, above=True
    )
    density: Float64 = np.log10(np.maximum(excess, 1.0))
    return density
