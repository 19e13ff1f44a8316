"""The record of a run that goes on: what the store gets, and beside it all that is known so far.

What the store is given does not depend on it. A look (`LiveRecord.look`) costs what has happened
since the last one, and the rows of the great tables that may still change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from startex.assemble.build import Exercise
from startex.assemble.played import detection_row, rows_of, shots_of, shots_table, track_row
from startex.assemble.recorder import columns_table, events_table, to_table
from startex.assemble.tables import orders_table, serials_table, supplied
from startex.engine.effects import Event
from startex.engine.log import Recorder
from startex.engine.play import Play
from startex.engine.recent import Columns
from startex.engine.simulation import SEGMENT_MS, Simulation
from startex.recording import tables
from startex.recording.live import LiveRun
from startex.recording.writer import RunWriter

PART_LEGS = 8_192
"""Legs that make a part which does not change any more: what a client is sent once."""

_MOST_PIECES = 32
_UNDER_WAY = ("waiting", "running")


class LiveRecord:
    """A `Recorder` that passes on what it gets and shows the run as it is between two instants.

    Parameters
    ----------
    writer
        Of the store.
    recorder
        Gets everything.
    exercise
        Before it is simulated.
    before
        The tables known before the run, by name.
    until_ms
        Where the run is told to stop, ms; None: at its end.
    """

    def __init__(
        self,
        writer: RunWriter,
        recorder: Recorder,
        exercise: Exercise,
        before: Mapping[str, pa.Table],
        until_ms: int | None = None,
    ) -> None:
        self._writer = writer
        self._recorder = recorder
        self._exercise = exercise
        self._serials = [run.serial.serial for run in exercise.board.runs]
        self._start = exercise.world.start_ms
        self._end = exercise.world.end_ms if until_ms is None else until_ms
        self._fixed = {name: tables.conform(name, table) for name, table in before.items()}
        self._taken = self._start - 1
        self._kept = {name: Pieces(name) for name in ("carriers", "statuses", "events")}
        self._told: set[int] = set()
        self._parts: list[pa.Table] = []
        self._ended: list[pa.Table] = []
        self._play = _PlaySoFar(self._serials)
        self._after: dict[str, pa.Table] = {}
        self._as_of: int | None = None
        self._supplied: dict[str, pa.Table] = {}
        self._closed: int | None = None

    def segment(
        self,
        index: int | None,
        tables: Mapping[str, Columns],
        events: Sequence[tuple[int, Event]],
    ) -> None:
        """Pass on a segment; keep what no look has taken."""
        self._recorder.segment(index, tables, events)
        self._take_events(events)
        until = self._end if index is None else self._start + (index + 1) * SEGMENT_MS
        if until > self._taken:
            since = {
                name: {key: values[_when(columns) > self._taken] for key, values in columns.items()}
                for name, columns in tables.items()
            }
            self._take(since, until)

    def look(self, simulation: Simulation, reached: int) -> LiveRun:
        """Return the run as it is at ``reached`` (ms), until which all is settled."""
        over, lasting = simulation.log.so_far(self._taken, reached, simulation.state)
        lately: dict[str, pa.Table] = {}
        if reached < self._end:
            self._take(over, reached)
        else:  # what is cut at the end, and those that never moved, will come with the last segment
            lately = {name: tables.conform(name, columns_table(over[name])) for name in over}
        self._take_events(simulation.log.events_until(reached))
        if simulation.now != self._as_of:
            self._after, self._as_of = self._outcomes(simulation), simulation.now
        under_way = tables.conform("legs", columns_table(lasting["legs"]))
        rides = tables.conform("carriers", columns_table(lasting["carriers"]))
        kept = {
            name: _joined([pieces.table(), lately.get(name, tables.empty(name))])
            for name, pieces in self._kept.items()
        }
        kept["carriers"] = _joined([kept["carriers"], rides])
        parts = self.parts(under_way, *[lately[name] for name in lately if name == "legs"])
        content = {**self._fixed, **kept, **self._after}
        return LiveRun(self._writer.folder, self._writer.header, reached, content, parts)

    def parts(self, *more: pa.Table) -> list[pa.Table]:
        """Return the legs in parts, of which the last may change; with ``more`` in the last."""
        last = tables.conform("legs", _joined([tables.empty("legs"), *self._ended, *more]))
        return [*self._parts, last] if last.num_rows else list(self._parts)

    def _take(self, over: Mapping[str, Columns], until: int) -> None:
        """Keep rows that are over and will not change any more."""
        for name, columns in over.items():
            if not _when(columns).size:
                continue
            table = tables.conform(name, columns_table(columns))
            if name == "legs":
                self._ended.append(table)
            elif name in self._kept:
                self._kept[name].add(table)
        self._taken = max(self._taken, until)
        if sum(piece.num_rows for piece in self._ended) >= PART_LEGS:
            self._parts.append(tables.conform("legs", _joined(self._ended)))
            self._ended = []
        elif len(self._ended) > _MOST_PIECES:
            self._ended = [_joined(self._ended).combine_chunks()]

    def _take_events(self, events: Iterable[tuple[int, Event]]) -> None:
        new = [(number, event) for number, event in events if number not in self._told]
        if new:
            self._told.update(number for number, _ in new)
            table = events_table(new, self._exercise.world.places, self._serials)
            self._kept["events"].add(tables.conform("events", table))

    def _outcomes(self, simulation: Simulation) -> dict[str, pa.Table]:
        """Return the tables that a run writes at its end, as they stand now."""
        board, places = self._exercise.board, self._exercise.world.places
        found = {"serials": serials_table(board.runs)}
        records = simulation.orders()
        open_ = self._play.orders.open(len(records))
        done = [n for n in open_ if records[n].outcome not in _UNDER_WAY]
        going = [n for n in open_ if records[n].outcome in _UNDER_WAY]
        found["orders"] = self._play.orders.table(
            orders_table([records[n] for n in done], board.runs, places),
            orders_table([records[n] for n in going], board.runs, places),
            going,
        )
        found = {name: tables.conform(name, table) for name, table in found.items()}
        found |= self._accounts(simulation) | self._play.tables(simulation)
        return {name: table for name, table in found.items() if table.num_rows}

    def _accounts(self, simulation: Simulation) -> dict[str, pa.Table]:
        """Return the tables of supply, which grow when a day is closed."""
        sustainment = simulation.sustainment
        day = None if sustainment is None else sustainment.supply.now
        if day != self._closed:
            accounts = supplied(simulation).items()
            self._supplied = {name: tables.conform(name, table) for name, table in accounts}
            self._closed = day
        return self._supplied


class _PlaySoFar:
    """The tables of orders and of the play; a row that cannot change any more is made once."""

    def __init__(self, serials: Sequence[str]) -> None:
        self._serials = serials
        self.orders = Growing("orders")
        self._detections, self._tracks = Growing("detections"), Growing("tracks")
        self._messages, self._shots = Pieces("messages"), Pieces("shots")
        self._shots_taken: list[int] = []
        self._messages_taken = 0

    def tables(self, simulation: Simulation) -> dict[str, pa.Table]:
        """Return the tables of the play, as they stand now."""
        for at, parts in enumerate(shots_of(simulation)):
            if at == len(self._shots_taken):
                self._shots_taken.append(0)
            new = parts[self._shots_taken[at] :]
            self._shots_taken[at] += len(new)
            if new:
                self._shots.add(tables.conform("shots", shots_table(new)))
        found = {"shots": self._shots.table()}
        play = simulation.play
        if play is None:
            return found
        return found | {
            "messages": self._messages_of(play),
            "detections": self._detections_of(play, simulation.now),
            "tracks": self._tracks_of(play),
        }

    def _messages_of(self, play: Play) -> pa.Table:
        new = rows_of([play.network.finished(self._messages_taken)])
        self._messages_taken += len(new)
        if new:
            self._messages.add(tables.conform("messages", to_table("messages", new)))
        waiting = rows_of([play.network.under_way()])
        return _joined([self._messages.table(), _rows("messages", waiting)])

    def _detections_of(self, play: Play, now: int) -> pa.Table:
        sensors = play.sensing.roster.sensors.id
        open_ = self._detections.open(len(play.detections))
        over = {n: play.detections[n].until <= now for n in open_}
        rows = {n: detection_row(n, play.detections[n], now, sensors, self._serials) for n in open_}
        return self._detections.rows(rows, over)

    def _tracks_of(self, play: Play) -> pa.Table:
        sensors, tracks = play.sensing.roster.sensors.id, play.tracks
        open_ = self._tracks.open(len(tracks.tracks))
        over = {n: tracks.tracks[n].t1 >= 0 for n in open_}
        rows = {n: track_row(n, tracks.tracks[n], tracks, sensors, self._serials) for n in open_}
        return self._tracks.rows(rows, over)


class Pieces:
    """A table that only grows, in pieces; few of them, however often it grows."""

    def __init__(self, name: str) -> None:
        self._pieces = [tables.empty(name)]

    def add(self, piece: pa.Table) -> None:
        """Add rows, as `tables.conform` returns them."""
        self._pieces.append(piece)
        if len(self._pieces) > _MOST_PIECES:
            self._pieces = [self.table().combine_chunks()]

    def table(self) -> pa.Table:
        """Return all rows so far."""
        return _joined(self._pieces)


class Growing:
    """A table with a row for each of things that only grow in number, most of which are over."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._over = Pieces(name)
        self._open: list[int] = []
        self._count = 0

    def open(self, count: int) -> list[int]:
        """Return the numbers of those whose rows may have changed, ``count`` being all."""
        self._open += range(self._count, count)
        self._count = count
        return list(self._open)

    def rows(self, rows: Mapping[int, Mapping[str, Any]], over: Mapping[int, bool]) -> pa.Table:
        """Return the table, given the rows of all open ones and which of those are over now."""
        going = [n for n in rows if not over[n]]
        done = _rows(self._name, [row for n, row in rows.items() if over[n]])
        return self.table(done, _rows(self._name, [rows[n] for n in going]), going)

    def table(self, done: pa.Table, going: pa.Table, numbers: list[int]) -> pa.Table:
        """Return the table, given rows that are over now and those of ``numbers`` that are not."""
        self._open = numbers
        if done.num_rows:
            self._over.add(tables.conform(self._name, done))
        return _joined([self._over.table(), tables.conform(self._name, going)])


def _rows(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return tables.conform(name, to_table(name, rows)) if rows else tables.empty(name)


def _joined(pieces: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables(pieces).unify_dictionaries()


def _when(columns: Columns) -> np.ndarray:
    return columns["t1"] if "t1" in columns else columns["t"]
