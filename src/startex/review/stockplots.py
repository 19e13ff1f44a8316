"""Charts of supply: what there was above, what was used and what came in below, by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from startex.foundation.clock import MS_PER_HOUR
from startex.review.record import Float64
from startex.review.stocks import Stock
from startex.review.style import AMBER, BLUE, FAINT, MUTED, TEAL, VARIABLES, canvas, styled, to_svg
from startex.review.words import day_text

KEY = (
    ("on hand (above)", VARIABLES[TEAL]),
    ("used in a day", VARIABLES[AMBER]),
    ("come in from outside in a day", VARIABLES[BLUE]),
)
"""What the colours mean, each with its variable of the style sheet."""

_WIDTH, _HEIGHT = 450.0, 168.0
_LEFT, _RIGHT = 54.0, 6.0


def stock_chart(stock: Stock, offset_h: float) -> str:
    """Return the chart of one kind of supply."""
    x = np.arange(stock.t.size, dtype=np.float64)
    with styled():
        axes = canvas(_WIDTH, _HEIGHT, (_LEFT, 72, _RIGHT, 22))
        picture: Any = axes.get_figure(root=True)
        above = picture.add_axes(
            (_LEFT / _WIDTH, 1 - 62 / _HEIGHT, 1 - (_LEFT + _RIGHT) / _WIDTH, 50 / _HEIGHT)
        )
        above.set_facecolor("none")
        above.fill_between(x, stock.on_hand, step="mid", color=TEAL, linewidth=0, alpha=0.85)
        above.set_ylim(0, max(float(stock.on_hand.max()) * 1.02, 1e-9))
        above.set_xticks([])
        for values, shift, colour in (
            (stock.used, -0.2, AMBER), (stock.delivered, 0.2, BLUE)
        ):  # fmt: skip
            axes.bar(x + shift, values, width=0.38, color=colour, linewidth=0)
        top = max(float(stock.used.max()), float(stock.delivered.max()), 1e-9)
        least = min(0.0, float(stock.delivered.min()))
        axes.set_ylim(least * 1.05, top * 1.05)
        for each, greatest in ((above, float(stock.on_hand.max())), (axes, top)):
            each.set_xlim(-0.6, x[-1] + 0.6)
            each.axhline(0, color=FAINT, linewidth=0.8)
            each.set_yticks([0, greatest], ["0", _amount(greatest)])
        shown = _shown(x)
        axes.set_xticks(shown, [_day(stock, int(i), offset_h) for i in shown], color=MUTED)
        text = (
            f"On hand between {_amount(float(stock.on_hand.min()))} and "
            f"{_amount(float(stock.on_hand.max()))} {stock.unit}; used in all "
            f"{_amount(float(stock.used.sum()))}, come in {_amount(float(stock.delivered.sum()))}."
        )
        return to_svg(axes, f"stock-{stock.kind}", f"{stock.kind.capitalize()} over time", text)


def _shown(x: Float64) -> Sequence[float]:
    step = max(1, round(x.size / 6))
    return [float(i) for i in x[::step] if i < x.size - step / 2 or i == 0]


def _day(stock: Stock, at: int, offset_h: float) -> str:
    # a supply hour at midnight closes the day before
    return day_text(int(stock.t[at]) - MS_PER_HOUR, offset_h)


def _amount(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:,.1f}"
