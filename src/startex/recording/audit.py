"""Whether the content of a run is possible: a numeric audit from the store alone.

Every check gathers all offending rows at once and reports the first few with their number, so
that it can be used on a run made by any program. What cannot be checked, because the run does not
say it, is told beside what was found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from startex.foundation.clock import format_time
from startex.foundation.errors import Problem, StoreError
from startex.recording.audit_carriers import check_carriers, check_continuity
from startex.recording.audit_legs import Limits, check_legs, legs_in_blocks
from startex.recording.audit_ranges import check_ranges
from startex.recording.audit_references import check_references
from startex.recording.counts import count
from startex.recording.lookup import Lookup

if TYPE_CHECKING:
    from startex.recording.reader import Run

EXAMPLES = 3


@dataclass(slots=True)
class _Fault:
    number: int = 0
    examples: list[str] = field(default_factory=list)


class Findings:
    """Collects problems; each is one kind of fault with its number and first examples."""

    def __init__(self, names: Sequence[object], kinds: Sequence[str]) -> None:
        self.unchecked: list[str] = []
        self._names, self._kinds = names, kinds
        self._faults: dict[tuple[str, str], _Fault] = {}

    def name(self, entity: int) -> str:
        """Return the name of an entity row, or the row where there is none such."""
        inside = 0 <= entity < len(self._names)
        return str(self._names[int(entity)]) if inside else f"entity {entity}"

    def kind(self, entity: int) -> str:
        """Return person, vehicle and so on."""
        return self._kinds[int(entity)]

    def add(
        self,
        table: str,
        fault: str,
        index: npt.NDArray[np.int64],
        describe: Callable[[int], str],
    ) -> None:
        """Report ``fault`` for the offending rows ``index``; nothing where there are none."""
        if len(index):
            found = self._faults.setdefault((table, fault), _Fault())
            found.number += len(index)
            more = index[: EXAMPLES - len(found.examples)]
            found.examples += [describe(int(i)) for i in more]

    def tell(self, table: str, fault: str, example: str) -> None:
        """Report one fault that needs no row."""
        self.add(table, fault, np.zeros(1, np.int64), lambda _: example)

    def skip(self, what: str, why: str) -> None:
        """Note what could not be checked."""
        self.unchecked.append(f"{what}: {why}")

    @property
    def problems(self) -> list[Problem]:
        """What was found, in the order of the checks."""
        return [
            Problem(table, 0, 0, f"{fault}: {'; '.join(found.examples)}{_more(found)}.")
            for (table, fault), found in self._faults.items()
        ]


def _more(found: _Fault) -> str:
    rest = found.number - len(found.examples)
    return f"; and {rest:,} more" if rest else ""


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit found, and what it could not check (one line each)."""

    problems: list[Problem]
    unchecked: list[str]


def audit(run: Run) -> Audit:
    """Return everything impossible in a run; no problems when it is sound.

    Checked are: every id names a row that exists; legs lie within the run, last and do not overlap;
    no jump (over 1 m) between the legs of a platform, or from where it stands at the start, unless
    it was carried between them; speeds within the limit of the type for the mode, heights within
    its ceiling, ways within its range on one tank; nobody has legs while carried; carriers rows of
    one entity do not overlap and go round in no circle, no two have one place aboard; each counted
    person is aboard exactly one thing at every instant; who boards or alights is where the carrier
    is; statuses begin with the run; causes precede their effects; the counts of the manifest are
    those of the tables.
    """
    entities = run.table("entities")
    kinds = entities.column("kind").cast("string").to_pylist()
    findings = Findings(entities.column("name"), kinds)
    try:
        sound = check_references(run, findings)
        if sound:  # else nothing can be looked up
            _check_movements(run, findings)
            _check_statuses(run, findings)
            _check_events(run, findings)
        _check_counts(run, findings)
    except StoreError as error:
        findings.tell("manifest.json", "the audit ends here", str(error))
    return Audit(findings.problems, findings.unchecked)


def _check_movements(run: Run, findings: Findings) -> None:
    header = run.manifest.header
    legs, carriers = run.table("legs"), run.table("carriers")
    first = [header.sim_start]
    first += [int(table.column("t0").to_numpy().min()) for table in (legs, carriers) if len(table)]
    lookup = Lookup(run.table("entities"), legs, carriers, min(first))
    limits = Limits(run, findings)
    for block in legs_in_blocks(run, lookup):
        check_legs(run, lookup, block, limits, findings)
        check_ranges(run, lookup, block, limits, findings)
    if check_carriers(run, lookup, findings):
        check_continuity(run, lookup, limits, findings)


def _check_statuses(run: Run, findings: Findings) -> None:
    changes = run.table("statuses")
    if not len(changes):
        findings.skip("statuses", "the run has none")
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
    header = run.manifest.header
    findings.add(
        "statuses",
        "a status outside the run",
        np.flatnonzero((t < header.sim_start) | (t > header.sim_end)),
        lambda i: f"{findings.name(entity[i])} at {format_time(t[i])}",
    )
    begun = np.full(len(run.table("entities")), np.iinfo(np.int64).max)
    np.minimum.at(begun, entity, t)
    counted = run.table("entities").column("counted").to_numpy()
    late = np.flatnonzero(counted & (begun > header.sim_start))
    findings.add("statuses", "no status at the start of the run", late, findings.name)


def _check_events(run: Run, findings: Findings) -> None:
    events = run.table("events")
    if not len(events):
        findings.skip("events", "the run has none")
        return
    t = events.column("t").to_numpy()
    header = run.manifest.header
    findings.add(
        "events",
        "an event outside the run",
        np.flatnonzero((t < header.sim_start) | (t > header.sim_end)),
        lambda i: f"{events.column('kind')[i]} at {format_time(t[i])}",
    )
    ids = events.column("event").to_numpy()
    if run.manifest.foreign and len(ids) > 1 and not ids.any():
        findings.skip("causes of events", "events have no column 'event' with their ids")
        return
    order = np.argsort(ids, kind="stable")
    ids, t = ids[order], t[order]
    cause = events.column("cause").fill_null(-1).to_numpy()[order]
    twice = np.flatnonzero(ids[1:] == ids[:-1])
    findings.add("events", "an id is used twice", twice, lambda i: f"event {ids[i]}")
    has = np.flatnonzero(cause >= 0)
    at = np.minimum(np.searchsorted(ids, cause[has]), len(ids) - 1)
    absent = has[ids[at] != cause[has]]
    findings.add(
        "events",
        "the cause does not exist",
        absent,
        lambda i: f"event {ids[i]} at {format_time(t[i])}: {cause[i]}",
    )
    effect = np.flatnonzero((ids[at] == cause[has]) & (t[at] > t[has]))
    findings.add(
        "events",
        "the cause comes after the effect",
        effect,
        lambda i: (
            f"event {ids[has[i]]} at {format_time(t[has[i]])} by event {cause[has[i]]}, "
            f"{seconds(t[at[i]] - t[has[i]])} later"
        ),
    )


def _check_counts(run: Run, findings: Findings) -> None:
    found = count(run.folder, run.manifest)
    for name, number in sorted(run.manifest.counts.items()):
        if name in found and found[name] != number:
            findings.tell(
                "manifest.json", f"counts {number} {name}", f"the tables have {found[name]}"
            )


def seconds(ms: int) -> str:
    """Return a length of time in seconds, or hours from two on."""
    return f"{ms / 3.6e6:,.1f} h" if abs(ms) >= 7_200_000 else f"{ms / 1e3:,.3f} s"
