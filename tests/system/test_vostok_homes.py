"""What the founding reports say runs, runs: some part of the scenario names each such claim."""

from __future__ import annotations

from startex.scenario.load import load_scenario
from startex.sources.homes import gather, homeless, unmet


def test_all_founding_statements_have_a_home_in_the_scenario() -> None:
    scenario = load_scenario("vostok-2022")
    usages = list(scenario.provenances())
    assert unmet(scenario.dossier, usages) == []
    without = homeless(gather(scenario.dossier, usages))
    assert [name for name in without if name.startswith("S0")] == []
