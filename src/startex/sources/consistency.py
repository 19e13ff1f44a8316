"""Checks that sources, claims, conflicts, figures, policies and homes fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from startex.foundation.document import DataPath
from startex.foundation.errors import Problem, StartexError, did_you_mean
from startex.sources.arithmetic import Computation, recompute
from startex.sources.checks import CHECKS
from startex.sources.claims import Claim, Source
from startex.sources.conflicts import Conflict
from startex.sources.dossier import Dossier, Located
from startex.sources.homes import HomeEntry
from startex.sources.hypotheses import Question
from startex.sources.indicators import Indicator, misfits
from startex.sources.policy import resolve
from startex.sources.rules import Policy, ScenarioFigure

_NEUTRAL = Policy(policy="neutral", name="Neutral", summary="No rules: best rank, latest date.")


def check_dossier(dossier: Dossier, broken: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield every name that is used and not declared, and every figure that has no value.

    Parameters
    ----------
    dossier
        What was read.
    broken
        Files with problems of their own: what they should declare is not missed.
    """
    bad = set(broken)
    known: dict[str, Iterable[str] | None] = {
        "source": None if "sources.csv" in bad else dossier.sources,
        "origin": None if "origins.csv" in bad else dossier.origins,
        "claim": None if any(name.startswith("claims") for name in bad) else dossier.claims,
        "figure": None if "figures.yaml" in bad else dossier.figures,
        "policy": None if "policies.yaml" in bad else dossier.policies,
        "question": None if "hypotheses.yaml" in bad else dossier.questions,
        "check": CHECKS,
    }
    unknown = False
    for located in dossier.located:
        for kind, path, name in _names(located):
            allowed = known[kind]
            if allowed is not None and name not in allowed:
                unknown = True
                hint = did_you_mean(name, allowed)
                remedy = hint[:1].upper() + hint[1:] or f"No {kind} is declared."
                yield located.problem(path, f"unknown {kind} {name!r}.", remedy)
    yield from _expectations(dossier)
    if not bad and not unknown:
        yield from _derived(dossier)
        yield from _values(dossier)


Name = tuple[str, DataPath, str]
"""Kind, path and name of something that an entry refers to."""


def _names(located: Located) -> Iterator[Name]:
    entry = located.entry
    if isinstance(entry, Source | Claim):
        yield "origin", ("origin",), entry.origin
        if isinstance(entry, Claim):
            yield "source", ("source",), entry.source
        else:
            yield from (("source", ("derived_from",), name) for name in entry.derived_from)
    elif isinstance(entry, Conflict):
        for side, each in enumerate(entry.sides):
            yield from _listed("claim", ("sides", side, "claims"), each.claims)
        yield from _listed("figure", ("figures",), entry.figures)
    elif isinstance(entry, ScenarioFigure):
        for index, candidate in enumerate(entry.candidates):
            if candidate.claim:
                yield "claim", ("candidates", index, "claim"), candidate.claim
        yield from _listed("figure", ("plus",), entry.plus)
        yield from _listed("figure", ("minus",), entry.minus)
    elif isinstance(entry, Policy):
        yield from _names_of_policy(entry)
    else:
        yield from _names_of_uses(entry)


def _names_of_uses(entry: object) -> Iterator[Name]:
    if isinstance(entry, Question):
        for at, item in enumerate(entry.evidence):
            yield from _listed("claim", ("evidence", at, "claims"), item.claims)
            yield from _listed("claim", ("evidence", at, "checks"), item.checks)
    elif isinstance(entry, Indicator):
        yield "question", ("question",), entry.question
        yield from _listed("claim", ("claims",), entry.claims)
    elif isinstance(entry, HomeEntry | Computation):
        yield "claim", ("claim",), entry.claim
        calls = entry.checks if isinstance(entry, HomeEntry) else ()
        terms = entry.terms if isinstance(entry, Computation) else ()
        for index, call in enumerate(calls):
            yield "check", ("checks", index, "check"), call.check
        for index, term in enumerate(terms):
            yield "claim", ("terms", index, "claim"), term.claim


def _names_of_policy(policy: Policy) -> Iterator[Name]:
    if policy.extends:
        yield "policy", ("extends",), policy.extends
    for number, rule in enumerate(policy.rules):
        if rule.claim:
            yield "claim", ("rules", number, "claim"), rule.claim
        yield from _listed("figure", ("rules", number, "figures"), rule.figures)
        yield from _listed("origin", ("rules", number, "origins"), rule.origins)


def _listed(kind: str, path: DataPath, names: Iterable[str]) -> Iterator[Name]:
    for index, name in enumerate(names):
        yield kind, (*path, index), name


def _expectations(dossier: Dossier) -> Iterator[Problem]:
    for located in dossier.located:
        entry = located.entry
        if isinstance(entry, Indicator) and entry.question in dossier.questions:
            for path, message, remedy in misfits(entry, dossier.questions[entry.question]):
                yield located.problem(path, message, remedy)


def _derived(dossier: Dossier) -> Iterator[Problem]:
    for located in dossier.located:
        if isinstance(located.entry, Source):
            start = located.entry.source
            todo, seen = [start], set()
            while todo:
                for parent in dossier.sources[todo.pop()].derived_from:
                    if parent == start:
                        message = f"the source {start!r} is derived from itself."
                        remedy = "Name only what it repeats."
                        yield located.problem(("derived_from",), message, remedy)
                        todo = []
                        break
                    if parent in dossier.sources and parent not in seen:
                        seen.add(parent)
                        todo.append(parent)


def _values(dossier: Dossier) -> Iterator[Problem]:
    for located in dossier.located:
        entry = located.entry
        try:
            if isinstance(entry, ScenarioFigure):
                only = {entry.figure: entry} if entry.candidates else dossier.figures
                resolve(only, dossier.claims, {_NEUTRAL.policy: _NEUTRAL}, _NEUTRAL.policy)
            elif isinstance(entry, Policy):
                resolve(dossier.figures, dossier.claims, dossier.policies, entry.policy)
            elif isinstance(entry, Computation):
                recompute(entry, dossier.claims, dossier.points)
        except StartexError as error:
            yield located.problem((), f"{error}.")
