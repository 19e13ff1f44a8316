"""``startex assess``: verdicts on every claim, hypotheses scored, as text, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys

import pytest

from startex.scenario.load import find_scenario
from startex.sources.verdicts import WORDS


def _assess(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "startex.cli.main", "assess", *words],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def told():
    done = _assess("vostok-2022", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_statement_of_the_two_reports_has_a_verdict(told) -> None:
    rows = {row["claim"]: row for row in told["claims"]}
    seeds = [name for name in rows if re.match(r"S00[03]-", name)]
    assert len(seeds) == 77
    assert {rows[name]["verdict"] for name in seeds} <= set(WORDS)
    assert all(rows[name]["why"] and rows[name]["quote"] for name in seeds)
    assert not [name for name in seeds if rows[name]["verdict"] == "kept"]


def test_known_verdicts(told) -> None:
    rows = {row["claim"]: row for row in told["claims"]}
    near = rows["S000-16"]
    assert near["verdict"] == "does not hold" and near["figure"] == pytest.approx(1861, abs=1)
    moscow = rows["S000-9"]
    assert moscow["verdict"] == "does not hold" and moscow["figure"] == pytest.approx(6299, abs=1)
    assert rows["S000-14"]["verdict"] == "depends"
    assert "sceptical" in rows["S000-14"]["why"] and "official" in rows["S000-14"]["why"]
    assert rows["S000-15"]["verdict"] == "holds" and rows["S000-15"]["figure"] == 4800
    assert rows["D-1"]["verdict"] == "holds"


def test_the_headline_question(told) -> None:
    (question,) = told["questions"]
    scores = {score["hypothesis"]: score["score"] for score in question["scores"]}
    assert set(scores) == {"routine", "signal", "taiwan", "capacity"}
    assert min(scores, key=scores.__getitem__) == "taiwan"
    denial = next(e for e in question["evidence"] if e["evidence"] == "denial")
    assert denial["diagnosticity"] == 0.0
    assert len(told["caveats"]) >= 3


def test_text_and_csv_say_the_same(told) -> None:
    text = _assess("vostok-2022").stdout
    for caveat in told["caveats"]:
        assert caveat in text
    assert "Least speaks against" in text and "What would tell most" in text
    rows = list(csv.DictReader(io.StringIO(_assess("vostok-2022", "--csv").stdout)))
    assert [row["claim"] for row in rows] == [row["claim"] for row in told["claims"]]


def test_a_wrong_matrix_is_told_with_its_place(tmp_path) -> None:
    folder = tmp_path / "scenario"
    shutil.copytree(find_scenario("vostok-2022"), folder)
    path = folder / "hypotheses.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("claims: [S003-8, W-47]", "claims: [S003-8, W-4777]").replace(
            "rating: CC", "rating: CCC", 1
        ),
        encoding="utf-8",
    )
    done = _assess(str(folder))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert re.search(r"hypotheses\.yaml:\d+:\d+", done.stderr) and "CCC" in done.stderr


def test_unknown_questions_and_wrong_options() -> None:
    done = _assess("vostok-2022", "--question", "purpos")
    assert done.returncode == 2 and "purpose" in done.stderr
    assert _assess("vostok-2022", "--json", "--csv").returncode == 2
    none = _assess("three-nations-day")
    assert none.returncode == 0 and "Least speaks against" not in none.stdout


def test_indicators_and_origins_are_in_text_and_json(told) -> None:
    by = {each["indicator"]: each for each in told["indicators"]}
    assert by["guests-stay"]["status"] == "none" and by["guests-stay"]["claims"] == ["W-45", "W-77"]
    assert not by["leader"]["diagnostic"] and by["leader"]["speaks_for"] == []
    heard = {each["origin"]: each for each in told["origins"]["heard"]}
    assert len(heard["ru-mod"]["sources"]) == 33
    text = _assess("vostok-2022").stdout
    assert "## Indicators" in text and "**(tells nothing apart)**" in text
    assert "# Who repeats whom" in text and "clevelandamerican repeats S003 (reprint)" in text
    one = _assess("vostok-2022", "--question", "purpose").stdout
    assert "## Indicators" in one and "Who repeats whom" not in one


def test_a_policy_against_another() -> None:
    done = _assess("vostok-2022", "--policy", "official", "--against", "sceptical", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    by = {each["figure"]: each for each in found["figures"]}
    assert set(by) == {"persons_total", "persons_russia"}
    assert by["persons_russia"]["because"] == ["persons_total"]
    assert by["persons_total"]["official"]["value"] == 50_000
    assert by["persons_total"]["sceptical"]["claims"] == ["W-53"]
    assert [each["claim"] for each in found["verdicts"]] == ["S000-14", "W-53"]
    text = _assess("vostok-2022", "--against", "sceptical").stdout
    assert f"Figures that change: 2; that do not: {found['same_figures']}." in text
    assert "picked by the policy" in text
    tutorial = _assess("three-nations-day", "--against", "counted").stdout
    assert "kazakh-company" in tutorial and "| persons |" in tutorial


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--policy", "official"), "add --against"),
        (("--against", "sceptic"), "sceptical"),
        (("--against", "sceptical", "--csv"), "--against goes with --json alone"),
        (("--origins", "picture.png"), ".svg"),
        (("--brief", "brief.docx"), ".html or .pdf"),
        (("--brief", "a.html", "--prov"), "exclude each other"),
        (("--question", "purpos", "--brief", "a.html"), "purpose"),
    ],
)
def test_what_does_not_go_together_is_told(words, told, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = _assess("vostok-2022", *words)
    assert done.returncode == 2 and told in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_brief_and_a_picture_are_written(tmp_path) -> None:
    for name in ("vostok-2022", "three-nations-day"):
        brief, picture = tmp_path / f"{name}.html", tmp_path / f"{name}.svg"
        assert _assess(name, "--brief", str(brief)).returncode == 0
        assert _assess(name, "--origins", str(picture)).returncode == 0
        assert brief.read_text("utf-8").count('class="sheet"') == 2
        assert picture.read_text("utf-8").startswith("<?xml")
    nowhere = tmp_path / "file"
    nowhere.write_text("", encoding="utf-8")
    done = _assess("three-nations-day", "--brief", str(nowhere / "brief.html"))
    assert done.returncode == 1 and "cannot write" in done.stderr and "Traceback" not in done.stderr


def test_a_brief_on_a_scenario_that_is_wrong_elsewhere(tmp_path) -> None:
    folder = tmp_path / "scenario"
    shutil.copytree(find_scenario("three-nations-day"), folder)
    (folder / "scenario.yaml").write_text("title: no more than that\n", encoding="utf-8")
    done = _assess(str(folder), "--brief", str(tmp_path / "brief.html"))
    assert done.returncode == 0, done.stderr
    assert "What can be said of its claims" in (tmp_path / "brief.html").read_text("utf-8")
