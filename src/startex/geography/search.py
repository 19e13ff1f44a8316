"""Ways around land, or around water, between two points anywhere: windows, snapping, checking."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from startex.foundation.errors import StartexError
from startex.geography.geodesy import EARTH_RADIUS_M, Cloud, cut, inverse, unwrap, wrap
from startex.geography.grid import MAX_WINDOW, Grid, Window
from startex.geography.paths import Float64, Path
from startex.geography.surface import COAST_TOLERANCE_M, Surface
from startex.geography.taut import great_circle, tighten

PORT_TOLERANCE_M = 10_000.0
"""An end of a sea way may lie this far from open water, and so run over land for so long: ports
in bays and rivers finer than the mask."""

_SAMPLE_M = 250.0  # spacing of looks along a finished way
_GRAIN_DEG = 10  # windows are multiples of this, so that ways in one region share them
_GRIDS_KEPT = 12
_MARGINS_DEG = (3.5, 15.0)  # searched around the ends; up to twice that for long ways
_POCKET = 400  # cells; smaller waters (or lands) are not where a way begins
_SNAP_CELLS = 60
_SNAPS_KEPT = 256
_GLANCE_LATITUDE_DEG, _GLANCE_DEG = 75.0, 5.0  # where a box about a short geodesic is simple
_ROOM_DEG = 1e-4  # 11 m: a path lies within 1 m of the geodesic


class NoWayError(StartexError):
    """No way of the mode joins two points."""


class Searcher:
    """Ways between points over one surface or the other.

    Parameters
    ----------
    surface
        Land and water.
    """

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self._grid = lru_cache(_GRIDS_KEPT)(self._build)
        self._snap = lru_cache(_SNAPS_KEPT)(self._snapped)

    def _build(self, window: Window, water: bool) -> Grid:
        return Grid(self.surface, window, water=water)

    def around(
        self, lat0: float, lon0: float, lat1: float, lon1: float, *, water: bool
    ) -> tuple[Float64, Float64]:
        """Return vertices of a short way, geodesics between which keep to the surface.

        Parameters
        ----------
        lat0, lon0, lat1, lon1
            Its ends, degrees.
        water
            True: on water; False: on land.

        Raises
        ------
        NoWayError
            If there is none.
        """
        kind = "water" if water else "land"
        for margin in _MARGINS_DEG:
            window = _window(lat0, lon0, lat1, lon1, margin)
            if window is None:
                raise NoWayError(
                    f"{_say(lat0, lon0)} and {_say(lat1, lon1)} are too far apart for one search; "
                    "give points to pass (via)"
                )
            grid = self._grid(window, water)
            start, end = self._snap(grid, lat0, lon0, kind), self._snap(grid, lat1, lon1, kind)
            cells = grid.search(start, end)
            if cells is not None:
                return self._finish(grid, cells, (lat0, lon0), (lat1, lon1))
            if not _reaches_border(grid, start) or not _reaches_border(grid, end):
                break
        raise NoWayError(
            f"no {kind} joins {_say(lat0, lon0)} and {_say(lat1, lon1)}; "
            f"check the positions, or give points to pass (via) of which each leg has a {kind} way"
        )

    def afloat(self, lat: float, lon: float) -> tuple[float, float]:
        """Return a point as it is if it is on open water, else the nearest open water to it.

        Raises
        ------
        NoWayError
            If that is farther than `PORT_TOLERANCE_M`.
        """
        window = _window(lat, lon, lat, lon, 3.0)
        assert window is not None
        grid = self._grid(window, True)
        cell = self._snap(grid, lat, lon, "water")
        if cell == grid.cell(lat, lon):
            return lat, lon
        a, b = grid.degrees(np.array([cell]))
        return round(float(a[0]), 7), round(float(wrap(b[0])), 7)

    def _snapped(self, grid: Grid, lat: float, lon: float, kind: str) -> tuple[int, int]:
        """Return the cell of a point, or the nearest one in a body that is no mere pocket."""
        row, column = grid.cell(lat, lon)
        rows, columns = grid.passable.shape
        row0, column0 = max(row - _SNAP_CELLS, 0), max(column - _SNAP_CELLS, 0)
        part = grid.passable[row0 : row + _SNAP_CELLS + 1, column0 : column + _SNAP_CELLS + 1]
        bodies, _ = ndimage.label(part, structure=np.ones((3, 3)))
        sizes = np.bincount(bodies.ravel())
        here = bodies[row - row0, column - column0]
        if here and (sizes[here] >= _POCKET or kind == "land"):
            return row, column
        good = (sizes[bodies] >= _POCKET) & (bodies > 0)
        found: npt.NDArray[np.int64] = np.argwhere(good if good.any() else bodies > 0)
        found += np.array([row0, column0])
        if len(found):
            at_lat, at_lon = grid.degrees(found)
            nearest, distance = Cloud(at_lat, at_lon).nearest(lat, lon)
            if distance <= PORT_TOLERANCE_M:
                return int(found[nearest, 0]), int(found[nearest, 1])
            away = f"the nearest is {distance / 1000:.0f} km away"
        else:
            away = f"there is none within {min(rows, columns, _SNAP_CELLS)} nautical miles"
        raise NoWayError(
            f"{_say(lat, lon)} is not on {kind}: {away}, "
            f"{PORT_TOLERANCE_M / 1000:.0f} km are allowed; move the point"
        )

    def _finish(
        self,
        grid: Grid,
        cells: npt.NDArray[np.int64],
        start: tuple[float, float],
        end: tuple[float, float],
    ) -> tuple[Float64, Float64]:
        """Return the taut way through cells, from the exact start to the exact end."""
        lat, lon = grid.degrees(cells)
        if len(cells) == 1:
            lat, lon = np.repeat(lat, 2), np.repeat(lon, 2)
        begins_in = grid.cell(*start) == (cells[0, 0], cells[0, 1])
        ends_in = grid.cell(*end) == (cells[-1, 0], cells[-1, 1])
        if begins_in:
            lat[0], lon[0] = start[0], _near(start[1], lon[0])
        if ends_in:
            lat[-1], lon[-1] = end[0], _near(end[1], lon[-1])
        lat, lon = self._checked(grid, *tighten(grid, lat, lon))
        if not begins_in:
            lat, lon = np.insert(lat, 0, start[0]), np.insert(lon, 0, _near(start[1], lon[0]))
        if not ends_in:
            lat, lon = np.append(lat, end[0]), np.append(lon, _near(end[1], lon[-1]))
        lon = unwrap(lon)
        return lat, lon + start[1] - lon[0]

    def _checked(self, grid: Grid, lat: Float64, lon: Float64) -> tuple[Float64, Float64]:
        """Return vertices with more inserted where the geodesic leaves the cells.

        The great circle of the sphere, along which the way was pulled, keeps to them; the geodesic
        of the ellipsoid comes nearer to it the shorter the leg.
        """
        for _ in range(4):
            bad = [
                i
                for i in range(len(lat) - 1)
                if not _keeps(grid, cut(lat[i : i + 2], lon[i : i + 2]))
            ]
            if not bad:
                break
            for i in reversed(bad):
                length = float(inverse(lat[i], lon[i], lat[i + 1], lon[i + 1])[1])
                step = max(np.degrees(length / EARTH_RADIUS_M) / 4.0, 0.02)
                a, b = great_circle(lat[i], lon[i], lat[i + 1], lon[i + 1], step)
                lat, lon = np.insert(lat, i + 1, a[1:-1]), np.insert(lon, i + 1, b[1:-1])
        return lat, lon


def wet_samples(surface: Surface, path: Path, margin_m: float = COAST_TOLERANCE_M) -> int:
    """Return how many samples of a path (every 250 m), beyond a margin from its ends, are wet.

    Parameters
    ----------
    surface
        Land and water.
    path
        The way.
    margin_m
        How near to its ends water does not count.
    """
    lat, lon = path.lat, path.lon
    if surface.surely_land(lat.min(), lat.max(), lon.min(), lon.max()):
        return 0
    s = np.arange(margin_m, path.length_m - margin_m, _SAMPLE_M)
    land = surface.is_land(np.interp(s, path.s, path.lat), np.interp(s, path.s, path.lon))
    return int(np.count_nonzero(~land))


def dry_between(surface: Surface, lat0: float, lon0: float, lat1: float, lon1: float) -> bool:
    """Return True where the geodesic between two points is found to be all on land at a glance.

    The box around it has room for its bend towards the pole: the sagitta of the parallel.
    """
    south, north, west, east = min(lat0, lat1), max(lat0, lat1), min(lon0, lon1), max(lon0, lon1)
    if north > _GLANCE_LATITUDE_DEG or south < -_GLANCE_LATITUDE_DEG or east - west > _GLANCE_DEG:
        return False
    slope = math.tan(math.radians(max(abs(south), abs(north))))
    bend = 1.2 * math.radians(east - west) * (east - west) * slope / 8.0 + _ROOM_DEG
    return surface.surely_land(south - bend, north + bend, west - _ROOM_DEG, east + _ROOM_DEG)


def _keeps(grid: Grid, path: Path) -> bool:
    s = np.append(np.arange(0.0, path.length_m, _SAMPLE_M), path.length_m)
    lat, lon = np.interp(s, path.s, path.lat), np.interp(s, path.s, path.lon)
    row = np.floor((lat + 90.0) * 60.0).astype(np.int64) - grid.window.row0
    column = np.floor((lon + 180.0) * 60.0).astype(np.int64) - grid.window.column0
    column %= 360 * 60
    rows, columns = grid.passable.shape
    inside = (row >= 0) & (row < rows) & (column < columns)
    if not inside.all():
        return False
    return bool(grid.passable[row, column].all())


def _window(lat0: float, lon0: float, lat1: float, lon1: float, margin_deg: float) -> Window | None:
    """Return the cells to search for a way, None if they would be too many."""
    east = lon0 + float(wrap(lon1 - lon0))
    west, east = min(lon0, east), max(lon0, east)
    south, north = min(lat0, lat1), max(lat0, lat1)
    cosine = max(np.cos(np.radians(0.5 * (south + north))), 0.25)
    span = max(north - south, (east - west) * cosine)
    margin = max(margin_deg, min(0.4 * span, 2.0 * margin_deg))
    wide = margin / cosine
    bounds = [
        np.floor((south - margin) / _GRAIN_DEG), np.ceil((north + margin) / _GRAIN_DEG),
        np.floor((west - wide) / _GRAIN_DEG), np.ceil((east + wide) / _GRAIN_DEG),
    ]  # fmt: skip
    low, high, left, right = (int(b) * _GRAIN_DEG for b in bounds)
    low, high = max(low, -90), min(high, 90)
    if right - left >= 360:
        return None
    window = Window((low + 90) * 60, (high + 90) * 60, (left + 180) * 60, (right + 180) * 60)
    return None if window.size > MAX_WINDOW else window


def _reaches_border(grid: Grid, cell: tuple[int, int]) -> bool:
    """Return True if the body of a cell goes on beyond the window."""
    bodies, _ = ndimage.label(grid.passable, structure=np.ones((3, 3)))
    border = (bodies[0], bodies[-1], bodies[:, 0], bodies[:, -1])
    return any(bool((side == bodies[cell]).any()) for side in border)


def _near(lon: float, other: float) -> float:
    return lon - 360.0 * round((lon - other) / 360.0)


def _say(lat: float, lon: float) -> str:
    return f"{lat:.4f}, {float(wrap(lon)):.4f}"
