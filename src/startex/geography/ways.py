"""Ways of a scenario: railways, road corridors, sea lanes and air routes, as given lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from startex.foundation.document import DataPath, Document
from startex.foundation.errors import Problem, ScenarioError, did_you_mean
from startex.foundation.provenance import Frozen, Provenance
from startex.foundation.validate import validate
from startex.geography.geodesy import inverse, unwrap
from startex.geography.geojson import (
    LineGeometry,
    duplicate_problems,
    range_problems,
    read_collection,
)
from startex.geography.places import Places
from startex.geography.register import Register

WayKind = Literal["rail", "road", "lane", "air", "boundary"]
WAY_KINDS: tuple[str, ...] = get_args(WayKind)

END_TOLERANCE_M = 10_000.0
"""A way must begin and end this near to (or within the radius of) the places it names."""


@dataclass(frozen=True, slots=True)
class Way:
    """A line along which something runs, or that is only drawn (kind ``boundary``).

    Attributes
    ----------
    id, name, kind, note
        ``kind`` is one of `WAY_KINDS`.
    origin, destination
        Ids of the places at its ends (``from`` and ``to`` in the file).
    lat, lon
        Its points, degrees, longitudes without a jump.
    detour
        Length of the real way over the length of the line, >= 1.
    headway_min
        Railways: shortest time between two trains, minutes; 0 where not given.
    claim, assumed
        Where it comes from.
    """

    id: str
    name: str
    kind: str
    origin: str
    destination: str
    lat: tuple[float, ...]
    lon: tuple[float, ...]
    detour: float
    headway_min: float = 0.0
    note: str = ""
    claim: tuple[str, ...] = ()
    assumed: str = ""


class Ways(Register[Way]):
    """Ways ordered by id."""

    def __init__(self, ways: Sequence[Way]) -> None:
        super().__init__(ways, "way")


class _Properties(Provenance):
    way: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Annotated[str, Field(min_length=1)]
    kind: WayKind
    origin: Annotated[str, Field(alias="from")]
    destination: Annotated[str, Field(alias="to")]
    detour: Annotated[float, Field(ge=1.0, le=3.0)] = 1.0
    headway_min: Annotated[float, Field(gt=0, le=1440)] | None = None
    note: str = ""


class _Feature(Frozen):
    type: Literal["Feature"]
    id: str | int | None = None
    geometry: LineGeometry
    properties: _Properties


def read_ways(path: Path, places: Places, name: str = "") -> tuple[Ways, list[Problem]]:
    """Return the ways of a GeoJSON file that are right, and what is wrong with the others.

    Parameters
    ----------
    path
        The file: a FeatureCollection of LineStrings.
    places
        The places they may begin and end at.
    name
        What to call the file in problems; default: its name without folders.
    """
    document = read_collection(path, name)
    problems = list(document.problems)
    if document.data is None:
        return Ways([]), problems
    ways: dict[str, Way] = {}
    ids: list[tuple[DataPath, str]] = []
    clean = Document(document.file, document.data, document.values, document.keys)
    for number in range(len(document.data["features"])):
        at: DataPath = ("features", number)
        feature, wrong = validate(_Feature, clean, at)
        if feature is not None:
            wrong = _line_problems(document, at, feature, places)
            ids.append(((*at, "properties", "way"), feature.properties.way))
        problems += wrong
        if feature is not None and not wrong:
            ways.setdefault(feature.properties.way, _way(feature))
    problems += duplicate_problems(document, ids)
    return Ways(list(ways.values())), problems


def load_ways(path: Path, places: Places) -> Ways:
    """Return the ways of a GeoJSON file.

    Raises
    ------
    ScenarioError
        With every problem of the file.
    """
    ways, problems = read_ways(path, places)
    if problems:
        raise ScenarioError(problems)
    return ways


def _line_problems(
    document: Document, at: DataPath, feature: _Feature, places: Places
) -> list[Problem]:
    about, positions = feature.properties, feature.geometry.coordinates
    where: DataPath = (*at, "geometry", "coordinates")
    problems = range_problems(document, where, positions)
    if problems:
        return problems
    if about.headway_min is not None and about.kind != "rail":
        path: DataPath = (*at, "properties", "headway_min")
        problems.append(document.problem(path, "'headway_min' is for railways.", "Remove it."))
    for key, place_id, number in (
        ("from", about.origin, 0),
        ("to", about.destination, len(positions) - 1),
    ):
        if place_id not in places:
            remedy = did_you_mean(place_id, places.id)
            message = f"{key!r} names no place: {place_id!r}."
            path = (*at, "properties", key)
            problems.append(document.problem(path, message, remedy[:1].upper() + remedy[1:]))
            continue
        place = places[places.index(place_id)]
        lon, lat = positions[number][:2]
        away = float(inverse(lat, lon, place.lat, place.lon)[1])
        if away > max(place.radius_m, END_TOLERANCE_M):
            message = f"the line ends {away / 1000:.0f} km from {place_id!r}."
            remedy = f"End it within {max(place.radius_m, END_TOLERANCE_M) / 1000:.0f} km of it."
            problems.append(document.problem((*where, number), message, remedy))
    return problems


def _way(feature: _Feature) -> Way:
    about, positions = feature.properties, feature.geometry.coordinates
    lon = unwrap([p[0] for p in positions])
    return Way(
        id=about.way, name=about.name, kind=about.kind,
        origin=about.origin, destination=about.destination,
        lat=tuple(float(p[1]) for p in positions), lon=tuple(float(x) for x in lon),
        detour=about.detour, headway_min=about.headway_min or 0.0, note=about.note,
        claim=about.claim, assumed=about.assumed,
    )  # fmt: skip
