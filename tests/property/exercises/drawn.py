"""Generated exercises for property tests: what hypothesis draws, and what of a run is compared."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

import startex
from startex.testing import Plan, plan_exercise
from startex.testing.exercise import COASTAL_KINDS, KINDS

SMALL = (60, 250)
LARGE = (200, 1500)
"""Entities of the default and of the longer level, least and most."""

START = "2031-05-01T00:00Z"

Arguments = dict[str, Any]


def examples(count: int) -> Callable[[Any], Any]:
    """Return settings for tests that run whole exercises: so many examples, however slow."""
    return settings(
        max_examples=count,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


@st.composite
def arguments(draw: st.DrawFn, sizes: tuple[int, int] = SMALL) -> Arguments:
    """Draw the arguments of `plan_exercise`: size, seed, kinds of contingent, terrain."""
    terrain = draw(st.sampled_from(("coast", "mixed", "inland")))
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=2, unique=True))
    if set(kinds) <= COASTAL_KINDS:
        terrain = "coast"
    return {
        "entities": draw(st.integers(*sizes)),
        "seed": draw(st.integers(0, 2**32 - 1)),
        "kinds": sorted(kinds),
        "terrain": terrain,
        "start": START,
    }


@contextmanager
def ran(plan: Plan, **how: Any) -> Iterator[startex.Run]:
    """Write a plan, run it, and yield the run; all is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        yield run_in(Path(folder), plan, **how)


def run_in(folder: Path, plan: Plan, **how: Any) -> startex.Run:
    """Write a plan below a folder and run it there, with seed 1 unless told otherwise."""
    scenario = startex.load(plan.write(folder / "exercise"))
    return startex.simulate(scenario, out=folder / "run", **{"seed": 1, **how})


def drawn_plan(made: Arguments, **changes: Any) -> Plan:
    """Return the plan for drawn arguments."""
    return plan_exercise(**{**made, **changes})


def digest(run: startex.Run) -> str:
    """Return the digest of a complete run."""
    assert run.manifest.complete
    return run.manifest.digest


def told_by_name(run: startex.Run) -> dict[str, list[tuple[Any, ...]]]:
    """Return the legs, carriers and statuses of every entity, by its name."""
    queries = (
        "select e.name, 'leg', l.* exclude (entity) from legs l join entities e using (entity) "
        "order by e.name, l.t0",
        "select e.name, 'aboard', c.t0, c.t1, c.slot, a.name as carrier from carriers c "
        "join entities e using (entity) join entities a on a.entity = c.carrier "
        "order by e.name, c.t0",
        "select e.name, 'status', s.t, s.status from statuses s join entities e using (entity) "
        "order by e.name, s.t",
    )
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for query in queries:
        for row in run.sql(query).to_pylist():
            name, *rest = row.values()
            found[name].append(tuple(rest))
    return found


def outcomes(run: startex.Run) -> dict[str, str]:
    """Return what became of each serial."""
    return {row["serial"]: row["outcome"] for row in run.table("serials").to_pylist()}
