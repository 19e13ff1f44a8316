from __future__ import annotations

import json

import numpy as np
import pytest

from startex.ensemble import open_ensemble
from startex.ensemble.conclusions import conclusions
from startex.ensemble.disagreements import disagreements, together
from startex.foundation.errors import StoreError, UsageError
from startex.testing.ensembles import write_ensemble


def test_the_disagreement_about_persons_is_known_by_its_conflict(factorial) -> None:
    (found,) = disagreements(factorial, [("movement.road.person_km", "")])
    assert found.factor == "persons"
    assert found.conflicts == ("TC-1",)
    assert "How many soldiers took part" in found.title
    assert set(found.quotes) == {"T-1", "T-2"}
    assert found.shares["movement.road.person_km"].value > 0.95
    held = next(turn for turn in found.turns if turn.says.startswith("Every serial is held"))
    assert not held.turns
    assert held.seeds is not None and held.seeds.value == 0.0


def conclude(folder, *given):
    facts = json.loads((folder / "ensemble.json").read_text())
    facts["design"]["conclusions"] = list(given)
    (folder / "ensemble.json").write_text(json.dumps(facts))
    return open_ensemble(folder)


@pytest.fixture
def two_readings(tmp_path):
    """Reading a: losses 1 to 3, of b: 4 to 6, so that "at most 3" turns over with every seed."""
    points = [{"policy": "a"}, {"policy": "b"}]

    def run(point, seed):
        return {("losses", ""): (seed % 3 + (1.0 if point["policy"] == "a" else 4.0), "ships")}

    return write_ensemble(tmp_path / "two", points, run, replications=30)


def test_a_conclusion_that_turns_over(two_readings) -> None:
    runs = conclude(
        two_readings,
        {"says": "Losses are bearable", "measure": "losses", "at_most": 3},
        {"says": "Losses are certain", "measure": "losses", "at_least": 1},
    )
    (found,) = disagreements(runs)
    bearable, certain = found.turns
    assert bearable.turns and bearable.sure
    assert bearable.seeds.value == 1.0
    assert not certain.turns
    assert found.shares["Losses are bearable"].value == pytest.approx(1.0)
    assert found.greatest == pytest.approx(1.0)
    assert json.loads(json.dumps(found.to_json()))["turns"][0]["turns"] is True


def test_conclusions_where_the_measure_is_undefined(tmp_path) -> None:
    def run(point, seed):
        return {("delay", "s-1"): (None if seed == 1 else float(seed), "h")}

    folder = write_ensemble(tmp_path / "one", [{"x": 1.0}], run, replications=4)
    given = {"says": "Soon", "measure": "delay", "key": "s-1", "at_least": 2, "at_most": 3}
    (soon,) = conclusions(conclude(folder, given))
    assert np.isnan(soon.holds[0])
    assert soon.holds[1:].tolist() == [1.0, 1.0, 0.0]
    assert soon.computed == "delay of s-1 is at least 2 and at most 3 h"


def test_wrong_conclusions_are_told(two_readings) -> None:
    with pytest.raises(StoreError, match="'at_least' or 'at_most'"):
        conclusions(conclude(two_readings, {"says": "x", "measure": "losses"}))
    with pytest.raises(UsageError, match="did you mean 'losses'"):
        conclusions(conclude(two_readings, {"says": "x", "measure": "losss", "at_most": 1}))


def test_what_two_disagreements_do_only_together_is_in_no_share_alone(tmp_path) -> None:
    """An outcome of 1 where two readings agree: each alone explains nothing, both everything."""
    points = [{"persons": p, "policy": q} for p in ("T-1", "T-2") for q in ("a", "b")]

    def run(point, seed):
        agree = (point["persons"] == "T-1") == (point["policy"] == "a")
        return {("y", ""): (float(agree) + 1e-3 * (seed % 3), "")}

    folder = write_ensemble(
        tmp_path, points, run, replications=12,
        design={"factors": [{"name": "persons", "claim": "persons"}]},
    )  # fmt: skip
    runs = open_ensemble(folder)
    found = disagreements(runs, [("y", "")])
    assert [one.factor for one in found] == ["persons", "policy"]
    assert all(one.shares["y"].value == 0.0 for one in found)
    both = together(runs, runs.values("y"))
    assert both is not None and both.value > 0.99


def test_one_disagreement_has_no_group(factorial) -> None:
    assert together(factorial, factorial.values("serials.late")) is None


def test_factors_about_which_sources_agree_are_none(latin) -> None:
    assert [one.factor for one in disagreements(latin)] == ["persons"]
