"""That every check of a claim can run, on the places and figures of the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from startex.foundation.errors import Problem, StartexError
from startex.geography.places import Places
from startex.sources.bench import Bench
from startex.sources.checks import run_checks
from startex.sources.dossier import Dossier
from startex.sources.homes import HomeEntry


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
