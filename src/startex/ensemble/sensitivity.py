"""What an outcome depends on: the analysis that fits the design."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from startex.ensemble.effects import Effect, Sensitivity
from startex.ensemble.morris import morris
from startex.ensemble.reading import Bool, Ensemble, Factor, Float64
from startex.ensemble.shares import classes, regression, share
from startex.ensemble.sobol import sobol
from startex.ensemble.statistics import (
    CONFIDENCE,
    Interval,
    difference_interval,
    paired_interval,
)
from startex.ensemble.units import group_means, independent, is_random


def sensitivity(runs: Ensemble, values: Float64, confidence: float = CONFIDENCE) -> Sensitivity:
    """Return what an outcome depends on, by the analysis that fits the design.

    Parameters
    ----------
    values
        By row of the design, shape (runs,); not a number where undefined.

    Raises
    ------
    MissingLibraryError
        If it takes a library that is not installed.
    """
    varied = [factor for factor in runs.factors if factor.varies]
    if not varied:
        return Sensitivity("none", (), math.nan, math.nan, int(runs.done.sum()), "runs", 0)
    roles = set(runs.role)
    if any(role.startswith("AB:") for role in roles):
        found = _sobol(runs, varied, values, confidence)
    elif any(role.startswith("step:") for role in roles):
        if runs.plan.get("kind") == "morris":
            found = _morris(runs, varied, values, confidence)
        else:
            found = _steps(runs, varied, values, confidence)
    else:
        found = _shares(runs, varied, values, confidence)
    effects = tuple(sorted(found.effects, key=lambda one: (-one.rank, one.factor)))
    return Sensitivity(
        found.method, effects, found.explained, chance_share(runs, values), found.points,
        found.points_word, found.undefined, found.notes,
    )  # fmt: skip


def chance_share(runs: Ensemble, values: Float64) -> float:
    """Return the share of the variance within design points; not a number without replications."""
    keep = runs.done & np.isfinite(values)
    group, y = runs.variant[keep], values[keep]
    points = np.unique(group).size
    if y.size <= points or y.size < 3 or y.var() == 0.0:
        return math.nan
    means = group_means(group, y)[1][np.unique(group, return_inverse=True)[1]]
    within = float(((y - means) ** 2).sum()) / (y.size - points)
    return min(1.0, within / float(y.var(ddof=1)))


def _blocks(
    runs: Ensemble, values: Float64, roles: list[str]
) -> tuple[Float64, npt.NDArray[np.int64]]:
    """Return the mean outcome by role and block, shape (roles, blocks), and the blocks."""
    blocks = np.unique(runs.block[runs.block >= 0])
    place = {int(block): number for number, block in enumerate(blocks)}
    order = {role: number for number, role in enumerate(roles)}
    total, count = np.zeros((len(roles), blocks.size)), np.zeros((len(roles), blocks.size))
    for row, role in enumerate(runs.role):
        if role in order and int(runs.block[row]) in place:
            at = order[role], place[int(runs.block[row])]
            total[at] += values[row]  # not a number stays one: the block is then left out
            count[at] += 1
    return np.where(count > 0, total / np.maximum(count, 1), np.nan), blocks


def _sobol(runs: Ensemble, varied: list[Factor], values: Float64, confidence: float) -> Sensitivity:
    names = [f.name for f in varied if f"AB:{f.name}" in set(runs.role)]
    grid, _ = _blocks(runs, values, ["A", "B", *(f"AB:{name}" for name in names)])
    whole = np.isfinite(grid).all(axis=0)
    grid = grid[:, whole]
    if grid.shape[1] < 2:
        return _too_few("sobol", names, grid.shape[1], int((~whole).sum()), "blocks")
    found = sobol(grid[0], grid[1], grid[2:], confidence)
    effects = tuple(
        Effect(
            name,
            first=_interval(found.first[i], found.first_ends[i], "bootstrap of blocks"),
            total=_interval(found.total[i], found.total_ends[i], "bootstrap of blocks"),
        )
        for i, name in enumerate(names)
    )
    notes = []
    if any(one.first.low < 0.0 < one.first.value - one.total.value for one in effects):
        notes.append("Some indices are not told apart yet: more blocks are needed.")
    return Sensitivity(
        "sobol", effects, float(found.first.sum()), math.nan, found.blocks, "blocks",
        int((~whole).sum()), tuple(notes),
    )  # fmt: skip


def _interval(value: float, ends: Float64, method: str) -> Interval:
    return Interval(float(value), float(ends[0]), float(ends[1]), method)


def _too_few(method: str, names: list[str], points: int, undefined: int, word: str) -> Sensitivity:
    return Sensitivity(
        method, tuple(Effect(name) for name in names), math.nan, math.nan, points, word, undefined,
        (f"Too few {word} in which the outcome is defined.",),
    )  # fmt: skip


def _morris(
    runs: Ensemble, varied: list[Factor], values: Float64, confidence: float
) -> Sensitivity:
    roles = list(dict.fromkeys(role for role in runs.role if role.startswith("step:")))
    names = [role.removeprefix("step:") for role in roles]
    by_name = {factor.name: factor for factor in varied}
    ranks = {name: _ranks(by_name[name]) for name in names if name in by_name}
    names = [name for name in names if name in ranks]
    points, outcomes, lost = [], [], 0
    policies = np.array(runs.design.column("policy").to_pylist(), dtype=object)
    paths = sorted({(str(p), int(b)) for p, b in zip(policies, runs.block, strict=True) if b >= 0})
    for policy, block in paths if "policy" not in names else [("", b) for b in _numbers(runs)]:
        rows = np.flatnonzero((runs.block == block) & ((policies == policy) | (policy == "")))
        order = list(dict.fromkeys(runs.variant[rows].tolist()))
        path = [rows[runs.variant[rows] == variant] for variant in order]
        y = [float(values[at].mean()) for at in path]
        x = [[ranks[name][at[0]] for name in names] for at in path]
        moved = np.count_nonzero(np.diff(np.array(x), axis=0), axis=1)
        if len(path) != len(names) + 1 or not np.isfinite(y).all() or (moved != 1).any():
            lost += 1
            continue
        points.append(x)
        outcomes.append(y)
    if len(points) < 2:
        return _too_few("morris", names, len(points), lost, "trajectories")
    found = morris(np.array(points), np.array(outcomes), confidence)
    effects = tuple(
        Effect(
            name,
            mu_star=Interval(
                found.mu_star[i], max(0.0, found.mu_star[i] - found.mu_star_half[i]),
                found.mu_star[i] + found.mu_star_half[i], "bootstrap of trajectories",
            ),
            mu=found.mu[i],
            sigma=found.sigma[i],
        )
        for i, name in enumerate(names)
    )  # fmt: skip
    note = "Effects are those of one step of the design, in the unit of the outcome."
    return Sensitivity(
        "morris", effects, math.nan, math.nan, found.trajectories, "trajectories", lost, (note,)
    )


def _numbers(runs: Ensemble) -> list[int]:
    return [int(block) for block in np.unique(runs.block[runs.block >= 0])]


def _ranks(factor: Factor) -> Float64:
    """Return numbers that are ordered as the values of a factor, shape (runs,)."""
    if factor.numbers is not None:
        return factor.numbers
    order = {word: number for number, word in enumerate(sorted(set(factor.words)))}
    return np.array([order[word] for word in factor.words], np.float64)


def _steps(runs: Ensemble, varied: list[Factor], values: Float64, confidence: float) -> Sensitivity:
    roles = np.array(runs.role, dtype=object)
    base = runs.done & (roles == "base")
    effects = []
    for factor in varied:
        stepped = runs.done & (roles == f"step:{factor.name}")
        words = np.array(factor.words, dtype=object)
        here = sorted(set(words[stepped]), key=lambda w: (_number(str(w)), str(w)))
        steps = []
        for word in here:
            rows = stepped & (words == word)
            steps.append((str(word), _difference(runs, values, base, rows, confidence)))
        if steps:
            effects.append(Effect(factor.name, steps=tuple(steps)))
    undefined = int((~np.isfinite(values[runs.done])).sum())
    note = "Each factor alone was moved away from the base point; interactions do not show."
    return Sensitivity(
        "one-at-a-time", tuple(effects), math.nan, math.nan, int(runs.done.sum()), "runs",
        undefined, (note,),
    )  # fmt: skip


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return math.inf


def _difference(
    runs: Ensemble, values: Float64, first: Bool, second: Bool, confidence: float
) -> Interval:
    """Return the mean at some rows less that at others, paired by seed where it is common."""
    first, second = first & np.isfinite(values), second & np.isfinite(values)
    if runs.common:
        a = dict(zip(*group_means(runs.seed[first], values[first]), strict=True))
        b = dict(zip(*group_means(runs.seed[second], values[second]), strict=True))
        both = sorted(set(a) & set(b))
        if both:
            return paired_interval([a[s] for s in both], [b[s] for s in both], confidence)
    return difference_interval(values[first], values[second], confidence)


def _shares(
    runs: Ensemble, varied: list[Factor], values: Float64, confidence: float
) -> Sensitivity:
    units = independent(runs)
    keep = units.rows & np.isfinite(values)
    undefined = int((units.rows & ~np.isfinite(values)).sum())
    rows, y, notes = np.flatnonzero(keep), values[keep], []
    word = "runs"
    cluster: npt.NDArray[np.int64] | None = None
    points, first_row = np.unique(runs.variant[rows], return_index=True)
    if is_random(runs) and points.size < rows.size:
        y = group_means(runs.variant[rows], y)[1]
        if np.unique(runs.point[rows]).size < points.size:  # policies share the points
            cluster = runs.point[rows[first_row]]
        rows, word = rows[first_row], "design points"
        notes.append("Shares are of the means of the runs at each design point.")
    elif runs.common and np.unique(runs.seed[rows]).size < rows.size:
        cluster = runs.seed[rows]
        notes.append("Seeds are common to all design points; intervals resample seeds.")
        if np.unique(cluster).size < 3:
            notes[-1] = "With fewer than three seeds the intervals cannot be told."
    if rows.size < 3:
        return _too_few("shares", [factor.name for factor in varied], rows.size, undefined, word)
    columns, owner = _columns(varied, rows)
    slopes, explained = regression(columns, y)
    effects = []
    for factor in varied:
        found = share(classes(factor, rows), y, confidence, cluster=cluster)
        mine = [slope for slope, name in zip(slopes, owner, strict=True) if name == factor.name]
        effects.append(
            Effect(
                factor.name,
                first=Interval(*found, "bootstrap"),
                slope=float(mine[0]) if len(mine) == 1 else math.nan,
            )
        )
    return Sensitivity(
        "shares", tuple(effects), explained, math.nan, rows.size, word, undefined, tuple(notes)
    )


def _columns(varied: list[Factor], rows: npt.NDArray[np.int64]) -> tuple[Float64, list[str]]:
    """Return the columns of the regression, shape (columns, rows), and whose each is."""
    columns, owner = [], []
    for factor in varied:
        if factor.numbers is not None and np.isfinite(factor.numbers[rows]).all():
            columns.append(factor.numbers[rows])
            owner.append(factor.name)
            continue
        words = [factor.words[row] for row in rows]
        for level in sorted(set(words))[1:]:
            columns.append(np.array([float(word == level) for word in words]))
            owner.append(factor.name)
    return (np.array(columns) if columns else np.zeros((0, rows.size))), owner
