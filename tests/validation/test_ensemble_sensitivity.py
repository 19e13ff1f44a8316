"""Sensitivity indices against published values, through ensemble folders.

Ishigami and Homma 1990, a = 7, b = 0.1, inputs uniform on (-pi, pi): S = 0.3139, 0.4424, 0 and
ST = 0.5576, 0.4424, 0.2437 (Saltelli et al., Global Sensitivity Analysis, 2008).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from startex.ensemble import open_ensemble
from startex.ensemble.shares import regression, share
from startex.ensemble.sobol import sobol
from startex.testing.ensembles import write_ensemble

FIRST = (0.3139, 0.4424, 0.0)
TOTAL = (0.5576, 0.4424, 0.2437)


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def saltelli(blocks: int) -> list[dict]:
    unit = stats.qmc.Sobol(6, rng=np.random.default_rng(1)).random(blocks)
    a, b = (2.0 * math.pi * part - math.pi for part in (unit[:, :3], unit[:, 3:]))
    points = []
    for block in range(blocks):
        rows = [("A", a[block]), ("B", b[block])]
        for i in range(3):
            mixed = a[block].copy()
            mixed[i] = b[block, i]
            rows.append((f"AB:x{i + 1}", mixed))
        points += [
            {"x1": x[0], "x2": x[1], "x3": x[2], "block": block, "role": role} for role, x in rows
        ]
    return points


def outcome(point, _seed):
    x = np.array([point["x1"], point["x2"], point["x3"]])
    return {("y", ""): (float(ishigami(x)), "")}


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ishigami")
    return open_ensemble(
        write_ensemble(folder, saltelli(1024), outcome, design={"kind": "saltelli"})
    )


def test_sobol_of_the_ishigami_function(ensemble) -> None:
    """1024 blocks: within 0.03 of the published values, which the intervals hold."""
    found = ensemble.sensitivity("y")
    assert found.method == "sobol"
    assert found.points == 1024
    for i, (first, total) in enumerate(zip(FIRST, TOTAL, strict=True)):
        effect = found.of(f"x{i + 1}")
        assert effect.first.value == pytest.approx(first, abs=0.03)
        assert effect.total.value == pytest.approx(total, abs=0.03)
        assert not effect.first.excludes(first)
        assert not effect.total.excludes(total)
    assert [effect.factor for effect in found.effects] == ["x1", "x2", "x3"]


def test_sobol_is_that_of_scipy() -> None:
    unit = stats.qmc.Sobol(6, rng=np.random.default_rng(2)).random(256).T
    a, b = (2.0 * math.pi * part - math.pi for part in (unit[:3], unit[3:]))
    mixed = np.stack([np.where(np.eye(3)[i][:, None] == 1, b, a) for i in range(3)])
    f_ab = np.stack([ishigami(x) for x in mixed])
    given = {"f_A": ishigami(a)[None], "f_B": ishigami(b)[None], "f_AB": f_ab[:, None]}
    wanted = stats.sobol_indices(func=given, n=256)
    found = sobol(ishigami(a), ishigami(b), f_ab)
    np.testing.assert_allclose(found.first, wanted.first_order.ravel(), atol=1e-12)
    np.testing.assert_allclose(found.total, wanted.total_order.ravel(), atol=1e-12)


def test_a_failed_run_costs_its_block_alone(tmp_path) -> None:
    points = saltelli(64)
    points[7]["x1"] = 99.0

    def fails(point, seed):
        return "lost" if point["x1"] == 99.0 else outcome(point, seed)

    runs = open_ensemble(write_ensemble(tmp_path, points, fails, design={"kind": "saltelli"}))
    found = runs.sensitivity("y")
    assert (found.points, found.undefined) == (63, 1)


def test_shares_of_a_latin_hypercube_are_the_first_order_indices(tmp_path) -> None:
    """2000 points of the Ishigami function, 13 classes: within 0.05."""
    unit = stats.qmc.LatinHypercube(3, rng=np.random.default_rng(3)).random(2000)
    points = [dict(zip(("x1", "x2", "x3"), 2 * math.pi * u - math.pi, strict=True)) for u in unit]
    runs = open_ensemble(write_ensemble(tmp_path, points, outcome, design={"kind": "latin"}))
    found = runs.sensitivity("y")
    assert found.method == "shares"
    for name, first in zip(("x1", "x2", "x3"), FIRST, strict=True):
        assert found.of(name).first.value == pytest.approx(first, abs=0.05)
        assert not found.of(name).first.excludes(first)


def test_morris_of_a_sum_is_its_weights(tmp_path) -> None:
    """Of a linear outcome mu* is weight times step and sigma is 0; of a product sigma is not."""
    pytest.importorskip("SALib")
    weights, step = {"a": 3.0, "b": -1.0, "c": 0.0}, 2.0 / 3.0
    draws, points = np.random.default_rng(4), []
    for block in range(20):
        x = {name: float(draws.choice([0.0, 1.0 / 3.0])) for name in weights}
        points.append({**x, "block": block, "role": "base"})
        for name in draws.permutation(list(weights)):
            x = {**x, str(name): x[name] + step}
            points.append({**x, "block": block, "role": f"step:{name}"})

    def run(point, _seed):
        total = sum(weights[name] * point[name] for name in weights)
        return {("sum", ""): (total, ""), ("product", ""): (point["a"] * point["b"], "")}

    runs = open_ensemble(write_ensemble(tmp_path, points, run, design={"kind": "morris"}))
    found = runs.sensitivity("sum")
    assert found.method == "morris"
    for name, weight in weights.items():
        assert found.of(name).mu_star.value == pytest.approx(abs(weight) * step)
        assert found.of(name).mu == pytest.approx(weight * step)
        assert found.of(name).sigma == pytest.approx(0.0, abs=1e-12)
    assert runs.sensitivity("product").of("a").sigma > 0.1


def test_intervals_of_shares_cover_what_is_known() -> None:
    """Outcome x1 + 0.5 x2 + noise: shares 0.64, 0.16, 0 of variances 1, 0.25 and 0.3125."""
    draws, samples = np.random.default_rng(5), 400
    truth, held = (0.64, 0.16, 0.0), np.zeros(3)
    for _ in range(samples):
        levels = draws.integers(0, 2, (3, 120))
        x = 2.0 * levels - 1.0
        y = x[0] + 0.5 * x[1] + draws.normal(0.0, math.sqrt(0.3125), 120)
        for i in range(3):
            _, low, high = share(levels[i], y)
            held[i] += low <= truth[i] <= high
    assert held[:2] / samples == pytest.approx([0.95, 0.95], abs=0.04)
    assert held[2] / samples > 0.93


def test_regression_is_that_of_least_squares() -> None:
    draws = np.random.default_rng(6)
    x = draws.normal(size=(4, 50))
    x[3] = x[0] - 2.0 * x[1]  # already said
    y = 2.0 * x[0] - x[1] + draws.normal(size=50)
    slopes, explained = regression(x, y)
    design = np.column_stack([np.ones(50), x[:3].T])
    solved, *_ = np.linalg.lstsq(design, y, rcond=None)
    assert slopes[:3] == pytest.approx(solved[1:] * x[:3].std(axis=1) / y.std())
    assert math.isnan(slopes[3])
    rest = ((y - design @ solved) ** 2).sum() / 46
    assert explained == pytest.approx(1.0 - rest / y.var(ddof=1))
