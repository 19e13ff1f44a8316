"""How well the built-in extractor does, against the page that says so and against floors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from benchmarks.reports.__main__ import BEGIN, END, table
from benchmarks.reports.measure import FIELDS, FILLERS, INVENTED, TEXTS, Score, cases, measure

from startex.reports.rules import Rules
from startex.sources.claims import Statement
from startex.sources.edtf import edtf_bounds

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reports.md"

FLOORS = {
    "sentence": (0.98, 0.82),
    "quantity": (0.95, 0.90),
    "date": (0.88, 0.75),
    "place": (0.75, 0.80),
    "participants": (0.68, 0.97),
    "attribution": (0.75, 0.60),
}
"""Least precision and recall over all texts together."""


@pytest.fixture(scope="module")
def scores() -> dict[str, dict[str, Score]]:
    return {case.name: measure(case, Rules()) for case in cases()}


@pytest.mark.parametrize("name", FIELDS)
def test_over_all_texts_each_field_keeps_its_floor(scores, name: str) -> None:
    total = Score()
    for by_field in scores.values():
        score = by_field[name]
        total.true, total.false = total.true + score.true, total.false + score.false
        total.missed += score.missed
    precision, recall = FLOORS[name]
    assert total.precision >= precision, total
    assert total.recall >= recall, total


def test_the_page_says_what_is_measured(scores) -> None:
    stated = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert stated == table(scores)


def test_the_keys_are_sound() -> None:
    for name in INVENTED:
        data = yaml.load((TEXTS / f"{name}.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
        entries = [entry for paragraph in data["paragraphs"] for entry in paragraph]
        for entry in entries:
            assert set(entry) <= {"s", "q", "d", "p", "n", "by", "nothing"}, entry
            for each in entry.get("d", []):
                edtf_bounds(each)
            for _, unit, bound in entry.get("q", []):
                Statement(subject="x", field="y", low=0, high=1, unit=unit, bound=bound)
            text = re.sub(r"[’']", "'", entry["s"])
            for place in entry.get("p", []):
                assert place in text, entry
            if entry.get("nothing") == "true":
                assert set(entry) == {"s", "nothing"}
        carrying = sum(entry.get("nothing") != "true" for entry in entries)
        assert 5 <= len(entries) - carrying < carrying + 5


def test_each_text_has_sentences_that_carry_nothing_and_the_ledger_is_whole() -> None:
    found = {case.name: case for case in cases()}
    assert [sum(a.carries for a in found[name].answers) for name in ("S000", "S003")] == [50, 27]
    for case in found.values():
        assert any(not answer.carries for answer in case.answers)
        for answer in case.answers:
            assert answer.span.of(case.report.text)
    assert len(FILLERS) == len(set(FILLERS))


def test_the_measure_counts_what_is_false_and_what_is_missed() -> None:
    score = Score()
    score.add({"a", "b"}, {"b", "c"})
    assert (score.true, score.false, score.missed) == (1, 1, 1)
    assert (score.precision, score.recall) == (0.5, 0.5)
    assert (Score().precision, Score().recall) == (1.0, 1.0)


def test_an_extractor_that_finds_nothing_fails_the_floors() -> None:
    class Blind:
        def extract(self, report, context):
            del report, context
            return []

    assert all(measure(case, Blind())["sentence"].recall == 0.0 for case in cases())
