"""The pictures of the report of an ensemble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from startex.ensemble import charts
from startex.ensemble.headline import days_of, factor_label
from startex.ensemble.levels import Level, levels
from startex.ensemble.timelines import timeline_charts

if TYPE_CHECKING:
    from startex.ensemble.report import Outcome, Report

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def pictures(made: Report) -> dict[str, Any]:
    """Return the pictures of a report, ready for its template."""
    runs = made.runs
    labels = {factor.name: factor_label(factor) for factor in runs.factors}
    spread, effects = [], []
    for number, one in enumerate(made.outcomes_and_told):
        there = one.values[made.summary.units.rows & np.isfinite(one.values)]
        if one in made.outcomes and there.size and one.row.varies:
            spread.append(
                (one, Markup(charts.distribution(f"d{number}", one.row, there, one.label)))
            )
        if one.found is None or not one.found.effects or one.row.least == one.row.greatest:
            continue
        shown = [
            effect.renamed(labels.get(effect.factor, effect.factor)) for effect in one.found.effects
        ]
        bars = ""
        if any(effect.rank > 0.0 for effect in shown):
            title = f"What {one.label} hangs on"
            bars = charts.effect_bars(f"e{number}", shown, title, one.row.unit)
        tornado = _tornado(made, number, one, labels) if bars else ""
        effects.append((one, Markup(bars), Markup(tornado)))
    return {
        "spread": spread,
        "effects": effects,
        "timeline": [Markup(svg) for svg in timeline_charts(made.serials, made.known.utc_offset_h)],
        "fans": _fans(made),
    }


def _tornado(made: Report, number: int, one: Outcome, labels: dict[str, str]) -> str:
    """Return the means of an outcome by level; nothing where the design is about steps."""
    if one.found is None or one.found.method in ("one-at-a-time", "morris"):
        return ""
    rows = []
    for factor in made.runs.factors:
        found = levels(made.runs, factor, one.values, made.confidence) if factor.varies else []
        here = [level for level in found if level.runs]
        if len(here) > 1:
            rows.append((labels[factor.name], here))
    rows.sort(key=lambda row: -_width(row[1]))
    if not rows:
        return ""
    title = f"{one.label} by factor"
    return charts.tornado(f"t{number}", rows, one.row.mean, title, one.row.unit)


def _width(here: list[Level]) -> float:
    means = [level.found.value for level in here]
    return float(max(means) - min(means))


def _fans(made: Report) -> list[tuple[str, str, Markup]]:
    runs, found = made.runs, []
    rows = made.summary.units.rows
    for number, measure in enumerate(dict.fromkeys(name for name, _ in runs.names)):
        days = days_of(runs, measure)
        if not days:
            continue
        quantiles, kept, least = [], [], int(rows.sum())
        for day in days:
            values = runs.values(measure, day)[rows]
            values = values[np.isfinite(values)]
            if values.size:
                quantiles.append(np.quantile(values, _QUANTILES))
                kept.append(day)
                least = min(least, values.size)
        if len(kept) > 1:
            label, unit = made.label(measure), runs.unit(measure, kept[0])
            svg = charts.fan(f"fan{number}", kept, np.array(quantiles).T, label, unit)
            found.append((label, f"{least:,}", Markup(svg)))
    return found
