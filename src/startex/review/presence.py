"""Who was where, at noon of every day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from startex.foundation.clock import MS_PER_DAY
from startex.geography.geodesy import inverse
from startex.geography.latitudes import Latitudes
from startex.review.figures import Figure, FigureBook
from startex.review.record import COUNTED_KINDS, Float64, Int64, Record

METRES_PER_DEGREE = 111_320.0
"""Length of a degree of longitude at the equator, for a first sieve only."""

PLACE_KINDS = {
    "range": "Ranges",
    "sea_area": "Sea areas",
    "strait": "Sea areas",
    "beach": "Ranges",
    "drop_zone": "Ranges",
    "river": "Ranges",
    "port": "Ports",
    "airfield": "Airfields",
    "station": "Stations",
}
"""Heading under which a kind of place stands."""

MINOR_KINDS = ("drop_zone", "beach", "river", "park", "strait", "island")
"""Kinds that lie within other places, or around them."""

_NOWHERE = ("point", "cape")  # they mark a spot; nobody is stationed there

OTHER_PLACES = "Towns and garrisons"
BETWEEN = "Between places"
HEADINGS = ("Ranges", "Sea areas", "Ports", "Airfields", "Stations", OTHER_PLACES, BETWEEN)

_MOVING = {
    "road": "on the road",
    "cross_country": "moving across country",
    "foot": "on foot",
    "rail": "on the railway",
    "sea": "at sea, under way",
    "air": "in the air",
}
_UNDER_WAY = "otherwise under way"
_ELSEWHERE = "standing elsewhere"
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PresenceRow:
    """One place (``place`` is its id) or way of being between places: figures by day."""

    place: str
    label: str
    heading: str
    persons: tuple[Figure, ...]
    platforms: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """Persons and platforms by place and day.

    ``noons`` are the instants (ms) looked at; the rows of each day add up to ``persons``
    (all counted persons) and ``platforms``.
    """

    noons: tuple[int, ...]
    rows: tuple[PresenceRow, ...]
    persons: int
    platforms: int


def outline(place: dict[str, Any]) -> shapely.Polygon | None:
    """Return the outline of a place (lon, lat) with longitudes near its middle, or None."""
    if not place["polygon"]:
        return None
    geometry = json.loads(place["polygon"])
    if geometry.get("type") == "Feature":
        geometry = geometry["geometry"]
    shape = shapely.from_geojson(json.dumps(geometry))
    middle = float(place["lon"])
    return shapely.transform(
        shape,
        lambda points: np.column_stack(
            [points[:, 0] - 360.0 * np.round((points[:, 0] - middle) / 360.0), points[:, 1]]
        ),
    )


def outlines(record: Record) -> list[shapely.Polygon | None]:
    """Return the outline of every place of a run, prepared for many questions, or None."""
    shapes = [outline(place) for place in record.rows("places")]
    for shape in shapes:
        if shape is not None:
            shapely.prepare(shape)
    return shapes


def places_of(
    record: Record, shapes: Sequence[shapely.Polygon | None], lat: Float64, lon: Float64
) -> Int64:
    """Return the row of the place at which each point is, -1 for none.

    Parameters
    ----------
    record
        The run.
    shapes
        Its `outlines`.
    lat, lon
        Degrees, shape (n,); nan is nowhere.

    Notes
    -----
    A point place reaches as far as its radius, an area as far as its outline. Where several do,
    the one counts whose middle is nearest: in the barracks of a town that lies within a range
    one is in the town, on the range beside it on the range. Places of a kind
    in `MINOR_KINDS` count only where no other does.
    """
    result = np.full(lat.shape, -1, dtype=np.int64)
    best = np.full(lat.shape, np.inf)
    latitudes = Latitudes(lat)
    for number, (place, shape) in enumerate(zip(record.rows("places"), shapes, strict=True)):
        if place["kind"] in _NOWHERE:
            continue
        radius = float(place["radius_m"] or 0.0)
        minor = 1e9 if place["kind"] in MINOR_KINDS else 0.0
        if shape is None:
            candidates = latitudes.near(place["lat"], radius)
            reach = 1.02 * radius / METRES_PER_DEGREE
            east = (lon[candidates] - place["lon"] + 180.0) % 360.0 - 180.0
            cosine = max(np.cos(np.radians(min(abs(place["lat"]) + reach, 89.0))), 0.01)
            candidates = candidates[np.abs(east) <= reach / cosine]
            _, metres = inverse(place["lat"], place["lon"], lat[candidates], lon[candidates])
            candidates, metres = candidates[metres <= radius], metres[metres <= radius]
        else:
            _, south, _, north = shapely.bounds(shape).tolist()
            candidates = latitudes.between(south, north)
            east = (lon[candidates] - place["lon"] + 180.0) % 360.0 - 180.0
            inside = shapely.intersects_xy(shape, place["lon"] + east, lat[candidates])
            candidates = candidates[inside]
            _, metres = inverse(place["lat"], place["lon"], lat[candidates], lon[candidates])
        nearer = metres + minor < best[candidates]
        best[candidates[nearer]] = (metres + minor)[nearer]
        result[candidates[nearer]] = number
    return result


def presence(record: Record, book: FigureBook) -> Presence:
    """Enter the figures of presence and return them."""
    entities = np.flatnonzero(record.counted & record.kind.isin(COUNTED_KINDS))
    person = (record.kind == "person")[entities]
    noons = [
        noon
        for day in record.days
        if record.start_ms <= (noon := day + MS_PER_DAY // 2) <= record.end_ms
    ] or [record.start_ms]
    places, shapes = record.rows("places"), outlines(record)
    between = [*_MOVING.values(), _UNDER_WAY, _ELSEWHERE, _UNKNOWN]
    persons = np.zeros((len(places) + len(between), len(noons)), dtype=np.int64)
    platforms = np.zeros_like(persons)
    for column, noon in enumerate(noons):
        spot = _spots(record, shapes, entities, noon, between)
        persons[:, column] = np.bincount(spot[person], minlength=len(persons))
        platforms[:, column] = np.bincount(spot[~person], minlength=len(persons))
    labels = [(p["place"], p["name"], PLACE_KINDS.get(p["kind"], OTHER_PLACES)) for p in places]
    labels += [("", text, BETWEEN) for text in between]
    order = sorted(
        np.flatnonzero(persons.any(axis=1) | platforms.any(axis=1)),
        key=lambda row: (HEADINGS.index(labels[row][2]), -int(persons[row].sum()), labels[row][1]),
    )
    rows = tuple(
        _row(record, book, labels[row], {"persons": persons[row], "platforms": platforms[row]})
        for row in order
    )
    return Presence(tuple(noons), rows, int(person.sum()), int((~person).sum()))


def _spots(
    record: Record,
    shapes: Sequence[shapely.Polygon | None],
    entities: Int64,
    noon: int,
    between: list[str],
) -> Int64:
    """Return the place of each entity, or the number of places plus its row in ``between``."""
    fixes = record.lookup.locate(entities, noon)
    # All aboard one thing are at one point.
    _, first, which = np.unique(
        np.where(fixes.root >= 0, fixes.root, entities), return_index=True, return_inverse=True
    )
    place = places_of(record, shapes, fixes.lat[first], fixes.lon[first])[which]
    mode = record.run.table("legs").column("mode")
    moving = np.full(entities.size, between.index(_ELSEWHERE))
    under_way = np.flatnonzero((fixes.leg >= 0) & (place < 0))
    texts = mode.take(fixes.leg[under_way]).cast("string").to_pylist()
    moving[under_way] = [
        between.index(_ELSEWHERE if text == "hold" else _MOVING.get(text, _UNDER_WAY))
        for text in texts
    ]
    moving[np.isnan(fixes.lat)] = between.index(_UNKNOWN)
    spot: Int64 = np.where(place >= 0, place, len(record.rows("places")) + moving)
    return spot


def _row(
    record: Record,
    book: FigureBook,
    label: tuple[str, str, str],
    counts: dict[str, Int64],
) -> PresenceRow:
    place, name, heading = label
    key = place or "between." + name.replace(" ", "_").replace(",", "")
    claims = record.place_claims.get(place, ())
    figures: dict[str, list[Figure]] = {"persons": [], "platforms": []}
    for number in range(1, len(counts["persons"]) + 1):
        for unit, by_day in counts.items():
            figures[unit].append(
                book.add(
                    f"presence.{key}.{unit}.day_{number}",
                    f"{unit.capitalize()} at {name}, day {number}" if place
                    else f"{unit.capitalize()} {name}, day {number}",
                    by_day[number - 1],
                    unit,
                    "Counted entities at local noon whose position (that of what carries them) "
                    "lies in the place; of several the one whose middle is nearest. "
                    " Everybody is in one row.",
                    ("legs", "carriers", "entities", "places"),
                    claims=claims,
                )
            )  # fmt: skip
    return PresenceRow(place, name, heading, tuple(figures["persons"]), tuple(figures["platforms"]))
