"""What starts at once: heavy libraries are imported only by what needs them."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

import pytest

HEAVY = (
    "bs4", "datasketch", "duckdb", "erfa", "matplotlib", "numpy", "pandas", "pyarrow", "pydantic",
    "pypdf", "pyproj", "scipy", "shapely", "starlette", "uvicorn", "yaml",
)  # fmt: skip


def _imported(code: str) -> set[str]:
    """Return the heavy modules that are there after a program has run."""
    probe = (
        "import sys\n"
        f"try:\n    {code}\n"
        "except SystemExit:\n    pass\n"
        f"print('heavy:', *sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, timeout=60, check=True
    )
    return set(done.stdout.splitlines()[-1].split()[1:])


def _command(*words: str) -> str:
    return f"sys.argv = {['startex', *words]!r}; from startex.cli.main import main; main()"


@pytest.mark.parametrize(
    "code",
    [
        "import startex; startex.__version__",
        _command(),
        _command("--help"),
        _command("--version"),
    ],
)
def test_no_heavy_library_is_imported(code) -> None:
    assert _imported(code) == set()


@pytest.mark.parametrize(
    "command", ["check", "run", "resume", "where", "review", "compare", "view", "verify"]
)
def test_help_on_a_command_imports_none_but_typers_own(command) -> None:
    assert _imported(_command(command, "--help")) <= {"pydantic"}


def test_help_on_a_command_of_two_words_is_as_quick() -> None:
    assert _imported(_command("claims", "add", "--help")) <= {"pydantic"}


def test_the_probe_sees_what_is_imported() -> None:
    assert {"numpy", "pyarrow"} <= _imported("import startex; startex.Run")


def test_reading_a_run_needs_no_drawing_sql_or_scenario() -> None:
    assert _imported("import startex; startex.Run") == {"numpy", "pyarrow"}


def test_loading_a_scenario_needs_no_store() -> None:
    found = _imported("import startex; startex.load")
    assert not found & {"pyarrow", "duckdb", "matplotlib", "pandas"}


@pytest.mark.parametrize(
    "code",
    [
        "import startex; startex.load('three-nations-day')",
        "import startex; startex.load('vostok-2022')",
        _command("check", "three-nations-day"),
    ],
)
def test_loading_and_checking_a_scenario_needs_no_scipy(code) -> None:
    found = _imported(code)
    assert "shapely" in found  # it was loaded
    assert not found & {"scipy", "matplotlib", "duckdb", "pandas"}


@pytest.mark.parametrize(
    "words",
    [
        ("run", "no-such-scenario"),
        ("check", "no-such-scenario"),
        ("claims", "no-such-scenario"),
        ("resume", "no-such-run"),
        ("verify", "no-such-run"),
        ("review", "no-such-run"),
        ("compare", "no-such-run", "no-such-run"),
        ("view", "no-such-run"),
        ("where", "no-such-run", "x", "--at", "2025-06-14T12:00+05:00"),
    ],
)
def test_on_a_terminal_the_first_line_names_what_is_read(words, tmp_path) -> None:
    leader, follower = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "startex.cli.main", *words],
            stderr=follower, stdout=subprocess.PIPE, cwd=tmp_path, timeout=60, check=False,
        )  # fmt: skip
        said = os.read(leader, 4096).decode()
    finally:
        os.close(follower)
        os.close(leader)
    assert done.returncode in (1, 2)
    first = said.splitlines()[0]
    assert first.endswith(f"{words[1]} ...")
