"""SIGKILL at any moment, and resumed: the digest of the undisturbed run each time."""

from __future__ import annotations

import random
import sys

import pytest
from processes import COMMAND, TUTORIAL, kill, used

import startex
from startex.recording.lock import LOCK, holder

KILLS = 100
FILE_STEPS = 40
"""Of the kills, how many come at a step of the file system rather than after some time."""

AT_A_STEP = """
import os, signal, sys
left = int(sys.argv[1])
def counted(real):
    def step(*args, **words):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **words)
    return step
for name in ("replace", "fsync", "open", "ftruncate", "unlink", "mkdir", "write", "close"):
    setattr(os, name, counted(getattr(os, name)))
from startex.cli.main import main
sys.argv = ["startex", *sys.argv[2:]]
main()
"""
"""Runs a command and kills itself before the n-th step of its writing."""


def _words(out, scenario: str) -> list[str]:
    begun = (out / "manifest.json").exists()
    return ["resume", str(out)] if begun else ["run", scenario, "--seed", "1", "--out", str(out)]


def _kill_at_step(monkeypatch, words: list[str], step: int) -> bool:
    with monkeypatch.context() as patch:
        patch.setattr("processes.COMMAND", [sys.executable, "-c", AT_A_STEP, str(step)])
        return kill(words, lambda _: False)


def _finish(out, scenario: str) -> startex.Run:
    if not (out / "manifest.json").exists():
        return startex.simulate(startex.load(scenario), out=out, seed=1)
    run = startex.Run(out)
    return run if run.manifest.complete else startex.resume(out)


def _killed(tmp_path, monkeypatch, undisturbed: startex.Run, kills: int, life_s: float) -> int:
    """Kill runs until ``kills`` kills have hit; return how many runs that took."""
    scenario = undisturbed.manifest.header.scenario
    draw = random.Random(kills)
    runs = hits = 0
    while hits < kills:
        out = tmp_path / f"run-{runs}"
        runs += 1
        for _ in range(draw.choice((1, 1, 2, 3))):  # the resume is killed too
            if draw.random() < FILE_STEPS / KILLS:
                hits += _kill_at_step(monkeypatch, _words(out, scenario), draw.randint(1, 400))
            else:
                hits += kill(_words(out, scenario), used(draw.uniform(0.0, life_s)))
            if (out / "manifest.json").exists() and startex.Run(out).manifest.complete:
                break
        manifest = out / "manifest.json"
        # killed between its last file and the release of its lock: nobody has to come back
        over = {LOCK} if manifest.exists() and startex.Run(out).manifest.complete else set()
        run = _finish(out, scenario)
        assert run.manifest.digest == undisturbed.manifest.digest
        assert run.verify() == []
        assert holder(out) == ""
        left = {p.relative_to(out).as_posix() for p in out.rglob("*.*")} - {"manifest.json"}
        files = {f.path for f in run.manifest.files}
        assert files <= left <= files | over
    return runs


def test_killed_some_times_and_resumed(tmp_path, tutorial_run, monkeypatch) -> None:
    _killed(tmp_path, monkeypatch, tutorial_run, 4, life_s=2.0)


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_killed_a_hundred_times_and_resumed(tmp_path, tutorial_run, monkeypatch) -> None:
    _killed(tmp_path, monkeypatch, tutorial_run, KILLS, life_s=2.2)


@pytest.mark.long
@pytest.mark.timeout(2400)
def test_the_big_run_killed_five_times_and_resumed(tmp_path, monkeypatch) -> None:
    whole = startex.simulate(startex.load("vostok-2022"), out=tmp_path / "whole", seed=1)
    out = tmp_path / "killed"
    hits = 0
    for seconds in (2.0, 4.0, 6.0, 3.0, 7.0, 5.0):
        if hits < 5:
            hits += kill(_words(out, "vostok-2022"), used(seconds))
    run = _finish(out, "vostok-2022")
    assert hits >= 4
    assert run.manifest.digest == whole.manifest.digest
    assert run.verify() == []


def test_steps_are_really_steps_of_the_writing(tmp_path, monkeypatch) -> None:
    """A kill at a step leaves what a kill leaves: some steps a torn file, some a stale lock."""
    left = set()
    for step in (3, 30, 60, 61, 62, 63, 90):
        out = tmp_path / str(step)
        assert _kill_at_step(monkeypatch, _words(out, TUTORIAL), step) or step == 90
        left |= {p.suffix for p in out.rglob("*") if p.is_file()}
    assert ".lock" in left
    assert COMMAND[1] == "-m"
