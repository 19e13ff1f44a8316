"""What another policy changes, and what each change hangs on.

A figure changes where its value, its counting rule or the claims behind it do. One that claims give
changes by the choice of the policy; one that is computed from others, by those of them that do.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from startex.foundation.errors import StartexError, did_you_mean
from startex.sources.bench import Bench
from startex.sources.dossier import Dossier
from startex.sources.homes import Home
from startex.sources.policy import Resolved
from startex.sources.rules import ScenarioFigure
from startex.sources.verdicts import Verdict, verdicts


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure under two policies.

    Attributes
    ----------
    figure, name
        Id and name.
    here, there
        Its value under the policy, and under the one that it is held against.
    because
        Figures whose choice differs and on which it depends, in the order of ids; itself, where
        claims give it.
    """

    figure: str
    name: str
    here: Resolved
    there: Resolved
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changes between two policies, and how much does not.

    Attributes
    ----------
    policy, against
        Ids of the policies.
    figures
        Figures that change, in the order of ids.
    same_figures
        How many do not.
    verdicts
        Claims whose verdict changes: under the policy, and under the other.
    same_verdicts
        How many do not.
    """

    policy: str
    against: str
    figures: tuple[FigureChange, ...]
    same_figures: int
    verdicts: tuple[tuple[Verdict, Verdict], ...]
    same_verdicts: int


def changed(here: Resolved, there: Resolved) -> bool:
    """Return whether value, counting rule or claims differ; words that name the policy do not."""
    return (here.value, here.counting_rule, here.claims) != (
        there.value,
        there.counting_rule,
        there.claims,
    )


def changes(
    dossier: Dossier, policy: str, against: str, seed: int = 0
) -> tuple[tuple[FigureChange, ...], int]:
    """Return the figures that change between two policies, and how many do not.

    Parameters
    ----------
    dossier
        Figures, claims and policies.
    policy, against
        Ids of the policies.
    seed
        Seed of the run, for policies that sample.

    Raises
    ------
    StartexError
        If there is no such policy.
    """
    for name in (policy, against):
        if name not in dossier.policies:
            hint = did_you_mean(name, dossier.policies) if dossier.policies else "it has none"
            raise StartexError(f"the scenario has no policy {name!r}; {hint}")
    here, there = dossier.resolve(policy, seed), dossier.resolve(against, seed)
    other = {name for name in here if changed(here[name], there[name])}
    found = tuple(
        FigureChange(
            name,
            dossier.figures[name].name,
            here[name],
            there[name],
            tuple(sorted(leaves(dossier.figures, name) & other)),
        )
        for name in sorted(other)
    )
    return found, len(here) - len(found)


def leaves(figures: Mapping[str, ScenarioFigure], name: str) -> frozenset[str]:
    """Return the figures given by claims or assumptions that a figure is computed from.

    Itself, where it is such a one.
    """
    found: set[str] = set()
    todo, seen = [name], {name}
    while todo:
        each = figures[todo.pop()]
        parts = (*each.plus, *each.minus)
        if not parts:
            found.add(each.figure)
        todo += [part for part in parts if part not in seen]
        seen.update(parts)
    return frozenset(found)


def difference(
    bench: Bench,
    homes: Mapping[str, tuple[Home, ...]],
    policy: str,
    against: str,
    seed: int = 0,
) -> Difference:
    """Return what changes between two policies: figures, and verdicts on claims.

    Parameters
    ----------
    bench, homes
        As `startex.sources.verdicts.verdicts` takes them.
    policy, against, seed
        As `changes` takes them.

    Raises
    ------
    StartexError
        If there is no such policy.
    """
    found, same = changes(bench.dossier, policy, against, seed)
    judged = [
        verdicts(
            dataclasses.replace(bench, resolved=bench.dossier.resolve(name, seed)), homes, (name,)
        )
        for name in (policy, against)
    ]
    turned = tuple(
        (judged[0][claim], judged[1][claim])
        for claim in judged[0]
        if judged[0][claim].word != judged[1][claim].word
    )
    return Difference(policy, against, found, same, turned, len(judged[0]) - len(turned))
