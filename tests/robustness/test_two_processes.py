"""Two processes on one run folder: one writes, and the others are told."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

import pytest
from processes import COMMAND, TUTORIAL, startex

import startex as api
from startex.recording.lock import holder


@contextmanager
def _writing(out, *words: str):
    """A process that stands still in the midst of writing a run."""
    with subprocess.Popen([*COMMAND, *words], stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 240
        while not (out / "manifest.json").exists() or holder(out) != str(process.pid):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.002)
        process.send_signal(signal.SIGSTOP)
        try:
            yield process
        finally:
            process.kill()


def _run(out, *more: str) -> list[str]:
    return ["run", TUTORIAL, "--seed", "1", "--out", str(out), *more]


def test_whoever_comes_second_is_refused(tmp_path, tutorial_run) -> None:
    out = tmp_path / "run"
    where = ["where", str(out), "mng", "--at", "2025-06-14T12:00+05:00"]
    with _writing(out, *_run(out)) as process:
        told = f"written by process {process.pid}"
        for words, remedy in (
            (_run(out), "choose another folder with --out"),
            (_run(out, "--replace"), "choose another folder with --out"),
            (["resume", str(out)], "Wait until it ends"),
            (["verify", str(out)], "Verify it when that has ended"),
            (["review", str(out)], "Ask when that has ended"),
            (where, "Ask when that has ended"),
        ):
            done = startex(*words)
            assert done.returncode == 1, words
            assert told in done.stderr, words
            assert remedy in done.stderr, words
            assert "Traceback" not in done.stderr
    # killed: its lock stands in nobody's way
    assert (out / "writer.lock").exists()
    for words in (where, ["review", str(out)], ["verify", str(out)]):
        done = startex(*words)
        assert done.returncode == 1
        assert f"'startex resume {out}'" in done.stderr
    with _writing(out, "resume", str(out)) as process:
        done = startex("resume", str(out))
        assert done.returncode == 1
        assert f"written by process {process.pid}" in done.stderr
    assert startex("resume", str(out)).returncode == 0
    assert api.Run(out).manifest.digest == tutorial_run.manifest.digest
    assert api.Run(out).verify() == []


@pytest.mark.parametrize("more", [[], ["--replace"]])
def test_many_at_once_leave_one_sound_run(tmp_path, tutorial_run, more) -> None:
    out = tmp_path / "run"
    many = [
        subprocess.Popen([*COMMAND, *_run(out, *more)], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [process.communicate(timeout=280)[1] for process in many]
    statuses = [process.returncode for process in many]
    assert 0 in statuses
    assert set(statuses) <= {0, 1}
    assert not any("Traceback" in text for text in said)
    assert all("run" in text for text, status in zip(said, statuses, strict=True) if status)
    assert api.Run(out).manifest.digest == tutorial_run.manifest.digest
    assert api.Run(out).verify() == []


@pytest.mark.parametrize("stage", ["after the tables", "all but the manifest"])
def test_replace_that_was_killed_can_begin_again(tmp_path, tutorial_run, stage) -> None:
    out = shutil.copytree(tutorial_run.folder, tmp_path / "run")
    for path in sorted(out.glob("*.parquet"))[: None if stage == "all but the manifest" else 5]:
        path.unlink()
    (out / "manifest.json.tmp").write_bytes(b"torn")
    (out / "review.html.tmp").write_bytes(b"torn")
    done = startex(*_run(out, "--replace"))
    assert done.returncode == 0, done.stderr
    assert api.Run(out).manifest.digest == tutorial_run.manifest.digest
