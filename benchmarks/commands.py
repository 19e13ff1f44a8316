"""What every command costs: time to its first line, time, processor time, memory; and the goals.

Example: python benchmarks/commands.py --repeat 5
"""

from __future__ import annotations

import argparse
import os
import platform
import pty
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

RESULT = Path(__file__).parent / "results" / "commands.md"
STARTEX = (sys.executable, "-m", "startex.cli.main")
VOSTOK = ("vostok-2022", "Nanchang 101", "2022-09-03T15:00+10:00")
"""The scenario measured when none is named, and whom to ask 'where' for, when."""

CACHES = ("PYTHONPYCACHEPREFIX", "XDG_CACHE_HOME", "MPLCONFIGDIR")
"""Where programs keep what they have worked out once: compiled modules, lists of fonts."""


@dataclass(frozen=True)
class Limit:
    """What should not be exceeded, and what must not be, where that is more."""

    goal: float
    floor: float | None = None

    def cells(self, found: float) -> tuple[str, str]:
        """Return goal and floor for a table, in bold where they are missed."""
        limits = (self.goal, self.floor)
        texts = ["" if limit is None else f"{limit:g}" for limit in limits]
        missed = [limit is not None and found > limit for limit in limits]
        goal, floor = (f"**{t}**" if m else t for t, m in zip(texts, missed, strict=True))
        return goal, floor


FIRST_LINE_S = Limit(0.3)
"""Nothing takes longer before its first line, on a terminal."""

PEAK_MIB = Limit(717.0, 1536.0)
"""0.7 GiB, and 1.5 GiB."""

SMALL_MIB = Limit(100.0)
FOLDER_MB = Limit(60.0, 150.0)


@dataclass(frozen=True)
class Task:
    """A program to measure, the limits of its time (s) and memory (MiB), and whether it speaks.

    ``before`` is run before it each time and does not count; with ``cold`` its caches are new and
    empty each time.
    """

    name: str
    words: tuple[str, ...]
    wall_s: Limit
    peak_mib: Limit = PEAK_MIB
    speaks: bool = True
    before: tuple[str, ...] = ()
    cold: bool = False


@dataclass(frozen=True)
class Cost:
    """Best of several; ``first_s`` is the time to the first byte on a terminal."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    first_s: float | None


@dataclass(frozen=True)
class Case:
    """What is measured: a scenario, a run of it (made by the first task), a question to it."""

    scenario: str
    run: Path
    unit: str
    at: str
    scratch: Path
    until: str = ""

    def starting(self) -> Iterator[Task]:
        """Yield the tasks that need no run."""
        check = (*STARTEX, "check", self.scenario)
        yield Task(
            "`import startex`", (sys.executable, "-c", "import startex"), Limit(0.3), SMALL_MIB,
            speaks=False,
        )  # fmt: skip
        yield Task("`startex --help`", (*STARTEX, "--help"), Limit(0.3), SMALL_MIB)
        yield Task("`startex list`", (*STARTEX, "list"), Limit(1.0), SMALL_MIB)
        yield Task(f"`startex check {self.scenario}`", check, Limit(3.0))
        claims = (*STARTEX, "claims", self.scenario)
        yield Task(f"`startex claims {self.scenario}`", claims, Limit(3.0))

    def running(self) -> Iterator[Task]:
        """Yield the runs: with nothing cached, as after installing, and as every day."""
        first, cold = self._run("cold"), self.scratch / "cold"
        review = (*STARTEX, "review", str(cold), "--out", str(self.scratch / "cold.html"))
        both = ("sh", "-c", f"{shlex.join(first)} && {shlex.join(review)}")
        name = f"first `startex run {self.scenario}` and `review`, nothing cached"
        yield Task(name, both, Limit(90.0), speaks=False, cold=True)
        yield Task(f"`startex run {self.scenario}`", self._run("run"), Limit(10.0, 60.0))

    def asking(self) -> Iterator[Task]:
        """Yield the tasks on a finished run, and the end of one that was stopped half way."""
        run = str(self.run)
        where = (*STARTEX, "where", run, self.unit, "--at", self.at)
        yield Task("`startex where RUN UNIT`", where, Limit(2.0))
        yield Task("`startex verify RUN`", (*STARTEX, "verify", run), Limit(3.0))
        yield Task("`startex verify --deep RUN`", (*STARTEX, "verify", "--deep", run), Limit(5.0))
        yield Task("`startex review --json RUN`", (*STARTEX, "review", run, "--json"), Limit(10.0))
        review = (*STARTEX, "review", run, "--out", str(self.scratch / "review.html"))
        yield Task("`startex review RUN`", review, Limit(15.0))
        half = (*self._run("half"), "--until", self.until)
        resume = (*STARTEX, "resume", str(self.scratch / "half"))
        yield Task("`startex resume RUN`, half done", resume, Limit(10.0, 60.0), before=half)

    def _run(self, folder: str) -> tuple[str, ...]:
        out = str(self.scratch / folder)
        return (*STARTEX, "run", self.scenario, "--out", out, "--replace")


def measure(task: Task, repeat: int) -> Cost:
    """Run a task in fresh processes.

    Raises
    ------
    SystemExit
        If it fails; prints what it said.
    """
    first = None
    if task.speaks:  # before the others: it is stopped at its first line, whatever it has begun
        first = min(_first_line(task) for _ in range(min(repeat, 3)))
    walls, cpus, peaks = zip(*(_once(task) for _ in range(repeat)), strict=True)
    return Cost(min(walls), min(cpus), max(peaks), first)


def _prepared(task: Task, caches: str) -> Mapping[str, str]:
    """Run what comes before a task; return its environment."""
    if task.before:
        _timed(task.before, os.environ)
    return {**os.environ, **dict.fromkeys(CACHES, caches)} if task.cold else os.environ


def _once(task: Task) -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as caches:
        return _timed(task.words, _prepared(task, caches))


def _timed(words: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float, float]:
    with tempfile.TemporaryFile() as said:
        begin = time.perf_counter()
        process = subprocess.Popen(words, stdout=said, stderr=said, env=dict(environment))
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(words)}: {said.read().decode()}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024.0


def _first_line(task: Task) -> float:
    with tempfile.TemporaryDirectory() as caches:
        environment = _prepared(task, caches)
        leader, follower = pty.openpty()
        begin = time.perf_counter()
        process = subprocess.Popen(
            task.words, stdout=follower, stderr=follower, env=dict(environment)
        )
        os.close(follower)
        try:
            os.read(leader, 1)
        except OSError:
            raise SystemExit(f"{' '.join(task.words)} said nothing on a terminal") from None
        first = time.perf_counter() - begin
        process.kill()
        process.wait()
        os.close(leader)
    return first


def size_mb(folder: Path) -> float:
    """Return what a run takes on disk, its review left out."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".html")
    return sum(path.stat().st_size for path in files) / 1e6


def half_way(run: Path) -> str:
    """Return the middle of a run's time, as the commands take it."""
    from startex.foundation.clock import format_time
    from startex.recording.manifest import read_manifest

    header = read_manifest(run).header
    middle = (header.sim_start + header.sim_end) // 2
    return format_time(middle - middle % 60_000)


def report(case: Case, rows: list[tuple[Task, Cost]], repeat: int) -> str:
    """Return the figures as a page of Markdown."""
    from startex.recording.manifest import read_manifest

    counts, size = read_manifest(case.run).counts, size_mb(case.run)
    goal, floor = FOLDER_MB.cells(size)
    lines = [
        "# What every command costs",
        "",
        f"Written by `python benchmarks/commands.py --save`, on {os.cpu_count()} cores "
        f"({platform.machine()}, Python {platform.python_version()}), load of all programs at the "
        f"end {os.getloadavg()[1]:.1f}. Best of {repeat} fresh processes; memory: the worst. "
        "*Processor* is user and system time of all threads; *first line* is when a terminal shows "
        "the first character. *Nothing cached*: modules are compiled and fonts listed anew; files "
        "may be in memory already. A goal or a floor in bold is missed.",
        "",
        f"Scenario `{case.scenario}`: {counts['entities']:,} entities, {counts['legs']:,} legs; "
        f"the run folder, without a review, takes {size:.1f} MB (goal {goal}, floor {floor}).",
        "",
        "| command | wall (s) | goal | floor | processor (s) | peak (MiB) | goal | floor |"
        " first line (s) | goal |",
        "|---|" + "--:|" * 9,
    ]
    for task, cost in rows:
        first = ("", "")
        if cost.first_s is not None:
            first = (f"{cost.first_s:.2f}", FIRST_LINE_S.cells(cost.first_s)[0])
        cells = [
            task.name, f"{cost.wall_s:.2f}", *task.wall_s.cells(cost.wall_s), f"{cost.cpu_s:.2f}",
            f"{cost.peak_mib:.0f}", *task.peak_mib.cells(cost.peak_mib), *first,
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("run", nargs="?", type=Path, help="a complete run; made when not given")
    parser.add_argument("--scenario", default=VOSTOK[0], help="scenario, as the run has it")
    parser.add_argument("--unit", help=f"whom to ask 'where' for; of {VOSTOK[0]}: {VOSTOK[1]}")
    parser.add_argument("--at", help=f"when; of {VOSTOK[0]}: {VOSTOK[2]}")
    parser.add_argument("--repeat", type=int, default=5, help="processes for each, 1 or more")
    parser.add_argument("--save", action="store_true", help=f"write results/{RESULT.name}")
    args = parser.parse_args()
    if args.repeat < 1:
        parser.error(f"--repeat {args.repeat}: at least one process is needed to measure")
    if args.scenario != VOSTOK[0] and not (args.unit and args.at):
        parser.error(f"--scenario {args.scenario}: say also with --unit and --at whom to look for")
    rows: list[tuple[Task, Cost]] = []

    def all_of(tasks: Iterator[Task]) -> None:
        for task in tasks:
            rows.append((task, measure(task, args.repeat)))
            print(f"{task.name}: {rows[-1][1]}", file=sys.stderr)

    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        run, unit, at = args.run or scratch / "run", args.unit or VOSTOK[1], args.at or VOSTOK[2]
        case = Case(args.scenario, run, unit, at, scratch)
        all_of(case.starting())
        all_of(case.running())
        case = replace(case, until=half_way(run))
        all_of(case.asking())
        text = report(case, rows, args.repeat)
    print(text)
    if args.save:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
