"""Map frames: a projection, what part of the Earth it shows, and the base map in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from pyproj import Proj

from startex.geography.geodesy import inverse
from startex.geography.surface import Scale, Surface
from startex.review.record import Bool, Float64
from startex.review.style import INK, LAND, MUTED, RULE, SHORE, WATER, canvas

_NICE = (1.0, 2.0, 5.0)

WIDE_M = 6_000_000.0
"""A map that reaches farther than this from its middle shows the Earth as a band."""

EARTH_HALF_M, EARTH_TOP_M = 17_243_959.0, 8_392_927.0
"""Half the width and half the height of the Earth in the Equal Earth projection (WGS-84)."""


@cache
def surface() -> Surface:
    """Return the shipped land and water."""
    return Surface()


@dataclass(frozen=True, slots=True)
class Frame:
    """A window of the Earth on ``width`` x ``height`` SVG units.

    ``x`` and ``y`` bounds are metres in the projection, whose central meridian (degrees) is
    ``central_lon``; the height of the frame follows from them.
    """

    projection: Proj
    x0: float
    x1: float
    y0: float
    y1: float
    width: float
    central_lon: float

    @property
    def unit_m(self) -> float:
        """Metres that one SVG unit shows."""
        return (self.x1 - self.x0) / self.width

    @property
    def height(self) -> float:
        """Height in SVG units."""
        return (self.y1 - self.y0) / self.unit_m

    def xy(self, lat: Float64, lon: Float64) -> tuple[Float64, Float64]:
        """Return projected metres; points the projection cannot show are nan."""
        x, y = self.projection(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        bad = ~(np.isfinite(x) & np.isfinite(y))
        return np.where(bad, np.nan, x), np.where(bad, np.nan, y)

    def inside(self, x: Float64, y: Float64) -> Bool:
        """Return where projected points lie in the frame."""
        result: Bool = (x >= self.x0) & (x <= self.x1) & (y >= self.y0) & (y <= self.y1)
        return result

    def box(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north (degrees) of what the frame shows; east may pass 180."""
        edge = np.linspace(0.0, 1.0, 41)
        gx, gy = np.meshgrid(
            self.x0 + edge * (self.x1 - self.x0), self.y0 + edge * (self.y1 - self.y0)
        )
        lon, lat = self.projection(gx.ravel(), gy.ravel(), inverse=True)
        lon, lat = np.asarray(lon), np.asarray(lat)
        good = np.isfinite(lon) & np.isfinite(lat)
        lon = lon[good] - 360.0 * np.round((lon[good] - self.central_lon) / 360.0)
        return float(lon.min()), float(lat[good].min()), float(lon.max()), float(lat[good].max())


def middle_of(lat: Float64, lon: Float64) -> tuple[float, float]:
    """Return the middle of points on the sphere, degrees, wherever the date line runs."""
    phi, lam = np.radians(lat), np.radians(lon)
    x, y, z = np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)
    mx, my, mz = float(x.mean()), float(y.mean()), float(z.mean())
    return float(np.degrees(np.arctan2(mz, np.hypot(mx, my)))), float(
        np.degrees(np.arctan2(my, mx))
    )


def _farthest_m(mid_lat: float, mid_lon: float, lat: Float64, lon: Float64) -> float:
    """Return the distance of the farthest point, metres: those that the sphere makes farthest."""
    phi, turn = np.radians(lat), np.radians(lon - mid_lon)
    mid = math.radians(mid_lat)
    cosine = math.sin(mid) * np.sin(phi) + math.cos(mid) * np.cos(phi) * np.cos(turn)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    # ellipsoid and sphere differ by less than 0.7 % of any distance
    far = angle >= 0.98 * angle.max() - 1e-6
    return float(inverse(mid_lat, mid_lon, lat[far], lon[far])[1].max())


def fit(
    lat: Float64,
    lon: Float64,
    *,
    width: float,
    margin: float,
    least_m: float,
    tallest: float = 1.1,
) -> Frame:
    """Return a frame around points.

    A Lambert conformal conic in the middle latitudes (shapes and bearings as on a staff map),
    else an azimuthal equal-area projection about the middle of the points; of half the Earth and
    more, the Equal Earth projection.

    Parameters
    ----------
    lat, lon
        Degrees, shape (n,), n >= 1.
    width
        SVG units.
    margin
        Share of the extent left free on every side.
    least_m
        Least extent, metres.
    tallest
        Greatest height, in widths.
    """
    mid_lat, mid_lon = middle_of(lat, lon)
    spread = float(np.ptp(lat)) if lat.size else 0.0
    wide = _farthest_m(mid_lat, mid_lon, lat, lon) > WIDE_M
    if wide:
        projection = Proj(proj="eqearth", lon_0=mid_lon, ellps="WGS84")
    elif 15.0 < abs(mid_lat) < 75.0 and spread < 50.0:
        low, high = float(lat.min()), float(lat.max())
        projection = Proj(
            proj="lcc", lat_0=mid_lat, lon_0=mid_lon, lat_1=low + (high - low) / 6,
            lat_2=high - (high - low) / 6, ellps="WGS84",
        )  # fmt: skip
    else:
        projection = Proj(proj="laea", lat_0=mid_lat, lon_0=mid_lon, ellps="WGS84")
    x, y = projection(lon, lat)
    x, y = np.asarray(x), np.asarray(y)
    cx, cy = (np.min(x) + np.max(x)) / 2, (np.min(y) + np.max(y)) / 2
    half_x = max(float(np.ptp(x)) * (0.5 + margin), least_m / 2)
    half_y = max(float(np.ptp(y)) * (0.5 + margin), least_m / 2)
    half_x, half_y = max(half_x, half_y / tallest), max(half_y, half_x * 0.5)
    if wide:  # the whole width of the band, and no more than there is of it
        half_x = min(half_x, EARTH_HALF_M)
        half_y = half_x * 0.46
        cy = float(np.clip(cy, half_y - EARTH_TOP_M, EARTH_TOP_M - half_y))
    return Frame(projection, cx - half_x, cx + half_x, cy - half_y, cy + half_y, width, mid_lon)


def blank(frame: Frame, scale: Scale) -> Axes:
    """Return axes of the frame with water, land, lakes and graticule drawn."""
    axes = canvas(frame.width, frame.height, (0, 0, 0, 0))
    axes.set_xlim(frame.x0, frame.x1)
    axes.set_ylim(frame.y0, frame.y1)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(WATER)
    west, south, east, north = frame.box()
    pad = 0.02 * (north - south)
    seam = float(frame.central_lon)
    area = (
        max(west - pad, seam - 179.95), max(south - pad, -89.9),
        min(east + pad, seam + 179.95), min(north + pad, 89.9),
    )  # fmt: skip
    _areas(axes, frame, surface().polygons(*area, scale=scale), LAND, SHORE)
    _areas(axes, frame, surface().lakes(*area), WATER, SHORE)
    _graticule(axes, frame, area)
    return axes


def _areas(
    axes: Axes, frame: Frame, polygons: Sequence[shapely.Polygon], face: str, edge: str
) -> None:
    window = (
        frame.x0 - 5 * frame.unit_m, frame.y0 - 5 * frame.unit_m,
        frame.x1 + 5 * frame.unit_m, frame.y1 + 5 * frame.unit_m,
    )  # fmt: skip
    drawn = shapely.transform(
        shapely.segmentize(np.array(polygons, dtype=object), 2.0),
        lambda points: np.column_stack(frame.xy(points[:, 1], points[:, 0])),
    )
    points, owner = shapely.get_coordinates(drawn, return_index=True)
    shown = np.ones(len(polygons), dtype=np.bool_)
    shown[owner[~np.isfinite(points).all(axis=1)]] = False
    drawn = shapely.simplify(shapely.make_valid(drawn[shown]), 0.5 * frame.unit_m)
    parts = shapely.get_parts(shapely.clip_by_rect(drawn, *window))
    large = shapely.area(parts) > 4 * frame.unit_m**2
    paths = [
        Path.make_compound_path(
            *(Path(ring.coords, closed=True) for ring in (part.exterior, *part.interiors))
        )
        for part in parts[large].tolist()
        if isinstance(part, shapely.Polygon)
    ]
    if paths:
        axes.add_collection(
            PathCollection(paths, facecolor=face, edgecolor=edge, linewidth=0.5, zorder=1),
            autolim=False,
        )


def draw_lines(axes: Axes, lines: Sequence[Float64], **style: Any) -> None:
    """Draw lines of one style, as one path of many pieces: thousands of paths make a page heavy.

    Parameters
    ----------
    axes
        Where.
    lines
        Points of each, projected metres, shape (n, 2).
    style
        Of `matplotlib.patches.Patch`: color, linewidth, linestyle, alpha, zorder.
    """
    if not lines:
        return
    ends = np.cumsum([len(line) for line in lines])
    codes = np.full(ends[-1], Path.LINETO, dtype=Path.code_type)
    codes[0] = codes[ends[:-1]] = Path.MOVETO
    path = Path(np.concatenate(lines), codes)
    axes.add_artist(
        PathPatch(path, fill=False, capstyle="butt", joinstyle="round", **style)
    )  # fmt: skip


def nice(value: float) -> float:
    """Return the greatest of 1, 2, 5, 10, ... that does not exceed ``value``."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(step for step in _NICE if step * power <= value * 1.0001) * power)


def _graticule(axes: Axes, frame: Frame, area: tuple[float, float, float, float]) -> None:
    west, south, east, north = area
    step = nice(max((north - south) / 3.0, 0.02))
    lines = []
    for lat in np.arange(np.ceil(south / step), np.floor(north / step) + 1) * step:
        lon = np.linspace(west, east, 81)
        lines.append(np.column_stack(frame.xy(np.full(81, lat), lon)))
        if frame.width > 400:
            _edge_label(axes, frame, lines[-1], f"{abs(lat):g}°{'S' if lat < 0 else 'N'}", "left")
    step_lon = nice(max((east - west) / 4.0, 0.02))
    for lon in np.arange(np.ceil(west / step_lon), np.floor(east / step_lon) + 1) * step_lon:
        lat_line = np.linspace(max(south, -85.0), min(north, 85.0), 81)
        lines.append(np.column_stack(frame.xy(lat_line, np.full(81, lon))))
        if frame.width > 400:
            turned = (lon + 180.0) % 360.0 - 180.0
            text = f"{abs(turned):g}°" + ("" if turned in (0, -180) else "E" if turned > 0 else "W")
            _edge_label(axes, frame, lines[-1], text, "bottom")
    draw_lines(axes, lines, color=RULE, linewidth=0.5, zorder=1.5)


def _edge_label(axes: Axes, frame: Frame, line: Float64, text: str, side: str) -> None:
    """Write the value of a line where it enters the frame."""
    line = line[np.isfinite(line).all(axis=1)]
    along, across = (0, 1) if side == "left" else (1, 0)
    edge = frame.x0 if side == "left" else frame.y0
    order = np.argsort(line[:, along])
    value = float(np.interp(edge, line[order, along], line[order, across]))
    low, high = (frame.y0, frame.y1) if side == "left" else (frame.x0, frame.x1)
    if low + 0.04 * (high - low) < value < high - 0.04 * (high - low):
        spot = (edge, value) if side == "left" else (value, edge)
        axes.annotate(
            text, spot, xytext=(4, 2) if side == "left" else (3, 4), textcoords="offset points",
            fontsize=6.8, color=MUTED, zorder=6,
        )  # fmt: skip


def scale_bar(axes: Axes, frame: Frame) -> None:
    """Draw a scale bar, true in the middle of the map, at the lower right."""
    metres = nice((frame.x1 - frame.x0) / 5.0)
    x1 = frame.x1 - 12 * frame.unit_m
    y = frame.y0 + 14 * frame.unit_m
    axes.plot([x1 - metres, x1], [y, y], color=INK, linewidth=1.1, zorder=7)
    text = f"{metres / 1000:,.0f} km" if metres >= 1000 else f"{metres:,.0f} m"
    axes.annotate(
        text, (x1 - metres / 2, y), xytext=(0, 3), textcoords="offset points", ha="center",
        fontsize=7.2, zorder=7,
    )  # fmt: skip
