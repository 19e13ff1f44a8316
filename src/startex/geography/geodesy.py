"""Geodesics on WGS-84, and paths cut fine enough to be straight in (lat, lon).

All distances and azimuths are those of the ellipsoid, by pyproj (Karney, "Algorithms for
geodesics", J. Geod. 87, 2013). Only the vertices `cut` inserts are a
matter of approximation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pyproj import Geod

from startex.geography.paths import POSITION_DECIMALS, Float64, Path

_GEOD = Geod(ellps="WGS84")

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of WGS-84 (IUGG), for estimates only."""

STRAIGHTNESS_M = 0.8
"""`cut` keeps the middle of every leg this near to the geodesic; the promise is 1 m everywhere."""

SURE_SHARE = 0.95
"""A leg no longer than this share of `leg_limit_m` bends less than allowed, and is left whole
unseen, up to `SURE_LATITUDE_DEG`: near a pole its azimuth does not stay what it was."""

SURE_LATITUDE_DEG = 85.0

MAX_LEG_M = 50_000.0
"""Longest leg `cut` leaves, even along a meridian."""


def _rounded(degrees: Float64) -> Float64:
    return np.round(degrees, POSITION_DECIMALS)


def unwrap(lon: npt.ArrayLike) -> Float64:
    """Return longitudes without jumps: each takes the short way round from the one before."""
    values = np.asarray(lon, dtype=np.float64)
    steps = values[1:] - values[:-1]
    if (np.abs(steps) <= 180.0).all():
        return values
    turns = np.concatenate([[0.0], np.cumsum(np.round(steps / 360.0))])
    return values - 360.0 * turns


def wrap(lon: npt.ArrayLike) -> Float64:
    """Return longitudes in [-180, 180)."""
    return np.mod(np.asarray(lon, dtype=np.float64) + 180.0, 360.0) - 180.0


def _alike(*values: npt.ArrayLike) -> tuple[Float64, ...]:
    """Return arrays of one shape; broadcast only where one value does not fill it, for speed."""
    arrays = [np.asarray(value, dtype=np.float64) for value in values]
    shapes = {array.shape for array in arrays}
    if len(shapes) > 1:
        shapes.discard(())
        shape = shapes.pop() if len(shapes) == 1 else np.broadcast_shapes(*shapes)
        for number, array in enumerate(arrays):
            if array.ndim == 0:
                filled = np.empty(shape)
                filled.fill(array.item())
                arrays[number] = filled
            elif array.shape != shape:
                arrays[number] = np.broadcast_to(array, shape)
    return tuple(arrays)


def _solve(problem: Callable[..., Any], columns: tuple[Float64, ...]) -> Any:
    """Return the columns that PyProj answers; single points take its way for numbers, much faster.

    It copies what it is given, so the columns stay as they are.
    """
    first = columns[0]
    if first.size == 1:
        answers = problem(*[column.item() for column in columns])
        return tuple([np.array(answer, ndmin=first.ndim) for answer in answers])
    if first.ndim == 1:
        return problem(*columns)
    answers = problem(*(column.ravel() for column in columns))
    return tuple([answer.reshape(first.shape) for answer in answers])


def inverse(
    lat0: npt.ArrayLike, lon0: npt.ArrayLike, lat1: npt.ArrayLike, lon1: npt.ArrayLike
) -> tuple[Float64, Float64]:
    """Return initial azimuth (degrees, [0, 360)) and length (m) of the geodesics between points.

    Parameters
    ----------
    lat0, lon0, lat1, lon1
        Degrees; broadcast against each other.
    """
    azimuth, _, distance = _solve(_GEOD.inv, _alike(lon0, lat0, lon1, lat1))
    azimuth %= 360.0
    return azimuth, distance


def inverse_both(
    lat0: npt.ArrayLike, lon0: npt.ArrayLike, lat1: npt.ArrayLike, lon1: npt.ArrayLike
) -> tuple[Float64, Float64, Float64]:
    """Return the azimuths of the geodesics at both ends (degrees, [0, 360)) and their length (m).

    Both azimuths are those of travel from the first point to the second. Arguments as `inverse`.
    """
    azimuth, back, distance = _solve(_GEOD.inv, _alike(lon0, lat0, lon1, lat1))
    return azimuth % 360.0, (back + 180.0) % 360.0, distance


def direct(
    lat: npt.ArrayLike, lon: npt.ArrayLike, az_deg: npt.ArrayLike, distance_m: npt.ArrayLike
) -> tuple[Float64, Float64]:
    """Return the points at a distance (m) along geodesics of an initial azimuth (degrees).

    Longitudes are the ones nearest to the start's: a path over the date line stays unbroken.
    """
    end_lat, end_lon, _ = direct_azimuth(lat, lon, az_deg, distance_m)
    return end_lat, end_lon


def direct_azimuth(
    lat: npt.ArrayLike, lon: npt.ArrayLike, az_deg: npt.ArrayLike, distance_m: npt.ArrayLike
) -> tuple[Float64, Float64, Float64]:
    """Return `direct`'s points, and the azimuths of travel there (degrees, [0, 360))."""
    columns = _alike(lon, lat, az_deg, distance_m)
    end_lon, end_lat, back = _solve(_GEOD.fwd, columns)
    turns = end_lon - columns[0]
    turns /= 360.0
    end_lon -= 360.0 * turns.round()
    back += 180.0
    back %= 360.0
    return end_lat, end_lon, back


def polygon_area_m2(outline: Sequence[tuple[float, float]]) -> float:
    """Return the area within an outline of (lon, lat), degrees, whichever way round it runs."""
    lon, lat = zip(*outline, strict=True)
    area, _ = _GEOD.polygon_area_perimeter(lon, lat)
    return abs(float(area))


def most_m(lat0: float, lon0: float, lat: Float64, lon: Float64) -> float:
    """Return a distance, metres, that none of many points is beyond; quick, and often too much.

    Along a meridian and then along a parallel is never the shorter way; no degree is longer than
    those at the pole (111.7 km) and, of longitude, the cosine of the latitude times as much.
    """
    north, east = float(np.abs(lat - lat0).max()), float(np.abs(lon - lon0).max())
    nearest_equator = max(0.0, min(abs(lat0), 90.0) - north)
    return 111_700.0 * (north + east * math.cos(math.radians(nearest_equator)))


class Cloud:
    """Points among which the nearest to others are looked for.

    Straight distances through the ellipsoid rule most points out; geodesics decide among the rest.

    Parameters
    ----------
    lat, lon
        Degrees, shape (n,), n >= 1.
    """

    def __init__(self, lat: Float64, lon: Float64) -> None:
        self.lat, self.lon = lat, lon
        self._xyz = _ecef(lat, lon)

    def nearest(self, lat: float, lon: float) -> tuple[int, float]:
        """Return the number of the point nearest to another, the first of equals, and how far (m).

        On a sphere the shorter geodesic has the shorter chord; the flattening changes a chord by
        less than 1 %. So the nearest has a chord less than 2 % and a metre above the least.
        """
        apart = self._xyz - _ecef(np.array([lat]), np.array([lon]))
        chord = np.sqrt(apart[0] ** 2 + apart[1] ** 2 + apart[2] ** 2)
        near = np.flatnonzero(chord <= 1.02 * chord.min() + 1.0)
        _, distance = inverse(self.lat[near], self.lon[near], lat, lon)
        best = int(np.argmin(distance))
        return int(near[best]), float(distance[best])


def _ecef(lat: Float64, lon: Float64) -> Float64:
    """Return Earth-centred coordinates of points of the ellipsoid, metres, shape (3, n)."""
    phi, lam = np.radians(lat), np.radians(lon)
    normal = _GEOD.a / np.sqrt(1.0 - _GEOD.es * np.sin(phi) ** 2)
    out = normal * np.cos(phi)
    return np.stack([out * np.cos(lam), out * np.sin(lam), normal * (1.0 - _GEOD.es) * np.sin(phi)])


def leg_limit_m(lat: npt.ArrayLike, az_deg: npt.ArrayLike, within_m: float) -> Float64:
    """Return the longest leg whose middle stays ``within_m`` of the geodesic, metres.

    A straight line in (lat, lon) is, on the sphere, a curve whose acceleration relative to the
    geodesic is ``tan(phi) sin(a) sqrt(1 + 3 cos(a)^2) / R`` (phi latitude, a azimuth, from the
    Christoffel symbols of the graticule); a chord of length s lies s^2/8 times that away. A term
    of the ellipsoid's flattening (3 e^2 / 2 R, along the meridian) is added.
    """
    phi = np.radians(np.minimum(np.abs(np.asarray(lat, dtype=np.float64)), 89.9999))
    azimuth = np.radians(np.asarray(az_deg, dtype=np.float64))
    bend = np.tan(phi) * np.abs(np.sin(azimuth)) * np.sqrt(1.0 + 3.0 * np.cos(azimuth) ** 2)
    curvature = (bend + 0.01) / EARTH_RADIUS_M
    return np.minimum(np.sqrt(8.0 * within_m / curvature), MAX_LEG_M)


def cut(lat: npt.ArrayLike, lon: npt.ArrayLike) -> Path:
    """Return a path along the geodesics between points, with vertices inserted.

    Between its vertices, linear interpolation of (lat, lon) by distance stays within 1 m of the
    point at that distance on the geodesic (`STRAIGHTNESS_M` and rounding).

    Parameters
    ----------
    lat, lon
        Degrees, shape (n,), n >= 2. Each longitude takes the short way round from the one before.

    Returns
    -------
    A path from the first to the last point through all others. Repeated points are dropped; when
    all are the same, a path of two equal vertices and length 0.

    Raises
    ------
    ValueError
        Fewer than two points, unequal lengths, or a coordinate that is not a finite latitude.
    """
    given: Float64 = np.asarray(lat, dtype=np.float64)
    lat_in, lon_in = _rounded(given), _rounded(unwrap(lon))
    if lat_in.ndim != 1 or lat_in.shape != lon_in.shape or lat_in.size < 2:
        raise ValueError(f"a path needs two points or more, found {lat_in.shape}, {lon_in.shape}")
    if not (np.all(np.abs(lat_in) <= 90.0) and np.all(np.isfinite(lon_in))):
        raise ValueError("latitudes must lie in [-90, 90] and longitudes be finite")
    azimuth, length = inverse(lat_in[:-1], lon_in[:-1], lat_in[1:], lon_in[1:])
    moved = length > 0.0
    if not moved.all():
        if not moved.any():
            return Path(lat_in[[0, -1]], lon_in[[0, 0]], np.zeros(2))
        keep = np.concatenate([[True], moved])
        lat_in, lon_in, azimuth, length = lat_in[keep], lon_in[keep], azimuth[moved], length[moved]
        lon_in = unwrap(lon_in)
    limit = _limits(lat_in[:-1], lat_in[1:], azimuth)
    if (length <= SURE_SHARE * limit).all() and np.abs(lat_in).max() <= SURE_LATITUDE_DEG:
        return _running(lat_in, lon_in, length)
    segment, along = _first_spacing(length, limit)
    p_lat, p_lon, p_azimuth = direct_azimuth(
        lat_in[segment], lon_in[segment], azimuth[segment], along
    )
    sure = np.zeros(segment.size, dtype=np.bool_)
    for turn in range(24):
        end_lat, end_lon, end_along = lat_in[segment + 1], lon_in[segment + 1], length[segment]
        inner = np.flatnonzero(segment[1:] == segment[:-1])
        end_lat[inner], end_lon[inner] = p_lat[inner + 1], p_lon[inner + 1]
        end_along[inner] = along[inner + 1]
        if turn == 0:
            sure = end_along - along <= SURE_SHARE * _limits(p_lat, end_lat, p_azimuth)
            sure &= np.maximum(np.abs(p_lat), np.abs(end_lat)) <= SURE_LATITUDE_DEG
        seen = np.flatnonzero(~sure)
        if not seen.size:
            break
        of, a_lon, b_lon = segment[seen], p_lon[seen], end_lon[seen]
        b_lon = b_lon - 360.0 * np.round((b_lon - a_lon) / 360.0)
        middle = 0.5 * (along[seen] + end_along[seen])
        m_lat, m_lon = direct(lat_in[of], lon_in[of], azimuth[of], middle)
        _, away = inverse(m_lat, m_lon, 0.5 * (p_lat[seen] + end_lat[seen]), 0.5 * (a_lon + b_lon))
        bad = (away > STRAIGHTNESS_M) & (end_along[seen] - along[seen] > 1.0)
        sure[seen[~bad]] = True
        if not bad.any():
            break
        segment = np.concatenate([segment, of[bad]])
        along = np.concatenate([along, middle[bad]])
        sure = np.concatenate([sure, np.zeros(np.count_nonzero(bad), dtype=np.bool_)])
        order = np.lexsort((along, segment))
        p_lat = np.concatenate([p_lat, m_lat[bad]])[order]
        p_lon = np.concatenate([p_lon, m_lon[bad]])[order]
        segment, along, sure = segment[order], along[order], sure[order]
    return path_of(np.concatenate([p_lat, lat_in[-1:]]), np.concatenate([p_lon, lon_in[-1:]]))


def _limits(lat0: Float64, lat1: Float64, azimuth: Float64) -> Float64:
    """Return the longest leg allowed between latitudes, by the higher one."""
    return leg_limit_m(np.maximum(np.abs(lat0), np.abs(lat1)), azimuth, STRAIGHTNESS_M)


def _first_spacing(length: Float64, limit: Float64) -> tuple[npt.NDArray[np.int64], Float64]:
    """Return segment numbers and distances along them of an even first division."""
    count = np.ceil(length / limit).astype(np.int64)
    segment = np.repeat(np.arange(length.size), count)
    first = np.repeat(np.cumsum(count) - count, count)
    along = (np.arange(segment.size) - first) * (length / count)[segment]
    return segment, along


def path_of(lat: Float64, lon: Float64) -> Path:
    """Return a path through vertices as they are (no cutting), with their running distance.

    The vertices must already be near enough to each other (see `cut`); repeated ones are dropped.
    """
    p_lat, p_lon = _rounded(lat), _rounded(unwrap(lon))
    _, step = inverse(p_lat[:-1], p_lon[:-1], p_lat[1:], p_lon[1:])
    moved = step > 0.0
    if not moved.all():
        if not moved.any():
            return Path(p_lat[[0, -1]], p_lon[[0, 0]], np.zeros(2))
        keep = np.concatenate([[True], moved])
        p_lat, p_lon, step = p_lat[keep], p_lon[keep], step[moved]
    return _running(p_lat, p_lon, step)


def _running(lat: Float64, lon: Float64, step_m: Float64) -> Path:
    """Return a path through vertices so far apart."""
    s = np.empty(lat.size)
    s[0] = 0.0
    np.cumsum(step_m, out=s[1:])
    return Path(lat, lon, s)


def interpolate(path: Path, s: npt.ArrayLike) -> tuple[Float64, Float64]:
    """Return (lat, lon) at distances ``s`` (m) along a path; clipped to its ends."""
    at = np.asarray(s, dtype=np.float64)
    return np.interp(at, path.s, path.lat), np.interp(at, path.s, path.lon)


def headings(path: Path) -> Float64:
    """Return the azimuth of each leg of a path at its start, degrees, shape (k - 1,)."""
    return inverse(path.lat[:-1], path.lon[:-1], path.lat[1:], path.lon[1:])[0]


def heading_at(path: Path, s: npt.ArrayLike) -> Float64:
    """Return the azimuth (degrees) of the leg that a path is on at distances ``s`` (m)."""
    leg = np.searchsorted(path.s, np.asarray(s, dtype=np.float64), side="right") - 1
    return headings(path)[np.clip(leg, 0, path.s.size - 2)]


def section(path: Path, s0: float, s1: float) -> Path:
    """Return the part of a path between two distances (m), s0 < s1, clipped to its ends."""
    low, high = max(0.0, s0), min(path.length_m, s1)
    inside = (path.s > low) & (path.s < high)
    at = np.concatenate([[low], path.s[inside], [high]])
    return path_of(*interpolate(path, at))


def join(paths: Sequence[Path]) -> Path:
    """Return paths one after the other as one; each must start where the one before ended."""
    lat = np.concatenate([p.lat for p in paths])
    lon = np.concatenate([p.lon for p in paths])
    return path_of(lat, lon)


def offset(path: Path, right_m: float) -> Path:
    """Return the parallel path at a lateral distance, metres (negative: to the left).

    Corners are mitred, by twice the distance at most. On the inner side of a bend sharper than
    the distance the result loops; formations keep that small against the legs.
    """
    if path.length_m == 0.0 or right_m == 0.0:
        return path
    heading = np.radians(headings(path))
    before = np.concatenate([heading[:1], heading])
    after = np.concatenate([heading, heading[-1:]])
    half = 0.5 * np.arctan2(np.sin(after - before), np.cos(after - before))
    reach = right_m / np.maximum(np.cos(half), 0.5)
    lat, lon = direct(path.lat, path.lon, np.degrees(before + half) + 90.0, reach)
    return cut(lat, lon)
