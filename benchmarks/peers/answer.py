"""What each competitor hands in: times, memory, counts each second, and whole answers at some."""

from __future__ import annotations

import argparse
import json
import resource
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.peers.workload import Workload, check_seconds

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]


@dataclass
class Spent:
    """Processor and wall time of one phase, s."""

    cpu_s: float = 0.0
    wall_s: float = 0.0


class Watch:
    """Adds up the time of phases; the first, ``setup``, began with the process."""

    def __init__(self) -> None:
        self.spent = {"setup": Spent(), "move": Spent(), "pairs": Spent()}
        self._cpu, self._wall = 0.0, time.time() - _age_s()

    def lap(self, phase: str) -> None:
        """Add the time since the last lap to a phase."""
        cpu, wall = time.process_time(), time.time()
        self.spent[phase].cpu_s += cpu - self._cpu
        self.spent[phase].wall_s += wall - self._wall
        self._cpu, self._wall = time.process_time(), time.time()

    def skip(self) -> None:
        """Leave the time since the last lap out: what only the comparison needs."""
        self._cpu, self._wall = time.process_time(), time.time()


def _age_s() -> float:
    """Return how long this process has been there, s; 0 where the system does not tell."""
    try:
        fields = Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()
        up = float(Path("/proc/uptime").read_text().split()[0])
    except OSError:
        return 0.0
    import os

    return up - int(fields[19]) / os.sysconf("SC_CLK_TCK")


@dataclass
class Answer:
    """An answer in the making.

    ``pairs`` are indices into the first and into the second side, whose rows begin at 0.
    """

    workload: Workload
    watch: Watch = field(default_factory=Watch)
    counts: list[int] = field(default_factory=list)
    seconds: list[int] = field(default_factory=list)
    positions: list[Float64] = field(default_factory=list)
    pairs: list[Int64] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def report(self, second: int, lat: Float64, lon: Float64, first: Int64, second_: Int64) -> None:
        """Take the answer of one second; keep it whole where it is compared."""
        self.counts.append(len(first))
        if second in check_seconds(self.workload.duration_s):
            self.seconds.append(second)
            self.positions.append(np.stack([lat, lon], axis=1))
            pairs = np.stack([np.asarray(first, np.int64), np.asarray(second_, np.int64)], axis=1)
            self.pairs.append(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])
        self.watch.skip()

    def save(self, path: Path) -> None:
        """Write the answer, and beside it the figures as JSON."""
        arrays: dict[str, Any] = {"counts": np.array(self.counts), "seconds": self.seconds}
        for number, second in enumerate(self.seconds):
            arrays[f"positions_{second}"] = self.positions[number]
            arrays[f"pairs_{second}"] = self.pairs[number]
        np.savez(path, **arrays)
        figures = {
            "seconds": len(self.counts),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
            **{
                f"{phase}_{kind}": getattr(spent, kind)
                for phase, spent in self.watch.spent.items()
                for kind in ("cpu_s", "wall_s")
            },
            "facts": self.facts,
        }
        path.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n")


def arguments() -> tuple[Workload, Path, float, argparse.Namespace]:
    """Return workload, file of the answer, processor time that the loop may take (s), and all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("workload", type=Path)
    parser.add_argument("answer", type=Path)
    parser.add_argument("--budget", type=float, default=1e9)
    parser.add_argument("--variant", default="")
    args = parser.parse_args()
    return Workload.load(args.workload), args.answer, args.budget, args
