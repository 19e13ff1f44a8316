"""Ensemble folders made to order, from any function instead of a simulation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Outcome = Mapping[tuple[str, str], tuple[float | None, str]]
"""(measure, key) to value and unit."""


def write_ensemble(
    folder: str | Path,
    points: Sequence[Mapping[str, Any]],
    outcome: Callable[[Mapping[str, Any], int], Outcome | str],
    *,
    replications: int = 1,
    common: bool = True,
    seed: int = 1,
    header: Mapping[str, Any] | None = None,
    design: Mapping[str, Any] | None = None,
) -> Path:
    """Write an ensemble folder and return it.

    Parameters
    ----------
    folder
        Made if it is not there.
    points
        Design points: factor to value; ``block`` and ``role`` of structured designs, and
        ``policy``, go into columns of their own.
    outcome
        Given a point and a seed, the measures of that run, or why it failed.
    replications
        Runs at each point.
    common
        Whether replication r has the same seed at every point.
    seed
        The first.
    header, design
        Entries of ``ensemble.json`` and of its ``design``, over those made here.
    """
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    names = [name for name in points[0] if name not in ("block", "role", "policy")]
    rows: list[tuple[int, int, int, int, Mapping[str, Any]]] = []
    measures: list[tuple[int, str, str, float | None, str]] = []
    failures: list[dict[str, Any]] = []
    for variant, point in enumerate(points):
        for replication in range(replications):
            run = len(rows)
            own = seed + (replication if common else run)
            rows.append((run, variant, replication, own, point))
            found = outcome(point, own)
            if isinstance(found, str):
                failures.append({"run": run, "attempt": 1, "error": "Failed", "detail": found})
                continue
            for (measure, key), (value, unit) in sorted(found.items()):
                measures.append((run, measure, key, value, unit))
    columns: dict[str, pa.Array] = {
        name: pa.array([row[at] for row in rows], kind)
        for at, (name, kind) in enumerate(
            (("run", "int32"), ("variant", "int32"), ("replication", "int32"), ("seed", "int64"))
        )
    }
    columns["policy"] = pa.array([str(row[4].get("policy", "stated")) for row in rows], "string")
    for name in names:
        values = [row[4][name] for row in rows]
        text = any(isinstance(value, str) for value in values)
        columns[f"factor:{name}"] = pa.array(values, "string" if text else "float64")
    for name, kind in (("block", "int32"), ("role", "string")):
        if name in points[0]:
            columns[name] = pa.array([row[4][name] for row in rows], kind)
    pq.write_table(pa.table(columns), path / "design.parquet")
    _write(path / "measures.parquet", measures)
    pq.write_table(
        pa.Table.from_pylist(
            failures,
            pa.schema(
                [("run", "int32"), ("attempt", "int32"), ("error", "string"), ("detail", "string")]
            ),
        ),
        path / "failures.parquet",
    )
    plan = {
        "kind": "factorial",
        "factors": [{"name": name} for name in names],
        "measures": [],
        "common_random_numbers": common,
        **(design or {}),
    }
    facts = {
        "format": 1, "scenario": "made", "title": "A made exercise", "startex": "0",
        "design": plan, "stopping": {}, "runs_planned": len(rows),
        "runs_done": len(rows) - len(failures), "runs_failed": len(failures), **(header or {}),
    }  # fmt: skip
    (path / "ensemble.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return path


def _write(path: Path, measures: Iterable[tuple[int, str, str, float | None, str]]) -> None:
    rows = list(measures)
    pq.write_table(
        pa.table(
            {
                "run": pa.array([row[0] for row in rows], "int32"),
                "measure": pa.array([row[1] for row in rows], "string"),
                "key": pa.array([row[2] for row in rows], "string"),
                "value": pa.array([row[3] for row in rows], "float64"),
                "unit": pa.array([row[4] for row in rows], "string"),
            }
        ),
        path,
    )
