"""How time and memory of a run grow with the exercise: the generated family, size by size.

Example: python benchmarks/scaling.py 1000 10000 100000 1000000
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from run_profile import Clock

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
RESULTS = Path(__file__).parent / "results"
PHASES = ("load", "build", "simulate", "finish")
FIXED_FACTOR = 3.0
"""Sizes count for the fit where they cost so many times what the smallest costs: there what
does not grow (imports, the map, the catalogue) is less than a third."""


@dataclass
class Measured:
    """One size, run in a process of its own."""

    asked: int
    entities: int
    legs: int
    rows: int
    cpu_s: dict[str, float]
    wall_s: dict[str, float]
    peak_mb: float
    folder_mb: float
    scenario_mb: float
    digest: str

    @property
    def cpu(self) -> float:
        """Processor time of the whole run, s."""
        return sum(self.cpu_s.values())


def measure(size: int, seed: int, folder: Path) -> Measured:
    """Generate an exercise, run it, and say what that took; the making does not count."""
    command = [sys.executable, str(Path(__file__).resolve())]
    made = folder / "exercise"
    subprocess.run(
        [*command, "--make", str(made), "--seed", str(seed), str(size)], check=True
    )  # fmt: skip
    done = subprocess.run(
        [*command, "--run", str(made), str(size)], check=True, capture_output=True, text=True
    )  # fmt: skip
    return Measured(**json.loads(done.stdout))


def run_one(made: Path, size: int) -> Measured:
    """Load and run a scenario folder in this process."""
    clock = Clock()
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
    for owner, name, phase in parts:
        setattr(owner, name, clock.timed(phase, getattr(owner, name)))
    scenario = clock.timed("load", load_scenario)(made)
    out = made.parent / "run"
    assembly.simulate(scenario, out=out)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    manifest = read_manifest(out)
    return Measured(
        asked=size,
        entities=manifest.counts["entities"],
        legs=manifest.counts["legs"],
        rows=sum(file.rows for file in manifest.files),
        cpu_s={phase.name: round(phase.process_s, 2) for phase in clock.phases},
        wall_s={phase.name: round(phase.wall_s, 2) for phase in clock.phases},
        peak_mb=round(peak_mb, 1),
        folder_mb=round(_size_mb(out), 2),
        scenario_mb=round(_size_mb(made), 2),
        digest=manifest.digest,
    )


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


@dataclass
class Fit:
    """Cost = factor x size ** exponent, by least squares of the logarithms."""

    exponent: float
    error: float
    factor: float
    sizes: list[int]


def fit(sizes: list[int], costs: list[float]) -> Fit | None:
    """Return the fit over the sizes where fixed costs do not rule; None for fewer than three."""
    import numpy as np
    from scipy import stats

    used = [number for number, cost in enumerate(costs) if cost >= FIXED_FACTOR * costs[0]]
    if len(used) < 3:
        return None
    x, y = np.log([sizes[n] for n in used]), np.log([costs[n] for n in used])
    line = stats.linregress(x, y)
    return Fit(
        float(line.slope), float(line.stderr), float(np.exp(line.intercept)),
        [sizes[n] for n in used],
    )  # fmt: skip


def table(rows: list[Measured]) -> str:
    """Return the measurements as a Markdown table."""
    lines = [
        "| entities | legs | rows stored | load | build | simulate | finish | CPU, s | wall, s |"
        " peak memory, MB | run folder, MB | CPU ms an entity |",
        "|" + "---:|" * 12,
    ]
    for row in rows:
        cpu = " | ".join(f"{row.cpu_s[phase]:,.1f}" for phase in PHASES)
        lines.append(
            f"| {row.entities:,} | {row.legs:,} | {row.rows:,} | {cpu} | {row.cpu:,.1f} |"
            f" {sum(row.wall_s.values()):,.1f} | {row.peak_mb:,.0f} | {row.folder_mb:,.1f} |"
            f" {1000 * row.cpu / row.entities:.2f} |"
        )
    return "\n".join(lines)


def fits(rows: list[Measured]) -> dict[str, Fit | None]:
    """Return the fits of processor time, peak memory and run folder over entities."""
    sizes = [row.entities for row in rows]
    return {
        "processor time": fit(sizes, [row.cpu for row in rows]),
        **{f"of it, {p}": fit(sizes, [row.cpu_s[p] for row in rows]) for p in PHASES},
        "peak memory": fit(sizes, [row.peak_mb for row in rows]),
        "run folder": fit(sizes, [row.folder_mb for row in rows]),
    }


def report(rows: list[Measured], seed: int) -> str:
    """Return the page of results."""
    lines = [
        "# Cost over size",
        "",
        f"Made by `python benchmarks/scaling.py` on {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {platform.system()} {platform.machine()}; seed {seed}. Each "
        "size is generated (`startex.testing`, not measured), then loaded, checked and run in a "
        "process of its own. Times of phases are processor time of the whole process; other "
        "programs ran on the machine, which lengthens wall time.",
        "",
        table(rows),
        "",
        f"Exponents: least squares of log cost over log entities, with their standard error, over "
        f"the sizes that cost at least {FIXED_FACTOR:.0f} times what the smallest does, where "
        "fixed costs do not rule.",
        "",
        "| cost | exponent | sizes |",
        "|---|---|---|",
    ]
    for name, found in fits(rows).items():
        if found is None:
            lines.append(f"| {name} | too few sizes | |")
        else:
            sizes = f"{found.sizes[0]:,} to {found.sizes[-1]:,} ({len(found.sizes)})"
            lines.append(f"| {name} | {found.exponent:.3f} ± {found.error:.3f} | {sizes} |")
    return "\n".join([*lines, "", "![Time and memory over size](scaling.svg)", ""])


def plot(rows: list[Measured], path: Path) -> None:
    """Draw time and memory over size, with the fits."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "startex"
    import matplotlib.pyplot as plt
    import numpy as np

    sizes = [row.entities for row in rows]
    figure, axes = plt.subplots(1, 2, figsize=(10.0, 4.2), layout="constrained")
    found = fits(rows)
    for axis, name, unit, costs in (
        (axes[0], "processor time", "s", [row.cpu for row in rows]),
        (axes[1], "peak memory", "MB", [row.peak_mb for row in rows]),
    ):
        axis.loglog(sizes, costs, "o", color="tab:blue")
        line = found[name]
        if line is not None:
            x = np.array([line.sizes[0], line.sizes[-1]])
            label = f"exponent {line.exponent:.2f} ± {line.error:.2f}"
            axis.loglog(x, line.factor * x**line.exponent, color="tab:orange", label=label)
            axis.legend()
        axis.set_xlabel("entities")
        axis.set_ylabel(f"{name}, {unit}")
        axis.grid(which="major", alpha=0.3)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def main() -> None:
    """Read the arguments, run every size, print and store the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), help="entities")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results")
    parser.add_argument("--add", action="store_true", help="keep sizes measured before")
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.make:
        from startex.testing import make_exercise

        make_exercise(args.make, entities=args.sizes[0], seed=args.seed)
        return
    if args.run:
        print(json.dumps(asdict(run_one(args.run, args.sizes[0]))))
        return
    args.out.mkdir(parents=True, exist_ok=True)
    kept = args.out / "scaling.json"
    known = json.loads(kept.read_text()) if args.add and kept.is_file() else []
    rows = {row["asked"]: Measured(**row) for row in known}
    for size in args.sizes:
        with tempfile.TemporaryDirectory() as folder:
            rows[size] = measure(size, args.seed, Path(folder))
        print(f"{rows[size].entities:>10,} entities {rows[size].cpu:>9.1f} s CPU", flush=True)
        ordered = [rows[asked] for asked in sorted(rows)]
        kept.write_text(json.dumps([asdict(row) for row in ordered], indent=1) + "\n")
        (args.out / "scaling.md").write_text(report(ordered, args.seed), encoding="utf-8")
        plot(ordered, args.out / "scaling.svg")
    print(report(ordered, args.seed))


if __name__ == "__main__":
    main()
