"""How much of a list fits on a page: heights estimated from how long the texts are.

Estimates are for a wide sans-serif (DejaVu Sans); with a narrower one a page ends earlier. Heights
are CSS pixels (1/96 inch).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

Row = TypeVar("Row")

PAGE_PX = 1035.0
"""Height of what stands on a sheet of A4 between its margins, the foot left out."""

HEADING_PX, HEAD_PX, LINE_PX, GAP_PX = 37.0, 20.0, 13.6, 5.0
"""A heading, the head of a table, a line of small print, what stands between two rows."""


def lines(letters: float, per_line: float) -> int:
    """Return how many lines a text takes; at least 1."""
    return max(1, math.ceil(letters / per_line))


def row_px(*cells: int) -> float:
    """Return the height of a row of a table from the lines in its cells."""
    return LINE_PX * max(cells) + GAP_PX


def fitting(
    rows: Sequence[Row], height: Callable[[Row], float], room: float, most: int
) -> tuple[tuple[Row, ...], float]:
    """Return the first rows that fit, at most so many, and how high they are together, px."""
    taken: list[Row] = []
    used = 0.0
    for row in rows[:most]:
        each = height(row)
        if used + each > room:
            break
        taken.append(row)
        used += each
    return tuple(taken), used
