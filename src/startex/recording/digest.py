"""The digest of a run: a function of its content, not of how the content came into files.

Each column gives its bytes in the canonical row order of its table: little-endian numbers (null
as zero), texts as lengths followed by UTF-8, and one byte a row that says whether there is a value
where the column may lack one. SHA-256 over columns by name, then over tables by name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from startex.recording import tables

Int64 = npt.NDArray[np.int64]

FORMAT = 1
"""Version of the store's format; part of every digest."""

_BLOCK_ROWS = 1 << 17


def column_digest(
    values: pa.ChunkedArray | pa.Array, nullable: bool, order: Int64 | None = None
) -> str:
    """Return the digest of one column, in blocks of rows, so that it needs little memory.

    Parameters
    ----------
    values
        The column.
    nullable
        Whether it may lack values.
    order
        Indices that put its rows in canonical order; None where they are in it.
    """
    digest = hashlib.sha256()
    if nullable:
        valid = values.is_valid().to_numpy(zero_copy_only=False)
        digest.update(np.packbits(valid if order is None else valid[order]).data)
    kind = values.type
    if pa.types.is_dictionary(kind):
        blocks = _word_blocks(values, order)
    elif pa.types.is_string(kind):
        blocks = _text_blocks(values, order)
    else:
        _add_numbers(digest, values, order)
        return digest.hexdigest()
    for text in blocks():
        digest.update(pc.binary_length(text).to_numpy().astype("<i8").data)
    for text in blocks():
        _, offsets, data = text.buffers()
        if data is not None:
            ends = np.frombuffer(offsets, dtype=np.int64)
            first, last = ends[text.offset], ends[text.offset + len(text)]
            digest.update(memoryview(data)[first:last])
    return digest.hexdigest()


def _add_numbers(digest: Any, values: pa.ChunkedArray | pa.Array, order: Int64 | None) -> None:
    kind = values.type
    if values.null_count:
        values = values.fill_null(False if pa.types.is_boolean(kind) else 0)
    numbers = values.to_numpy(zero_copy_only=False)
    if pa.types.is_boolean(kind):
        numbers = numbers.astype(np.uint8)
    for rows in _rows(len(numbers), order):
        block = numbers[rows]
        if pa.types.is_floating(kind):
            block = block + 0.0  # one zero, not two
        little = block.astype(block.dtype.newbyteorder("<"), copy=False)
        digest.update(np.ascontiguousarray(little).data)


def _rows(count: int, order: Int64 | None) -> Iterator[slice | Int64]:
    """Yield the rows of each block in canonical order."""
    for first in range(0, count, _BLOCK_ROWS):
        rows = slice(first, first + _BLOCK_ROWS)
        yield rows if order is None else order[rows]


def _text_blocks(
    values: pa.ChunkedArray | pa.Array, order: Int64 | None
) -> Callable[[], Iterator[pa.Array]]:
    """Return a function that gives the texts in canonical order, block by block; null is empty."""
    texts = values.fill_null("").cast(pa.large_string())
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
        if isinstance(texts, pa.ChunkedArray):  # it stays chunked when it is empty
            texts = pa.array([], pa.large_string())

    def blocks() -> Iterator[pa.Array]:
        for rows in _rows(len(texts), order):
            yield texts[rows] if isinstance(rows, slice) else texts.take(pa.array(rows))

    return blocks


def _word_blocks(
    values: pa.ChunkedArray | pa.Array, order: Int64 | None
) -> Callable[[], Iterator[pa.Array]]:
    """Do the same for a dictionary column: its texts are never all in memory."""
    chunks = values.unify_dictionaries().chunks if isinstance(values, pa.ChunkedArray) else [values]
    if not chunks:
        return lambda: iter(())
    words = pa.concat_arrays(
        [chunks[0].dictionary.cast(pa.large_string()), pa.array([""], pa.large_string())]
    )
    codes = np.concatenate(
        [chunk.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False) for chunk in chunks]
    )

    def blocks() -> Iterator[pa.Array]:
        for rows in _rows(len(codes), order):
            yield words.take(pa.array(codes[rows]))

    return blocks


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
    table: str,
    read: Callable[[str], pa.ChunkedArray | pa.Array],
    executor: Executor | None = None,
) -> str:
    """Return the digest of a table that lies in parts, a few columns in memory at a time.

    Parameters
    ----------
    table
        Name of the table.
    read
        ``read(column)`` returns that column of all parts, always in the same order of parts.
    executor
        Where columns are read and hashed at once; the result is the same without.
    """
    keys = pa.table({name: read(name) for name in tables.sort_key(table)})
    count, order = len(keys), tables.sort_index(table, keys)
    if _has_ties(table, keys if order is None else keys.take(pa.array(order))):
        whole = pa.table({column.name: read(column.name) for column in tables.columns_of(table)})
        order = tables.sort_index(table, whole)
    del keys

    def one(column: tables.Column) -> tuple[str, str]:
        return column.name, column_digest(read(column.name), column.nullable, order)

    columns = tables.columns_of(table)
    results = list(executor.map(one, columns)) if executor else [one(c) for c in columns]
    return _combine(table, count, results)


def _has_ties(table: str, keyed: pa.Table) -> bool:
    same = np.ones(max(len(keyed) - 1, 0), dtype=bool)
    for key in tables.sort_key(table):
        column = keyed.column(key)
        same &= pc.equal(column.slice(0, len(same)), column.slice(1)).to_numpy()
        if not same.any():
            return False
    return bool(len(same))


def run_digest(header: Mapping[str, Any], table_digests: Mapping[str, str]) -> str:
    """Return the digest of a run from its header (see `manifest.Header.identity`) and tables."""
    text = json.dumps(
        {"format": FORMAT, "header": dict(header), "tables": dict(table_digests)},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()
