"""Design files: YAML read with positions, every problem at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from startex.ensemble.design import (
    Design,
    Factor,
    Keep,
    Kind,
    Query,
    Statement,
    Until,
    parse_seeds,
)
from startex.ensemble.distributions import ARGUMENTS, distribution
from startex.foundation.document import Document
from startex.foundation.errors import Problem, ScenarioError, UsageError, did_you_mean
from startex.foundation.provenance import Frozen
from startex.foundation.validate import validate
from startex.foundation.yamlfile import read_yaml
from startex.scenario.shipped import find_scenario

FOLDER = "ensembles"
"""Folder of a scenario that holds its designs."""

_Numbers = Annotated[tuple[float | int, ...], Field(min_length=1)]
_Levels = Annotated[tuple[float | int | str, ...], Field(min_length=1)]


class FactorEntry(Frozen):
    """A factor as written: what is varied, and one distribution."""

    name: str = ""
    path: str = ""
    claim: str = ""
    policy: _Levels | None = None
    draw: bool = False
    base: float | int | str | None = None
    uniform: _Numbers | None = None
    triangular: _Numbers | None = None
    normal: _Numbers | None = None
    log_uniform: _Numbers | None = None
    integers: _Numbers | None = None
    levels: _Levels | None = None

    @model_validator(mode="after")
    def _one_distribution(self) -> FactorEntry:
        given = [kind for kind in ARGUMENTS if getattr(self, kind) is not None]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} are given; keep one distribution")
        if given:
            try:
                distribution(given[0], getattr(self, given[0]))
            except UsageError as error:
                raise ValueError(str(error)) from error
        return self

    def factor(self) -> Factor:
        """Return the factor."""
        kind = next((kind for kind in ARGUMENTS if getattr(self, kind) is not None), "")
        law = distribution(kind, getattr(self, kind)) if kind else None
        if self.policy is not None:
            law = distribution("levels", self.policy)
        name = self.name or self.path or self.claim or ("policy" if self.policy else "")
        return Factor(
            name, self.path, self.claim, self.policy is not None, law, self.draw, self.base
        )


class QueryEntry(Frozen):
    """A measure in SQL."""

    name: Annotated[str, Field(min_length=1)]
    query: Annotated[str, Field(min_length=1)]
    unit: str = ""


class UntilEntry(Frozen):
    """When replications end; see `design.Until`."""

    measure: Annotated[str, Field(min_length=1)]
    half_width: float
    key: str = ""
    relative: bool = False
    confidence: float = 0.95
    batch: int = 10


class StatementEntry(Frozen):
    """A conclusion; see `design.Statement`."""

    says: Annotated[str, Field(min_length=1)]
    measure: Annotated[str, Field(min_length=1)]
    key: str = ""
    at_least: float | None = None
    at_most: float | None = None


class MostEntry(Frozen):
    """A budget of runs and of time."""

    runs: int | None = None
    minutes: float | None = None


class DesignEntry(Frozen):
    """A design file; see `design.Design`."""

    kind: Kind = "factorial"
    points: int = 2
    sample_seed: int = 0
    seeds: int | str | tuple[int, ...] = 0
    policies: str | tuple[str, ...] = ()
    factors: tuple[FactorEntry, ...] = ()
    measures: str | tuple[str, ...] = ("*",)
    sql: tuple[QueryEntry, ...] = ()
    conclusions: tuple[StatementEntry, ...] = ()
    until: UntilEntry | None = None
    most: MostEntry = MostEntry()
    independent: bool = False
    keep: Keep = "none"

    def design(self) -> Design:
        """Return the design.

        Raises
        ------
        UsageError
            If the seeds cannot be read.
        """
        until = self.until
        return Design(
            factors=tuple(entry.factor() for entry in self.factors),
            kind=self.kind,
            points=self.points,
            sample_seed=self.sample_seed,
            seeds=_seeds(self.seeds),
            policies=_listed(self.policies),
            measures=_listed(self.measures),
            queries=tuple(Query(q.name, q.query, q.unit) for q in self.sql),
            conclusions=tuple(Statement(**one.model_dump()) for one in self.conclusions),
            until=None if until is None else Until(**until.model_dump()),
            most_runs=self.most.runs,
            most_minutes=self.most.minutes,
            common_random_numbers=not self.independent,
            keep=self.keep,
        )


def find_design(scenario: str, name: str) -> Path:
    """Return a design file: one that exists, or one in the folder ``ensembles`` of the scenario.

    Raises
    ------
    UsageError
        If there is neither; those that the scenario has are named.
    """
    if Path(name).is_file():
        return Path(name)
    folder = find_scenario(scenario) / FOLDER
    known = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if name not in known:
        has = did_you_mean(name, known) if known else "the scenario has none of its own"
        raise UsageError(f"no design {name!r}: there is no such file, and {has}")
    return known[name]


def read_design(path: Path) -> Design:
    """Return the design of a file.

    Raises
    ------
    ScenarioError
        With every problem of the file.
    """
    document = read_yaml(path, str(path))
    if document.data is not None and not isinstance(document.data, dict):
        remedy = "Write 'factors:', 'seeds: 0..9' and so on."
        raise ScenarioError([document.problem((), "keys with values are wanted.", remedy)])
    entry, problems = validate(DesignEntry, document)
    if entry is None:
        raise ScenarioError(problems)
    try:
        design = entry.design()
    except UsageError as error:
        raise ScenarioError([document.problem(("seeds",), f"{error}.")]) from error
    found = [_problem(document, at, why) for at, why in design.problems()]
    if found:
        raise ScenarioError(found)
    return design


def _problem(document: Document, at: tuple[str | int, ...], why: str) -> Problem:
    return document.problem(at, f"{why}.")


def _seeds(value: int | str | tuple[int, ...]) -> tuple[int, ...]:
    if isinstance(value, int):
        return (value,)
    return parse_seeds(value) if isinstance(value, str) else value


def _listed(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
