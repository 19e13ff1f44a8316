from __future__ import annotations

import re
from pathlib import Path

import pytest

from startex.forces.figures import FIGURES

PAGE = Path(__file__).parents[3] / "docs" / "forces.md"


def test_the_python_of_the_page_runs_and_prints_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    space: dict[str, object] = {}
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), space)  # the page is ours
    said = [
        comment.split(",")[0].strip()
        for comment in re.findall(r"print\(.*\)  # (.*)", "\n".join(blocks))
    ]
    printed = capsys.readouterr().out
    for words in said:
        assert words in printed


def test_the_page_names_every_figure() -> None:
    text = PAGE.read_text()
    assert [name for name in FIGURES if f"`{name}`" not in text] == []
