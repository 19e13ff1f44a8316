"""Variability of radio loss: by time, location and situation, in seven climates.

Equation::

    d_e = 130 km d / d_x  (d < d_x), else 130 km + d - d_x
    d_x = sum sqrt(2 9000 km h_e) + (575.7e12 m2 / k)^(1/3)
    V(d_e) = (c_1 + c_2 / (1 + ((d_e - x_2) / x_3)^2)) (d_e / x_1)^2 / (1 + (d_e / x_1)^2)
    Y_T = s_T z_T      Y_L = s_L z_L      s_L = 10 k dh / (k dh + 13)
    s_S = 5 + 3 exp(-d_e / 100 km)
    Y_S = sqrt(s_S^2 + Y_T^2 / (7.8 + z_S^2) + Y_L^2 / (24 + z_S^2)) z_S

``z`` normal deviates of the shares asked, ``s`` standard deviations (dB), ``V`` the curve of a
climate (its median, and the spread of time above and below), ``k`` wave number, ``dh`` roughness of
the terrain over the path, ``h_e`` effective heights.

Source: Hufford, "The ITS Irregular Terrain Model, version 1.2.2: The Algorithm" (1995), section 5;
Rice and others, NBS Technical Note 101, volume 2, annex III (the curves); Abramowitz and Stegun
26.2.23 (the normal quantile, to 0.00045, kept so that figures agree with the published ones).

Validity: shares from 0.001 to 0.999. Left out: seasons, hours of the day.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.longleyrice import Path, roughness_m
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

SINGLE, ACCIDENTAL, MOBILE, BROADCAST = range(4)

# rows: c_1, c_2 (dB), x_1, x_2, x_3 (km); columns: the seven climates
MEDIAN = np.array([
    [-9.67, -0.62, 1.26, -9.21, -0.62, -0.39, 3.15],
    [12.7, 9.19, 15.5, 9.05, 9.19, 2.86, 857.9],
    [144.9, 228.9, 262.6, 84.1, 228.9, 141.7, 2222.0],
    [190.3, 205.2, 185.2, 101.1, 205.2, 315.9, 164.8],
    [133.8, 143.6, 99.8, 98.6, 143.6, 167.4, 116.3],
])  # fmt: skip
BELOW = np.array([
    [2.13, 2.66, 6.11, 1.98, 2.68, 6.86, 8.51],
    [159.5, 7.67, 6.65, 13.11, 7.16, 10.38, 169.8],
    [762.2, 100.4, 138.2, 139.1, 93.7, 187.8, 609.8],
    [123.6, 172.5, 242.2, 132.7, 186.8, 169.6, 119.9],
    [94.5, 136.4, 178.6, 193.5, 133.5, 108.9, 106.6],
])  # fmt: skip
ABOVE = np.array([
    [2.11, 6.87, 10.08, 3.68, 4.75, 8.58, 8.43],
    [102.3, 15.53, 9.60, 159.3, 8.12, 13.97, 8.19],
    [636.9, 138.7, 165.3, 464.4, 93.2, 216.0, 136.2],
    [134.8, 143.7, 225.7, 93.1, 135.9, 152.0, 188.5],
    [95.6, 98.6, 129.7, 94.2, 113.4, 122.7, 122.9],
])  # fmt: skip
DUCTS = np.array([
    [1.224, 0.801, 1.380, 1.000, 1.224, 1.518, 1.518],
    [1.282, 2.161, 1.282, 20.0, 1.282, 1.282, 1.282],
])  # fmt: skip
"""Slope of the tail of time over its body, and the deviate at which it begins."""
FREQUENCY_BELOW = np.array([
    [1.0, 1.0, 1.0, 1.0, 0.92, 1.0, 1.0],
    [0.0, 0.0, 0.0, 0.0, 0.25, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 1.77, 0.0, 0.0],
])  # fmt: skip
FREQUENCY_ABOVE = np.array([
    [1.0, 0.93, 1.0, 0.93, 0.93, 1.0, 1.0],
    [0.0, 0.31, 0.0, 0.19, 0.31, 0.0, 0.0],
    [0.0, 2.00, 0.0, 1.79, 2.00, 0.0, 0.0],
])  # fmt: skip


def with_variability_db(
    reference_db: npt.ArrayLike,
    path: Path,
    climate: npt.ArrayLike,
    mode: npt.ArrayLike,
    time: npt.ArrayLike,
    location: npt.ArrayLike,
    situation: npt.ArrayLike,
) -> Float64:
    """Return the attenuation that shares of time, locations and situations do not exceed, dB.

    ``climate`` from 1 to 7; ``mode`` 0 single message, 1 accidental, 2 mobile, 3 broadcast, plus
    10 without the variety of locations, plus 20 without that of situations. Arguments broadcast.
    """
    zone = (within("climate", whole("climate", climate, 1), 1, 7) - 1).astype(int)
    kind = within("mode", whole("mode", mode, 0), 0, 33).astype(int)
    within("last digit of mode", kind % 10, 0, 3)
    z_time, z_place, z_case = (
        _deviate(name, share)
        for name, share in (("time", time), ("location", location), ("situation", situation))
    )
    message = kind % 10
    z_time = np.where(message == SINGLE, z_case, z_time)
    z_place = np.select(
        [(message == SINGLE) | (message == ACCIDENTAL), message == MOBILE],
        [np.broadcast_arrays(z_case, message)[0], np.broadcast_arrays(z_time, message)[0]],
        z_place,
    )
    far_km = _effective_distance_m(path) / 1e3
    wave = path.wave_number
    case = np.where(kind >= 20, 0.0, 5.0 + 3.0 * np.exp(-far_km / 100.0))
    rough = wave * roughness_m(path.distance_m, path.irregularity_m)
    place = np.where(kind % 20 >= 10, 0.0, 10.0 * rough / (rough + 13.0))
    spread = _time_spread(z_time, zone, far_km, np.log(0.133 * wave))
    by_time, by_place = spread * z_time, place * z_place
    rest = case**2 + by_time**2 / (7.8 + z_case**2) + by_place**2 / (24.0 + z_case**2)
    known = np.select(
        [message == SINGLE, message == ACCIDENTAL, message == MOBILE],
        np.broadcast_arrays(0.0 * by_time, by_time + 0.0 * by_place,
                            np.hypot(spread, place) * z_time),
        by_time + by_place,
    )  # fmt: skip
    unknown = rest + np.select(
        [message == SINGLE, message == ACCIDENTAL],
        np.broadcast_arrays(spread**2 + place**2, place**2 + 0.0 * spread),
        0.0 * rest,
    )
    loss = (
        within("reference_db", reference_db, 0)
        - _curve(MEDIAN, zone, far_km)
        - known
        - np.sqrt(unknown) * z_case
    )
    # far below free space the loss bends back to it
    bent: Float64 = np.where(
        loss < 0.0, loss * (29.0 - loss) / (29.0 - 10.0 * np.minimum(loss, 0.0)), loss
    )
    return bent


def _effective_distance_m(path: Path) -> Float64:
    turn = np.sqrt(2.0 * 9000e3 * path.ends_effective_m).sum(axis=0) + np.cbrt(
        575.7e12 / path.wave_number
    )
    far: Float64 = np.where(
        path.distance_m < turn, 130e3 * path.distance_m / turn, 130e3 + path.distance_m - turn
    )
    return far


def _time_spread(
    deviate: Float64, zone: npt.NDArray[np.int64], far_km: Float64, frequency: Float64
) -> Float64:
    below = _curve(BELOW, zone, far_km) * _frequency(FREQUENCY_BELOW, zone, frequency)
    above = _curve(ABOVE, zone, far_km) * _frequency(FREQUENCY_ABOVE, zone, frequency)
    slope, begins = DUCTS[0][zone], DUCTS[1][zone]
    beyond = np.where(deviate > begins, deviate, begins)
    tail = slope * above + (1.0 - slope) * above * begins / beyond
    spread: Float64 = np.where(deviate < 0.0, below, np.where(deviate <= begins, above, tail))
    return spread


def _curve(table: Float64, zone: npt.NDArray[np.int64], far_km: Float64) -> Float64:
    c1, c2, x1, x2, x3 = (row[zone] for row in table)
    square = (far_km / x1) ** 2
    value: Float64 = (c1 + c2 / (1.0 + ((far_km - x2) / x3) ** 2)) * square / (1.0 + square)
    return value


def _frequency(table: Float64, zone: npt.NDArray[np.int64], logarithm: Float64) -> Float64:
    b1, b2, b3 = (row[zone] for row in table)
    factor: Float64 = b1 + b2 / ((b3 * logarithm) ** 2 + 1.0)
    return factor


def _deviate(name: str, share: npt.ArrayLike) -> Float64:
    """Return the normal deviate that a share exceeds."""
    whole_ = within(name, share, 0.001, 0.999)
    tail = np.minimum(whole_, 1.0 - whole_)
    t = np.sqrt(-2.0 * np.log(tail))
    z = t - (2.515516 + t * (0.802853 + 0.010328 * t)) / (
        1.0 + t * (1.432788 + t * (0.189269 + 0.001308 * t))
    )
    deviate: Float64 = np.where(whole_ > 0.5, -z, z)
    return deviate
