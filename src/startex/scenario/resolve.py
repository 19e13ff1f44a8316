"""A scenario as one policy and one seed have it: figures settled, forces expanded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from startex.forces.force import Force
from startex.foundation.errors import StartexError, did_you_mean
from startex.scenario.scenario import Scenario
from startex.sources import policy as policies
from startex.sources.policy import Resolved as ResolvedFigure


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a policy made of a scenario.

    Attributes
    ----------
    scenario
        What was read.
    policy, seed
        What settled it.
    figures
        Every scenario figure with its value and how it came about, by id.
    force
        Every unit, platform and person.
    """

    scenario: Scenario
    policy: str
    seed: int
    figures: Mapping[str, ResolvedFigure]
    force: Force


def resolve(scenario: Scenario, policy: str = "", seed: int = 0) -> Resolved:
    """Settle the figures of a scenario and expand its forces.

    Parameters
    ----------
    scenario
        As loaded.
    policy
        One of its policies; empty: its default.
    seed
        Seed of the run, 0 to 2**32 - 1; matters only to policies that sample.

    Raises
    ------
    StartexError
        If the policy is none of the scenario's.
    ScenarioError
        If the forces cannot be expanded with these figures.
    """
    chosen = policy or scenario.policies[0]
    if chosen not in scenario.policies:
        raise StartexError(
            f"no policy {chosen!r} in {scenario.name}; {did_you_mean(chosen, scenario.policies)}"
        )
    figures = resolve_figures(scenario, chosen, seed)
    force = scenario.expansions.expand(
        scenario.lines, scenario.templates, scenario.catalogue, numbers(figures)
    )
    return Resolved(scenario, chosen, seed, figures, force)


def resolve_figures(scenario: Scenario, policy: str, seed: int) -> dict[str, ResolvedFigure]:
    """Return the figures alone, by id (see `resolve`)."""
    dossier = scenario.dossier
    return policies.resolve(dossier.figures, dossier.claims, dossier.policies, policy, seed)


def numbers(figures: Mapping[str, ResolvedFigure]) -> dict[str, float]:
    """Return the figures that are numbers (not dates), by id."""
    return {
        name: figure.value for name, figure in figures.items() if not isinstance(figure.value, str)
    }
