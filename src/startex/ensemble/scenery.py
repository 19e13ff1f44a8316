"""What the scenario of an ensemble says of its serials and conflicts, where it is still there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from startex.ensemble.reading import Ensemble
from startex.foundation.clock import parse_time
from startex.foundation.errors import StartexError
from startex.foundation.yamlfile import read_yaml
from startex.scenario.shipped import find_scenario
from startex.sources.conflicts import Conflict
from startex.sources.load import load_dossier


@dataclass(frozen=True, slots=True)
class SerialPlan:
    """A serial as it was planned: its name, and when it is to start and end (ms)."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scenery:
    """Plans of serials, conflicts, quotes of claims, names of figures, by id; empty if not found.

    Local time is that in which the first serial is planned.
    """

    serials: dict[str, SerialPlan] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    quotes: dict[str, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)
    utc_offset_h: float = 0.0


def scenery(runs: Ensemble) -> Scenery:
    """Return what the scenario says; an ensemble whose scenario is gone is read without."""
    try:
        folder = find_scenario(
            str(runs.header.get("scenario_folder") or runs.header.get("scenario") or "")
        )
        serials, offset_h = _serials(folder)
    except (StartexError, OSError):
        return Scenery()
    try:
        dossier = load_dossier(folder)
    except (StartexError, OSError):
        return Scenery(serials, utc_offset_h=offset_h)
    return Scenery(
        serials,
        dict(dossier.conflicts),
        {name: claim.quote for name, claim in dossier.claims.items()},
        {name: figure.name for name, figure in dossier.figures.items()},
        offset_h,
    )


def _serials(folder: Path) -> tuple[dict[str, SerialPlan], float]:
    offset_h = 0.0
    found: dict[str, SerialPlan] = {}
    data: Any = read_yaml(folder / "serials.yaml").data
    for row in data if isinstance(data, list) else ():
        if not isinstance(row, dict):
            continue
        try:
            start, end = parse_time(str(row["start"])), parse_time(str(row["end"]))
        except (KeyError, ValueError):
            continue
        if not found:
            offset = datetime.fromisoformat(str(row["start"])).utcoffset()
            offset_h = offset.total_seconds() / 3600.0 if offset is not None else 0.0
        found[str(row.get("serial"))] = SerialPlan(str(row.get("name", "")), start, end)
    return found, offset_h
