"""Ctrl-C and SIGTERM: within a second, no traceback, and a word on how to go on."""

from __future__ import annotations

import random
import signal

import processes
import pytest
from processes import TUTORIAL, startex, stop, used

import startex as api

A_SECOND = 1.0
LATE_S = 2.5
"""What a busy machine may add."""


def _check(ended: processes.Ended, number: int, done: tuple[int, ...] = (0,)) -> None:
    assert ended.status in (128 + number, *done), ended.said  # it may be done already
    assert "Traceback" not in ended.said
    assert "Error" not in ended.said
    assert ended.took_s < A_SECOND + LATE_S
    if ended.status not in done:
        assert "stopped" in ended.said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("terminal", [False, True])
def test_a_run_stopped_says_how_to_go_on_and_does(tmp_path, tutorial_run, number, terminal) -> None:
    out = tmp_path / "a run"
    command = ["run", TUTORIAL, "--seed", "1", "--out", str(out)]
    ended = stop(command, number, lambda _: (out / "manifest.json").exists(), terminal=terminal)
    _check(ended, number)
    manifest = api.Run(out).manifest
    if not manifest.complete:
        assert (
            f"'startex resume '\"'\"'{out}" in ended.said or f"startex resume '{out}'" in ended.said
        )
        assert startex("resume", str(out)).returncode == 0
    assert api.Run(out).manifest.digest == tutorial_run.manifest.digest


@pytest.mark.parametrize("words", [["resume"], ["review"], ["verify", "--deep"], ["where"]])
def test_other_commands_stop_as_cleanly(tmp_path, words) -> None:
    out = tmp_path / "run"
    startex("run", TUTORIAL, "--out", str(out), "--until", "2025-06-14T12:00+05:00")
    more = ["mng", "--at", "2025-06-14T07:00+05:00"] if words == ["where"] else []
    for seconds in (0.0, 0.3):
        ended = stop([*words, str(out), *more], signal.SIGINT, used(seconds))
        _check(ended, signal.SIGINT, done=(0, 1))  # 1: said of a run that is not complete
        if ended.status:
            assert not list(out.glob("*.html"))
        for page in out.glob("*.html"):
            page.unlink()
    done = startex("resume", str(out))
    assert done.returncode == 0 or "nothing to resume" in done.stderr, done.stderr


@pytest.mark.parametrize("words", [["check", "vostok-2022"], ["claims", "vostok-2022"]])
def test_commands_on_scenarios_stop_as_cleanly(words) -> None:
    for seconds in (0.0, 0.5, 1.0):
        _check(stop(words, signal.SIGINT, used(seconds)), signal.SIGINT)


def test_a_new_scenario_is_there_whole_or_not_at_all(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for hundredth in range(10, 40, 6):
        name = f"mine-{hundredth}"
        ended = stop(["new", name], signal.SIGTERM, used(hundredth / 100))
        _check(ended, signal.SIGTERM)
        left = [path.name for path in tmp_path.iterdir()]
        assert all(not one.startswith(".") for one in left)
        if name in left:
            assert api.load(tmp_path / name).serials


def test_ignored_signals_stay_ignored(tmp_path) -> None:
    """As in the background of a script, where Ctrl-C is for the foreground."""
    command = ["run", TUTORIAL, "--out", str(tmp_path / "run")]
    ended = stop(
        command, signal.SIGINT, used(0.3),
        hand_on=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    assert ended.status == 0, ended.said
    assert api.Run(tmp_path / "run").manifest.complete


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_stopped_at_random_moments_of_the_big_run(tmp_path) -> None:
    """Loading, building, simulating, writing, with a terminal and without."""
    draw = random.Random(3)
    for attempt in range(12):
        out = tmp_path / str(attempt)
        number = draw.choice((signal.SIGINT, signal.SIGTERM))
        command = ["run", "vostok-2022", "--out", str(out)]
        ended = stop(command, number, used(draw.uniform(0, 12)), terminal=attempt % 2 == 0)
        _check(ended, number)
        if (out / "manifest.json").exists():
            assert "startex resume" in ended.said or api.Run(out).manifest.complete
