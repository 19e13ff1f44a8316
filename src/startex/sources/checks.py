"""Checks: what can be computed about a claim, with its figure and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from startex.foundation.errors import StartexError, did_you_mean
from startex.geography.geodesy import inverse
from startex.geography.places import Place
from startex.sources import passages, treaties  # noqa: F401  they enter their checks
from startex.sources.arithmetic import M_PER_KM, least_distance_m, point_of
from startex.sources.bench import (
    CHECKS,
    Bench,
    Finding,
    check,
    held,
    outline,
    own_statement,
    resolved_figure,
)
from startex.sources.claims import Claim
from startex.sources.edtf import edtf_bounds
from startex.sources.policy import statement_of
from startex.sources.rules import Reference

__all__ = ["CHECKS", "run_checks"]

_NO_SPEAKERS = {"background", "arithmetic"}  # kinds of origin that report nothing


def run_checks(bench: Bench, claim: str) -> list[Finding]:
    """Return what the checks of a claim find; none where ``homes.yaml`` names none.

    Raises
    ------
    StartexError
        If a check lacks what it wants, or names what does not exist.
    """
    entry = bench.dossier.homes.get(claim)
    findings = []
    for call in entry.checks if entry else ():
        if call.check not in CHECKS:
            raise StartexError(f"unknown check {call.check!r}; {did_you_mean(call.check, CHECKS)}")
        try:
            found = CHECKS[call.check](bench, bench.dossier.claims[claim], call.given)
        except KeyError as error:
            raise StartexError(f"check {call.check} of {claim} wants {error} in 'given'") from error
        except (TypeError, ValueError) as error:
            raise StartexError(f"check {call.check} of {claim} cannot run: {error}") from error
        findings.append(found)
    return findings


@check
def nearest_place(bench: Bench, claim: Claim, given: Mapping[str, Any]) -> Finding:
    """Least distance (km) from any place of the given ``kinds`` to any of the points ``to``.

    Held against the claim's own statement, if it has a number.
    """
    kinds = tuple(given["kinds"])
    points = [point_of(bench.dossier.points, name) for name in given["to"]]
    best: list[tuple[float, Place]] = []
    for place in bench.places:
        if place.kind in kinds and place.id not in given.get("except", ()):
            lat, lon = outline(place)
            metres = min(float(np.min(inverse(lat, lon, p.lat, p.lon)[1])) for p in points)
            best.append((metres / M_PER_KM, place))
    if not best:
        raise StartexError(f"the scenario has no place of kind {', '.join(kinds)}")
    best.sort(key=lambda pair: (pair[0], pair[1].id))
    least, nearest = best[0]
    numbers = [said for said in claim.says if said.numeric]
    verdict = held(numbers[0].allows(least)) if numbers else "computed"
    names = " or ".join(p.name for p in points)
    sentence = (
        f"Of the {len(best)} places of the exercise the nearest to {names} is {nearest.name}, "
        f"{least:,.0f} km; the farthest, {best[-1][1].name}, {best[-1][0]:,.0f} km."
    )
    return Finding("nearest_place", claim.claim, least, "km", verdict, sentence)


@check
def place_count(bench: Bench, claim: Claim, given: Mapping[str, Any]) -> Finding:
    """Hold the claim's number against that of places of the given ``kinds``, less ``except``."""
    kinds, said = tuple(given["kinds"]), own_statement(claim, given)
    left = tuple(given.get("except", ()))
    names = [p.name for p in bench.places if p.kind in kinds and p.id not in left]
    sentence = f"The claim has {said}; the exercise is held at {len(names)}: {', '.join(names)}."
    verdict = held(said.allows(float(len(names))))
    return Finding("place_count", claim.claim, float(len(names)), "place", verdict, sentence)


@check
def distance(bench: Bench, claim: Claim, given: Mapping[str, Any]) -> Finding:
    """Least distance (km) between two sets of points; ``within_km`` is what the claim needs."""
    start, end = tuple(given["from"]), tuple(given["to"])
    metres, a, b = least_distance_m(bench.dossier.points, start, end)
    names = bench.dossier.points
    km = metres / M_PER_KM
    limit = given.get("within_km")
    verdict = "computed" if limit is None else held(km <= float(limit))
    sentence = f"{names[a].name} lies {km:,.0f} km from {names[b].name}."
    return Finding("distance", claim.claim, km, "km", verdict, sentence)


@check
def figure(bench: Bench, claim: Claim, given: Mapping[str, Any]) -> Finding:
    """Hold the claim's number or date against a figure of the scenario."""
    name = str(given["figure"])
    said, used = own_statement(claim, given), resolved_figure(bench, name)
    if isinstance(used.value, str):
        gap = _gap_days(said.date, used.value)
        verdict, number, unit = held(gap == 0), float(gap), "d"
        words, shown = said.date, used.value
    else:
        # A floor is taken as exact, so the figure may stand on the very edge of the words.
        low, high = said.interval
        verdict, number, unit = held(low <= used.value <= high), used.value, used.unit
        words, shown = str(said), f"{used.value:,.10g} {used.unit}"
    sentence = f"The claim has {words}; the scenario's {name} is {shown} ({used.reason})."
    return Finding("figure", claim.claim, number, unit, verdict, sentence)


@check
def remainder(bench: Bench, claim: Claim, given: Mapping[str, Any]) -> Finding:
    """Take the other ``fields`` of the claim from the first; hold it against a ``figure``."""
    said = [
        statement_of(bench.dossier.claims, Reference(claim=claim.claim, field=name))
        for name in given["fields"]
    ]
    value = said[0].stated - sum(each.stated for each in said[1:])
    used = resolved_figure(bench, str(given["figure"]))
    terms = " - ".join(f"{each.stated:,.10g}" for each in said)
    sentence = f"{terms} = {value:,.10g}; the scenario's {used.figure} is {used.number:,.10g}."
    verdict = held(value == used.number)
    return Finding("remainder", claim.claim, value, used.unit, verdict, sentence)


@check
def names_among(bench: Bench, claim: Claim, given: Mapping[str, Any]) -> Finding:
    """How many of the names the claim lists stand in the list ``of`` another claim.

    ``host`` is allowed too, and ``vague`` words ("other countries") are no names.
    """
    other = bench.dossier.claims[str(given["of"])]
    listed = statement_of(
        bench.dossier.claims,
        Reference(claim=other.claim, field=str(given.get("of_field", given["field"]))),
    ).items
    own = [name for name in own_statement(claim, given).items if name not in given.get("vague", ())]
    allowed = {*listed, *given.get("host", ())}
    inside = [name for name in own if name in allowed]
    missing = [name for name in own if name not in allowed]
    rest = [name for name in listed if name not in own]
    sentence = f"{len(inside)} of the {len(own)} named stand in the list of {other.claim}"
    sentence += f" (not: {', '.join(missing)})" if missing else ""
    sentence += f"; that list also has {', '.join(rest)}." if rest else ", which has no others."
    verdict = held(not missing)
    return Finding("names_among", claim.claim, float(len(inside)), "name", verdict, sentence)


@check
def dates_agree(bench: Bench, claim: Claim, given: Mapping[str, Any]) -> Finding:
    """Days between the date the claim gives and the date another claim (``against``) gives."""
    said = own_statement(claim, given)
    other = statement_of(bench.dossier.claims, Reference(**given["against"]))
    name = str(given["against"]["claim"])
    gap = _gap_days(said.date, other.date)
    between = "the dates are compatible" if gap == 0 else f"{_many(gap, 'day')} between"
    sentence = f"The claim has {said.date}, {name} has {other.date}: {between}."
    return Finding("dates_agree", claim.claim, float(gap), "d", held(gap == 0), sentence)


def _gap_days(one: str, other: str) -> int:
    a, b = edtf_bounds(one), edtf_bounds(other)
    return max(0, (b[0] - a[1]).days, (a[0] - b[1]).days)


@check
def chorus(bench: Bench, claim: Claim, given: Mapping[str, Any]) -> Finding:
    """How many independent first speakers say anything about the same thing as the claim."""
    said = own_statement(claim, given)
    subject, field = said.subject, said.field
    claims, origins = bench.dossier.claims, bench.dossier.origins
    voices = [other for other in claims.values() if other.find(subject, field)]
    speakers = {o.origin for o in voices if origins[o.origin].kind not in _NO_SPEAKERS}
    words = {str(each) for other in voices for each in other.find(subject, field)}
    sentence = (
        f"On {subject}'s {field.replace('_', ' ')}: {_many(len(voices), 'claim')} from "
        f"{_many(len(speakers), 'independent origin')} ({', '.join(sorted(speakers))}), "
        f"in {_many(len(words), 'wording')}."
    )
    return Finding("chorus", claim.claim, float(len(speakers)), "origin", "computed", sentence)


def _many(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
