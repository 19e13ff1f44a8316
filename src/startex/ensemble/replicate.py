"""One replication: a variant of the scenario is run and measured. What a worker does."""

from __future__ import annotations

import shutil
import time
import traceback
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from startex.assemble.run import simulate
from startex.ensemble.address import Addresses
from startex.ensemble.design import Keep, Query
from startex.ensemble.measures import Row, measured
from startex.ensemble.plan import CLAIM, Job
from startex.ensemble.target import Value
from startex.foundation.edits import Edit, Session
from startex.foundation.errors import StartexError
from startex.scenario.load import find_scenario, load_scenario
from startex.scenario.scenario import Scenario

_KEPT_SCENARIOS = 2
"""Variants of a scenario that a worker keeps: jobs of one come one after the other."""


@dataclass(frozen=True, slots=True)
class Task:
    """What all replications of an ensemble have in common; sent to each worker once.

    Attributes
    ----------
    scenario
        Shipped name or folder.
    digest
        Of the scenario as it was when the ensemble was designed.
    measures, queries, keep
        As the design has them.
    runs, work
        Folders (absolute) for run folders that stay, and for those under way.
    """

    scenario: str
    digest: str
    measures: tuple[str, ...]
    queries: tuple[Query, ...]
    keep: Keep
    runs: str
    work: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: rows, or an error.

    ``rows`` are (measure, key, value, unit), sorted; ``error`` is empty where all went well.
    ``seconds`` is how long it took, ``simulated`` how long of that the run itself.
    """

    run: int
    attempt: int
    rows: tuple[Row, ...] = ()
    error: str = ""
    detail: str = ""
    seconds: float = 0.0
    simulated: float = 0.0


class Replicator:
    """Runs replications of one ensemble, one after the other; keeps what it has read.

    Parameters
    ----------
    task
        What they have in common.
    """

    def __init__(self, task: Task) -> None:
        self._task = task
        self._folder = find_scenario(task.scenario)
        self._session = Session()
        self._scenarios: OrderedDict[tuple[tuple[str, Value], ...], Scenario] = OrderedDict()
        self._addresses: Addresses | None = None

    def run(self, job: Job) -> Outcome:
        """Return what came of a job; errors of any kind are an outcome too."""
        begun = time.perf_counter()
        folder = Path(self._task.work) / f"run-{job.run:07d}-{job.attempt}"
        try:
            rows, simulated = self._measured(job, folder)
        except Exception as error:  # whatever it was, it must cost this replication only
            said, detail = _described(error, folder)
            outcome = Outcome(job.run, job.attempt, error=said, detail=told(job) + detail)
            self._leave(job, folder, failed=True)
        else:
            seconds = time.perf_counter() - begun
            outcome = Outcome(job.run, job.attempt, rows, seconds=seconds, simulated=simulated)
            self._leave(job, folder, failed=False)
        return outcome

    def _measured(self, job: Job, folder: Path) -> tuple[tuple[Row, ...], float]:
        scenario = self.scenario(job.values)
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        begun = time.perf_counter()
        simulate(
            scenario, out=folder, policy=job.policy, seed=job.seed, threads=1,
            durable=self._task.keep != "none",
        )  # fmt: skip
        simulated = time.perf_counter() - begun
        return measured(folder, self._task.measures, self._task.queries), simulated

    def scenario(self, values: Sequence[tuple[str, Value]] = ()) -> Scenario:
        """Return the variant of the scenario with these values.

        Raises
        ------
        StartexError
            If it does not load, or the scenario is no longer what it was.
        """
        key = tuple(values)
        if key in self._scenarios:
            self._scenarios.move_to_end(key)
            return self._scenarios[key]
        edits = self.edits(key)  # reads the scenario as it is first
        scenario = self._scenarios[key] = self._load(edits)
        while len(self._scenarios) > _KEPT_SCENARIOS:
            self._scenarios.popitem(last=False)
        return scenario

    def edits(self, values: Sequence[tuple[str, Value]]) -> tuple[Edit, ...]:
        """Return what a variant changes in the files."""
        if not values:
            return ()
        found: list[Edit] = []
        for address, value in values:
            if address.startswith(CLAIM):
                found += dict(self.addresses.claims(address.removeprefix(CLAIM)))[str(value)]
            else:
                found += self.addresses.find(address).edits(value)
        return tuple(found)

    @property
    def addresses(self) -> Addresses:
        """What can be varied; reads the scenario as it is when first asked."""
        if self._addresses is None:
            self.scenario()
            self._addresses = Addresses(self._folder, self._session.documents)
        return self._addresses

    def _load(self, edits: Sequence[Edit]) -> Scenario:
        with self._session.reading(edits):
            scenario = load_scenario(self._task.scenario)
        if not edits and self._task.digest not in ("", scenario.digest):
            raise StartexError("the scenario has changed since the ensemble was designed")
        return scenario

    def _leave(self, job: Job, folder: Path, *, failed: bool) -> None:
        """Keep the run folder where that was asked for, else remove it."""
        keep = self._task.keep == "all" or (self._task.keep == "failed" and failed)
        if keep and folder.is_dir():
            target = Path(self._task.runs) / f"run-{job.run:07d}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(target, ignore_errors=True)
            folder.replace(target)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def told(job: Job) -> str:
    """Return which variant of the scenario a job runs, as a line."""
    parts = [f"policy {job.policy}", f"seed {job.seed}"]
    parts += [f"{address} = {value}" for address, value in job.values]
    return ", ".join(parts) + "\n"


def _described(error: Exception, folder: Path) -> tuple[str, str]:
    """Return an error in a line, and all that is known of it; the same wherever it happened."""
    text = str(error).replace(str(folder), "RUN") or type(error).__name__
    if isinstance(error, StartexError):
        return text.splitlines()[0], text
    frames = traceback.extract_tb(error.__traceback__)
    lines = []
    for frame in frames:
        name = frame.filename.replace("\\", "/")
        inside = name.rpartition("/startex/")[2] if "/startex/" in name else Path(name).name
        lines.append(f"{inside}:{frame.lineno} in {frame.name}")
    return f"{type(error).__name__}: {text.splitlines()[0]}", "\n".join([text, *lines])
