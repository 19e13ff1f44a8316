"""The tables of a run store, declared once in ``tables.csv``: schemas, keys, documentation."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from startex.foundation.errors import StoreError, did_you_mean

Int64 = npt.NDArray[np.int64]

ARROW_TYPES: dict[str, pa.DataType] = {
    "int32": pa.int32(),
    "int64": pa.int64(),
    "uint64": pa.uint64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "string": pa.string(),
    "category": pa.dictionary(pa.int32(), pa.string()),  # few words, many rows
}
"""Type words of ``tables.csv`` and what they are in Arrow."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``key`` is its place in the sort key from 1, 0 where it is not part of it."""

    name: str
    type: str
    unit: str
    nullable: bool
    key: int
    meaning: str


@cache
def declared() -> dict[str, tuple[Column, ...]]:
    """Return the columns of every table, in the order of ``tables.csv``."""
    text = files("startex.recording").joinpath("tables.csv").read_text(encoding="utf-8")
    tables: dict[str, list[Column]] = {}
    for row in csv.DictReader(text.splitlines()):
        tables.setdefault(row["table"], []).append(
            Column(
                name=row["column"],
                type=row["type"],
                unit=row["unit"],
                nullable=row["nullable"] == "yes",
                key=int(row["key"] or 0),
                meaning=row["meaning"],
            )
        )
    return {name: tuple(columns) for name, columns in tables.items()}


def columns_of(table: str) -> tuple[Column, ...]:
    """Return the columns of ``table``.

    Raises
    ------
    StoreError
        If there is no such table.
    """
    tables = declared()
    if table not in tables:
        raise StoreError(f"no table {table!r} in a run store; {did_you_mean(table, tables)}")
    return tables[table]


@cache
def schema(table: str) -> pa.Schema:
    """Return the Arrow schema of ``table``."""
    return pa.schema(
        [
            pa.field(column.name, ARROW_TYPES[column.type], nullable=column.nullable)
            for column in columns_of(table)
        ]
    )


@cache
def sort_key(table: str) -> tuple[str, ...]:
    """Return the columns by which the rows of ``table`` are ordered; together they are unique."""
    keyed = sorted((column.key, column.name) for column in columns_of(table) if column.key)
    return tuple(name for _, name in keyed)


def empty(table: str) -> pa.Table:
    """Return ``table`` with no rows."""
    return schema(table).empty_table()


def conform(table: str, data: pa.Table) -> pa.Table:
    """Return ``data`` as the store keeps it: declared columns, types and row order.

    Missing nullable columns are filled with null; a NaN means null. Rows are put in the order of
    `sort_key`; category dictionaries hold the words used, sorted, so that the same rows always
    give the same bytes.

    Raises
    ------
    StoreError
        For an undeclared or missing column, a wrong type, or a null where none is allowed.
    """
    columns = columns_of(table)
    names = [column.name for column in columns]
    for name in data.column_names:
        if name not in names:
            raise StoreError(
                f"table {table!r} has no column {name!r}; {did_you_mean(name, names)} "
                "New columns are declared in recording/tables.csv."
            )
    if len(set(data.column_names)) < len(data.column_names):
        raise StoreError(f"table {table!r}: a column is given twice")
    arrays = []
    for column in columns:
        kind = ARROW_TYPES[column.type]
        if column.name not in data.column_names:
            if not column.nullable:
                raise StoreError(f"table {table!r} needs column {column.name!r} ({column.meaning})")
            arrays.append(pa.nulls(len(data), kind))
            continue
        try:
            array = _cast(data.column(column.name), column.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
            raise StoreError(f"{table}.{column.name} is no {column.type}: {error}") from error
        if array.null_count and not column.nullable:
            raise StoreError(f"{table}.{column.name} has {array.null_count} nulls; none allowed")
        arrays.append(array)
    result = pa.Table.from_arrays(arrays, schema=schema(table))
    order = sort_index(table, result)
    return result if order is None else result.take(pa.array(order))


def _cast(values: pa.ChunkedArray, kind: str) -> pa.Array:
    target = ARROW_TYPES[kind]
    if kind == "category":
        return _category(values)
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(array, pa.ChunkedArray):  # combine_chunks keeps a chunked array when it is empty
        array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if array.type != target:
        array = array.cast(target)
    if kind == "float64":
        nan = pc.is_nan(array)
        if pc.any(nan).as_py():
            array = pc.if_else(nan, pa.scalar(None, target), array)
    return array


def _category(values: pa.ChunkedArray) -> pa.Array:
    """Return a dictionary array whose dictionary is the words used, sorted."""
    if not pa.types.is_dictionary(values.type):
        values = pc.dictionary_encode(values.cast(pa.string()))
    if isinstance(values, pa.ChunkedArray):
        chunks = values.unify_dictionaries().chunks
        if not chunks:
            return pa.array([], ARROW_TYPES["category"])
        words = chunks[0].dictionary
        codes = pa.chunked_array([chunk.indices for chunk in chunks]).combine_chunks()
    else:
        words, codes = values.dictionary, values.indices
    known = codes.is_valid().to_numpy(zero_copy_only=False)
    code = codes.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int32)
    text = np.asarray(words.to_pylist(), dtype=object)
    used = np.flatnonzero(np.bincount(code[known], minlength=len(text)))
    order = used[np.argsort(np.asarray([str(word) for word in text[used]]), kind="stable")]
    rank = np.zeros(max(len(text), 1), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(rank[code], mask=~known), pa.array(text[order].tolist(), pa.string())
    )


def sort_index(table: str, data: pa.Table) -> Int64 | None:
    """Return the row order of `sort_key`, or None where the rows stand in it already.

    Rows that share a key (which no sound run has) are ordered by all their columns, so that the
    order never depends on how the rows arrived.
    """
    if len(data) < 2:
        return None
    keys = sort_key(table)
    if all(pa.types.is_integer(data.schema.field(key).type) for key in keys):
        key = _joined_key([data.column(key).to_numpy() for key in keys])
        if key is not None:
            if (key[:-1] < key[1:]).all():
                return None
            order: Int64 = np.argsort(key, kind="stable")
            key = key[order]
            if (key[:-1] < key[1:]).all():
                return order
    names = list(keys) + [name for name in data.column_names if name not in keys]
    plain = pa.table({name: _plain(data.column(name)) for name in names})
    indices = pc.sort_indices(plain, sort_keys=[(name, "ascending") for name in names])
    order = indices.to_numpy().astype(np.int64)
    return None if (order == np.arange(len(order))).all() else order


def _joined_key(arrays: list[npt.NDArray[np.int64]]) -> Int64 | None:
    """Return one whole number a row that orders rows as all keys do; None if 63 bits do not do."""
    result: Int64 = np.zeros(len(arrays[0]), dtype=np.int64)
    most = 1
    for array in arrays:
        low, high = int(array.min()), int(array.max())
        span = high - low + 1
        most *= span
        if most >= 1 << 63:
            return None
        result *= span
        result += array.astype(np.int64) - low
    return result


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
