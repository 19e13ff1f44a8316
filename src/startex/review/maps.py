"""Maps of the theatre: places, sea areas, and the ways that were taken by each mode."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Polygon as Patch

from startex.geography.geodesy import inverse
from startex.review.distances import Moves
from startex.review.frames import Frame, blank, draw_lines, fit, scale_bar
from startex.review.labels import Labels, Spot
from startex.review.movement import MODE_WORDS
from startex.review.presence import outline
from startex.review.record import Float64, Record
from startex.review.routes import Routes, lines_in
from startex.review.style import BLUE, INK, MODE_COLOURS, MUTED, PAPER, RED, SLATE, styled, to_svg

WIDTH = 720.0
LONGEST_NAME = 34
"""Longer names would cover the map; the tables have them."""

CORE_M = 700_000.0
"""Places this near to a place make one neighbourhood."""

DRAWN_MODES = ("air", "sea", "rail", "road")
"""Modes on maps of the theatre, the later over the earlier."""

_LINE = {"air": (0, (4, 2)), "sea": "solid", "rail": "solid", "road": "solid"}
_WIDTH = {"air": 0.55, "sea": 0.8, "rail": 1.5, "road": 0.9}

_MARKS: dict[str, tuple[str, float, str]] = {
    "range": ("s", 26, RED),
    "airfield": ("^", 20, SLATE),
    "port": ("o", 18, BLUE),
    "station": ("o", 9, SLATE),
    "town": ("o", 7, MUTED),
}  # kind -> marker, size (square units), colour
_ORDER = ("range", "sea_area", "port", "airfield", "strait", "beach", "station", "town")


@dataclass(frozen=True, slots=True)
class Map:
    """A finished map: id, heading, caption and SVG."""

    id: str
    heading: str
    caption: str
    svg: str


def theatre(record: Record, moved: Moves, routes: Routes) -> list[Map]:
    """Return the map of the theatre and, where units came from far beyond it, one of the ways."""
    near = _places_of_serials(record, {"implementation", "planning"}) or record.rows("places")
    if not near:
        return []
    lat, lon = _extent(near)
    frame = fit(lat, lon, width=WIDTH, margin=0.1, least_m=60_000.0, tallest=0.8)
    maps = [_map(record, moved, routes, frame, "theatre", "The theatre")]
    core = _core(record, near)
    if core:
        closer = fit(*_extent(core), width=WIDTH, margin=0.08, least_m=60_000.0, tallest=0.8)
        if closer.x1 - closer.x0 < 0.6 * (frame.x1 - frame.x0):
            heading = "Where most serials were held"
            maps.append(_map(record, moved, routes, closer, "core", heading))
    if not routes.leg.size:
        return maps
    lat0, lon0, lat1, lon1 = (column[routes.leg] for column in record.ends)
    far_lat, far_lon = np.append(lat0, lat1), np.append(lon0, lon1)
    x, y = frame.xy(far_lat, far_lon)
    beyond = ~frame.inside(x, y)
    if beyond.mean() > 0.005 and beyond.any():
        wide = fit(
            np.append(far_lat, lat), np.append(far_lon, lon), width=WIDTH, margin=0.05,
            least_m=1e5,
        )  # fmt: skip
        if (wide.x1 - wide.x0) > 1.25 * (frame.x1 - frame.x0):
            maps.append(_map(record, moved, routes, wide, "ways", "The ways there and back", frame))
    return maps


def _places_of_serials(record: Record, phases: set[str]) -> list[dict[str, Any]]:
    ids = {s["place"] for s in record.rows("serials") if s["phase"] in phases and s["place"]}
    return [place for place in record.rows("places") if place["place"] in ids]


def _core(record: Record, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the places around which most serials were held, [] where they have no middle."""
    held = Counter(s["place"] for s in record.rows("serials"))
    weight = np.array([held[place["place"]] for place in places], dtype=np.float64)
    lat = np.array([place["lat"] for place in places])
    lon = np.array([place["lon"] for place in places])
    best: list[int] = []
    for number in range(len(places)):
        _, metres = inverse(lat[number], lon[number], lat, lon)
        mine = np.flatnonzero(metres < CORE_M)
        if weight[mine].sum() > weight[best].sum():
            best = mine.tolist()
    enough = weight[best].sum() > 0.5 * weight.sum()
    return [places[number] for number in best] if enough else []


def _extent(places: list[dict[str, Any]]) -> tuple[Float64, Float64]:
    """Return points (degrees) that span places with their outlines."""
    points: list[tuple[float, float]] = []
    for place in places:
        shape = outline(place)
        points.append((place["lat"], place["lon"]))
        if shape is not None:
            points += [(y, x) for x, y in shapely.get_coordinates(shape)]
    found = np.array(points, dtype=np.float64)
    return found[:, 0], found[:, 1]


def _map(
    record: Record,
    moved: Moves,
    routes: Routes,
    frame: Frame,
    name: str,
    heading: str,
    inner: Frame | None = None,
) -> Map:
    with styled():
        axes = blank(frame, "50m")
        labels = Labels(frame.width, frame.height)
        if inner is not None:
            _inner(axes, frame, inner, labels)
        _sea_areas(record, axes, frame)
        mode_lines: dict[str, list[Float64]] = {}
        for number, mode in enumerate(DRAWN_MODES):
            legs = routes.leg[(moved.mode == mode)[routes.leg]]
            lines = lines_in(record, moved, legs, frame)
            if lines:
                mode_lines[mode] = lines
                draw_lines(
                    axes, lines, color=MODE_COLOURS[mode], linewidth=_WIDTH[mode],
                    linestyle=_LINE[mode], zorder=2 + number / 10, alpha=0.85,
                )  # fmt: skip
        _places(record, axes, frame, labels, few=inner is not None)
        _mode_labels(axes, frame, labels, mode_lines)
        scale_bar(axes, frame)
        drawn = ", ".join(MODE_WORDS[mode] for mode in reversed(DRAWN_MODES) if mode in mode_lines)
        text = f"Map of places and of the ways taken {drawn}." if drawn else "Map of places."
        svg = to_svg(axes, f"map-{name}", heading, text)
    caption = (
        "Lines are ways taken, one platform for each unit. Red squares are ranges, dotted outlines "
        "sea areas; extents as given in the scenario."
    )
    return Map(name, heading, caption, svg)


def _inner(axes: Axes, frame: Frame, inner: Frame, labels: Labels) -> None:
    """Outline the theatre on the map of the ways."""
    edge = np.linspace(0.0, 1.0, 30)
    xs = np.concatenate([edge, np.ones(30), edge[::-1], np.zeros(30)])
    ys = np.concatenate([np.zeros(30), edge, np.ones(30), edge[::-1]])
    lon, lat = inner.projection(
        inner.x0 + xs * (inner.x1 - inner.x0), inner.y0 + ys * (inner.y1 - inner.y0), inverse=True
    )
    x, y = frame.xy(np.asarray(lat), np.asarray(lon))
    axes.plot(x, y, color=INK, linewidth=0.8, zorder=4)
    top = int(np.argmax(y))
    spot = labels.place(
        "the theatre", *_units(frame, float(x[top]), float(y[top])), size=8.0, off=5
    )
    if spot is not None:
        _write(axes, "the theatre", (float(x[top]), float(y[top])), spot, size=8.0, color=INK)


def _units(frame: Frame, x: float, y: float) -> tuple[float, float]:
    return float(x - frame.x0) / frame.unit_m, float(y - frame.y0) / frame.unit_m


def _sea_areas(record: Record, axes: Axes, frame: Frame) -> None:
    for place in record.rows("places"):
        shape = outline(place) if place["kind"] == "sea_area" else None
        if shape is None:
            continue
        points = shapely.get_coordinates(shapely.segmentize(shape, 0.5))
        x, y = frame.xy(points[:, 1], points[:, 0])
        if np.isfinite(x).all():
            axes.add_patch(
                Patch(
                    np.column_stack([x, y]), facecolor="none", edgecolor=BLUE, linewidth=0.7,
                    linestyle=(0, (1, 2)), zorder=1.8,
                )
            )  # fmt: skip


def _places(record: Record, axes: Axes, frame: Frame, labels: Labels, *, few: bool) -> None:
    used = {s["place"] for s in record.rows("serials")}
    places = [
        place
        for place in record.rows("places")
        if place["kind"] in _ORDER and (place["place"] in used or place["kind"] == "range")
    ]
    places.sort(key=lambda p: (_ORDER.index(p["kind"]), p["place"]))
    points: list[tuple[dict[str, Any], float, float]] = []
    for place in places:
        px, py = frame.xy(np.array([place["lat"]]), np.array([place["lon"]]))
        if frame.inside(px, py)[0]:
            points.append((place, float(px[0]), float(py[0])))
    for place, x, y in points:
        mark = _MARKS.get(place["kind"])
        if mark is not None:
            axes.scatter(
                [x], [y], marker=mark[0], s=mark[1], color=mark[2], edgecolors=PAPER,
                linewidths=0.8, zorder=5,
            )  # fmt: skip
            labels.block(*_units(frame, x, y), 3.5)
    for place, x, y in points:
        kind = place["kind"]
        if few and kind not in ("town", "station", "airfield"):
            continue
        sea = kind in ("sea_area", "strait")
        name = re.split(r" \(|, ", place["name"])[0]
        if len(name) > LONGEST_NAME:
            continue
        size = 8.4 if kind == "range" else 7.6
        spot = labels.place(name, *_units(frame, x, y), size=size, off=0 if sea else 5)
        if spot is not None:
            _write(
                axes, name, (x, y), spot, size=size,
                color=BLUE if sea else INK, italic=sea, bold=kind == "range",
            )  # fmt: skip


def _write(
    axes: Axes, text: str, point: tuple[float, float], spot: Spot,
    *, size: float, color: str, italic: bool = False, bold: bool = False,
) -> None:  # fmt: skip
    axes.annotate(
        text, point, xytext=(spot.dx, spot.dy), textcoords="offset points", ha=spot.ha,
        va=spot.va, fontsize=size, color=color, fontstyle="italic" if italic else "normal",
        fontweight="bold" if bold else "normal", zorder=8,
    )  # fmt: skip


def _mode_labels(axes: Axes, frame: Frame, labels: Labels, lines: dict[str, list[Float64]]) -> None:
    """Name each mode along one of its longest lines, where there is room."""
    for mode, drawn in lines.items():
        longest = sorted(drawn, key=_length, reverse=True)[:12]
        for line in longest:
            middle = line[len(line) // 2]
            if not frame.inside(middle[0], middle[1]):
                continue
            word = MODE_WORDS[mode]
            spot = labels.place(word, *_units(frame, *middle), size=7.6, off=3)
            if spot is not None:
                _write(
                    axes, word, (float(middle[0]), float(middle[1])), spot, size=7.6,
                    color=MODE_COLOURS[mode], italic=True,
                )  # fmt: skip
                break


def _length(line: Float64) -> float:
    return float(np.hypot(*np.diff(line, axis=0).T).sum())
