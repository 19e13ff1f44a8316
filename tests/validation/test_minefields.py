"""Mines on land: the model against a simulated field, and the engine against the model."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import startex
from land_examples import defence
from startex.engine.landmines import WIDTH_M
from startex.foundation.errors import OutsideValidityError
from startex.models import intervals, minefield

pytestmark = [pytest.mark.timeout(300)]

DEPTH_M, KILL = 120.0, 0.9


@pytest.mark.parametrize("kill", [1.0, 0.5])
def test_a_field_strewn_at_random_is_struck_as_often_as_the_model_says(kill) -> None:
    """Mines thrown anew for each of many who cross obliquely; those under their way are counted."""
    rng = np.random.default_rng(11)
    crossers, mines, front, depth, width = 4_000, 150, 400.0, 80.0, 2.0
    lean = 0.5  # of sideways way for way ahead
    way = depth * np.hypot(1.0, lean)
    x = rng.uniform(0.0, front, (crossers, mines))
    y = rng.uniform(0.0, depth, (crossers, mines))
    begin = rng.uniform(10.0, front - depth * lean - 10.0, (crossers, 1))
    away = np.abs(x - begin - lean * y) / np.hypot(1.0, lean)
    goes_off = (away < width / 2.0) & (rng.random((crossers, mines)) < kill)
    struck = int(goes_off.any(axis=1).sum())
    interval = intervals.wilson_interval(struck, crossers, 0.999)
    share = width * way / (front * depth)
    exact = minefield.counted_strike_probability(mines, share, kill)
    mean = minefield.mean_encounters(mines, front, depth, width, way)
    assert interval.lower <= exact <= interval.upper
    assert minefield.strike_probability(mean, kill) == pytest.approx(exact, rel=0.01)
    assert mean == pytest.approx(mines * share)


def test_many_mines_make_the_counted_chance_the_poisson_one() -> None:
    mines = np.array([10.0, 100.0, 1e4, 1e6])
    gap = minefield.counted_strike_probability(mines, 0.7 / mines) - minefield.strike_probability(
        0.7
    )
    assert (np.diff(np.abs(gap)) < 0.0).all()
    assert abs(gap[-1]) < 1e-6


def test_the_draw_that_decides_gives_the_chance() -> None:
    draw = (np.arange(100_000) + 0.5) / 100_000
    needed = minefield.encounters_until_strike(draw, 0.6)
    assert (np.diff(needed) > 0.0).all()
    share = float(np.mean(needed <= 1.3))
    assert share == pytest.approx(float(minefield.strike_probability(1.3, 0.6)), abs=1e-5)
    assert np.isinf(minefield.encounters_until_strike([0.0, 0.5], 0.0)).all()


@pytest.mark.parametrize(
    ("arguments", "what"),
    [((-1, 1, 1, 1, 1), "mines"), ((1, 0, 1, 1, 1), "front_m"), ((1, 1, 0, 1, 1), "depth_m"),
     ((1, 1, 1, -1, 1), "width_m"), ((1, 1, 1, 1, -1), "way_m")],
)  # fmt: skip
def test_what_cannot_be_is_refused(arguments, what) -> None:
    with pytest.raises(OutsideValidityError, match=what):
        minefield.mean_encounters(*arguments)


@pytest.mark.parametrize(("mean", "vehicles", "front_m"), [(0.3, 60, 5_000), (1.2, 20, 1_800)])
def test_vehicles_in_a_run_strike_as_often_as_the_model_says(
    tmp_path, mean, vehicles, front_m
) -> None:
    mines = round(mean * front_m / WIDTH_M)
    raiders = [{"platform": "light-vehicle", "count": vehicles}]
    struck = crossed = 0
    chance = 0.0
    for seed in (3, 4, 5):
        folder = defence(
            tmp_path / f"made {seed}", raiders, seed=seed, approach_m=1500, attack_min=600,
            mines_laid=mines, mine_front_m=front_m, mine_depth_m=DEPTH_M, weapons_free_min=1440,
        )  # fmt: skip
        run = startex.simulate(startex.load(folder), out=tmp_path / f"run {seed}")
        rows = run.sql("select * from shots where model = 'minefield'").to_pylist()
        crossed += len(rows)
        struck += sum(row["result"] == "out_of_action" for row in rows)
        chance += sum(row["probability"] for row in rows)
    assert crossed == 3 * vehicles
    interval = intervals.wilson_interval(struck, crossed, 0.999)
    expected = float(minefield.strike_probability(mean, KILL))
    assert interval.lower <= expected <= interval.upper, struck / crossed
    assert chance / crossed == pytest.approx(expected, rel=0.02)  # straight across
