"""Where the time of a run goes: phases, then functions.

Example: python benchmarks/run_profile.py vostok-2022 --top 30
"""

from __future__ import annotations

import argparse
import cProfile
import functools
import pstats
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar


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


def run(clock: Clock, scenario: str, policy: str | None, seed: int, threads: int) -> Any:
    """Run a scenario into a folder that is thrown away; return the manifest."""

    def start() -> None:
        from startex.assemble import run as _run  # noqa: F401
        from startex.scenario import load as _load  # noqa: F401

    clock.timed("import", start)()
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
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        try:
            for (owner, name, phase), function in zip(parts, kept, strict=True):
                setattr(owner, name, clock.timed(phase, function))
            clock.timed("run, whole", assembly.simulate)(
                loaded, out=out, policy=policy, seed=seed, threads=threads
            )
        finally:
            for (owner, name, _), function in zip(parts, kept, strict=True):
                setattr(owner, name, function)
        return read_manifest(out)


def functions(scenario: str, policy: str | None, seed: int, top: int) -> None:
    """Print the functions that take most time themselves, under cProfile."""
    profile = cProfile.Profile()
    profile.enable()
    run(Clock(), scenario, policy, seed, 2)
    profile.disable()
    print(f"\nFunctions by their own time, under cProfile (which slows short ones), top {top}:")
    print("     calls     self    total")
    for (file, line, name), (_, calls, own, total, _) in _by_own_time(profile)[:top]:
        place = "/".join(Path(file).parts[-3:])
        print(f"{calls:>10,} {own:>7.2f}s {total:>7.2f}s  {place}:{line} {name}")


def _by_own_time(profile: cProfile.Profile) -> list[tuple[Any, Any]]:
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    return sorted(stats.items(), key=lambda item: -item[1][2])


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("scenario", nargs="?", default="vostok-2022")
    parser.add_argument("--policy", default=None)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2, help="threads that encode and write")
    parser.add_argument("--top", type=int, default=25, help="functions to list; 0: phases only")
    args = parser.parse_args()

    clock = Clock()
    manifest = run(clock, args.scenario, args.policy, args.seed, args.threads)
    legs = manifest.counts["legs"]
    print(f"{args.scenario}: {manifest.counts['entities']:,} entities, {legs:,} legs")
    print(f"digest {manifest.digest}")
    print(f"{'phase':<12}{'wall':>9}{'process':>9}{'main':>9}{'peak':>10}")
    for phase in clock.phases:
        print(
            f"{phase.name:<12}{phase.wall_s:>8.2f}s{phase.process_s:>8.2f}s{phase.main_s:>8.2f}s"
            f"{phase.peak_mb:>7.0f} MB"
        )
    if args.top:
        functions(args.scenario, args.policy, args.seed, args.top)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
