"""Where on Earth the cells of a generated exercise lie: real coasts and plains.

A site is a strip of dry land 40 km deep, at least 20 km wide, with room for barracks, airfield,
ranges and roads; a coastal one has open water before it. Sites lie in blocks of 1.25 degrees, at
least 80 km from each other, so that cells do not get in each other's way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.geography.geodesy import direct
from startex.geography.surface import Surface
from startex.testing.chance import Chance

Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

BLOCK_DEG = 1.25
"""North-south size of a block; east-west it is as long in kilometres."""

_SOUTH, _NORTH = -54.0, 70.0  # no ice caps
_JITTER_DEG = 0.2  # an origin lies within this of the middle of its block
_TRIES = 7  # origins tried along each side of that square
_BEARINGS = np.arange(0.0, 360.0, 22.5)
_M_PER_DEG = 111_200.0  # flat-earth metres, for tests of land and water

FAR_M = (90_000.0, 120_000.0, 150_000.0, 180_000.0)
"""Distances at which the far airfield and depot of a site are looked for."""


def _grid(ahead_m: Float64, right_m: Float64) -> tuple[Float64, Float64]:
    ahead, right = np.meshgrid(ahead_m, right_m)
    return ahead.ravel(), right.ravel()


# metres inland (negative: seaward) and to the right of the inland bearing
_INLAND = _grid(np.arange(1_500.0, 40_500.0, 3_000.0), np.arange(-10_500.0, 10_501.0, 3_000.0))
_SHORE = _grid(np.array([0.0]), np.arange(-7_500.0, 7_501.0, 1_500.0))
_APPROACH = _grid(np.arange(-40_000.0, -6_500.0, 1_500.0), np.arange(-10_500.0, 10_501.0, 1_500.0))
_ROUND = _grid(np.arange(-4_500.0, 4_501.0, 1_500.0), np.arange(-4_500.0, 4_501.0, 1_500.0))


@dataclass(frozen=True, slots=True)
class Site:
    """A place for one cell.

    Attributes
    ----------
    lat, lon
        Origin, degrees: on the shore, or the edge of a plain.
    inland_deg
        Bearing from the shore into the land.
    coastal
        Whether open water lies before it.
    far
        Latitude and longitude of dry land 90 to 180 km away.
    """

    lat: float
    lon: float
    inland_deg: float
    coastal: bool
    far: tuple[float, float]

    def point(self, inland_m: float, right_m: float = 0.0) -> tuple[float, float]:
        """Return the point so far inland (negative: at sea) and to the right of that bearing."""
        bearing = self.inland_deg + np.degrees(np.arctan2(right_m, inland_m))
        lat, lon = direct(self.lat, self.lon, bearing, np.hypot(inland_m, right_m))
        return round(float(lat), 5), round(float(lon), 5)

    def shore_m(self, surface: Surface, right_m: float) -> float:
        """Return how far inland the water ends, along the line ``right_m`` to the right."""
        out = np.arange(3_000.0, -9_001.0, -250.0)
        points = np.array([self.point(float(ahead), right_m) for ahead in out])
        wet = ~surface.is_land(points[:, 0], points[:, 1])
        return float(out[int(np.argmax(wet))]) if wet.any() else 0.0


def find_sites(surface: Surface, chance: Chance, *, coastal: bool) -> Iterator[Site]:
    """Yield sites all over the Earth in a drawn order, coastal ones or plains, until none is left.

    Parameters
    ----------
    surface
        Land and water.
    chance
        Draws of the exercise.
    coastal
        Which kind.
    """
    lats, lons = _blocks()
    shares = chance.shares("blocks", lats.size)
    steps = np.linspace(-_JITTER_DEG, _JITTER_DEG, _TRIES)
    north, east = (axis.ravel() for axis in np.meshgrid(steps, steps))
    for block in np.argsort(shares, kind="stable").tolist():
        lat = lats[block] + north
        lon = lons[block] + east / np.cos(np.radians(lat))
        land = surface.is_land(lat, lon)
        if not land.any() or (coastal and land.all()) or (not coastal and not land.all()):
            continue
        site = _site_among(surface, lat[land], lon[land], coastal)
        if site is not None:
            yield site


def _blocks() -> tuple[Float64, Float64]:
    """Return the middles of all blocks, degrees."""
    lats, lons = [], []
    for lat in np.arange(_SOUTH, _NORTH, BLOCK_DEG):
        count = int(360.0 * np.cos(np.radians(abs(lat) + BLOCK_DEG)) / BLOCK_DEG)
        lats.append(np.full(count, lat))
        lons.append(np.arange(count) * (360.0 / count) - 179.0)
    return np.concatenate(lats), np.concatenate(lons)


def _site_among(surface: Surface, lat: Float64, lon: Float64, coastal: bool) -> Site | None:
    """Return the first origin and bearing with the land, and the water, that a site needs."""
    origin = np.repeat(np.arange(lat.size), _BEARINGS.size)
    bearing = np.tile(_BEARINGS, lat.size)
    wanted = [(_INLAND, True)]
    if coastal:
        wanted = [(_APPROACH, False), (_INLAND, True), (_SHORE, True)]
    for offsets, on_land in wanted:
        fits = _all(surface, lat[origin], lon[origin], bearing, offsets, on_land)
        origin, bearing = origin[fits], bearing[fits]
        if not origin.size:
            return None
    for number in range(min(origin.size, 4)):
        o_lat, o_lon = float(lat[origin[number]]), float(lon[origin[number]])
        far = _far(surface, o_lat, o_lon, float(bearing[number]))
        if far is not None:
            return Site(
                round(o_lat, 5), round(o_lon, 5), float(bearing[number]), coastal, far
            )  # fmt: skip
    return None


def _all(
    surface: Surface, lat: Float64, lon: Float64, bearing_deg: Float64,
    offsets: tuple[Float64, Float64], on_land: bool,
) -> Bool:  # fmt: skip
    """Tell for which origins and bearings all of the offsets are land (or water), shape (n,)."""
    ahead, right = offsets
    angle = np.radians(bearing_deg)[:, None]
    north = ahead * np.cos(angle) - right * np.sin(angle)
    east = ahead * np.sin(angle) + right * np.cos(angle)
    at_lat = lat[:, None] + north / _M_PER_DEG
    at_lon = lon[:, None] + east / (_M_PER_DEG * np.cos(np.radians(lat))[:, None])
    found: Bool = (surface.is_land(at_lat, at_lon) == on_land).all(axis=1)
    return found


def _far(surface: Surface, lat: float, lon: float, inland_deg: float) -> tuple[float, float] | None:
    """Return dry land some way off, inland first."""
    turns = np.array([0.0, 22.5, -22.5, 45.0, -45.0, 67.5, -67.5])
    bearings = np.tile(inland_deg + turns, len(FAR_M))
    at_lat, at_lon = direct(lat, lon, bearings, np.repeat(FAR_M, turns.size))
    dry = _all(surface, at_lat, at_lon, np.zeros(at_lat.size), _ROUND, True)
    if not dry.any():
        return None
    first = int(np.argmax(dry))
    return round(float(at_lat[first]), 5), round(float(at_lon[first]), 5)
