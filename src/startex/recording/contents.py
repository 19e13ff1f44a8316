"""Reading the stored rows of a run back, in any partition."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from startex.recording import tables
from startex.recording.digest import parts_digest
from startex.recording.manifest import Manifest


def read_table(
    folder: Path, manifest: Manifest, table: str, columns: Sequence[str] | None = None
) -> pa.Table:
    """Return the rows of ``table`` (all, in the order of files), or some of its columns."""
    schema = tables.schema(table)
    wanted = schema if columns is None else pa.schema([schema.field(name) for name in columns])
    parts = [
        pq.ParquetFile(folder / file.path).read(columns=wanted.names).cast(wanted)
        for file in manifest.files_of(table)
    ]
    return pa.concat_tables(parts) if parts else wanted.empty_table()


def compute_digests(
    folder: Path, manifest: Manifest, executor: ThreadPoolExecutor | None = None
) -> dict[str, str]:
    """Return the digest of every table that has rows in the run, read back from its files."""
    digests = {}
    for table in sorted({file.table for file in manifest.files}):
        files = manifest.files_of(table)
        if len(files) == 1:  # the rows of a file stand in canonical order
            digests[table] = files[0].content
            continue

        def read(column: str, table: str = table) -> pa.ChunkedArray:
            return read_table(folder, manifest, table, [column]).column(column)

        keys = read_table(folder, manifest, table, tables.sort_key(table))
        digests[table] = parts_digest(table, [keys], read, executor)
    return digests
