"""Patrol tracks over an area: ladders, racetracks, barriers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import shapely
import shapely.affinity

from startex.geography.formations import apply_offsets
from startex.geography.geodesy import direct, inverse
from startex.geography.paths import POSITION_DECIMALS, Float64
from startex.geography.surface import NoGroundError, Surface

Pattern = Literal["ladder", "racetrack", "barrier"]
PATTERNS: tuple[str, ...] = get_args(Pattern)
Outline = Sequence[tuple[float, float]]

_WATER_MARGIN_M = 4_000.0  # tracks keep this far from land


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


def _on_water(
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
