"""Reading a run: tables, SQL, and where everybody is at any instant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from startex.foundation.clock import format_time, parse_time, to_ms
from startex.foundation.errors import Problem, StoreError, UsageError
from startex.recording.contents import read_rows_of, read_table
from startex.recording.lock import holder
from startex.recording.lookup import Intervals, Lookup, intervals
from startex.recording.manifest import Manifest, read_manifest
from startex.recording.querying import answer, connect
from startex.recording.verify import verify
from startex.recording.whereabouts import Whereabouts, whereabouts

if TYPE_CHECKING:
    from startex.recording.audit import Audit
    from startex.recording.causation import Causes

Int32 = npt.NDArray[np.int32]

_NARROWED = 10
"""How often parts of a run are read anew before it is read whole."""


class Run:
    """A run folder, opened for reading; a run still being written shows its finished segments.

    Parameters
    ----------
    folder
        The run folder.

    Raises
    ------
    StoreError
        If there is no run, its manifest is damaged, or it has another format.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self._manifest = read_manifest(self.folder)
        self._tables: dict[str, pa.Table] = {}
        self._narrowed = 0

    @property
    def manifest(self) -> Manifest:
        """The manifest as it was when the run was opened."""
        return self._manifest

    def table(self, name: str) -> pa.Table:
        """Return a table of the store, all its rows; empty where the run has none.

        Raises
        ------
        StoreError
            If no such table is declared, or a file of it is missing or damaged.
        """
        if name not in self._tables:
            try:
                self._tables[name] = read_table(self.folder, self._manifest, name)
            except StoreError:
                raise
            except (OSError, pa.ArrowException) as error:
                raise self._unreadable(error) from error
        return self._tables[name]

    def sql(self, query: str, parameters: Sequence[Any] | None = None) -> pa.Table:
        """Return the answer of DuckDB to ``query``; every table of the store is a view.

        ``?`` in the query stand for ``parameters``. The words ``end``, ``order``, ``from`` and
        ``to`` are columns that SQL wants in double quotes.

        Raises
        ------
        StoreError
            If the query is wrong, or a file is missing or damaged.
        """
        import duckdb  # noqa: PLC0415  (late: most uses of a run ask no SQL)

        try:
            with connect(self.folder, self._manifest) as connection:
                return answer(connection, query, parameters)
        except duckdb.Error as error:  # of files: what is wrong with a query is told already
            raise self._unreadable(error) from error

    def instant(self, at: str | int | datetime) -> int:
        """Return ``at`` (ms since the epoch, ISO 8601 with offset, or aware datetime) in ms.

        Raises
        ------
        UsageError
            If it is no instant.
        StoreError
            If it is outside the run, or the run has not come to it yet.
        """
        try:
            if isinstance(at, str):
                t = parse_time(at)
            elif isinstance(at, datetime):
                t = to_ms(at)
            else:
                t = int(at)
        except (ValueError, TypeError) as error:
            raise UsageError(str(error)) from error
        self.require_reached()
        header = self._manifest.header
        reached = self._manifest.reached
        if reached is not None and reached < t <= header.sim_end:
            raise StoreError(
                f"the run has come to {format_time(reached)}, not yet to {format_time(t)}; "
                f"'startex resume {self.folder}' goes on with it"
            )
        if not header.sim_start <= t <= header.sim_end:
            raise StoreError(
                f"{format_time(t)} is outside the run, which lasts from "
                f"{format_time(header.sim_start)} to {format_time(header.sim_end)}"
            )
        return t

    def require_reached(self) -> None:
        """Raise a `StoreError` unless the run came to its end, or was told to stop before.

        What is stored of others does not say yet where everybody is: who is still aboard what
        is written last.
        """
        if self._manifest.complete or self._manifest.reached is not None:
            return
        writer = holder(self.folder)
        if writer:
            raise StoreError(
                f"{self.folder} is being written by process {writer}. Ask when that has ended."
            )
        raise StoreError(
            f"{self.folder} was interrupted before its end; "
            f"'startex resume {self.folder}' finishes it"
        )

    def narrowed(self, entities: npt.ArrayLike) -> Run:
        """Return the run with the movements of some entities and of their carriers alone.

        Much less is read then; answers about these entities are the same. Who asks often is
        given the whole run.

        Parameters
        ----------
        entities
            Entity rows.
        """
        self._narrowed += 1
        if "legs" in self._tables or self._narrowed > _NARROWED:
            return self
        rides = self.table("carriers")
        entity, carrier = (rides.column(name).to_numpy() for name in ("entity", "carrier"))
        wanted = np.zeros(len(self.table("entities")), dtype=bool)
        wanted[_rows(np.asarray(entities).ravel().tolist(), len(wanted))] = True
        while len(more := np.unique(carrier[wanted[entity] & ~wanted[carrier]])):
            wanted[more] = True
        narrow = Run.__new__(Run)
        narrow.folder, narrow._manifest, narrow._narrowed = self.folder, self._manifest, 0
        narrow._tables = dict(self._tables)
        try:
            for name in ("legs", "statuses"):
                narrow._tables[name] = read_rows_of(self.folder, self._manifest, name, wanted)
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(error) from error
        return narrow

    @cached_property
    def lookup(self) -> Lookup:
        """Index of legs and carriers."""
        return Lookup(
            self.table("entities"),
            self.table("legs"),
            self.table("carriers"),
            self._manifest.header.sim_start,
        )

    @cached_property
    def _statuses(self) -> Intervals:
        changes = self.table("statuses")
        return intervals(
            pa.table(
                {
                    "entity": changes.column("entity"),
                    "t0": changes.column("t"),
                    "t1": changes.column("t"),
                }
            ),
            self._manifest.header.sim_start,
        )

    def positions(
        self, at: str | int | datetime, entities: Iterable[int] | None = None
    ) -> pa.Table:
        """Return where everybody is at an instant, those aboard something included.

        Parameters
        ----------
        at
            Instant: ISO 8601 with offset, ms since the epoch, or aware datetime.
        entities
            Entity rows; all when not given.

        Returns
        -------
        Columns ``entity``; ``lat``, ``lon`` (deg) and ``alt`` (m), null where the store cannot
        tell; ``mode`` of the outermost carrier's leg, ``hold`` where it stands; ``aboard`` (direct
        carrier) and ``carrier`` (outermost), null where there is none; ``status``.
        """
        t = self.instant(at)
        count = len(self.table("entities"))
        rows = np.arange(count, dtype=np.int64) if entities is None else _rows(entities, count)
        fixes = self.lookup.locate(rows, t)
        return pa.table(
            {
                "entity": pa.array(rows.astype(np.int32)),
                "lat": pa.array(fixes.lat, from_pandas=True),
                "lon": pa.array(fixes.lon, from_pandas=True),
                "alt": pa.array(fixes.alt, from_pandas=True, mask=np.isnan(fixes.lat)),
                "mode": self._modes(fixes.leg),
                "aboard": pa.array(fixes.aboard, mask=fixes.aboard < 0),
                "carrier": pa.array(fixes.root, mask=fixes.root < 0),
                "status": self._status(rows, t),
            }
        )

    def _modes(self, leg: npt.NDArray[np.int64]) -> pa.Array:
        column = self.table("legs").column("mode")
        index = pa.array(leg, mask=leg < 0)
        words = column.take(index).cast(pa.string())
        return pc.fill_null(words, "hold").combine_chunks().dictionary_encode()

    def _status(self, rows: npt.NDArray[np.int64], t: int) -> pa.Array:
        latest = self._statuses.latest(rows, np.full(len(rows), t))
        known = latest >= 0
        index = np.full(len(rows), -1, np.int64)
        index[known] = self._statuses.row[latest[known]]
        column = self.table("statuses").column("status")
        words = column.take(pa.array(index, mask=~known)).cast(pa.string())
        return words.combine_chunks().dictionary_encode()

    def encounters(
        self,
        within_m: float,
        between: tuple[str | int | datetime, str | int | datetime] | None = None,
        *,
        first: Iterable[int] | None = None,
        second: Iterable[int] | None = None,
    ) -> pa.Table:
        """Return who came within a distance of whom, and when, to the millisecond.

        Nothing is sampled: the times follow from the legs. A platform aboard another does not
        count while it is: the other does.

        Parameters
        ----------
        within_m
            Length of the geodesic on WGS-84 between two platforms, at most, m; up to 5,000 km.
            Heights do not count.
        between
            Begin and end; the whole run when not given. Work grows with the time, the more the
            shorter the distance and the faster the fastest, and with the pairs that are near.
        first, second
            Entity rows of platforms: pairs of one of the first and one of the second are wanted.
            Without ``second``: pairs among the first; without both: pairs of different sides.

        Returns
        -------
        Columns ``entity``, ``other``; ``t0``, ``t1``: first and last ms within the distance (a
        pair that is already, or still, within it has the begin, or the end, of the time asked
        for). Sorted by all four. A contact shorter than 1 ms may be left out.

        Raises
        ------
        UsageError
            If the distance or the times make no sense.
        StoreError
            If a time is outside the run, or there is no such entity.
        """
        from startex.recording.encounters import meetings  # noqa: PLC0415  (late: needs scipy)

        return meetings(self, within_m, between, first, second)

    def picture(
        self,
        at: str | int | datetime,
        *,
        opposing: bool = False,
        nation: str | None = None,
        serial: str | None = None,
    ) -> pa.Table:
        """Return what a side of the plays knew of the other at an instant.

        Of all tracks that units of the side hold, or have held in a play that is not over, the one
        with the least error stands for the target.

        Parameters
        ----------
        at
            Instant: ISO 8601 with offset, ms since the epoch, or aware datetime.
        opposing
            What the opposing forces know; else what all others know.
        nation
            Of units of this nation only.
        serial
            In this serial only.

        Returns
        -------
        One row a serial and target: ``serial``, ``target`` (entity row), ``lat``, ``lon`` (deg) of
        the last fix, ``error_m`` (standard error of each coordinate, grown with age), ``age_s`` of
        the fix, ``level`` (detected, classified, identified: the best of all tracks),
        ``in_contact``, ``unit`` that holds it, ``sensor``, ``track``.
        """
        from startex.recording.pictures import picture  # noqa: PLC0415  (late: few ask for it)

        t = self.instant(at)
        return picture(self, t, opposing=opposing, nation=nation, serial=serial)

    def outcomes(self, serial: str | None = None) -> pa.Table:
        """Return the outcomes of a serial, or all: see `causation.outcomes`."""
        from startex.recording.causation import outcomes  # noqa: PLC0415  (late: few ask for it)

        return outcomes(self.causes, serial)

    def why(self, event: int | None = None, *, serial: str | None = None) -> pa.Table:
        """Return what led to an event, or to how a serial went: see `causation.why`."""
        from startex.recording.causation import why  # noqa: PLC0415  (late: few ask for it)

        return why(self.causes, event, serial)

    @cached_property
    def causes(self) -> Causes:
        """Index of causes: events, shots, orders, messages and contacts, joined."""
        from startex.recording.causation import Causes  # noqa: PLC0415  (late: few ask for it)

        return Causes(self)

    def where(self, subject: str | int, at: str | int | datetime) -> Whereabouts:
        """Return where an entity (name or row) or a unit (id or name) is at an instant.

        Raises
        ------
        StoreError
            If there is none of that name; the message tells the nearest.
        """
        return whereabouts(self, subject, self.instant(at))

    def verify(self) -> list[Problem]:
        """Return what is wrong with the files of the run: any flipped bit, anything missing."""
        return verify(self.folder)

    def audit(self) -> Audit:
        """Return what is wrong with the content, and what could not be checked: see `audit`."""
        from startex.recording.audit import audit  # noqa: PLC0415  (late: it needs pyproj)

        return audit(self)

    def verify_deep(self) -> list[Problem]:
        """Return what is wrong with the content: see `audit.audit`."""
        return self.audit().problems

    def _unreadable(self, error: Exception) -> StoreError:
        return StoreError(
            f"cannot read the run in {self.folder}: {error}. "
            f"'startex verify {self.folder}' says which files are damaged."
        )


def _rows(entities: Iterable[int], count: int) -> npt.NDArray[np.int64]:
    rows = np.fromiter((int(row) for row in entities), np.int64)
    outside = rows[(rows < 0) | (rows >= count)]
    if len(outside):
        raise StoreError(f"there is no entity {outside[0]}; rows run from 0 to {count - 1}")
    return rows
