"""What checks of claims look at, what they find, and the register of them.

A check is a function of the dossier, the scenario's places, the claim and what ``homes.yaml``
gives it. None takes sides: it says what the claims and positions of the scenario give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from startex.foundation.errors import StartexError, did_you_mean
from startex.geography.geodesy import inverse
from startex.geography.places import Place, Places
from startex.sources.claims import Claim, Statement
from startex.sources.dossier import Dossier
from startex.sources.policy import Resolved

_EDGE_STEP_M = 5_000.0  # an outline is sampled this densely


@dataclass(frozen=True)
class Bench:
    """What checks look at.

    Attributes
    ----------
    dossier
        Claims and figures.
    places
        Places of the scenario.
    resolved
        Its figures under the policy that is looked at.
    """

    dossier: Dossier
    places: Places
    resolved: Mapping[str, Resolved]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes
    ----------
    check, claim
        Its name and the claim it is about.
    figure, unit
        What was computed.
    verdict
        ``holds``, ``does not hold``, or ``computed`` where there is nothing to hold it against.
    sentence
        The same in words.
    """

    check: str
    claim: str
    figure: float
    unit: str
    verdict: str
    sentence: str


Check = Callable[[Bench, Claim, Mapping[str, Any]], Finding]

CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Enter a check under its name."""
    CHECKS[function.__name__] = function
    return function


def held(holds: bool) -> str:
    """Return the verdict on a claim that can be held against something."""
    return "holds" if holds else "does not hold"


def own_statement(claim: Claim, given: Mapping[str, Any]) -> Statement:
    """Return what the claim says about the given ``subject`` and ``field``."""
    found = claim.find(str(given.get("subject", "")), str(given.get("field", "")))
    if not found:
        raise StartexError(f"{claim.claim} says nothing about {given.get('field')!r}")
    return found[0]


def resolved_figure(bench: Bench, name: str) -> Resolved:
    """Return a figure of the scenario under the policy that is looked at."""
    if name not in bench.resolved:
        raise StartexError(f"unknown figure {name!r}; {did_you_mean(name, bench.resolved)}")
    return bench.resolved[name]


def outline(
    place: Place,
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return latitudes and longitudes (degrees) along the edge of a place, or of its point."""
    if not place.polygon:
        return np.array([place.lat]), np.array([place.lon])
    lon, lat = (np.array(column) for column in zip(*place.polygon, strict=True))
    return along(np.append(lat, lat[0]), np.append(lon, lon[0]))


def along(
    lat: np.ndarray[Any, Any], lon: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return points (degrees) every 5 km or closer along a line."""
    edges = inverse(lat[:-1], lon[:-1], lat[1:], lon[1:])[1]
    steps = [np.linspace(0.0, 1.0, max(2, int(length // _EDGE_STEP_M) + 2)) for length in edges]
    pairs = [
        (lat[i] + t * (lat[i + 1] - lat[i]), lon[i] + t * (lon[i + 1] - lon[i]))
        for i, t in enumerate(steps)
    ]
    return np.concatenate([p[0] for p in pairs]), np.concatenate([p[1] for p in pairs])
