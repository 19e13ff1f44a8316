"""Run every competitor on every size, each in a process of its own, in turns."""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.peers import compare, environment, exercise, workload

from startex.geography.geodesy import direct, inverse
from startex.version import __version__

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "peers.json"
RADIUS_M = {55_200: 3_000.0}
DEFAULT_RADIUS_M = 50_000.0
TIMEOUT_S = 900


@dataclass(frozen=True, slots=True)
class Competitor:
    """Who takes part, and how: module, variant, what must be installed, up to which size."""

    name: str
    title: str
    module: str
    variant: str = ""
    needs: str = ""
    largest: int = 1_000_000
    why: str = ""


COMPETITORS = (
    Competitor("startex", "Startex, exercise", "startex_", "exercise", largest=5_000,
               why="loading and placing so many craft, each with orders and places of its own, "
               "had taken over 160 s of processor time and 2.9 GB before the run began; "
               "not waited for"),
    Competitor("startex-legs", "Startex, legs recorded", "startex_", "legs"),
    Competitor("bluesky", "BlueSky, own detection", "bluesky_", "own", "bluesky-simulator",
               largest=5_000, why="it compares all pairs: 3,000 million of them each second"),
    Competitor("bluesky-kdtree", "BlueSky + KD-tree", "bluesky_", "kdtree", "bluesky-simulator"),
    Competitor("mesa", "Mesa", "mesa_", "", "mesa"),
    Competitor("numpy-kdtree", "NumPy + KD-tree", "numpy_kdtree", "", "scipy"),
    Competitor("numba-grid", "Numba grid", "numba_grid", "", "numba"),
)  # fmt: skip


class Benchmark:
    """One whole measurement.

    Parameters
    ----------
    sizes, duration_s, repeats
        What is measured: entities, seconds simulated, and how often.
    budget_s
        Processor time after which a competitor's loop ends, with fewer seconds simulated.
    minutes
        After so long no further repeat is begun.
    who
        Names of the competitors that take part.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        duration_s: int,
        repeats: int,
        budget_s: float,
        minutes: float,
        who: Sequence[str],
    ) -> None:
        self.sizes, self.duration_s, self.repeats = sizes, duration_s, repeats
        self.budget_s, self.end = budget_s, time.monotonic() + 60.0 * minutes
        self.python, self.versions = environment.prepare()
        self.peers = [peer for peer in COMPETITORS if peer.name in who]
        self.runs: list[dict[str, Any]] = []
        self.notes: list[str] = []
        self._exact: dict[int, compare.Exact] = {}
        self._prepared: dict[str, Any] | None = None
        self._longest: dict[tuple[int, str], float] = {}

    def run(self, folder: Path) -> dict[str, Any]:
        """Measure everything; return the results."""
        for peer in self.peers:
            if peer.needs and peer.needs not in self.versions:
                self._say(f"{peer.title}: {peer.needs} is not installed")
        self._warm_up(folder / "warm")
        for repeat in range(self.repeats):
            for size in self.sizes:
                self._size(folder / str(size), size, repeat)
        return self.results()

    def results(self) -> dict[str, Any]:
        """Return what has been measured so far."""
        packages = {"startex": __version__, **self.versions}
        machine = {
            "python": platform.python_version(), "cores": os.cpu_count(),
            "processor": _processor(), "system": platform.system(),
        }  # fmt: skip
        return {
            "duration_s": self.duration_s, "budget_s": self.budget_s, "packages": packages,
            "machine": machine, "notes": self.notes, "runs": self.runs,
        }  # fmt: skip

    def _say(self, text: str) -> None:
        self.notes.append(text)
        print(f"!!! {text}", file=sys.stderr)

    def _warm_up(self, folder: Path) -> None:
        """Let everybody run once on next to nothing: caches are filled, what is broken is told."""
        self._prepare(folder, 20, 3)
        for peer in self.peers:
            if not peer.needs or peer.needs in self.versions:
                self._child(peer, folder, 3)

    def _prepare(self, folder: Path, size: int, duration_s: int) -> workload.Workload:
        """Write the workload, as an exercise too, whose craft lie where Startex berths them."""
        folder.mkdir()
        within_m = RADIUS_M.get(size, DEFAULT_RADIUS_M)
        work = workload.make(size, within_m, duration_s, direct)
        work.save(folder / "workload.npz")
        first = COMPETITORS[0]
        if size > first.largest:
            return work
        exercise.write(work, folder / "exercise")
        self._prepared = self._child(first, folder, duration_s)
        if self._prepared is None:
            raise RuntimeError("Startex itself failed; see above")
        with np.load(folder / f"{first.name}.start.npz") as start:
            work.lat[:, 0], work.lon[:, 0] = start["lat"], start["lon"]
        azimuth, away = inverse(*workload.CENTRE, work.lat[:, 0], work.lon[:, 0])
        work.x[:, 0] = away * np.sin(np.radians(azimuth))
        work.y[:, 0] = away * np.cos(np.radians(azimuth))
        work.save(folder / "workload.npz")
        return work

    def _size(self, folder: Path, size: int, repeat: int) -> None:
        if repeat == 0:
            self._exact[size] = compare.Exact(self._prepare(folder, size, self.duration_s))
        for peer in self.peers:
            if size > peer.largest:
                if repeat == 0:
                    self.notes.append(f"{peer.title} is left out at {size:,}: {peer.why}")
                continue
            if peer.needs and peer.needs not in self.versions:
                continue
            if repeat and time.monotonic() + self._longest.get((size, peer.name), 0.0) > self.end:
                print(f"no time for repeat {repeat + 1}: {peer.title}, {size:,}", file=sys.stderr)
                continue
            if repeat == 0 and peer is COMPETITORS[0]:
                found = self._prepared  # it has just run, to give the others its starts
            else:
                found = self._child(peer, folder, self.duration_s)
            if found is not None:
                self._longest[size, peer.name] = found["total_wall_s"]
                self._record(peer, folder, size, repeat, found)

    def _record(
        self, peer: Competitor, folder: Path, size: int, repeat: int, found: dict[str, Any]
    ) -> None:
        answer = compare.load_answer(folder / f"{peer.name}.npz")
        row = {"size": size, "within_m": self._exact[size].work.within_m, "competitor": peer.name,
               "title": peer.title, "repeat": repeat, **found}  # fmt: skip
        row["pair_seconds"] = int(answer["counts"].sum())
        if repeat == 0:
            plane = bool(found["facts"].get("plane"))
            row["agreement"] = compare.agreement(self._exact[size], answer, plane)
        self.runs.append(row)
        per_second = 1e3 * (found["move_cpu_s"] + found["pairs_cpu_s"]) / found["seconds"]
        print(
            f"{size:>7,} {peer.title:<24} repeat {repeat + 1}: {per_second:10.2f} ms a simulated "
            f"second, {found['seconds']} s simulated, {found['total_cpu_s']:.1f} s in all",
            file=sys.stderr,
        )

    def _child(self, peer: Competitor, folder: Path, duration_s: int) -> dict[str, Any] | None:
        """Run one competitor; return its figures, or None where it failed, which is told."""
        own = peer.module == "startex_"
        answer = folder / f"{peer.name}.npz"
        budget = self.budget_s if duration_s == self.duration_s else 1e9
        command = [
            sys.executable if own else str(self.python), "-m", f"benchmarks.peers.{peer.module}",
            str(folder / "workload.npz"), str(answer), "--budget", str(budget),
            "--variant", peer.variant,
        ]  # fmt: skip
        single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        path = f"{ROOT}{os.pathsep}{ROOT / 'src'}" if own else str(ROOT)
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        try:
            done = subprocess.run(
                command, cwd=folder, env={**os.environ, **single, "PYTHONPATH": path},
                capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
            )  # fmt: skip
            complaint = "" if done.returncode == 0 else (done.stderr.strip() or "killed")
        except subprocess.TimeoutExpired:
            complaint = f"not done in {TIMEOUT_S} s"
        if complaint:
            self._say(f"{peer.title} failed in {folder.name}: {complaint.splitlines()[-1]}")
            print(complaint, file=sys.stderr)
            return None
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        figures: dict[str, Any] = json.loads(answer.with_suffix(".json").read_text())
        figures["total_cpu_s"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        figures["total_wall_s"] = time.monotonic() - begin
        return figures


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def measure(
    sizes: Sequence[int], duration_s: int, repeats: int, budget_s: float, minutes: float,
    results: Path = RESULTS, who: Sequence[str] = tuple(peer.name for peer in COMPETITORS),
) -> dict[str, Any]:  # fmt: skip
    """Measure, write the results, and return them."""
    benchmark = Benchmark(sizes, duration_s, repeats, budget_s, minutes, who)
    folder = Path(tempfile.mkdtemp(prefix="startex-peers-"))
    try:
        return benchmark.run(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        found = benchmark.results()
        if found["runs"]:
            results.parent.mkdir(exist_ok=True)
            for row in found["runs"]:
                for key, value in row.items():
                    if isinstance(value, float):
                        row[key] = round(value, 5)
            results.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
