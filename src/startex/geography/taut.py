"""Pulling a way over cells taut: few vertices, great circles between them, no nearer to the shore.

Great circles of the sphere are used for looking; the router checks the geodesics at the end.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from startex.geography.geodesy import unwrap
from startex.geography.grid import CLEARANCE, Grid
from startex.geography.paths import Float64

_STEP_DEG = 0.5 / 60.0  # spacing of looks along a line
_DENSE_DEG = 0.25  # spacing of vertices offered to the second pull


def tighten(grid: Grid, lat: Float64, lon: Float64) -> tuple[Float64, Float64]:
    """Return the vertices of a way pulled taut, ends kept.

    A shortcut is taken where, on the great circle, it keeps as clear of the other surface as the
    way it cuts off does (or `CLEARANCE` cells). No shortcut leads from a part near the shore (a
    port, a narrow strait) into one in the clear, so that narrow parts stay short.

    Parameters
    ----------
    grid
        The cells it runs over.
    lat, lon
        Vertices of a way whose straight lines are passable, degrees, shape (k,).
    """
    for _ in range(2):
        lat, lon = _pull(grid, lat, lon)
        dense_lat, dense_lon = _densify(lat, lon)
        lat, lon = _pull(grid, dense_lat[::-1], dense_lon[::-1])
        lat, lon = lat[::-1], lon[::-1]
        dense_lat, dense_lon = _densify(lat, lon)
        if len(lat) == 2:
            break
        lat, lon = _pull(grid, dense_lat, dense_lon)
    return lat, lon


def great_circle(
    lat0: float, lon0: float, lat1: float, lon1: float, step_deg: float
) -> tuple[Float64, Float64]:
    """Return points along a great circle of the sphere, ends included, at most a step apart."""
    phi, lam = np.radians([lat0, lat1]), np.radians([lon0, lon1])
    ends = np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)
    (a, b, c), (d, e, f) = ends.tolist()
    normal = math.hypot(b * f - c * e, c * d - a * f, a * e - b * d)
    angle = math.atan2(normal, a * d + b * e + c * f)
    count = max(1, int(np.ceil(np.degrees(angle) / step_deg)))
    if angle < 1e-9:
        return np.array([lat0, lat1]), np.array([lon0, lon1])
    part = np.arange(count + 1)[:, None] / count
    points = (np.sin((1 - part) * angle) * ends[0] + np.sin(part * angle) * ends[1]) / np.sin(angle)
    lat = np.degrees(np.arcsin(np.clip(points[:, 2], -1.0, 1.0)))
    lon = unwrap(np.degrees(np.arctan2(points[:, 1], points[:, 0])))
    lon = lon + 360.0 * np.round((lon0 - lon[0]) / 360.0)
    lat[[0, -1]], lon[0] = [lat0, lat1], lon0
    return lat, lon


def _clearances(grid: Grid, points: Float64) -> npt.NDArray[np.uint8]:
    """Return the least clearance on each great circle from vertex to vertex, 0 if it is closed.

    ``points`` are unit vectors, shape (k, 3).
    """
    start, end = points[:-1], points[1:]
    normal = np.cross(start, end)
    angle = np.arctan2(np.sqrt((normal * normal).sum(axis=1)), (start * end).sum(axis=1))
    looks = np.maximum(1, np.ceil(np.degrees(angle) / _STEP_DEG)).astype(np.int64) + 1
    first = np.cumsum(looks) - looks
    of = np.repeat(np.arange(looks.size), looks)
    part = (np.arange(of.size) - first[of]) / (looks[of] - 1)
    turn = angle[of]
    at = np.sin((1.0 - part) * turn)[:, None] * start[of] + np.sin(part * turn)[:, None] * end[of]
    at /= np.maximum(np.sin(turn), 1e-12)[:, None]
    at[first], at[first + looks - 1] = start, end
    least: npt.NDArray[np.uint8] = np.minimum.reduceat(_looked_up(grid, *at.T), first)
    return least


def _clear_between(grid: Grid, start: Float64, end: Float64) -> int:
    """Return the least clearance on the great circle between two unit vectors, as `_clearances`."""
    (a, b, c), (d, e, f) = start.tolist(), end.tolist()
    x, y, z = b * f - c * e, c * d - a * f, a * e - b * d
    angle = np.arctan2(np.sqrt(x * x + y * y + z * z), a * d + b * e + c * f)
    steps = max(1, math.ceil(np.degrees(angle) / _STEP_DEG))
    part = np.arange(steps + 1) / steps
    before, after = np.sin((1.0 - part) * angle), np.sin(part * angle)
    sine = max(float(np.sin(angle)), 1e-12)
    x, y, z = ((before * p + after * q) / sine for p, q in ((a, d), (b, e), (c, f)))
    for component, first, last in ((x, a, d), (y, b, e), (z, c, f)):
        component[0], component[-1] = first, last
    return int(_looked_up(grid, x, y, z).min())


def _looked_up(grid: Grid, x: Float64, y: Float64, z: Float64) -> npt.NDArray[np.uint8]:
    """Return the clearance of the cells that unit vectors point at, 0 outside the window."""
    lat, lon = np.degrees(np.arcsin(np.clip(z, -1.0, 1.0))), np.degrees(np.arctan2(y, x))
    row = np.floor((lat + 90.0) * 60.0).astype(np.int64) - grid.window.row0
    column = (np.floor((lon + 180.0) * 60.0).astype(np.int64) - grid.window.column0) % (360 * 60)
    rows, columns = grid.clearance.shape
    inside = (row >= 0) & (row < rows) & (column < columns)
    if inside.all():
        return grid.clearance[row, column]
    clear = np.zeros(row.size, dtype=np.uint8)
    clear[inside] = grid.clearance[row[inside], column[inside]]
    return clear


def _vectors(lat: Float64, lon: Float64) -> Float64:
    """Return unit vectors, shape (k, 3)."""
    phi, lam = np.radians(lat), np.radians(lon)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)


def _pull(grid: Grid, lat: Float64, lon: Float64) -> tuple[Float64, Float64]:
    count = len(lat)
    points = _vectors(lat, lon)
    wanted = np.clip(_clearances(grid, points), 1, CLEARANCE)
    tight = wanted < CLEARANCE
    borders = np.append(np.flatnonzero(tight[1:] != tight[:-1]) + 1, count - 1)

    def clear(i: int, j: int) -> bool:
        return j == i + 1 or _clear_between(grid, points[i], points[j]) >= wanted[i:j].min()

    chosen = [0]
    while chosen[-1] < count - 1:
        here, reach, stride = chosen[-1], chosen[-1] + 1, 2
        last = int(borders[np.searchsorted(borders, here, side="right")])
        while here + stride <= last and clear(here, here + stride):
            reach, stride = here + stride, stride * 2
        low, high = reach, min(here + stride, last + 1)
        while high - low > 1:
            middle = (low + high) // 2
            if clear(here, middle):
                low = middle
            else:
                high = middle
        chosen.append(low)
    return lat[chosen], lon[chosen]


def _densify(lat: Float64, lon: Float64) -> tuple[Float64, Float64]:
    lats, lons = [lat[:1]], [lon[:1]]
    for i in range(len(lat) - 1):
        a, b = great_circle(lat[i], lon[i], lat[i + 1], lon[i + 1], _DENSE_DEG)
        lats.append(a[1:])
        lons.append(b[1:])
    return np.concatenate(lats), unwrap(np.concatenate(lons))
