"""What an outcome comes to at each level of a factor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from startex.ensemble.reading import Bool, Ensemble, Factor, Float64
from startex.ensemble.shares import are_classes
from startex.ensemble.statistics import CONFIDENCE, Interval, centre_interval
from startex.ensemble.units import Units, group_means, independent
from startex.ensemble.words import number

_THIRDS = ("low third", "middle third", "high third")


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a factor, or a third of its values.

    Attributes
    ----------
    name
        The word or number; of thirds, which, and their range.
    rows
        Rows of the design, shape (runs,).
    found
        The mean of the outcome there.
    runs
        Runs it rests on.
    """

    name: str
    rows: Bool
    found: Interval
    runs: int


def level_rows(factor: Factor, rows: Bool, points: int) -> list[tuple[str, Bool]]:
    """Return the levels of a factor among some rows: name, and rows of each, shapes (runs,).

    ``points`` is how many values of it there are that do not hang together.
    """
    words = np.array(factor.words, dtype=object)
    here = sorted({str(word) for word in words[rows]})
    if factor.numbers is None or are_classes(len(here), points):
        if factor.numbers is not None:
            here.sort(key=lambda word: float(word) if word else -np.inf)
        return [(word or "none", rows & (words == word)) for word in here]
    ends = np.quantile(factor.numbers[rows], (0.0, 1 / 3, 2 / 3, 1.0))
    place = np.searchsorted(ends[1:3], factor.numbers, side="right")
    return [
        (f"{name} ({number(ends[i])} to {number(ends[i + 1])})", rows & (place == i))
        for i, name in enumerate(_THIRDS)
    ]


def levels(
    runs: Ensemble,
    factor: Factor,
    values: Float64,
    confidence: float = CONFIDENCE,
    units: Units | None = None,
) -> list[Level]:
    """Return what an outcome comes to at each level of a factor.

    Parameters
    ----------
    values
        By row of the design, shape (runs,).

    Notes
    -----
    Where several design points share a level, values of a seed or of a point are averaged first,
    as in the whole ensemble.
    """
    units = units or independent(runs)
    found = []
    points = int(np.unique(units.group[units.rows]).size)
    if units.word != "design point":  # each level is one point, with runs of its own
        points = int(units.rows.sum())
    for name, rows in level_rows(factor, units.rows, points):
        keep = rows & np.isfinite(values)
        there = values[keep]
        if units.word == "run" or np.unique(runs.variant[keep]).size <= 1:
            interval = centre_interval(there, confidence)
        else:
            interval = centre_interval(group_means(units.group[keep], there)[1], confidence)
        found.append(Level(name, rows, interval, there.size))
    return found
