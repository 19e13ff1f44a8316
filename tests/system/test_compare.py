"""Runs compared, and ensembles reviewed, as a user does it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

import ensemble_examples
import startex
from startex.ensemble import compare

COMMAND = [sys.executable, "-m", "startex.cli.main"]


def _startex(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, words)], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def counted(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "counted"
    startex.simulate(startex.load("three-nations-day"), out=out, seed=1, policy="counted")
    return out


def test_two_policies_differ_by_the_claims_they_rest_on(tutorial_run, counted, tmp_path) -> None:
    found = compare(tutorial_run.folder, counted)
    persons = found.of("policy.persons")
    assert (persons.a, persons.b) == (300, 260)
    assert persons.note == "A: T-1; B: T-2"
    assert found.of("forces.persons").difference == -40
    assert found.of("policy").differs and not found.of("seed").differs
    assert found.serials[0].serial == "s01-rail"
    done = _startex("compare", tutorial_run.folder, counted, "--html", tmp_path / "c.html")
    assert done.returncode == 0, done.stderr
    assert "Soldiers of all nations" in done.stdout
    html = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert "Serials side by side" in html and "Persons in the announced totals" in html


def test_a_serial_that_starts_later_is_told(tutorial_run, tutorial_folder, tmp_path) -> None:
    """The live fire planned half an hour later starts half an hour later."""
    path = tutorial_folder / "serials.yaml"
    text = path.read_text(encoding="utf-8")
    planned = "start: 2025-06-14T14:00+05:00"
    assert text.count(planned) == 1
    path.write_text(text.replace(planned, planned.replace("14:00", "14:30")), encoding="utf-8")
    startex.simulate(startex.load(tutorial_folder), out=tmp_path / "late", seed=1)
    found = compare(tutorial_run.folder, tmp_path / "late")
    assert found.of("scenario_digest").differs
    moved = {pair.serial: pair for pair in found.serials}["s09-fire"]
    assert moved.b.planned_start - moved.a.planned_start == 30 * 60_000
    assert moved.b.start - moved.a.start == 30 * 60_000
    assert not found.of("serials.s09-fire.delay_min").differs


def test_a_run_does_not_differ_from_itself(tutorial_run) -> None:
    done = _startex("compare", tutorial_run.folder, tutorial_run.folder)
    assert done.returncode == 0, done.stderr
    assert "Nothing differs" in done.stdout
    assert "|" not in done.stdout


def test_forms_and_wrong_options(tutorial_run, counted) -> None:
    both = tutorial_run.folder, counted
    data = json.loads(_startex("compare", *both, "--json").stdout)
    assert data["kind"] == "runs"
    rows = list(csv.DictReader(io.StringIO(_startex("compare", *both, "--csv").stdout)))
    assert len(rows) == len(data["lines"])
    done = _startex("compare", *both, "--confidence", "95")
    assert done.returncode == 2
    assert "between 0.5 and 1" in done.stderr
    assert _startex("compare", *both, "--csv", "--json").returncode == 2
    missing = _startex("compare", tutorial_run.folder, "no-such-run")
    assert missing.returncode == 1
    assert "no such folder" in missing.stderr


def test_the_review_of_an_ensemble(tmp_path, tutorial_run) -> None:
    folder = ensemble_examples.factorial(tmp_path / "many", replications=10)
    done = _startex("review", folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(folder / "report.html")
    assert "How often it works" in (folder / "report.html").read_text(encoding="utf-8")
    data = json.loads(_startex("review", folder, "--json", "--confidence", "0.9").stdout)
    assert data["confidence"] == 0.9
    rows = list(csv.DictReader(io.StringIO(_startex("review", folder, "--csv").stdout)))
    assert len(rows) == len(data["measures"])
    wrong = _startex("review", tutorial_run.folder, "--csv")
    assert wrong.returncode == 2
    assert "--csv is for ensembles" in wrong.stderr
    mixed = _startex("compare", folder, tutorial_run.folder)
    assert mixed.returncode == 2
    assert "an ensemble; give two runs, or two ensembles" in mixed.stderr
