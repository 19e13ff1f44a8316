"""Reading the stored rows of a run back, in any partition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from startex.recording import foreign, tables
from startex.recording.digest import parts_digest
from startex.recording.manifest import Manifest, StoredFile

Bool = npt.NDArray[np.bool_]


def read_table(
    folder: Path, manifest: Manifest, table: str, columns: Sequence[str] | None = None
) -> pa.Table:
    """Return the rows of ``table`` (all, in the order of files), or some of its columns.

    Columns of numbers lie in one piece, so that NumPy sees them without a copy.

    Raises
    ------
    StoreError
        If another program wrote the run, and the table lacks what every run has.
    """
    schema = tables.schema(table)
    wanted = schema if columns is None else pa.schema([schema.field(name) for name in columns])
    files = manifest.files_of(table)
    if not files:
        return wanted.empty_table()
    if manifest.foreign:
        return pa.concat_tables([_foreign(folder / f.path, table, wanted.names) for f in files])
    parts = Parts(folder, files)
    return pa.table([parts.read(name) for name in wanted.names], schema=wanted)


def read_rows_of(folder: Path, manifest: Manifest, table: str, wanted: Bool) -> pa.Table:
    """Return the rows of ``table`` about some entities: those whose row in ``wanted`` is true.

    Of files that hold none, only the column ``entity`` is decoded.
    """
    schema = tables.schema(table)
    if manifest.foreign:
        whole = read_table(folder, manifest, table)
        return whole.filter(pa.array(wanted[whole.column("entity").to_numpy()]))
    found = [schema.empty_table()]
    for stored in manifest.files_of(table):
        with pq.ParquetFile(folder / stored.path, pre_buffer=False) as file:
            for group in range(file.num_row_groups):
                entity = file.read_row_group(group, columns=["entity"], use_threads=False)
                chosen = wanted[entity.column(0).to_numpy()]
                if chosen.any():
                    rows = file.read_row_group(group, use_threads=False)
                    found.append(rows.filter(pa.array(chosen)).cast(schema))
    return pa.concat_tables(found).unify_dictionaries()


def _foreign(path: Path, table: str, names: Sequence[str]) -> pa.Table:
    """Return columns of a file that another program wrote, as they are declared here."""
    data = pq.ParquetFile(path).read()
    columns = {column.name: column for column in tables.columns_of(table)}
    arrays = [
        foreign.checked(table, columns[name], data.column(name), path)
        if name in data.column_names
        else foreign.fill(table, columns[name], data, path)
        for name in names
    ]
    schema = tables.schema(table)
    return pa.table(arrays, schema=pa.schema([schema.field(name) for name in names]))


class Parts:
    """The files of a table, to be read a column at a time, by any thread.

    Parameters
    ----------
    folder
        The run folder.
    files
        Files of one table.
    """

    def __init__(self, folder: Path, files: Sequence[StoredFile]) -> None:
        self._schema = tables.schema(files[0].table)
        self._files = [(path, pq.read_metadata(path)) for path in (folder / f.path for f in files)]
        self.rows = sum(metadata.num_rows for _, metadata in self._files)

    def read(self, column: str) -> pa.ChunkedArray | pa.Array:
        """Return a column of all files, in their order.

        Whole numbers and floats without nulls come in one piece. Everything is decoded in the
        calling thread and a piece at a time: Arrow's own threads keep memory for themselves.
        """
        kind = self._schema.field(column).type
        numbers = pa.types.is_integer(kind) or pa.types.is_floating(kind)
        pieces: list[pa.Array] = []
        joined = np.empty(self.rows if numbers else 0, kind.to_pandas_dtype() if numbers else None)
        filled = 0
        for chunk in self._chunks(column):
            if numbers and not pieces and not chunk.null_count:
                joined[filled : filled + len(chunk)] = chunk.to_numpy()
                filled += len(chunk)
            else:
                pieces.append(chunk)
        if not pieces and numbers:
            return pa.array(joined)
        before = [pa.array(joined[:filled])] if filled else []
        whole = pa.chunked_array([*before, *pieces], kind)
        return whole.unify_dictionaries() if pa.types.is_dictionary(kind) else whole

    def _chunks(self, column: str) -> Iterator[pa.Array]:
        wanted = pa.schema([self._schema.field(column)])
        for path, metadata in self._files:
            with pq.ParquetFile(path, metadata=metadata, pre_buffer=False) as file:
                for group in range(file.num_row_groups):
                    rows = file.read_row_group(group, columns=[column], use_threads=False)
                    yield from rows.cast(wanted).column(0).chunks


def compute_digests(
    folder: Path, manifest: Manifest, executor: Executor | None = None
) -> dict[str, str]:
    """Return the digest of every table that has rows in the run, read back from its files."""
    by_table: dict[str, list[StoredFile]] = {}
    for file in manifest.files:
        by_table.setdefault(file.table, []).append(file)
    return {
        table: files[0].content  # the rows of a file stand in canonical order
        if len(files) == 1
        else parts_digest(table, Parts(folder, files).read, executor)
        for table, files in sorted(by_table.items())
    }
