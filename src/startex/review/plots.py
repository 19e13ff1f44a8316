"""Charts: forces by nation, persons by status, movement by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from startex.review.forces import NationForces, StatusHistory
from startex.review.movement import DaySeries
from startex.review.record import COUNTED_KINDS, KIND_WORDS, Float64, Int64
from startex.review.style import (
    BLUE,
    FAINT,
    INK,
    MODE_COLOURS,
    MUTED,
    PALE_BLUE,
    PAPER,
    RULE,
    SLATE,
    TEAL,
    VARIABLES,
    canvas,
    styled,
    to_svg,
)
from startex.review.words import day_text, number_text, ticks

STATUS_COLOURS = {
    "home": RULE,
    "stored": FAINT,
    "en_route": PALE_BLUE,
    "in_place": TEAL,
    "exercising": BLUE,
    "returned": FAINT,
}
STATUS_WORDS = {
    "home": "at home",
    "stored": "stored",
    "en_route": "on the way",
    "in_place": "in place",
    "exercising": "exercising",
    "returned": "returned",
}
_STATUS_ORDER = ("exercising", "in_place", "en_route", "stored", "home", "returned")


def force_bars(nations: Sequence[NationForces]) -> list[tuple[str, str]]:
    """Return a chart (kind, SVG) for each kind: the largest nation apart, on a scale of its own.

    A host many times larger than its guests would press them into a line; so the guests stand
    below on a wider scale, and the chart says by how much.
    """
    charts = []
    for kind in COUNTED_KINDS:
        rows = sorted(
            ((n.name, n.value(kind)) for n in nations if n.value(kind)),
            key=lambda row: (-row[1], row[0]),
        )
        if rows:
            charts.append((kind, _bars(kind, rows)))
    return charts


def _bars(kind: str, rows: list[tuple[str, int]]) -> str:
    apart = len(rows) > 2 and rows[0][1] > 4 * rows[1][1]
    step, gap = 18.0, 26.0 if apart else 0.0
    height = 8 + step * len(rows) + gap
    with styled():
        axes = canvas(300, height, (96, 4, 62, 4))
        axes.set_ylim(step * len(rows) + gap, 0)
        axes.set_xlim(0, 1)
        axes.set_axis_off()
        guests = rows[1][1] if apart else rows[0][1]
        for number, (name, value) in enumerate(rows):
            top = step * number + (gap if apart and number else 0.0)
            largest = rows[0][1] if number == 0 else guests
            width = value / largest
            y = top + step / 2
            colour = SLATE if number == 0 and apart else BLUE
            axes.barh(y, width, height=11, color=colour, linewidth=0)
            axes.annotate(
                name,
                (0, y),
                xytext=(-6, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=9.5,
            )
            axes.annotate(
                number_text(value), (width, y), xytext=(4, 0), textcoords="offset points",
                ha="left", va="center", color=INK, fontweight="bold", fontsize=9.5,
                annotation_clip=False,
            )  # fmt: skip
        if apart:
            y = step + gap / 2
            times = rows[0][1] / guests
            axes.axhline(y, color=RULE, linewidth=0.7)
            axes.annotate(
                f"below: scale × {times:,.0f}", (1, y), xytext=(0, -2),
                textcoords="offset points", ha="right", va="top", color=MUTED, fontsize=7.5,
            )  # fmt: skip
        words = KIND_WORDS[kind]
        text = ", ".join(f"{name} {value:,}" for name, value in rows)
        return to_svg(axes, f"bars-{kind}", f"{words.capitalize()} by nation", text)


def status_area(history: StatusHistory, days: Sequence[int], end_ms: int, offset_h: float) -> str:
    """Return the chart of all persons by status, from the first day to the end of the run."""
    order = [s for s in _STATUS_ORDER if s in history.status]
    order += [s for s in history.status if s not in order]
    edges = np.append(history.t, end_ms).astype(np.float64)
    total = float(history.count[:, 0].sum()) or 1.0
    with styled():
        axes = canvas(720, 240, (46, 10, 82, 26))
        base = np.zeros(history.t.size)
        last: list[tuple[float, str]] = []
        for status in order:
            count = history.count[history.status.index(status)]
            if not count.any():
                continue
            colour = STATUS_COLOURS.get(status, FAINT)
            axes.stairs(base + count, edges, baseline=base, fill=True, color=colour, linewidth=0)
            spot = _thickest(edges, count)
            if count[-1] > 0.06 * total:
                last.append((float(base[-1] + count[-1] / 2), STATUS_WORDS.get(status, status)))
            elif spot is not None and count[spot[1]] > 0.2 * total:
                axes.annotate(
                    STATUS_WORDS.get(status, status),
                    (spot[0], base[spot[1]] + count[spot[1]] / 2),
                    ha="center", va="center",
                    color=PAPER if status in ("exercising", "in_place") else INK,
                )  # fmt: skip
            base = base + count
        for y, word in last:
            axes.annotate(
                word, (edges[-1], y), xytext=(6, 0), textcoords="offset points", va="center",
                annotation_clip=False,
            )  # fmt: skip
        axes.set_ylim(0, total)
        axes.set_yticks([0, total / 2, total], ["0", f"{total / 2:,.0f}", f"{total:,.0f}"])
        _day_axis(axes, days, (int(history.t[0]), end_ms), offset_h)
        text = "; ".join(
            f"{STATUS_WORDS.get(s, s)}: at most {int(history.count[i].max()):,}"
            for i, s in enumerate(history.status)
        )
        return to_svg(axes, "status", "Persons by status over time", text)


def status_key(history: StatusHistory) -> list[tuple[str, str]]:
    """Return the statuses that occur, from the bottom up, each with its colour's variable."""
    order = [s for s in _STATUS_ORDER if s in history.status]
    order += [s for s in history.status if s not in order]
    return [
        (STATUS_WORDS.get(status, status), VARIABLES[STATUS_COLOURS.get(status, FAINT)])
        for status in order
        if history.count[history.status.index(status)].any()
    ]


def _thickest(edges: Float64, count: Int64) -> tuple[float, int] | None:
    """Return where a band has room for a word: an instant, and the index of its value."""
    times = np.linspace(edges[0], edges[-1], 241)[:-1]
    at = np.clip(np.searchsorted(edges, times, side="right") - 1, 0, count.size - 1)
    room = np.lib.stride_tricks.sliding_window_view(count[at], 17).min(axis=1)
    best = int(np.argmax(room))
    return (float(times[best + 8]), int(at[best + 8])) if room[best] > 0 else None


def _day_axis(axes: Axes, days: Sequence[int], span: tuple[int, int], offset_h: float) -> None:
    """Label local days, or hours of a short run, below."""
    axes.set_xlim(*span)
    marks = ticks(*span, days, offset_h)
    axes.set_xticks([t for t, _ in marks], [text for _, text in marks], ha="left")


def movement_chart(series: DaySeries, days: Sequence[int], offset_h: float) -> str:
    """Return the small chart of one mode: a column a day, the greatest one labelled."""
    values = series.values
    colour = MODE_COLOURS.get(series.mode, SLATE)
    with styled():
        axes = canvas(250, 128, (4, 24, 4, 18))
        x = np.arange(values.size)
        axes.bar(x, values, width=0.78, color=colour, linewidth=0)
        top = int(np.argmax(values))
        peak = float(values[top]) or 1.0
        axes.set_ylim(0, peak * 1.02)
        axes.set_xlim(-0.6, values.size - 0.4)
        axes.axhline(0, color=FAINT, linewidth=0.8)
        axes.set_yticks([])
        shown = sorted({0, top, values.size - 1})
        if values.size > 6:  # labels must not touch
            shown = [i for i in shown if i == top or abs(i - top) > values.size // 4]
        axes.set_xticks(shown, [day_text(days[i], offset_h) for i in shown])
        for label, i in zip(axes.get_xticklabels(), shown, strict=True):
            label.set_horizontalalignment(_side(i, values.size, 0.12))
        side = (
            "left" if top < values.size * 0.2 else "right" if top > values.size * 0.8 else "center"
        )
        axes.annotate(
            f"{values[top]:,.0f}", (top, values[top]), xytext=(0, 3), textcoords="offset points",
            ha=side, va="bottom", fontweight="bold", annotation_clip=False,
        )  # fmt: skip
        text = f"Greatest on {day_text(days[top], offset_h)}: {values[top]:,.0f} {series.unit}."
        return to_svg(axes, f"move-{series.mode}", f"{series.label}: {series.unit} a day", text)


def _side(i: int, size: int, share: float) -> Literal["left", "center", "right"]:
    """Return how to align a text at a column so that it stays in the chart."""
    return "left" if i < size * share else "right" if i >= size * (1 - share) else "center"
