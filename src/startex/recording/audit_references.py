"""The audit of references: every id in a table names a row that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from startex.recording.audit import Findings
    from startex.recording.reader import Run

ROWS = (
    ("entities", "unit", "units"),
    ("units", "parent", "units"),
    ("legs", "entity", "entities"),
    ("carriers", "entity", "entities"),
    ("carriers", "carrier", "entities"),
    ("statuses", "entity", "entities"),
    ("events", "actor", "entities"),
    ("events", "target", "entities"),
    ("events", "unit", "units"),
    ("orders", "unit", "units"),
    ("detections", "unit", "units"),
    ("detections", "looker", "entities"),
    ("detections", "target", "entities"),
    ("tracks", "track", "detections"),
    ("tracks", "unit", "units"),
    ("tracks", "looker", "entities"),
    ("tracks", "target", "entities"),
    ("shots", "shooter", "entities"),
    ("shots", "target", "entities"),
    ("messages", "sender", "units"),
    ("messages", "receiver", "units"),
    ("messages", "about", "detections"),
    ("supply", "unit", "units"),
    ("shortages", "unit", "units"),
    ("mishaps", "entity", "entities"),
    ("strengths", "unit", "units"),
)
"""Columns that hold row numbers of another table."""

IDS = (
    ("entities", "type", "catalogue", "type", ""),
    ("units", "home", "places", "place", ""),
    ("units", "claim", "claims", "claim", ","),
    ("events", "place", "places", "place", ""),
    ("events", "serial", "serials", "serial", ""),
    ("detections", "serial", "serials", "serial", ""),
    ("tracks", "serial", "serials", "serial", ""),
    ("shots", "serial", "serials", "serial", ""),
    ("messages", "serial", "serials", "serial", ""),
    ("orders", "place", "places", "place", ""),
    ("orders", "serial", "serials", "serial", ""),
    ("serials", "place", "places", "place", ""),
    ("serials", "units", "units", "id", ";"),
    ("serials", "support", "units", "id", ";"),
    ("serials", "opfor", "units", "id", ";"),
    ("serials", "after", "serials", "serial", ";"),
    ("serials", "claim", "claims", "claim", ","),
    ("places", "claim", "claims", "claim", ","),
    ("ways", "from", "places", "place", ""),
    ("ways", "to", "places", "place", ""),
    ("ways", "claim", "claims", "claim", ","),
    ("weather", "area", "places", "place", ""),
    ("weather", "claim", "claims", "claim", ","),
    ("claims", "source", "sources", "source", ""),
    ("claims", "origin", "origins", "origin", ""),
    ("claims", "conflicts", "conflicts", "conflict", ","),
    ("sources", "derived_from", "sources", "source", ";"),
    ("sources", "origin", "origins", "origin", ""),
    ("conflicts", "claims", "claims", "claim", ","),
    ("conflicts", "chosen", "claims", "claim", ","),
    ("figures", "claim", "claims", "claim", ","),
)
"""Columns that hold text ids of another table; the last says what parts several."""


def check_references(run: Run, findings: Findings) -> bool:
    """Report ids that name nothing; return whether the rows of entities and units are sound."""
    before = len(findings.problems)
    for table, column in (("entities", "entity"), ("units", "unit")):
        rows = run.table(table).column(column).to_numpy()
        wrong = np.flatnonzero(rows != np.arange(len(rows)))
        findings.add(
            table,
            "rows do not run from 0",
            wrong,
            lambda i, rows=rows: f"row {i}: {rows[i]}",  # type: ignore[misc]
        )
    for table, column, other in ROWS:
        values = run.table(table).column(column)
        limit = len(run.table(other))
        if not len(values):
            continue
        known = values.is_valid().to_numpy()
        number = values.fill_null(0).to_numpy()
        _tell(findings, run, table, column, known & ((number < 0) | (number >= limit)))
    sound = len(findings.problems) == before
    for table, column, other, key, separator in IDS:
        _check_ids(run, findings, table, column, (other, key, separator))
    names = run.table("entities").column("name")
    counts = pc.value_counts(names.combine_chunks())
    often = counts.filter(pc.greater(counts.field("counts"), 1))
    findings.add(
        "entities",
        "a name is used twice",
        np.arange(len(often)),
        lambda i: f"{often[i]['values']} ({often[i]['counts']} times)",
    )
    return sound


def _check_ids(
    run: Run, findings: Findings, table: str, column: str, target: tuple[str, str, str]
) -> None:
    other, key, separator = target
    values = run.table(table).column(column)
    if not len(values) or values.null_count == len(values):
        return
    known = run.table(other)
    if not len(known):
        findings.skip(f"{table}.{column}", f"the run has no table {other!r}")
        return
    words, row = values.combine_chunks(), np.arange(len(values))
    if isinstance(words, pa.ChunkedArray):
        words = words.chunk(0)
    if separator:
        parts = pc.split_pattern(words.fill_null(""), separator)
        row = pc.list_parent_indices(parts).to_numpy()
        words = pc.utf8_trim_whitespace(pc.list_flatten(parts))
    absent = pc.invert(pc.is_in(words, value_set=known.column(key).combine_chunks()))
    given = pc.and_(words.is_valid(), pc.not_equal(words.fill_null(""), ""))
    wrong = pc.and_(absent, given).to_numpy(zero_copy_only=False)
    findings.add(
        table,
        f"column {column!r} names no row of {other!r}",
        np.flatnonzero(wrong),
        lambda i: f"{words[i].as_py()!r} in row {row[i]}{_whose(run, table, int(row[i]))}",
    )


def _tell(
    findings: Findings, run: Run, table: str, column: str, wrong: npt.NDArray[np.bool_]
) -> None:
    values = run.table(table).column(column)
    findings.add(
        table,
        f"column {column!r} names rows that do not exist",
        np.flatnonzero(wrong),
        lambda i: f"{values[i]} in row {i}{_whose(run, table, i)}",
    )


def _whose(run: Run, table: str, row: int) -> str:
    """Return the name on a row, in brackets, where the table has names."""
    columns = run.table(table).column_names
    name = "name" if "name" in columns else "text" if "text" in columns else ""
    return f" ({run.table(table).column(name)[row]})" if name else ""
