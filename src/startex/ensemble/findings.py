"""An ensemble in words: how often it works, what breaks it, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from startex.ensemble.conclusions import Conclusion
from startex.ensemble.effects import Effect, Sensitivity
from startex.ensemble.levels import Level, levels
from startex.ensemble.reading import Ensemble
from startex.ensemble.statistics import Interval
from startex.ensemble.summary import row_of
from startex.ensemble.timelines import SerialRow
from startex.ensemble.units import Units
from startex.ensemble.words import number, percent, percent_span

_SURE = {0.9: "nine times in ten", 0.95: "nineteen times in twenty", 0.99: "99 times in 100"}


def how_often(runs: Ensemble, told: Conclusion, units: Units, confidence: float) -> str:
    """Return how often a conclusion holds, with its interval, in a sentence."""
    row = row_of(told.says, "", "", told.holds, units, confidence)
    if not row.runs:
        return f"{told.says}: undefined in all runs."
    held = int(np.nansum(told.holds[units.rows]))
    counted = f"{held:,} of {row.runs:,} runs"
    if held == row.runs:
        least = percent(row.centre.low)
        text = f"{told.says}: in all {row.runs:,} runs"
        text += f", so with {percent(confidence)} confidence in at least {least} of such runs"
        text += f" ({units.word}s that are independent: {row.units:,})" * (units.word != "run")
    elif held == 0:
        text = f"{told.says}: in none of {row.runs:,} runs"
        text += f", so with {percent(confidence)} confidence in at most {percent(row.centre.high)}"
    elif math.isfinite(row.centre.half):
        text = (
            f"{told.says}: in {counted}, {percent(row.centre.value)} "
            f"({percent_span(row.centre.low, row.centre.high)})"
        )
    else:
        text = f"{told.says}: in {counted}; too few independent runs for an interval"
    if row.undefined:
        text += f"; undefined in {row.undefined:,} more"
    return text + "."


def what_breaks(
    runs: Ensemble, told: Conclusion, found: Sensitivity | None, confidence: float
) -> str:
    """Return which factor a conclusion hangs on most, in a sentence or two."""
    if found is None or not found.effects:
        return "No factor was varied: what differs between runs is chance alone."
    there = told.holds[runs.done]
    there = there[np.isfinite(there)]
    if there.size and there.min() == there.max():
        return "Nothing that was varied changes that."
    for effect in found.effects:
        if _matters(effect):
            return _story(runs, told, effect, confidence)
    names = ", ".join(effect.factor for effect in found.effects)
    word = "it" if len(found.effects) == 1 else "any of them"
    return f"Of what was varied ({names}), no effect of {word} stands out from chance."


def _matters(effect: Effect) -> bool:
    if effect.steps:
        return any(found.excludes(0.0) for _, found in effect.steps)
    if not math.isnan(effect.total.value):
        return effect.total.low > 0.01
    if not math.isnan(effect.first.value):
        return effect.first.low > 0.0
    return effect.mu_star.low > 0.0


def _story(runs: Ensemble, told: Conclusion, effect: Effect, confidence: float) -> str:
    factor = next(one for one in runs.factors if one.name == effect.factor)
    here = [one for one in levels(runs, factor, told.holds, confidence) if one.runs]
    if len(here) < 2:
        return f"It hangs most on {effect.factor}."
    best = max(here, key=lambda one: one.found.value)
    worst = min(here, key=lambda one: one.found.value)
    text = (
        f"It hangs most on {effect.factor}: at {_at(best, factor.unit)} it holds in "
        f"{_often(best.found)} of the runs, at {_at(worst, factor.unit)} in {_often(worst.found)}"
    )
    share = effect.first
    if not math.isnan(share.value):
        text += f"; this explains {percent(max(0.0, share.value))} of the difference between runs"
        text += f" ({percent_span(max(0.0, share.low), min(1.0, share.high))})"
    return text + "."


def _at(level: Level, unit: str) -> str:
    return f"{level.name} {unit}".strip() if "(" not in level.name else f"its {level.name}"


def _often(found: Interval) -> str:
    if not math.isfinite(found.half):
        return percent(found.value)
    low, high = max(0.0, found.low), min(1.0, found.high)
    return f"{percent(found.value)} ({percent_span(low, high)})"


def weak_serials(rows: Sequence[SerialRow], most: int = 3) -> str:
    """Return the serials that start late most often, in a sentence; empty where none does."""
    late = [row for row in rows if row.on_time is not None and row.on_time.mean < 1.0]
    late.sort(key=lambda row: (row.on_time.mean if row.on_time else 1.0, row.serial))
    if not late:
        return "Every serial that was measured started on time in every run." if rows else ""
    parts = []
    for row in late[:most]:
        assert row.on_time is not None
        centre = row.on_time.centre
        parts.append(f"{row.name}, on time in {_often(centre)} of the runs")
    return "Serials that most often start late or never: " + "; ".join(parts) + "."


def how_sure(runs: Ensemble, units: Units, confidence: float, found: Sensitivity | None) -> str:
    """Return what the figures rest on, in a sentence or two."""
    done, failed = int(runs.done.sum()), len(runs.failed)
    seeds = np.unique(runs.seed[runs.done]).size
    points = np.unique(runs.variant[runs.done]).size
    text = f"This rests on {done:,} {'run' if done == 1 else 'runs'}: "
    text += f"{points:,} {'variant' if points == 1 else 'variants'}, "
    text += f"{seeds:,} {'seed' if seeds == 1 else 'seeds'}. "
    sure = _SURE.get(confidence, f"{percent(confidence)} of the times")
    text += f"Figures in brackets are intervals that hold the true value {sure}."
    if found is not None and not math.isnan(found.chance):
        text += f" Chance alone makes {percent(found.chance)} of the difference between runs."
    if failed:
        text += f" {failed:,} {'run' if failed == 1 else 'runs'} failed and are not in it."
    if units.note:
        text += " " + units.note
    return text


def number_with(found: Interval, unit: str = "") -> str:
    """Return an estimate with its interval: ``3.2 h (2.9 to 3.5)``."""
    text = f"{number(found.value)} {unit}".strip()
    if math.isfinite(found.half):
        text += f" ({number(found.low)} to {number(found.high)})"
    return text
