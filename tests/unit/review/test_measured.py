"""Claims held against a run: deployment, lift, and the measures that ``homes.yaml`` names."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import startex
from startex.review.measures import Measures, measure
from startex.scenario.load import find_scenario

HOMES = """
- claim: T-9
  measures:
  - {measure: deployment.persons_late, at_most: 0, says: Persons late}
  - {measure: deployment.whole.rail_days, at_most: deployment.whole.days_available, says: Rail}
  - {measure: forces.MARS.person, at_least: 1, says: Persons from Mars}
- claim: T-8
  measures:
  - {measure: forces.persons, at_least: 301, says: Persons in the run}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("measured") / "three-nations-day"
    shutil.copytree(find_scenario("three-nations-day"), folder)
    (folder / "homes.yaml").write_text(HOMES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(scenario: Path) -> startex.Run:
    return startex.simulate(startex.load(scenario), out=scenario.parent / "run")


@pytest.fixture(scope="module")
def found(run: startex.Run) -> Measures:
    return measure(run.folder)


def test_lift_is_the_sum_over_platforms_in_the_store(run: startex.Run, found: Measures) -> None:
    for way, kind, able in (("sea", "ship", "vehicle_deck_m"), ("air", "aircraft", "cargo_kg")):
        (row,) = run.sql(
            "select count(*) n, sum(seats) persons, min(range_m) / 1000 km from entities "
            f"join catalogue using (type) where entities.kind = '{kind}' and counted and {able} > 0"
        ).to_pylist()
        assert found.book[f"lift.{way}.platforms"].value == row["n"] > 0
        assert found.book[f"lift.{way}.persons"].value == row["persons"]
        assert found.book[f"lift.{way}.range_km"].value == pytest.approx(row["km"], abs=0.5)


def test_time_in_hand_is_from_the_end_to_the_first_use(run: startex.Run, found: Measures) -> None:
    times = {row["serial"]: row for row in run.table("serials").to_pylist()}
    sail = times["s05-patrol"]["planned_start"] - times["s04-sail"]["end"]  # same craft
    assert found.book["deployment.margin_least_h"].value == pytest.approx(sail / 3.6e6, abs=0.05)
    assert found.book["deployment.persons_late"].value == 0


def test_who_comes_late_is_counted(scenario: Path, tmp_path: Path) -> None:
    folder = tmp_path / "late"
    shutil.copytree(scenario, folder)
    file = folder / "serials.yaml"
    file.write_text(file.read_text("utf-8").replace("speed_kn: 12", "speed_kn: 3"), "utf-8")
    late = measure(startex.simulate(startex.load(folder), out=tmp_path / "run").folder)
    assert late.book["deployment.serials_late"].value == 1
    assert 0 < late.book["deployment.persons_late"].value < 195
    assert late.book["deployment.margin_least_h"].value < 0
    assert late.claims.by_id["T-9"].verdict == "does not hold"


def test_kept_bounds_prove_nothing_and_broken_ones_speak_against(found: Measures) -> None:
    fine, wrong = found.claims.by_id["T-9"], found.claims.by_id["T-8"]
    assert fine.verdict == "computed"
    assert "Persons late: 0 persons (wanted: at most 0)" in fine.verdict_why
    assert "this run has no forces.MARS.person" in fine.verdict_why
    assert wrong.verdict == "does not hold"
    assert "300 persons (wanted: at least 301)" in wrong.verdict_why
    assert found.book["assess.does_not_hold"].value >= 1


def test_a_run_that_goes_on_says_nothing_yet(scenario: Path, tmp_path: Path) -> None:
    loaded = startex.load(scenario)
    part = startex.simulate(loaded, out=tmp_path / "run", until_ms=loaded.start_ms + 3_600_000)
    assert "In the run" not in measure(part.folder).claims.by_id["T-8"].verdict_why


def test_assess_takes_a_run(scenario: Path, run: startex.Run) -> None:
    def assess(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "startex.cli.main", "assess", *words, "--csv"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    told = assess(str(scenario), "--run", str(run.folder))
    assert told.returncode == 0, told.stderr
    rows = {row["claim"]: row for row in csv.DictReader(io.StringIO(told.stdout))}
    assert rows["T-8"]["verdict"] == "does not hold"
    assert "In the run:" in rows["T-9"]["why"]
    other = assess("vostok-2022", "--run", str(run.folder))
    assert other.returncode == 2
    assert "is a run of three-nations-day, not of vostok-2022" in other.stderr
    assert "Traceback" not in other.stderr
