"""Pictures of a comparison: differences with their intervals, and serials side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from startex.ensemble.comparison import Bar, Line, SerialPair, change_text
from startex.ensemble.words import number
from startex.foundation.clock import MS_PER_MINUTE
from startex.review.style import (
    AMBER,
    BLUE,
    FAINT,
    INK,
    MUTED,
    PALE_BLUE,
    TEAL,
    canvas,
    mark_days,
    styled,
    to_svg,
)
from startex.review.words import duration_text, midnights

MOST = 14
"""Bars of one chart: the weightiest."""

PAGE_ROWS = 30
"""Serials of one chart."""

_ROW = 21.0
_NAME = 44


def difference_charts(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Return a chart (unit, SVG) for each unit in which outcomes differ, the fullest first.

    A chart has one scale; so figures of one unit stand together, at most `MOST` of them.
    """
    groups: dict[str, list[Line]] = {}
    for line in lines:
        if line.difference is not None and line.differs:
            groups.setdefault(line.unit, []).append(line)
    order = sorted(groups, key=lambda unit: (-len(groups[unit]), unit))
    return [(unit, _bars(f"diff-{n}", unit, groups[unit])) for n, unit in enumerate(order)]


def _bars(name: str, unit: str, lines: list[Line]) -> str:
    rows = lines[:MOST]
    with styled():
        axes = canvas(720, 40.0 + _ROW * len(rows), (262, 4, 132, 34))
        ends = [0.0]
        for line in rows:
            off = line.difference or 0.0
            ends.append(off)
            if line.change is not None and math.isfinite(line.change.half):
                ends += [line.change.low, line.change.high]
        room = (max(ends) - min(ends)) * 0.03
        axes.set_xlim(min(ends) - room, max(ends) + room)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks([])
        axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.xaxis.set_major_formatter(lambda value, _: number(round(float(value), 10)))
        axes.grid(axis="x")
        axes.set_axisbelow(True)
        axes.axvline(0, color=FAINT, linewidth=0.9)
        for y, line in enumerate(rows):
            off, change = line.difference or 0.0, line.change
            axes.barh(y, off, height=0.5, color=BLUE if line.sure else PALE_BLUE, alpha=0.6)
            if change is not None and math.isfinite(change.half):
                axes.plot((change.low, change.high), (y, y), color=INK, linewidth=1.1, zorder=3)
            text = line.label if len(line.label) <= _NAME else line.label[: _NAME - 1] + "…"
            axes.annotate(
                text, (0, y), xycoords=("axes fraction", "data"), xytext=(-8, 0), ha="right",
                va="center", textcoords="offset points", fontsize=8.2, annotation_clip=False,
            )  # fmt: skip
            axes.annotate(
                change_text(line), (1, y), xycoords=("axes fraction", "data"), xytext=(8, 0),
                va="center", textcoords="offset points", fontsize=8, annotation_clip=False,
            )  # fmt: skip
        axes.set_xlabel(f"B less A, {unit}" if unit else "B less A")
        text = "; ".join(f"{line.label} {change_text(line)}" for line in rows)
        return to_svg(axes, name, f"Differences in {unit or 'counts'}", text)


def serial_charts(pairs: Sequence[SerialPair], offset_h: float) -> list[str]:
    """Return the serials of two runs side by side: A above, B below, in the order of plan."""
    if not pairs:
        return []
    size = math.ceil(len(pairs) / math.ceil(len(pairs) / PAGE_ROWS))
    pages = [pairs[at : at + size] for at in range(0, len(pairs), size)]
    return [_serials(f"serials-{n}", page, offset_h) for n, page in enumerate(pages, start=1)]


def _serials(name: str, pairs: Sequence[SerialPair], offset_h: float) -> str:
    bars = [bar for pair in pairs for bar in (pair.a, pair.b) if bar is not None]
    begin = min(min(bar.planned_start, bar.start or bar.planned_start) for bar in bars)
    finish = max(max(bar.planned_end, bar.end or bar.planned_end) for bar in bars)
    days = midnights(begin, finish, offset_h)
    room = max((finish - begin) // 60, 1)
    left, right = begin - room, finish + room
    with styled():
        axes = canvas(720, 30.0 + _ROW * len(pairs), (232, 24, 70, 6))
        axes.set_xlim(left, right)
        axes.set_ylim(_ROW * len(pairs), 0)
        axes.set_yticks([])
        axes.set_xticks([])
        mark_days(axes, left, right, days, offset_h)
        for row, pair in enumerate(pairs):
            _pair(axes, pair, _ROW * row)
        words = [pair.name for pair in pairs if pair.differs]
        text = f"Differ: {', '.join(words)}" if words else "No serial differs."
        return to_svg(axes, name, "Serials of both runs", text)


def _pair(axes: Axes, pair: SerialPair, y: float) -> None:
    for bar, at, colour in ((pair.a, y + 3.0, BLUE), (pair.b, y + _ROW / 2 + 0.5, TEAL)):
        if bar is not None:
            _bar(axes, bar, at, colour)
    name = pair.name if len(pair.name) <= 42 else pair.name[:41] + "…"
    middle = y + _ROW / 2
    axes.annotate(
        name, (0, middle), xycoords=("axes fraction", "data"), xytext=(-226, 0), va="center",
        textcoords="offset points", fontsize=7.8, annotation_clip=False,
        color=INK if pair.differs else MUTED,
        fontweight="bold" if pair.differs else "normal",
    )  # fmt: skip
    text = _shift(pair)
    if text:
        axes.annotate(
            text, (1, middle), xycoords=("axes fraction", "data"), xytext=(6, 0), va="center",
            textcoords="offset points", fontsize=7.4, annotation_clip=False, color=AMBER,
        )  # fmt: skip


def _bar(axes: Axes, bar: Bar, y: float, colour: str) -> None:
    height = _ROW / 2 - 3.5
    wide = max(bar.planned_end - bar.planned_start, 1)
    axes.add_artist(
        Rectangle(
            (bar.planned_start, y), wide, height, fill=False, edgecolor=MUTED, linewidth=0.6,
            zorder=3,
        )
    )  # fmt: skip
    if bar.start is not None:
        end = bar.end if bar.end is not None else bar.start
        axes.add_artist(
            Rectangle(
                (bar.start, y), max(end - bar.start, wide // 60), height, color=colour,
                linewidth=0, zorder=2,
            )
        )  # fmt: skip


def _signed(ms: int) -> str:
    if abs(ms) < MS_PER_MINUTE:
        return f"{ms / 1000:+.0f} s".replace("-", "−")
    return ("+" if ms > 0 else "") + duration_text(ms / MS_PER_MINUTE)


def _shift(pair: SerialPair) -> str:
    """Return how serials differ, in few words."""
    a, b = pair.a, pair.b
    if a is None or b is None:
        return "only in B" if a is None else "only in A"
    if a == b:
        return ""
    if (a.start is None) != (b.start is None):
        return "not held in A" if a.start is None else "not held in B"
    if a.start != b.start and a.start is not None and b.start is not None:
        return _signed(b.start - a.start)
    if a.end != b.end and a.end is not None and b.end is not None:
        return f"end {_signed(b.end - a.end)}"
    return "other outcome" if a.grade != b.grade else "otherwise planned"
