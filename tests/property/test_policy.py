"""Policies on any claims: within the candidates, the same for any order, honest about rules."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from startex.sources.claims import Claim, Statement
from startex.sources.policy import resolve
from startex.sources.rules import Candidate, Policy, Rule, ScenarioFigure

RULES = ("announced_total", "actively_involved", "observed", "")
BOUNDS = ("exactly", "more than", "at least", "less than", "up to", "about")


@st.composite
def claim(draw: st.DrawFn, name: str) -> Claim:
    said = {
        "subject": "exercise",
        "field": "persons",
        "value": draw(st.integers(0, 10**6)),
        "bound": draw(st.sampled_from(BOUNDS)),
        "counting_rule": draw(st.sampled_from(RULES)),
    }
    rank = draw(st.sampled_from(["preferred", "normal", "normal", "deprecated"]))
    return Claim.model_validate(
        {
            "claim": name,
            "kind": "source",
            "class": "attributed",
            "quote": "words",
            "says": [said],
            "said_by": "somebody",
            "source": "paper",
            "origin": draw(st.sampled_from(["a", "b", "c"])),
            "asserted": draw(st.sampled_from(["", "2022-08", "2022-08-29", "2022-09-01"])),
            "rank": rank,
            "rank_reason": "" if rank == "normal" else "a reason",
        }
    )


@st.composite
def claims(draw: st.DrawFn) -> dict[str, Claim]:
    found = {f"c-{i}": draw(claim(f"c-{i}")) for i in range(draw(st.integers(1, 6)))}
    if all(each.rank == "deprecated" for each in found.values()):
        found["c-0"] = found["c-0"].model_copy(update={"rank": "normal"})
    return found


rules = st.builds(
    Rule,
    claim=st.sampled_from(["", "", "c-0", "c-1"]),
    origins=st.lists(st.sampled_from(["a", "b", "c"]), max_size=3, unique=True).map(tuple),
    counting_rules=st.lists(st.sampled_from(RULES[:3]), max_size=2, unique=True).map(tuple),
    take=st.sampled_from(["stated", "lowest", "highest", "sample"]),
)
policies = st.lists(rules, max_size=3).map(
    lambda found: {"p": Policy(policy="p", name="P", summary="s", rules=tuple(found))}
)


def figure(names: list[str]) -> ScenarioFigure:
    return ScenarioFigure(
        figure="persons",
        name="Persons",
        unit="person",
        candidates=tuple(Candidate(claim=name) for name in names),
    )


@given(claims(), policies, st.integers(0, 2**32 - 1))
def test_within_the_usable_candidates(
    found: dict[str, Claim], policy: dict[str, Policy], seed: int
) -> None:
    result = resolve({"persons": figure(list(found))}, found, policy, "p", seed)["persons"]
    usable = [c.says[0].stated for c in found.values() if c.rank != "deprecated"]
    assert (result.low, result.high) == (min(usable), max(usable))  # whatever the policy picks
    assert result.low <= result.number <= result.high
    assert result.claims
    assert all(found[name].rank != "deprecated" for name in result.claims)
    used = {found[name].says[0].counting_rule for name in result.claims}
    assert set(result.counting_rule.split(" .. ")) == used  # all rules used are told, no other


@given(claims(), policies, st.integers(0, 2**32 - 1), st.randoms())
def test_the_order_in_files_does_not_matter(
    found: dict[str, Claim], policy: dict[str, Policy], seed: int, chance: random.Random
) -> None:
    names = list(found)
    first = resolve({"persons": figure(names)}, found, policy, "p", seed)
    chance.shuffle(names)
    shuffled = {name: found[name] for name in names}
    assert resolve({"persons": figure(names)}, shuffled, policy, "p", seed) == first


@given(claims(), st.integers(0, 2**32 - 1))
def test_another_figure_changes_no_draw(found: dict[str, Claim], seed: int) -> None:
    policy = {"p": Policy(policy="p", name="P", summary="s", rules=(Rule(take="sample"),))}
    alone = {"persons": figure(list(found))}
    other = figure(list(found)).model_copy(update={"figure": "another"})
    together = resolve({"another": other, **alone}, found, policy, "p", seed)
    assert together["persons"] == resolve(alone, found, policy, "p", seed)["persons"]


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=5))
def test_a_sum_is_the_sum_of_its_parts(values: list[int]) -> None:
    parts = {
        f"f{i}": ScenarioFigure(
            figure=f"f{i}",
            name="F",
            unit="person",
            candidates=(Candidate(value=float(value), assumed="for the test"),),
        )
        for i, value in enumerate(values)
    }
    total = ScenarioFigure(
        figure="t", name="T", unit="person", plus=("f0",), minus=tuple(list(parts)[1:])
    )
    policy = {"p": Policy(policy="p", name="P", summary="s")}
    result = resolve({"t": total, **parts}, {}, policy, "p")["t"]
    assert result.number == values[0] - sum(values[1:])
    assert result.assumed == "for the test"


@given(
    st.builds(
        Statement,
        subject=st.just("x"),
        field=st.just("y"),
        value=st.floats(0, 1e9, allow_nan=False),
        bound=st.sampled_from(BOUNDS),
    )
)
def test_the_stated_value_lies_on_its_interval(said: Statement) -> None:
    low, high = said.interval
    assert low <= said.stated <= high
