"""Startex beside its peers: ``python -m benchmarks.peers``, from the root of the repository.

Example: python -m benchmarks.peers --sizes 200 1000 --repeats 3 --results /tmp/peers.json
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.peers.measure import COMPETITORS, RESULTS, measure
from benchmarks.peers.report import table, write

SIZES = (200, 1_000, 3_000, 5_000, 55_200)


def main() -> None:
    """Read the arguments; measure; write results, table and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="entities")
    parser.add_argument("--duration", type=int, default=600, help="seconds simulated")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--budget", type=float, default=10.0, help="processor time of a loop, s")
    parser.add_argument("--minutes", type=float, default=22.0, help="begin no repeat after these")
    parser.add_argument("--who", nargs="+", default=[p.name for p in COMPETITORS], help="names")
    parser.add_argument("--results", type=Path, default=RESULTS, help="results, as JSON")
    args = parser.parse_args()
    found = measure(
        args.sizes, args.duration, args.repeats, args.budget, args.minutes, args.results, args.who
    )
    if not found["runs"]:
        raise SystemExit("nobody could be measured; what failed is said above")
    if args.results == RESULTS:
        write(found)
    print(table(found))


if __name__ == "__main__":
    main()
