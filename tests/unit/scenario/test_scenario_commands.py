"""The commands check, new and list."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from scenario_mutations import TUTORIAL, Change, tutorial_copy
from typer.testing import CliRunner

from startex.cli import new as new_module
from startex.cli.check import check
from startex.cli.list import list_scenarios
from startex.cli.new import new
from startex.scenario.load import load_scenario
from startex.scenario.shipped import shipped_scenarios

APP = typer.Typer()
APP.command()(check)
APP.command()(new)
APP.command("list")(list_scenarios)
RUN = CliRunner()


def test_a_clean_scenario_prints_what_it_holds() -> None:
    result = RUN.invoke(APP, ["check", "three-nations-day"])
    assert result.exit_code == 0
    for words in ("Three Nations Day", "16 serials", "1 way,", "300 persons", "260 persons"):
        assert words in result.output
    assert result.output.endswith("no problems\n")


def test_problems_as_json(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    Change("serials.yaml", "task: ceremony", "task: ceremny", "", "").apply(folder)
    result = RUN.invoke(APP, ["check", str(folder), "--json"])
    assert result.exit_code == 1
    found = json.loads(result.output)
    assert found["folder"] == str(folder)
    assert found["holds"] == {}
    [problem] = found["problems"]
    assert (problem["file"], problem["column"]) == ("serials.yaml", 9)
    assert problem["remedy"] == "Did you mean 'ceremony'?"


def test_problems_are_counted(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    Change("serials.yaml", "task: ceremony", "task: ceremny", "", "").apply(folder)
    Change("events.csv", "2025-06-14,18:30", "14 June,18:30", "", "").apply(folder)
    result = RUN.invoke(APP, ["check", str(folder)])
    assert result.output.splitlines()[-1] == "2 problems in 2 files"


def test_new_makes_a_clean_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = RUN.invoke(APP, ["new", "my-exercise"])
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.iterdir()] == ["my-exercise"], "nothing else is left"
    assert load_scenario("my-exercise").name == "my-exercise"
    names = {path.name for path in TUTORIAL.iterdir()}
    assert {path.name for path in Path("my-exercise").iterdir()} == names
    differs = [
        name for name in names
        if (Path("my-exercise") / name).read_bytes() != (TUTORIAL / name).read_bytes()
    ]  # fmt: skip
    assert differs == ["scenario.yaml"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["taken"], 1, "exists already"),
        (["link"], 1, "exists already"),
        (["Bad Name"], 2, "small letters"),
        (["../up"], 2, "small letters"),
        (["three-nations-day"], 2, "shipped scenario"),
        (["mine", "--from", "three-nation-day"], 2, "did you mean 'three-nations-day'"),
        (["mine", "--entities", "0"], 2, "entities 0 is out of range"),
        (["mine", "--seed", "3"], 2, "give --entities too"),
        (["mine", "--from", "vostok-2022", "--entities", "100"], 2, "not both"),
        (["taken", "--entities", "100"], 1, "exists already"),
    ],
)
def test_new_refuses(
    arguments: list[str],
    status: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("keep", encoding="utf-8")
    (tmp_path / "link").symlink_to("nowhere")
    result = RUN.invoke(APP, ["new", *arguments])
    assert (result.exit_code, words in result.output) == (status, True), result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "taken"]
    assert (tmp_path / "taken" / "mine.txt").read_text(encoding="utf-8") == "keep"


def test_new_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    copied: list[Path] = []

    def full_disk(source: Path, target: Path) -> None:
        if len(copied) == 5:
            raise OSError(28, "No space left on device")
        copied.append(target)
        target.write_bytes(source.read_bytes())

    monkeypatch.setattr(new_module.shutil, "copyfile", full_disk)
    result = RUN.invoke(APP, ["new", "mine"])
    assert result.exit_code == 1
    assert "No space left" in result.output
    assert list(tmp_path.iterdir()) == []


def test_new_generates_an_exercise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = RUN.invoke(APP, ["new", "big", "--entities", "500", "--seed", "4"])
    assert (result.exit_code, result.output) == (0, "big/ generated; next: startex check big\n")
    assert [path.name for path in tmp_path.iterdir()] == ["big"], "nothing else is left"
    checked = RUN.invoke(APP, ["check", "big"])
    assert checked.exit_code == 0, checked.output
    assert "Generated exercise of 500 entities" in checked.output


def test_list_names_every_shipped_scenario() -> None:
    result = RUN.invoke(APP, ["list"])
    assert result.exit_code == 0
    assert "three-nations-day: Three Nations Day" in result.output
    found = json.loads(RUN.invoke(APP, ["list", "--json"]).output)
    assert [row["scenario"] for row in found] == list(shipped_scenarios())
    [tutorial] = [row for row in found if row["scenario"] == "three-nations-day"]
    assert tutorial["files"] == {"claims": 9, "unit lines": 11, "serials": 16}


def test_the_installed_command(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    (folder / "units.yaml").write_text("- unit: [", encoding="utf-8")
    command = [sys.executable, "-m", "startex.cli.main", "check", str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "units.yaml:1:" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
