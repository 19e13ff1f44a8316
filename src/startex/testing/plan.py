"""A generated exercise before it is written: the rows of its files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from startex.foundation.clock import MS_PER_MINUTE

Row = dict[str, Any]

SOURCES = ("source", "title", "publisher", "date", "address", "reached_as", "derived_from",
           "origin", "note")  # fmt: skip
ORIGINS = ("origin", "name", "kind", "nation")
EVENTS = ("date", "time", "place", "text", "claim", "assumed")
"""Columns of the CSV files, in order."""


def time_text(t_ms: int) -> str:
    """Return an instant as scenario files have it, in UTC and to the minute."""
    at = datetime.fromtimestamp(t_ms // MS_PER_MINUTE * 60, UTC)
    return at.strftime("%Y-%m-%dT%H:%MZ")


@dataclass(slots=True)
class Plan:
    """The rows of every file of a scenario folder.

    Attributes
    ----------
    name, title, start_ms, end_ms
        What goes into scenario.yaml; local time is UTC.
    units, serials, claims, figures, policies, homes
        Rows of the YAML files of the same names.
    places, ways
        GeoJSON features.
    sources, origins, events
        Rows of the CSV files.
    """

    name: str
    title: str
    start_ms: int
    end_ms: int
    units: list[Row] = field(default_factory=list)
    serials: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)
    policies: list[Row] = field(default_factory=list)
    homes: list[Row] = field(default_factory=list)
    places: list[Row] = field(default_factory=list)
    ways: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    origins: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)

    def joined(self, other: Plan) -> Plan:
        """Return this plan with the cells of another, which has other ids and the same times."""
        rows: dict[str, Any] = {
            name: [*getattr(self, name), *getattr(other, name)]
            for name in ("units", "serials", "claims", "figures", "places", "ways", "events")
        }
        return replace(self, **rows)

    def write(self, folder: str | Path) -> Path:
        """Write the scenario folder, which must be new or empty, and return it."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise FileExistsError(f"{target} is not empty; an exercise gets a folder of its own")
        header = {
            "scenario": self.name,
            "title": self.title,
            "summary": "A generated exercise; nobody announced it. Only land and sea are real.",
            "start": time_text(self.start_ms),
            "end": time_text(self.end_ms),
            "utc_offset_h": 0,
            "policies": [row["policy"] for row in self.policies],
        }
        lines = [f"{key}: {_flow(value)}\n" for key, value in header.items()]
        (target / "scenario.yaml").write_text("".join(lines), encoding="utf-8")
        for name in ("units", "serials", "claims", "figures", "policies", "homes"):
            rows = getattr(self, name)
            if rows or name in ("units", "serials", "claims"):
                (target / f"{name}.yaml").write_text(yaml_rows(rows), encoding="utf-8")
        for name in ("places", "ways"):
            features = ",\n".join(_flow(row) for row in getattr(self, name))
            text = f'{{"type": "FeatureCollection", "features": [\n{features}\n]}}\n'
            (target / f"{name}.geojson").write_text(text, encoding="utf-8")
        for name, columns in (("sources", SOURCES), ("origins", ORIGINS), ("events", EVENTS)):
            text = _csv_rows(getattr(self, name), columns)
            (target / f"{name}.csv").write_text(text, encoding="utf-8")
        (target / "README.md").write_text(
            f"# {self.title}\n\n**Generated**, not reported: see `startex.testing`.\n",
            encoding="utf-8",
        )
        return target


def yaml_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as a YAML list, a key a line."""
    if not rows:
        return "[]\n"
    parts = []
    for row in rows:
        mark = "- "
        for key, value in row.items():
            parts.append(f"{mark}{key}: {_flow(value)}\n")
            mark = "  "
    return "".join(parts)


def _flow(value: object) -> str:
    """Return a value as JSON, which is YAML too."""
    return json.dumps(value, ensure_ascii=False)


def _csv_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def place(
    place_id: str, name: str, kind: str, at: tuple[float, float], radius_m: float, why: str
) -> Row:
    """Return a place as a GeoJSON point; ``at`` is (lat, lon)."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [at[1], at[0]]},
        "properties": {
            "place": place_id, "name": name, "kind": kind, "radius_m": radius_m, "assumed": why,
        },
    }  # fmt: skip


def way(
    way_id: str, name: str, kind: str, ends: tuple[str, str],
    line: Sequence[tuple[float, float]], **more: Any,
) -> Row:  # fmt: skip
    """Return a way as a GeoJSON line through (lat, lon) points, between two places."""
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in line]},
        "properties": {
            "way": way_id, "name": name, "kind": kind, "from": ends[0], "to": ends[1], **more,
            "assumed": "drawn straight between its ends",
        },
    }  # fmt: skip
