"""Patrol patterns, and where in an area they fit: on water, inside, a sector for each ship."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage

from startex.engine.systems.base import World
from startex.engine.systems.berths import sea_way
from startex.geography.areas import area_patrol_points, circle_outline
from startex.geography.geodesy import cut, direct, inverse, join
from startex.geography.paths import Path

Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

PATTERNS = ("ladder", "racetrack", "barrier")
"""Courses within a sector."""

SWEEP = "sweep"
"""Parallel lanes over a whole area, shared out among its ships."""

SWEEP_LANES = 12
"""Lanes of a sweep for which no spacing is ordered; assumed."""

Area = int | Sequence[tuple[float, float]]
"""A place index, or an outline as (lat, lon) points."""

HAIRPIN_DEG = 150.0
"""A turn sharper than this is a hairpin."""

_GRID = 60  # cells a side in which the room of an area is looked for
_LANES = 6
_MOST_LANES = 500


@dataclass(frozen=True, slots=True)
class Sector:
    """Room for one ship's pattern: a circle of water inside the area."""

    lat: float
    lon: float
    radius_m: float
    heading_deg: float


def sectors(world: World, area: Area, count: int) -> list[Sector]:
    """Return so many sectors of an area that lie on water and do not overlap.

    The area is divided across its longer side into strips of equal water; in each the sector is
    the largest circle that touches neither land nor another strip nor the outline, as far as a
    grid of 60 by 60 cells tells.

    Returns
    -------
    Empty if there is not enough water for so many.
    """
    lat, lon, half_m = _extent(world, area)
    step = 2.0 * half_m / _GRID
    ticks = (np.arange(_GRID) + 0.5) * step - half_m
    east, north = np.meshgrid(ticks, ticks)
    azimuth, distance = np.degrees(np.arctan2(east, north)), np.hypot(east, north)
    cell_lat, cell_lon = direct(lat, lon, azimuth, distance)
    free = _inside(world, area, cell_lat, cell_lon)
    free &= ~world.router.surface.is_land(cell_lat, cell_lon)
    if int(free.sum()) < 4 * count:
        return []
    heading = _long_axis_deg(east[free], north[free])
    along = east * math.sin(math.radians(heading)) + north * math.cos(math.radians(heading))
    bounds = np.quantile(along[free], np.linspace(0.0, 1.0, count + 1))
    found: list[Sector] = []
    for strip in range(count):
        last = along <= bounds[strip + 1] if strip == count - 1 else along < bounds[strip + 1]
        mask = free & (along >= bounds[strip]) & last
        # the edge of the grid counts as outside
        room = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1] * step
        best = int(np.argmax(room))
        radius = float(room.ravel()[best]) - 0.75 * step
        if radius <= 0.0:
            return []
        found.append(
            Sector(
                float(cell_lat.ravel()[best]),
                float(cell_lon.ravel()[best]),
                radius,
                (heading + 90.0) % 180.0 if count > 1 else heading,
            )
        )
    return found


def circuit(sector: Sector, pattern: str, spacing_m: float | None = None) -> Path:
    """Return a closed course within a sector.

    Parameters
    ----------
    sector
        Where.
    pattern
        ``ladder``: parallel lanes over an inscribed square, and back along its side;
        ``racetrack``: two long sides joined by rounded ends; ``barrier``: to and fro on a line.
    spacing_m
        Between the lanes of a ladder; None: six lanes.

    Raises
    ------
    ValueError
        If there is no such pattern.
    """
    if pattern not in PATTERNS:
        raise ValueError(f"no pattern {pattern!r}; allowed: {', '.join(PATTERNS)}")
    r = 0.95 * sector.radius_m
    if pattern == "barrier":
        ahead, right = np.array([-r, r, -r]), np.zeros(3)
    elif pattern == "racetrack":
        ahead, right = _racetrack(0.75 * r, 0.25 * r)
    else:
        side = 0.7 * r
        lanes = np.linspace(-side, side, _LANES)
        if spacing_m is not None:
            count = min(max(2, round(2.0 * side / spacing_m)), _MOST_LANES)
            lanes = (np.arange(count) - 0.5 * (count - 1)) * 2.0 * side / count
        odd = np.arange(lanes.size) % 2 == 1
        start, stop = np.where(odd, side, -side), np.where(odd, -side, side)
        ahead = np.append(np.stack([start, stop], axis=1).ravel(), -side)
        right = np.append(np.repeat(lanes, 2), lanes[0])
    azimuth = np.degrees(np.arctan2(right, ahead)) + sector.heading_deg
    lat, lon = direct(sector.lat, sector.lon, azimuth, np.hypot(ahead, right))
    lat[-1], lon[-1] = lat[0], lon[0]
    return cut(lat, lon)


def sweeps(world: World, area: Area, count: int, spacing_m: float | None) -> list[Path]:
    """Return closed courses of ships that sweep an area together: lanes in turn, and back.

    Lanes lie ``spacing_m`` apart along the longer axis (None: `SWEEP_LANES`), as far as there is
    water; each ship has neighbouring ones, as many as the others to one. Where ships are more than
    lanes, some share one.

    Raises
    ------
    NoGroundError
        If no lane lies on water.
    """
    outline = _outline(world, area)
    if spacing_m is None:
        spacing_m = 2.0 * _extent(world, area)[2] / SWEEP_LANES
    lat, lon = area_patrol_points(outline, "ladder", spacing_m, world.router.surface)
    lanes = np.stack([lat, lon], axis=1).reshape(-1, 2, 2)
    parts = np.array_split(np.arange(len(lanes)), min(count, len(lanes)))
    courses = []
    for ship in range(count):
        points = lanes[parts[ship % len(parts)]].reshape(-1, 2)
        ways: list[Path] = []
        for number in range(len(points)):
            here, there = points[number], points[(number + 1) % len(points)]
            along = number % 2 == 0
            ways.append(
                cut([here[0], there[0]], [here[1], there[1]])
                if along
                else sea_way(world, *here.tolist(), *there.tolist())
            )
        courses.append(join([way for way in ways if way.length_m > 0.0]))
    return courses


def _outline(world: World, area: Area) -> Sequence[tuple[float, float]]:
    """Return an area as an outline of (lon, lat)."""
    if not isinstance(area, int | np.integer):
        return [(lon, lat) for lat, lon in area]
    place = world.places[int(area)]
    return place.polygon or circle_outline(place.lat, place.lon, place.radius_m)


def _racetrack(half_length: float, half_width: float) -> tuple[Float64, Float64]:
    """Return ahead and right of a closed course: two straight sides and two half circles."""
    turn = np.linspace(0.0, np.pi, 5)
    ahead = np.concatenate(
        [half_length + half_width * np.sin(turn), -half_length - half_width * np.sin(turn)]
    )
    right = np.concatenate([-half_width * np.cos(turn), half_width * np.cos(turn)])
    return np.append(ahead, ahead[0]), np.append(right, right[0])


def racetrack(lat: float, lon: float, heading_deg: float, length_m: float, width_m: float) -> Path:
    """Return a closed racetrack whose first straight side begins at a point.

    Parameters
    ----------
    lat, lon
        Beginning and end of the course, degrees.
    heading_deg
        Of the first side; the turns are to the right.
    length_m, width_m
        Of the straight sides, and between them.
    """
    ahead, right = _racetrack(0.5 * length_m, 0.5 * width_m)
    # the ninth vertex ends the second turn: it is where the first side begins
    ahead, right = np.roll(ahead[:-1], 1), np.roll(right[:-1], 1)
    ahead, right = ahead - ahead[0], right - right[0]
    ahead, right = np.append(ahead, 0.0), np.append(right, 0.0)
    azimuth = np.degrees(np.arctan2(right, ahead)) + heading_deg
    at_lat, at_lon = direct(lat, lon, azimuth, np.hypot(ahead, right))
    at_lat[[0, -1]], at_lon[[0, -1]] = lat, lon
    return cut(at_lat, at_lon)


def rounded(points: Sequence[tuple[float, float]], width_m: float) -> list[tuple[float, float]]:
    """Return a course in which each hairpin is a half circle to the right, ``width_m`` across.

    A company that reverses on the spot would meet itself. Points are (lat, lon); where three in a
    row turn by more than `HAIRPIN_DEG`, the half circle begins at the middle one.
    """
    result = [points[0]]
    for before, here, after in zip(points[:-2], points[1:-1], points[2:], strict=True):
        result.append(here)
        heading = float(inverse(*before, *here)[0])
        turn = float(inverse(*here, *after)[0]) - heading
        if abs((turn + 180.0) % 360.0 - 180.0) > HAIRPIN_DEG:
            along = np.radians(np.array([45.0, 90.0, 135.0, 180.0]))
            ahead, right = 0.5 * width_m * np.sin(along), 0.5 * width_m * (1.0 - np.cos(along))
            azimuth = heading + np.degrees(np.arctan2(right, ahead))
            lat, lon = direct(*here, azimuth, np.hypot(ahead, right))
            result += [(float(a), float(b)) for a, b in zip(lat, lon, strict=True)]
    result.append(points[-1])
    return result


def _extent(world: World, area: Area) -> tuple[float, float, float]:
    """Return middle and half the side of a square about an area."""
    if isinstance(area, int | np.integer):
        place = world.places[int(area)]
        return place.lat, place.lon, place.radius_m
    outline = np.array(area, dtype=np.float64)
    lat = 0.5 * float(outline[:, 0].min() + outline[:, 0].max())
    lon = 0.5 * float(outline[:, 1].min() + outline[:, 1].max())
    return lat, lon, float(inverse(lat, lon, outline[:, 0], outline[:, 1])[1].max())


def _long_axis_deg(east_m: Float64, north_m: Float64) -> float:
    """Return the azimuth in [0, 180) along which points spread most; 0 where none stands out.

    The angle of the principal axis of a plane set is half that of (var e - var n, 2 cov).
    """
    e, n = east_m - east_m.mean(), north_m - north_m.mean()
    unlike, shared = float((e * e - n * n).sum()), 2.0 * float((e * n).sum())
    if math.hypot(unlike, shared) < 1e-6 * float((e * e + n * n).sum()):
        return 0.0
    return (90.0 - math.degrees(0.5 * math.atan2(shared, unlike))) % 180.0


def _inside(world: World, area: Area, lat: Float64, lon: Float64) -> Bool:
    if isinstance(area, int | np.integer):
        return world.places.contains(int(area), lat, lon)
    outline = np.array(area, dtype=np.float64)
    polygon = shapely.Polygon(outline[:, ::-1])
    shapely.prepare(polygon)
    inside: Bool = shapely.intersects_xy(polygon, lon, lat)
    return inside
