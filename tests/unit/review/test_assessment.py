"""The assessment in the review: what the store tells, with figures that say how they came about."""

from __future__ import annotations

import shutil

import pytest

import startex
from startex.review.measures import measure
from startex.review.report import write_review
from startex.scenario.load import find_scenario

MATRIX = """
- question: aim
  asks: What was the day for?
  hypotheses:
  - {hypothesis: fun, title: Fun, says: They came to enjoy it.}
  - {hypothesis: work, title: Work, says: They came to learn.}
  evidence:
  - evidence: rain
    says: It rained and nobody left.
    assumed: made up for a test
    grounds: seen by all
    credibility: high
    ratings:
      fun: {rating: II, because: one would go home}
      work: {rating: C, because: rain does not matter}
  - evidence: diary
    says: A diary says why.
    observed: false
    grounds: would settle it
    ratings:
      fun: {rating: N, because: unknown}
      work: {rating: N, because: unknown}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> startex.Run:
    folder = tmp_path_factory.mktemp("assessed")
    shutil.copytree(find_scenario("three-nations-day"), folder / "scenario")
    (folder / "scenario" / "hypotheses.yaml").write_text(MATRIX, encoding="utf-8")
    loaded = startex.load(folder / "scenario")
    return startex.simulate(loaded, out=folder / "run", until_ms=loaded.start_ms + 3_600_000)


def test_the_store_and_the_review_tell_the_same(run) -> None:
    found = measure(run.folder)
    words = run.sql("select verdict, count(*) n from claims group by 1").to_pylist()
    assert sum(row["n"] for row in words) == len(run.table("claims"))
    for row in words:
        figure = found.book[f"assess.{row['verdict'].replace(' ', '_')}"]
        assert figure.value == row["n"]
    (question,) = found.assessment.questions
    assert [h.id for h in question.hypotheses] == ["work", "fun"]
    assert question.hypotheses[1].score.value == pytest.approx(-2 * 2**0.5, abs=0.005)
    assert [e.id for e in question.evidence] == ["rain"]
    assert [e.id for e in question.wanted] == ["diary"]


def test_the_page_shows_it_with_reasons(run, tmp_path) -> None:
    _, made = write_review(run.folder, tmp_path / "review.html")
    page = made.html
    assert "What was the day for?" in page and "one would go home" in page
    assert "It is no probability" in page
