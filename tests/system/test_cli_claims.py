"""``startex claims`` as a user meets it: on the shipped scenarios, and with wrong words."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from startex.scenario.shipped import SHIPPED
from startex.sources.records import CSV_COLUMNS

VOSTOK = str(SHIPPED / "vostok-2022")


def claims(*arguments: str, columns: int = 100) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "startex.cli.main", "claims", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"COLUMNS": str(columns)},
    )


@pytest.fixture(scope="module")
def everything() -> list[dict[str, Any]]:
    done = claims(VOSTOK, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_json_lists_every_claim(everything: list[dict[str, Any]]) -> None:
    names = [each["claim"] for each in everything]
    assert len(names) == len(set(names))
    assert sum(each["kind"] == "seed" for each in everything) == 77
    for each in everything:
        assert each["quote"] and each["source"] and each["origin"] and each["says"]
        assert isinstance(each["conflicts"], list)
        assert isinstance(each["homes"], list)


def test_filters_narrow(everything: list[dict[str, Any]]) -> None:
    expected = {
        ("--subject", "china"): lambda c: "china" in [said["subject"] for said in c["says"]],
        ("--source", "S003"): lambda c: c["source"] == "S003",
        ("--origin", "uk-mod"): lambda c: c["origin"] == "uk-mod",
        ("--kind", "inference"): lambda c: c["class"] == "inference",
        ("--kind", "background"): lambda c: c["kind"] == "background",
        ("--conflict", "C-7"): lambda c: "C-7" in c["conflicts"],
    }
    for arguments, wanted in expected.items():
        found = [each["claim"] for each in json.loads(claims(VOSTOK, *arguments, "--json").stdout)]
        assert found == [each["claim"] for each in everything if wanted(each)], arguments
        assert 0 < len(found) < len(everything)


def test_csv_has_a_row_for_each_statement(everything: list[dict[str, Any]]) -> None:
    done = claims(VOSTOK, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == sum(len(each["says"]) for each in everything)
    floor = next(r for r in rows if (r["claim"], r["field"]) == ("S000-14", "persons"))
    assert (floor["low"], floor["high"], floor["bound"]) == ("50000", "", "more than")


def test_one_claim_whole() -> None:
    done = claims(VOSTOK, "S000-15")
    for word in (
        "and 5,000 vehicles including 140 warplanes and 60 warships",
        "Ministry of Defence of Russia",
        "from the same origin: together they count once",
        "C-5",
        "aircraft_total",
        "4,800",
    ):
        assert word in " ".join(done.stdout.split())
    (record,) = json.loads(claims(VOSTOK, "S000-16", "--json").stdout)
    assert record["findings"][0]["verdict"] == "does not hold"
    assert record["against"][0]["conflict"] == "C-7"
    assert record["same_origin"]


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_a_card_tells_sides_and_uses_at_any_width(columns: int) -> None:
    done = claims(VOSTOK, "S000-46", columns=columns)
    lines = done.stdout.splitlines()
    assert max(len(line) for line in lines) <= columns
    assert all(line == line.rstrip() for line in lines)
    text = " ".join(done.stdout.split())
    assert "in the scenario serial dep-fishing" in text
    assert "against: " in text and "this side: " in text
    kept = " ".join(claims(VOSTOK, "S000-19", columns=columns).stdout.split())
    assert "kept because One quoted word about visits" in kept
    checked = " ".join(claims(VOSTOK, "S000-16", columns=columns).stdout.split())
    assert "in the software check nearest_place does not hold" in checked


@pytest.mark.parametrize("columns", [60, 80, 119, 120, 200])
def test_the_list_keeps_its_words_whole_at_any_width(columns: int) -> None:
    done = claims(VOSTOK, "--subject", "china", columns=columns)
    assert max(len(line) for line in done.stdout.splitlines()) <= columns
    assert "cn-government" in done.stdout
    assert "S000-19" in done.stdout
    assert "which go back to" in done.stdout


def test_a_list_of_nothing_says_so() -> None:
    done = claims(VOSTOK, "--kind", "seed", "--unused")
    assert (done.returncode, done.stdout) == (0, "no claim meets these conditions\n")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((VOSTOK, "S000-51"), "did you mean 'S000-5"),
        ((VOSTOK, "--subject", "chnia"), "did you mean 'china'?"),
        ((VOSTOK, "--source", "S002"), "did you mean 'S00"),
        ((VOSTOK, "--origin", "ru-mdo"), "did you mean 'ru-mod'?"),
        ((VOSTOK, "--kind", "fcat"), "did you mean 'fact'?"),
        ((VOSTOK, "--conflict", "C-99"), "did you mean 'C-"),
        (("three-nations-dya",), "did you mean 'three-nations-day'?"),
    ],
)
def test_a_wrong_word_is_one_line(arguments: tuple[str, ...], word: str) -> None:
    done = claims(*arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_broken_claims_are_told_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("scenario: x\n")
    (tmp_path / "claims.yaml").write_text("- claim: a\n  qoute: b\n")
    done = claims(str(tmp_path))
    assert done.returncode == 1
    assert "claims.yaml:2:3: unknown key 'qoute'. Did you mean 'quote'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_smaller_scenario_too() -> None:
    done = claims("three-nations-day", "--json")
    assert done.returncode == 0, done.stderr
    assert "left out" not in done.stderr
    for each in json.loads(done.stdout):
        assert each["homes"], each["claim"]
