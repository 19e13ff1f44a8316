"""Agreements on military confidence-building: whether they apply where an exercise is held.

A threshold says nothing outside the zone of application, so the zone is looked at first.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field, TypeAdapter, model_validator
from shapely.geometry import Point, Polygon

from startex.foundation.errors import StartexError, did_you_mean
from startex.foundation.ids import Id
from startex.foundation.provenance import Frozen
from startex.foundation.yamlfile import read_yaml
from startex.geography.geodesy import inverse
from startex.geography.places import Place
from startex.sources.arithmetic import M_PER_KM
from startex.sources.bench import Bench, Finding, along, check, held, outline, resolved_figure
from startex.sources.claims import Claim

FILE = Path(__file__).parents[1] / "data" / "treaties" / "treaties.yaml"

Line = tuple[tuple[float, float], ...]
"""Longitudes and latitudes, degrees."""


class Duty(Frozen):
    """What an agreement asks from a number of persons on."""

    persons: float = Field(gt=0)
    duty: str


class Treaty(Frozen):
    """An agreement.

    Attributes
    ----------
    treaty, name, source
        Its id, its name in the middle of a sentence, where its figures are from.
    duties
        What it asks, from how many persons on.
    zones
        Polygons that it applies in; or:
    lines, within_km
        Lines, and how near to them it applies.
    uncertainty_km
        How far zones and lines may be drawn wrong: nothing is said of what is nearer to an edge.
    """

    treaty: Id
    name: str
    duties: tuple[Duty, ...]
    source: str
    uncertainty_km: float = Field(gt=0)
    zones: tuple[Line, ...] = ()
    lines: tuple[Line, ...] = ()
    within_km: float = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _somewhere(self) -> Treaty:
        if bool(self.zones) == bool(self.lines and self.within_km):
            raise ValueError("give either 'zones', or 'lines' with 'within_km'")
        return self

    def depth_km(self, place: Place) -> float:
        """Return how far inside the zone the place lies (km); negative outside.

        The part of its outline that lies farthest inside decides.
        """
        lat, lon = outline(place)
        return max(self._depth_km(float(a), float(b)) for a, b in zip(lat, lon, strict=True))

    def _depth_km(self, lat: float, lon: float) -> float:
        if self.lines:
            nearest = min(_least_km(line, lat, lon) for line in self.lines)
            return self.within_km - nearest
        inside = any(_contains(zone, lat, lon) for zone in self.zones)
        edge = min(_least_km((*zone, zone[0]), lat, lon) for zone in self.zones)
        return edge if inside else -edge


def _least_km(line: Line, lat: float, lon: float) -> float:
    lons, lats = (np.array(column) for column in zip(*line, strict=True))
    edge_lat, edge_lon = along(lats, lons)
    return float(np.min(inverse(edge_lat, edge_lon, lat, lon)[1])) / M_PER_KM


def _contains(zone: Line, lat: float, lon: float) -> bool:
    return bool(Polygon(zone).covers(Point(lon, lat)))


@cache
def known() -> dict[str, Treaty]:
    """Return the agreements that are known, by id."""
    rows = TypeAdapter(tuple[Treaty, ...]).validate_python(read_yaml(FILE, FILE.name).data)
    return {row.treaty: row for row in rows}


@check
def treaty(bench: Bench, claim: Claim, given: Mapping[str, Any]) -> Finding:
    """How many places of the given ``kinds`` lie in the zone of a ``treaty``, and what it asks.

    ``figure`` is the number of persons that its thresholds are held against. With ``applies`` the
    claim says that it does, or does not, apply: it does if one place or more surely lies inside.
    """
    name = str(given["treaty"])
    if name not in known():
        raise StartexError(f"unknown treaty {name!r}; {did_you_mean(name, known())}")
    found, persons = known()[name], resolved_figure(bench, str(given["figure"]))
    kinds = tuple(given["kinds"])
    places = [place for place in bench.places if place.kind in kinds]
    if not places:
        raise StartexError(f"the scenario has no place of kind {', '.join(kinds)}")
    depths = {place.name: found.depth_km(place) for place in places}
    inside = [name for name, km in depths.items() if km > found.uncertainty_km]
    unsure = [name for name, km in depths.items() if abs(km) <= found.uncertainty_km]
    where = f"{len(inside)} of {len(places)} places lie in the zone of {found.name}"
    where += f" ({', '.join(inside)})" if inside else ""
    where += f"; too near its edge to say: {', '.join(unsure)}" if unsure else ""
    asked = [
        f"an exercise of {each.persons:,.0f} persons or more is {each.duty}"
        for each in found.duties
        if persons.number >= each.persons
    ]
    if inside or unsure:
        rule = "; ".join(asked) or "no threshold of it is reached"
        rest = f". There, {rule}; {persons.figure} is {persons.number:,.0f} in all places together."
    else:
        rest = f": its thresholds bind nobody here, though {persons.figure} is "
        rest += f"{persons.number:,.0f}."
    applies = given.get("applies")
    verdict = "computed" if applies is None else held(bool(inside) == bool(applies))
    return Finding("treaty", claim.claim, float(len(inside)), "place", verdict, where + rest)
