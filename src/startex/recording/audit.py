"""Whether the content of a run is possible: a numeric audit from the store alone.

Every check gathers all offending rows at once and reports the first few with their number, so
that it can be used on a run made by any program.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from startex.foundation.clock import format_time
from startex.foundation.errors import Problem, StoreError
from startex.recording.audit_carriers import check_carriers, check_continuity
from startex.recording.audit_legs import check_altitudes, check_legs, check_ranges, check_speeds
from startex.recording.counts import count

if TYPE_CHECKING:
    from startex.recording.reader import Run

EXAMPLES = 3


class Findings:
    """Collects problems; each is one kind of fault with its number and first examples."""

    def __init__(self, run: Run) -> None:
        self.problems: list[Problem] = []
        self._names = run.table("entities").column("name")

    def name(self, entity: int) -> str:
        """Return the name of an entity row, or the row where there is none such."""
        inside = 0 <= entity < len(self._names)
        return str(self._names[int(entity)]) if inside else f"entity {entity}"

    def add(
        self,
        table: str,
        fault: str,
        index: npt.NDArray[np.int64],
        describe: Callable[[int], str],
    ) -> None:
        """Report ``fault`` for the offending rows ``index``; nothing where there are none."""
        if len(index):
            shown = "; ".join(describe(int(i)) for i in index[:EXAMPLES])
            more = f"; and {len(index) - EXAMPLES} more" if len(index) > EXAMPLES else ""
            self.problems.append(Problem(table, 0, 0, f"{fault}: {shown}{more}."))


def audit(run: Run) -> list[Problem]:
    """Return everything impossible in a run; empty when it is sound.

    Checked are: legs last and do not overlap; no jump (over 1 m) between the legs of a platform
    unless it was carried between them; speeds within the limit of the type for the mode, heights
    within its ceiling, flights within its range; nobody has legs while carried; carriers rows of
    one entity do not overlap and go round in no circle; each counted person is aboard exactly one
    thing at every instant;
    who boards or alights is where the carrier is; statuses begin with the run; causes precede
    their effects; the counts of the manifest are those of the tables.
    """
    findings = Findings(run)
    try:
        _check_references(run, findings)
        if findings.problems:  # nothing else can be looked up
            return findings.problems
        check_legs(run, findings)
        check_speeds(run, findings)
        check_altitudes(run, findings)
        check_ranges(run, findings)
        acyclic = check_carriers(run, findings)
        if acyclic:
            check_continuity(run, findings)
        _check_statuses(run, findings)
        _check_events(run, findings)
        _check_counts(run, findings)
    except StoreError as error:
        findings.problems.append(Problem("manifest.json", 0, 0, str(error)))
    return findings.problems


def _check_references(run: Run, findings: Findings) -> None:
    """Entity rows are 0 to n-1, and every reference to one names a row that exists."""
    entity = run.table("entities").column("entity").to_numpy()
    count = len(entity)
    wrong = np.flatnonzero(entity != np.arange(count))
    findings.add("entities", "rows do not run from 0", wrong, lambda i: f"row {i}: {entity[i]}")
    units = len(run.table("units"))
    for table, column, limit in (
        ("entities", "unit", units),
        ("legs", "entity", count),
        ("carriers", "entity", count),
        ("carriers", "carrier", count),
        ("statuses", "entity", count),
        ("events", "actor", count),
        ("events", "target", count),
    ):
        values = run.table(table).column(column).fill_null(0).to_numpy()
        outside = np.flatnonzero((values < 0) | (values >= max(limit, 1)))
        findings.add(
            table,
            f"column {column!r} names rows that do not exist",
            outside,
            lambda i, values=values: f"{values[i]} in row {i}",  # type: ignore[misc]
        )


def _check_statuses(run: Run, findings: Findings) -> None:
    changes = run.table("statuses")
    if not len(changes):
        return
    entity = changes.column("entity").to_numpy()
    t = changes.column("t").to_numpy()
    order = np.lexsort((t, entity))
    entity, t = entity[order], t[order]
    twice = np.flatnonzero((entity[1:] == entity[:-1]) & (t[1:] == t[:-1]))
    findings.add(
        "statuses",
        "two statuses at one instant",
        twice,
        lambda i: f"{findings.name(entity[i])} at {format_time(t[i])}",
    )
    begun = np.full(len(run.table("entities")), np.iinfo(np.int64).max)
    np.minimum.at(begun, entity, t)
    counted = run.table("entities").column("counted").to_numpy()
    late = np.flatnonzero(counted & (begun > run.manifest.header.sim_start))
    findings.add("statuses", "no status at the start of the run", late, findings.name)


def _check_events(run: Run, findings: Findings) -> None:
    events = run.table("events")
    if not len(events):
        return
    ids = events.column("event").to_numpy()
    t = events.column("t").to_numpy()
    order = np.argsort(ids, kind="stable")
    ids, t = ids[order], t[order]
    cause = events.column("cause").fill_null(-1).to_numpy()[order]
    twice = np.flatnonzero(ids[1:] == ids[:-1])
    findings.add("events", "an id is used twice", twice, lambda i: f"event {ids[i]}")
    has = np.flatnonzero(cause >= 0)
    at = np.minimum(np.searchsorted(ids, cause[has]), len(ids) - 1)
    absent = has[ids[at] != cause[has]]
    findings.add(
        "events", "the cause does not exist", absent, lambda i: f"event {ids[i]}: {cause[i]}"
    )
    later = has[(ids[at] == cause[has]) & (t[at] > t[has])]
    findings.add(
        "events",
        "the cause comes after the effect",
        later,
        lambda i: f"event {ids[i]} at {format_time(t[i])} by event {cause[i]}",
    )


def _check_counts(run: Run, findings: Findings) -> None:
    found = count(run.folder, run.manifest)
    for name, number in sorted(run.manifest.counts.items()):
        if name in found and found[name] != number:
            findings.problems.append(
                Problem(
                    "manifest.json", 0, 0, f"counts {number} {name}; the tables have {found[name]}."
                )
            )
