"""The timeline drawn: what was planned as an outline, what happened as a fill."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from startex.foundation.clock import MS_PER_DAY
from startex.review.serials import PHASES, SerialRow
from startex.review.style import (
    AMBER,
    BLUE,
    FAINT,
    INK,
    MUTED,
    PLUM,
    RED,
    RULE,
    canvas,
    mark_days,
    styled,
    to_svg,
)

GRADE_COLOURS = {"held": BLUE, "late": AMBER, "partly": PLUM, "not_held": RED, "open": FAINT}

PAGE_ROWS = 40
"""Rows of a chart, so that it fits on a printed page."""

_ROW = 15.5
_HEAD = 22.0
_NAME = 50  # letters of a serial's name


@dataclass(frozen=True, slots=True)
class GanttChart:
    """One chart: the phase it belongs to, a heading, and the SVG."""

    phase: str
    heading: str
    svg: str


def gantt(rows: Sequence[SerialRow], days: Sequence[int], offset_h: float) -> list[GanttChart]:
    """Return the charts of all serials by phase, those of a place together."""
    charts = []
    found = [row.phase for row in rows]
    phases = [p for p in PHASES if p in found] + sorted(set(found) - set(PHASES))
    for phase in phases:
        mine = [row for row in rows if row.phase == phase]
        first: dict[str, int] = {}
        for row in mine:
            first[row.place_name] = min(
                first.get(row.place_name, row.planned_start), row.planned_start
            )
        mine.sort(key=lambda r: (first[r.place_name], r.place_name, r.planned_start, r.serial))
        size = math.ceil(len(mine) / math.ceil(len(mine) / PAGE_ROWS))  # pages of like length
        pages = [mine[at : at + size] for at in range(0, len(mine), size)]
        span = _span(mine, days)
        for number, page in enumerate(pages, start=1):
            heading = phase.capitalize() + (
                f" ({number} of {len(pages)})" if len(pages) > 1 else ""
            )
            name = f"gantt-{phase}-{number}"
            svg = _chart(name, heading, page, span, (days, offset_h))
            charts.append(GanttChart(phase, heading, svg))
    return charts


def _span(rows: Sequence[SerialRow], days: Sequence[int]) -> tuple[int, int]:
    """Return the first and the last instant to show: whole days around all serials."""
    begin = min(min(r.planned_start, r.start or r.planned_start) for r in rows)
    finish = max(max(r.planned_end, r.end or r.planned_end) for r in rows)
    shown = [d for d in days if begin - MS_PER_DAY < d < finish + MS_PER_DAY] or list(days)
    return min(shown[0], begin), max(shown[-1], finish)


def _chart(
    name: str,
    heading: str,
    rows: Sequence[SerialRow],
    span: tuple[int, int],
    local: tuple[Sequence[int], float],
) -> str:
    (left, right), (days, offset_h) = span, local
    places = list(dict.fromkeys(row.place_name for row in rows))
    height = _HEAD + 6 + _ROW * (len(rows) + 1.15 * len(places))
    with styled():
        axes = canvas(720, height, (244, _HEAD, 12, 6))
        axes.set_xlim(left, right)
        axes.set_ylim(height - _HEAD - 6, 0)
        axes.set_yticks([])
        mark_days(axes, left, right, days, offset_h)
        axes.set_xticks([])
        y, place = 0.0, None
        for row in rows:
            if row.place_name != place:
                place = row.place_name
                y += 1.15 * _ROW
                axes.annotate(
                    place or "No place", (0, y - 4), xycoords=("axes fraction", "data"),
                    xytext=(-240, 0), textcoords="offset points", fontweight="bold", va="baseline",
                    annotation_clip=False,
                )  # fmt: skip
                axes.axhline(y, xmin=-0.5, color=RULE, linewidth=0.7, clip_on=False, zorder=0)
            _row(axes, row, y)
            y += _ROW
        text = f"{len(rows)} serials; outline: planned, fill: actual. The table gives the times."
        return to_svg(axes, name, f"Timeline, {heading}", text)


def _row(axes: Axes, row: SerialRow, y: float) -> None:
    colour = GRADE_COLOURS[row.grade]
    width = max(row.planned_end - row.planned_start, 1)
    middle = y + _ROW / 2
    axes.add_artist(
        Rectangle(
            (row.planned_start, y + 3), width, _ROW - 6, fill=False,
            edgecolor=RED if row.grade == "not_held" else MUTED, linewidth=0.9,
            linestyle=(0, (2.5, 2)) if row.grade == "not_held" else "solid", zorder=3,
        )
    )  # fmt: skip
    if row.start is not None:
        end = row.end if row.end is not None else row.start
        axes.add_artist(
            Rectangle(
                (row.start, y + 4.5), max(end - row.start, width // 60), _ROW - 9, color=colour,
                linewidth=0, zorder=2,
            )
        )  # fmt: skip
    name = row.name if len(row.name) <= _NAME else row.name[: _NAME - 1] + "…"
    marks = {
        "late": "late",
        "partly": "in part",
        "not_held": "not held",
        "open": "open",
    }
    axes.annotate(
        name, (0, middle), xycoords=("axes fraction", "data"), xytext=(-236, 0),
        textcoords="offset points", va="center", fontsize=7.8,
        color=INK if row.grade == "held" else colour if row.grade != "open" else MUTED,
        annotation_clip=False,
    )  # fmt: skip
    if row.grade in marks:
        edge = max(row.planned_end, row.end or row.planned_end)
        begin = min(row.planned_start, row.start or row.planned_start)
        left, right = axes.get_xlim()
        beyond = edge > right - 0.12 * (right - left)
        axes.annotate(
            marks[row.grade], (begin if beyond else edge, middle), xytext=(-4 if beyond else 4, 0),
            textcoords="offset points", va="center", ha="right" if beyond else "left",
            fontsize=7.2, color=colour,
        )  # fmt: skip
