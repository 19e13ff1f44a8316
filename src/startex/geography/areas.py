"""Where units stand: anchors within places. Formations and patrols are at hand here too."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from startex.foundation.streams import Stream, uniform
from startex.geography.formations import (
    FORMATIONS,
    Formation,
    apply_offsets,
    formation_offsets,
    laager_slots,
)
from startex.geography.geodesy import direct, wrap
from startex.geography.paths import POSITION_DECIMALS, Float64
from startex.geography.patrols import (
    PATTERNS,
    Outline,
    Pattern,
    area_patrol_points,
    circle_outline,
)
from startex.geography.surface import NoGroundError, Surface

__all__ = [
    "FORMATIONS",
    "PATTERNS",
    "Formation",
    "NoGroundError",
    "Outline",
    "Pattern",
    "apply_offsets",
    "area_patrol_points",
    "circle_outline",
    "formation_offsets",
    "laager_slots",
    "land_anchor",
    "water_anchor",
]


_CANDIDATES = 512  # points of the spiral
_FIRST = 16  # of them; nearly always one of these will do
_STRIDE = 199  # order in which a unit tries them; coprime with their number
_GOLDEN_ANGLE_DEG = 180.0 * (3.0 - 5.0**0.5)


def land_anchor(
    surface: Surface,
    lat: float,
    lon: float,
    place_radius_m: float,
    key: int,
    clear_m: float = 0.0,
    *,
    polygon: Outline = (),
) -> tuple[float, float]:
    """Return a unit's own point within a place, with land all around it.

    Candidates form a golden-angle spiral over the place, turned by the unit's key; the unit tries
    them in an order that starts at a keyed number. So units get different areas, and adding a
    unit moves no other. Where no disc of ``clear_m`` lies wholly on land, half of it is tried,
    then a quarter, ..., at last the point alone.

    Parameters
    ----------
    surface
        Land and water.
    lat, lon, place_radius_m
        Middle (degrees) and radius of the place.
    key
        The unit's key (`foundation.streams.entity_key`).
    clear_m
        Radius of the disc that must be land.
    polygon
        Outline of the place (lon, lat), if it has one; the point lies inside.

    Raises
    ------
    NoGroundError
        If the place has no land.
    """
    if not polygon:
        first = _Spiral(lat, lon, place_radius_m, key, clear_m).first()
        if _surely_clear(surface, *first, clear_m):
            return _rounded(*first)
    return _anchor(surface.is_land, "land", lat, lon, place_radius_m, key, clear_m, polygon)


def _surely_clear(surface: Surface, lat: float, lon: float, clear_m: float) -> bool:
    """Return True where a disc is found to be all land at a glance; room for its ring is added."""
    north = (clear_m + 50.0) / 110_000.0
    if abs(lat) + north > 85.0:
        return False
    east = north / math.cos(math.radians(abs(lat) + north))
    middle = (lon + 180.0) % 360.0 - 180.0
    return surface.surely_land(lat - north, lat + north, middle - east, middle + east)


def water_anchor(
    surface: Surface,
    lat: float,
    lon: float,
    place_radius_m: float,
    key: int,
    clear_m: float = 0.0,
    *,
    polygon: Outline = (),
) -> tuple[float, float]:
    """Return a ship's or group's own point within a place, with water all around; as `land_anchor`.

    Raises
    ------
    NoGroundError
        If the place has no water.
    """
    return _anchor(
        lambda a, b: ~surface.is_land(a, b),
        "water",
        lat,
        lon,
        place_radius_m,
        key,
        clear_m,
        polygon,
    )


@dataclass(frozen=True, slots=True)
class _Spiral:
    """The candidates for a unit's own point within a place, in the order in which it tries them."""

    lat: float
    lon: float
    radius_m: float
    key: int
    clear_m: float

    def order(self) -> npt.NDArray[np.int64]:
        """Return the numbers of all candidates in the unit's order."""
        return (self._start() + _STRIDE * np.arange(_CANDIDATES)) % _CANDIDATES

    def first(self) -> tuple[float, float]:
        """Return the candidate that the unit tries first."""
        lat, lon = self.points(np.array([self._start()]))
        return float(lat[0]), float(lon[0])

    def points(self, numbers: npt.NDArray[np.int64]) -> tuple[Float64, Float64]:
        """Return where candidates lie, degrees."""
        reach = max(self.radius_m - self.clear_m, 0.25 * self.radius_m)
        turn = float(uniform(0, Stream.LAYOUT, np.uint64(self.key), 0))
        out = reach * np.sqrt((numbers + 0.5) / _CANDIDATES)
        bearing = 360.0 * turn + numbers * _GOLDEN_ANGLE_DEG
        return direct(self.lat, self.lon, bearing, out)

    def _start(self) -> int:
        return int(float(uniform(0, Stream.LAYOUT, np.uint64(self.key), 1)) * _CANDIDATES)


def _anchor(
    good: Callable[[Float64, Float64], npt.NDArray[np.bool_]],
    kind: str,
    lat: float,
    lon: float,
    radius_m: float,
    key: int,
    clear_m: float,
    polygon: Outline,
) -> tuple[float, float]:
    spiral = _Spiral(lat, lon, radius_m, key, clear_m)

    def candidates(numbers: npt.NDArray[np.int64]) -> tuple[Float64, Float64]:
        at_lat, at_lon = spiral.points(numbers)
        if polygon:
            near = at_lon - 360.0 * np.round((at_lon - polygon[0][0]) / 360.0)
            inside = shapely.contains_xy(shapely.Polygon(polygon), near, at_lat)
            at_lat, at_lon = at_lat[inside], at_lon[inside]
        fit = good(at_lat, at_lon)
        return at_lat[fit], at_lon[fit]

    order = spiral.order()
    at_lat, at_lon = candidates(order[:_FIRST])
    first = _first_clear(good, at_lat, at_lon, clear_m)
    if first >= 0:
        return _rounded(at_lat[first], at_lon[first])
    at_lat, at_lon = candidates(order)
    if at_lat.size == 0:
        raise NoGroundError(
            f"no {kind} found within {radius_m / 1000:.1f} km of {lat:.4f}, {lon:.4f}; "
            "move the place or widen its radius_m",
            lat,
            lon,
        )
    clear = clear_m
    while clear >= 50.0:
        first = _first_clear(good, at_lat, at_lon, clear)
        if first >= 0:
            return _rounded(at_lat[first], at_lon[first])
        clear *= 0.5
    return _rounded(at_lat[0], at_lon[0])


def _first_clear(
    good: Callable[[Float64, Float64], npt.NDArray[np.bool_]],
    lat: Float64,
    lon: Float64,
    clear_m: float,
) -> int:
    """Return the first candidate with a good disc around it, -1 if there is none."""
    bearing = np.tile(np.arange(0.0, 360.0, 30.0), 2)
    distance = np.repeat([clear_m, 0.5 * clear_m], 12)
    begin, count = 0, 2  # mostly one of the first is clear
    while begin < lat.size:
        part = slice(begin, begin + count)
        ring = direct(lat[part, None], lon[part, None], bearing, distance)
        whole = np.flatnonzero(good(*ring).all(axis=1))
        if whole.size:
            return begin + int(whole[0])
        begin, count = begin + count, 2 * count
    return -1


def _rounded(lat: float, lon: float) -> tuple[float, float]:
    return (
        round(float(lat), POSITION_DECIMALS),
        round(float(wrap(lon)), POSITION_DECIMALS),
    )
