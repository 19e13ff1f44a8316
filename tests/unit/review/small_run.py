"""A small run, written by hand through the store's own writer.

It lies on the equator around the date line, where a degree of longitude is a * pi / 180 =
111,319.490793 m on WGS-84, so that every distance in the tests can be checked on paper. Local time
is UTC+12; the run lasts three local days from 2030-05-01.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from startex.foundation.clock import parse_time
from startex.recording.manifest import Header
from startex.recording.writer import RunWriter

DEGREE_M = 111_319.490793
DAY0 = parse_time("2030-05-01T00:00+12:00")
HOUR = 3_600_000
DAY = 24 * HOUR
SCRIPT = "<script>alert('x')</script> & \"quotes\""


def at(day: int, hour: float) -> int:
    """Return local day (from 1) and hour in ms."""
    return DAY0 + (day - 1) * DAY + round(hour * HOUR)


@dataclass
class Builder:
    entities: list[dict] = field(default_factory=list)
    legs: list[dict] = field(default_factory=list)
    carriers: list[dict] = field(default_factory=list)
    aboard: dict[int, dict] = field(default_factory=dict)
    where: dict[int, float] = field(default_factory=dict)

    def entity(self, kind: str, unit: int, nation: str, lon: float | None, counted=True) -> int:
        row = len(self.entities)
        self.entities.append(
            {
                "entity": row, "kind": kind, "name": f"{kind} {row}", "unit": unit,
                "nation": nation, "owner_nation": nation, "side": "blue", "sidc": "1" * 20,
                "counted": counted, "key": row, "type": None if kind == "person" else kind,
                "start_lat": None if lon is None else 0.0, "start_lon": lon,
                "start_alt": None if lon is None else 0.0,
            }
        )  # fmt: skip
        return row

    def persons(self, count: int, unit: int, nation: str, inside: int) -> list[int]:
        rows = [self.entity("person", unit, nation, None) for _ in range(count)]
        for slot, row in enumerate(rows):
            self.board(row, inside, DAY0, slot)
        return rows

    def leg(self, row: int, t0: int, t1: int, lon0: float, lon1: float, mode: str, lat=0.0) -> None:
        self.legs.append(
            {
                "entity": row, "t0": t0, "t1": t1, "lat0": lat, "lon0": lon0, "alt0": 0.0,
                "lat1": lat, "lon1": lon1, "alt1": 0.0, "mode": mode,
            }
        )  # fmt: skip

    def board(self, row: int, carrier: int, t: int, slot: int = 0) -> None:
        self.alight(row, t)
        self.aboard[row] = {"entity": row, "carrier": carrier, "slot": slot, "t0": t, "t1": None}

    def alight(self, row: int, t: int) -> None:
        if row in self.aboard:
            self.carriers.append({**self.aboard.pop(row), "t1": t})


@dataclass
class Small:
    folder: Path
    persons: int
    vehicles: int


def table(rows: list[dict]) -> pa.Table:
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: [row.get(name) for row in rows] for name in names})


def unit(row: int, name: str, nation: str, parent: int | None, claim: str | None) -> dict:
    return {
        "unit": row, "id": name, "parent": parent, "name": name.replace("-", " ").title(),
        "echelon": "company", "nation": nation, "side": "blue", "sidc": "1" * 20,
        "claim": claim, "assumed": None if claim else "made up", "first": 0, "own_last": 0,
        "last": 0,
    }  # fmt: skip


def place(name: str, kind: str, lat: float, lon: float, radius: float, **more: object) -> dict:
    return {
        "place": name, "name": name.replace("-", " ").title(), "kind": kind, "lat": lat, "lon": lon,
        "radius_m": radius, "utc_offset_h": 12.0, **more,
    }  # fmt: skip


def serial(key: str, task: str, where: str, phase: str, begin: int, over: int, **more) -> dict:
    return {
        "serial": key, "name": more.pop("name"), "task": task, "place": where,
        "phase": phase, "objective": more.pop("objective", None), "priority": 0,
        "planned_start": begin, "planned_end": over, "outcome": more.pop("outcome", "held"), **more,
    }  # fmt: skip


def claim(name: str, value: str, quote: str, source: str, origin: str, **more: object) -> dict:
    return {
        "claim": name, "subject": "exercise", "field": "persons", "value": value,
        "unit": "persons", "kind": "attributed claim", "quote": quote, "speaker": "a spokesman",
        "source": source, "origin": origin, "rank": "normal", "used": True,
        "used_for": "figure persons_total", **more,
    }  # fmt: skip


def event(number: int, t: int, kind: str, text: str, serial: str | None, cause=None) -> dict:
    return {
        "event": number, "t": t, "kind": kind, "text": text, "serial": serial, "cause": cause,
    }  # fmt: skip


def populate(b: Builder) -> None:
    for number, (company, lon) in enumerate((("A", 179.0), ("B", 179.0))):
        vehicles = [b.entity("vehicle", 1 + number, "RUS", lon) for _ in range(3)]
        for vehicle in vehicles:
            team = b.entity("team", 1 + number, "RUS", lon, counted=False)
            b.persons(2, 1 + number, "RUS", vehicle)
            b.persons(4, 1 + number, "RUS", team)
            if company == "A":  # by road, then across country without the teams
                b.board(team, vehicle, at(1, 7))
                b.leg(vehicle, at(1, 8), at(1, 14), 179.0, 180.5, "road")
                b.alight(team, at(1, 15))
                b.leg(vehicle, at(2, 9), at(2, 10), 180.5, 180.55, "cross_country")
                b.leg(team, at(2, 9), at(2, 9.5), 180.5, 180.51, "foot")
            else:  # by rail over midnight
                b.board(team, -1, at(1, 19))
                b.board(vehicle, -1, at(1, 19))
    train = b.entity("train", 5, "RUS", 179.0, counted=False)
    for row, boarding in list(b.aboard.items()):
        if boarding["carrier"] == -1:
            boarding["carrier"] = train
            b.alight(row, at(2, 5))
    b.leg(train, at(1, 20), at(2, 4), 179.0, 180.0, "rail")
    for _ in range(2):
        ship = b.entity("ship", 3, "RUS", 179.2)
        b.persons(5, 3, "RUS", ship)
        b.leg(ship, at(2, 6), at(2, 14), 179.2, 178.2, "sea")
    merchant = b.entity("ship", 3, "RUS", 179.2, counted=False)
    b.leg(merchant, at(2, 6), at(2, 14), 179.2, 178.2, "sea")
    planes = [b.entity("aircraft", 4, "RUS", 178.9) for _ in range(2)]
    for plane in planes:
        b.persons(2, 4, "RUS", plane)
    b.leg(planes[0], at(2, 10), at(2, 10.5), 178.9, 179.9, "air")
    b.leg(planes[0], at(2, 10.5), at(2, 11.5), 179.9, 178.9, "air")
    b.leg(planes[0], at(3, 10), at(3, 11), 178.9, 178.9, "air")
    b.leg(planes[1], at(2, 8), at(2, 8.5), 178.9, 180.5, "air")
    b.leg(planes[1], at(2, 8.5), at(2, 9), 180.5, 178.9, "air")
    for _ in range(2):
        vehicle = b.entity("vehicle", 6, "CHN", 180.5)
        team = b.entity("team", 6, "CHN", 180.5, counted=False)
        b.persons(2, 6, "CHN", vehicle)
        b.persons(4, 6, "CHN", team)
    vehicle = b.entity("vehicle", 7, "IND", 180.5)
    b.persons(2, 7, "IND", vehicle)
    team = b.entity("team", 7, "IND", 178.9, counted=False)
    jumpers = b.persons(4, 7, "IND", team)
    b.board(team, planes[1], at(2, 7))
    for row in jumpers:
        canopy = b.entity("parachute", 7, "IND", None, counted=False)
        b.leg(canopy, at(2, 8.5), at(2, 8.6), 180.5, 180.5, "parachute", lat=0.001)
        b.board(row, canopy, at(2, 8.5))
        b.board(row, team, at(2, 8.6))
    b.alight(team, at(2, 8.5))
    b.aboard = {row: boarding for row, boarding in b.aboard.items() if boarding["carrier"] >= 0}


SQUARE = {
    "type": "Polygon",
    "coordinates": [[[178.0, -0.5], [178.5, -0.5], [178.5, 0.5], [178.0, 0.5], [178.0, -0.5]]],
}


def small_tables(b: Builder) -> dict[str, pa.Table]:
    units = [
        ("brigade", "RUS", None, "T-1"), ("company-a", "RUS", 0, None),
        ("company-b", "RUS", 0, None), ("flotilla", "RUS", 0, None),
        ("squadron", "RUS", 0, None), ("railways", "RUS", None, None),
        ("battalion-c", "CHN", None, "T-2"), ("company-d", "IND", None, "T-2"),
    ]  # fmt: skip
    serials = [
        serial("S1", "march", "range", "deployment", at(1, 8), at(1, 14),
               start=at(1, 8), end=at(1, 14), units="company-a", claim="T-1",
               objective="Movement", name="A goes by road"),
        serial("S2", "rail", "station-east", "deployment", at(1, 18), at(2, 3), start=at(1, 19),
               end=at(2, 5), units="company-b", outcome="held_late", reason="no train is free",
               assumed="needed", objective="Movement", name="B goes by rail"),
        serial("S3", "live_fire", "range", "implementation", at(2, 12), at(2, 15),
               units="company-b;battalion-c", outcome="called_off", claim="T-1,T-3",
               reason="Company B is not at Range", objective="Fire", name=SCRIPT),
        serial("S4", "patrol", "sea-area", "implementation", at(2, 6), at(2, 14), start=at(2, 6),
               end=at(2, 14), units="flotilla", claim="T-3", name="Guard of the sea area"),
        serial("S5", "airborne_drop", "range", "implementation", at(2, 7), at(2, 9),
               start=at(2, 7), end=at(2, 9), units="company-d", outcome="partly_held",
               reason="too few seats", assumed="notional", name="Drop"),
        serial("S6", "withdraw", "garrison", "withdrawal", at(3, 20), at(4, 20), units="company-a",
               outcome="planned", assumed="needed", name="Home again"),
    ]  # fmt: skip
    events = [
        event(0, at(1, 0), "context", "The exercise is announced.", None),
        event(1, at(1, 8), "serial_started", "A goes by road: starts", "S1"),
        event(2, at(1, 18), "serial_delayed", "B goes by rail: no train is free", "S2"),
        event(3, at(1, 19), "serial_started", "B goes by rail: starts 60 min late", "S2", 2),
        event(4, at(2, 12), "serial_delayed", "cannot start: B is not at the range", "S3", 3),
        event(5, at(2, 18), "serial_called_off", "called off: B is not at the range", "S3", 4),
        event(6, at(2, 7), "order_refused", "drop: too few seats", "S5", 7),
        event(7, at(2, 7), "serial_started", "Drop: starts", "S5"),
    ]
    claims = [
        claim("T-1", "more than 100", "More than 100 soldiers", "paper", "ministry"),
        claim("T-2", "68", f"In all 68 persons {SCRIPT}", "agency", "staff", conflicts="C-1"),
        claim("T-3", "100", "“100 take part”", "agency", "ministry", conflicts="C-1", used=False),
    ]
    persons = [e["entity"] for e in b.entities if e["kind"] == "person"]
    rows = {
        "units": [unit(n, name, nation, up, by) for n, (name, nation, up, by) in enumerate(units)],
        "entities": b.entities,
        "serials": serials,
        "claims": claims,
        "places": [
            place("garrison", "town", 0.0, 179.0, 2_000.0),
            place("station-east", "station", 0.0, 180.0, 2_000.0),
            place("range", "range", 0.0, 180.5, 10_000.0, claim="T-1"),
            place("port", "port", 0.0, 179.2, 3_000.0),
            place("airfield", "airfield", 0.0, 178.9, 2_000.0),
            place("sea-area", "sea_area", 0.0, 178.25, None, polygon=json.dumps(SQUARE)),
            place("wide", "sea_area", 0.0, 179.0, 150_000.0),
        ],
        "sources": [
            {"source": "paper", "title": "A paper", "publisher": "P", "date": "2030-04-30",
             "address": "paper.example/1"},
            {"source": "agency", "title": "An agency", "date": "2030-04"},
        ],
        "origins": [
            {"origin": "ministry", "name": "The ministry", "kind": "ministry", "nation": "RUS"},
            {"origin": "staff", "name": "The staff", "kind": "estimate", "nation": "IND"},
        ],
        "conflicts": [
            {"conflict": "C-1", "title": "How many", "claims": "T-2,T-3", "chosen": "T-2",
             "explanation": "The staff counted."},
        ],
        "figures": [
            {"figure": "persons_total", "name": "Persons in all", "value": 68.0, "unit": "persons",
             "default_value": 100.0, "low": 60.0, "high": 100.0, "claim": "T-2",
             "reason": "the lowest claim"},
            {"figure": "tents", "name": "Tents", "value": 9.0, "unit": "", "default_value": 9.0},
        ],
        "orders": [
            {"order": 0, "kind": "march", "serial": "S1", "t_issued": at(1, 8), "outcome": "ended"},
            {"order": 1, "kind": "drop", "serial": "S5", "t_issued": at(2, 7),
             "outcome": "refused", "reason": "too few seats"},
        ],
    }  # fmt: skip
    segment = {
        "legs": b.legs,
        "carriers": [*b.carriers, *b.aboard.values()],
        "events": events,
        "statuses": [
            {"entity": row, "t": at(2, 0), "status": "exercising"} for row in persons[:18]
        ],
    }
    return {name: table(data) for name, data in {**rows, **segment}.items()}


def write_small(folder: Path) -> Small:
    b = Builder()
    populate(b)
    tables = small_tables(b)
    header = Header(
        scenario="small", scenario_digest="0" * 64, policy="sceptical", seed=1, sim_start=DAY0,
        sim_end=DAY0 + 3 * DAY, version="0.1.0",
        notes={"title": "Small & neat", "utc_offset_h": "12"},
    )  # fmt: skip
    segment = {name: tables.pop(name) for name in ("legs", "carriers", "events", "statuses")}
    with RunWriter(folder, header) as writer:
        for name, data in tables.items():
            writer.write_static(name, data)
        writer.write_segment(0, segment)
        writer.finish()
    kinds = [e["kind"] for e in b.entities]
    return Small(folder, kinds.count("person"), kinds.count("vehicle"))
