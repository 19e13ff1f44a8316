"""Where units stand: anchors within places, laagers, formations, patrol tracks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import shapely
import shapely.affinity

from startex.foundation.errors import StartexError
from startex.foundation.streams import Stream, uniform
from startex.geography.geodesy import direct, inverse, wrap
from startex.geography.paths import POSITION_DECIMALS, Float64
from startex.geography.surface import Surface

Formation = Literal[
    "line", "column", "wedge", "circle", "line_ahead", "line_abreast", "screen", "laager"
]
FORMATIONS: tuple[str, ...] = get_args(Formation)
Pattern = Literal["ladder", "racetrack", "barrier"]
PATTERNS: tuple[str, ...] = get_args(Pattern)
Outline = Sequence[tuple[float, float]]

_CANDIDATES = 512  # points of the spiral
_STRIDE = 199  # order in which a unit tries them; coprime with their number
_GOLDEN_ANGLE_DEG = 180.0 * (3.0 - 5.0**0.5)
_WATER_MARGIN_M = 4_000.0  # patrol tracks keep this far from land


class NoGroundError(StartexError):
    """A place has no room of the kind that is wanted."""


def land_anchor(  # noqa: PLR0917
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
    return _anchor(surface.is_land, "land", lat, lon, place_radius_m, key, clear_m, polygon)


def water_anchor(  # noqa: PLR0917
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


def _anchor(  # noqa: PLR0917
    good: Callable[[Float64, Float64], npt.NDArray[np.bool_]],
    kind: str,
    lat: float,
    lon: float,
    radius_m: float,
    key: int,
    clear_m: float,
    polygon: Outline,
) -> tuple[float, float]:
    turn, start = uniform(0, Stream.LAYOUT, np.uint64(key), np.arange(2))
    order = (int(start * _CANDIDATES) + _STRIDE * np.arange(_CANDIDATES)) % _CANDIDATES
    reach = max(radius_m - clear_m, 0.25 * radius_m)
    out = reach * np.sqrt((order + 0.5) / _CANDIDATES)
    at_lat, at_lon = direct(lat, lon, 360.0 * turn + order * _GOLDEN_ANGLE_DEG, out)
    if polygon:
        near = at_lon - 360.0 * np.round((at_lon - polygon[0][0]) / 360.0)
        inside = shapely.contains_xy(shapely.Polygon(polygon), near, at_lat)
        at_lat, at_lon = at_lat[inside], at_lon[inside]
    fit = good(at_lat, at_lon)
    at_lat, at_lon = at_lat[fit], at_lon[fit]
    if at_lat.size == 0:
        raise NoGroundError(
            f"no {kind} found within {radius_m / 1000:.1f} km of {lat:.4f}, {lon:.4f}; "
            "move the place or widen its radius_m"
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
    for begin in range(0, lat.size, 32):
        part = slice(begin, begin + 32)
        ring = direct(lat[part, None], lon[part, None], bearing, distance)
        whole = np.flatnonzero(good(*ring).all(axis=1))
        if whole.size:
            return begin + int(whole[0])
    return -1


def _rounded(lat: float, lon: float) -> tuple[float, float]:
    return (
        round(float(lat), POSITION_DECIMALS),
        round(float(wrap(lon)), POSITION_DECIMALS),
    )


def laager_slots(n: int, spacing_m: float) -> tuple[Float64, Float64]:
    """Return (forward, right) of the slots of a laager, metres, shape (n,).

    A square grid filled from the middle outwards: slot i is the same whatever ``n`` is.
    """
    half = int(np.ceil(np.sqrt(n) / 2.0)) + 1
    side: Float64 = np.arange(-half, half + 1, dtype=np.float64)
    forward, right = (g.ravel() for g in np.meshgrid(side, side, indexing="ij"))
    turn = np.round(np.arctan2(right, forward) % (2.0 * np.pi), 9)
    ring = np.maximum(np.abs(forward), np.abs(right))
    order = np.lexsort((turn, forward**2 + right**2, ring))[:n]
    return forward[order] * spacing_m, right[order] * spacing_m


def formation_offsets(name: str, n: int, spacing_m: float) -> tuple[Float64, Float64]:
    """Return (forward, right) offsets of a formation from its guide, metres, shape (n,).

    Row 0 is the guide at (0, 0), except in a circle, whose middle is (0, 0). Neighbours are
    ``spacing_m`` apart.

    Parameters
    ----------
    name
        column, line_ahead: one behind the other. line, line_abreast: side by side, the guide in the
        middle. wedge: two wings swept back 45 degrees. circle: all round. screen: the others on an
        arc ahead of the guide, 100 degrees to each side. laager: see `laager_slots`.
    n
        How many.
    spacing_m
        Distance between neighbours.

    Raises
    ------
    ValueError
        If the name is none of `FORMATIONS`.
    """
    number: Float64 = np.arange(n, dtype=np.float64)
    rank: Float64 = np.ceil(number / 2.0)
    side: Float64 = np.where(number % 2 == 1, 1.0, -1.0)
    zero: Float64 = np.zeros(n)
    if name in ("column", "line_ahead"):
        return -spacing_m * number, zero
    if name in ("line", "line_abreast"):
        return zero, spacing_m * rank * side
    if name == "wedge":
        step = spacing_m * np.sqrt(0.5)
        return -step * rank, step * rank * side
    if name == "circle":
        radius = 0.0 if n < 2 else spacing_m / (2.0 * np.sin(np.pi / n))
        turn = 2.0 * np.pi * number / max(n, 1)
        return radius * np.cos(turn), radius * np.sin(turn)
    if name == "screen":
        return _screen(n, spacing_m)
    if name == "laager":
        return laager_slots(n, spacing_m)
    raise ValueError(f"no formation {name!r}; allowed: {', '.join(FORMATIONS)}")


def _screen(n: int, spacing_m: float) -> tuple[Float64, Float64]:
    others = n - 1
    arc = np.radians(200.0)
    bearing = np.zeros(n)
    if others > 1:
        bearing[1:] = -arc / 2.0 + arc * np.arange(others) / (others - 1)
    step = arc / max(others - 1, 1)
    radius = np.full(n, max(spacing_m, spacing_m / (2.0 * np.sin(min(step, np.pi) / 2.0))))
    radius[:1] = 0.0
    return radius * np.cos(bearing), radius * np.sin(bearing)


def apply_offsets(
    lat: npt.ArrayLike,
    lon: npt.ArrayLike,
    heading_deg: npt.ArrayLike,
    forward_m: npt.ArrayLike,
    right_m: npt.ArrayLike,
) -> tuple[Float64, Float64]:
    """Return positions at offsets from guides, degrees; all arguments broadcast.

    Parameters
    ----------
    lat, lon, heading_deg
        Position and heading of the guide.
    forward_m, right_m
        Offset ahead and to the right of it.
    """
    ahead = np.asarray(forward_m, dtype=np.float64)
    abeam = np.asarray(right_m, dtype=np.float64)
    bearing = np.asarray(heading_deg, dtype=np.float64) + np.degrees(np.arctan2(abeam, ahead))
    return direct(lat, lon, bearing, np.hypot(ahead, abeam))


def circle_outline(lat: float, lon: float, radius_m: float, n: int = 48) -> Outline:
    """Return a circle as an outline of (lon, lat), not closed."""
    around = direct(lat, lon, np.arange(n) * (360.0 / n), radius_m)
    return [(float(x), float(y)) for y, x in zip(*around, strict=True)]


def area_patrol_points(
    outline: Outline,
    pattern: str,
    spacing_m: float,
    surface: Surface | None = None,
) -> tuple[Float64, Float64]:
    """Return the turning points (lat, lon) of a patrol in an area, degrees.

    Parameters
    ----------
    outline
        The area as (lon, lat); for a circle see `circle_outline`.
    pattern
        ladder: parallel tracks along the longer axis, ``spacing_m`` apart, to and fro over the
        whole area. racetrack: two tracks ``spacing_m`` apart about that axis, closed (the first
        point stands again at the end). barrier: the axis itself, from end to end.
    spacing_m
        Distance between tracks.
    surface
        Where given, a track that meets land or its shore is cut to its longest part on water.

    Raises
    ------
    ValueError
        If the pattern is none of `PATTERNS`.
    NoGroundError
        If no track is left on water.
    """
    if pattern not in PATTERNS:
        raise ValueError(f"no pattern {pattern!r}; allowed: {', '.join(PATTERNS)}")
    ring = np.asarray(outline, dtype=np.float64)
    lat0, lon0 = float(ring[:, 1].mean()), float(ring[:, 0].mean())
    azimuth, distance = inverse(lat0, lon0, ring[:, 1], ring[:, 0])
    phi = np.radians(azimuth)
    shape = shapely.Polygon(np.stack([distance * np.sin(phi), distance * np.cos(phi)], axis=1))
    axis_deg = _long_axis_deg(shape)
    turned = shapely.affinity.rotate(shape, -axis_deg, origin=(0.0, 0.0))  # long axis along x
    west, south, east, north = turned.bounds
    middle = 0.5 * (south + north)
    if pattern == "barrier":
        levels = [middle]
    elif pattern == "racetrack":
        half = min(spacing_m, 0.8 * (north - south)) / 2.0
        levels = [middle - half, middle + half]
    else:
        count = max(1, int((north - south) / spacing_m))
        levels = [south + (north - south) * (i + 0.5) / count for i in range(count)]
    ends: list[tuple[float, float]] = []
    for level in levels:
        track = turned.intersection(shapely.LineString([(west, level), (east, level)]))
        pieces = [p for p in shapely.get_parts(track) if p.length > 0.0]
        if not pieces:
            continue
        x = [c[0] for c in max(pieces, key=lambda piece: float(piece.length)).coords]
        span = _on_water(surface, lat0, lon0, axis_deg, level, min(x), max(x))
        if span is not None:
            forth = len(ends) % 4 == 0
            a, b = span if forth else (span[1], span[0])
            ends += [(a, level), (b, level)]
    if not ends:
        raise NoGroundError("no patrol track of this area lies on water; move its outline")
    if pattern == "racetrack":
        ends.append(ends[0])
    points = np.array(ends)
    lat, lon = _from_axis(lat0, lon0, axis_deg, points[:, 0], points[:, 1])
    return np.round(lat, POSITION_DECIMALS), np.round(lon, POSITION_DECIMALS)


def _long_axis_deg(shape: shapely.Polygon) -> float:
    """Return the direction of the longer side of the least rectangle, degrees from x to y."""
    corners = np.array(shape.minimum_rotated_rectangle.exterior.coords)
    sides = np.diff(corners, axis=0)[:2]
    longest = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    return float(np.degrees(np.arctan2(longest[1], longest[0]))) % 180.0


def _from_axis(
    lat0: float, lon0: float, axis_deg: float, x: npt.ArrayLike, y: npt.ArrayLike
) -> tuple[Float64, Float64]:
    return apply_offsets(lat0, lon0, 90.0 - axis_deg, x, -np.asarray(y, dtype=np.float64))


def _on_water(  # noqa: PLR0917
    surface: Surface | None,
    lat0: float,
    lon0: float,
    axis_deg: float,
    level: float,
    x0: float,
    x1: float,
) -> tuple[float, float] | None:
    """Return the longest part of a track that keeps clear of land, None if there is none."""
    if surface is None:
        return x0, x1
    x = np.linspace(x0, x1, max(2, int((x1 - x0) / 1000.0)))
    lat, lon = _from_axis(lat0, lon0, axis_deg, x, np.full(x.size, level))
    clear = ~surface.is_land(lat, lon) & (surface.coast_distance_m(lat, lon) > _WATER_MARGIN_M)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], clear.astype(np.int8), [0]])))
    begins, ends = edges[::2], edges[1::2]
    if begins.size == 0:
        return None
    best = int(np.argmax(ends - begins))
    if ends[best] - begins[best] < 2:
        return None
    return float(x[begins[best]]), float(x[ends[best] - 1])
