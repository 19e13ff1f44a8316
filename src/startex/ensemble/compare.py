"""Two ensembles side by side, pair by pair where they share their random numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.ensemble.compare_runs import compare_runs
from startex.ensemble.comparison import Comparison, Line, Value
from startex.ensemble.reading import Ensemble, Factor, Float64, is_ensemble, open_ensemble
from startex.ensemble.statistics import (
    CONFIDENCE,
    Interval,
    difference_interval,
    mean_interval,
    paired_interval,
)
from startex.ensemble.summary import is_share
from startex.ensemble.units import Units, group_means, independent, is_random
from startex.ensemble.words import label, number
from startex.foundation.errors import UsageError


def compare(
    a: str | Path | Ensemble, b: str | Path | Ensemble, confidence: float = CONFIDENCE
) -> Comparison:
    """Return what differs between two run folders, or two ensembles.

    Raises
    ------
    StoreError
        If either cannot be read.
    UsageError
        If one is a run and the other an ensemble.
    """
    kinds = [isinstance(one, Ensemble) or is_ensemble(one) for one in (a, b)]
    if kinds[0] != kinds[1]:
        run, many = (a, b) if kinds[1] else (b, a)
        raise UsageError(f"{run} is a run and {many} an ensemble; give two runs, or two ensembles")
    if isinstance(a, Ensemble) or isinstance(b, Ensemble) or kinds[0]:
        first, second = (one if isinstance(one, Ensemble) else open_ensemble(one) for one in (a, b))
        return compare_ensembles(first, second, confidence)
    return compare_runs(a, b, confidence)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Runs of both ensembles that belong together, and what makes pairs independent.

    ``a`` and ``b``: the pair of each row of the design, -1 for none, shapes (runs,).
    """

    a: npt.NDArray[np.int64]
    b: npt.NDArray[np.int64]
    cluster: npt.NDArray[np.int64]
    how: str


def compare_ensembles(a: Ensemble, b: Ensemble, confidence: float = CONFIDENCE) -> Comparison:
    """Return what differs between two ensembles: means of all measures, with intervals.

    Runs are paired that have the same seed and, of factors that both vary, the same values.
    Where there are no such pairs, the ensembles are taken as independent of each other.
    """
    pairs = _pairs(a, b)
    units = independent(a), independent(b)
    lines = list(_given(a, b))
    known = {**_labels(a), **_labels(b)}
    for name, key in sorted(set(a.names) | set(b.names)):
        lines.append(_outcome(a, b, name, key, pairs, units, known, confidence))
    if pairs is None:
        how = "The ensembles share no random numbers; intervals are those of independent samples."
    else:
        how = pairs.how
    return Comparison("ensembles", str(a.folder), str(b.folder), tuple(lines), confidence, how)


def _labels(runs: Ensemble) -> dict[str, str]:
    found = runs.header.get("labels")
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _keys(runs: Ensemble, factors: list[Factor]) -> dict[tuple[Any, ...], list[int]]:
    """Return the rows of each (seed, role, values of factors)."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in np.flatnonzero(runs.done):
        block = int(runs.block[row]) if runs.role[row] else -1
        words = tuple(factor.words[row] for factor in factors)
        key = (int(runs.seed[row]), block, runs.role[row], *words)
        found.setdefault(key, []).append(int(row))
    return found


def _pairs(a: Ensemble, b: Ensemble) -> _Pairs | None:
    vary = {factor.name for runs in (a, b) for factor in runs.factors if factor.varies}
    both = sorted(vary & {f.name for f in a.factors} & {f.name for f in b.factors})
    rows = []
    for runs in (a, b):
        by_name = {factor.name: factor for factor in runs.factors}
        rows.append(_keys(runs, [by_name[name] for name in both]))
    common = set(rows[0]) & set(rows[1])
    shared = sorted(common, key=str)
    if not shared:
        return None
    places = []
    for runs, keyed in zip((a, b), rows, strict=True):
        place = np.full(runs.design.num_rows, -1, np.int64)
        for pair, key in enumerate(shared):
            place[keyed[key]] = pair
        places.append(place)
    seeds = np.array([key[0] for key in shared])
    points = a.point[[rows[0][key][0] for key in shared]]
    by_point = is_random(a) and np.unique(points).size > np.unique(seeds).size
    word = "design point" if by_point else "seed"
    same = f" and the same {', '.join(both)}" if both else ""
    if all(len(keyed[key]) == 1 for keyed in rows for key in shared):
        how = f"{len(shared):,} pairs of runs with the same seed{same}"
    else:
        how = f"{len(shared):,} pairs of means of the runs with the same seed{same}"
    alone = sum(len(found) for keyed in rows for key, found in keyed.items() if key not in common)
    how += f"; {alone:,} runs have no match" if alone else ""
    cluster = points if by_point else seeds
    if np.unique(cluster).size < len(shared):
        how += f"; differences of one {word} are averaged"
    return _Pairs(places[0], places[1], cluster, how + ".")


def _means(values: Float64, place: npt.NDArray[np.int64], size: int) -> Float64:
    """Return the mean of each pair's runs, shape (size,); not a number where one has none."""
    there = place >= 0
    total = np.bincount(place[there], values[there], minlength=size)
    found: Float64 = total / np.bincount(place[there], minlength=size)
    return found


def _outcome(
    a: Ensemble,
    b: Ensemble,
    name: str,
    key: str,
    pairs: _Pairs | None,
    units: tuple[Units, Units],
    known: dict[str, str],
    confidence: float,
) -> Line:
    values = [runs.values(name, key) if (name, key) in runs.names_set else None for runs in (a, b)]
    unit = (a if values[0] is not None else b).unit(name, key)
    text = label(name, known) + (f", {key}" if key else "")
    line = f"{name} {key}".strip()
    x, y = values
    counts = not is_share(a, name)
    if x is None or y is None:
        there = [
            None if v is None else _mean(v[u.rows]) for v, u in zip(values, units, strict=True)
        ]
        side = "A" if x is None else "B"
        return Line(
            "outcome", line, text, unit, there[0], there[1], note=f"{side} does not measure it"
        )
    if pairs is not None:
        size = pairs.cluster.size
        p, q = _means(x, pairs.a, size), _means(y, pairs.b, size)
        whole = np.isfinite(p) & np.isfinite(q)
        lost = int((~whole).sum())
        p, q, cluster = p[whole], q[whole], pairs.cluster[whole]
        note = f"undefined in {lost:,} of {lost + p.size:,} pairs" if lost else ""
        if not p.size:
            return Line("outcome", line, text, unit, None, None, note=note)
        found, count = _paired(p, q, cluster, confidence, counts)
        return Line(
            "outcome", line, text, unit, float(p.mean()), float(q.mean()), found, count, note
        )
    p, q = units[0].values(x), units[1].values(y)
    gone = [int((~np.isfinite(v[u.rows])).sum()) for v, u in zip((x, y), units, strict=True)]
    note = f"undefined in {gone[0]:,} runs of A, {gone[1]:,} of B" if any(gone) else ""
    if not p.size or not q.size:
        sides = (_mean(p), _mean(q))
        return Line("outcome", line, text, unit, *sides, note=note)
    found = difference_interval(p, q, confidence, counts=counts)
    return Line("outcome", line, text, unit, float(p.mean()), float(q.mean()), found, 0, note)


def _mean(values: Float64) -> float | None:
    there = values[np.isfinite(values)]
    return float(there.mean()) if there.size else None


def _paired(
    p: Float64, q: Float64, cluster: npt.NDArray[np.int64], confidence: float, counts: bool
) -> tuple[Interval, int]:
    groups = np.unique(cluster).size
    if groups == p.size:
        return paired_interval(p, q, confidence, counts=counts), groups
    found = mean_interval(group_means(cluster, q - p)[1], confidence)  # a cluster counts once
    mean = float((q - p).mean())
    return Interval(mean, found.low, found.high, "paired t"), groups


def _given(a: Ensemble, b: Ensemble) -> Iterable[Line]:
    """Yield what the ensembles were given."""

    def line(name: str, one: Value, two: Value, note: str = "") -> Line:
        return Line("given", name, name, "", one, two, note=note)

    for name in ("scenario", "title", "startex", "scenario_digest"):
        if name in a.header or name in b.header:
            yield line(name, _text(a.header.get(name)), _text(b.header.get(name)))
    for name in ("kind", "common_random_numbers"):
        yield line(name.replace("_", " "), _text(a.plan.get(name)), _text(b.plan.get(name)))
    yield line("policies", _policies(a), _policies(b))
    yield line("seeds", _seeds(a), _seeds(b))
    yield line("runs", int(a.done.sum()), int(b.done.sum()))
    yield line("failed runs", len(a.failed), len(b.failed))
    sides = [{f.name: f for f in runs.factors if f.name != "policy"} for runs in (a, b)]
    for name in dict.fromkeys([*sides[0], *sides[1]]):
        one, two = (_range(side[name]) if name in side else None for side in sides)
        yield line(f"factor {name}", one, two, "" if one and two else "varied on one side only")


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _policies(runs: Ensemble) -> str:
    return ", ".join(sorted(set(runs.design.column("policy").to_pylist())))


def _seeds(runs: Ensemble) -> str:
    seeds = np.unique(runs.seed)
    if seeds.size > 2 and seeds[-1] - seeds[0] == seeds.size - 1:
        return f"{seeds[0]} to {seeds[-1]}"
    shown = ", ".join(map(str, seeds[:6]))
    return shown + (f", ... ({seeds.size})" if seeds.size > 6 else "")


def _range(factor: Factor) -> str:
    words = list(dict.fromkeys(factor.words))
    if factor.numbers is not None and len(words) > 6:
        ends = float(np.nanmin(factor.numbers)), float(np.nanmax(factor.numbers))
        return f"{number(ends[0])} to {number(ends[1])} {factor.unit}".strip()
    return f"{', '.join(sorted(words, key=_order))} {factor.unit}".strip()


def _order(word: str) -> tuple[float, str]:
    try:
        return float(word), word
    except ValueError:
        return float("inf"), word
