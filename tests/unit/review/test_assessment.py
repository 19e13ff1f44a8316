"""The assessment in the review: what the store tells, with figures that say how they came about."""

from __future__ import annotations

import shutil

import pytest

import startex
from startex.review.measures import measure
from startex.review.report import write_review
from startex.review.voices import heard
from startex.scenario.load import find_scenario
from startex.sources.voices import repeats_of

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

INDICATORS = """
- indicator: songs
  question: aim
  observe: They sing.
  expected:
    fun: {likelihood: likely, because: everybody sings}
    work: {likelihood: likely, because: everybody sings}
- indicator: tents
  question: aim
  observe: They put up tents.
  status: high
  date: 2025-06-14
  claims: T-8
  expected:
    fun: {likelihood: very unlikely, because: one goes home}
    work: {likelihood: very likely, because: tents are for staying}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> startex.Run:
    folder = tmp_path_factory.mktemp("assessed")
    shutil.copytree(find_scenario("three-nations-day"), folder / "scenario")
    (folder / "scenario" / "hypotheses.yaml").write_text(MATRIX, encoding="utf-8")
    (folder / "scenario" / "indicators.yaml").write_text(INDICATORS, encoding="utf-8")
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


def test_indicators_and_voices_in_store_and_review(run) -> None:
    dossier = startex.load(run.folder.parent / "scenario").dossier
    found = measure(run.folder)
    assert heard(found.record) == repeats_of(dossier)
    watched = found.assessment.questions[0].indicators
    assert watched is not None
    assert [each.id for each in watched.all] == ["tents", "songs"]
    assert watched.count.value == 2 and watched.reported.value == 1
    tents, songs = watched.all
    assert (tents.spread, tents.status, tents.speaks_for) == (4, "high", ("work",))
    assert tents.claims == ("T-8",) and tents.date == "2025-06-14"
    assert (songs.spread, songs.status, songs.claims) == (0, "not observed", ())
    rows = run.sql("select matter, sources, origins from voices where kind = 'figure'").to_pylist()
    assert rows == [{"matter": "persons", "sources": 1, "origins": 1}] * 2


def test_the_page_draws_who_repeats_whom_and_lists_what_to_watch(run, tmp_path) -> None:
    page = write_review(run.folder, tmp_path / "again.html")[1].html
    assert page == write_review(run.folder, tmp_path / "once-more.html")[1].html
    assert "Who repeats whom" in page and "N2" in page and "2 origins in all" in page
    assert "Indicators to be watched for" in page and "Tells nothing apart." in page
    assert "They put up tents." in page and "tents are for staying" in page
