"""Giving the jobs of an ensemble to workers, and deciding between batches whether to go on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from startex.ensemble.design import Until
from startex.ensemble.journal import Journal
from startex.ensemble.plan import Job, Plan
from startex.ensemble.pool import Crew
from startex.ensemble.replicate import Outcome
from startex.models.intervals import t_interval

ATTEMPTS = 2
"""How often a replication is tried: once more, elsewhere, if it failed."""

_FIXED_BATCH = 10
"""Replications of each variant that come one after the other in a design without an end of its own:
so all variants grow together, and a worker keeps the variant it has read."""

_TIMED = 64
"""Runs between two looks at the clock."""

_TICK_S = 0.5


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ensemble has come: runs that are done (failed ones too), in all, and failed."""

    done: int
    planned: int
    failed: int


@dataclass
class Made:
    """What was made of a plan: (run, variant, replication) in order, and why it ended."""

    runs: list[tuple[int, int, int]] = field(default_factory=list)
    ended_by: str = "all runs"


class Driver:
    """Carries a plan out.

    Parameters
    ----------
    plan
        What is to be run.
    journal
        What has been; takes what comes in.
    crew
        Who runs it.
    progress
        Called now and then.
    deadline
        Instant of the monotonic clock after which no batch is begun; None: none.
    """

    def __init__(
        self,
        plan: Plan,
        journal: Journal,
        crew: Crew,
        progress: Callable[[Progress], None] | None = None,
        deadline: float | None = None,
    ) -> None:
        self._plan, self._journal, self._crew = plan, journal, crew
        self._progress, self._deadline = progress, deadline
        self._retries: deque[tuple[Job, int]] = deque()
        self._given: dict[int, Job] = {}
        self._finished = 0
        self._failed = 0
        self._values: list[list[float]] = [[] for _ in plan.variants]

    def run(self) -> Made:
        """Run what is left of the plan; return what was made of it."""
        made = Made()
        until = self._plan.design.until
        for batch in self._batches():
            runs = self._do(batch)
            made.runs += runs
            if until is not None and self._known(until, runs):
                made.ended_by = "half-width"
                return made
            if self._deadline is not None and time.monotonic() >= self._deadline:
                if len(made.runs) < self._plan.runs_planned:
                    made.ended_by = "time"
                return made
        if until is not None or self._plan.runs_planned < self._whole():
            made.ended_by = "runs"
        return made

    def _whole(self) -> int:
        return self._plan.replications * len(self._plan.variants)

    def _batches(self) -> Iterator[Iterator[Job]]:
        """Yield batches of jobs; between two of them the ensemble may end."""
        plan, until = self._plan, self._plan.design.until
        size = until.batch if until is not None else _FIXED_BATCH
        ranges = [
            (first, min(first + size, plan.replications))
            for first in range(0, plan.replications, size)
        ]
        parts = (
            plan.jobs(first, last, first * len(plan.variants)) for first, last in ranges
        )  # fmt: skip
        if until is not None:
            yield from parts
            return
        every = islice(chain.from_iterable(parts), plan.runs_planned)
        if self._deadline is None:
            yield every
            return
        while batch := list(islice(every, _TIMED)):
            yield iter(batch)

    def _do(self, batch: Iterable[Job]) -> list[tuple[int, int, int]]:
        """Have all jobs of a batch done; return what they are."""
        runs: list[tuple[int, int, int]] = []
        fresh = self._left(batch, runs)
        crew = self._crew
        exhausted = False
        while True:
            for worker in crew.idle:
                job = self._retry_for(worker)
                if job is None and not exhausted:
                    job = next(fresh, None)
                    exhausted = job is None
                if job is not None:
                    self._given[job.run] = job
                    crew.give(worker, job)
            if not self._given and not self._retries and exhausted:
                return runs
            if self._retries and not self._given and not self._others_start():
                crew.renew(self._retries[0][1])  # alone: elsewhere is a new process
            for worker, outcome in crew.wait(_TICK_S):
                self._take(worker, outcome)

    def _others_start(self) -> bool:
        """Tell whether a worker will come that has not failed at the next retry."""
        return self._crew.busy > 0 or any(n != self._retries[0][1] for n in self._crew.idle)

    def _left(self, batch: Iterable[Job], runs: list[tuple[int, int, int]]) -> Iterator[Job]:
        """Yield those jobs of a batch that are not finished; note all of them in ``runs``."""
        for job in batch:
            runs.append((job.run, job.variant, job.replication))
            failures = self._journal.attempts(job.run)
            if job.run in self._journal.done:
                self._tell()
            elif failures >= ATTEMPTS:
                self._tell(failed=True)
            else:
                yield _attempt(job, failures)

    def _retry_for(self, worker: int) -> Job | None:
        for index, (job, avoid) in enumerate(self._retries):
            if avoid != worker:
                del self._retries[index]
                return job
        return None

    def _take(self, worker: int, outcome: Outcome) -> None:
        job = self._given.pop(outcome.run)
        self._journal.append(outcome)
        if not outcome.error:
            self._tell()
        elif self._journal.attempts(job.run) < ATTEMPTS:
            self._retries.append((_attempt(job, job.attempt + 1), worker))
        else:
            self._tell(failed=True)

    def _tell(self, *, failed: bool = False) -> None:
        self._finished += 1
        self._failed += failed
        if self._progress is not None:
            self._progress(Progress(self._finished, self._plan.runs_planned, self._failed))

    def _known(self, until: Until, runs: Iterable[tuple[int, int, int]]) -> bool:
        """Tell whether the mean of the measure is known well enough in every variant."""
        for run, variant, _ in runs:
            if run in self._journal.done:
                rows = self._journal.outcome(self._journal.done[run]).rows
                wanted = (until.measure, until.key)
                value = next((row[2] for row in rows if row[:2] == wanted), None)
                if value is not None:
                    self._values[variant].append(value)
        return all(_is_known(until, values) for values in self._values)


def _is_known(until: Until, values: list[float]) -> bool:
    if len(values) < 2:
        return False
    interval = t_interval(values, until.confidence)
    most = until.half_width * (abs(float(interval.mean)) if until.relative else 1.0)
    return float(interval.half_width) <= most


def _attempt(job: Job, attempt: int) -> Job:
    return Job(
        job.run, job.variant, job.replication, job.seed, job.policy, job.values, attempt
    )  # fmt: skip
