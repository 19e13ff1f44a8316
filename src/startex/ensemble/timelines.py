"""The timeline of an ensemble: every serial, when it starts, and how often on time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from startex.ensemble.reading import Ensemble
from startex.ensemble.scenery import Scenery
from startex.ensemble.summary import Row, row_of
from startex.ensemble.units import Units
from startex.ensemble.words import percent, percent_span
from startex.foundation.clock import MS_PER_HOUR
from startex.review.style import (
    AMBER,
    BLUE,
    INK,
    MUTED,
    RED,
    canvas,
    mark_days,
    styled,
    to_svg,
)
from startex.review.words import midnights

PAGE_ROWS = 40
"""Rows of a chart, so that it fits on a printed page."""

_LINE = 18.0
_NAME = 40  # letters of a name


@dataclass(frozen=True, slots=True)
class SerialRow:
    """A serial over all runs.

    Attributes
    ----------
    serial, name
        Id, and what the schedule calls it.
    start, end
        As planned, ms; None where the scenario is not at hand.
    on_time
        Share of the runs in which it started on time; None where it was not measured.
    delay
        Of the runs in which it started, h; None where it was not measured.
    """

    serial: str
    name: str
    start: int | None
    end: int | None
    on_time: Row | None
    delay: Row | None

    @property
    def colour(self) -> str:
        """Blue where it is on time in nine runs of ten, red where not even in half of them."""
        share = 1.0 if self.on_time is None else self.on_time.mean
        return BLUE if share >= 0.9 else RED if share < 0.5 else AMBER


def serial_rows(
    runs: Ensemble, units: Units, known: Scenery, confidence: float
) -> tuple[SerialRow, ...]:
    """Return all serials that were measured, in the order of planned start."""
    names = ("serial_started_on_time", "serial_start_delay")
    keys = sorted({key for name in names for key in runs.keys(name)})
    found = []
    for key in keys:
        rows = [
            row_of(
                name,
                key,
                runs.unit(name, key),
                runs.values(name, key),
                units,
                confidence,
                counts=name != names[0],
            )
            if (name, key) in runs.names_set
            else None
            for name in names
        ]
        plan = known.serials.get(key)
        found.append(
            SerialRow(
                key, plan.name if plan and plan.name else key, plan.start if plan else None,
                plan.end if plan else None, rows[0], rows[1],
            )
        )  # fmt: skip
    late = max((row.start for row in found if row.start is not None), default=0) + 1
    found.sort(key=lambda row: (late if row.start is None else row.start, row.serial))
    return tuple(found)


def timeline_charts(rows: Sequence[SerialRow], offset_h: float = 0.0) -> list[str]:
    """Return the timeline as SVG, some 40 serials a chart; those without planned times left out.

    Planned times are an outline. A bar is where nine of ten starts lie, its dot their median; at
    the right stands how often the serial started on time, with the interval of that.
    """
    there = [row for row in rows if row.start is not None and row.end is not None]
    if not there:
        return []
    size = math.ceil(len(there) / math.ceil(len(there) / PAGE_ROWS))
    pages = [there[at : at + size] for at in range(0, len(there), size)]
    return [_chart(f"timeline-{n}", page, offset_h) for n, page in enumerate(pages, start=1)]


def _starts(row: SerialRow) -> tuple[float, float, float] | None:
    """Return the 5, 50 and 95 % of actual starts, ms."""
    if row.delay is None or not row.delay.runs or row.start is None:
        return None
    low, middle, high = (row.start + found.value * MS_PER_HOUR for found in row.delay.quantiles)
    return low, middle, high


def _chart(name: str, rows: Sequence[SerialRow], offset_h: float) -> str:
    spans = [found for row in rows if (found := _starts(row)) is not None]
    begin = min([row.start or 0 for row in rows] + [int(low) for low, _, _ in spans])
    finish = max([row.end or 0 for row in rows] + [int(high) for _, _, high in spans])
    days = midnights(begin, finish, offset_h)
    room = max((finish - begin) // 50, 1)
    left, right = begin - room, finish + room
    height = 28.0 + _LINE * len(rows)
    with styled():
        axes = canvas(720, height, (216, 22, 104, 6))
        axes.set_xlim(left, right)
        axes.set_ylim(_LINE * len(rows), 0)
        axes.set_yticks([])
        axes.set_xticks([])
        mark_days(axes, left, right, days, offset_h)
        axes.annotate(
            "starts on time", (1, 0), xycoords="axes fraction", xytext=(8, height - 28.0 + 5),
            textcoords="offset points", color=MUTED, fontsize=7.5, annotation_clip=False,
        )  # fmt: skip
        for number, row in enumerate(rows):
            _draw(axes, row, _LINE * number)
        text = "; ".join(
            f"{row.name} {percent(row.on_time.mean)}" for row in rows if row.on_time is not None
        )
        return to_svg(axes, name, "Serials and how often they start on time", text)


def _draw(axes: Axes, row: SerialRow, y: float) -> None:
    middle = y + _LINE / 2
    start, end = row.start or 0, row.end or 0
    axes.add_artist(
        Rectangle(
            (start, y + 3.5), max(end - start, 1), _LINE - 7, fill=False, edgecolor=MUTED,
            linewidth=0.8, zorder=2,
        )
    )  # fmt: skip
    starts = _starts(row)
    if starts is not None:
        axes.plot(
            (starts[0], starts[2]), (middle, middle), color=row.colour, linewidth=4, zorder=3,
            solid_capstyle="round",
        )  # fmt: skip
        axes.plot([starts[1]], [middle], "o", color=row.colour, markersize=5.5, zorder=4)
    name = row.name if len(row.name) <= _NAME else row.name[: _NAME - 1] + "…"
    axes.annotate(
        name, (0, middle), xycoords=("axes fraction", "data"), xytext=(-210, 0),
        textcoords="offset points", va="center", fontsize=7.8, annotation_clip=False,
        color=INK if row.colour == BLUE else row.colour,
    )  # fmt: skip
    if row.on_time is not None:
        found = row.on_time.centre
        axes.annotate(
            percent(found.value), (1, middle), xycoords=("axes fraction", "data"),
            xytext=(40, 0), textcoords="offset points", va="center", ha="right", fontsize=7.8,
            fontweight="bold", annotation_clip=False,
        )  # fmt: skip
        axes.annotate(
            percent_span(found.low, found.high), (1, middle), xycoords=("axes fraction", "data"),
            xytext=(46, 0), textcoords="offset points", va="center", fontsize=7, color=MUTED,
            annotation_clip=False,
        )  # fmt: skip
