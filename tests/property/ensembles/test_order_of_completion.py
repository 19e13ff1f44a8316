"""Whatever order replications end in, whoever fails, whoever is interrupted: the same bytes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from startex.ensemble import run as running
from startex.ensemble.design import Design, Until
from startex.ensemble.plan import Job
from startex.ensemble.replicate import Outcome
from startex.foundation.streams import Stream, uniform_one

TABLES = ("ensemble.json", "design.parquet", "measures.parquet", "failures.parquet")
FIXED = Design(policies=("all",), seeds=tuple(range(23)), measures=("serials.*",))
ENDING = Design(
    until=Until("value", 0.12, batch=4), most_runs=400, policies=("all",), measures=("*",)
)  # fmt: skip


class _InterruptedError(Exception):
    """As a kill, at a moment of our choosing."""


class _Crew:
    """Workers that end in a drawn order; jobs that fail always, once, or with their worker."""

    def __init__(self, workers: int, draw: random.Random, lives: int) -> None:
        self._draw, self._left = draw, lives
        self._jobs: dict[int, Job | None] = dict.fromkeys(range(workers))

    @property
    def idle(self) -> tuple[int, ...]:
        return tuple(number for number, job in self._jobs.items() if job is None)

    @property
    def busy(self) -> int:
        return len(self._jobs) - len(self.idle)

    def give(self, worker: int, job: Job) -> None:
        assert self._jobs[worker] is None
        assert worker != self._failed_at.get(job.run)
        self._jobs[worker] = job

    def renew(self, worker: int) -> int:
        assert self._jobs.pop(worker) is None
        number = max([worker, *self._jobs, *self._failed_at.values()]) + 1
        self._jobs[number] = None
        return number

    _failed_at: dict[int, int] = {}  # noqa: RUF012  (of all crews of one ensemble)

    def wait(self, seconds: float) -> list[tuple[int, Outcome]]:
        busy = [number for number, job in self._jobs.items() if job is not None]
        self._draw.shuffle(busy)
        found = []
        for worker in busy[: self._draw.randint(1, len(busy))] if busy else []:
            if not self._left:
                raise _InterruptedError
            self._left -= 1
            job, self._jobs[worker] = self._jobs[worker], None
            outcome = self._outcome(job)
            if outcome.error:
                self._failed_at[job.run] = worker
            found.append((worker, outcome))
        return found

    def _outcome(self, job: Job) -> Outcome:
        if job.run % 7 == 3 or (job.run % 5 == 2 and not job.attempt):
            return Outcome(job.run, job.attempt, error="it fails", detail=f"seed {job.seed}")
        value = uniform_one(job.seed, Stream.FIGURE, len(job.policy))
        rows = (("late", "a", value, "h"), ("late", "b", None, "h"), ("value", "", value, ""))
        return Outcome(job.run, job.attempt, rows)

    def close(self) -> None:
        pass


def _made(folder: Path, design: Design, workers: int, seed: int, interruptions: list[int]):
    """Run an ensemble that is interrupted after so many outcomes, each time; return its bytes."""
    draw = random.Random(seed)
    lives = [*interruptions, -1]
    real = running._crew
    try:
        for number, life in enumerate(lives):
            _Crew._failed_at.clear()  # who failed before an interruption is nobody's worker now
            running._crew = lambda on, task, count, life=life: _Crew(workers, draw, life)
            try:
                if number == 0:
                    running.run_ensemble("three-nations-day", design, out=folder)
                else:
                    running.resume_ensemble(folder)
            except _InterruptedError:
                continue
            break
    finally:
        running._crew = real
    return {name: (folder / name).read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    return {
        design: _made(folder / str(number), design, 1, 0, [])
        for number, design in enumerate((FIXED, ENDING))
    }


@pytest.mark.parametrize("design", [FIXED, ENDING], ids=["fixed", "ending"])
@settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    workers=st.integers(1, 5),
    seed=st.integers(0, 10_000),
    interruptions=st.lists(st.integers(0, 30), max_size=2),
)
def test_the_bytes_are_those_of_one_worker_undisturbed(
    plain, tmp_path_factory, design, workers, seed, interruptions
) -> None:
    folder = tmp_path_factory.mktemp("drawn") / "e"
    assert _made(folder, design, workers, seed, interruptions) == plain[design]


def test_the_ensemble_with_an_end_ended_by_it(plain) -> None:
    assert b'"ended_by": "half-width"' in plain[ENDING]["ensemble.json"]
    assert b'"runs_failed": 7' in plain[FIXED]["ensemble.json"]
