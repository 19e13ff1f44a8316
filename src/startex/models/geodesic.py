"""Geodesics of the WGS-84 ellipsoid: the direct and the inverse problem, azimuths at both ends.

Equation::

    (phi1, lambda1, alpha1, s) -> (phi2, lambda2, alpha2)      direct
    (phi1, lambda1, phi2, lambda2) -> (alpha1, alpha2, s)      inverse

``phi`` latitude, ``lambda`` longitude, ``alpha`` azimuth of travel clockwise from north (degrees),
``s`` length of the shortest way (m).

Source: Karney, "Algorithms for geodesics", J. Geodesy 87 (2013), by PROJ (through pyproj);
published test set doi:10.5281/zenodo.32156.

Validity: the whole globe, nearly antipodal points included, to some nanometres. At exactly
antipodal points and at the poles an azimuth is one of many. Left out: height.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.geography import geodesy
from startex.models.greatcircle import wrap_course
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Geodesic:
    """Shortest ways between points; arrays of one shape. Azimuths are of travel, in [0, 360)."""

    distance_m: Float64
    initial_azimuth_deg: Float64
    final_azimuth_deg: Float64


@dataclass(frozen=True, slots=True)
class GeodesicEnd:
    """Where ways end; arrays of one shape. The longitude is the one nearest to the start's."""

    lat_deg: Float64
    lon_deg: Float64
    azimuth_deg: Float64


def geodesic_inverse(
    lat1_deg: npt.ArrayLike,
    lon1_deg: npt.ArrayLike,
    lat2_deg: npt.ArrayLike,
    lon2_deg: npt.ArrayLike,
) -> Geodesic:
    """Return length and azimuths of the geodesics between points; arguments broadcast."""
    initial, final, distance = geodesy.inverse_both(
        within("lat1_deg", lat1_deg, -90, 90),
        within("lon1_deg", lon1_deg),
        within("lat2_deg", lat2_deg, -90, 90),
        within("lon2_deg", lon2_deg),
    )
    return Geodesic(distance, wrap_course(initial), wrap_course(final))


def geodesic_direct(
    lat_deg: npt.ArrayLike,
    lon_deg: npt.ArrayLike,
    azimuth_deg: npt.ArrayLike,
    distance_m: npt.ArrayLike,
) -> GeodesicEnd:
    """Return where geodesics end, and their azimuth there; arguments broadcast.

    A negative distance goes backwards; the azimuth is that of the forward direction all the same.
    """
    lat, lon, azimuth = geodesy.direct_azimuth(
        within("lat_deg", lat_deg, -90, 90),
        within("lon_deg", lon_deg),
        within("azimuth_deg", azimuth_deg),
        within("distance_m", distance_m),
    )
    return GeodesicEnd(lat, lon, wrap_course(azimuth))
