"""Charts of plays: how many of the other side were in contact, and how well known, over time."""

from __future__ import annotations

import re

import numpy as np
from matplotlib.ticker import MaxNLocator

from startex.review.history import Curves, History
from startex.review.record import Float64, Int64
from startex.review.style import (
    BLUE,
    FAINT,
    MUTED,
    PALE_BLUE,
    RED,
    SLATE,
    VARIABLES,
    canvas,
    styled,
    to_svg,
)

MOST_EDGES = 240
"""Instants of a curve that are drawn; a longer one is looked at as often, evenly."""

_BANDS = (("contact", PALE_BLUE), ("classified", BLUE), ("identified", SLATE))

KEY = (
    ("in contact", VARIABLES[PALE_BLUE]),
    ("of these classified", VARIABLES[BLUE]),
    ("of these identified", VARIABLES[SLATE]),
    ("found so far", VARIABLES[FAINT]),
    ("out of action (marks below)", VARIABLES[RED]),
)
"""What the colours mean, each with its variable of the style sheet."""


def contact_charts(history: History) -> list[tuple[str, str]]:
    """Return a chart (side, SVG) for each side of a serial, on scales of their own."""
    return [
        (side.side, _chart(history, side.side, side.curves))
        for side in history.sides
        if side.curves.found.any()
    ]


def _chart(history: History, side: str, curves: Curves) -> str:
    name = "contacts-" + re.sub(r"[^A-Za-z0-9]+", "-", history.serial) + f"-{side}"
    top = max(1, int(curves.found.max()))
    with styled():
        axes = canvas(470, 140, (28, 8, 8, 24))
        for word, colour in _BANDS:
            t, count = _drawn(curves.t, getattr(curves, word), curves.end_h)
            axes.stairs(count, t, fill=True, color=colour, linewidth=0)
        t, count = _drawn(curves.t, curves.found, curves.end_h)
        axes.stairs(count, t, color=FAINT, linewidth=1.2, baseline=None)
        if curves.out_h:
            axes.plot(
                sorted({round(h, 2) for h in curves.out_h}),
                np.full(len({round(h, 2) for h in curves.out_h}), -0.05 * top), "|", color=RED,
                markersize=5, clip_on=False,
            )  # fmt: skip
        axes.set_xlim(0, curves.end_h)
        axes.set_ylim(0, top * 1.08)
        axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.tick_params(axis="x", pad=5)
        axes.axhline(0, color=FAINT, linewidth=0.8)
        axes.annotate(
            "h from start", (1, 0), xycoords="axes fraction", xytext=(0, -20), ha="right",
            textcoords="offset points", color=MUTED, fontsize=7, annotation_clip=False,
        )  # fmt: skip
        text = (
            f"At most {curves.contact.max()} in contact at once, {curves.classified.max()} of them "
            f"classified, {curves.identified.max()} identified; {top} found in all."
        )
        return to_svg(axes, name, f"What the {side} side knew, {history.name}", text)


def _drawn(t: Float64, count: Int64, end: float) -> tuple[Float64, Int64]:
    """Return edges and values of a curve, with no more edges than are drawn."""
    kept = np.append(True, np.diff(count) != 0)
    t, count = t[kept], count[kept]
    if t.size > MOST_EDGES:
        grid = np.linspace(t[0], end, MOST_EDGES, endpoint=False)
        count, t = count[np.searchsorted(t, grid, side="right") - 1], grid
    return np.append(t, max(end, float(t[-1]) + 1e-9)), count
