"""``startex claims add`` as a user meets it: a report, decisions, claims; and what goes wrong."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from startex.scenario.shipped import SHIPPED

REPORT = (
    "More than 300 soldiers from Kazakhstan and Mongolia will take part on 14 June, the Ministry "
    "of Defence of Kazakhstan said. The weather is fine. About 40 vehicles are expected.\n"
)
COMMAND = [sys.executable, "-m", "startex.cli.main"]


def add(*words: str, folder: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*COMMAND, "claims", "add", *words],
        cwd=folder, input=stdin, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@pytest.fixture
def folder(tmp_path) -> Path:
    shutil.copytree(SHIPPED / "three-nations-day", tmp_path / "mine")
    (tmp_path / "report.txt").write_text(REPORT)
    return tmp_path


def test_from_a_report_to_claims(folder: Path) -> None:
    done = add("report.txt", "--scenario", "mine", "--source", "N3", "--publisher", "The Courier",
               "--date", "2025-06-11", "--out", "p.yaml", folder=folder)  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
    assert "2 proposals, 2 undecided; source N3" in done.stderr
    assert "startex claims add --decided p.yaml --scenario mine" in done.stderr
    review = folder / "p.yaml"
    early = add("--decided", "p.yaml", "--scenario", "mine", folder=folder)
    assert early.returncode == 1
    assert early.stderr.count("undecided") == 2
    assert "nothing was written" in early.stderr
    assert not (folder / "mine" / "claims").exists()
    review.write_text(review.read_text().replace("undecided", "accept"))
    done = add("--decided", "p.yaml", "--scenario", "mine", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 claims written to claims/N3.yaml (N3-1 to N3-2), 0 refused" in done.stdout
    listed = subprocess.run(
        [*COMMAND, "claims", "mine", "N3-1"],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "more than 300 persons" in listed.stdout
    assert "2025-06-14" in listed.stdout
    checked = subprocess.run(
        [*COMMAND, "check", "mine"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_standard_input_and_output_and_the_same_each_time(folder: Path) -> None:
    words = ("-", "--scenario", "three-nations-day", "--date", "2025-06-11")
    first = add(*words, folder=folder, stdin=REPORT.encode())
    second = add(*words, folder=folder, stdin=REPORT.encode())
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    assert "decision: undecided" in first.stdout
    assert "source: standard-input" in first.stdout


def test_a_copy_is_told(folder: Path) -> None:
    (folder / "copy.html").write_text(f"<html><body><h1>Ours</h1><p>{REPORT}</p></body></html>")
    done = add("copy.html", "--scenario", "mine", "--known", "report.txt", folder=folder)
    assert "near-duplicate: report.txt" in done.stderr
    assert "copied_from: report.txt" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report.txt",), "--scenario is missing"),
        (("--scenario", "mine"), "give the file of a report"),
        (("none.txt", "--scenario", "mine"), "there is no file none.txt"),
        (("mine", "--scenario", "mine"), "is a folder"),
        (("report.txt", "--scenario", "nowhere"), "no scenario and no folder"),
        (("report.txt", "--scenario", "mine", "--date", "soon"), "--date: 'soon' is no date"),
        (("report.txt", "--scenario", "mine", "--source", "a b"), "--source 'a b' is no id"),
        (("report.txt", "--scenario", "mine", "--extractor", "rule"), "did you mean 'rules'?"),
        (("report.txt", "--scenario", "mine", "--extractor", "openai"), "wants --endpoint"),
        (("report.txt", "--scenario", "mine", "--known", "none"), "there is no file none"),
        (("report.txt", "--scenario", "mine", "--interactive", "--out", "p"), "on a terminal"),
        (("report.txt", "--scenario", "mine", "--decided", "p"), "--decided writes what"),
        (("--scenario", "three-nations-day", "--decided", "p.yaml"), "is not written to"),
    ],
)
def test_wrong_words_are_told_in_a_line(folder: Path, words: tuple[str, ...], said: str) -> None:
    done = add(*words, folder=folder)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not done.stdout


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "standard input is empty"),
        (b"\x00\x01\x02\x03" * 50, "is no text, HTML or PDF"),
        ("Привет".encode("cp1251"), "is not UTF-8"),
        (b"ship " * 1_000_000, "5,000,000 characters"),
        (b"<html><script>var ships = 10;</script></html>", "holds no text"),
        (b"%PDF-1.7\nbroken", "is a PDF that cannot be read"),
    ],
)
def test_what_is_no_report_is_refused(folder: Path, data: bytes, said: str) -> None:
    done = add("-", "--scenario", "mine", folder=folder, stdin=data)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_model_that_does_not_answer_is_told_without_a_traceback(folder: Path) -> None:
    done = add("report.txt", "--scenario", "mine", "--extractor", "openai", "--model", "m",
               "--endpoint", "http://127.0.0.1:9/v1", folder=folder)  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("startex: http://127.0.0.1:9/v1/chat/completions cannot be")
    assert not done.stdout


def test_a_review_file_that_is_not_there(folder: Path) -> None:
    done = add("--decided", "none.yaml", "--scenario", "mine", folder=folder)
    assert done.returncode == 1
    assert "none.yaml: the file does not exist" in done.stderr


def test_a_scenario_called_add_can_still_be_asked(folder: Path) -> None:
    (folder / "mine").rename(folder / "add")
    done = subprocess.run(
        [*COMMAND, "claims", "./add"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "T-1" in done.stdout


def interact(folder: Path, *words: str, answers: list[tuple[str, str]]) -> tuple[int, str]:
    """Run on a terminal; give each answer when the words before it were seen."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "claims", "add", *words],
        cwd=folder, stdin=follower, stdout=follower, stderr=follower,
    )  # fmt: skip
    os.close(follower)
    seen, told, todo, until = "", 0, list(answers), time.monotonic() + 60
    while time.monotonic() < until:
        if not select.select([leader], [], [], 0.1)[0]:
            if process.poll() is not None:
                break
            continue
        try:
            piece = os.read(leader, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece.decode("utf-8", "replace")
        if todo and todo[0][0] in seen[told:]:
            told = len(seen)
            os.write(leader, todo.pop(0)[1].encode() + b"\n")
    os.close(leader)
    return process.wait(timeout=30), seen


def test_a_person_is_asked_for_each_proposal(folder: Path) -> None:
    code, seen = interact(
        folder, "report.txt", "--scenario", "mine", "--interactive", "--out", "p.yaml",
        "--date", "2025-06-11",
        answers=[
            ("[a/c/r/l/q]", "x"),
            ("write a, c, r, l or q", "a"),
            ("proposal 2", "c"),
            ("  -", "{subject: exercise, field: vehicles, value: 41, unit: vehicle}"),
            ("  -", ""),
            ("said by", ""),
            ("origin", "courier"),
        ],
    )  # fmt: skip
    assert code == 0, seen
    assert "says    exercise.persons: more than 300 persons (announced_total)" in seen
    text = (folder / "p.yaml").read_text()
    assert text.count("decision: accept") == text.count("decision: correct") == 1
    assert "- {subject: exercise, field: vehicles, value: 41, unit: vehicle}" in text
    done = add("--decided", "p.yaml", "--scenario", "mine", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "value: 41" in next((folder / "mine" / "claims").iterdir()).read_text()


def test_whoever_quits_leaves_the_rest_undecided(folder: Path) -> None:
    code, seen = interact(
        folder, "report.txt", "--scenario", "mine", "--interactive", "--out", "p.yaml",
        answers=[("[a/c/r/l/q]", "r"), ("proposal 2", "q")],
    )  # fmt: skip
    assert code == 0, seen
    text = (folder / "p.yaml").read_text()
    assert (text.count("decision: refuse"), text.count("decision: undecided")) == (1, 1)
