"""Workers on this machine: persistent processes, each of which may die and costs one attempt."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import IO, Protocol

import startex
from startex.ensemble.plan import Job
from startex.ensemble.replicate import Outcome, Task, told
from startex.ensemble.worker import ONE_THREAD
from startex.foundation.errors import StartexError

_MOST_FALSE_STARTS = 3
"""Workers that may die in a row before they are ready: then nothing can be run here."""


class Crew(Protocol):
    """Those who do jobs: processes on this machine, or actors of a cluster."""

    @property
    def idle(self) -> tuple[int, ...]:
        """Numbers of the workers that have nothing to do."""

    @property
    def busy(self) -> int:
        """How many have, or are still starting."""

    def give(self, worker: int, job: Job) -> None:
        """Give a job to an idle worker."""

    def renew(self, worker: int) -> int:
        """Put a new worker in the place of an idle one; return its number."""

    def wait(self, seconds: float) -> list[tuple[int, Outcome]]:
        """Return what has come in, with the worker's number; [] after so many seconds."""

    def close(self) -> None:
        """End all workers."""


class _Worker:
    """One process, and what is known of it."""

    def __init__(self, number: int, task: Task) -> None:
        self.number = number
        self.job: Job | None = None
        self.ready = False
        ours, theirs = socket.socketpair()
        self.said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as it)
        source = str(Path(startex.__file__).parent.parent)
        paths = [source, *filter(None, [os.environ.get("PYTHONPATH", "")])]
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "startex.ensemble.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=self.said,
                stderr=self.said, start_new_session=True,
                env={**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(paths)},
            )  # fmt: skip
        self.connection = Connection(ours.detach())
        with contextlib.suppress(OSError):  # told of when it is looked after
            self.connection.send(task)

    def end(self) -> int:
        """Make sure that it has ended; return its status."""
        self.connection.close()
        self.process.kill()
        return self.process.wait()

    def last_words(self) -> str:
        """Return the end of what it printed."""
        self.said.seek(0)
        lines = self.said.read().decode(errors="replace").strip().splitlines()
        self.said.close()
        return "\n".join(lines[-20:])


class Pool:
    """A `Crew` of processes on this machine.

    Parameters
    ----------
    task
        What all jobs have in common.
    workers
        How many.
    """

    def __init__(self, task: Task, workers: int) -> None:
        self._task = task
        self._workers: dict[int, _Worker] = {}
        self._born = 0
        self._false_starts = 0
        for _ in range(workers):
            self._add()

    def _add(self) -> int:
        self._workers[self._born] = _Worker(self._born, self._task)
        self._born += 1
        return self._born - 1

    @property
    def idle(self) -> tuple[int, ...]:
        """Numbers of the workers that have nothing to do."""
        workers = self._workers.items()
        return tuple(n for n, worker in workers if worker.ready and worker.job is None)

    @property
    def busy(self) -> int:
        """How many have, or are still starting."""
        return len(self._workers) - len(self.idle)

    def pids(self) -> tuple[int, ...]:
        """Return the process ids of the workers."""
        return tuple(worker.process.pid for worker in self._workers.values())

    def give(self, worker: int, job: Job) -> None:
        """Give a job to an idle worker."""
        chosen = self._workers[worker]
        chosen.job = job
        with contextlib.suppress(OSError):  # it has died: `wait` finds out
            chosen.connection.send(job)

    def renew(self, worker: int) -> int:
        """Put a new worker in the place of an idle one; return its number."""
        self._workers.pop(worker).end()
        return self._add()

    def wait(self, seconds: float) -> list[tuple[int, Outcome]]:
        """Return what has come in, with the worker's number; [] after so many seconds.

        Raises
        ------
        StartexError
            If workers die again and again before they are ready.
        """
        of = {worker.connection: worker for worker in self._workers.values()}
        found = []
        for connection in wait(list(of), seconds):
            worker = of[connection]  # type: ignore[index]
            try:
                answer = worker.connection.recv()
            except (EOFError, OSError):
                outcome = self._lost(worker)
                found += [(worker.number, outcome)] if outcome else []
                continue
            if answer == "ready":
                worker.ready, self._false_starts = True, 0
            else:
                worker.job = None
                found.append((worker.number, answer))
        return found

    def _lost(self, worker: _Worker) -> Outcome | None:
        """Replace a worker that has died; return what that means for its job."""
        status = worker.end()
        del self._workers[worker.number]
        words = worker.last_words()
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts >= _MOST_FALSE_STARTS:
                raise StartexError(f"no worker can be started: {words or f'status {status}'}")
        self._add()
        job = worker.job
        if job is None:
            return None
        work = Path(self._task.work) / f"run-{job.run:07d}-{job.attempt}"
        shutil.rmtree(work, ignore_errors=True)
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return Outcome(
            job.run, job.attempt, error=f"the worker died ({how})", detail=told(job) + words
        )

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers.values():
            worker.end()
            worker.said.close()
        self._workers.clear()
