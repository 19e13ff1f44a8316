"""Sea water: speed and absorption of sound.

Equation::

    c = 1448.96 + 4.591 T - 0.05304 T^2 + 2.374e-4 T^3 + 1.340 (S - 35) + 0.0163 D
        + 1.675e-7 D^2 - 0.01025 T (S - 35) - 7.139e-13 T D^3                       (Mackenzie)
    c = 1449.2 + 4.6 T - 0.055 T^2 + 0.00029 T^3 + (1.34 - 0.010 T) (S - 35) + 0.016 D   (Medwin)
    alpha = 0.11 f^2 / (1 + f^2) + 44 f^2 / (4100 + f^2) + 2.75e-4 f^2 + 0.003       (Thorp)
    alpha = A_1 f_1 f^2 / (f_1^2 + f^2) + A_2 P_2 f_2 f^2 / (f_2^2 + f^2) + A_3 P_3 f^2
                                                                       (Francois and Garrison)

``T`` temperature (deg C), ``S`` salinity (practical salinity units), ``D`` depth (m), ``f``
frequency (kHz in the equations, Hz at the interface), ``c`` m/s, ``alpha`` dB/km (dB/m at the
interface); the constants of boric acid (1), magnesium sulphate (2) and water (3) are in the code.

Source: Mackenzie, JASA 70 (1981) 807; Medwin, JASA 58 (1975) 1318; Thorp, JASA 42 (1967) 270, in
the form of Urick, "Principles of Underwater Sound"; Francois and Garrison, JASA 72 (1982) 1879.

Validity: Mackenzie 2 to 30 deg, 25 to 40 units, to 8,000 m; Medwin 0 to 35 deg, 0 to 45 units, to
1,000 m; Thorp 100 Hz to 50 kHz, at about 4 deg near the surface; Francois and Garrison -2 to 22
deg, 30 to 35 units, to 5,000 m, 400 Hz to 1 MHz, pH 7.7 to 8.3.
Left out: fresh water, bubbles, scattering.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


def sound_speed_mackenzie_m_s(
    temperature_c: npt.ArrayLike, salinity_psu: npt.ArrayLike, depth_m: npt.ArrayLike
) -> Float64:
    """Return the speed of sound by the nine terms of Mackenzie, m/s; arguments broadcast."""
    t = within("temperature_c", temperature_c, 2.0, 30.0)
    s = within("salinity_psu", salinity_psu, 25.0, 40.0) - 35.0
    d = within("depth_m", depth_m, 0, 8000.0)
    speed: Float64 = (
        1448.96
        + t * (4.591 + t * (-0.05304 + 2.374e-4 * t))
        + s * (1.340 - 0.01025 * t)
        + d * (0.0163 + 1.675e-7 * d)
        - 7.139e-13 * t * d**3
    )
    return speed


def sound_speed_medwin_m_s(
    temperature_c: npt.ArrayLike, salinity_psu: npt.ArrayLike, depth_m: npt.ArrayLike
) -> Float64:
    """Return the speed of sound by the short formula of Medwin, m/s; arguments broadcast."""
    t = within("temperature_c", temperature_c, 0.0, 35.0)
    s = within("salinity_psu", salinity_psu, 0.0, 45.0) - 35.0
    d = within("depth_m", depth_m, 0, 1000.0)
    speed: Float64 = (
        1449.2 + t * (4.6 + t * (-0.055 + 0.00029 * t)) + s * (1.34 - 0.010 * t) + 0.016 * d
    )
    return speed


def absorption_thorp_db_m(frequency_hz: npt.ArrayLike) -> Float64:
    """Return the absorption of sound by Thorp, dB/m; any shape."""
    square = (within("frequency_hz", frequency_hz, 100.0, 50e3) / 1000.0) ** 2
    per_km = 0.11 * square / (1.0 + square) + 44.0 * square / (4100.0 + square)
    absorption: Float64 = (per_km + 2.75e-4 * square + 0.003) / 1000.0
    return absorption


def absorption_francois_garrison_db_m(
    frequency_hz: npt.ArrayLike,
    temperature_c: npt.ArrayLike,
    salinity_psu: npt.ArrayLike,
    depth_m: npt.ArrayLike,
    acidity_ph: npt.ArrayLike = 8.0,
) -> Float64:
    """Return the absorption of sound by Francois and Garrison, dB/m; arguments broadcast."""
    f = within("frequency_hz", frequency_hz, 400.0, 1e6) / 1000.0
    t = within("temperature_c", temperature_c, -2.0, 22.0)
    s = within("salinity_psu", salinity_psu, 30.0, 35.0)
    d = within("depth_m", depth_m, 0, 5000.0)
    ph = within("acidity_ph", acidity_ph, 7.7, 8.3)
    kelvin = 273.0 + t
    c = 1412.0 + 3.21 * t + 1.19 * s + 0.0167 * d
    boric = 8.86 / c * 10.0 ** (0.78 * ph - 5.0)
    boric_khz = 2.8 * np.sqrt(s / 35.0) * 10.0 ** (4.0 - 1245.0 / kelvin)
    sulphate = 21.44 * s / c * (1.0 + 0.025 * t) * (1.0 - 1.37e-4 * d + 6.2e-9 * d**2)
    sulphate_khz = 8.17 * 10.0 ** (8.0 - 1990.0 / kelvin) / (1.0 + 0.0018 * (s - 35.0))
    cold = 4.937e-4 + t * (-2.59e-5 + t * (9.11e-7 - 1.50e-8 * t))
    warm = 3.964e-4 + t * (-1.146e-5 + t * (1.45e-7 - 6.5e-10 * t))
    water = np.where(t <= 20.0, cold, warm) * (1.0 - 3.83e-5 * d + 4.9e-10 * d**2)
    per_km = (
        boric * boric_khz * f**2 / (boric_khz**2 + f**2)
        + sulphate * sulphate_khz * f**2 / (sulphate_khz**2 + f**2)
        + water * f**2
    )
    absorption: Float64 = per_km / 1000.0
    return absorption
