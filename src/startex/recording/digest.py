"""The digest of a run: a function of its content, not of how the content came into files.

Each column gives its bytes in the canonical row order of its table: little-endian numbers (null
as zero), texts as lengths followed by UTF-8, and one byte a row that says whether there is a value
where the column may lack one. SHA-256 over columns by name, then over tables by name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from startex.recording import tables

FORMAT = 1
"""Version of the store's format; part of every digest."""


def column_digest(values: pa.ChunkedArray, nullable: bool) -> str:
    """Return the digest of one column, its rows in canonical order."""
    digest = hashlib.sha256()
    kind = values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.cast(pa.string()), pa.string()
    if nullable:
        digest.update(np.packbits(values.is_valid().to_numpy()).data)
    if pa.types.is_string(kind):
        values = values.fill_null("").cast(pa.large_string())
        digest.update(pc.binary_length(values).to_numpy().astype("<i8").data)
        for chunk in values.chunks:
            _, offsets, data = chunk.buffers()
            if data is not None:
                ends = np.frombuffer(offsets, dtype=np.int64)
                first, last = ends[chunk.offset], ends[chunk.offset + len(chunk)]
                digest.update(memoryview(data)[first:last])
        return digest.hexdigest()
    if pa.types.is_boolean(kind):
        digest.update(values.fill_null(False).to_numpy().astype(np.uint8).data)
        return digest.hexdigest()
    numbers = values.fill_null(0).to_numpy() if values.null_count else values.to_numpy()
    if pa.types.is_floating(kind):
        numbers = numbers + 0.0  # one zero, not two
    little = numbers.astype(numbers.dtype.newbyteorder("<"), copy=False)
    digest.update(np.ascontiguousarray(little).data)
    return digest.hexdigest()


def _combine(table: str, rows: int, columns: Iterable[tuple[str, str]]) -> str:
    text = json.dumps([table, rows, sorted(columns)], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def table_digest(table: str, data: pa.Table) -> str:
    """Return the digest of a table as `tables.conform` returns it."""
    nullable = {column.name: column.nullable for column in tables.columns_of(table)}
    return _combine(
        table,
        len(data),
        [(name, column_digest(data.column(name), nullable[name])) for name in nullable],
    )


def parts_digest(
    table: str, parts: Iterable[pa.Table], read: Any, executor: Executor | None = None
) -> str:
    """Return the digest of a table that lies in parts, one column in memory at a time.

    Parameters
    ----------
    table
        Name of the table.
    parts
        The key columns of every part, in any partition of the rows.
    read
        ``read(column)`` returns that column of all parts, in the same order of parts.
    executor
        Where columns are read and hashed at once; the result is the same without.
    """
    keys = pa.concat_tables(parts)
    order = tables.sort_index(table, keys)
    if _has_ties(table, keys if order is None else keys.take(pa.array(order))):
        whole = pa.table({column.name: read(column.name) for column in tables.columns_of(table)})
        order = tables.sort_index(table, whole)
    index = None if order is None else pa.array(order)

    def one(column: tables.Column) -> tuple[str, str]:
        values = read(column.name)
        if index is not None:
            values = values.take(index)
        return column.name, column_digest(values, column.nullable)

    columns = tables.columns_of(table)
    results = list(executor.map(one, columns)) if executor else [one(c) for c in columns]
    return _combine(table, len(keys), results)


def _has_ties(table: str, keyed: pa.Table) -> bool:
    same = np.ones(max(len(keyed) - 1, 0), dtype=bool)
    for key in tables.sort_key(table):
        column = keyed.column(key)
        equal = pc.equal(column.slice(0, len(same)), column.slice(1))
        same &= equal.to_numpy()
    return bool(same.any())


def run_digest(header: Mapping[str, Any], table_digests: Mapping[str, str]) -> str:
    """Return the digest of a run from its header (see `manifest.Header.identity`) and tables."""
    text = json.dumps(
        {"format": FORMAT, "header": dict(header), "tables": dict(table_digests)},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()
