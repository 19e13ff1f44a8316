"""Everything that a scenario says about sources and claims, read and indexed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from startex.foundation.document import DataPath, Document
from startex.foundation.errors import Problem
from startex.sources.arithmetic import Computation, Point
from startex.sources.claims import Claim, Origin, Source
from startex.sources.conflicts import Conflict
from startex.sources.homes import HomeEntry
from startex.sources.hypotheses import Question
from startex.sources.indicators import Indicator
from startex.sources.policy import Resolved, resolve
from startex.sources.rules import Policy, ScenarioFigure


@dataclass(frozen=True, slots=True)
class Located:
    """An entry and where it stands."""

    entry: BaseModel
    document: Document
    path: DataPath

    def problem(self, where: DataPath, message: str, remedy: str = "") -> Problem:
        """Return a problem at a piece of the entry."""
        return self.document.problem((*self.path, *where), message, remedy)


@dataclass(frozen=True)
class Dossier:
    """Sources, claims, conflicts, figures and policies of a scenario, each by id.

    Ids are in natural order, whatever the order in the files.

    Attributes
    ----------
    folder
        The scenario folder.
    arithmetic
        How the figures of arithmetic claims come about.
    located
        Every entry with its position, for problems.
    """

    folder: Path
    sources: Mapping[str, Source] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    figures: Mapping[str, ScenarioFigure] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    homes: Mapping[str, HomeEntry] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    points: Mapping[str, Point] = field(default_factory=dict)
    arithmetic: tuple[Computation, ...] = ()
    located: tuple[Located, ...] = ()

    def resolve(self, policy: str, seed: int = 0) -> dict[str, Resolved]:
        """Return the value of every figure under a policy (see `policy.resolve`)."""
        return resolve(self.figures, self.claims, self.policies, policy, seed)

    def checks_of(self, claim: str) -> tuple[str, ...]:
        """Return the names of what computes something about a claim, measures of a run included."""
        entry = self.homes.get(claim)
        calls = [call.check for call in entry.checks] if entry else []
        calls += ["recomputed"] if any(each.claim == claim for each in self.arithmetic) else []
        calls += [f"measure {each.measure}" for each in entry.measures] if entry else []
        return tuple(dict.fromkeys(calls))

    def conflicts_of(self, claim: str) -> tuple[Conflict, ...]:
        """Return the conflicts a claim takes part in."""
        return tuple(c for c in self.conflicts.values() if claim in c.claims)

    def same_origin(self, claim: str) -> tuple[str, ...]:
        """Return the other claims that go back to the same first speaker."""
        origin = self.claims[claim].origin
        return tuple(c for c, other in self.claims.items() if other.origin == origin and c != claim)
