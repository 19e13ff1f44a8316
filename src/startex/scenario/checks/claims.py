"""That every check of a claim can run, and that what is said to stand elsewhere stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from startex.foundation.errors import Problem, StartexError, did_you_mean
from startex.geography.places import Places
from startex.scenario.shipped import SHIPPED, shipped_scenarios
from startex.sources.bench import Bench
from startex.sources.checks import run_checks
from startex.sources.dossier import Dossier
from startex.sources.homes import HomeEntry
from startex.sources.load import quotes_in


def check_claim_checks(
    dossier: Dossier, places: Places, policies: Sequence[str]
) -> Iterator[Problem]:
    """Yield each claim in ``homes.yaml`` whose checks lack something or name what is not there.

    Parameters
    ----------
    dossier
        Claims and figures, without a problem of their own.
    places
        Places of the scenario.
    policies
        Policies of the scenario, the default first.
    """
    bench = Bench(dossier, places, dossier.resolve(policies[0]))
    for located in dossier.located:
        if not isinstance(located.entry, HomeEntry):
            continue
        try:
            run_checks(bench, located.entry.claim)
        except StartexError as error:
            said = str(error).rstrip(".") + "."
            yield located.problem(("checks",), said, "Mend what the check is given.")


def check_elsewhere(dossier: Dossier) -> Iterator[Problem]:
    """Yield each claim in ``homes.yaml`` that another scenario is said to have, and has not.

    It must be a shipped scenario, and its claim must have the same words.
    """
    quotes: dict[str, dict[str, str]] = {}
    shipped = shipped_scenarios()
    for located in dossier.located:
        entry = located.entry
        if not isinstance(entry, HomeEntry) or entry.elsewhere is None:
            continue
        name, claim = entry.elsewhere.scenario, entry.elsewhere.claim
        if name not in shipped:
            remedy = did_you_mean(name, shipped)
            message = f"no scenario {name!r} comes with the program."
            where = ("elsewhere", "scenario")
            yield located.problem(where, message, remedy[:1].upper() + remedy[1:])
            continue
        there = quotes.setdefault(name, quotes_in(SHIPPED / name))
        where, own = ("elsewhere", "claim"), dossier.claims.get(entry.claim)
        if claim not in there:
            remedy = did_you_mean(claim, there)
            message = f"{name} has no claim {claim!r}."
            yield located.problem(where, message, remedy[:1].upper() + remedy[1:])
        elif own is not None and there[claim] != own.quote:
            message = f"{claim} of {name} has other words: {there[claim]!r}."
            yield located.problem(where, message, "Name the claim that quotes the same passage.")
