"""Which outcomes a report tells first."""

from __future__ import annotations

import math
import re
from datetime import date

from startex.ensemble.reading import Ensemble, Factor
from startex.ensemble.sensitivity import chance_share
from startex.ensemble.summary import Row, Summary

MOST = 8
"""Outcomes that get pictures of their own."""

_FIRST = (
    "serials.held", "serials.late", "serials.partly", "serials.not_held", "serials.longest_delay",
    "supply.shortages", "troubles.serials",
)  # fmt: skip

_DETAIL = re.compile(
    r"^(presence|policy|claims|accounting|forces|objectives)\.|\.day_|\.delay_min$|\.(first|end)$"
)
"""Figures that are too many, or are given and not outcomes."""


def main_outcomes(runs: Ensemble, summary: Summary) -> list[Row]:
    """Return the outcomes to show first.

    Those that the design names (without wildcards), and what its end and its conclusions are
    about. Where it names none: serials, and then figures of the whole, first what depends least
    on chance alone, and of like ones those that spread widest.
    """
    rows = {(row.measure, row.key): row for row in summary.rows}
    named = [(str(name), "") for name in runs.plan.get("measures") or () if "*" not in str(name)]
    named += [(str(one.get("name")), "") for one in runs.plan.get("sql") or ()]
    until = (runs.header.get("stopping") or {}).get("until") or {}
    for one in (until, *(runs.plan.get("conclusions") or ())):
        named.append((str(one.get("measure") or ""), str(one.get("key") or "")))
    found = [rows[key] for key in dict.fromkeys(named) if key in rows]
    if found:
        return found[:MOST]
    usual = [rows[name, ""] for name in _FIRST if (name, "") in rows and rows[name, ""].varies]
    others = [
        row
        for row in summary.rows
        if not row.key and row.varies and row.mean and row not in usual and not row.undefined
        and not _DETAIL.search(row.measure)
    ]  # fmt: skip
    factors = any(factor.varies for factor in runs.factors)

    def rank(row: Row) -> tuple[float, float, str]:
        chance = chance_share(runs, runs.values(row.measure)) if factors else math.nan
        spread = row.sd / abs(row.mean) if row.sd == row.sd else 0.0
        return (1.0 if math.isnan(chance) else round(chance, 2), -spread, row.measure)

    others.sort(key=rank)
    return (usual + others)[:MOST]


def days_of(runs: Ensemble, measure: str) -> list[str]:
    """Return the days by which a measure is keyed, in order; [] where its keys are others."""
    keys = list(runs.keys(measure))
    try:
        for key in keys:
            date.fromisoformat(key)
    except ValueError:
        return []
    return keys if len(keys) > 1 else []


def factor_label(factor: Factor) -> str:
    """Return what a factor is called for a reader; a name of its own as it is."""
    path = str(factor.about.get("path") or "")
    if factor.name != path:
        return factor.name
    parts = path.split(".")
    if parts[0] == "serials" and len(parts) > 2:
        what = parts[-1].replace("_", " ")
        unit = factor.unit.replace("/", " ")
        return f"{what.removesuffix(' ' + unit)} of {parts[1]}"
    return path
