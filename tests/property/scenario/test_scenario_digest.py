"""The digest of a scenario follows its content, not the order of rows or the way of writing."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from startex.scenario.load import load_scenario
from startex.scenario.shipped import SHIPPED

TUTORIAL = SHIPPED / "three-nations-day"
DIGEST = load_scenario(TUTORIAL).digest

Change = Callable[[str, random.Random], str]


def shuffle_yaml(text: str, chance: random.Random) -> str:
    # Quoting everything keeps dates and codes text; comments and layout go.
    rows = yaml.load(text, Loader=yaml.BaseLoader)
    chance.shuffle(rows)
    for row in rows:
        keys = list(row)
        chance.shuffle(keys)
        row.update({key: row.pop(key) for key in keys})
    return "\n".join("- " + _flow(row) for row in rows)


def _flow(value: object) -> str:
    """Write flow YAML with numbers plain and everything else quoted."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    text = str(value)
    if text.isdigit() and len(text) < 6:  # six digits are symbols, and those are text
        return f"{text}.0" if len(text) > 2 else text
    return text if text in ("true", "false") else json.dumps(text)


def shuffle_csv(text: str, chance: random.Random) -> str:
    head, *rows = text.splitlines()
    chance.shuffle(rows)
    return "\r\n".join([head, *rows]) + "\r\n"


def shuffle_features(text: str, chance: random.Random) -> str:
    data = json.loads(text)
    chance.shuffle(data["features"])
    return json.dumps(data, indent=chance.choice((None, 1, 4)), sort_keys=True)


CHANGES: dict[str, Change] = {
    ".yaml": shuffle_yaml,
    ".csv": shuffle_csv,
    ".geojson": shuffle_features,
}
LISTS = sorted(
    p.name for p in TUTORIAL.iterdir() if p.suffix in CHANGES and p.name != "scenario.yaml"
)


@pytest.mark.parametrize("file", LISTS)
def test_order_of_rows_confers_nothing(file: str, tmp_path: Path) -> None:
    folder = tmp_path / "exercise"
    shutil.copytree(TUTORIAL, folder)
    for seed in range(3):
        path = folder / file
        change = CHANGES[path.suffix]
        original = (TUTORIAL / file).read_text(encoding="utf-8")
        changed = change(original, random.Random(f"{file} {seed}"))
        assert changed != original
        path.write_bytes(changed.encode())
        assert load_scenario(folder).digest == DIGEST


def test_order_of_all_files_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "another name"
    shutil.copytree(TUTORIAL, folder)
    for file in LISTS:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        path.write_text(CHANGES[path.suffix](text, random.Random(file)), encoding="utf-8")
    assert load_scenario(folder).digest == DIGEST


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("scenario.yaml", "title: Three Nations Day ", "title: Three Nations Days "),
        ("claims.yaml", "and rain.", "and hail."),
        ("sources.csv", "The Shetpe Courier", "The Shetpe Herald"),
        ("units.yaml", "name: Range staff", "name: Range staff A"),
        ("templates.yaml", "name: platoon", "name: troop"),
        ("places.geojson", "51.33, 43.683", "51.331, 43.683"),
        ("ways.geojson", '"detour": 1.1', '"detour": 1.11'),
        ("serials.yaml", "moves: 2", "moves: 3"),
        ("serials.yaml", "start: 2025-06-14T18:00", "start: 2025-06-14T18:01"),
        ("events.csv", "It rains.", "It pours."),
        ("weather.csv", ",2.5,21,100", ",2.6,21,100"),
        ("weather.csv", ",,clouds gather before", ",,clouds gathered before"),
        ("figures.yaml", "name: Soldiers of all", "name: Persons of all"),
        ("policies.yaml", "The press centre's", "Press centre's"),
        ("conflicts.yaml", "Both may be", "Both could be"),
        ("homes.yaml", "nothing in the", "nothing in this"),
    ],
)
def test_every_change_of_content_shows(file: str, old: str, new: str, tmp_path: Path) -> None:
    folder = tmp_path / "exercise"
    shutil.copytree(TUTORIAL, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    assert load_scenario(folder).digest != DIGEST


def test_the_same_instant_written_otherwise(tmp_path: Path) -> None:
    folder = tmp_path / "exercise"
    shutil.copytree(TUTORIAL, folder)
    text = (folder / "serials.yaml").read_text(encoding="utf-8")
    changed = text.replace("2025-06-14T18:00+05:00", "2025-06-14T13:00Z")
    assert changed != text
    (folder / "serials.yaml").write_text(changed, encoding="utf-8")
    assert load_scenario(folder).digest == DIGEST
