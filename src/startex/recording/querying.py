"""SQL over a run: every table of the store as a view in DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from startex.foundation.errors import StoreError
from startex.recording import tables
from startex.recording.manifest import Manifest

if TYPE_CHECKING:
    import duckdb


def connect(folder: Path, manifest: Manifest | None, threads: int = 0) -> duckdb.DuckDBPyConnection:
    """Return a connection in which every table of the store is a view.

    Parameters
    ----------
    folder, manifest
        The run; without a manifest all tables are empty.
    threads
        Most threads of a query; 0: as many as there are cores.

    Raises
    ------
    duckdb.Error
        If a file is missing or damaged.
    """
    import duckdb  # noqa: PLC0415  (late: most uses of a run ask no SQL)

    connection = duckdb.connect(config={"threads": threads} if threads else {})
    for name in tables.declared():
        files = [] if manifest is None else manifest.files_of(name)
        if files:
            paths = (str(folder / file.path).replace("'", "''") for file in files)
            listed = ", ".join(f"'{path}'" for path in paths)
            connection.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet([{listed}])')
        else:
            connection.register(name, tables.empty(name))
    return connection


def answer(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[Any] | None = None
) -> pa.Table:
    """Return what a query gives.

    Raises
    ------
    StoreError
        If the query is wrong. A file that cannot be read raises duckdb's own ``IOException``.
    """
    import duckdb  # noqa: PLC0415  (late, as above)

    try:
        relation = connection.sql(query, params=parameters)
        if relation is None:
            raise StoreError(f"the query gives no table; ask with SELECT: {query}")
        table: pa.Table = relation.to_arrow_table()
    except duckdb.IOException:
        raise
    except duckdb.Error as error:
        raise StoreError(f"{error}\nThe query was: {query}") from error
    return table
