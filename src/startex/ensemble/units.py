"""Which values of an ensemble are independent of each other.

Runs that share their random numbers, or their design point, are not independent; an interval
from all of them as if they were would be too narrow. So values are averaged within what is
shared, and intervals come from the averages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.ensemble.reading import Bool, Ensemble, Float64

RANDOM = ("latin", "lhs", "random", "sobol", "saltelli")
"""Kinds of design whose points are a sample of what is possible."""


@dataclass(frozen=True, slots=True)
class Units:
    """The sample behind the statistics of an ensemble.

    Attributes
    ----------
    rows
        Rows of the design that belong to it, shape (runs,).
    group
        What each row is averaged in, shape (runs,).
    word
        What a unit is: ``run``, ``design point`` or ``seed``.
    note
        What a reader must know of it; may be empty.
    """

    rows: Bool
    group: npt.NDArray[np.int64]
    word: str
    note: str = ""

    def values(self, values: Float64) -> Float64:
        """Return the mean of each unit, shape (units,); of its defined values."""
        keep = self.rows & np.isfinite(values)
        if self.word == "run":
            return values[keep]
        return group_means(self.group[keep], values[keep])[1]


def group_means(
    group: npt.NDArray[np.int64], values: Float64
) -> tuple[npt.NDArray[np.int64], Float64]:
    """Return the groups, sorted, and the mean of each, shapes (groups,)."""
    found, place, count = np.unique(group, return_inverse=True, return_counts=True)
    return found, np.bincount(place, values, minlength=found.size) / count


def is_random(runs: Ensemble) -> bool:
    """Tell whether the design points are a sample, not points chosen to be compared."""
    return runs.plan.get("kind") in RANDOM or any(role.startswith("AB:") for role in runs.role)


def independent(runs: Ensemble) -> Units:
    """Return the units of the whole ensemble.

    Rows of a Saltelli design that mix two samples are left out: the others are the sample. Where
    design points were chosen, seeds are independent; where they were drawn, the points are,
    unless there are more seeds than points.
    """
    rows, mixed = np.asarray(runs.done), ""
    roles = np.array(runs.role, dtype=object)
    if any(role.startswith("AB:") for role in runs.role):
        rows = rows & ((roles == "A") | (roles == "B"))
        mixed = (
            f"Means and shares of runs are those of {int(rows.sum()):,} runs, the two samples of "
            "the design; the others serve the indices."
        )
    variants = np.unique(runs.variant[rows])
    seeds = np.unique(runs.seed[rows])
    if variants.size <= 1:
        return Units(rows, runs.seed, "run")
    note = ""
    if any(role == "base" or role.startswith("step:") for role in runs.role):
        note = (
            "The design points were chosen to show the effect of each factor; they are no sample "
            "of what is possible, and the figures are of these points."
        )
    if is_random(runs):
        points = np.unique(runs.point[rows]).size
        alone = int(rows.sum()) == points
        if seeds.size > points and runs.common:
            return Units(rows, runs.seed, "seed", mixed)
        if seeds.size == 1 and runs.common:
            note = "All runs had one seed: chance was held fixed, only the factors varied."
        note = " ".join(part for part in (mixed, note) if part)
        return Units(rows, runs.point, "run" if alone else "design point", note)
    if runs.common and seeds.size > 1:
        return Units(rows, runs.seed, "seed", note)
    return Units(rows, runs.variant, "run", note)
