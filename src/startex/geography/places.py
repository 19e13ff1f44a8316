"""Places of a scenario: ranges, sea areas, ports, airfields, stations, straits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import shapely
from pydantic import Field

from startex.foundation.document import DataPath, Document
from startex.foundation.errors import Problem, ScenarioError
from startex.foundation.provenance import Frozen, Provenance
from startex.foundation.validate import validate
from startex.geography.geodesy import inverse
from startex.geography.geojson import (
    PointGeometry,
    PolygonGeometry,
    duplicate_problems,
    polygon_problems,
    range_problems,
    read_collection,
)
from startex.geography.latitudes import M_PER_DEG
from startex.geography.paths import Float64
from startex.geography.register import Register

PlaceKind = Literal[
    "range", "sea_area", "port", "airfield", "station", "strait", "town", "island", "cape",
    "point", "park", "beach", "river",
]  # fmt: skip
PLACE_KINDS: tuple[str, ...] = get_args(PlaceKind)

WATER_KINDS = frozenset({"sea_area", "strait"})
"""Kinds whose middle lies on water."""

Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Place:
    """A named place.

    Attributes
    ----------
    id, name, kind, note
        ``kind`` is one of `PLACE_KINDS`.
    lat, lon
        Its middle, degrees.
    radius_m
        How far what happens there spreads; of a polygon, the farthest corner.
    uncertainty_m
        How far the true position may be from the given one.
    utc_offset_h
        Local time; nan where the scenario's holds.
    polygon
        Outline as ((lon, lat), ...), longitudes without a jump; empty for a point.
    claim, assumed
        Where position and extent come from.
    """

    id: str
    name: str
    kind: str
    lat: float
    lon: float
    radius_m: float
    uncertainty_m: float
    utc_offset_h: float
    note: str = ""
    polygon: tuple[tuple[float, float], ...] = ()
    claim: tuple[str, ...] = ()
    assumed: str = ""


class Places(Register[Place]):
    """Places ordered by id, with columns; the index of a place is its row.

    Attributes
    ----------
    id, name, kind
        Tuples of text.
    lat, lon, radius_m, uncertainty_m, utc_offset_h
        float64 columns.
    polygon
        Outlines, () for points.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__(places, "place")
        self.name = tuple(p.name for p in self.rows)
        self.kind = tuple(p.kind for p in self.rows)
        self.lat = _column([p.lat for p in self.rows])
        self.lon = _column([p.lon for p in self.rows])
        self.radius_m = _column([p.radius_m for p in self.rows])
        self.uncertainty_m = _column([p.uncertainty_m for p in self.rows])
        self.utc_offset_h = _column([p.utc_offset_h for p in self.rows])
        self.polygon = tuple(p.polygon for p in self.rows)
        self._shapes = tuple(shapely.Polygon(p) if p else None for p in self.polygon)
        for shape in self._shapes:
            if shape is not None:
                shapely.prepare(shape)

    def latitudes(self, index: int) -> tuple[float, float]:
        """Return bounds in latitude (deg), south and north, outside which a place surely is not."""
        place = self.rows[index]
        if place.polygon:
            lats = [lat for _, lat in place.polygon]
            return min(*lats, place.lat), max(*lats, place.lat)
        reach = place.radius_m / M_PER_DEG
        return place.lat - reach, place.lat + reach

    def contains(self, index: int, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Bool:
        """Return True where points lie in a place: in its outline, or within its radius.

        Parameters
        ----------
        index
            Row of the place.
        lat, lon
            Degrees, broadcast against each other; any turn of longitude.
        """
        a, b = np.broadcast_arrays(
            np.asarray(lat, dtype=np.float64), np.asarray(lon, dtype=np.float64)
        )
        place, shape = self.rows[index], self._shapes[index]
        if shape is None:
            _, distance = inverse(place.lat, place.lon, a, b)
            return np.asarray(distance <= place.radius_m)
        near = b - 360.0 * np.round((b - place.lon) / 360.0)
        return np.asarray(shapely.intersects_xy(shape, near, a))


class _Properties(Provenance):
    place: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Annotated[str, Field(min_length=1)]
    kind: PlaceKind
    radius_m: Annotated[float, Field(gt=0, le=2_000_000)] | None = None
    uncertainty_m: Annotated[float, Field(ge=0, le=2_000_000)] = 0.0
    utc_offset_h: Annotated[float, Field(ge=-12, le=14)] | None = None
    note: str = ""


class _Feature(Frozen):
    type: Literal["Feature"]
    id: str | int | None = None
    geometry: PointGeometry | PolygonGeometry = Field(discriminator="type")
    properties: _Properties


def read_places(path: Path, name: str = "") -> tuple[Places, list[Problem]]:
    """Return the places of a GeoJSON file that are right, and what is wrong with the others.

    Parameters
    ----------
    path
        The file: a FeatureCollection of points and polygons.
    name
        What to call it in problems; default: its name without folders.
    """
    document = read_collection(path, name)
    problems = list(document.problems)
    if document.data is None:
        return Places([]), problems
    places: list[Place] = []
    ids: list[tuple[DataPath, str]] = []
    for number in range(len(document.data["features"])):
        at: DataPath = ("features", number)
        feature, wrong = _validated(document, at)
        if feature is not None:
            wrong = _geometry_problems(document, at, feature)
            ids.append(((*at, "properties", "place"), feature.properties.place))
        problems += wrong
        if feature is not None and not wrong:
            places.append(_place(feature))
    problems += duplicate_problems(document, ids)
    first = {place.id: place for place in reversed(places)}
    return Places(list(first.values())), problems


def load_places(path: Path) -> Places:
    """Return the places of a GeoJSON file.

    Raises
    ------
    ScenarioError
        With every problem of the file.
    """
    places, problems = read_places(path)
    if problems:
        raise ScenarioError(problems)
    return places


def _column(values: Sequence[float]) -> Float64:
    column = np.array(values, dtype=np.float64)
    column.flags.writeable = False
    return column


def _validated(document: Document, at: DataPath) -> tuple[_Feature | None, list[Problem]]:
    clean = Document(document.file, document.data, document.values, document.keys)
    return validate(_Feature, clean, at)


def _geometry_problems(document: Document, at: DataPath, feature: _Feature) -> list[Problem]:
    where: DataPath = (*at, "geometry", "coordinates")
    geometry, about = feature.geometry, feature.properties
    if isinstance(geometry, PolygonGeometry):
        if len(geometry.coordinates) > 1:
            remedy = "Give a place one outline."
            return [document.problem(where, "the polygon has holes.", remedy)]
        return polygon_problems(document, where, geometry.coordinates)
    problems = range_problems(document, where, [geometry.coordinates])
    if about.radius_m is None:
        message = "'radius_m' is missing: a point has no extent of its own."
        remedy = "Add 'radius_m', or draw a polygon."
        problems.append(document.problem((*at, "properties"), message, remedy))
    return problems


def _place(feature: _Feature) -> Place:
    about, geometry = feature.properties, feature.geometry
    outline: tuple[tuple[float, float], ...] = ()
    if isinstance(geometry, PolygonGeometry):
        lon_lat = np.array([p[:2] for p in geometry.coordinates[0]])
        outline = tuple((float(x), float(y)) for x, y in lon_lat)
        inside: Any = shapely.Polygon(lon_lat)
        middle = inside.centroid if inside.contains(inside.centroid) else inside.point_on_surface()
        lat, lon = round(float(middle.y), 7), round(float(middle.x), 7)
        radius = float(inverse(lat, lon, lon_lat[:, 1], lon_lat[:, 0])[1].max())
    else:
        lon, lat = geometry.coordinates[:2]
        radius = 0.0
    return Place(
        id=about.place, name=about.name, kind=about.kind, lat=lat, lon=lon,
        radius_m=radius if about.radius_m is None else about.radius_m,
        uncertainty_m=about.uncertainty_m,
        utc_offset_h=np.nan if about.utc_offset_h is None else about.utc_offset_h,
        note=about.note, polygon=outline, claim=about.claim, assumed=about.assumed,
    )  # fmt: skip
