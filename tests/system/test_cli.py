"""The command line as a user has it: exit status, JSON, messages, interruption."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

COMMAND = [sys.executable, "-m", "startex.cli.main"]


def _startex(*words: str, cwd=None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )


def test_run_where_verify_and_the_same_run_again(tmp_path) -> None:
    ran = _startex("run", "three-nations-day", "--seed", "1", "--json", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    facts = json.loads(ran.stdout)
    assert facts["complete"]
    assert facts["counts"]["persons"] == 300
    again = _startex("run", "three-nations-day", "--seed", "1", "--json", cwd=tmp_path)
    assert json.loads(again.stdout) == facts
    where = _startex(
        "where", facts["run"], "mng", "--at", "2025-06-14T12:00+05:00", "--json", cwd=tmp_path
    )
    assert json.loads(where.stdout)["place"] == "steppe-range"
    verified = _startex("verify", "--deep", facts["run"], "--json", cwd=tmp_path)
    assert json.loads(verified.stdout)["sound"] is True
    assert verified.returncode == 0
    why = _startex("why", facts["run"], "--serial", "s05-patrol", "--json", cwd=tmp_path)
    assert json.loads(why.stdout)["chain"][-1]["what"] in ("serials", "claims")
    for words in (["s5-patrol"], ["s05-patrol", "0"]):
        wrong = _startex("why", facts["run"], *words[1:], "--serial", words[0], cwd=tmp_path)
        assert wrong.returncode == 2
        assert "s05-patrol" in wrong.stderr or "not both" in wrong.stderr


def test_a_damaged_run_fails_verification(tmp_path) -> None:
    out = tmp_path / "run"
    assert _startex("run", "three-nations-day", "--out", str(out)).returncode == 0
    part = sorted((out / "legs").glob("*.parquet"))[0]
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data)
    verified = _startex("verify", str(out))
    assert verified.returncode == 1
    assert part.name in verified.stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["rum"], 2, "did you mean 'run'"),
        (["run", "vostok-2023"], 2, "vostok-2022"),
        (["run", "three-nations-day", "--policy", "anounced"], 2, "did you mean 'announced'"),
        (["run", "three-nations-day", "--seed", "-1"], 2, "out of range"),
        (["run", "three-nations-day", "--until", "tomorrow"], 2, "write it like"),
        (["run", "three-nations-day", "--until", "2000-01-01T00:00Z"], 2, "begins at"),
        (["run", "three-nations-day", "--threads", "0"], 2, "threads"),
        (["claims", "three-nations-day", "T-99"], 2, "did you mean"),
        (["check", "vostok-2023"], 2, "vostok-2022"),
        (["verify", "/dev/null"], 1, "it is a file"),
        (["where", "/dev/null", "x", "--at", "2025-06-14T12:00+05:00"], 1, "it is a file"),
        (["resume", "nowhere"], 1, "holds no run"),
        (["where", "nowhere", "x", "--at", "2025-06-14T12:00+05:00"], 1, "holds no run"),
        (["review", "nowhere"], 1, "holds no run"),
        (["why", "nowhere"], 1, "holds no run"),
        (["why", "nowhere", "one"], 2, "valid integer"),
        (["verify", "nowhere"], 1, "holds no run"),
    ],
)
def test_mistakes_get_an_answer_and_no_traceback(words, status, said, tmp_path) -> None:
    done = _startex(*words, cwd=tmp_path)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def _segments(out) -> list:
    """Return the segments that are safely stored."""
    try:
        return json.loads((out / "manifest.json").read_text(encoding="utf-8"))["segments"]
    except FileNotFoundError:
        return []


def test_ctrl_c_leaves_a_run_that_can_be_resumed(tmp_path) -> None:
    out = tmp_path / "run"
    process = subprocess.Popen(
        [*COMMAND, "run", "vostok-2022", "--out", str(out)],
        stderr=subprocess.PIPE, text=True, env=dict(os.environ),
    )  # fmt: skip
    deadline = time.monotonic() + 100
    while not _segments(out) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert f"startex resume {out}" in said
    assert "Traceback" not in said
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["complete"] is False
    assert _segments(out)


def test_replace_removes_the_run_and_nothing_else(tmp_path) -> None:
    out = tmp_path / "run"
    assert _startex("run", "three-nations-day", "--out", str(out)).returncode == 0
    assert _startex("run", "three-nations-day", "--out", str(out)).returncode == 1
    again = _startex("run", "three-nations-day", "--seed", "2", "--out", str(out), "--replace")
    assert again.returncode == 0, again.stderr
    (out / "notes.txt").write_text("mine")
    refused = _startex("run", "three-nations-day", "--out", str(out), "--replace")
    assert refused.returncode == 1
    assert "notes.txt" in refused.stderr
    assert (out / "notes.txt").read_text() == "mine"


def test_a_run_that_stopped_early_answers_for_what_it_has(tmp_path) -> None:
    out = str(tmp_path / "run")
    ran = _startex("run", "three-nations-day", "--out", out, "--until", "2025-06-14T08:00+05:00")
    assert ran.returncode == 0, ran.stderr
    then = _startex("where", out, "mng", "--at", "2025-06-14T07:00+05:00")
    assert "87 persons" in then.stdout
    later = _startex("where", out, "mng", "--at", "2025-06-14T20:00+05:00")
    assert (later.returncode, later.stdout) == (1, "")
    assert f"not yet to 2025-06-14T15:00:00Z; 'startex resume {out}'" in later.stderr
    assert _startex("review", out, "--json").returncode == 0


def _spoilt(kind: str, tutorial_run, folder) -> None:
    """Make a folder that is no run, in one of several ways."""
    if kind == "empty folder":
        folder.mkdir()
    elif kind == "file":
        folder.write_text("")
    elif kind == "empty manifest":
        folder.mkdir()
        (folder / "manifest.json").write_text("")
    elif kind == "manifest of words":
        folder.mkdir()
        (folder / "manifest.json").write_text("a run")
    elif kind == "folder as manifest":
        (folder / "manifest.json").mkdir(parents=True)
    else:
        shutil.copytree(tutorial_run.folder, folder)
        if kind == "empty part":
            next((folder / "legs").iterdir()).write_bytes(b"")
            return
        path = folder / "manifest.json"
        fields = json.loads(path.read_bytes()) | {"format": 99}
        del fields["checksum"]
        body = json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()
        path.write_text(json.dumps({**fields, "checksum": hashlib.sha256(body).hexdigest()}))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("empty folder", "it has no manifest.json"),
        ("file", "it is a file; give the run's folder"),
        ("empty manifest", "it is empty"),
        ("manifest of words", "it is no JSON"),
        ("folder as manifest", "Is a directory"),
        ("newer format", "written by a newer version of startex"),
        ("empty part", "part-0000"),
    ],
)
def test_what_is_no_run_is_told_by_every_command(kind, said, tutorial_run, tmp_path) -> None:
    folder = tmp_path / "run"
    _spoilt(kind, tutorial_run, folder)
    at = ("--at", "2025-06-14T12:00+05:00")
    commands = [("verify",), ("verify", "--deep"), ("where", "mng", *at), ("review", "--json")]
    for command in [*commands, ("resume",)]:
        done = _startex(command[0], str(folder), *command[1:])
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        if kind != "empty part" or command[0] == "verify":
            assert said in done.stderr
        elif command[0] != "resume":
            assert "startex verify" in done.stderr
