"""What every command costs: time to its first line, time, processor time, memory; and the goals.

Example: python benchmarks/commands.py runs/vostok-2022 --repeat 5
"""

from __future__ import annotations

import argparse
import os
import platform
import pty
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RESULT = Path(__file__).parent / "results" / "commands.md"
STARTEX = (sys.executable, "-m", "startex.cli.main")
FIRST_LINE_S = 0.3
"""Goal: nothing takes longer before its first line, on a terminal."""


@dataclass(frozen=True)
class Task:
    """A program to measure, the goals for its time (s) and memory (MB), and whether it speaks."""

    name: str
    words: tuple[str, ...]
    wall_s: float
    peak_mb: float = 700.0
    speaks: bool = True


@dataclass(frozen=True)
class Cost:
    """Best of several; ``first_s`` is the time to the first byte on a terminal."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    first_s: float | None


def tasks(scenario: str, run: Path, unit: str, at: str, out: Path) -> Iterator[Task]:
    """Yield what is measured on a scenario and on a run of it."""
    yield Task("`import startex`", (sys.executable, "-c", "import startex"), 0.3, 100.0, False)
    yield Task("`startex --help`", (*STARTEX, "--help"), 0.3, 100.0)
    yield Task("`startex list`", (*STARTEX, "list"), 1.0, 100.0)
    yield Task(f"`startex check {scenario}`", (*STARTEX, "check", scenario), 3.0)
    yield Task(f"`startex claims {scenario}`", (*STARTEX, "claims", scenario), 3.0)
    where = ("where", str(run), unit, "--at", at)
    yield Task("`startex where RUN UNIT`", (*STARTEX, *where), 2.0)
    yield Task("`startex verify RUN`", (*STARTEX, "verify", str(run)), 3.0)
    yield Task("`startex verify --deep RUN`", (*STARTEX, "verify", "--deep", str(run)), 5.0)
    review = ("review", str(run), "--out", str(out / "review.html"))
    yield Task("`startex review --json RUN`", (*STARTEX, "review", str(run), "--json"), 10.0)
    yield Task("`startex review RUN`", (*STARTEX, *review), 15.0)


def measure(task: Task, repeat: int) -> Cost:
    """Run a task in fresh processes.

    Raises
    ------
    SystemExit
        If it fails; prints what it said.
    """
    costs = [_once(task.words) for _ in range(repeat)]
    first = min(_first_line(task.words) for _ in range(min(repeat, 3))) if task.speaks else None
    walls, cpus, peaks = zip(*costs, strict=True)
    return Cost(min(walls), min(cpus), max(peaks), first)


def _once(words: tuple[str, ...]) -> tuple[float, float, float]:
    with tempfile.TemporaryFile() as said:
        begin = time.perf_counter()
        process = subprocess.Popen(words, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(words)}: {said.read().decode()}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024.0


def _first_line(words: tuple[str, ...]) -> float:
    leader, follower = pty.openpty()
    begin = time.perf_counter()
    process = subprocess.Popen(words, stdout=follower, stderr=follower)
    os.close(follower)
    os.read(leader, 1)
    first = time.perf_counter() - begin
    process.kill()
    process.wait()
    os.close(leader)
    return first


def size_mb(folder: Path) -> float:
    """Return what a run takes on disk, its review left out."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".html")
    return sum(path.stat().st_size for path in files) / 1e6


def report(scenario: str, run: Path, rows: list[tuple[Task, Cost]], repeat: int) -> str:
    """Return the figures as a page of Markdown."""
    from startex.recording.manifest import read_manifest

    counts = read_manifest(run).counts
    lines = [
        "# What every command costs",
        "",
        f"Written by `python benchmarks/commands.py --save`, on {os.cpu_count()} cores "
        f"({platform.machine()}, Python {platform.python_version()}), other programs running "
        f"(load {os.getloadavg()[1]:.1f}). Best of {repeat} fresh processes; memory: the worst. "
        "*Processor* is user and system time of all threads; *first line* is when a terminal shows "
        "the first character. A goal in bold is missed.",
        "",
        f"Scenario `{scenario}`: {counts['entities']:,} entities, {counts['legs']:,} legs; the run "
        f"folder takes {size_mb(run):.1f} MB (goal 60 MB).",
        "",
        "| command | wall (s) | goal | processor (s) | peak (MB) | goal | first line (s) | goal |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for task, cost in rows:
        first = ["", ""]
        if cost.first_s is not None:
            first = [f"{cost.first_s:.2f}", _goal(FIRST_LINE_S, cost.first_s)]
        cells = [
            task.name, f"{cost.wall_s:.2f}", _goal(task.wall_s, cost.wall_s), f"{cost.cpu_s:.2f}",
            f"{cost.peak_mb:.0f}", _goal(task.peak_mb, cost.peak_mb), *first,
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _goal(goal: float, found: float) -> str:
    return f"{goal:g}" if found <= goal else f"**{goal:g}**"


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("run", nargs="?", type=Path, help="a complete run; made when not given")
    parser.add_argument("--scenario", default="vostok-2022", help="scenario, as the run has it")
    parser.add_argument("--unit", default="Nanchang 101", help="whom to ask 'where' for")
    parser.add_argument("--at", default="2022-09-03T15:00+10:00", help="when")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--save", action="store_true", help=f"write results/{RESULT.name}")
    args = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        run = args.run
        if run is None:
            run = Path(temporary) / "run"
            words = (*STARTEX, "run", args.scenario, "--out", str(run))
            made = Task(f"`startex run {args.scenario}`", words, 60.0)
            rows.append((made, Cost(*_once(words), None)))
        for task in tasks(args.scenario, run, args.unit, args.at, Path(temporary)):
            rows.append((task, measure(task, args.repeat)))
            print(f"{task.name}: {rows[-1][1]}", file=sys.stderr)
        text = report(args.scenario, run, rows, args.repeat)
    print(text)
    if args.save:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
