"""What a command writes outside the folder it is told to write: nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import matplotlib
from processes import COMMAND, TUTORIAL

import startex

PROGRAM = Path(startex.__file__).parent

_OWN_CACHES = {"matplotlib", "mesa_shader_cache"}
"""Of libraries, in their own place, safe to delete at any time: fonts found, shaders compiled."""


def _listing(*folders: Path) -> dict[str, int]:
    paths = (path for folder in folders for path in folder.rglob("*"))
    return {
        str(path): path.lstat().st_mtime_ns
        for path in paths
        if "__pycache__" not in path.parts and path.is_file()
    }


def test_commands_write_nothing_but_what_they_are_told_to(tmp_path) -> None:
    home, work, temporary = tmp_path / "home", tmp_path / "work", tmp_path / "temporary"
    for folder in (home, work, temporary):
        folder.mkdir()
    env = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    env.pop("MPLCONFIGDIR", None)
    env |= {"HOME": str(home), "TMPDIR": str(temporary)}
    program = _listing(PROGRAM, Path(matplotlib.__file__).parent)
    for words in (
        ["check", TUTORIAL],
        ["run", TUTORIAL, "--out", "out"],
        ["verify", "--deep", "out"],
        ["where", "out", "mng", "--at", "2025-06-14T12:00+05:00"],
        ["review", "out"],
        ["claims", TUTORIAL],
    ):
        subprocess.run([*COMMAND, *words], cwd=work, env=env, check=True, stdout=subprocess.DEVNULL)
        assert [path.name for path in work.iterdir()] in (["out"], []), words
        assert list(temporary.iterdir()) == [], words
        written = {Path(path).relative_to(home).parts for path in _listing(home)}
        assert {parts[1] for parts in written} <= _OWN_CACHES, (words, written)
    assert _listing(PROGRAM, Path(matplotlib.__file__).parent) == program
    tables = startex.Run(work / "out").manifest.files
    kept = {path.relative_to(work / "out").as_posix() for path in (work / "out").rglob("*.*")}
    assert kept == {"manifest.json", "review.html", *(file.path for file in tables)}


def test_without_any_place_of_their_own_they_work_too(tmp_path) -> None:
    """No home, no cache that can be written: as of a service's user."""
    nowhere = {"HOME": "/dev/null/none", "XDG_CACHE_HOME": "/dev/null/none"}
    env = {**os.environ, **nowhere, "XDG_CONFIG_HOME": "/dev/null/none"}
    for words in (["run", TUTORIAL, "--out", "out"], ["review", "out"]):
        done = subprocess.run(
            [*COMMAND, *words], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr


def test_several_at_once_share_what_libraries_keep(tmp_path) -> None:
    """Reviews that start together without any cache, and the cache taken away meanwhile."""
    env = {**os.environ, "HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    env.pop("MPLCONFIGDIR", None)
    subprocess.run([*COMMAND, "run", TUTORIAL, "--out", "out"], cwd=tmp_path, env=env, check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    many = [
        subprocess.Popen([*COMMAND, "review", "out", "--out", f"{number}.html"], cwd=tmp_path,
                         env=env, stdout=subprocess.DEVNULL)
        for number in range(3)
    ]  # fmt: skip
    while any(process.poll() is None for process in many):
        code = "import shutil, sys; shutil.rmtree(sys.argv[1], ignore_errors=True)"
        subprocess.run([sys.executable, "-c", code, str(tmp_path / "cache")], check=True)
    assert [process.returncode for process in many] == [0, 0, 0]
    first, *others = tmp_path.glob("?.html")
    assert all(other.read_bytes() == first.read_bytes() for other in others)
