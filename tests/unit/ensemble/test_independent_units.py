from __future__ import annotations

import numpy as np
import pytest

from startex.ensemble import open_ensemble
from startex.ensemble.statistics import mean_interval
from startex.ensemble.units import independent
from startex.testing.ensembles import write_ensemble


def noise(point, seed):
    return {("y", ""): (float(np.random.default_rng(seed).normal()) + point["x"], "m")}


@pytest.mark.parametrize(
    ("kind", "points", "replications", "common", "word", "units"),
    [
        ("factorial", 1, 20, True, "run", 20),
        ("factorial", 3, 20, True, "seed", 20),
        ("factorial", 3, 20, False, "run", 60),
        ("latin", 30, 1, False, "run", 30),
        ("latin", 30, 4, True, "design point", 30),
        ("latin", 4, 30, True, "seed", 30),
    ],
)
def test_what_is_independent(tmp_path, kind, points, replications, common, word, units) -> None:
    rows = [{"x": 0.1 * number} for number in range(points)]
    runs = open_ensemble(
        write_ensemble(
            tmp_path, rows, noise, replications=replications, common=common, design={"kind": kind}
        )
    )
    found = independent(runs)
    assert found.word == word
    assert found.values(runs.values("y")).size == units


def test_copies_of_the_same_runs_make_nothing_surer(tmp_path) -> None:
    """Three variants that do nothing, with the same seeds, tell what one of them tells."""
    rows = [{"x": 0.0, "name": name} for name in "abc"]
    runs = open_ensemble(write_ensemble(tmp_path, rows, noise, replications=25))
    found = runs.summary().of("y").centre
    alone = mean_interval(runs.values("y")[:25])
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high))


def test_policies_over_drawn_points_are_no_points_of_their_own(tmp_path) -> None:
    rows = [{"x": x, "policy": p} for x in (0.1, 0.4, 0.7, 0.9) for p in ("a", "b")]
    runs = open_ensemble(write_ensemble(tmp_path, rows, noise, design={"kind": "latin"}))
    assert independent(runs).values(runs.values("y")).size == 4


def test_mixed_rows_of_a_saltelli_design_are_no_sample(tmp_path) -> None:
    rows = [{"x": 1.0, "block": 0, "role": role} for role in ("A", "B", "AB:x")]
    runs = open_ensemble(write_ensemble(tmp_path, rows, noise, design={"kind": "saltelli"}))
    assert independent(runs).rows.tolist() == [True, True, False]
