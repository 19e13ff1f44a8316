"""Pictures of an ensemble: distributions, what they depend on, and how they change over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from startex.ensemble.effects import Effect
from startex.ensemble.levels import Level
from startex.ensemble.reading import Float64
from startex.ensemble.statistics import Interval
from startex.ensemble.summary import Row
from startex.ensemble.words import number, percent
from startex.review.style import (
    AMBER,
    BLUE,
    FAINT,
    INK,
    MUTED,
    PALE_BLUE,
    TEAL,
    canvas,
    styled,
    to_svg,
)

_ROW = 26.0
_NAME = 30  # letters of a name beside a bar


def _short(text: str, letters: int = _NAME) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"


def _tick(value: float, _: float | None = None) -> str:
    return number(round(value, 10))


def _percent_tick(value: float, _: float | None = None) -> str:
    return percent(round(value, 10)) if -1e-9 <= value <= 1.0 + 1e-9 else ""


def _name(axes: Axes, text: str, y: float, off: float = -8.0) -> None:
    axes.annotate(
        text, (0, y), xycoords=("axes fraction", "data"), xytext=(off, 0),
        textcoords="offset points", ha="right", va="center", fontsize=9, annotation_clip=False,
    )  # fmt: skip


def distribution(name: str, row: Row, values: Float64, title: str) -> str:
    """Return the histogram of a measure over the runs, with its cumulative share above it.

    Parameters
    ----------
    name
        Prefix of ids in the picture.
    row
        What is known of the measure.
    values
        Of the runs, shape (n,), all defined.
    """
    with styled():
        axes = canvas(460, 190, (36, 14, 36, 34))
        edges = _edges(values)
        count, _ = np.histogram(values, edges)
        axes.bar(
            edges[:-1], count, width=np.diff(edges), align="edge", color=PALE_BLUE, linewidth=0.6,
            edgecolor=BLUE,
        )  # fmt: skip
        axes.set_ylim(0, count.max() * 1.08)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        whole = bool((values == np.round(values)).all())
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=whole))
        axes.xaxis.set_major_formatter(_tick)
        axes.axhline(0, color=FAINT, linewidth=0.8)
        axes.set_xlabel(row.unit)
        twin = axes.twinx()
        twin.set_facecolor("none")
        x = np.sort(values)
        share = np.arange(1, x.size + 1) / x.size
        twin.step(
            np.concatenate([[edges[0]], x, [edges[-1]]]), np.concatenate([[0], share, [1]]),
            where="post", color=TEAL, linewidth=1.4,
        )  # fmt: skip
        twin.set_ylim(0, 1.08)
        twin.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"], color=TEAL)
        centre = row.centre
        if math.isfinite(centre.half):
            axes.axvspan(centre.low, centre.high, color=AMBER, alpha=0.25, linewidth=0)
        axes.axvline(centre.value, color=AMBER, linewidth=1.6)
        axes.set_xlim(edges[0], edges[-1])
        text = (
            f"{values.size} runs, from {number(row.least)} to {number(row.greatest)}; mean "
            f"{number(centre.value)}, interval {number(centre.low)} to {number(centre.high)}"
        )
        return to_svg(axes, name, title, text)


def _edges(values: Float64) -> Float64:
    """Return the edges of the bins: around whole numbers where there are few, else some 20."""
    low, high = float(values.min()), float(values.max())
    if (values == np.round(values)).all() and high - low <= 40:
        return np.arange(low - 0.5, high + 1.0, 1.0)
    if low == high:
        size = max(abs(low), 1.0) * 0.05
        return np.array([low - size, low + size])
    found: Float64 = np.histogram_bin_edges(values, min(20, max(6, round(values.size**0.5))))
    return found


def fan(name: str, days: Sequence[str], quantiles: Float64, title: str, unit: str) -> str:
    """Return a measure by day: its median, and where half and nine tenths of the runs lie.

    Parameters
    ----------
    days
        ISO dates.
    quantiles
        Shape (5, days): 5, 25, 50, 75 and 95 %.
    """
    with styled():
        axes = canvas(720, 230, (58, 12, 20, 26))
        x = np.array([date.fromisoformat(day).toordinal() for day in days], np.float64)
        axes.fill_between(x, quantiles[0], quantiles[4], color=PALE_BLUE, alpha=0.5, linewidth=0)
        axes.fill_between(x, quantiles[1], quantiles[3], color=PALE_BLUE, linewidth=0)
        axes.plot(x, quantiles[2], color=BLUE, linewidth=1.8, marker="o", markersize=3)
        axes.set_ylim(0, max(1.0, float(quantiles[4].max()) * 1.06))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        step = max(1, -(-len(days) // 10))
        shown = list(range(0, len(days), step))
        axes.set_xticks(
            [x[i] for i in shown], [f"{date.fromisoformat(days[i]):%-d %b}" for i in shown]
        )
        axes.set_xlim(x[0] - 0.1, x[-1] + 0.1)
        text = f"Median by day: {', '.join(number(v) for v in quantiles[2])} {unit}"
        return to_svg(axes, name, title, text)


def tornado(
    name: str, rows: Sequence[tuple[str, Sequence[Level]]], middle: float, title: str, unit: str
) -> str:
    """Return the mean outcome at the levels of each factor, as bars from the mean of all.

    Parameters
    ----------
    rows
        Factors and their levels, the widest first.
    middle
        The mean of all runs.
    """
    share = unit == "share"
    with styled():
        height = 40.0 + 1.25 * _ROW * len(rows)
        axes = canvas(720, height, (190, 6, 30, 34))
        ends = [
            end
            for _, levels in rows
            for one in levels
            for end in (one.found.value, one.found.low, one.found.high)
            if math.isfinite(end)
        ]
        low, high = min([middle, *ends]), max([middle, *ends])
        room = (high - low) * 0.08 or 1.0
        axes.set_xlim(low - room, high + room)
        axes.set_ylim(len(rows) - 0.45, -0.55)
        axes.set_yticks([])
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.grid(axis="x")
        axes.set_axisbelow(True)
        axes.xaxis.set_major_formatter(_percent_tick if share else _tick)
        for y, (factor, levels) in enumerate(rows):
            found = [one.found.value for one in levels]
            axes.barh(
                y, max(found) - min(found), left=min(found), height=0.34, color=PALE_BLUE,
                linewidth=0,
            )  # fmt: skip
            for one in levels:
                _whisker(axes, one.found, y, BLUE)
            ends_of: tuple[Level, ...] = (min(levels, key=_mean), max(levels, key=_mean))
            if ends_of[0] is ends_of[1]:
                ends_of = ()  # all means are the same
            for one, side in zip(ends_of, ("right", "left"), strict=False):
                axes.annotate(
                    _short(one.name.partition(" (")[0], 24), (one.found.value, y + 0.2),
                    xytext=(-3 if side == "right" else 3, 0), textcoords="offset points",
                    ha=side, va="top", fontsize=7, color=MUTED,
                )  # fmt: skip
            _name(axes, _short(factor), y)
        axes.axvline(middle, color=AMBER, linewidth=1.2, zorder=1)
        axes.set_xlabel("share of the runs" if share else unit)
        text = "; ".join(
            f"{factor}: " + ", ".join(f"{one.name} {number(one.found.value)}" for one in levels)
            for factor, levels in rows
        )
        return to_svg(axes, name, title, text)


def _mean(level: Level) -> float:
    return level.found.value


def _whisker(axes: Axes, found: Interval, y: float, colour: str) -> None:
    low, high = axes.get_xlim()
    ends = max(found.low, low), min(found.high, high)
    axes.plot(ends, (y, y), color=colour, linewidth=1.3, solid_capstyle="butt", zorder=3)
    axes.plot([found.value], [y], "o", color=colour, markersize=4.5, zorder=4)


def effect_bars(name: str, effects: Sequence[Effect], title: str, unit: str) -> str:
    """Return bars of shares of the variance (and totals), of mean effects, or of single steps."""
    rows: list[tuple[str, list[tuple[Interval, str]]]] = []
    for one in effects:
        if one.steps:
            rows += [(f"{one.factor}: {level}", [(found, BLUE)]) for level, found in one.steps]
        elif not math.isnan(one.mu_star.value):
            rows.append((one.factor, [(one.mu_star, BLUE)]))
        else:
            both = [(one.first, BLUE), (one.total, TEAL)]
            rows.append((one.factor, [pair for pair in both if not math.isnan(pair[0].value)]))
    shares = any(not math.isnan(one.first.value) for one in effects)
    with styled():
        axes = canvas(720, 40.0 + _ROW * len(rows), (190, 6, 60, 34))
        ends = [
            end
            for _, pairs in rows
            for found, _ in pairs
            for end in (found.value, found.low, found.high)
            if math.isfinite(end)
        ]
        low, high = min([0.0, *ends]), max([0.0, *ends])
        if shares:
            low, high = max(min(low, 0.0), -0.2), min(max(high, 0.5), 1.2)
        room = (high - low) * 0.03 or 1.0
        axes.set_xlim(low - (room if low < 0 else 0.0), high + room)
        axes.set_ylim(len(rows) - 0.45, -0.55)
        axes.set_yticks([])
        axes.grid(axis="x")
        axes.set_axisbelow(True)
        axes.axvline(0, color=FAINT, linewidth=0.8)
        axes.xaxis.set_major_formatter(_percent_tick if shares else _tick)
        for y, (label, pairs) in enumerate(rows):
            height = 0.5 / max(1, len(pairs))
            for i, (found, colour) in enumerate(pairs):
                at = y + height * (i - (len(pairs) - 1) / 2)
                axes.barh(
                    at, found.value, height=height * 0.86, color=colour, alpha=0.6, linewidth=0
                )
                if math.isfinite(found.half):
                    axes.plot((found.low, found.high), (at, at), color=INK, linewidth=1.1, zorder=3)
            _name(axes, _short(label), y)
            if pairs:
                text = percent(max(0.0, pairs[0][0].value)) if shares else number(pairs[0][0].value)
                axes.annotate(
                    text, (1, y), xycoords=("axes fraction", "data"), xytext=(8, 0),
                    textcoords="offset points", va="center", fontweight="bold", fontsize=9,
                    annotation_clip=False,
                )  # fmt: skip
        axes.set_xlabel("share of the variance" if shares else unit, color=MUTED)
        text = "; ".join(f"{label}: {number(pairs[0][0].value)}" for label, pairs in rows if pairs)
        return to_svg(axes, name, title, text)
