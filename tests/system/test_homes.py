"""In every shipped scenario what is said to run, runs, and no statement is quoted and forgotten."""

from __future__ import annotations

import pytest

from startex.scenario.load import load_scenario
from startex.scenario.scenario import Scenario
from startex.scenario.shipped import shipped_scenarios
from startex.sources.homes import gather, homeless, unmet

FOUNDING_ALONE = {"vostok-2022"}
"""Scenarios that keep other claims without a use; their founding statements all have one."""


@pytest.fixture(scope="module", params=shipped_scenarios())
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return load_scenario(request.param)


def test_what_is_said_to_run_is_named_by_the_scenario(scenario: Scenario) -> None:
    assert unmet(scenario.dossier, list(scenario.provenances())) == []


def test_every_statement_has_a_home(scenario: Scenario) -> None:
    homes = gather(scenario.dossier, list(scenario.provenances()))
    claims = scenario.dossier.claims
    wanted = [
        name
        for name in claims
        if claims[name].kind == "seed" or scenario.name not in FOUNDING_ALONE
    ]
    assert wanted
    assert [name for name in homeless(homes) if name in wanted] == []
