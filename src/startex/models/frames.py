"""Frames of WGS-84: geodetic, earth-centred (ECEF), and the local level frames ENU and NED.

Equation::

    N = a / sqrt(1 - e^2 sin^2 p)
    X = (N + h) cos p cos l      Y = (N + h) cos p sin l      Z = (N (1 - e^2) + h) sin p
    tan p = (Z + e'^2 b sin^3 q) / (r - e^2 a cos^3 q),  tan q = (b / a) tan p      (inverse)

``p, l`` geodetic latitude and longitude, ``h`` height above the ellipsoid (m), ``a, b`` its half
axes, ``e, e'`` first and second eccentricity, ``N`` radius across the meridian, ``r`` distance
from the axis, ``q`` reduced latitude. X leads to latitude 0, longitude 0, Z to the north pole.

Source: NGA.STND.0036, "World Geodetic System 1984"; the inverse is Bowring's (Survey Review 23,
1976) repeated. PROJ makes one step of it, which is 0.3 m off in geostationary orbit.

Validity: from 1,000 km from the centre of the earth, to a micrometre up to 100,000 km.
Left out: the geoid, plate motion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1.0 / 298.257223563
SEMI_MINOR_M = SEMI_MAJOR_M * (1.0 - FLATTENING)
ECCENTRICITY2 = FLATTENING * (2.0 - FLATTENING)
"""Half axes, flattening and squared eccentricity of WGS-84."""

LEAST_RADIUS_M = 1e6
"""Nearer to the centre of the earth, latitude and height have no use."""


@dataclass(frozen=True, slots=True)
class Geodetic:
    """Positions over the ellipsoid, arrays of one shape; longitude in [-180, 180]."""

    lat_deg: Float64
    lon_deg: Float64
    height_m: Float64


def geodetic_to_ecef(
    lat_deg: npt.ArrayLike, lon_deg: npt.ArrayLike, height_m: npt.ArrayLike = 0.0
) -> Float64:
    """Return earth-centred positions, metres, shape (..., 3); arguments broadcast."""
    lat, lon, height = np.broadcast_arrays(
        np.radians(within("lat_deg", lat_deg, -90, 90)),
        np.radians(within("lon_deg", lon_deg)),
        within("height_m", height_m, LEAST_RADIUS_M - SEMI_MINOR_M),
    )
    across = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY2 * np.sin(lat) ** 2)
    out = (across + height) * np.cos(lat)
    up = (across * (1.0 - ECCENTRICITY2) + height) * np.sin(lat)
    return np.stack([out * np.cos(lon), out * np.sin(lon), up], axis=-1)


def ecef_to_geodetic(position_m: npt.ArrayLike) -> Geodetic:
    """Return latitude, longitude and height of earth-centred positions of shape (..., 3)."""
    x, y, z = np.moveaxis(vectors("position_m", position_m), -1, 0)
    out = np.hypot(x, y)
    within("distance from the centre of the earth (m)", np.hypot(out, z), LEAST_RADIUS_M)
    ratio = 1.0 - FLATTENING
    reduced = np.arctan2(z, ratio * out)
    lat = reduced
    for _ in range(4):
        lat = np.arctan2(
            z + ECCENTRICITY2 / ratio**2 * SEMI_MINOR_M * np.sin(reduced) ** 3,
            out - ECCENTRICITY2 * SEMI_MAJOR_M * np.cos(reduced) ** 3,
        )
        reduced = np.arctan2(ratio * np.sin(lat), np.cos(lat))
    height = (
        out * np.cos(lat)
        + z * np.sin(lat)
        - SEMI_MAJOR_M * np.sqrt(1.0 - ECCENTRICITY2 * np.sin(lat) ** 2)
    )
    return Geodetic(np.degrees(lat), np.degrees(np.arctan2(y, x)), height)


def ned_axes(lat_deg: npt.ArrayLike, lon_deg: npt.ArrayLike) -> Float64:
    """Return north, east and down as columns in earth-centred axes, shape (..., 3, 3)."""
    east, north, up = np.moveaxis(enu_axes(lat_deg, lon_deg), -1, 0)
    return np.stack([north, east, -up], axis=-1)


def enu_axes(lat_deg: npt.ArrayLike, lon_deg: npt.ArrayLike) -> Float64:
    """Return east, north and up as columns in earth-centred axes, shape (..., 3, 3)."""
    lat, lon = np.broadcast_arrays(
        np.radians(within("lat_deg", lat_deg, -90, 90)), np.radians(within("lon_deg", lon_deg))
    )
    sin_p, cos_p, sin_l, cos_l = np.sin(lat), np.cos(lat), np.sin(lon), np.cos(lon)
    east = np.stack([-sin_l, cos_l, np.zeros_like(lat)], axis=-1)
    north = np.stack([-sin_p * cos_l, -sin_p * sin_l, cos_p], axis=-1)
    up = np.stack([cos_p * cos_l, cos_p * sin_l, sin_p], axis=-1)
    return np.stack([east, north, up], axis=-1)


def ecef_to_enu(
    position_m: npt.ArrayLike,
    lat_deg: npt.ArrayLike,
    lon_deg: npt.ArrayLike,
    height_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return positions east, north and above an origin, metres, shape (..., 3).

    ``position_m`` of shape (..., 3), earth-centred; the rest is the origin, which broadcasts
    against its leading axes.
    """
    away = vectors("position_m", position_m) - geodetic_to_ecef(lat_deg, lon_deg, height_m)
    return turn_back(enu_axes(lat_deg, lon_deg), away)


def enu_to_ecef(
    offset_m: npt.ArrayLike,
    lat_deg: npt.ArrayLike,
    lon_deg: npt.ArrayLike,
    height_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the earth-centred positions of offsets (east, north, up) from an origin; (..., 3)."""
    offset = turn(enu_axes(lat_deg, lon_deg), vectors("offset_m", offset_m))
    return offset + geodetic_to_ecef(lat_deg, lon_deg, height_m)


def ecef_to_ned(
    position_m: npt.ArrayLike,
    lat_deg: npt.ArrayLike,
    lon_deg: npt.ArrayLike,
    height_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return positions north, east and below an origin, metres; as `ecef_to_enu`."""
    return ecef_to_enu(position_m, lat_deg, lon_deg, height_m)[..., [1, 0, 2]] * [1.0, 1.0, -1.0]


def ned_to_ecef(
    offset_m: npt.ArrayLike,
    lat_deg: npt.ArrayLike,
    lon_deg: npt.ArrayLike,
    height_m: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the earth-centred positions of offsets (north, east, down) from an origin."""
    offset = turn(ned_axes(lat_deg, lon_deg), vectors("offset_m", offset_m))
    return offset + geodetic_to_ecef(lat_deg, lon_deg, height_m)


def vectors(name: str, values: npt.ArrayLike) -> Float64:
    """Return ``values`` as float64 after checking that they are finite, of shape (..., 3)."""
    result = within(name, values)
    if result.ndim == 0 or result.shape[-1] != 3:
        raise OutsideValidityError(
            f"{name} has shape {result.shape}; vectors have three components on the last axis"
        )
    return result


def turn(matrix: Float64, vector: Float64) -> Float64:
    """Return matrices (..., 3, 3) times vectors (..., 3)."""
    result: Float64 = np.einsum("...ij,...j->...i", matrix, vector)
    return result


def turn_back(matrix: Float64, vector: Float64) -> Float64:
    """Return transposed matrices (..., 3, 3) times vectors (..., 3)."""
    result: Float64 = np.einsum("...ji,...j->...i", matrix, vector)
    return result
