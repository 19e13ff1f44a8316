"""Mutate the shipped scenarios and say what breaks: ``python tests/fuzz/fuzz.py --count 500``.

Each mutant must be accepted, with a run to the end of its first day that verifies, or refused with
file, line, column and remedy. ``--show N`` prints what mutant N of the series is, ``--keep FOLDER``
writes it there.
"""

from __future__ import annotations

import argparse
import collections
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def main() -> int:
    """Run the command; 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="how many mutants")
    parser.add_argument("--first", type=int, default=0, help="number of the first one")
    parser.add_argument("--seed", type=int, default=1, help="of the series")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--show", type=int, help="print what this mutant is, and judge it here")
    parser.add_argument("--keep", type=Path, help="with --show: write the mutant's folder here")
    options = parser.parse_args()
    if options.show is not None:
        return _show(options.seed, options.show, options.keep)
    from supervise import run_mutants

    kinds: collections.Counter[str] = collections.Counter()
    findings: dict[str, list[int]] = {}
    slowest = highest = 0.0
    begun = time.monotonic()
    numbers = range(options.first, options.first + options.count)
    for outcome in run_mutants(numbers, options.seed, options.processes):
        kinds[outcome.verdict.kind] += 1
        slowest, highest = max(slowest, outcome.cpu_s), max(highest, outcome.peak_bytes)
        if outcome.verdict.kind == "finding":
            print(f"mutant {outcome.number}: {outcome.verdict.detail}", flush=True)
            findings.setdefault(outcome.verdict.detail[:60], []).append(outcome.number)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    took_s = time.monotonic() - begun
    print(
        f"{sum(kinds.values())} mutants of seed {options.seed} in {took_s:.0f} s: {told};"
        f" the slowest took {slowest:.1f} s, the largest {highest / 1e6:.0f} MB"
    )
    for text, which in sorted(findings.items(), key=lambda item: -len(item[1])):
        print(f"  {len(which):4d} times: {text} (as {which[0]})")
    return 1 if findings else 0


def _show(seed: int, number: int, keep: Path | None) -> int:
    import tempfile

    from judge import HOURS, judge
    from mutants import make_mutant

    mutant = make_mutant(seed, number)
    print(f"mutant {number} of seed {seed}, of {mutant.base}:")
    for line in mutant.story:
        print(f"  {line}")
    with tempfile.TemporaryDirectory() as place:
        folder = keep or Path(place) / "exercise"
        mutant.write(folder)
        verdict = judge(folder, Path(place) / "run", set(), HOURS[mutant.base])
    print(f"{verdict.kind}: {verdict.detail}")
    return 1 if verdict.kind == "finding" else 0


if __name__ == "__main__":
    raise SystemExit(main())
