"""Indicators: read with positions, every problem at once; what their status goes best with."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from startex.foundation.errors import ScenarioError
from startex.scenario.load import find_scenario, load_scenario
from startex.sources.indicators import LIKELIHOODS, STATUSES, Expected, Indicator, of_question
from startex.sources.load import load_dossier, read_dossier

STEPS = st.lists(st.integers(0, 4), min_size=2, max_size=6)


def _indicator(steps, status="not observed", **more) -> Indicator:
    known = status != "not observed"
    return Indicator(
        indicator=more.pop("name", "i"),
        question="q",
        observe="it is seen",
        expected={
            f"h{n}": Expected(likelihood=LIKELIHOODS[step], because="so")
            for n, step in enumerate(steps)
        },
        status=status,
        date="2022-09-01" if known else "",
        claims=("W-1",) if known else (),
        **more,
    )


@given(STEPS, st.sampled_from(sorted(STATUSES)))
def test_what_must_hold_of_any_indicator(steps, status) -> None:
    found = _indicator(steps, status)
    assert found.spread == max(steps) - min(steps)
    assert found.diagnostic == (len(set(steps)) > 1)
    names = {f"h{n}" for n in range(len(steps))}
    assert set(found.speaks_for) < names  # never all of them
    if not found.diagnostic or status in ("not observed", "low"):
        assert found.speaks_for == ()
    elif status == "none":
        assert found.speaks_for == tuple(
            sorted(f"h{n}" for n, s in enumerate(steps) if s == min(steps))
        )
    else:
        assert set(found.speaks_for) == {f"h{n}" for n, s in enumerate(steps) if s == max(steps)}


@given(st.lists(STEPS, min_size=1, max_size=6), st.randoms())
def test_the_order_in_a_file_gives_nobody_an_advantage(rows, random) -> None:
    every = [_indicator(steps, name=f"i{n}") for n, steps in enumerate(rows)]
    turned = random.sample(every, len(every))
    in_order = of_question({each.indicator: each for each in every}, "q")
    assert in_order == of_question({each.indicator: each for each in turned}, "q")
    assert [i.spread for i in in_order] == sorted((i.spread for i in every), reverse=True)
    assert of_question({each.indicator: each for each in every}, "another") == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": "high"}, "'date' and 'claims'"),
        ({"status": "none", "date": "2022-09-01"}, "without 'claims'"),
        ({"claims": ("W-1",)}, "'not observed' has neither"),
        ({"date": "2022-09-01"}, "'not observed' has neither"),
        ({"status": "probably"}, "'not observed', 'none'"),
        ({"status": "high", "date": "yesterday", "claims": ("W-1",)}, "is no date"),
    ],
)
def test_a_status_rests_on_claims_and_a_date(change, told) -> None:
    with pytest.raises(ValidationError, match=told):
        Indicator.model_validate({**_indicator([0, 4]).model_dump(), **change})


def test_those_of_vostok_are_whole() -> None:
    dossier = load_dossier(find_scenario("vostok-2022"))
    own = of_question(dossier.indicators, "purpose")
    assert 8 <= len(own) == len(dossier.indicators)
    assert [each.indicator for each in own if not each.diagnostic] == ["leader"]
    seen = [each for each in own if each.status != "not observed"]
    assert seen and len(seen) < len(own)
    stay = dossier.indicators["guests-stay"]
    assert stay.status == "none" and "W-45" in stay.claims
    assert "taiwan" not in stay.speaks_for


WRONG = """\
- indicator: one
  question: purpos
  observe: it is seen
  expected: {routine: {likelihood: likely, because: so}}
- indicator: two
  question: purpose
  observe: it is seen
  status: none
  date: 2022-09-12
  claims: [W-455]
  expected:
    routine: {likelihood: likely, because: so}
    signal: {likelihood: likely, because: so}
    taiwn: {likelihood: likely, because: so}
    capacity: {likelihood: likely, because: so}
- indicator: three
  question: purpose
  observe: it is seen
  expected:
    routine: {likelihood: most likely, because: so}
"""


def test_every_problem_is_told_with_its_place_and_what_was_meant(tmp_path) -> None:
    folder = tmp_path / "scenario"
    shutil.copytree(find_scenario("vostok-2022"), folder)
    (folder / "indicators.yaml").write_text(WRONG, encoding="utf-8")
    told = {str(problem) for problem in read_dossier(folder)[1]}
    for place, message in (
        ("indicators.yaml:2:", "unknown question 'purpos'. Did you mean 'purpose'"),
        ("indicators.yaml:10:", "unknown claim 'W-455'. Did you mean 'W-"),
        ("indicators.yaml:12:", "indicator 'two' has no expectation for 'taiwan'"),
        ("indicators.yaml:14:", "has no hypothesis 'taiwn'. Did you mean 'taiwan'"),
        ("indicators.yaml:20:", "Did you mean 'likely'"),
    ):
        assert any(text.startswith(place) and message in text for text in told), (place, told)
    with pytest.raises(ScenarioError) as error:
        load_scenario(folder)
    assert len({p for p in error.value.problems if p.file == "indicators.yaml"}) == 5


def test_a_broken_list_of_questions_is_not_told_twice(tmp_path) -> None:
    folder = tmp_path / "scenario"
    shutil.copytree(find_scenario("vostok-2022"), folder)
    path = folder / "hypotheses.yaml"
    path.write_text(path.read_text("utf-8").replace("asks:", "ask:", 1), encoding="utf-8")
    problems = read_dossier(folder)[1]
    assert problems and {problem.file for problem in problems} == {"hypotheses.yaml"}


def test_the_digest_of_a_scenario_knows_them(tmp_path) -> None:
    folder = tmp_path / "scenario"
    shutil.copytree(find_scenario("vostok-2022"), folder)
    before = load_scenario(folder).digest
    path = folder / "indicators.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("likelihood: even", "likelihood: likely", 1), encoding="utf-8")
    assert load_scenario(folder).digest != before
