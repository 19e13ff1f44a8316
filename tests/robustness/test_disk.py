"""A disk that is full, a folder that nobody may write to: told, nothing damaged, then resumed."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from processes import TUTORIAL, startex

import startex as api

FILLS_IT = 60_000
"""Bytes left on a disk on which a run of 140 kB does not fit."""

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.argv = ["startex", *sys.argv[2:]]
from startex.cli.main import main
main()
"""
"""Runs a command in which no file may grow beyond a size: the write fails as on a full disk."""


def _run(out, *more: str) -> list[str]:
    return ["run", TUTORIAL, "--seed", "1", "--out", str(out), *more]


@contextlib.contextmanager
def mounted(place: Path, *options: str):
    """Mount something at ``place``; skip the test, loudly, where that is not allowed."""
    place.mkdir(exist_ok=True)
    command = ["mount", *options, str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no right to mount: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def _told(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert all(word in done.stderr for word in words), done.stderr


def test_a_disk_that_fills_up_and_is_cleared(tmp_path, tutorial_run) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m", "tmpfs") as disk:
        out, ballast = disk / "run", disk / "ballast"
        rest = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        ballast.write_bytes(b"x" * (rest - FILLS_IT))
        for words in (_run(out), ["resume", str(out)]):
            _told(startex(*words), "No space left on device", f"'startex resume {out}'")
            assert api.Run(out).manifest.complete is False
        damage = [p.message for p in api.Run(out).verify() if p.file != "manifest.json"]
        assert damage == []
        ballast.unlink()
        assert startex("resume", str(out)).returncode == 0
        assert api.Run(out).manifest.digest == tutorial_run.manifest.digest
        rest = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        ballast.write_bytes(b"x" * rest)
        _told(startex("review", str(out)), "No space left", "--out")
        assert not list(out.glob("review*"))
        assert api.Run(out).verify() == []


@pytest.mark.parametrize("size", [100, 3_000, 6_000, 20_000])
def test_writes_that_fail_at_some_size(tmp_path, tutorial_run, size) -> None:
    """As on a disk with a quota, and where nothing can be mounted."""
    out = tmp_path / "run"
    command = [sys.executable, "-c", LIMITED, str(size), *_run(out)]
    _told(subprocess.run(command, capture_output=True, text=True, check=False), "cannot write")
    if (out / "manifest.json").exists():
        assert not list(out.rglob("*.tmp"))
        assert startex("resume", str(out)).returncode == 0
    else:
        assert startex(*_run(out)).returncode == 0
    assert api.Run(out).manifest.digest == tutorial_run.manifest.digest


def test_a_folder_that_cannot_be_written(tmp_path, tutorial_run) -> None:
    """Read-only to everybody, the superuser too: a mount of a folder on itself."""
    parent, half = tmp_path / "parent", tmp_path / "parent" / "half"
    parent.mkdir()
    noon = "2025-06-14T12:00+05:00"
    assert startex(*_run(half, "--until", noon)).returncode == 0
    with mounted(parent, "--bind", str(parent)):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(parent)], check=True)
        before = sorted(path.name for path in half.iterdir())
        _told(startex(*_run(parent / "new")), "cannot make the run folder", "Read-only")
        _told(startex(*_run(half)), "cannot write in", "Read-only")
        _told(startex(*_run(half, "--replace")), "Read-only")
        _told(startex("resume", str(half)), "cannot write in", "Read-only")
        _told(startex("review", str(half)), "cannot write", "--out")
        where = startex("where", str(half), "mng", "--at", "2025-06-14T07:00+05:00")
        assert where.returncode == 0, where.stderr
        assert startex("review", str(half), "--out", str(tmp_path / "r.html")).returncode == 0
        assert sorted(path.name for path in half.iterdir()) == before
    assert startex("resume", str(half)).returncode == 0
    assert api.Run(half).manifest.digest == tutorial_run.manifest.digest


@pytest.mark.parametrize("name", ["replace", "fsync", "open", "write"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EACCES])
def test_whatever_step_of_the_writer_fails(tmp_path, monkeypatch, name, code) -> None:
    """An error injected at each step in turn: told as a `StoreError`, and resumed to the same."""
    import store_examples as ex
    from startex.foundation.errors import StoreError
    from startex.recording.writer import RunWriter

    whole = ex.write_example(tmp_path / "whole").digest
    failed = 0
    for step in range(1, 60, 1 if code == errno.ENOSPC else 7):
        out, left = tmp_path / str(step), [step]
        real = getattr(os, name)

        def failing(*args, left=left, real=real, **words):
            left[0] -= 1
            if left[0] == 0:
                raise OSError(code, os.strerror(code), "a file")
            return real(*args, **words)

        with monkeypatch.context() as patch:
            patch.setattr(os, name, failing)
            try:
                ex.write_example(out, threads=1)
            except StoreError as error:
                failed += 1
                assert os.strerror(code) in str(error)
        if not (out / "manifest.json").exists():
            ex.write_example(out)
        elif not api.Run(out).manifest.complete:
            with RunWriter.resume(out, ex.header()) as writer:
                ex.record(writer, ex.example_tables())
        assert api.Run(out).manifest.digest == whole
        assert api.Run(out).verify() == []
        if left[0] > 0:
            break  # the writer has fewer steps than that
    assert failed
