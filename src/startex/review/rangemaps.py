"""A small map of every range and sea area: who stood where at one instant, and the tracks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes

from startex.foundation.clock import MS_PER_DAY
from startex.foundation.nations import nation_name
from startex.review.distances import Moves
from startex.review.frames import Frame, blank, draw_lines, fit, scale_bar
from startex.review.labels import Labels
from startex.review.presence import outline
from startex.review.record import Int64, Record
from startex.review.routes import Routes, lines_in
from startex.review.serials import Timeline
from startex.review.style import (
    BLUE,
    INK,
    MUTED,
    PALE_BLUE,
    RED,
    SHORE,
    SLATE,
    styled,
    to_svg,
)
from startex.review.words import counted, time_text

WIDTH = 236.0
MOST = 24
"""So many maps at most; the places with most serials come first."""

NOTICE = "illustrative; not for live-fire safety"

_TRACKS = ("road", "cross_country", "foot", "sea", "raft", "landing")


@dataclass(frozen=True, slots=True)
class RangeMap:
    """The map of one place: at which instant, who was there, and the SVG."""

    place: str
    name: str
    kind: str
    when: str
    text: str
    svg: str


def range_maps(record: Record, moved: Moves, routes: Routes, timeline: Timeline) -> list[RangeMap]:
    """Return the maps of ranges, then of sea areas, on which serials were held."""
    instants: dict[str, list[tuple[int, int]]] = {}
    for row in timeline.rows:
        if row.start is not None and row.end is not None and row.phase == "implementation":
            instants.setdefault(row.place, []).append(((row.start + row.end) // 2, row.end))
    places = [
        place
        for place in record.rows("places")
        if place["kind"] == "range" or (place["kind"] == "sea_area" and place["place"] in instants)
    ]
    places.sort(
        key=lambda p: (p["kind"] != "range", -len(instants.get(p["place"], ())), p["place"])
    )
    platforms = np.flatnonzero(
        record.kind.isin(("vehicle", "aircraft", "ship", "team"))
        & (record.counted | (record.kind == "team"))
    )
    found = []
    for place in places[:MOST]:
        middles = [middle for middle, _ in instants.get(place["place"], [])]
        drawn = _place_map(record, moved, routes, platforms, place, middles)
        if drawn is not None:
            found.append(drawn)
    return found


def _frame(place: dict[str, Any]) -> Frame:
    shape = outline(place)
    radius = float(place["radius_m"] or 5_000.0)
    if shape is None:
        lat = np.array([place["lat"]])
        lon = np.array([place["lon"]])
        return fit(lat, lon, width=WIDTH, margin=0.0, least_m=2.7 * radius)
    points = shapely.get_coordinates(shapely.segmentize(shape, 0.5))
    frame = fit(points[:, 1], points[:, 0], width=WIDTH, margin=0.14, least_m=1_000.0)
    return frame


def _place_map(
    record: Record, moved: Moves, routes: Routes, platforms: Int64, place: dict[str, Any],
    instants: list[int],
) -> RangeMap | None:  # fmt: skip
    frame = _frame(place)
    if not instants:
        return None
    most = -1
    for instant in sorted(set(instants))[:40]:
        fixes = record.lookup.locate(platforms, instant)
        at = frame.xy(fixes.lat, fixes.lon)
        there = frame.inside(*at)
        by_itself = there & (fixes.aboard < 0)
        if by_itself.sum() > most:  # the first of those with as many
            most, t = int(by_itself.sum()), instant
            (x, y), inside, alone = at, there, by_itself
    people = record.rows_of("person")
    where = record.lookup.locate(people, t)
    persons = int(frame.inside(*frame.xy(where.lat, where.lon)).sum())
    equipment = int((inside & record.counted[platforms]).sum())
    when = time_text(t, record.utc_offset_h)
    text = f"{counted(persons, 'person')}, {counted(equipment, 'platform')}"
    with styled():
        axes = blank(frame, "10m")
        _extent(axes, frame, place)
        legs = routes.leg[np.abs(moved.t0[routes.leg] - t) < MS_PER_DAY / 2]
        for mode in _TRACKS:
            lines = lines_in(record, moved, legs[(moved.mode == mode)[legs]], frame)
            colour = PALE_BLUE if mode == "sea" else SHORE
            draw_lines(axes, lines, color=colour, linewidth=0.6, zorder=3)
        nation = record.nation.code[platforms]
        _dots(axes, frame, record, x[alone], y[alone], nation[alone])
        scale_bar(axes, frame)
        if place["kind"] == "range":
            axes.annotate(
                NOTICE, (0, 0), xycoords="axes fraction", xytext=(5, 5),
                textcoords="offset points", fontsize=6.3, color=MUTED, zorder=9,
            )  # fmt: skip
        svg = to_svg(
            axes, f"range-{place['place']}", f"{place['name']}, {when}",
            f"Positions at {when}: {text}. {NOTICE.capitalize()}.",
        )  # fmt: skip
    return RangeMap(place["place"], place["name"], place["kind"], when, text, svg)


def _extent(axes: Axes, frame: Frame, place: dict[str, Any]) -> None:
    """Outline the place as the scenario gives it."""
    shape = outline(place)
    if shape is None:
        angle = np.linspace(0.0, 2.0 * np.pi, 73)
        x, y = frame.xy(np.array([place["lat"]]), np.array([place["lon"]]))
        radius = float(place["radius_m"] or 0.0)
        xs, ys = x[0] + radius * np.cos(angle), y[0] + radius * np.sin(angle)
    else:
        points = shapely.get_coordinates(shapely.segmentize(shape, 0.2))
        xs, ys = frame.xy(points[:, 1], points[:, 0])
    axes.plot(
        xs,
        ys,
        color=INK if place["kind"] == "range" else BLUE,
        linewidth=0.8,
        linestyle=(0, (1, 2)),
        zorder=4,
    )


def _dots(
    axes: Axes, frame: Frame, record: Record, x: np.ndarray, y: np.ndarray, nation: np.ndarray
) -> None:
    """Draw a dot for each position, guests over the largest nation, and name the nations."""
    if not x.size:
        return
    codes, counts = np.unique(nation, return_counts=True)
    order = codes[np.argsort(-counts, kind="stable")]
    labels = Labels(frame.width, frame.height)
    labels.block(frame.width - 40, 14, 26)
    labels.block(70, 6, 8)
    size = 2.2 if x.size > 150 else 4.5 if x.size > 40 else 9.0
    for number, code in enumerate(order):
        mine = nation == code
        cells = np.unique(
            np.round(np.column_stack([x[mine], y[mine]]) / frame.unit_m).astype(np.int64), axis=0
        )
        colour = SLATE if number == 0 else RED
        axes.scatter(
            cells[:, 0] * frame.unit_m, cells[:, 1] * frame.unit_m,
            s=size if number == 0 else size * 1.3, color=colour, linewidths=0,
            zorder=5 + (number > 0),
        )  # fmt: skip
        mx, my = float(np.median(x[mine])), float(np.median(y[mine]))
        word = nation_name(record.nation.word[code])
        spot = labels.place(
            word, (mx - frame.x0) / frame.unit_m, (my - frame.y0) / frame.unit_m, size=7.4, off=7
        )
        if spot is not None:
            axes.annotate(
                word, (mx, my), xytext=(spot.dx, spot.dy), textcoords="offset points", ha=spot.ha,
                va=spot.va, fontsize=7.4, color=INK if number == 0 else RED, zorder=9,
                fontweight="bold",
            )  # fmt: skip
