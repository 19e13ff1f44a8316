"""Measures of one replication: figures of the review, SQL, and a few that every ensemble has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from startex.control.board import LATE_MS
from startex.ensemble.design import Query
from startex.foundation.clock import MS_PER_DAY, MS_PER_HOUR, format_time
from startex.foundation.errors import StoreError, UsageError
from startex.recording.querying import answer, connect
from startex.recording.reader import Run
from startex.review.figures import Figure, FigureBook
from startex.review.parts import enter, wanted
from startex.review.record import Record

Row = tuple[str, str, float | None, str]
"""Measure, key, value (None where undefined) and unit."""

_PRESENT = ("in_place", "exercising")
"""Statuses of those who have arrived where they are to be, and take part."""


class ExactBook(FigureBook):
    """Figures of the review before they are rounded for readers: means want all digits."""

    def __init__(self) -> None:
        super().__init__()
        self.exact: dict[str, float | None] = {}

    def add(
        self, name: str, label: str, value: Any, unit: str, computed: str, tables: Sequence[str],
        **more: Any,
    ) -> Figure:  # fmt: skip
        """Enter a figure, and keep its value as it is; texts are no measures."""
        if not isinstance(value, str):
            self.exact[name] = None if value is None else float(value)
        return super().add(name, label, value, unit, computed, tables, **more)


def measured(
    folder: Path, patterns: Sequence[str], queries: Sequence[Query] = ()
) -> tuple[Row, ...]:
    """Return the measures of a run, sorted by name and key.

    Parameters
    ----------
    folder
        The run folder.
    patterns
        Names of figures of the review, with wildcards.
    queries
        Measures in SQL.

    Raises
    ------
    StoreError
        If the run cannot be read, or a query gives no measure.
    """
    record, book = Record(folder), ExactBook()
    enter(record, book, patterns)
    rows: list[Row] = [
        (name, "", _plain(value), book[name].unit)
        for name, value in book.exact.items()
        if wanted(name, patterns)
    ]
    rows += starts(record)
    rows += present(record)
    rows += asked(record.run, queries)
    return tuple(sorted(rows, key=lambda row: row[:2]))


def _plain(value: Any) -> float | None:
    number = math.nan if value is None else float(value)
    return number if math.isfinite(number) else None


def starts(record: Record) -> list[Row]:
    """Return how late each serial started (h), and whether on time: within 15 minutes of plan.

    A serial that never started has no delay and was not on time.
    """
    rows: list[Row] = []
    for serial in record.rows("serials"):
        start, planned = serial["start"], serial["planned_start"]
        delay = None if start is None else (start - planned) / MS_PER_HOUR
        on_time = start is not None and start - planned <= LATE_MS
        rows.append(("serial_start_delay", serial["serial"], delay, "h"))
        rows.append(("serial_started_on_time", serial["serial"], float(on_time), ""))
    return rows


def present(record: Record) -> list[Row]:
    """Return how many counted persons have arrived and take part, at 00:00 UTC of each day."""
    changes = record.run.table("statuses")
    entity, t = (changes.column(name).to_numpy() for name in ("entity", "t"))
    words = changes.column("status").cast(pa.string())
    there = pc.is_in(words, pa.array(_PRESENT)).to_numpy(zero_copy_only=False).astype(bool)
    counted = record.counted & (record.kind == "person")
    mine = counted[entity]
    entity, t, there = entity[mine], t[mine], there[mine]
    order = np.lexsort((t, entity))
    entity, t, there = entity[order], t[order], there[order]
    # Each change adds or takes one: what the status before it was is that of the row above.
    before = np.zeros(len(there), bool)
    same = entity[1:] == entity[:-1]
    before[1:] = there[:-1] & same
    step = there.astype(np.int64) - before
    by_time = np.argsort(t, kind="stable")
    times, total = t[by_time], np.cumsum(step[by_time])
    first = -(-record.start_ms // MS_PER_DAY)
    rows: list[Row] = []
    for day in range(first, record.end_ms // MS_PER_DAY + 1):
        at = int(np.searchsorted(times, day * MS_PER_DAY, side="right"))
        number = float(total[at - 1]) if at else 0.0
        rows.append(("persons_present", format_time(day * MS_PER_DAY)[:10], number, "persons"))
    return rows


def asked(run: Run, queries: Sequence[Query]) -> list[Row]:
    """Return the answers to measures in SQL.

    Raises
    ------
    StoreError
        If a query is wrong, or gives neither one number nor rows of (key, number).
    """
    if not queries:
        return []
    rows: list[Row] = []
    # a file that cannot be read was told by `Record`, or is an outcome as any other error
    with connect(run.folder, run.manifest, threads=1) as connection:
        for query in queries:
            rows += _rows(query, answer(connection, query.query))
    return rows


def _rows(query: Query, found: pa.Table) -> list[Row]:
    columns = [column.to_pylist() for column in found.columns]
    if len(columns) == 1 and found.num_rows <= 1:
        value = columns[0][0] if columns[0] else None
        return [(query.name, "", _number(query, value), query.unit)]
    if len(columns) != 2:
        raise StoreError(
            f"the measure {query.name!r} gives {found.num_rows} rows of {len(columns)} columns; "
            "wanted: one number, or rows of a key and a number"
        )
    keys = ["" if key is None else str(key) for key in columns[0]]
    if len(set(keys)) < len(keys):
        raise StoreError(f"the measure {query.name!r} gives a key twice; group by the key")
    return [
        (query.name, key, _number(query, value), query.unit)
        for key, value in zip(keys, columns[1], strict=True)
    ]


def _number(query: Query, value: Any) -> float | None:
    if value is None:
        return None
    try:
        return _plain(value)
    except (TypeError, ValueError):
        raise StoreError(
            f"the measure {query.name!r} gives {value!r}, which is no number"
        ) from None


def check_queries(queries: Sequence[Query]) -> None:
    """Try measures in SQL on a store without rows.

    Raises
    ------
    UsageError
        With everything that is wrong with them.
    """
    wrong: list[str] = []
    if not queries:
        return
    with connect(Path(), None, threads=1) as connection:
        for query in queries:
            try:
                found = answer(connection, query.query)
                if found.num_columns not in (1, 2):
                    wrong.append(f"sql {query.name}: {found.num_columns} columns; wanted: 1 or 2")
            except StoreError as error:
                wrong.append(f"sql {query.name}: {str(error).splitlines()[0]}")
    if wrong:
        raise UsageError("; ".join(wrong))
