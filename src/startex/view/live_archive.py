"""What is known of a run that goes on, at one instant; what does not change is made once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from startex.recording.live import FIXED, LiveRun, in_memory
from startex.recording.manifest import StoredFile
from startex.view.archive import Archive, Row
from startex.view.problems import RefusedError


class LiveArchive(Archive):
    """What is known of a run that goes on, at one instant; ``before`` is an earlier one of it."""

    def __init__(self, run: LiveRun, before: LiveArchive | None = None) -> None:
        self.live = run
        self._fixed: dict[str, Any] = {} if before is None else before._fixed
        self._bounds: list[Row] = [] if before is None else before._bounds
        self.run_id: str = secrets.token_hex(16) if before is None else before.run_id
        self._events_before = [] if before is None else before.__dict__.get("events", [])
        self._open(run.folder, run)
        if before is not None:
            for name in ("entities", "units"):
                if name in before.__dict__:
                    self.__dict__[name] = before.__dict__[name]

    def _identity(self) -> str:
        return f"{self.run_id} {self.live.reached}"

    def unchanged(self) -> bool:
        """Return whether this still holds: always, it is of one instant."""
        return True

    def identity_of(self, path: str, asked: Row) -> str:
        """Return what an answer depends on: little of a run changes while it goes on."""
        fixed = path in _UNCHANGING
        if fixed or (path == "/legs" and asked["segment"] < len(self.live.parts) - 1):
            return self.run_id
        return self.identity

    def require_ended(self, what: str) -> None:
        """Refuse what is known at the end alone."""
        raise RefusedError(
            503, f"{what} can be asked when the run has ended", {"Retry-After": "30"}
        )

    def rows(self, table: str) -> list[Row]:
        """Return a table of the store, except the great ones, as a list of rows."""
        if table not in FIXED:
            return super().rows(table)
        if table not in self._fixed:
            self._fixed[table] = self.run.table(table).to_pylist()
        found: list[Row] = self._fixed[table]
        return found

    def index(self, table: str, key: str) -> dict[Any, Row]:
        """Return the rows of a table by a column; of several that agree, the first."""
        if table not in FIXED:
            return super().index(table, key)
        name = f"{table} by {key}"
        if name not in self._fixed:
            self._fixed[name] = {row[key]: row for row in reversed(self.rows(table))}
        found: dict[Any, Row] = self._fixed[name]
        return found

    @cached_property
    def events(self) -> list[Row]:
        """Events by time, those of one instant by id."""
        known = self._events_before
        new = self.run.table("events").slice(len(known)).to_pylist()
        self._events_before = []
        return sorted([*known, *new], key=lambda event: (event["t"], event["event"]))

    def segment_table(self, number: int, columns: Sequence[str] | None) -> pa.Table:
        """Return the legs of a segment."""
        table = self.live.parts[number]
        return table if columns is None else table.select(list(columns))

    @cached_property
    def bounds(self) -> list[Row]:
        """Of each segment what `Archive.bounds` tells, and whether it stays as it is."""
        count = len(self.live.parts)
        if not count:
            return []
        for number in range(len(self._bounds), count - 1):
            self._bounds.append({**self.bounds_of(number), "final": True})
        return [*self._bounds[: count - 1], {**self.bounds_of(count - 1), "final": False}]


_UNCHANGING = frozenset(
    {
        "/entities",
        "/units",
        "/nations",
        "/places",
        "/ways",
        "/types",
        "/claims",
        "/claims/{id}",
        "/search",
    }
)


class EndedArchive(Archive):
    """A run that has ended while it was shown: its legs stay in the parts that clients have.

    Parameters
    ----------
    folder
        The run folder.
    parts
        All legs, in the parts in which they were shown; what was the last of them has grown.
    before
        What was shown last.

    Raises
    ------
    StoreError
        If the run cannot be read.
    """

    def __init__(self, folder: Path, parts: Sequence[pa.Table], before: LiveArchive) -> None:
        self._parts = tuple(parts)
        self._run_id = before.run_id
        super().__init__(folder)

    def identity_of(self, path: str, asked: Row) -> str:
        """Return what an answer depends on: legs that were final stay the same."""
        final = path == "/legs" and asked["segment"] < len(self._parts) - 1
        return self._run_id if final else self.identity

    @cached_property
    def segments(self) -> tuple[StoredFile, ...]:
        """The parts, as files."""
        return tuple(in_memory("legs", part) for part in self._parts)

    def segment_table(self, number: int, columns: Sequence[str] | None) -> pa.Table:
        """Return the legs of a segment."""
        table = self._parts[number]
        return table if columns is None else table.select(list(columns))

    @cached_property
    def bounds(self) -> list[Row]:
        """Of each segment what `Archive.bounds` tells; none changes any more."""
        return [{**self.bounds_of(n), "final": True} for n in range(len(self._parts))]
