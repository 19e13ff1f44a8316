"""What mutants once brought to light stays mended."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from judge import judge

from startex.foundation.errors import ScenarioError
from startex.scenario.load import load_scenario
from startex.scenario.shipped import SHIPPED

CASES = yaml.safe_load(
    (Path(__file__).parents[1] / "corpus" / "scenario-mutants.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"][:40] for case in CASES])
def test_what_was_found_stays_mended(case, tmp_path) -> None:
    folder = tmp_path / "exercise"
    shutil.copytree(SHIPPED / case.get("base", "three-nations-day"), folder)
    path = folder / case["file"]
    text = path.read_text(encoding="utf-8")
    assert case["old"] in text
    new = case["new"] * case.get("times", 1)
    path.write_text(text.replace(case["old"], new.replace("@", ""), 1), encoding="utf-8")
    verdict = judge(folder, tmp_path / "run", set(), hours=72.0)
    assert verdict.kind == case["then"], verdict.detail
    if "says" in case:
        with pytest.raises(ScenarioError) as caught:
            load_scenario(folder)
        assert case["says"] in str(caught.value)
    if "@" in case["new"]:
        before = (text[: text.index(case["old"])] + case["new"]).split("@")[0]
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        with pytest.raises(ScenarioError) as caught:
            load_scenario(folder)
        assert place in [(p.line, p.column) for p in caught.value.problems]
