"""What an ensemble costs: replications a second, where their time goes, speed-up over workers.

Example: python -m benchmarks.ensemble three-nations-day --runs 1000 --workers 2 --save
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

RESULT = Path(__file__).parent / "results" / "ensemble.md"
GOAL, FLOOR = 0.97, 0.90
"""Efficiency of all workers together: time of one worker on one core, over number times time."""


@dataclass(frozen=True)
class Cost:
    """One ensemble: how many workers, how long, what its log says, and memory of a worker."""

    workers: int
    runs: int
    wall_s: float
    replication_s: float
    simulation_s: float
    cpu_s: float
    driver_s: float
    peak_mib: float

    @property
    def rate(self) -> float:
        """Replications a second."""
        return self.runs / self.wall_s


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(scenario: str, runs: int, workers: int, measures: tuple[str, ...]) -> Cost:
    """Run an ensemble on as many cores as it has workers."""
    from startex.ensemble import run_ensemble

    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(every)[:workers])
    try:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "ensemble"
            children, own, begun = _children(), time.process_time(), time.perf_counter()
            made = run_ensemble(
                scenario, seeds=range(runs), measures=measures, out=out, workers=workers
            )
            wall = time.perf_counter() - begun
            log = json.loads((out / "log.json").read_text())
            if made.header["runs_failed"]:
                raise SystemExit(f"{made.header['runs_failed']} replications failed")
    finally:
        os.sched_setaffinity(0, every)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Cost(
        workers, runs, wall, log["replication_s"], log["simulation_s"],
        _children() - children, time.process_time() - own, peak,
    )  # fmt: skip


def report(scenario: str, measures: tuple[str, ...], costs: list[Cost]) -> str:
    """Return the report as Markdown."""
    lines = [
        f"## {scenario}, measures `{'`, `'.join(measures)}`",
        "",
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"{os.cpu_count()} cores, {platform.machine()}",
        "",
        "| workers = cores | runs | wall s | runs a second | a run s | of that the run itself "
        "| measures | CPU s a run | driver CPU s | peak MiB | efficiency |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    base = next((cost for cost in costs if cost.workers == 1), None)
    for cost in costs:
        efficiency = "" if base is None else f"{cost.rate / (cost.workers * base.rate):.3f}"
        share = cost.simulation_s / cost.replication_s
        lines.append(
            f"| {cost.workers} | {cost.runs} | {cost.wall_s:.1f} | {cost.rate:.2f} "
            f"| {cost.replication_s / cost.runs:.3f} | {share:.0%} | {1 - share:.0%} "
            f"| {cost.cpu_s / cost.runs:.3f} | {cost.driver_s:.1f} "
            f"| {cost.peak_mib:.0f} | {efficiency} |"
        )
    lines += [
        "",
        f"Efficiency: runs a second over workers times those of one worker that has one core to "
        f"itself; everything counts, from reading the scenario to the tables. Goal {GOAL}, "
        f"at least {FLOOR}.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and keep with ``--save``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default="three-nations-day")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--measures", nargs="+", default=["*"])
    parser.add_argument("--save", action="store_true", help="add to results/ensemble.md")
    words = parser.parse_args()
    measures = tuple(words.measures)
    costs = [measure(words.scenario, words.runs, number, measures) for number in words.workers]
    text = report(words.scenario, measures, costs)
    print(text)
    if words.save:
        begin = RESULT.read_text() if RESULT.exists() else "# Ensembles\n\n"
        kept = [
            part
            for part in begin.split("\n## ")[1:]
            if not ("## " + part).startswith(text.splitlines()[0])
        ]
        parts = ["# Ensembles\n", *(f"## {part.strip()}\n" for part in kept), text]
        RESULT.write_text("\n".join(parts))


if __name__ == "__main__":
    main()
