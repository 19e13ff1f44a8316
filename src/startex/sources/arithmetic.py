"""Arithmetic on claims and positions, declared as data and recomputed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import ConfigDict, Field

from startex.foundation.errors import StartexError, did_you_mean
from startex.foundation.ids import Id
from startex.foundation.provenance import Frozen
from startex.geography.geodesy import direct, inverse
from startex.sources.claims import Claim, Statement
from startex.sources.policy import statement_of
from startex.sources.rules import Reference

M_PER_KM = 1000.0
M_PER_NMI = 1852.0
_METRES = {"km": M_PER_KM, "nmi": M_PER_NMI, "mi": 1609.344, "m": 1.0}

Operation = Literal["distance", "speed", "latitude", "longitude", "difference", "percent", "whole"]
"""``distance``: least geodesic from any ``from`` to any ``to``. ``speed``: that over ``hours``.
``latitude``, ``longitude``: of the point at ``azimuth_deg`` and the distance of the first term.
``difference``: first term less the others. ``percent``: first of second. ``whole``: what the first
term is the second, in percent, of."""


class Point(Frozen):
    """A reference point: one line of ``points.csv``; degrees WGS-84."""

    point: Id
    name: str
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    note: str = ""


class Computation(Frozen):
    """How one figure of an arithmetic claim comes about, and how near it must be.

    ``tolerance`` is in the unit of the statement.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    claim: Id
    subject: str
    field: str
    operation: Operation
    from_: tuple[Id, ...] = Field(default=(), alias="from")
    to: tuple[Id, ...] = ()
    hours: float = Field(default=0.0, ge=0.0)
    azimuth_deg: float = 0.0
    terms: tuple[Reference, ...] = ()
    tolerance: float = Field(gt=0.0)


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A figure as stated and as computed, in ``unit``."""

    claim: str
    field: str
    stated: float
    computed: float
    unit: str
    tolerance: float

    @property
    def agrees(self) -> bool:
        """Whether both agree within the tolerance."""
        return abs(self.stated - self.computed) <= self.tolerance


def point_of(points: Mapping[str, Point], name: str) -> Point:
    """Return a reference point.

    Raises
    ------
    StartexError
        If there is none of that name.
    """
    if name not in points:
        raise StartexError(f"unknown point {name!r}; {did_you_mean(name, points)}")
    return points[name]


def least_distance_m(
    points: Mapping[str, Point], start: tuple[str, ...], end: tuple[str, ...]
) -> tuple[float, str, str]:
    """Return the least geodesic distance, metres, between two sets of points, and its ends."""
    pairs = [(a, b) for a in start for b in end]
    if not pairs:
        raise StartexError("a distance wants points in 'from' and 'to'; name some in each")
    a = [point_of(points, name) for name, _ in pairs]
    b = [point_of(points, name) for _, name in pairs]
    metres = np.atleast_1d(
        inverse(
            np.array([p.lat for p in a]),
            np.array([p.lon for p in a]),
            np.array([p.lat for p in b]),
            np.array([p.lon for p in b]),
        )[1]
    )
    nearest = int(np.argmin(metres))
    return float(metres[nearest]), *pairs[nearest]


def recompute(
    computation: Computation, claims: Mapping[str, Claim], points: Mapping[str, Point]
) -> Recomputed:
    """Return a figure of an arithmetic claim beside what its declared operation gives.

    Raises
    ------
    StartexError
        If it names what does not exist, or lacks what its operation wants.
    """
    wanted = Reference(
        claim=computation.claim, subject=computation.subject, field=computation.field
    )
    statement = statement_of(claims, wanted)
    value = _value(computation, statement, claims, points)
    return Recomputed(
        computation.claim,
        f"{computation.subject}.{computation.field}",
        statement.stated,
        value,
        statement.unit,
        computation.tolerance,
    )


def _value(
    computation: Computation,
    statement: Statement,
    claims: Mapping[str, Claim],
    points: Mapping[str, Point],
) -> float:
    operation = computation.operation
    if operation in ("distance", "speed"):
        metres = least_distance_m(points, computation.from_, computation.to)[0]
        if operation == "distance":
            return metres / _metres_per(statement.unit)
        if computation.hours <= 0.0:
            raise StartexError(f"{computation.claim}: a speed wants 'hours' above 0")
        return metres / M_PER_NMI / computation.hours
    said = [statement_of(claims, term) for term in computation.terms]
    terms = [each.stated for each in said]
    if operation in ("latitude", "longitude"):
        if len(terms) != 1 or len(computation.from_) != 1:
            raise StartexError(f"{computation.claim}: a point wants one 'from' and one term")
        origin = point_of(points, computation.from_[0])
        metres = terms[0] * _metres_per(said[0].unit)
        lat, lon = direct(origin.lat, origin.lon, computation.azimuth_deg, metres)
        return float(np.asarray(lat if operation == "latitude" else lon).item())
    if len(terms) < 2 or (operation != "difference" and terms[1] == 0.0):
        raise StartexError(f"{computation.claim}: {operation} wants two terms, the second not 0")
    if operation == "difference":
        return math.fsum([terms[0], *(-term for term in terms[1:])])
    return 100.0 * terms[0] / terms[1]


def _metres_per(unit: str) -> float:
    if unit not in _METRES:
        raise StartexError(f"{unit!r} is no length; {did_you_mean(unit, _METRES)}")
    return _METRES[unit]
