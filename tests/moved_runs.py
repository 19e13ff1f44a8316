"""A run of an exercise held later, against the run of the exercise: all times move, nothing else.

Columns of instants are those with the unit ms, but for `DURATIONS`; beside them instants stand
in texts, written out, and among the parameters of orders.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import startex
from startex.foundation.clock import format_time
from startex.recording.tables import columns_of, declared

DURATIONS = {("serials", "tolerance")}
"""Columns with the unit ms that are no instants."""

TOLD = {"text", "reason"}
"""Columns whose texts name instants: ``2022-09-01T06:00:00Z``, or ``09-01 06:00`` local time."""

_INSTANT = re.compile(r"\b(\d{4}-)?(\d\d-\d\d)([T ])(?=\d\d:\d\d)")


def differences(run: startex.Run, later: startex.Run, by_ms: int) -> list[str]:
    """Return where ``later`` is not ``run`` with all times ``by_ms`` later; [] if nowhere."""
    begins, begun = run.manifest.header, later.manifest.header
    found = [] if run.manifest.counts == later.manifest.counts else ["other counts"]
    moved = (begun.sim_start - by_ms, begun.sim_end - by_ms)
    if moved != (begins.sim_start, begins.sim_end):
        found.append("other start or end")
    year = int(format_time(begins.sim_start)[:4])
    for name in declared():
        before, after = run.table(name), later.table(name)
        if before.num_rows != after.num_rows:
            found.append(f"{name}: {before.num_rows} rows, then {after.num_rows}")
            continue
        found += [
            f"{name}.{column}: {_first(wanted, after.column(column))}"
            for column, wanted in _later(name, before, by_ms, year)
            if not _equal(wanted, after.column(column))
        ]
    return found


def _later(name: str, table: pa.Table, by_ms: int, year: int) -> list[tuple[str, Any]]:
    """Return the columns that the later run must have."""
    columns = []
    for column in columns_of(name):
        values = table.column(column.name)
        if column.unit == "ms" and (name, column.name) not in DURATIONS:
            values = pc.add(values, by_ms)
        elif (name, column.name) == ("claims", "used_for") or (
            name in ("events", "serials", "orders") and column.name in TOLD
        ):
            values = _each(values, lambda text: _text_later(text, by_ms, year))
        elif (name, column.name) == ("orders", "params"):
            values = _each(values, lambda text: _params_later(text, by_ms))
        columns.append((column.name, values))
    return columns


def _each(values: pa.ChunkedArray, change: Any) -> pa.Array:
    texts = [None if text is None else change(text) for text in values.to_pylist()]
    return pa.array(texts, pa.string())


def _text_later(text: str, by_ms: int, year: int) -> str:
    def moved(match: re.Match[str]) -> str:
        day = datetime.fromisoformat(f"{match[1] or f'{year}-'}{match[2]}")
        later = (day + timedelta(milliseconds=by_ms)).date().isoformat()
        return (later if match[1] else later[5:]) + match[3]

    return _INSTANT.sub(moved, text)


def _params_later(text: str, by_ms: int) -> str:
    params = json.loads(text)
    if "until_ms" in params:
        params["until_ms"] += by_ms
    return json.dumps(params, sort_keys=True)


def _equal(wanted: Any, found: pa.ChunkedArray) -> bool:
    one, other = (
        column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        for column in (wanted, found)
    )
    if pa.types.is_floating(other.type):  # nan stands for itself
        one, other = (np.array(column.fill_null(np.nan)) for column in (one, other))
        return np.array_equal(one, other, equal_nan=True)
    if pa.types.is_dictionary(other.type):
        one, other = one.cast(pa.string()), other.cast(pa.string())
    return bool(one.equals(other))


def _first(wanted: Any, found: pa.ChunkedArray) -> str:
    pairs = zip(wanted.to_pylist(), found.to_pylist(), strict=True)
    return next((f"row {i}: {a!r}, not {b!r}" for i, (a, b) in enumerate(pairs) if a != b), "?")
