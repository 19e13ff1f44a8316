from __future__ import annotations

import json

import pytest

from startex.ensemble.about import design_from_json, design_to_json, stopping_to_json
from startex.ensemble.design import Statement
from startex.ensemble.designfile import read_design
from startex.foundation.errors import ScenarioError

GOOD = """\
measures: [serials.*]
conclusions:
- {says: Few are late, measure: serials.late, at_most: 2}
- {says: It starts, measure: serial_start_delay, key: s09-fire, at_least: -1, at_most: 1}
"""


def written(tmp_path, text):
    path = tmp_path / "design.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_conclusions_are_read_and_kept(tmp_path) -> None:
    design = read_design(written(tmp_path, GOOD))
    assert design.conclusions[0] == Statement("Few are late", "serials.late", at_most=2.0)
    said = json.loads(json.dumps(design_to_json(design)))
    assert said["conclusions"][1]["key"] == "s09-fire"
    assert design_from_json(said, stopping_to_json(design)).conclusions == design.conclusions
    del said["conclusions"]
    assert design_from_json(said, stopping_to_json(design)).conclusions == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        (", at_most: 2", "", 3, "'at_least', 'at_most' or both"),
        ("serials.late", "movement.trains", 3, "not among the measures"),
        ("at_least: -1", "at_least: 3", 4, "lies above"),
        ("says: It starts, ", "", 4, "says"),
    ],
)
def test_wrong_conclusions_are_told_with_their_line(tmp_path, old, new, line, word) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_design(written(tmp_path, GOOD.replace(old, new)))
    (problem,) = caught.value.problems
    assert problem.line == line
    assert word in str(problem)
