"""How tables become Parquet files: settings, and writing that never leaves a torn file.

Measured on legs of march columns (docs/store.md has the figures): byte-stream-split coordinates
with zstd level 1 are the smallest where vehicles share no vertices and close to it where they do,
and the fastest throughout; times and ids shrink most as differences of neighbours.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from startex.recording import tables
from startex.recording.digest import table_digest
from startex.recording.manifest import StoredFile

TEMPORARY = ".tmp"
_ENCODINGS = {
    "int32": "DELTA_BINARY_PACKED",
    "int64": "DELTA_BINARY_PACKED",
    "uint64": "PLAIN",  # hashes: nothing to gain
    "float64": "BYTE_STREAM_SPLIT",
}


def settings(table: str) -> dict[str, Any]:
    """Return the keyword arguments of ``pyarrow.parquet.write_table`` for ``table``."""
    columns = tables.columns_of(table)
    return {
        "compression": "zstd",
        "compression_level": 1,
        "use_dictionary": [c.name for c in columns if c.type in ("category", "string")],
        "column_encoding": {c.name: _ENCODINGS[c.type] for c in columns if c.type in _ENCODINGS},
        "row_group_size": 1 << 20,
    }


def encode(table: str, data: pa.Table) -> pa.Buffer:
    """Return the Parquet file of a table as `tables.conform` returns it."""
    sink = pa.BufferOutputStream()
    pq.write_table(data, sink, **settings(table))
    return sink.getvalue()


def write_parquet(
    folder: Path, path: str, table: str, data: pa.Table, *, durable: bool = True
) -> StoredFile:
    """Write ``data`` (conforming) to ``folder / path``, whole or not at all."""
    content = table_digest(table, data)
    encoded = encode(table, data)
    write_durably(folder / path, memoryview(encoded), durable=durable)
    return StoredFile(
        table=table,
        path=path,
        sha256=hashlib.sha256(encoded).hexdigest(),
        size=encoded.size,
        rows=len(data),
        content=content,
    )


def write_durably(target: Path, data: memoryview | bytes, *, durable: bool = True) -> None:
    """Write a file under a temporary name, then rename it; on return it survives a power cut.

    Not ``durable``: it need not survive a power cut, and is written much faster on slow disks.
    """
    temporary = target.with_name(target.name + TEMPORARY)
    created = not target.parent.exists()
    target.parent.mkdir(exist_ok=True)
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.replace(temporary, target)  # noqa: PTH105  (tests cut the power here)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    if not durable:
        return
    sync_folder(target.parent)
    if created:
        sync_folder(target.parent.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and removals in ``folder`` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> tuple[str, int]:
    """Return SHA-256 and size of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return digest.hexdigest(), file.tell()
