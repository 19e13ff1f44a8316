"""Generated exercises: complete, valid, of the size asked for, the same for the same arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from startex.foundation.errors import UsageError
from startex.geography.places import WATER_KINDS
from startex.geography.surface import Surface
from startex.scenario.load import check_scenario, load_scenario
from startex.scenario.resolve import resolve
from startex.scenario.vocabulary import TASKS
from startex.testing import make_exercise, plan_exercise
from startex.testing.exercise import KINDS

LARGEST_CONTINGENT = 260
"""Entities by which the size asked for may be passed."""


def _texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_arguments_give_the_same_files(tmp_path: Path) -> None:
    one = make_exercise(tmp_path / "one", entities=700, seed=3, name="same")
    two = make_exercise(tmp_path / "two", entities=700, seed=3, name="same")
    assert _texts(one) == _texts(two)
    other = make_exercise(tmp_path / "three", entities=700, seed=4, name="same")
    assert _texts(other)["places.geojson"] != _texts(one)["places.geojson"]


@pytest.mark.parametrize("entities", [1, 150, 400, 2500])
def test_the_size_is_met_to_the_next_contingent(entities: int, tmp_path: Path) -> None:
    scenario = load_scenario(make_exercise(tmp_path / "made", entities=entities, seed=entities))
    found = resolve(scenario).force.kind.size
    assert entities <= found < entities + LARGEST_CONTINGENT


@pytest.mark.parametrize("terrain", ["mixed", "coast", "inland"])
@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_no_problem_is_found(terrain: str, seed: int, tmp_path: Path) -> None:
    folder = make_exercise(tmp_path / "made", entities=1500, seed=seed, terrain=terrain)
    assert check_scenario(folder) == ()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_stands_alone(kind: str, tmp_path: Path) -> None:
    folder = make_exercise(
        tmp_path / "made", entities=1, seed=11, kinds=[kind], terrain="coast"
    )  # fmt: skip
    assert check_scenario(folder) == ()


def test_every_task_of_the_vocabulary_is_used() -> None:
    tasks = {row["task"] for row in plan_exercise(entities=20_000, seed=0).serials}
    assert tasks == set(TASKS)


def test_a_larger_exercise_begins_with_the_smaller_one() -> None:
    small, large = plan_exercise(entities=900, seed=8), plan_exercise(entities=4000, seed=8)
    for name in ("units", "serials", "places", "ways", "claims", "figures", "events"):
        rows = getattr(small, name)
        assert getattr(large, name)[: len(rows)] == rows, name


def test_places_lie_on_land_or_on_water_as_they_must() -> None:
    surface = Surface()
    plan = plan_exercise(entities=30_000, seed=1)
    for feature in plan.places:
        lon, lat = feature["geometry"]["coordinates"]
        about = feature["properties"]
        if about["kind"] not in ("beach", "port"):
            wet = about["kind"] in WATER_KINDS
            assert bool(surface.is_land(lat, lon)) != wet, about


def test_quiet_days_and_start_move_the_end_alone() -> None:
    plan = plan_exercise(entities=300, seed=2)
    quiet = plan_exercise(entities=300, seed=2, quiet_days=7)
    assert quiet.serials == plan.serials
    assert quiet.end_ms - plan.end_ms == 7 * 86_400_000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"entities": 0}, "entities 0 is out of range: 1 to"),
        ({"entities": 10**8}, "is out of range: 1 to"),
        ({"entities": 10, "seed": -1}, "seed -1 is out of range"),
        ({"entities": 10, "kinds": ["cavalry"]}, "no kinds cavalry; there are motor"),
        ({"entities": 10, "kinds": []}, r"no kinds \(none\)"),
        ({"entities": 10, "terrain": "moon"}, "no terrain 'moon'"),
        ({"entities": 10, "kinds": ["ships"]}, "ships need terrain 'coast'"),
    ],
)
def test_arguments_that_cannot_be_met_are_refused(arguments: dict, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        plan_exercise(**arguments)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="is not empty"):
        make_exercise(tmp_path, entities=100, name="made")
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]
