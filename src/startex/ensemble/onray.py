"""Workers on a cluster of Ray: actors, one a core, each doing one replication after the other.

The only module that knows Ray. A scenario that is not shipped is sent along as the bytes of its
files, so that machines need share nothing but the program; only run folders that are to be kept
want a folder that all of them see.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from startex.ensemble.plan import Job
from startex.ensemble.replicate import Outcome, Replicator, Task, told
from startex.ensemble.worker import ONE_THREAD, bound_threads
from startex.foundation.errors import StartexError
from startex.scenario.shipped import shipped_scenarios

_Files = dict[str, bytes]


class _Actor:
    """A worker on some machine of the cluster."""

    def __init__(self, task: Task, files: _Files | None) -> None:
        bound_threads()
        self._own = tempfile.TemporaryDirectory(prefix="startex-")
        here = Path(self._own.name)
        scenario = task.scenario
        if files is not None:
            scenario = str(here / Path(task.scenario).name)
            for name, content in files.items():
                path = Path(scenario) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        # run folders that stay are moved into the ensemble, which must be the same file system
        work = task.work if task.keep != "none" else str(here / "work")
        self._replicator = Replicator(replace(task, scenario=scenario, work=work))

    def run(self, job: Job) -> Outcome:
        """Return what came of a job."""
        return self._replicator.run(job)


class Cluster:
    """A `pool.Crew` of actors.

    Parameters
    ----------
    on
        ``ray``: the cluster that this machine belongs to (RAY_ADDRESS), or one of its own;
        ``ray://HOST:PORT``: that one.
    task
        What all jobs have in common.
    workers
        How many; as many as the cluster has cores when not given.

    Raises
    ------
    StartexError
        If there is no cluster at that address.
    """

    def __init__(self, on: str, task: Task, workers: int | None) -> None:
        ray: Any = import_module("ray")  # late: an extra, and slow to import

        self._ray = ray
        self._ours = not ray.is_initialized()
        if self._ours:
            _join(ray, on, workers)
        self._task = task
        self._files = ray.put(_files(task))
        environment = {"env_vars": ONE_THREAD}
        self._kind = ray.remote(num_cpus=1, max_restarts=0, runtime_env=environment)(_Actor)
        self._actors: dict[int, Any] = {}
        self._jobs: dict[Any, tuple[int, Job]] = {}
        self._born = self._false_starts = 0
        for _ in range(workers or max(int(ray.cluster_resources().get("CPU", 1)), 1)):
            self._add()

    def _add(self) -> int:
        self._actors[self._born] = self._kind.remote(self._task, self._files)
        self._born += 1
        return self._born - 1

    @property
    def idle(self) -> tuple[int, ...]:
        """Numbers of the workers that have nothing to do; those that start take jobs too."""
        working = {worker for worker, _ in self._jobs.values()}
        return tuple(number for number in self._actors if number not in working)

    @property
    def busy(self) -> int:
        """How many have."""
        return len(self._jobs)

    def give(self, worker: int, job: Job) -> None:
        """Give a job to an idle worker."""
        self._jobs[self._actors[worker].run.remote(job)] = (worker, job)

    def renew(self, worker: int) -> int:
        """Put a new worker in the place of an idle one; return its number."""
        self._ray.kill(self._actors.pop(worker))
        return self._add()

    def wait(self, seconds: float) -> list[tuple[int, Outcome]]:
        """Return what has come in, with the worker's number; [] after so many seconds."""
        if not self._jobs:
            return []
        ready, _ = self._ray.wait(list(self._jobs), timeout=seconds)
        return [self._answer(reference) for reference in ready]

    def _answer(self, reference: Any) -> tuple[int, Outcome]:
        worker, job = self._jobs.pop(reference)
        try:
            outcome: Outcome = self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:  # its scenario cannot be set up there
            outcome = self._lost(worker, job, error, "the worker could not run it")
        except self._ray.exceptions.RayError as error:  # the actor, or its machine, is gone
            outcome = self._lost(worker, job, error, "the worker died")
        else:
            self._false_starts = 0
            self._check_kept(job, outcome)
        return worker, outcome

    def _lost(self, worker: int, job: Job, error: Exception, what: str) -> Outcome:
        kind = type(error).__name__
        self._false_starts += 1
        if self._false_starts > 2 * len(self._actors) + 2:
            raise StartexError(f"no worker of the cluster can run a replication: {error}")
        self._actors.pop(worker)
        self._add()
        return Outcome(job.run, job.attempt, error=f"{what} ({kind})", detail=told(job))

    def _check_kept(self, job: Job, outcome: Outcome) -> None:
        if self._task.keep != "all" or outcome.error:
            return
        folder = Path(self._task.runs) / f"run-{job.run:07d}"
        if not folder.is_dir():
            raise StartexError(
                f"{folder} was kept on another machine: put the ensemble in a folder that all "
                "machines of the cluster share, or keep no run folders"
            )

    def close(self) -> None:
        """End all workers, and leave the cluster if it was joined here."""
        for actor in self._actors.values():
            self._ray.kill(actor)
        self._actors.clear()
        if self._ours:
            self._ray.shutdown()


def _join(ray: Any, on: str, workers: int | None) -> None:
    address = on if on.startswith("ray://") else os.environ.get("RAY_ADDRESS")
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "error"}
    try:
        if address:
            ray.init(address=address, **quiet)
        else:
            ray.init(num_cpus=workers, include_dashboard=False, **quiet)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise StartexError(f"cannot join the cluster of Ray at {address or on}: {error}") from error


def _files(task: Task) -> _Files | None:
    """Return the files of a scenario that the program does not bring along, by name."""
    if task.scenario in shipped_scenarios():
        return None
    folder = Path(task.scenario)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
