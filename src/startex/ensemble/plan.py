"""From a design and a scenario to the runs: variants, replications, seeds, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pyarrow as pa

from startex.ensemble.address import Addresses
from startex.ensemble.design import MOST_RUNS, Design, Factor, as_levels
from startex.ensemble.distributions import Distribution, Level
from startex.ensemble.sampling import Points, points
from startex.ensemble.target import Value
from startex.foundation.errors import UsageError, did_you_mean
from startex.scenario.resolve import resolve_figures
from startex.scenario.scenario import Scenario
from startex.sources.policy import Resolved


@dataclass(frozen=True, slots=True)
class Variant:
    """A policy and a value for each factor of the design."""

    policy: str
    values: tuple[Level, ...]
    block: int = -1
    role: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One replication: what a worker is told.

    ``values`` hold, for each factor that changes the scenario, how it is addressed and its value.
    """

    run: int
    variant: int
    replication: int
    seed: int
    policy: str
    values: tuple[tuple[str, Value], ...]
    attempt: int = 0


@dataclass(frozen=True)
class Plan:
    """A design settled for a scenario.

    Attributes
    ----------
    design
        With every factor's distribution, unit and base filled in, and the policies named.
    variants
        In the order of the tables.
    """

    design: Design
    variants: tuple[Variant, ...]

    @property
    def replications(self) -> int:
        """Replications of each variant at most."""
        design = self.design
        if design.until is None:
            return len(design.seeds)
        return max((design.most_runs or MOST_RUNS) // len(self.variants), 0)

    @property
    def runs_planned(self) -> int:
        """Replications of all variants at most."""
        whole = self.replications * len(self.variants)
        most = self.design.most_runs
        return whole if most is None else min(whole, most)

    def jobs(self, first: int, last: int, run: int) -> Iterator[Job]:
        """Yield the jobs of replications ``first`` to ``last - 1``, variant by variant.

        ``run`` is the number of the first of them.
        """
        for variant in range(len(self.variants)):
            for replication in range(first, last):
                yield self.job(run, variant, replication)
                run += 1

    def job(self, run: int, variant: int, replication: int) -> Job:
        """Return one replication of a variant."""
        design, chosen = self.design, self.variants[variant]
        values = tuple(
            (_address(factor), value)
            for factor, value in zip(design.factors, chosen.values, strict=True)
            if not factor.policy
        )
        seed = self._seed(variant, replication)
        return Job(run, variant, replication, seed, chosen.policy, values)

    def _seed(self, variant: int, replication: int) -> int:
        design = self.design
        index = replication
        if not design.common_random_numbers:
            index += variant * self.replications
        if index < len(design.seeds) and design.common_random_numbers and design.until is None:
            return design.seeds[index]
        return (design.seeds[0] + index) % 2**32

    def table(self, runs: list[tuple[int, int, int]]) -> pa.Table:
        """Return the design table of some runs, given as (run, variant, replication)."""
        jobs = [self.job(*run) for run in runs]
        variants = [self.variants[job.variant] for job in jobs]
        columns: dict[str, pa.Array] = {
            "run": pa.array([job.run for job in jobs], pa.int32()),
            "variant": pa.array([job.variant for job in jobs], pa.int32()),
            "replication": pa.array([job.replication for job in jobs], pa.int32()),
            "seed": pa.array([job.seed for job in jobs], pa.int64()),
            "policy": pa.array([job.policy for job in jobs], pa.string()),
        }
        for column, factor in enumerate(self.design.factors):
            values = [variant.values[column] for variant in variants]
            words = factor.distribution is not None and factor.distribution.words
            columns[f"factor:{factor.name}"] = (
                pa.array(values, pa.string())
                if words
                else pa.array([float(value) for value in values], pa.float64())
            )
        if any(variant.role for variant in self.variants):
            columns["block"] = pa.array([variant.block for variant in variants], pa.int32())
            columns["role"] = pa.array([variant.role for variant in variants], pa.string())
        return pa.table(columns)


CLAIM = "claim:"
"""Begins the address of a factor that chooses which claim gives a figure."""


def _address(factor: Factor) -> str:
    if not factor.claim:
        return factor.path
    return f"figures.{factor.claim}" if factor.draw else f"{CLAIM}{factor.claim}"


def settle(design: Design, scenario: Scenario, addresses: Addresses) -> Plan:
    """Return the plan of a design for a scenario.

    Raises
    ------
    UsageError
        With everything in the design that does not fit the scenario.
    """
    design.check()
    wrong: list[str] = []
    factors: list[Factor] = []
    for factor in design.factors:
        try:
            factors.append(settle_factor(factor, scenario, addresses))
        except UsageError as error:
            wrong.append(f"factor {factor.name}: {error}")
    by_factor = any(factor.policy for factor in design.factors)
    policies = design.policies or scenario.policies[:1]
    if policies == ("all",):
        policies = scenario.policies
    for policy in policies:
        if policy not in scenario.policies:
            wrong.append(f"no policy {policy!r}; {did_you_mean(policy, scenario.policies)}")
    if wrong:
        raise UsageError("; ".join(wrong))
    policies = () if by_factor else policies
    settled = replace(design, factors=tuple(factors), policies=policies)
    plan = Plan(settled, _variants(settled, points(settled)))
    if plan.runs_planned > MOST_RUNS:
        raise UsageError(f"{plan.runs_planned:,} runs; at most {MOST_RUNS:,} can be made")
    if plan.replications < 1:
        raise UsageError(
            f"{design.most_runs} runs at most are fewer than the {len(plan.variants)} variants"
        )
    return plan


def settle_factor(factor: Factor, scenario: Scenario, addresses: Addresses) -> Factor:
    """Return a factor with what the scenario says of it.

    Raises
    ------
    UsageError
        If it does not fit the scenario.
    """
    if factor.policy:
        for policy in factor.distribution.arguments if factor.distribution else ():
            if policy not in scenario.policies:
                hint = did_you_mean(str(policy), scenario.policies)
                raise UsageError(f"no policy {policy!r}; {hint}")
        return factor
    if factor.claim:
        return _settled_claim(factor, scenario, addresses)
    target = addresses.find(factor.path)
    law = factor.distribution
    words = isinstance(target.current, str)
    if law is not None and law.words != words:
        found = f"the word {target.current!r}" if words else "a number"
        wanted = "words are wanted as levels" if words else "numbers are wanted"
        raise UsageError(f"{factor.path!r} is {found}; {wanted}")
    if target.whole and law is not None and law.kind not in ("integers", "levels"):
        law = replace(law, whole=True)
    base: Level | None = factor.base if factor.base is not None else target.current
    if base is None and factor.path.startswith("figures."):
        base = _resolved(scenario, factor.path.removeprefix("figures.")).value
    return replace(factor, distribution=law, base=base, unit=target.unit)


def _settled_claim(factor: Factor, scenario: Scenario, addresses: Addresses) -> Factor:
    choices = dict(addresses.claims(factor.claim))
    resolved = _resolved(scenario, factor.claim)
    law = factor.distribution
    if factor.draw:
        if not resolved.low < resolved.high:
            raise UsageError(f"the claims of {factor.claim!r} leave nothing to draw between")
        whole = scenario.dossier.figures[factor.claim].whole
        given = law
        law = Distribution("uniform", (resolved.low, resolved.high), whole)
        if given not in (None, law):  # it is there when an ensemble is gone on with
            raise UsageError("a draw between claims takes no distribution: they give it")
        start = resolved.value if factor.base is None else factor.base
        return replace(factor, distribution=law, base=start, unit=resolved.unit)
    claims = scenario.dossier.claims
    usable = [
        name
        for name, candidate in zip(
            choices, scenario.dossier.figures[factor.claim].candidates, strict=True
        )
        if not candidate.claim or claims[candidate.claim].rank != "deprecated"
    ]
    law = as_levels(usable) if law is None else law
    for name in law.arguments:
        if name not in usable:
            raise UsageError(
                f"no claim {name!r} gives {factor.claim!r}; {did_you_mean(str(name), usable)}"
            )
    base = factor.base
    if base is None:  # the one that the scenario's first policy rests on
        base = next((name for name in law.arguments if name in resolved.claims), None)
    return replace(factor, distribution=law, base=base)


def _resolved(scenario: Scenario, figure: str) -> Resolved:
    """Return a figure as the scenario's first policy has it."""
    return resolve_figures(scenario, scenario.policies[0], 0)[figure]


def _variants(design: Design, of: Points) -> tuple[Variant, ...]:
    rows = list(zip(*of.values, strict=True)) if of.values else [()]
    policy_at = next((i for i, factor in enumerate(design.factors) if factor.policy), -1)
    blocks = max(of.block, default=-1) + 1
    found = []
    for number, policy in enumerate(design.policies or ("",)):
        for index, row in enumerate(rows):
            found.append(
                Variant(
                    str(row[policy_at]) if policy_at >= 0 else policy,
                    row,
                    number * blocks + of.block[index] if of.block else -1,
                    of.role[index] if of.role else "",
                )
            )
    return tuple(found)
