"""What must not change a generated exercise: order, strangers, threads, pauses, quiet, date."""

from __future__ import annotations

import random
import tempfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from drawn import (
    LARGE,
    SMALL,
    START,
    Arguments,
    arguments,
    digest,
    drawn_plan,
    examples,
    outcomes,
    ran,
    run_in,
    told_by_name,
)
from hypothesis import assume, example, given
from hypothesis import strategies as st

import startex
from moved_runs import differences
from startex.foundation.clock import MS_PER_DAY
from startex.geography.geodesy import inverse
from startex.testing import Plan, shift_exercise
from startex.testing.exercise import KINDS

FAR_M = 450_000.0
"""Cells so far apart share no place, railway or airfield: twice their own farthest reach."""


def _order_of_rows_means_nothing(made: Arguments, shuffle: int) -> None:
    """Same digest, ids included: rows of the store follow the ids, not the files."""
    plan = drawn_plan(made)
    chance = random.Random(shuffle)
    changed: dict[str, list[Any]] = {}
    for field in fields(Plan):
        rows = getattr(plan, field.name)
        if isinstance(rows, list) and field.name != "policies":  # the first one is the default
            changed[field.name] = chance.sample(rows, len(rows))
    with ran(plan) as run, ran(replace(plan, **changed)) as shuffled:
        assert digest(shuffled) == digest(run)


def _strangers_change_nobody(made: Arguments, strangers: Arguments, prefix: str) -> None:
    plan = drawn_plan(made)
    others = drawn_plan(strangers, prefix=prefix)
    assume(_distance_m(plan, others) > FAR_M)
    with ran(plan) as run, ran(plan.joined(others)) as more:
        before, after = told_by_name(run), told_by_name(more)
        assert len(after) > len(before)
        for name, rows in before.items():
            assert after[name] == rows, name
        known = outcomes(run)
        assert {name: outcomes(more)[name] for name in known} == known


def _distance_m(plan: Plan, others: Plan) -> float:
    ends = [
        [row["geometry"]["coordinates"] for row in rows.places] for rows in (plan, others)
    ]  # fmt: skip
    return min(
        float(inverse(a[1], a[0], b[1], b[0])[1]) for a in ends[0][::3] for b in ends[1][::3]
    )


def _pausing_changes_nothing(made: Arguments, share: float) -> None:
    plan = drawn_plan(made)
    until = plan.start_ms + round(share * (plan.end_ms - plan.start_ms))
    with ran(plan) as run, tempfile.TemporaryDirectory() as folder:
        first = run_in(Path(folder), plan, until_ms=until)
        assert first.manifest.complete == (until == plan.end_ms)
        if not first.manifest.complete:
            assert [str(problem) for problem in first.verify_deep()] == []
            first = startex.resume(Path(folder) / "run")
        assert digest(first) == digest(run)


def _threads_change_nothing(made: Arguments) -> None:
    plan = drawn_plan(made)
    with ran(plan, threads=1) as one, ran(plan, threads=3) as three:
        assert digest(one) == digest(three)
        for file in one.manifest.files:
            assert (one.folder / file.path).read_bytes() == (three.folder / file.path).read_bytes()


def _quiet_costs_nothing(made: Arguments) -> None:
    with ran(drawn_plan(made)) as run, ran(drawn_plan(made, quiet_days=7)) as quiet:
        end = run.manifest.header.sim_end
        counts, more = run.manifest.counts, quiet.manifest.counts
        assert more == counts
        at = f"select count(*) as n from events where t > {end}"
        assert quiet.sql(at).to_pylist() == [{"n": 0}]
        assert [str(problem) for problem in quiet.verify_deep()] == []


def _alone_there(serial: dict[str, Any]) -> dict[str, Any]:
    """A serial without the opposing force; what cannot be held without one takes up positions."""
    if not serial.get("opfor"):
        return serial
    kept = {name: value for name, value in serial.items() if name != "opfor"}
    if serial["task"] != "defend":
        return kept
    return {name: value for name, value in kept.items() if name != "params"} | {"task": "occupy"}


def _the_date_means_nothing(made: Arguments, weeks: int) -> None:
    """Without the play, in which the sun, weeks later, sets at another hour."""
    plan = drawn_plan(made)
    plan = replace(plan, serials=[_alone_there(row) for row in plan.serials])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run = run_in(folder, plan)
        shift_exercise(folder / "exercise", folder / "moved", 7 * weeks)
        later = startex.simulate(startex.load(folder / "moved"), out=folder / "later", seed=1)
        assert differences(run, later, 7 * weeks * MS_PER_DAY) == []
        assert [str(problem) for problem in later.verify_deep()] == []


@given(arguments(), st.integers(0, 2**32 - 1))
@examples(3)
def test_the_order_of_rows_in_the_files_means_nothing(made: Arguments, shuffle: int) -> None:
    """The order of rows in a scenario file confers no advantage: not a byte changes."""
    _order_of_rows_means_nothing(made, shuffle)


def _alone(kind: str, seed: int) -> Arguments:
    return {"entities": 1, "seed": seed, "kinds": [kind], "terrain": "inland", "start": START}


@given(arguments(), arguments(), st.sampled_from("ax"))
@example(_alone("drop", 1), _alone("drop", 2), "a")  # parachutes
@example(_alone("rail", 3), _alone("rail", 4), "x")  # trains
@examples(4)
def test_strangers_change_nobody(made: Arguments, strangers: Arguments, prefix: str) -> None:
    """Adding an unrelated contingent changes no other unit's legs, rides, statuses or draws."""
    _strangers_change_nobody(made, strangers, prefix)


@given(arguments(), st.floats(0.0, 1.0))
@examples(3)
def test_pausing_changes_nothing(made: Arguments, share: float) -> None:
    """The content of a run does not depend on pauses: split at any instant, same digest."""
    _pausing_changes_nothing(made, share)


@given(arguments())
@examples(2)
def test_threads_change_nothing(made: Arguments) -> None:
    """The content of a run does not depend on threads, nor do its files."""
    _threads_change_nothing(made)


@given(arguments())
@examples(3)
def test_a_quiet_week_costs_nothing(made: Arguments) -> None:
    """Cost follows events: a unit that waits costs nothing, whatever the length of the run."""
    _quiet_costs_nothing(made)


WEEKS = st.just(1) | st.integers(-3300, 3000)
"""A week, or so many that the exercise is held between 1968 and 2088."""

EVERY_DRAW: Arguments = {
    "entities": 1200, "seed": 3, "kinds": sorted(KINDS), "terrain": "coast", "start": START,
}  # fmt: skip
"""One with take-offs, an airlift, a drop, trains and a patrol: all draws that a time counts."""


@given(arguments(), WEEKS)
@example(EVERY_DRAW, 1)
@example(_alone("drop", 1), -3250)  # before 1970
@examples(3)
def test_weeks_later_all_is_weeks_later(made: Arguments, weeks: int) -> None:
    """Shifting the exercise by whole weeks shifts every instant by them, and nothing else."""
    _the_date_means_nothing(made, weeks)


@pytest.mark.long
@pytest.mark.timeout(1800)
@given(arguments(LARGE), arguments(SMALL), st.sampled_from("ax"), st.integers(0, 2**32 - 1),
       st.floats(0.0, 1.0), WEEKS)  # fmt: skip
@examples(12)
def test_nothing_of_it_changes_larger_ones(
    made: Arguments, strangers: Arguments, prefix: str, shuffle: int, share: float, weeks: int
) -> None:
    """All of these promises, on larger exercises."""
    _order_of_rows_means_nothing(made, shuffle)
    _strangers_change_nobody(made, strangers, prefix)
    _pausing_changes_nothing(made, share)
    _threads_change_nothing(made)
    _quiet_costs_nothing(made)
    _the_date_means_nothing(made, weeks)
