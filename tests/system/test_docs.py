"""Every command of the documentation runs as printed, page by page, in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
BIG = ("run vostok-2022", "startex ensemble ")
"""Pages that run the whole exercise, or many, belong to the longer level."""

WITH_PYTHON = (
    *("compare", "ensemble", "ensemble-report", "environment", "livefire", "play", "review"),
    *("running", "supply", "taiwan", "view"),
)
"""Pages whose Python runs after their commands, on what these have left."""


def _commands(page: Path) -> str:
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    return "\n".join(blocks)


def _param(page: Path):
    commands = _commands(page)
    marks = [pytest.mark.long] if any(big in commands for big in BIG) else []
    return pytest.param(page, id=page.stem, marks=marks)


SHELL_ONLY = [p for p in PAGES if "startex " in _commands(p) and p.stem not in WITH_PYTHON]


@pytest.mark.parametrize("page", [_param(page) for page in SHELL_ONLY])
def test_the_commands_of_a_page_run_as_printed(page, tmp_path) -> None:
    done = _run(_commands(page), tmp_path)
    assert done.returncode == 0, f"{page.name}: {done.stderr or done.stdout}"
    assert "Traceback" not in done.stderr


def _run(commands: str, folder: Path) -> subprocess.CompletedProcess[str]:
    lines = [line for line in commands.splitlines() if not line.startswith("make")]
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(lines)],
        cwd=folder, env=env, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip


def test_every_page_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [page.name for page in PAGES[:-1] if f"docs/{page.name}" not in readme]
    assert missing == []


def test_every_command_of_the_program_has_its_place_in_the_documentation() -> None:
    from startex.cli.main import COMMANDS

    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in COMMANDS if f"startex {name}" not in text] == []


@pytest.mark.parametrize("page", [_param(ROOT / "docs" / f"{name}.md") for name in WITH_PYTHON])
def test_the_python_of_a_page_runs_as_printed_after_its_commands(page, tmp_path, monkeypatch):
    done = _run(_commands(page), tmp_path)
    assert done.returncode == 0, f"{page.name}: {done.stderr or done.stdout}"
    assert "Traceback" not in done.stderr
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)
