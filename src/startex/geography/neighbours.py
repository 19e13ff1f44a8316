"""Which points of two sets lie within a distance of each other, along the WGS-84 ellipsoid.

A KD-tree over Cartesian (earth-centred) positions finds the pairs by their straight-line distance,
the chord: it knows no date line and no poles. The chord of a geodesic of length s is never longer
than s, and never shorter than the chord of a circle as curved as the ellipsoid anywhere is (Schur's
comparison theorem). So all but the pairs within a hair of the limit are decided by the
chord alone (50 km: 0.13 m), and those by the geodesic itself (Karney 2013, by pyproj).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from startex.geography.geodesy import inverse

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

SEMI_MAJOR_M = 6_378_137.0
ECCENTRICITY2 = 0.0066943799901413165
"""WGS-84 (NGA.STND.0036)."""

TIGHTEST_RADIUS_M = SEMI_MAJOR_M * (1.0 - ECCENTRICITY2)
"""Least radius of curvature of the ellipsoid: along the meridian at the equator."""

FARTHEST_M = 5_000_000.0
"""Greatest distance that can be asked for; an eighth of the circumference."""


def cartesian(lat: npt.ArrayLike, lon: npt.ArrayLike) -> Float64:
    """Return earth-centred positions (m, shape (k, 3)) of points on the ellipsoid in degrees."""
    phi, lam = np.radians(np.asarray(lat, np.float64)), np.radians(np.asarray(lon, np.float64))
    sin_phi, cos_phi = np.sin(phi), np.cos(phi)
    vertical = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY2 * sin_phi * sin_phi)
    out = np.empty((*np.shape(sin_phi), 3))
    np.multiply(vertical * cos_phi, np.cos(lam), out=out[..., 0])
    np.multiply(vertical * cos_phi, np.sin(lam), out=out[..., 1])
    np.multiply(vertical * (1.0 - ECCENTRICITY2), sin_phi, out=out[..., 2])
    return out


def chord_m(lat0: float, lon0: float, lat1: float, lon1: float) -> float:
    """Return the straight line between two points in degrees, m; nan where one is unknown."""
    if math.isnan(lat0) or math.isnan(lat1):
        return math.nan
    ends = []
    for lat, lon in ((lat0, lon0), (lat1, lon1)):
        phi, lam = math.radians(lat), math.radians(lon)
        sin_phi = math.sin(phi)
        vertical = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin_phi * sin_phi)
        level = vertical * math.cos(phi)
        ends.append((level * math.cos(lam), level * math.sin(lam), vertical * sin_phi))
    (x0, y0, z0), (x1, y1, z1) = ends
    z = (z0 - z1) * (1.0 - ECCENTRICITY2)
    return math.sqrt((x0 - x1) ** 2 + (y0 - y1) ** 2 + z * z)


def sure_chord_m(within_m: npt.ArrayLike) -> Float64:
    """Return the chord up to which two points are surely within a geodesic distance, metres.

    Any shape.

    Raises
    ------
    ValueError
        If the distance is not a number over 0 and up to `FARTHEST_M`.
    """
    limit = np.asarray(within_m, dtype=np.float64)
    wrong = ~((limit > 0.0) & (limit <= FARTHEST_M))
    if wrong.any():
        raise ValueError(
            f"a distance of {limit[wrong].flat[0]} m cannot be searched for; "
            f"it must be over 0 and at most {FARTHEST_M:.0f} m"
        )
    half = 0.5 * limit / TIGHTEST_RADIUS_M
    # less a micrometre or two: positions are doubles of some 6,000 km
    sure: Float64 = 2.0 * TIGHTEST_RADIUS_M * np.sin(half) - 2e-8 - 1e-13 * limit
    return sure


def near_pairs(first: Float64, second: Float64, reach_m: float) -> tuple[Int64, Int64, Float64]:
    """Return indices and distance (m) of all pairs of points of two sets within a straight line.

    Parameters
    ----------
    first, second
        Cartesian positions, m, shapes (k, 3) and (n, 3).
    reach_m
        Length of the line, m.

    Returns
    -------
    Of one shape (pairs,), in no particular order.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415  (late: its import takes time)

    if not len(first) or not len(second):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    found = cKDTree(first).sparse_distance_matrix(cKDTree(second), reach_m, output_type="ndarray")
    return found["i"].astype(np.int64), found["j"].astype(np.int64), found["v"]


def neighbours(
    lat0: npt.ArrayLike,
    lon0: npt.ArrayLike,
    lat1: npt.ArrayLike,
    lon1: npt.ArrayLike,
    within_m: float,
) -> tuple[Int64, Int64]:
    """Return all pairs of a point of one set and a point of another within a distance.

    Parameters
    ----------
    lat0, lon0
        First set, degrees, shape (k,). Heights do not count.
    lat1, lon1
        Second set, degrees, shape (n,).
    within_m
        Length of the geodesic between them, at most, m.

    Returns
    -------
    Indices into the first and into the second set, shape (pairs,), sorted by both.

    Raises
    ------
    ValueError
        If a position is not finite, or the distance is not over 0 and up to `FARTHEST_M`.
    """
    sure = sure_chord_m(within_m)
    a = [np.asarray(values, np.float64) for values in (lat0, lon0, lat1, lon1)]
    if not all(np.isfinite(values).all() for values in a):
        raise ValueError("positions must be finite; leave out what is nowhere")
    i, j, chord = near_pairs(cartesian(a[0], a[1]), cartesian(a[2], a[3]), within_m)
    keep = chord <= sure
    close = np.flatnonzero(~keep)
    if close.size:
        _, length = inverse(a[0][i[close]], a[1][i[close]], a[2][j[close]], a[3][j[close]])
        keep[close] = length <= within_m
        i, j = i[keep], j[keep]
    order = np.lexsort((j, i))
    return i[order], j[order]
