"""The run that is shown: opened once, each table read once, by one thread at a time."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from startex.foundation.clock import format_time
from startex.foundation.errors import StoreError
from startex.recording.contents import read_table
from startex.recording.manifest import MANIFEST, StoredFile
from startex.recording.reader import Run
from startex.version import __version__
from startex.view.asking import LATEST_MS
from startex.view.problems import RefusedError

Row = dict[str, Any]


class Archive:
    """A run folder, nothing of which is ever changed.

    Whoever asks holds ``lock``: what is read for one is there for all, and is read once.

    Parameters
    ----------
    folder
        The run folder.

    Raises
    ------
    StoreError
        If there is no run, it cannot be read, or it did not come to an end.
    """

    def __init__(self, folder: Path) -> None:
        self._stamp = stamp(folder)
        run = Run(folder)
        run.require_reached()
        self._open(folder, run)

    def _open(self, folder: Path, run: Run) -> None:
        self.folder = folder
        self.run = run
        self.lock = threading.RLock()
        self.figures_lock = threading.Lock()
        self.header = self.run.manifest.header
        self.begin = self.header.sim_start
        reached = self.run.manifest.reached
        self.end = self.header.sim_end if reached is None else min(reached, self.header.sim_end)
        self.identity = self._identity()
        self._rows: dict[str, list[Row]] = {}
        self._indices: dict[str, dict[Any, Row]] = {}

    def unchanged(self) -> bool:
        """Return whether the folder still holds the run that was opened."""
        return stamp(self.folder) == self._stamp

    def identity_of(self, path: str, asked: Row) -> str:
        """Return what tells the content that the answer of a route depends on from any other."""
        return self.identity

    def require_ended(self, what: str) -> None:
        """Refuse what is known at the end of a run alone, while the run goes on."""

    def _identity(self) -> str:
        """Return what tells the content of this run from any other: its manifest holds the digest.

        The manifest of another program says nothing of the files: then their times count.
        """
        known = [__version__, self.folder.resolve().name]
        try:
            known.append(hashlib.sha256((self.folder / MANIFEST).read_bytes()).hexdigest())
            if self.run.manifest.foreign:
                for file in self.run.manifest.files:
                    found = (self.folder / file.path).stat()
                    known.append(f"{file.path} {found.st_size} {found.st_mtime_ns}")
        except OSError as error:
            raise StoreError(f"cannot read the run in {self.folder}: {error.strerror}") from error
        return hashlib.sha256("\n".join(known).encode("utf-8", "replace")).hexdigest()

    def rows(self, table: str) -> list[Row]:
        """Return a table of the store, except the great ones, as a list of rows."""
        if table not in self._rows:
            self._rows[table] = self.run.table(table).to_pylist()
        return self._rows[table]

    def index(self, table: str, key: str) -> dict[Any, Row]:
        """Return the rows of a table by a column; of several that agree, the first."""
        name = f"{table} by {key}"
        if name not in self._indices:
            self._indices[name] = {row[key]: row for row in reversed(self.rows(table))}
        return self._indices[name]

    @cached_property
    def entities(self) -> pa.Table:
        """Entities in the order of their rows, so that row n is entity n."""
        entities = self.run.table("entities")
        order = np.argsort(entities.column("entity").to_numpy(), kind="stable")
        return entities if (order[1:] > order[:-1]).all() else entities.take(pa.array(order))

    @cached_property
    def units(self) -> list[Row]:
        """Units in the order of their rows, so that row n is unit n."""
        return sorted(self.rows("units"), key=lambda unit: int(unit["unit"]))

    @cached_property
    def events(self) -> list[Row]:
        """Events by time, those of one instant by id."""
        rows = self.rows("events")
        if len({row["event"] for row in rows}) < len(rows):  # by row where a run gives no ids
            rows = [{**row, "event": at, "cause": None} for at, row in enumerate(rows)]
        return sorted(rows, key=lambda event: (event["t"], event["event"]))

    @cached_property
    def event_ids(self) -> frozenset[int]:
        """Ids of all events."""
        return frozenset(event["event"] for event in self.events)

    @cached_property
    def segments(self) -> tuple[StoredFile, ...]:
        """Files of the legs, in order: what a client reads at a time."""
        return self.run.manifest.files_of("legs")

    def segment(self, number: int, columns: Sequence[str] | None = None) -> pa.Table:
        """Return the legs of a segment, or some columns of them.

        Raises
        ------
        RefusedError
            404, if there is no such segment.
        """
        if not 0 <= number < len(self.segments):
            raise RefusedError(
                404, f"there is no segment {number}; {counted(self.segments, 'segment')}"
            )
        return self.segment_table(number, columns)

    def segment_table(self, number: int, columns: Sequence[str] | None) -> pa.Table:
        """Return the legs of a segment that there is."""
        part = dataclasses.replace(
            self.run.manifest, static=(self.segments[number],), segments=(), tail=()
        )
        try:
            return read_table(self.folder, part, "legs", columns)
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"segment {number} of the legs cannot be read") from error

    @cached_property
    def bounds(self) -> list[Row]:
        """Of each segment: legs, first start, last start and last end (ms)."""
        return [self.bounds_of(number) for number in range(len(self.segments))]

    def bounds_of(self, number: int) -> Row:
        """Return what `bounds` tells of a segment."""
        legs = self.segment(number, ("t0", "t1"))
        t0, t1 = (legs.column(name).to_numpy() for name in ("t0", "t1"))
        span: Row = {"begin": None, "last_start": None, "end": None}
        if len(t0):
            span = {"begin": int(t0.min()), "last_start": int(t0.max()), "end": int(t1.max())}
        return {"segment": number, "legs": self.segments[number].rows or len(t0), **span}

    def instant(self, name: str, t: int) -> int:
        """Return an instant that a client named.

        Raises
        ------
        RefusedError
            400, if it is outside the run, or the run did not come to it.
        """
        if not self.begin <= t <= self.end:
            # years beyond 9999 have no date
            when = format_time(t) if 0 <= t < LATEST_MS // 40 else f"{t} ms"
            raise RefusedError(
                400,
                f"{name} is {when}: the run lasts from {format_time(self.begin)} to "
                f"{format_time(self.end)} ({self.begin} to {self.end} ms)",
            )
        return t

    def unit_chain(self, unit: int) -> list[int]:
        """Return a unit and those above it, from itself upwards."""
        found: list[int] = []
        at: int | None = unit
        while at is not None and at not in found and 0 <= at < len(self.units):
            found.append(at)
            at = self.units[at]["parent"]
        return found


def stamp(folder: Path) -> tuple[int, int, int] | None:
    """Return what changes when another run is written into the folder; None where there is none."""
    try:
        found = (folder / MANIFEST).stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def counted(things: Any, noun: str) -> str:
    """Return how many there are, as a message says what numbers are allowed."""
    number = len(things)
    return f"{noun}s run from 0 to {number - 1}" if number else f"the run has no {noun}s"


def id_list(text: str | None) -> list[str]:
    """Return the ids in a cell, which stand with commas or semicolons between them."""
    parts = (text or "").replace(";", ",").split(",")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))
