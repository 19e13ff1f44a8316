"""The tables of an ensemble folder, written from the journal: the same bytes for the same runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from startex.ensemble.journal import Journal
from startex.recording.parquet import TEMPORARY, write_durably

ENSEMBLE = "ensemble.json"
FORMAT = 1

MEASURES = pa.schema(
    [
        ("run", pa.int32()),
        ("measure", pa.string()),
        ("key", pa.string()),
        ("value", pa.float64()),
        ("unit", pa.string()),
    ]
)
FAILURES = pa.schema(
    [
        ("run", pa.int32()),
        ("attempt", pa.int32()),
        ("error", pa.string()),
        ("detail", pa.string()),
    ]
)

_ROWS_HELD = 200_000
"""Rows of measures that are held in memory before they are written; some 30 MB."""


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write plain data, durably, or not at all."""
    write_durably(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table whole, or not at all."""
    _write(path, table.schema, iter([table]))


def write_measures(path: Path, journal: Journal, runs: Iterable[int]) -> None:
    """Write the measures of those of ``runs`` that went well, in the order given."""

    def parts() -> Iterator[pa.Table]:
        columns: list[list[Any]] = [[] for _ in MEASURES]
        for run in runs:
            if run not in journal.done:
                continue
            rows = journal.outcome(journal.done[run]).rows
            columns[0] += [run] * len(rows)
            for number, values in enumerate(zip(*rows, strict=True), start=1):
                columns[number] += values
            if len(columns[0]) >= _ROWS_HELD:
                yield pa.table(columns, schema=MEASURES)
                columns = [[] for _ in MEASURES]
        yield pa.table(columns, schema=MEASURES)

    _write(path, MEASURES, parts())


def write_failures(path: Path, journal: Journal) -> None:
    """Write every attempt that failed, by run and attempt."""
    found = [
        journal.outcome(journal.failed[run][attempt])
        for run in sorted(journal.failed)
        for attempt in sorted(journal.failed[run])
    ]
    columns = [
        [outcome.run for outcome in found],
        [outcome.attempt for outcome in found],
        [outcome.error for outcome in found],
        [outcome.detail for outcome in found],
    ]
    write_table(path, pa.table(columns, schema=FAILURES))


def _write(path: Path, schema: pa.Schema, parts: Iterator[pa.Table]) -> None:
    temporary = path.with_name(path.name + TEMPORARY)
    encodings = {"run": "DELTA_BINARY_PACKED", "value": "BYTE_STREAM_SPLIT"}
    words = [field.name for field in schema if pa.types.is_string(field.type)]
    with pq.ParquetWriter(
        temporary, schema, compression="zstd", use_dictionary=words,
        column_encoding={k: v for k, v in encodings.items() if k in schema.names},
    ) as writer:  # fmt: skip
        for part in parts:
            if part.num_rows:
                writer.write_table(part, row_group_size=part.num_rows)
    temporary.replace(path)
