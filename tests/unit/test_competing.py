"""Competing hypotheses: the published rule, a worked example, and what must hold of any matrix."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from startex.sources.claims import Claim
from startex.sources.competing import SCALE, assess, diagnosticity, totals, weight
from startex.sources.hypotheses import Evidence, Hypothesis, Question, Rating

LETTERS = st.sampled_from(sorted(SCALE))
LEVELS = st.sampled_from(("low", "medium", "high"))
EVEN = ("medium", "medium")


def _question(rows, levels=None, unseen=()) -> Question:
    """A matrix from rows of ratings with blanks between, as ``C I NA``."""
    width = len(rows[0].split())
    levels = levels or [EVEN] * len(rows)
    return Question(
        question="q",
        asks="Which?",
        hypotheses=tuple(
            Hypothesis(hypothesis=f"h{n}", title=f"H{n}", says="so") for n in range(width)
        ),
        evidence=tuple(
            Evidence(
                evidence=f"e{at}",
                says="seen",
                grounds="why",
                assumed="for a test",
                credibility=levels[at][0],
                relevance=levels[at][1],
                observed=at not in unseen,
                ratings={
                    f"h{n}": Rating(rating=letter, because="so")
                    for n, letter in enumerate(row.split())
                },
            )
            for at, row in enumerate(rows)
        ),
    )


def test_heuers_example_of_iraq() -> None:
    """Heuer (1999), figure 15: + + +, + + -, + + -, - + +, - + +, - + +."""
    question = _question(["C C C", "C C I", "C C I", "I C C", "I C C", "I C C"])
    result = assess(question, {})
    assert totals(question) == {"h0": -3.0, "h1": 0.0, "h2": -2.0}
    assert [score.hypothesis for score in result.scores] == ["h1", "h2", "h0"]
    assert result.least == ("h1",)
    assert not any(change.flips for change in result.by_evidence)
    assert result.evidence[0].diagnosticity == 0.0
    assert all(each.diagnosticity > 0.0 for each in result.evidence[1:])


def test_the_weights_are_those_published() -> None:
    found = {
        (a, b): weight(_question(["C I"], [(a, b)]).evidence[0])
        for a in ("low", "medium", "high")
        for b in ("low", "medium", "high")
    }
    assert sorted({round(w, 9) for w in found.values()}) == pytest.approx(
        [0.5, 1 / math.sqrt(2), 1.0, math.sqrt(2), 2.0]
    )
    assert found["high", "low"] == pytest.approx(1.0)


def test_three_inconsistent_are_worse_than_two_and_one_very_is_as_two() -> None:
    scores = totals(_question(["I I II C", "I I C C", "I C C C"]))
    assert scores["h0"] < scores["h1"] == scores["h2"] < scores["h3"] == 0.0


@given(st.lists(st.lists(LETTERS, min_size=3, max_size=3), min_size=1, max_size=6), st.data())
def test_what_must_hold_of_any_matrix(letters, data) -> None:
    levels = [(data.draw(LEVELS), data.draw(LEVELS)) for _ in letters]
    rows = [" ".join(row) for row in letters]
    result = assess(_question(rows, levels), {})
    scores = {score.hypothesis: score.score for score in result.scores}
    assert all(score <= 0.0 for score in scores.values())
    assert max(scores.values()) == pytest.approx(scores[result.scores[0].hypothesis])
    # the order of rows gives nobody an advantage
    turned = assess(_question(rows[::-1], levels[::-1]), {})
    for score in turned.scores:
        assert score.score == pytest.approx(scores[score.hypothesis])
    assert turned.least == result.least
    # what speaks alike of all changes no order and tells nothing apart
    for letter in ("C", "N", "I"):
        more = _question([*rows, " ".join([letter] * 3)], [*levels, ("high", "high")])
        same = assess(more, {})
        assert same.least == result.least
        assert same.evidence[-1].diagnosticity == 0.0
    # a rating that turns worse never helps
    worse = [list(row) for row in letters]
    at, h = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 2))
    worse[at][h] = "II"
    after = totals(_question([" ".join(row) for row in worse], levels))
    assert after[f"h{h}"] <= scores[f"h{h}"] + 1e-12


def test_what_nobody_saw_counts_nothing_and_is_told_as_wanted() -> None:
    question = _question(["C I", "II CC", "C I"], unseen=(1, 2))
    result = assess(question, {})
    assert totals(question) == {"h0": 0.0, "h1": -1.0}
    assert [each.evidence for each in result.wanted] == ["e1", "e2"]
    assert result.wanted[0].diagnosticity == diagnosticity(question.evidence[1]) == 2.0


def test_leaving_out_an_origin_leaves_out_what_nobody_else_says() -> None:
    origins = {"a": "ministry", "b": "paper", "c": "ministry"}
    claims = {n: Claim.model_construct(claim=n, origin=o) for n, o in origins.items()}
    question = _question(["C II", "I C", "C I"])
    named = [("a", "c"), ("b",), ("a", "b")]
    evidence = tuple(
        each.model_copy(update={"claims": own})
        for each, own in zip(question.evidence, named, strict=True)
    )
    result = assess(question.model_copy(update={"evidence": evidence}), claims)
    by = {change.without: change for change in result.by_origin}
    assert by["ministry"].evidence == ("e0",) and by["paper"].evidence == ("e1",)
    assert by["ministry"].scores == {"h0": -1.0, "h1": -1.0} and by["ministry"].flips
    assert not by["paper"].flips


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ratings": {"h0": {"rating": "C", "because": "so"}}}, "no rating for 'h1'"),
        ({"evidence": "e0"}, "there twice"),
        ({"assumed": ""}, "name 'claims' or 'checks'"),
    ],
)
def test_a_matrix_with_holes_is_refused(change, told) -> None:
    whole = _question(["C I", "C I"]).model_dump()
    whole["evidence"] = [whole["evidence"][0], {**whole["evidence"][1], **change}]
    with pytest.raises(ValueError, match=told):
        Question.model_validate(whole)
