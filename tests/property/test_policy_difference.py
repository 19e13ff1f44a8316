"""A change of policy changes only what depends on it: on made dossiers and on those shipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from startex.foundation.errors import StartexError
from startex.scenario.load import find_scenario
from startex.sources.claims import Claim
from startex.sources.difference import changed, changes, leaves
from startex.sources.dossier import Dossier
from startex.sources.load import load_dossier
from startex.sources.policy import resolve
from startex.sources.rules import Candidate, Policy, Rule, ScenarioFigure

ORIGINS = ("a", "b", "c")
TAKES = ("stated", "lowest", "highest", "sample")


def _claim(name: str, value: int, origin: str) -> Claim:
    return Claim.model_validate(
        {
            "claim": name, "kind": "source", "class": "attributed", "quote": "words",
            "says": [{"subject": "exercise", "field": "persons", "value": value}],
            "said_by": "somebody", "source": "paper", "origin": origin,
        }
    )  # fmt: skip


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    """Figures that claims give, sums of them, and sums of sums."""
    numbers = st.integers(0, 5)
    claims = {
        f"c-{n}": _claim(f"c-{n}", draw(numbers), draw(st.sampled_from(ORIGINS))) for n in range(8)
    }
    figures: dict[str, ScenarioFigure] = {}
    for n in range(draw(st.integers(1, 5))):
        named = draw(st.lists(st.sampled_from(sorted(claims)), min_size=1, max_size=4, unique=True))
        candidates = tuple(Candidate(claim=name) for name in named)
        figures[f"f{n}"] = ScenarioFigure(
            figure=f"f{n}", name="F", unit="person", candidates=candidates
        )
    for n in range(draw(st.integers(0, 5))):
        known = st.sampled_from(sorted(figures))
        plus = draw(st.lists(known, min_size=1, max_size=3, unique=True))
        minus = draw(st.lists(known, max_size=3, unique=True))
        figures[f"s{n}"] = ScenarioFigure(
            figure=f"s{n}", name="S", unit="person", plus=tuple(plus), minus=tuple(minus)
        )
    policies = {name: _policy(draw, name, sorted(figures), sorted(claims)) for name in ("p", "q")}
    return Dossier(Path(), claims=claims, figures=figures, policies=policies)


def _policy(draw: st.DrawFn, name: str, figures: list[str], claims: list[str]) -> Policy:
    rules = st.builds(
        Rule,
        figures=st.lists(st.sampled_from(figures), max_size=2, unique=True).map(tuple),
        claim=st.sampled_from(["", "", *claims]),
        origins=st.lists(st.sampled_from(ORIGINS), max_size=2, unique=True).map(tuple),
        take=st.sampled_from(TAKES),
    )
    return Policy(
        policy=name, name=name, summary="s", rules=tuple(draw(st.lists(rules, max_size=4)))
    )


def _choices_that_differ(dossier: Dossier, policy: str, against: str, seed: int) -> set[str]:
    """Figures given by claims whose value differs where each is resolved alone: no sums at all."""
    differ = set()
    for name, figure in dossier.figures.items():
        if figure.candidates:
            one, other = (
                resolve({name: figure}, dossier.claims, dossier.policies, p, seed)[name]
                for p in (policy, against)
            )
            if changed(one, other):
                differ.add(name)
    return differ


def _depends_on(dossier: Dossier, chosen: set[str]) -> set[str]:
    """Figures that hang on those, by sums: grown until nothing is added."""
    hanging = set(chosen)
    while True:
        more = {
            name
            for name, figure in dossier.figures.items()
            if name not in hanging and hanging & {*figure.plus, *figure.minus}
        }
        if not more:
            return hanging
        hanging |= more


def _holds(dossier: Dossier, policy: str, against: str, seed: int) -> None:
    found, same = changes(dossier, policy, against, seed)
    chosen = _choices_that_differ(dossier, policy, against, seed)
    hanging = _depends_on(dossier, chosen)
    names = {change.figure for change in found}
    assert names <= hanging
    assert chosen <= names
    assert len(names) + same == len(dossier.figures)
    for change in found:
        assert change.because and set(change.because) <= chosen
        assert set(change.because) == leaves(dossier.figures, change.figure) & chosen
        assert changed(change.here, change.there)
    here, there = dossier.resolve(policy, seed), dossier.resolve(against, seed)
    for name in set(dossier.figures) - names:
        assert here[name].value == there[name].value and here[name].claims == there[name].claims


@given(dossiers(), st.integers(0, 2**32 - 1))
@settings(max_examples=150, deadline=None)
def test_what_changed_hangs_on_a_choice_that_differs(dossier: Dossier, seed: int) -> None:
    _holds(dossier, "p", "q", seed)


@given(dossiers(), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_turned_round_the_same_changes(dossier: Dossier, seed: int) -> None:
    one, other = changes(dossier, "p", "q", seed), changes(dossier, "q", "p", seed)
    assert one[1] == other[1]
    assert [(c.figure, c.here, c.there, c.because) for c in one[0]] == [
        (c.figure, c.there, c.here, c.because) for c in other[0]
    ]
    assert changes(dossier, "p", "p", seed) == ((), len(dossier.figures))


@given(dossiers(), st.data())
@settings(max_examples=80, deadline=None)
def test_a_rule_for_one_figure_changes_no_other(dossier: Dossier, data: st.DataObject) -> None:
    given_by_claims = sorted(n for n, f in dossier.figures.items() if f.candidates)
    name = data.draw(st.sampled_from(given_by_claims))
    rule = Rule(figures=(name,), take=data.draw(st.sampled_from(TAKES)))
    more = Policy(policy="r", name="R", summary="s", extends="p", rules=(rule,))
    found, _ = changes(
        Dossier(
            Path(), claims=dossier.claims, figures=dossier.figures,
            policies={**dossier.policies, "r": more},
        ),
        "r",
        "p",
    )  # fmt: skip
    assert {change.figure for change in found} <= _depends_on(dossier, {name})
    assert all(change.because == (name,) for change in found)


@cache
def _shipped(name: str) -> Dossier:
    return load_dossier(find_scenario(name))


@pytest.mark.parametrize("name", ["vostok-2022", "three-nations-day"])
@pytest.mark.parametrize("seed", [0, 7])
def test_the_shipped_scenarios(name: str, seed: int) -> None:
    dossier = _shipped(name)
    for policy in dossier.policies:
        for against in dossier.policies:
            _holds(dossier, policy, against, seed)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_policy_on_vostok(data: st.DataObject) -> None:
    shipped = _shipped("vostok-2022")
    disputed = [n for n, f in shipped.figures.items() if len(f.candidates) > 1]
    rule = Rule(
        figures=tuple(data.draw(st.lists(st.sampled_from(disputed), max_size=3, unique=True))),
        origins=(data.draw(st.sampled_from(sorted(shipped.origins))),),
        take=data.draw(st.sampled_from(TAKES[:3])),
    )
    made = Policy(policy="made", name="M", summary="s", extends="official", rules=(rule,))
    dossier = Dossier(
        Path(), claims=shipped.claims, figures=shipped.figures,
        policies={**shipped.policies, "made": made},
    )  # fmt: skip
    try:
        dossier.resolve("made")
    except TypeError:
        return  # a date was picked for a number: told when the scenario is read
    _holds(dossier, "made", "official", 0)
    if rule.figures:
        allowed = _depends_on(dossier, set(rule.figures))
        assert {c.figure for c in changes(dossier, "made", "official")[0]} <= allowed


def test_unknown_policies_are_told() -> None:
    with pytest.raises(StartexError, match=r"no policy 'officiall'.*official"):
        changes(_shipped("vostok-2022"), "officiall", "sceptical")
    with pytest.raises(StartexError, match="it has none"):
        changes(Dossier(Path()), "a", "b")
