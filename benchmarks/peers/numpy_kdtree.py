"""The floor in NumPy: columns stepped each second, pairs by SciPy's KD-tree."""

from __future__ import annotations

import time

from benchmarks.peers.answer import Answer, arguments
from benchmarks.peers.dead_reckoning import Fleet, chord_of, to_cartesian
from scipy.spatial import cKDTree


def near(lat, lon, first: int, within_m: float):
    """Return pairs of opposite sides within a distance: indices into either side."""
    points = to_cartesian(lat, lon)
    found = cKDTree(points[:first]).sparse_distance_matrix(
        cKDTree(points[first:]), chord_of(within_m), output_type="ndarray"
    )
    return found["i"], found["j"]


def run(work, answer: Answer, budget_s: float = 1e9) -> None:
    """Step through the window, or as far as the budget lasts."""
    fleet = Fleet(work)
    answer.watch.lap("setup")
    begin = time.process_time()
    for second in range(1, work.duration_s + 1):
        fleet.step()
        answer.watch.lap("move")
        i, j = near(fleet.lat, fleet.lon, work.first, work.within_m)
        answer.watch.lap("pairs")
        answer.report(second, fleet.lat, fleet.lon, i, j)
        if time.process_time() - begin > budget_s:
            break


if __name__ == "__main__":
    work, path, budget, _ = arguments()
    answer = Answer(work)
    run(work, answer, budget)
    answer.save(path)
