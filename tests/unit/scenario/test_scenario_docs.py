"""The documents of scenarios against the code, and the tutorial as a reader would do it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from scenario_mutations import Change, tutorial_copy

from startex.forces.definitions import Part, Template, UnitLine
from startex.geography import places, ways
from startex.scenario.files import OPTIONAL, REQUIRED
from startex.scenario.header import EventRow, Header
from startex.scenario.load import check_scenario, load_scenario
from startex.scenario.serials import Serial
from startex.scenario.summary import contents
from startex.scenario.vocabulary import TASKS
from startex.scenario.vocabulary_table import rows

ROOT = Path(__file__).parents[3]
REFERENCE = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
TUTORIAL_TEXT = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


def test_the_vocabulary_stands_in_the_reference() -> None:
    table = REFERENCE.split("<!-- vocabulary -->\n")[1].split("\n<!-- end of vocabulary -->")[0]
    assert table.splitlines() == rows()


@pytest.mark.parametrize(
    "model",
    [Header, EventRow, Serial, UnitLine, Template, Part, places._Properties, ways._Properties],
)
def test_every_key_stands_in_the_reference(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        assert f"`{field.alias or name}`" in REFERENCE


def test_every_file_stands_in_the_reference() -> None:
    for name in (*REQUIRED, *OPTIONAL):
        assert f"`{name}`" in REFERENCE


def test_every_kind_of_place_and_way_stands_in_the_reference() -> None:
    for kind in (*places.PLACE_KINDS, *ways.WAY_KINDS):
        assert re.search(rf"\| `kind` \|.*\b{kind}\b", REFERENCE)


def test_control_reads_only_parameters_of_the_vocabulary() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "src" / "startex" / "control").rglob("*.py"))
    )
    read = set(re.findall(r'\b(?:param|minutes|place_index|unit_rows)\(\s*"([a-z_]+)"', source))
    declared = {param.name for task in TASKS.values() for param in task.params}
    assert read, "control reads parameters"
    assert read <= declared


def blocks() -> list[tuple[str, str]]:
    """Return file and text of every block of the tutorial that is added at the end of a file."""
    found = re.findall(r"```(?:yaml|csv)\n# (\S+)\n(.*?)```", TUTORIAL_TEXT, flags=re.S)
    assert len(found) == 5
    return found


def test_the_mistake_of_the_tutorial_is_told_as_it_says(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    Change("units.yaml", "an-26, count: 2", "an-26, count: 1", "", "").apply(folder)
    [problem] = check_scenario(folder)
    assert str(problem) in TUTORIAL_TEXT


def test_the_tutorial_leads_to_a_clean_scenario(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    held = contents(load_scenario(folder))
    for policy, counts in held["policies"].items():
        words = f"policy {policy}: {counts['persons']} persons, {counts['vehicles']} vehicles"
        assert words in TUTORIAL_TEXT
    assert f"{held['files']['unit lines']} unit lines" in TUTORIAL_TEXT
    for file, text in blocks():
        with (folder / file).open("a", encoding="utf-8") as target:
            target.write(text)
    Change("figures.yaml", "value: 198", "value: 210", "", "").apply(folder)
    assert check_scenario(folder) == ()
    counts = contents(load_scenario(folder))["policies"]["announced"]
    assert counts["persons"] == 300
    assert counts["vehicles"] == 43


def test_the_python_of_the_reference_runs(capsys: pytest.CaptureFixture[str]) -> None:
    [code] = re.findall(r"```python\n(.*?)```", REFERENCE, flags=re.S)
    exec(compile(code, "docs/scenario.md", "exec"), {})
    assert capsys.readouterr().out == "260\n"
