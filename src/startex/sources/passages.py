"""Whether somebody could have been at both of two places that claims put him at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from startex.foundation.errors import StartexError
from startex.geography.geodesy import inverse
from startex.sources.arithmetic import M_PER_NMI, point_of
from startex.sources.bench import Bench, Finding, check, held
from startex.sources.claims import Claim
from startex.sources.edtf import edtf_bounds
from startex.sources.policy import statement_of
from startex.sources.rules import Reference


@check
def passage(bench: Bench, claim: Claim, given: Mapping[str, Any]) -> Finding:
    """Least speed (kn) that takes one along ``points`` between two dates of claims.

    Geodesics from point to point, from the beginning of the first date that ``leaves`` allows to
    the end of the last that ``arrives`` allows. ``at_most_kn`` is what the slowest can make, with
    the reason in ``because``. The figure is a bound from below: who stays longer at either end, or
    goes round more, is faster meanwhile.
    """
    names = [str(name) for name in given["points"]]
    points = [point_of(bench.dossier.points, name) for name in names]
    if len(points) < 2:
        raise StartexError(f"a passage of {claim.claim} wants two points or more")
    metres = sum(float(inverse(a.lat, a.lon, b.lat, b.lon)[1]) for a, b in pairwise(points))
    leaves, arrives = _dates(bench, given["leaves"]), _dates(bench, given["arrives"])
    hours = (arrives[1] - leaves[0] + timedelta(days=1)).total_seconds() / 3600.0
    if hours <= 0.0:
        raise StartexError(f"a passage of {claim.claim} arrives before it leaves")
    knots = metres / M_PER_NMI / hours
    limit = float(given["at_most_kn"])
    sentence = (
        f"{points[0].name} to {points[-1].name} is {metres / M_PER_NMI:,.0f} nautical miles or "
        f"more; from {leaves[0].isoformat()} to {arrives[1].isoformat()} that takes "
        f"{knots:.1f} kn at least, of {limit:g} kn ({given['because']})."
    )
    return Finding("passage", claim.claim, knots, "kn", held(knots <= limit), sentence)


def _dates(bench: Bench, given: Mapping[str, Any]) -> Any:
    return edtf_bounds(statement_of(bench.dossier.claims, Reference(**given)).date)
