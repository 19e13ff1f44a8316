"""Where each claim is used: its homes in the scenario and in the program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from startex.foundation.ids import Id
from startex.foundation.provenance import Frozen
from startex.sources.claims import natural_key

if TYPE_CHECKING:
    from startex.sources.dossier import Dossier

HomeKind = Literal[
    "scenario", "figure", "policy", "check", "arithmetic", "context", "conflict", "elsewhere"
]

FIRM: frozenset[HomeKind] = frozenset(
    {"scenario", "figure", "policy", "check", "context", "elsewhere"}
)
"""Kinds that count as a home: to stand in a conflict is not yet to be used."""


class CheckCall(Frozen):
    """A check of `startex.sources.checks` with what it is to look at."""

    check: str
    given: Mapping[str, Any] = Field(default_factory=dict)


class Elsewhere(Frozen):
    """A claim of another shipped scenario, which runs or checks the same statement.

    Attributes
    ----------
    scenario
        Name of the shipped scenario.
    claim
        Id of the claim there.
    """

    scenario: Id
    claim: Id

    def __str__(self) -> str:
        return f"{self.claim} of {self.scenario}"


class MeasureCall(Frozen):
    """A figure of the review that a claim is held against, once there is a run.

    Attributes
    ----------
    measure
        Id of the figure.
    at_least, at_most
        A number, or the id of another figure, that it must reach or must not exceed.
    says
        What the figure tells about the claim.
    """

    measure: str
    at_least: float | str | None = None
    at_most: float | str | None = None
    says: str


class HomeEntry(Frozen):
    """An entry of ``homes.yaml``: what is done with a claim beyond naming it.

    Attributes
    ----------
    claim
        The claim.
    context
        Why nothing more can be done with it than to keep it.
    checks
        Checks that compute something about it.
    measures
        Figures of the review of a run that it is held against.
    runs
        What of the scenario it is the reason for; some part of the scenario must name it.
    elsewhere
        Where another shipped scenario runs or checks the same statement.
    """

    claim: Id
    context: str = ""
    checks: tuple[CheckCall, ...] = ()
    measures: tuple[MeasureCall, ...] = ()
    runs: str = ""
    elsewhere: Elsewhere | None = None

    @model_validator(mode="after")
    def _has_one(self) -> HomeEntry:
        done = self.context.strip() or self.checks or self.measures or self.runs.strip()
        if not (done or self.elsewhere):
            raise ValueError(
                "name a 'context' with its reason, 'checks', 'measures', what it 'runs' as, or "
                "'elsewhere'"
            )
        return self


@dataclass(frozen=True, slots=True, order=True)
class Home:
    """One place where a claim is used."""

    kind: HomeKind
    where: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where}"


def gather(
    dossier: Dossier, usages: Iterable[tuple[str, tuple[str, ...]]] = ()
) -> dict[str, tuple[Home, ...]]:
    """Return the homes of every claim, by claim in natural order; () where there is none.

    Parameters
    ----------
    dossier
        The claims, figures, policies, conflicts and homes of a scenario.
    usages
        Where-text and claims of everything in the scenario that names claims.
    """
    homes: dict[str, dict[Home, None]] = {
        claim: {} for claim in sorted(dossier.claims, key=natural_key)
    }
    for claim, home in _all(dossier, usages):
        if claim in homes:
            homes[claim][home] = None
    return {claim: tuple(found) for claim, found in homes.items()}


def unmet(dossier: Dossier, usages: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Return the claims that ``homes.yaml`` says run, and that nothing in the scenario names."""
    named = {claim for _, claims in usages for claim in claims}
    return [
        entry.claim for entry in dossier.homes.values() if entry.runs and entry.claim not in named
    ]


def homeless(homes: Mapping[str, tuple[Home, ...]]) -> list[str]:
    """Return the claims that have no firm home."""
    return [claim for claim, found in homes.items() if not any(h.kind in FIRM for h in found)]


def _all(
    dossier: Dossier, usages: Iterable[tuple[str, tuple[str, ...]]]
) -> Iterator[tuple[str, Home]]:
    for where, claims in usages:
        for claim in claims:
            yield claim, Home("scenario", where)
    yield from _choices(dossier)
    for computed in dossier.arithmetic:
        what = f"recomputed: {computed.subject}.{computed.field}"
        yield computed.claim, Home("check", what)
        for term in computed.terms:
            yield term.claim, Home("arithmetic", f"enters {computed.claim} {computed.field}")
    for entry in dossier.homes.values():
        for call in entry.checks:
            yield entry.claim, Home("check", call.check)
        for each in entry.measures:
            yield entry.claim, Home("check", f"measure {each.measure}")
        if entry.context.strip():
            yield entry.claim, Home("context", entry.context.strip())
        if entry.elsewhere:
            yield entry.claim, Home("elsewhere", str(entry.elsewhere))
    for conflict in dossier.conflicts.values():
        for claim in conflict.claims:
            yield claim, Home("conflict", f"{conflict.conflict} {conflict.topic}")


def _choices(dossier: Dossier) -> Iterator[tuple[str, Home]]:
    for figure in dossier.figures.values():
        for candidate in figure.candidates:
            if candidate.claim:
                yield candidate.claim, Home("figure", figure.figure)
    for policy in dossier.policies.values():
        for rule in policy.rules:
            if rule.claim:
                what = ", ".join(rule.figures) or "every figure"
                yield rule.claim, Home("policy", f"{policy.policy} picks it for {what}")
