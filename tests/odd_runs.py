"""Runs that another program may have written: few tables, other places on Earth, little known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import startex
from foreign_runs import Rows, rows_of, write
from startex.recording import tables

__all__ = ["bare", "moved"]

LEAST = ("entities", "units", "legs", "carriers")


def bare(
    run: startex.Run,
    folder: Path,
    change: Callable[[Rows], None] = lambda rows: None,
    kept: Sequence[str] = LEAST,
    **manifest: Any,
) -> startex.Run:
    """Write a run anew with some of its tables, its rows changed."""
    rows = rows_of(run, {name: tables.schema(name).names for name in kept})
    change(rows)
    return write(folder, rows, run, **manifest)


def moved(lat: float, lon: float, middle: tuple[float, float]) -> Callable[[Rows], None]:
    """Return a change that puts what stands around a middle elsewhere, as far apart in degrees."""

    def change(rows: Rows) -> None:
        for listed in rows.values():
            for row in listed:
                for column in row:
                    if row[column] is None:
                        continue
                    if column in ("lat", "lat0", "lat1", "start_lat"):
                        row[column] = min(90.0, row[column] + lat - middle[0])
                    elif column in ("lon", "lon0", "lon1", "start_lon"):
                        row[column] += lon - middle[1]

    return change
