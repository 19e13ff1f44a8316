from __future__ import annotations

import builtins
import math

import numpy as np
import pytest

from startex.ensemble import open_ensemble
from startex.ensemble.morris import MissingLibraryError
from startex.testing.ensembles import write_ensemble


def test_one_factor_at_a_time_is_paired_by_seed(tmp_path) -> None:
    base = {"speed": 10.0, "depth": 5.0, "block": 0, "role": "base"}
    points = [
        base,
        {**base, "speed": 8.0, "role": "step:speed"},
        {**base, "speed": 14.0, "role": "step:speed"},
        {**base, "depth": 9.0, "role": "step:depth"},
    ]

    def run(point, seed):
        noise = float(np.random.default_rng(seed).normal(0.0, 50.0))
        return {("y", ""): (3.0 * point["speed"] + noise, "m")}

    runs = open_ensemble(
        write_ensemble(tmp_path, points, run, replications=5, design={"kind": "one-at-a-time"})
    )
    found = runs.sensitivity("y")
    assert found.method == "one-at-a-time"
    steps = dict(found.of("speed").steps)
    assert steps["8"].value == pytest.approx(-6.0)
    assert steps["14"].value == pytest.approx(12.0)
    assert steps["14"].half < 1e-9
    assert not dict(found.of("depth").steps)["9"].excludes(0.0)
    assert [effect.factor for effect in found.effects] == ["speed", "depth"]


def test_chance_and_factors_share_the_variance(factorial) -> None:
    """Of a balanced design: what the factor takes, and what is left within variants."""
    found = factorial.sensitivity("movement.road.person_km")
    assert found.of("persons").first.value > 0.95
    assert found.of("wind").first.value < 0.01
    assert found.chance < 0.05
    assert found.explained == pytest.approx(1.0 - found.chance, abs=0.02)


def test_a_factor_of_words_has_no_slope(factorial) -> None:
    found = factorial.sensitivity("serials.late")
    assert found.of("persons").slope < 0.0  # of two words: T-1 to T-2
    assert found.of("wind").slope > 0.0
    assert found.method == "shares"


def test_an_outcome_that_never_varies_hangs_on_nothing(factorial) -> None:
    found = factorial.sensitivity("serials.partly")
    assert all(effect.first.value == 0.0 for effect in found.effects)


def test_nothing_varied(pair) -> None:
    assert pair[0].sensitivity("serials.late").method == "none"


def test_undefined_outcomes_are_told(factorial) -> None:
    found = factorial.sensitivity("serial_start_delay", "s06-drop")
    values = factorial.values("serial_start_delay", "s06-drop")
    assert found.undefined == int(np.isnan(values[factorial.done]).sum()) > 0


def test_morris_without_its_library_says_what_to_install(tmp_path, monkeypatch) -> None:
    points = [
        {"x": x, "block": block, "role": role}
        for block in range(3)
        for x, role in ((0.0, "base"), (1.0, "step:x"))
    ]
    runs = open_ensemble(
        write_ensemble(
            tmp_path, points, lambda p, _: {("y", ""): (p["x"], "")}, design={"kind": "morris"}
        )
    )
    there = builtins.__import__

    def gone(name, *rest, **more):
        if name.startswith("SALib"):
            raise ImportError(name)
        return there(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", gone)
    with pytest.raises(MissingLibraryError, match=r"pip install 'startex\[sensitivity\]'"):
        runs.sensitivity("y")


def test_the_same_ensemble_gives_the_same_figures(latin) -> None:
    one, two = latin.sensitivity("serials.late"), latin.sensitivity("serials.late")
    assert one == two
    assert not math.isnan(one.of("wind").first.low)


def test_a_factor_that_does_nothing_explains_little_of_few_points(tmp_path) -> None:
    """Eight points of a Latin hypercube: values that occur once are no classes of their own."""
    shares = []
    for sample in range(12):
        drawn = np.random.default_rng(sample)
        points = [{"idle": float(x)} for x in drawn.permutation(8) + drawn.random(8)]
        outcome = dict(zip([p["idle"] for p in points], drawn.normal(size=8), strict=True))

        def run(point, seed, outcome=outcome):
            return {("y", ""): (outcome[point["idle"]] + 0.1 * (seed % 2), "m")}

        folder = tmp_path / str(sample)
        design = {"kind": "latin"}
        runs = open_ensemble(write_ensemble(folder, points, run, replications=2, design=design))
        shares.append(runs.sensitivity("y").of("idle").first.value)
    assert max(shares) < 1.0
    assert np.mean(shares) < 0.4
