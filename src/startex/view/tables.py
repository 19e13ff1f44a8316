"""Answers that are tables of the store: the run, units, nations, places, ways, serials, events."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from startex.foundation.clock import format_time
from startex.foundation.errors import did_you_mean
from startex.foundation.nations import nation_name
from startex.recording.causation import parsed
from startex.recording.explaining import Row as Stored
from startex.view.archive import Archive, Row, counted, id_list
from startex.view.problems import RefusedError, shown

BASE = "/api/v1"

SIDES = ("training", "opposing")
"""Who knows something of the other in a play: the training audience, and the opposing force."""

_GIVEN_IN_LISTS = ("units", "support", "opfor", "after")
_GEOMETRIES = frozenset(
    {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"}
)


def run(archive: Archive, asked: Row) -> Row:
    """Return what the run is."""
    manifest, header = archive.run.manifest, archive.header
    files = Counter[str]()
    for file in manifest.files:
        files[file.table] += file.rows
    return {
        "run": archive.folder.resolve().name,
        "title": header.notes.get("title") or header.scenario,
        **header.identity(),
        "utc_offset_h": float(header.notes.get("utc_offset_h") or 0.0),
        "begin": format_time(header.sim_start),
        "end": format_time(header.sim_end),
        "complete": manifest.complete,
        "reached": manifest.reached,
        "digest": manifest.digest,
        "counts": dict(manifest.counts),
        "rows": dict(sorted(files.items())),
        "segments": archive.bounds,
        "sides": list(SIDES),
        "event_kinds": sorted({event["kind"] for event in archive.events}),
    }


def units(archive: Archive, asked: Row) -> Row:
    """Return all units, in tree order."""
    return {"units": [with_claims(unit) for unit in archive.units]}


def nations(archive: Archive, asked: Row) -> Row:
    """Return who takes part: entities by kind, counted in the announced totals and not."""
    columns = archive.entities.select(["nation", "kind", "counted"]).to_pylist()
    found = Counter((row["nation"], row["kind"], row["counted"]) for row in columns)
    of_units = Counter(unit["nation"] for unit in archive.units)
    codes = sorted({nation for nation, _, _ in found} | set(of_units), key=str)
    return {
        "nations": [
            {
                "nation": code,
                "name": nation_name(code),
                "units": of_units[code],
                "counted": _kinds(found, code, True),
                "not_counted": _kinds(found, code, False),
            }
            for code in codes
        ]
    }


def _kinds(found: Counter[Any], nation: str, count: bool) -> Row:
    return {
        kind: number
        for (of, kind, counts), number in sorted(found.items(), key=str)
        if of == nation and counts == count
    }


def places(archive: Archive, asked: Row) -> Row:
    """Return all places as GeoJSON: areas where the store has them, else points."""
    features = []
    for place in archive.rows("places"):
        rest = {name: value for name, value in place.items() if name != "polygon"}
        point = {"type": "Point", "coordinates": [place["lon"], place["lat"]]}
        shape = _geometry(place["polygon"]) or point
        features.append(_feature(place["place"], shape, with_claims(rest)))
    return {"type": "FeatureCollection", "features": features}


def ways(archive: Archive, asked: Row) -> Row:
    """Return all ways as GeoJSON."""
    features = []
    for way in archive.rows("ways"):
        rest = {name: value for name, value in way.items() if name != "line"}
        features.append(_feature(way["way"], _geometry(way["line"]), with_claims(rest)))
    return {"type": "FeatureCollection", "features": features}


def _feature(key: str, geometry: Row | None, properties: Row) -> Row:
    return {"type": "Feature", "id": key, "geometry": geometry, "properties": properties}


def _geometry(text: str | None) -> Row | None:
    found = parsed(text)
    return found if found.get("type") in _GEOMETRIES else None


def orders(archive: Archive, asked: Row) -> Row:
    """Return all orders that were carried out or begun, by their start."""
    begun = [order for order in archive.rows("orders") if order["t_start"] is not None]
    begun.sort(key=lambda order: (order["t_start"], order["order"]))
    wanted = ("order", "kind", "unit", "serial", "place", "t_start", "t_end", "outcome")
    return {"orders": [{name: order[name] for name in wanted} for order in begun]}


def types(archive: Archive, asked: Row) -> Row:
    """Return the types of the catalogue with what each senses and shoots with, and how far."""
    carried: dict[str, list[Row]] = {}
    for row in archive.rows("armament"):
        rest = {name: value for name, value in row.items() if name != "type"}
        carried.setdefault(row["type"], []).append(rest)
    return {
        "types": [
            {
                **{name: row[name] for name in ("type", "name", "kind")},
                "carries": carried.get(row["type"], []),
            }
            for row in archive.rows("catalogue")
        ]
    }


def serials(archive: Archive, asked: Row) -> Row:
    """Return all serials by planned start."""
    listed = sorted(archive.rows("serials"), key=lambda s: (s["planned_start"], s["serial"]))
    return {"serials": [serial_row(row) for row in listed]}


def serial_row(row: Stored) -> Row:
    """Return a serial with its lists of ids as lists."""
    lists = {name: id_list(row[name]) for name in _GIVEN_IN_LISTS}
    return with_claims({**row, **lists})


def with_claims(row: Stored) -> Row:
    """Return a row of the store with the ids of its claims as a list, under ``claims``."""
    rest = {name: value for name, value in row.items() if name != "claim"}
    return {**rest, "claims": id_list(row.get("claim"))}


def events(archive: Archive, asked: Row) -> Row:
    """Return a page of the events, by time; ``next`` is the address of the page after it."""
    begin, end = asked["from"], asked["to"]
    if begin is not None and end is not None and end < begin:
        raise RefusedError(400, f"to is {end} ms, before from, {begin} ms; it may not be earlier")
    known = sorted({event["kind"] for event in archive.events})
    kind, serial = asked["kind"], asked["serial"]
    if kind is not None and kind not in known:
        allowed = f"of this run: {', '.join(known)}" if known else "the run has no events"
        raise RefusedError(400, f"kind is {shown(kind)}, no kind of event {allowed}")
    chosen = [
        event
        for event in archive.events
        if (begin is None or event["t"] >= begin)
        and (end is None or event["t"] <= end)
        and (kind is None or event["kind"] == kind)
        and (serial is None or event["serial"] == serial)
    ]
    first, last = asked["offset"], asked["offset"] + asked["limit"]
    again = {name: value for name, value in asked.items() if value is not None}
    following = f"{BASE}/events?{urlencode({**again, 'offset': last})}"
    return {
        "events": [event_row(event) for event in chosen[first:last]],
        "offset": first,
        "total": len(chosen),
        "next": following if last < len(chosen) else None,
    }


def event_row(event: Stored) -> Row:
    """Return an event with its figures as an object."""
    return {**event, "data": parsed(event["data"])}


def event_why(archive: Archive, asked: Row) -> Row:
    """Return what led to an event, from the last step to the first."""
    if asked["id"] not in archive.event_ids:
        allowed = counted(archive.events, "event")
        raise RefusedError(404, f"there is no event {asked['id']}; {allowed}")
    return _chain(archive.run.why(asked["id"]).to_pylist())


def serial_why(archive: Archive, asked: Row) -> Row:
    """Return what led to how a serial went, and the events that are its outcomes."""
    key = asked["id"]
    known(archive, "serials", "serial", key)
    chain = _chain(archive.run.why(serial=key).to_pylist())
    return {**chain, "outcomes": archive.run.outcomes(key).to_pylist()}


def _chain(steps: list[Row]) -> Row:
    return {"chain": [{**step, "data": json.loads(step["data"])} for step in steps]}


def known(archive: Archive, table: str, key: str, value: str) -> Row:
    """Return the row of a table with an id.

    Raises
    ------
    RefusedError
        404, if there is none; the message tells the nearest.
    """
    found = archive.index(table, key).get(value)
    if found is None:
        listed = archive.index(table, key)
        nearest = did_you_mean(value, map(str, listed)) if listed else f"the run has no {table}"
        raise RefusedError(404, f"there is no {key} {shown(value)}; {nearest}")
    return found
