"""What ``startex run --view`` does when a run fails: it says so, and shows what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from startex.assemble.gate import Gate
from startex.cli.watched import _finish
from startex.foundation.errors import StoreError
from startex.recording import tables
from startex.recording.live import LiveRun
from startex.recording.manifest import Header
from startex.view.live import Live


def _fails(folder: Path):
    def begin():
        raise StoreError(f"cannot write {folder / 'legs'}: no space left on device")

    return begin


def test_a_run_that_fails_is_told_and_stays_to_be_seen(tmp_path, capsys) -> None:
    folder = tmp_path / "run"
    live = Live(Gate(0, 10), 0, 10)
    known = {"entities": tables.empty("entities")}
    live.publish(LiveRun(folder, Header("s", "", "p", 0, 0, 10, "0"), 5, known, []))
    _finish(_fails(folder), folder, live, json=False)
    assert "no space left" in capsys.readouterr().err
    told = live.status(0)
    assert (told["state"], told["reached"]) == ("failed", 5)
    assert told["message"] == "cannot write run/legs: no space left on device"  # not where it lies
    assert live.archive().end == 5


def test_one_that_does_not_begin_ends_the_program_as_always(tmp_path) -> None:
    with pytest.raises(StoreError):
        _finish(_fails(tmp_path), tmp_path, Live(Gate(0, 10), 0, 10), json=False)
