"""The journal of an ensemble: what every finished attempt came to, safe against a kill.

One file, only ever appended to. A record is a header of twelve bytes (its length, its CRC-32 and a
mark, little-endian) and compressed JSON. A record cut short by a kill is dropped when the journal
is opened again; whatever was lost is run again. Only where each record stands is held in memory.
"""

from __future__ import annotations

import json
import os
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from startex.ensemble.replicate import Outcome

JOURNAL = "journal.bin"
_HEADER = struct.Struct("<III")
_MARK = 0x4A585453  # "STXJ"
_SYNC_S = 1.0
"""What a power cut can lose at most; a kill loses nothing that was appended."""


class Journal:
    """Finished attempts of an ensemble.

    Parameters
    ----------
    folder
        The ensemble folder.

    Attributes
    ----------
    done
        Runs that went well: where the record stands.
    failed
        Attempts that failed, by run.
    seconds, simulated
        How long those that went well took in all, and their runs alone.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / JOURNAL
        self._file = self._path.open("a+b")
        self.done: dict[int, int] = {}
        self.failed: dict[int, dict[int, int]] = {}
        self.seconds = self.simulated = 0.0
        self._synced = time.monotonic()
        self._end = 0
        for place, record in self._records():
            self._note(record, place)
        self._file.truncate(self._end)  # a record that was cut short
        self._file.seek(self._end)

    def _records(self) -> Iterator[tuple[int, dict[str, Any]]]:
        size = self._path.stat().st_size
        while self._end + _HEADER.size <= size:
            self._file.seek(self._end)
            length, check, mark = _HEADER.unpack(self._file.read(_HEADER.size))
            data = self._file.read(length) if mark == _MARK else b""
            if len(data) < length or zlib.crc32(data) != check or mark != _MARK:
                return
            yield self._end, json.loads(zlib.decompress(data))
            self._end += _HEADER.size + length

    def _note(self, record: dict[str, Any], place: int) -> None:
        run, attempt = int(record["run"]), int(record["attempt"])
        if record["error"]:
            self.failed.setdefault(run, {}).setdefault(attempt, place)
        elif run not in self.done:
            self.done[run] = place
            self.seconds += record["seconds"]
            self.simulated += record["simulated"]

    def append(self, outcome: Outcome) -> None:
        """Add what came of an attempt."""
        record = {
            "run": outcome.run,
            "attempt": outcome.attempt,
            "rows": outcome.rows,
            "error": outcome.error,
            "detail": outcome.detail,
            "seconds": outcome.seconds,
            "simulated": outcome.simulated,
        }
        data = zlib.compress(json.dumps(record, allow_nan=False).encode(), 1)
        place = self._end
        self._file.write(_HEADER.pack(len(data), zlib.crc32(data), _MARK) + data)
        self._file.flush()
        self._end += _HEADER.size + len(data)
        self._note(record, place)
        if time.monotonic() - self._synced > _SYNC_S:
            self.sync()

    def sync(self) -> None:
        """Make what was appended safe against a power cut."""
        os.fsync(self._file.fileno())
        self._synced = time.monotonic()

    def outcome(self, place: int) -> Outcome:
        """Return the attempt whose record stands there."""
        self._file.seek(place)
        length, _, _ = _HEADER.unpack(self._file.read(_HEADER.size))
        record = json.loads(zlib.decompress(self._file.read(length)))
        self._file.seek(0, os.SEEK_END)
        record["rows"] = tuple((m, k, v, u) for m, k, v, u in record["rows"])
        return Outcome(**record)

    def attempts(self, run: int) -> int:
        """Return how many attempts of a run have failed."""
        return len(self.failed.get(run, ()))

    def close(self) -> None:
        """Close the file."""
        self.sync()
        self._file.close()

    def remove(self) -> None:
        """Remove the journal: everything is in the tables."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._file.closed:
            self.close()
