"""What sensing alone costs beside a KD-tree asked each second: ``python benchmarks/sensing.py``.

Two sides of equally many platforms on open water, all under way for ten minutes on straight
courses at 15 to 30 m/s, each with a surface radar. Sensing works out from the ways who detects whom
first, and when, of all pairs within reach. The baseline moves everybody each second and asks
SciPy's KD-tree for the pairs within reach: it draws nothing and records nothing.
"""

from __future__ import annotations

import argparse
import platform
import time
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from startex.engine.sensing.looks import sightings, stretches_in_reach
from startex.engine.sensing.motion import Motion
from startex.engine.sensing.rates import radar_rate
from startex.geography.geodesy import direct
from startex.geography.neighbours import cartesian
from startex.geography.pieces import Pieces

RESULTS = Path(__file__).parent / "results" / "sensing.md"
SECONDS = 600
STEPS = 20  # of the baseline that are measured
CLUSTERS = 40
SIDE_M = 1_000e3


def main() -> None:
    """Measure and print a table; ``--save`` keeps it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=55_200)
    parser.add_argument("--reach", type=float, default=3_000.0, help="m")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args()
    lines = [
        "# What sensing alone costs",
        "",
        f"{options.entities:,} entities, half of them on each side, reach"
        f" {options.reach / 1000:g} km, {SECONDS} s; processor time in seconds, least and greatest"
        f" of {options.repeat}. The baseline is {STEPS} steps of a second, times"
        f" {SECONDS // STEPS}.",
        "",
        "| where | pairs within reach at once | first detections | sensing, CPU s"
        " | KD-tree each second, CPU s |",
        "|---|---|---|---|---|",
    ]
    for name in ("spread", "clustered"):
        runs = [_measure(options.entities, options.reach, name) for _ in range(options.repeat)]
        pairs, found = runs[0][:2]
        mine, base = ([run[i] for run in runs] for i in (2, 3))
        lines.append(
            f"| {name} | {pairs:,} | {found:,} | {min(mine):.2f} to {max(mine):.2f} |"
            f" {min(base):.1f} to {max(base):.1f} |"
        )
    lines += ["", f"Measured on {platform.machine()}, Python {platform.python_version()}.", ""]
    text = "\n".join(lines)
    print(text)
    if options.save:
        RESULTS.write_text(text, encoding="utf-8")


def _places(count: int, name: str, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """East and north of everybody, m."""
    if name == "spread":
        return tuple(draw.uniform(-0.5, 0.5, (2, count)) * SIDE_M)
    middle = draw.uniform(-0.45, 0.45, (2, CLUSTERS)) * SIDE_M
    of = draw.integers(0, CLUSTERS, count)
    return tuple(middle[:, of] + draw.normal(0.0, 12e3, (2, count)))


def _measure(count: int, reach_m: float, name: str) -> tuple[int, int, float, float]:
    draw = np.random.default_rng(1)
    east, north = _places(count, name, draw)
    lat, lon = direct(20.0, 150.0, np.degrees(np.arctan2(east, north)), np.hypot(east, north))
    course, far = draw.uniform(0.0, 360.0, count), draw.uniform(15.0, 30.0, count) * SECONDS
    end_lat, end_lon = direct(lat, lon, course, far)
    half, end = count // 2, SECONDS * 1000

    def side(which: slice) -> Motion:
        n = lat[which].size
        times = np.zeros(n, np.int64), np.full(n, end, np.int64)
        ways = Pieces(np.arange(n), *times, lat[which], lon[which], end_lat[which], end_lon[which])
        return Motion(ways, np.zeros(n), np.zeros(n))

    one, other = side(slice(0, half)), side(slice(half, count))
    keys = np.arange(count, dtype=np.uint64)
    begin = time.process_time()
    in_reach = stretches_in_reach(
        one, other, most_m=np.full(half, reach_m), limits_m=lambda a, _: np.full(a.size, reach_m),
        between=(0, end),
    )  # fmt: skip
    seen = sightings(
        one, other, in_reach, rate=lambda look: radar_rate(look.range_m, 100.0, 2_000.0, 3.0),
        keys=(keys[:half], keys[half:]), seed=1, counter=0,
    )  # fmt: skip
    mine = time.process_time() - begin
    begin = time.process_time()
    met = 0
    for step in range(STEPS):
        share = step / SECONDS
        here = cartesian(lat + (end_lat - lat) * share, lon + (end_lon - lon) * share)
        trees = cKDTree(here[:half]), cKDTree(here[half:])
        met = max(met, trees[0].count_neighbors(trees[1], reach_m))
        trees[0].sparse_distance_matrix(trees[1], reach_m, output_type="ndarray")
    base = (time.process_time() - begin) * SECONDS / STEPS
    return int(met), int(seen.t.size), mine, base


if __name__ == "__main__":
    main()
