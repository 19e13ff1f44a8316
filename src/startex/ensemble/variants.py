"""The variants of an ensemble side by side: their means, and how far each is from the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from startex.ensemble.headline import factor_label
from startex.ensemble.reading import Ensemble, Float64
from startex.ensemble.statistics import (
    Interval,
    centre_interval,
    difference_interval,
    is_proportion,
    paired_interval,
)
from startex.ensemble.summary import finite
from startex.ensemble.units import group_means, is_random

MOST = 12
"""Variants that are put side by side; more are for the analysis of factors."""


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A variant: what it is, its runs, its mean, and its difference from the first variant."""

    variant: int
    name: str
    runs: int
    centre: Interval
    change: Interval | None
    pairs: int


@dataclass(frozen=True, slots=True)
class VariantTable:
    """An outcome by variant.

    ``saved`` is how many times fewer runs the pairs take for the same width of interval than
    independent runs would; not a number where there are no pairs or no difference varies.
    """

    label: str
    unit: str
    share: bool
    rows: tuple[VariantRow, ...]
    saved: float

    def to_json(self) -> dict[str, Any]:
        """Return the table as plain data."""
        return {
            "outcome": self.label,
            "unit": self.unit,
            "variance_reduction": finite(self.saved),
            "variants": [
                {
                    "variant": row.variant,
                    "name": row.name,
                    "runs": row.runs,
                    "mean": [
                        finite(x) for x in (row.centre.value, row.centre.low, row.centre.high)
                    ],
                    "difference": row.change
                    and [finite(x) for x in (row.change.value, row.change.low, row.change.high)],
                    "pairs": row.pairs,
                }
                for row in self.rows
            ],
        }


def variant_name(runs: Ensemble, row: int) -> str:
    """Return what a variant is, by one of its rows: its values of all that varies."""
    parts = [
        f"{factor_label(factor)} {factor.words[row]} {factor.unit}".strip()
        for factor in runs.factors
        if factor.varies
    ]
    return ", ".join(parts) or "as written"


def variant_tables(
    runs: Ensemble, outcomes: Sequence[tuple[str, str, Float64]], confidence: float
) -> tuple[VariantTable, ...]:
    """Return a table for each outcome; none where variants are one, many, or a sample.

    Parameters
    ----------
    outcomes
        Label, unit (``share`` of yes or no) and values by row of the design, shape (runs,).
    """
    variants = np.unique(runs.variant[runs.done])
    if not 1 < variants.size <= MOST or is_random(runs):
        return ()
    return tuple(
        _table(runs, variants, label, unit, values, confidence)
        for label, unit, values in outcomes
        if np.nanmin(values) != np.nanmax(values)
    )


def _table(
    runs: Ensemble,
    variants: np.ndarray[Any, Any],
    label: str,
    unit: str,
    values: Float64,
    confidence: float,
) -> VariantTable:
    share = unit == "share" and is_proportion(values[np.isfinite(values)])
    rows, saved = [], []
    first: dict[int, float] = {}
    base = values[:0]
    for number, variant in enumerate(variants.tolist()):
        keep = runs.done & (runs.variant == variant) & np.isfinite(values)
        here = values[keep]
        centre = centre_interval(here, confidence, counts=not share)
        by_seed = dict(zip(*_lists(runs, keep, values), strict=True))
        change, pairs = None, 0
        if number == 0:
            first, base = by_seed, here
        elif runs.common and (both := sorted(set(first) & set(by_seed))):
            a, b = (np.array([side[seed] for seed in both]) for side in (first, by_seed))
            change, pairs = paired_interval(a, b, confidence, counts=not share), len(both)
            apart = float(a.var() + b.var())
            if len(both) > 2 and (b - a).var() > 1e-9 * apart:
                saved.append(apart / float((b - a).var()))
        elif base.size and here.size:
            change = difference_interval(base, here, confidence, counts=not share)
        name = variant_name(runs, int(np.flatnonzero(runs.variant == variant)[0]))
        rows.append(VariantRow(variant, name, here.size, centre, change, pairs))
    return VariantTable(
        label, unit, share, tuple(rows), float(np.median(saved)) if saved else float("nan")
    )


def _lists(runs: Ensemble, keep: Any, values: Float64) -> tuple[list[int], list[float]]:
    seeds, means = group_means(runs.seed[keep], values[keep])
    return seeds.tolist(), means.tolist()
