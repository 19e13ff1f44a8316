"""Any text: offsets quote it, sentences stand in order, review files come back as they were."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from startex.foundation.errors import StartexError, UsageError
from startex.foundation.yamlfile import parse_yaml
from startex.reports.accept import accept
from startex.reports.dates import dates
from startex.reports.drafts import Context
from startex.reports.extractors import make_extractor
from startex.reports.numbers import number_of
from startex.reports.propose import About, Known, propose
from startex.reports.quantities import quantities
from startex.reports.reviewfile import read_review, to_yaml, write_review
from startex.reports.rules import Rules
from startex.reports.sentences import LONGEST, Span, sentences
from startex.reports.syndication import likenesses, shingles
from startex.reports.text import ReportText, checksum, clean, parse_report
from startex.scenario.shipped import SHIPPED
from startex.sources.edtf import edtf_bounds

PIECES = st.sampled_from(
    [
        "More than", "up to", "between", "50,000", "ten", "10-12", "two hundred", "thousands of",
        "troops", "ships", "Chinese", "Russia", "the ministry", "General Petrov", "said", "said.",
        "on Wednesday", "29 August", "from 1 to", "September", "in", "Moscow", "the Sea of Japan",
        "citing", "according to", "and", ",", ".", "“", "”", "\n", "\n\n", "-", "U.S.", "Aug.",
        "he", "will take part", "drills", "?", "…", "é", "国", "\u00a0", "2022-08-29", "3.5",
        "’s", "%",
    ]
)  # fmt: skip
REPORTS = st.lists(PIECES, min_size=1, max_size=60).map(" ".join)
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=300) | REPORTS


@given(ANY_TEXT)
def test_sentences_are_in_order_apart_and_leave_out_only_blanks(text: str) -> None:
    text = clean(text)[0]
    spans = sentences(text)
    at = 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        assert not text[at : span.start].strip()
        assert span.of(text) == span.of(text).strip()
        assert span.end - span.start <= LONGEST
        at = span.end
    assert not text[at:].strip()


@given(ANY_TEXT, st.sampled_from(["", "2022-08-29", "2022-08", "2022", "2022-08-17/2022-08-18"]))
def test_what_is_proposed_quotes_the_text_and_says_something_that_loads(text, reported) -> None:
    report = ReportText("a", "text", clean(text)[0])
    drafts = Rules().extract(report, Context(reported, "paper"))
    assert drafts == sorted(drafts, key=lambda draft: draft.span)
    for draft in drafts:
        assert draft.span.of(report.text).strip()
        assert draft.says
        assert draft.kinds
        for said in draft.says:
            if said.date:
                edtf_bounds(said.date)
            assert said.date or said.numeric or said.text or said.items
        if draft.rests_on is not None:
            assert draft.rests_on.of(report.text)
        assert bool(draft.said_by) == (draft.rests_on is not None)


@given(ANY_TEXT)
def test_quantities_and_dates_lie_in_their_sentence(text: str) -> None:
    text = clean(text)[0]
    for span in sentences(text):
        for quantity in quantities(text, span):
            assert span.start <= quantity.span.start <= quantity.number.start
            assert quantity.number.end <= quantity.span.end <= span.end
            if quantity.low is not None and quantity.high is not None:
                assert quantity.low < quantity.high
        for when in dates(text, span, "2022-08-29"):
            assert span.start <= when.span.start < when.span.end <= span.end


@given(REPORTS)
def test_a_review_file_comes_back_as_it_was(text: str) -> None:
    try:
        report = parse_report(text.encode(), "a.txt")
    except UsageError:
        return
    about = About("S1", "a title: with - signs #1", "yes", "2022-08-29")
    review = propose(report, Known(), about, make_extractor("rules"))
    written = write_review(review)
    again, _ = read_review(written, "x")
    assert again == review
    assert write_review(again) == written
    assert again.whole_text == report.text
    assert checksum(again.whole_text) == review.report.sha256
    for proposal in again.proposals:
        assert report.text[proposal.start : proposal.end] == proposal.quote
        assert proposal.decision == "undecided"


PLAIN = st.recursive(
    st.text(st.characters(codec="utf-8"), max_size=40)
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["1e5", "0o17", "0x1f", "~", "null", "yes", "2022-08-29", "- a", "a: b", ".5"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner),
    max_leaves=12,
)


@given(st.lists(PLAIN, min_size=1, max_size=4))
def test_plain_data_is_read_back_by_the_programs_own_reader(data: object) -> None:
    document = parse_yaml(to_yaml(data), "x")
    assert document.problems == ()
    assert document.data == data


@given(st.integers(1, 999_999))
def test_numbers_in_words_are_the_numbers(number: int) -> None:
    assert number_of(_in_words(number)) == number
    text = f"{_in_words(number)} soldiers"
    (found,) = quantities(text, Span(0, len(text)))
    assert found.value == number


def _in_words(number: int) -> str:
    small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
        "eighteen", "nineteen",
    ]  # fmt: skip
    tens = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if number < 20:
        return small[number]
    if number < 100:
        rest = number % 10
        return tens[number // 10] + (f"-{small[rest]}" if rest else "")
    for power, word in ((1000, "thousand"), (100, "hundred")):
        if number >= power:
            rest = number % power
            glue = " and " if rest < 100 else " "
            return f"{_in_words(number // power)} {word}" + (glue + _in_words(rest) if rest else "")
    raise AssertionError(number)


@given(REPORTS, REPORTS)
def test_likeness_is_a_share_and_a_text_is_like_itself(one: str, other: str) -> None:
    for found in likenesses(one, {"a": [other], "self": [one]}, {}, checksum(one)):
        assert 0.0 <= found.jaccard <= 1.0
        assert 0.0 <= found.contained <= 1.0
        assert 0.0 <= found.of_new <= 1.0
        if found.known == "self":
            assert (found.contained, found.of_new, found.jaccard) == (1.0, 1.0, 1.0)
        for span in found.copied:
            assert span.of(one)
    if len({s for s, _ in shingles(one)}) >= 8:
        assert "self" in {f.known for f in likenesses(one, {"self": [one]}, {}, "")}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=REPORTS, decision=st.sampled_from(["undecided", "refuse"]))
def test_accepting_nothing_writes_nothing(tmp_path, text: str, decision: str) -> None:
    try:
        report = parse_report(text.encode(), "a.txt")
    except UsageError:
        return
    folder = tmp_path / "mine"
    if not folder.exists():
        shutil.copytree(SHIPPED / "three-nations-day", folder)
    review = propose(report, Known(), About("S1"), make_extractor("rules"))
    path = tmp_path / "review.yaml"
    path.write_text(write_review(review).replace("decision: undecided", f"decision: {decision}"))
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    with pytest.raises(StartexError):
        accept(path, folder)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
