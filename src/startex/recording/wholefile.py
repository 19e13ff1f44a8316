"""Files for a person, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

from startex.recording.parquet import TEMPORARY


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under a temporary name, then rename it, so that no half of it is ever there.

    A pipe or a device is written to as it is.

    Raises
    ------
    OSError
        If the file cannot be written; the temporary one is gone then.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    temporary = path.with_name(path.name + TEMPORARY)
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
