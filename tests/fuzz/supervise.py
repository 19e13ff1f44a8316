"""Judges mutants in processes of their own, each watched: time, memory, sudden death."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from judge import HOURS, Verdict, judge
from mutants import make_mutant

MOST_S = 10.0
"""Processor time that a mutant may take, loading, running and verifying, seconds."""
MOST_WALL_S = 300.0
"""The same by the clock, which counts what other processes take."""
MOST_BYTES = 1 << 30
"""Memory that the whole process may take, bytes."""

_TICK_S = 0.05
_HERTZ = os.sysconf("SC_CLK_TCK")


Server = Callable[[Connection, int], None]
"""Takes numbers from a pipe and answers each: ``(number, verdict, cpu_s, peak_bytes)``."""


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant, and what it cost: processor seconds, peak memory in bytes."""

    number: int
    verdict: Verdict
    cpu_s: float
    peak_bytes: int


def serve(pipe: Connection, seed: int) -> None:
    """Judge the mutants whose numbers come down the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    seen: set[str] = set()
    base = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="mutants-", dir=base) as place:
        while (number := pipe.recv()) is not None:
            folder, out = Path(place) / "exercise", Path(place) / "run"
            _reset_peak()
            begun = time.process_time()
            mutant = make_mutant(seed, number)
            mutant.write(folder)
            verdict = judge(folder, out, seen, HOURS[mutant.base])
            shutil.rmtree(folder)
            pipe.send((number, verdict, time.process_time() - begun, _status("VmHWM")))


def _begin(serve: Server, pipe: Connection, seed: int) -> None:
    pipe.send("ready")
    serve(pipe, seed)


def _reset_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _status(name: str, pid: int | str = "self") -> int:
    """Return a figure of /proc/PID/status in bytes; 0 where there is none."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
    return 0


def _cpu_s(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _HERTZ
    return 0.0


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    number: int = -1
    begun_s: float = 0.0
    cpu_s: float = 0.0

    def give(self, number: int) -> None:
        self.number, self.begun_s = number, time.monotonic()
        self.cpu_s = _cpu_s(self.process.pid)
        self.pipe.send(number)

    def excess(self) -> str:
        """Return which limit is broken, or an empty text."""
        if not self.process.is_alive():
            return f"the process died with {self.process.exitcode}"
        if _cpu_s(self.process.pid) - self.cpu_s > MOST_S:
            return f"more than {MOST_S:g} s of processor time"
        if time.monotonic() - self.begun_s > MOST_WALL_S:
            return f"more than {MOST_WALL_S:g} s by the clock"
        if _status("VmRSS", self.process.pid) > MOST_BYTES:
            return "more than 1 GiB"
        return ""

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _start(serve: Server, seed: int) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_begin, args=(serve, theirs, seed), daemon=True)
    process.start()
    theirs.close()
    ours.recv()  # everything is imported: the first mutant does not pay for that
    return _Worker(process, ours)


def run_mutants(
    numbers: range, seed: int, processes: int = 2, serve: Server = serve
) -> Iterator[Outcome]:
    """Yield what becomes of each mutant, in the order in which they are done.

    Parameters
    ----------
    numbers
        Which mutants of the series.
    seed
        Of the series.
    processes
        How many mutants are judged at once.
    serve
        What runs in each process.
    """
    left = iter(numbers)
    workers: list[_Worker] = []
    try:
        for _ in range(min(processes, len(numbers))):
            workers.append(_start(serve, seed))
            workers[-1].give(next(left))
        while workers:
            ready = wait([worker.pipe for worker in workers], timeout=_TICK_S)
            for worker in list(workers):
                outcome = _outcome(worker, worker.pipe in ready)
                if outcome is None:
                    continue
                yield outcome
                number = next(left, None)
                if not worker.process.is_alive():
                    worker.end()
                    workers.remove(worker)
                    if number is not None:
                        workers.append(_start(serve, seed))
                        workers[-1].give(number)
                elif number is None:
                    worker.pipe.send(None)
                    worker.process.join()
                    workers.remove(worker)
                else:
                    worker.give(number)
    finally:
        for worker in workers:
            worker.end()


def _outcome(worker: _Worker, ready: bool) -> Outcome | None:
    if ready:
        with contextlib.suppress(EOFError):
            number, verdict, cpu_s, peak = worker.pipe.recv()
            if verdict.kind != "finding" and peak > MOST_BYTES:
                verdict = Verdict("finding", f"{peak / 1e6:.0f} MB of memory")
            if verdict.kind != "finding" and cpu_s > MOST_S:
                verdict = Verdict("finding", f"{cpu_s:.1f} s of processor time")
            return Outcome(number, verdict, cpu_s, peak)
    excess = worker.excess()
    if not excess:
        return None
    cpu_s, peak = _cpu_s(worker.process.pid) - worker.cpu_s, _status("VmHWM", worker.process.pid)
    worker.process.kill()
    worker.process.join()
    return Outcome(worker.number, Verdict("finding", excess), cpu_s, peak)
