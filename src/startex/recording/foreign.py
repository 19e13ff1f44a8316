"""Runs that another program wrote, with no more than the contract asks (docs/store.md).

Such a run has a manifest without a list of files, and tables that may lack columns, or be absent.
What is missing is filled in where that says nothing false, else it is named.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from startex.foundation.errors import StoreError
from startex.recording import tables
from startex.recording.digest import FORMAT
from startex.recording.manifest import Header, Manifest, StoredFile

CONTRACT: Mapping[str, tuple[str, ...]] = {
    "units": ("unit", "parent", "name", "echelon", "nation", "side", "sidc"),
    "entities": ("entity", "kind", "name", "type", "unit", "nation", "side", "sidc", "counted"),
    "legs": ("entity", "t0", "t1", "lat0", "lon0", "alt0", "lat1", "lon1", "alt1", "mode"),
    "carriers": ("entity", "carrier", "slot", "t0", "t1"),
    "statuses": ("entity", "t", "status"),
    "events": ("t", "kind", "actor", "target", "place", "serial", "text", "data", "cause"),
    "serials": ("serial", "place", "task", "objective", "planned_start", "planned_end", "start",
                "end", "outcome", "claim"),
    "claims": ("claim", "subject", "field", "value", "unit", "source", "origin", "rank", "used",
               "used_for"),
}  # fmt: skip
"""Columns that every run has, by table; a table that is absent has no rows."""

_NEEDED = ("entities", "units")
"""Without these a run says nothing."""

_FIELDS: Mapping[str, tuple[type, ...]] = {
    "version": (str,), "scenario": (str,), "scenario_digest": (str,), "policy": (str,),
    "seed": (int,), "sim_start": (int,), "sim_end": (int,), "counts": (dict,), "digest": (str,),
    "complete": (bool,),
}  # fmt: skip


def adopt(folder: Path, fields: Mapping[str, Any]) -> Manifest:
    """Return the manifest of a run by another program, its files found in the folder.

    Parameters
    ----------
    folder
        The run folder.
    fields
        What its manifest says.

    Raises
    ------
    StoreError
        If a field or a table that every run has is missing, or a file is no Parquet file.
    """
    name = folder / "manifest.json"
    wrong = [
        f"{field!r} ({'missing' if field not in fields else json.dumps(fields[field])[:40]})"
        for field, kinds in _FIELDS.items()
        if type(fields.get(field)) not in kinds
    ]
    if wrong:
        raise StoreError(
            f"{name} lacks what the manifest of every run says, or says it in another type: "
            f"{', '.join(wrong)}. docs/store.md has the fields."
        )
    if fields["format"] != FORMAT:
        raise StoreError(
            f"{name}: the run has format {fields['format']!r}; this version reads format {FORMAT}."
        )
    files = [file for table in tables.declared() for file in _files(folder, table)]
    absent = sorted(set(_NEEDED) - {file.table for file in files})
    if absent:
        raise StoreError(
            f"{folder} has no table {absent[0]!r} ({absent[0]}.parquet, or a folder {absent[0]}/ "
            "of parts): it says nothing of who took part."
        )
    notes = fields.get("notes")
    header = Header(
        **{key: fields[key] for key in _FIELDS if key not in ("counts", "digest", "complete")},
        notes=notes if isinstance(notes, dict) else {},
    )
    return Manifest(
        header=header,
        static=tuple(files),
        counts=fields["counts"],
        digest=fields["digest"],
        complete=fields["complete"],
        foreign=True,
    )


def _files(folder: Path, table: str) -> list[StoredFile]:
    whole = folder / f"{table}.parquet"
    paths = [whole] if whole.is_file() else sorted((folder / table).glob("*.parquet"))
    found = []
    for path in paths:
        try:
            rows = pq.read_metadata(path).num_rows
            size = path.stat().st_size
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{path} is no Parquet file: {error}") from error
        found.append(StoredFile(table, path.relative_to(folder).as_posix(), "", size, rows, ""))
    return found


def fill(table: str, column: tables.Column, data: pa.Table, path: Path) -> pa.Array:
    """Return a column that a file lacks: null, or what says nothing false.

    Raises
    ------
    StoreError
        If every run has that column.
    """
    kind = tables.ARROW_TYPES[column.type]
    if column.name in CONTRACT.get(table, ()) or (
        not column.nullable and column.name in tables.sort_key(table) and table != "events"
    ):
        raise StoreError(
            f"{path} lacks the column {column.name!r} ({column.meaning}). "
            "docs/store.md has the columns of every table."
        )
    if (table, column.name) == ("entities", "owner_nation"):
        return data.column("nation").combine_chunks()
    if (table, column.name) == ("units", "id"):
        return data.column("unit").cast(pa.string()).combine_chunks()
    if column.nullable:
        return pa.nulls(len(data), kind)
    blank = "" if column.type in ("string", "category") else 0
    plain = pa.string() if column.type == "category" else kind
    return pa.array([blank] * len(data), plain).cast(kind)


def checked(table: str, column: tables.Column, values: pa.ChunkedArray, path: Path) -> Any:
    """Return a column in the declared type.

    Raises
    ------
    StoreError
        If it has another type, or lacks values that every row has.
    """
    kind = tables.ARROW_TYPES[column.type]
    where = f"{path}: column {column.name!r}"
    if pa.types.is_temporal(values.type):
        raise StoreError(
            f"{where} has type {values.type}; wanted: {column.type}, milliseconds since "
            "1970-01-01 UTC."
        )
    try:
        if pa.types.is_dictionary(kind):
            values = values.cast(pa.string()).dictionary_encode()
        values = values.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise StoreError(
            f"{where} has type {values.type}; wanted: {column.type} ({column.meaning})"
        ) from error
    if values.null_count and not column.nullable:
        row = values.is_null().index(True).as_py()
        raise StoreError(
            f"{where} has no value in {values.null_count} rows (first in row {row}), "
            f"though every row has one ({column.meaning})"
        )
    return values
