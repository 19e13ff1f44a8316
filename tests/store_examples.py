"""A small sound run for the tests of the store: a squad goes by truck and train to a range."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

from startex.foundation.streams import entity_key
from startex.geography.metric import distance_m
from startex.recording import tables
from startex.recording.manifest import Header, Manifest
from startex.recording.writer import RunWriter

START = 1_661_385_600_000  # 2022-08-25T00:00Z
MINUTE = 60_000
END = START + 24 * 60 * MINUTE

TRAIN, TRUCK, SHIP, PLANE, SQUAD, DRIVER, RIFLEMAN, MASTER, PILOT, WALKER = range(10)
STATIC = ("units", "entities", "places", "catalogue", "claims", "serials", "orders")
DYNAMIC = ("legs", "carriers", "statuses", "events")

A = (44.0, 132.0, 0.0)
STATION_1 = (44.02, 132.0, 0.0)
STATION_2 = (44.30, 132.3, 0.0)
RANGE = (44.31, 132.3, 0.0)
TRENCH = (44.311, 132.3, 0.0)


def header(seed: int = 1) -> Header:
    return Header(
        scenario="example",
        scenario_digest="0" * 64,
        policy="official",
        seed=seed,
        sim_start=START,
        sim_end=END,
        version="0.1.0",
        notes={"title": "Example"},
    )


def leg(entity: int, t0_min: float, start: Any, end: Any, mode: str, speed_m_s: float) -> dict:
    length = float(distance_m(start[0], start[1], end[0], end[1]))
    t0 = START + round(t0_min * MINUTE)
    return {
        "entity": entity, "t0": t0, "t1": t0 + round(1000 * length / speed_m_s),
        "lat0": start[0], "lon0": start[1], "alt0": start[2],
        "lat1": end[0], "lon1": end[1], "alt1": end[2], "mode": mode,
    }  # fmt: skip


def _entities() -> list[dict[str, Any]]:
    rows = [
        ("train", "Train 1", "train", 0, False, STATION_1),
        ("vehicle", "Truck 1", "truck", 1, True, A),
        ("ship", "Ship 1", "frigate", 0, True, (43.0, 132.0, 0.0)),
        ("aircraft", "Plane 1", "transport", 0, True, (44.1, 132.1, 0.0)),
        ("team", "Squad 1", "squad", 1, False, None),
        ("person", "Driver 1", None, 1, True, None),
        ("person", "Rifleman 1", None, 1, True, None),
        ("person", "Master 1", None, 0, True, None),
        ("person", "Pilot 1", None, 0, True, None),
        ("person", "Walker 1", None, 1, True, None),
    ]
    return [
        {
            "entity": row, "kind": kind, "name": name, "type": type_, "role": None, "unit": unit,
            "nation": "RUS" if unit == 0 else "CHN", "owner_nation": "RUS", "side": "blue",
            "sidc": "1" * 20, "counted": counted, "key": entity_key(name),
            "start_lat": at[0] if at else None, "start_lon": at[1] if at else None,
            "start_alt": at[2] if at else None,
        }
        for row, (kind, name, type_, unit, counted, at) in enumerate(rows)
    ]  # fmt: skip


def _dynamic() -> dict[str, list[dict[str, Any]]]:
    legs = [
        leg(TRUCK, 60, A, STATION_1, "road", 10.0),
        leg(TRAIN, 180, STATION_1, (44.2, 132.2, 0.0), "rail", 15.0),
    ]
    legs.append(
        {**leg(TRAIN, 0, (44.2, 132.2, 0.0), STATION_2, "rail", 15.0)}
        | {"t0": legs[1]["t1"], "t1": legs[1]["t1"] + 1_200_000}
    )
    arrived = legs[2]["t1"]
    alighted = arrived + 30 * MINUTE
    truck = leg(TRUCK, (alighted - START) / MINUTE, STATION_2, RANGE, "road", 10.0)
    dismounted = truck["t1"] + 5 * MINUTE
    squad = leg(SQUAD, (dismounted - START) / MINUTE, RANGE, TRENCH, "foot", 1.2)
    ship = leg(SHIP, 10, (43.0, 132.0, 0.0), (43.0, 132.5, 0.0), "sea", 8.0)
    climb = leg(PLANE, 400, (44.1, 132.1, 0.0), (44.1, 132.3, 3000.0), "air", 120.0)
    cruise = leg(PLANE, 0, (44.1, 132.3, 3000.0), (44.1, 132.9, 3000.0), "air", 180.0)
    cruise["t1"] += climb["t1"] - cruise["t0"]
    cruise["t0"] = climb["t1"]
    legs += [truck, squad, ship, climb, cruise]
    entrained = START + 150 * MINUTE

    def ride(entity: int, carrier: int, slot: int, t0: int, t1: int | None = None) -> dict:
        return {"entity": entity, "carrier": carrier, "slot": slot, "t0": t0, "t1": t1}

    carriers = [
        ride(DRIVER, TRUCK, 0, START),
        ride(RIFLEMAN, SQUAD, 0, START),
        ride(WALKER, SQUAD, 1, START),
        ride(SQUAD, TRUCK, 1, START, dismounted),
        ride(TRUCK, TRAIN, 0, entrained, alighted),
        ride(MASTER, SHIP, 0, START),
        ride(PILOT, PLANE, 0, START),
    ]
    statuses = [{"entity": row, "t": START, "status": "home"} for row in range(10)]
    statuses.append({"entity": TRUCK, "t": START + 60 * MINUTE, "status": "en_route"})
    statuses.append({"entity": TRUCK, "t": truck["t1"], "status": "in_place"})
    events = [
        {"event": 0, "t": START + 60 * MINUTE, "kind": "departed", "actor": TRUCK, "unit": 1,
         "text": "Truck 1 leaves for the station", "data": '{"length_m": 2224}'},
        {"event": 1, "t": alighted, "kind": "detrained", "actor": TRUCK, "place": "range",
         "text": "Truck 1 drives off", "cause": 0},
    ]  # fmt: skip
    return {"legs": legs, "carriers": carriers, "statuses": statuses, "events": events}


def example_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows of every table, as plain dictionaries, to be changed by a test at will."""
    units = [
        {"unit": 0, "id": "top", "parent": None, "name": "Force", "echelon": "army", "first": 0,
         "own_last": 4, "last": 10, "nation": "RUS", "side": "blue", "sidc": "1" * 20},
        {"unit": 1, "id": "squad", "parent": 0, "name": "First Squad", "echelon": "squad",
         "first": 4, "own_last": 10, "last": 10, "nation": "CHN", "side": "blue",
         "sidc": "1" * 20},
    ]  # fmt: skip
    places = [
        {"place": "station_1", "name": "First Station", "kind": "station", "lat": 44.02,
         "lon": 132.0, "radius_m": 600.0, "assumed": "example"},
        {"place": "range", "name": "The Range", "kind": "range", "lat": 44.31, "lon": 132.3,
         "radius_m": 1500.0, "assumed": "example"},
    ]  # fmt: skip
    types = [
        {"type": "truck", "name": "Truck", "kind": "vehicle", "speed_road_m_s": 20.0},
        {"type": "train", "name": "Train", "kind": "train", "speed_max_m_s": 30.0},
        {"type": "frigate", "name": "Frigate", "kind": "ship", "speed_max_m_s": 15.0},
        {"type": "transport", "name": "Transport", "kind": "aircraft", "speed_max_m_s": 230.0,
         "ceiling_m": 12_000.0, "range_m": 66_000.0},
        {"type": "squad", "name": "Squad", "kind": "team", "speed_cross_country_m_s": 1.5},
    ]  # fmt: skip
    claims = [
        {"claim": "S-1", "subject": "force", "field": "persons", "value": "50,000", "low": 50e3,
         "high": 50e3, "kind": "fact", "rank": "normal", "used": True, "quote": "“50,000 troops”"},
    ]  # fmt: skip
    serials = [
        {"serial": "s1", "name": "To the range", "task": "rail", "priority": 0,
         "phase": "deployment", "planned_start": START, "planned_end": END,
         "start": START, "outcome": "completed"},
    ]  # fmt: skip
    return {
        "units": units, "entities": _entities(), "places": places, "catalogue": types,
        "claims": claims, "serials": serials, "orders": [], **_dynamic(),
    }  # fmt: skip


def as_table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    plain = pa.schema(
        [
            pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type)
            for f in tables.schema(name)
        ]
    )
    return pa.Table.from_pylist(rows, schema=plain)


def example_tables(rows: dict[str, list[dict[str, Any]]] | None = None) -> dict[str, pa.Table]:
    return {name: as_table(name, listed) for name, listed in (rows or example_rows()).items()}


def segments_of(
    data: dict[str, pa.Table], cuts: Iterable[float] = (0.25, 0.5)
) -> list[dict[str, pa.Table]]:
    """Cut the dynamic tables by row at shares of their length; any cut is a legal partition."""
    edges = [0.0, *sorted(cuts), 1.0]
    return [
        {
            name: data[name].slice(
                int(low * len(data[name])),
                int(high * len(data[name])) - int(low * len(data[name])),
            )
            for name in DYNAMIC
        }
        for low, high in pairwise(edges)
    ]


def record(
    writer: RunWriter, data: dict[str, pa.Table], cuts: Iterable[float] = (0.25, 0.5)
) -> Manifest:
    for name in STATIC:
        if len(data[name]):
            writer.write_static(name, data[name])
    for index, segment in enumerate(segments_of(data, cuts)):
        writer.write_segment(index, segment)
    return writer.finish()


def write_example(
    folder: Path,
    rows: dict[str, list[dict[str, Any]]] | None = None,
    *,
    threads: int = 2,
    cuts: Iterable[float] = (0.25, 0.5),
    seed: int = 1,
) -> Manifest:
    with RunWriter(folder, header(seed), threads=threads) as writer:
        return record(writer, example_tables(rows), cuts)
