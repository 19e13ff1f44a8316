"""GeoJSON of a scenario: read with positions, every problem reported, geometry checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import shapely
import shapely.validation
from pydantic import Field

from startex.foundation.document import DataPath, Document, read_text
from startex.foundation.edits import through_session
from startex.foundation.errors import Problem, did_you_mean
from startex.foundation.provenance import Frozen
from startex.foundation.yamlfile import parse_yaml

Position = Annotated[tuple[float, ...], Field(min_length=2, max_length=3)]

_TOP_KEYS = ("type", "features", "name", "bbox")


class PointGeometry(Frozen):
    """A GeoJSON point: longitude, latitude."""

    type: Literal["Point"]
    coordinates: Position


class PolygonGeometry(Frozen):
    """A GeoJSON polygon: rings of (longitude, latitude), the first one the outline."""

    type: Literal["Polygon"]
    coordinates: tuple[Annotated[tuple[Position, ...], Field(min_length=4)], ...] = Field(
        min_length=1
    )


class LineGeometry(Frozen):
    """A GeoJSON line: two positions or more."""

    type: Literal["LineString"]
    coordinates: Annotated[tuple[Position, ...], Field(min_length=2)]


def read_collection(path: Path, name: str = "") -> Document:
    """Return a GeoJSON FeatureCollection with positions; its problems stand in the document.

    Parameters
    ----------
    path
        The file.
    name
        What to call it in problems; default: its name without folders.
    """
    return through_session(path, lambda: _read(path, name or path.name))


def _read(path: Path, shown: str) -> Document:
    text, problems = read_text(path, shown)
    if text is None:
        return Document(shown, None, problems=problems)
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        line, column = error.lineno, error.colno
        wrong = Problem(shown, line, column, f"is not JSON: {error.msg}.", "Correct it here.")
        return Document(shown, None, problems=(wrong,))
    except RecursionError:
        wrong = Problem(shown, 1, 1, "is nested too deeply.", "Make it a FeatureCollection.")
        return Document(shown, None, problems=(wrong,))
    # JSON allows tabs between tokens where YAML does not; both count them as one column.
    document = parse_yaml(_without_tabs(text), shown)
    found = [*document.problems, *([] if document.problems else _top_problems(document))]
    if not found:
        return document
    broken = not isinstance(document.data, dict) or not isinstance(
        document.data.get("features"), list
    )
    data = None if broken else document.data
    return Document(shown, data, document.values, document.keys, tuple(found))


def _without_tabs(text: str) -> str:
    """Return JSON with tabs made spaces (a JSON string may not hold a bare one)."""
    return text.replace("\t", " ")


def _top_problems(document: Document) -> list[Problem]:
    data = document.data
    if not isinstance(data, dict):
        return [document.problem((), "a GeoJSON FeatureCollection is wanted.")]
    problems = []
    if data.get("type") != "FeatureCollection":
        message = f"'type' is {data.get('type')!r}."
        remedy = 'Wanted: "FeatureCollection".'
        problems.append(document.problem(("type",), message, remedy))
    if not isinstance(data.get("features"), list):
        problems.append(document.problem(("features",), "'features' is not a list.", "Add it."))
    for key in data:
        if key not in _TOP_KEYS:
            message = f"unknown key {key!r}."
            remedy = did_you_mean(str(key), _TOP_KEYS)
            problems.append(document.problem((key,), message, remedy[:1].upper() + remedy[1:]))
    return problems


def range_problems(
    document: Document, where: DataPath, positions: Sequence[Sequence[float]]
) -> list[Problem]:
    """Return what is wrong with positions (lon, lat): out of range, or plainly swapped."""
    for number, (lon, lat, *_) in enumerate(positions):
        path = (*where, number) if len(positions) > 1 else where
        if abs(lat) > 90.0 and abs(lon) <= 90.0:
            message = f"latitude {lat:g} lies outside [-90, 90]."
            remedy = f"GeoJSON wants [longitude, latitude]; is it [{lat:g}, {lon:g}]?"
            return [document.problem(path, message, remedy)]
        if abs(lat) > 90.0 or abs(lon) > 360.0:
            message = f"[{lon:g}, {lat:g}] is not a position."
            return [document.problem(path, message, "Wanted: [longitude, latitude] in degrees.")]
    return []


def polygon_problems(
    document: Document, where: DataPath, rings: Sequence[Sequence[Sequence[float]]]
) -> list[Problem]:
    """Return what is wrong with the rings of a polygon: range, closure, crossing itself."""
    for number, ring in enumerate(rings):
        found = range_problems(document, (*where, number), ring)
        if found:
            return found
        if tuple(ring[0][:2]) != tuple(ring[-1][:2]):
            message = "the ring of the polygon is not closed."
            remedy = "Repeat its first position at the end."
            return [document.problem((*where, number), message, remedy)]
    shape = shapely.Polygon(
        [p[:2] for p in rings[0]], [[p[:2] for p in ring] for ring in rings[1:]]
    )
    if not shape.is_valid:
        reason = shapely.validation.explain_validity(shape)
        return [document.problem(where, f"the polygon is not valid: {reason}.", "Untangle it.")]
    if shape.area == 0.0:
        return [document.problem(where, "the polygon has no area.", "Give it three corners.")]
    return []


def duplicate_problems(document: Document, ids: Sequence[tuple[DataPath, str]]) -> list[Problem]:
    """Return a problem for each id that was given before.

    Parameters
    ----------
    document
        The file.
    ids
        Where each id stands, and the id, in file order.
    """
    first: dict[str, int] = {}
    problems = []
    for path, name in ids:
        line = document.at(path)[0]
        if name in first:
            message = f"{name!r} was used before, in line {first[name]}."
            problems.append(document.problem(path, message, "Each id must stand once."))
        first.setdefault(name, line)
    return problems
