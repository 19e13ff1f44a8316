"""A scenario with its dates moved: the same but for the dates, and back again the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from startex.foundation.clock import MS_PER_DAY
from startex.scenario.load import SHIPPED, load_scenario
from startex.testing import make_exercise, shift_exercise

NAMES = sorted(path.name for path in SHIPPED.iterdir() if (path / "scenario.yaml").exists())


@pytest.mark.parametrize("days", [7, -30])
@pytest.mark.parametrize("name", NAMES)
def test_dates_move_and_nothing_else(name: str, days: int, tmp_path: Path) -> None:
    before, by_ms = load_scenario(name), days * MS_PER_DAY
    after = load_scenario(shift_exercise(name, tmp_path / "moved", days))
    moved = (after.start_ms - by_ms, after.end_ms - by_ms)
    assert moved == (before.start_ms, before.end_ms)
    for old, new in zip(before.serials, after.serials, strict=True):
        assert (new.start_ms - by_ms, new.end_ms - by_ms) == (old.start_ms, old.end_ms)
        assert new.start[10:16] == old.start[10:16], "hours of the day stay"
        assert new.model_copy(update={"start": old.start, "end": old.end}) == old
    assert [replace(event, t=event.t - by_ms) for event in after.events] == list(before.events)
    weather = [replace(row, t=row.t + by_ms) for row in before.weather]
    assert list(map(repr, after.weather)) == list(map(repr, weather))
    assert before.weather, "the scenario shows it"
    assert after.digest != before.digest


def test_there_and_back_is_the_same_scenario(tmp_path: Path) -> None:
    made = make_exercise(tmp_path / "made", entities=900, seed=2)
    later = shift_exercise(made, tmp_path / "later", 7)
    back = shift_exercise(later, tmp_path / "back", -7)
    assert load_scenario(back).digest == load_scenario(made).digest
    assert load_scenario(later).digest != load_scenario(made).digest


def test_it_does_not_write_over_anything(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    with pytest.raises(FileExistsError, match="not empty"):
        shift_exercise("three-nations-day", tmp_path, 7)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
