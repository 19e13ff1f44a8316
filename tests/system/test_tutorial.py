"""The tutorial scenario runs as planned, and so does what the tutorial makes of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from startex.assemble.run import simulate
from startex.recording.reader import Run
from startex.scenario.load import load_scenario
from startex.scenario.shipped import SHIPPED

TEXT = (Path(__file__).parents[2] / "docs" / "tutorial.md").read_text(encoding="utf-8")


def outcomes(run: Run) -> dict[str, str]:
    rows = run.sql("select serial, outcome from serials").to_pylist()
    return {row["serial"]: row["outcome"] for row in rows}


@pytest.mark.parametrize("policy", ["announced", "counted"])
def test_every_serial_of_the_tutorial_is_held(policy: str, tmp_path: Path) -> None:
    scenario = load_scenario("three-nations-day")
    found = outcomes(simulate(scenario, out=tmp_path / "run", policy=policy, seed=1))
    assert set(found) == {serial.serial for serial in scenario.serials}
    assert set(found.values()) <= {"held", "held_late"}
    assert sum(outcome == "held" for outcome in found.values()) >= 14


def test_the_changed_scenario_runs(tmp_path: Path) -> None:
    folder = tmp_path / "my-exercise"
    shutil.copytree(SHIPPED / "three-nations-day", folder)
    for file, text in re.findall(r"```(?:yaml|csv)\n# (\S+)\n(.*?)```", TEXT, flags=re.S):
        with (folder / file).open("a", encoding="utf-8") as target:
            target.write(text)
    figures = (folder / "figures.yaml").read_text(encoding="utf-8")
    (folder / "figures.yaml").write_text(figures.replace("198", "210"), encoding="utf-8")
    found = outcomes(simulate(load_scenario(folder), out=tmp_path / "run", seed=1))
    assert {found[s] for s in ("s17-march-medics", "s18-medics-wait", "s19-home-medics")} == {
        "held"
    }
