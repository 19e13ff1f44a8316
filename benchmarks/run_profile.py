"""Where the time of a run goes: phases, parts of the simulation, and how far it is from the limit.

Example: python benchmarks/run_profile.py vostok-2022 --save
"""

from __future__ import annotations

import argparse
import cProfile
import functools
import os
import platform
import pstats
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

sys.path.insert(0, str(Path(__file__).parent))  # the other modules of this folder

from parts import Calls, Parts, watch_geodesics, watch_simulation

if TYPE_CHECKING:
    from floor import Floor

RESULT = Path(__file__).parent / "results" / "run-profile.md"


@dataclass
class Phase:
    """What one part of a run took; `main_s` is processor time of the thread that simulates."""

    name: str
    wall_s: float
    process_s: float
    main_s: float
    peak_mb: float


P = ParamSpec("P")
R = TypeVar("R")


class Clock:
    """Times calls, one phase a call, in the order in which they return."""

    def __init__(self) -> None:
        self.phases: list[Phase] = []

    def timed(self, name: str, function: Callable[P, R]) -> Callable[P, R]:
        """Return the function, timed as a phase."""

        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            wall, process, main = time.perf_counter(), time.process_time(), time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.phases.append(
                    Phase(
                        name,
                        time.perf_counter() - wall,
                        time.process_time() - process,
                        time.thread_time() - main,
                        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
                    )
                )

        return call


def run(clock: Clock, scenario: str, policy: str | None, seed: int, threads: int, out: Path) -> Any:
    """Run a scenario into a folder; return the manifest."""

    from startex.assemble import run as assembly
    from startex.engine.simulation import Simulation
    from startex.recording.manifest import read_manifest
    from startex.recording.writer import RunWriter
    from startex.scenario.load import load_scenario

    parts: tuple[tuple[Any, str, str], ...] = (
        (assembly, "build", "build"),
        (Simulation, "run", "simulate"),
        (RunWriter, "finish", "finish"),
    )
    kept = [getattr(owner, name) for owner, name, _ in parts]
    loaded = clock.timed("load", load_scenario)(scenario)
    try:
        for (owner, name, phase), function in zip(parts, kept, strict=True):
            setattr(owner, name, clock.timed(phase, function))
        clock.timed("build to finish", assembly.simulate)(
            loaded, out=out, policy=policy, seed=seed, threads=threads
        )
    finally:
        for (owner, name, _), function in zip(parts, kept, strict=True):
            setattr(owner, name, function)
    return read_manifest(out)


def functions(scenario: str, policy: str | None, seed: int, top: int) -> None:
    """Print the functions that take most time themselves, under cProfile."""
    profile = cProfile.Profile(time.thread_time)  # other programs' time is none of theirs
    with tempfile.TemporaryDirectory() as folder:
        profile.enable()
        run(Clock(), scenario, policy, seed, 2, Path(folder) / "run")
        profile.disable()
    print(f"\nFunctions by their own time, under cProfile (which slows short ones), top {top}:")
    print("     calls     self    total")
    for (file, line, name), (_, calls, own, total, _) in _by_own_time(profile)[:top]:
        place = "/".join(Path(file).parts[-3:])
        print(f"{calls:>10,} {own:>7.2f}s {total:>7.2f}s  {place}:{line} {name}")


def _by_own_time(profile: cProfile.Profile) -> list[tuple[Any, Any]]:
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    return sorted(stats.items(), key=lambda item: -item[1][2])


def report(title: str, phases: list[Phase], parts: Parts, calls: Calls, floor: Floor) -> list[str]:
    """Return the lines of the report, in Markdown."""
    by_name = {phase.name: phase for phase in phases}
    whole_s = sum(by_name[name].process_s for name in ("import", "load", "build to finish"))
    simulate = by_name["simulate"]
    lines = [
        f"# {title}",
        "",
        "Seconds of processor time; `main` is the thread that simulates. Peak: highest so far.",
        "",
        "| phase | process | main | wall | peak |",
        "|---|---:|---:|---:|---:|",
    ]
    for phase in phases:
        lines.append(
            f"| {phase.name} | {phase.process_s:.2f} | {phase.main_s:.2f} | {phase.wall_s:.2f} "
            f"| {phase.peak_mb:.0f} MB |"
        )
    lines += [
        f"| **whole** | **{whole_s:.2f}** | | | |",
        "",
        "## The simulation, by what it does",
        "",
        "| part | calls | seconds | share |",
        "|---|---:|---:|---:|",
    ]
    for name, part in sorted(parts.parts.items(), key=lambda item: -item[1].seconds):
        share = part.seconds / simulate.main_s
        lines.append(f"| {name} | {part.calls:,} | {part.seconds:.2f} | {share:.0%} |")
    ideal_s, work_s = floor.total_s, simulate.process_s + by_name["finish"].process_s
    lines += [
        "",
        f"Of these, {calls.seconds:.2f} s are spent in {calls.calls:,} calls of the geodesic "
        f"library, for {calls.points:,} geodesics.",
        "",
        "## The limit",
        "",
        "| what cannot be saved: every leg computed and written once, in large pieces | seconds |",
        "|---|---:|",
        f"| geodesics of the {floor.moving:,} legs that move (of {floor.legs:,}), there and back "
        f"| {floor.geodesics_s:.2f} |",
        f"| all tables encoded, written, read back and digested | {floor.store_s:.2f} |",
        f"| **limit** | **{ideal_s:.2f}** |",
        "",
        f"The whole run takes {whole_s / ideal_s:.1f} times the limit; simulation and finish, "
        f"which do that work, {work_s / ideal_s:.1f} times.",
    ]
    return lines


def machine() -> str:
    """Return what the figures were measured on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pyproj", "pyarrow"))
    python = platform.python_version()
    return f"{os.cpu_count()} cores of {model}; Python {python}, {versions}"


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("scenario", nargs="?", default="vostok-2022")
    parser.add_argument("--policy", default=None)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2, help="threads that encode and write")
    parser.add_argument("--top", type=int, default=0, help="functions to list, from a second run")
    parser.add_argument("--save", action="store_true", help=f"keep the report as {RESULT.name}")
    args = parser.parse_args()

    clock, parts, calls = Clock(), Parts(), Calls()
    clock.timed("import", lambda: import_module("startex.assemble"))()
    undo = [*watch_simulation(parts), watch_geodesics(calls)]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        manifest = run(clock, args.scenario, args.policy, args.seed, args.threads, out)
        for step in reversed(undo):
            step()
        from floor import measure  # what it imports is no part of the run

        floor = measure(out, args.threads)
    counts = manifest.counts
    title = f"Where the time of {Path(args.scenario).name} goes"
    lines = report(title, clock.phases, parts, calls, floor)
    lines += [
        "",
        f"{counts['entities']:,} entities, {counts['legs']:,} legs; seed {args.seed}, policy "
        f"{manifest.header.policy}, {args.threads} writing threads; digest `{manifest.digest}`.",
        f"Measured on {machine()}.",
    ]
    print("\n".join(lines))
    if args.save:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if args.top:
        functions(args.scenario, args.policy, args.seed, args.top)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
