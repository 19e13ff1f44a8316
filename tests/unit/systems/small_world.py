"""A world small enough to check by hand: one of each kind of platform, on land near 44.3 N 131.6 E.

`build` takes how many there are of each; everything else follows from that.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from startex.engine.orders import Order
from startex.engine.state import State, new_state
from startex.engine.systems.base import World
from startex.forces.catalogue import Catalogue
from startex.forces.definitions import KINDS
from startex.forces.force import Force, Units
from startex.foundation.clock import parse_time
from startex.geography.geodesy import cut, direct
from startex.geography.paths import Path
from startex.geography.places import Place, Places
from startex.geography.rails import RailNetwork
from startex.geography.surface import Surface
from startex.geography.ways import Way, Ways

START = parse_time("2022-09-01T00:00Z")
LAT, LON = 44.30, 131.60
RIVER = (44.20, 131.60)

TYPES: dict[str, dict[str, Any]] = {
    "aircraft-transport": {
        "kind": "aircraft", "crew": 5, "seats": 120, "length_m": 46, "width_m": 50,
        "mass_kg": 170e3, "speed_cruise_m_s": 200.0, "speed_max_m_s": 230.0, "range_m": 4.0e6,
        "climb_m_s": 8.0, "descent_m_s": 8.0, "ceiling_m": 12e3, "cruise_altitude_m": 8e3,
        "jumpers": 60, "vehicle_deck_m": 24.0, "cargo_kg": 47e3,
    },
    "apc": {
        "kind": "vehicle", "crew": 3, "seats": 8, "length_m": 7.7, "width_m": 2.9, "height_m": 2.4,
        "mass_kg": 13.6e3, "speed_road_m_s": 80 / 3.6, "speed_cross_country_m_s": 8.0,
        "speed_water_m_s": 2.6, "range_m": 600e3, "fuel_l": 300, "rail_length_m": 9.0,
        "march_interval_m": 50.0,
    },
    "ferry": {
        "kind": "vehicle", "crew": 2, "seats": 70, "length_m": 11.5, "width_m": 3.3,
        "height_m": 2.7, "mass_kg": 17.7e3, "speed_road_m_s": 60 / 3.6,
        "speed_cross_country_m_s": 6.0, "speed_water_m_s": 2.9, "range_m": 500e3,
        "rail_length_m": 13.0, "march_interval_m": 50.0, "raft_capacity_kg": 14e3,
    },
    "parachute": {"kind": "parachute", "descent_m_s": 5.0},
    "ship-landing": {
        "kind": "ship", "crew": 12, "seats": 200, "length_m": 112, "width_m": 15, "mass_kg": 4e6,
        "speed_cruise_m_s": 8.0, "speed_max_m_s": 9.2, "range_m": 1.0e7, "vehicle_deck_m": 180.0,
        "cargo_kg": 500e3,
    },
    "squad": {"kind": "team", "speed_road_m_s": 1.4, "speed_cross_country_m_s": 1.1},
    "target": {"kind": "target", "length_m": 3.0, "width_m": 2.0, "height_m": 2.0},
    "train": {
        "kind": "train", "crew": 0, "length_m": 400, "speed_cruise_m_s": 15.0,
        "speed_max_m_s": 25.0, "train_capacity_m": 60.0, "train_seats": 40,
    },
    "truck": {
        "kind": "vehicle", "crew": 1, "seats": 20, "length_m": 7.4, "width_m": 2.5, "height_m": 3.0,
        "mass_kg": 12e3, "speed_road_m_s": 70 / 3.6, "speed_cross_country_m_s": 7.0,
        "range_m": 900e3, "rail_length_m": 9.0, "march_interval_m": 50.0,
    },
}  # fmt: skip
"""Type id to kind and figures, SI."""


SYMBOLS = {
    "aircraft-transport": "01110107",
    "apc": "15120101",
    "ship-landing": "30120307",
    "squad": "27110101",
    "train": "15150100",
}
"""Type id to symbol set and entity; all others are trucks."""


def catalogue() -> Catalogue:
    ids = tuple(sorted(TYPES))
    values: dict[str, Any] = {
        "id": ids,
        "name": ids,
        "kind": tuple(TYPES[i]["kind"] for i in ids),
        "symbol": tuple(SYMBOLS.get(i, "15140700") for i in ids),
        "note": tuple("" for _ in ids),
        "rows": {name: row for row, name in enumerate(ids)},
        "figures": {},
    }
    for item in fields(Catalogue):
        if item.name not in values:
            values[item.name] = np.array([float(TYPES[i].get(item.name, np.nan)) for i in ids])
    return Catalogue(**values)


class BentRouter:
    """Ways with a bend and no search: enough geography to move in. Land and water are the real."""

    def __init__(self, places: Places) -> None:
        self.surface = Surface()
        self.places = places

        def railway(name: str, origin: str, destination: str, headway_min: float) -> Way:
            a, b = (places[places.index(p)] for p in (origin, destination))
            return Way(
                name, name, "rail", origin, destination, (a.lat, b.lat), (a.lon, b.lon), 1.0,
                headway_min, assumed="test",
            )  # fmt: skip

        self.ways = Ways(
            [
                railway("main", "station-west", "station-mid", 15.0),
                railway("south", "station-mid", "station-east", 0.0),
            ]
        )

    def road(
        self,
        lat0: float,
        lon0: float,
        lat1: float,
        lon1: float,
        via: Sequence[tuple[float, float]] = (),
        way: str | None = None,
    ) -> Path:
        middle = [(0.6 * lat0 + 0.4 * lat1 + 0.002, 0.5 * (lon0 + lon1))]
        points = [(lat0, lon0), *(via or middle), (lat1, lon1)]
        return cut([p[0] for p in points], [p[1] for p in points])

    def sea(
        self,
        lat0: float,
        lon0: float,
        lat1: float,
        lon1: float,
        via: Sequence[tuple[float, float]] = (),
    ) -> Path:
        points = [(lat0, lon0), *via, (lat1, lon1)]
        return cut([p[0] for p in points], [p[1] for p in points])

    def rail(self, ways: Sequence[str], origin: int, destination: int) -> Path:
        return RailNetwork(self.ways, self.places).path(
            tuple(ways), self.places.id[origin], self.places.id[destination]
        )

    def air(self, points: Sequence[tuple[float, float]]) -> Path:
        return cut([p[0] for p in points], [p[1] for p in points])


def small_places() -> Places:
    def place(name: str, kind: str, lat: float, lon: float, radius_m: float) -> Place:
        return Place(name, name, kind, lat, lon, radius_m, 100.0, 10.0, assumed="test")

    return Places(
        [
            place("airfield", "airfield", 44.33, 132.55, 3e3),
            place("airfield-west", "airfield", 43.91, 131.93, 3e3),
            place("beach", "beach", 42.85, 132.40, 2e3),
            place("drop", "drop_zone", 44.36, 131.55, 3e3),
            place("port", "port", 42.97, 132.41, 3e3),
            place("range", "range", LAT, LON, 12e3),
            place("sea", "sea_area", 42.0, 132.5, 40e3),
            place("station-east", "station", 43.80, 131.95, 2e3),
            place("station-mid", "station", 44.15, 131.60, 2e3),
            place("station-west", "station", 44.41, 131.38, 2e3),
        ]
    )


@dataclass(slots=True)
class _Entity:
    name: str
    kind: str
    type: str = ""
    role: str = ""
    station: str = ""
    slot: int = -1
    stored: bool = False
    lat: float = np.nan
    lon: float = np.nan


@dataclass(frozen=True, slots=True)
class Small:
    """The world, the state at the start (all teams mounted that ride) and rows by name."""

    world: World
    state: State
    rows: dict[str, int]

    def of(self, unit: str, *kinds: str) -> np.ndarray:
        """Rows of a unit's subtree of some kinds; all platforms where none is named."""
        units = self.world.force.units
        u = units.id.index(unit)
        rows = np.arange(units.first[u], units.last[u], dtype=np.int32)
        codes = [KINDS.index(k) for k in (kinds or KINDS[1:])]
        return rows[np.isin(self.world.force.kind[rows], codes)]

    def order(self, kind: str, rows: Any, number: int = 0, **params: Any) -> Order:
        return Order(number, kind, np.asarray(rows, dtype=np.int32), params, serial=3, unit=0)

    def place(self, name: str) -> int:
        return self.world.places.index(name)

    def dismounted(self) -> Small:
        """The same with every team beside its vehicle."""
        state = copy_state(self.state)
        force = self.world.force
        teams = np.flatnonzero((force.kind == KINDS.index("team")) & (state.carrier >= 0))
        lat, lon = direct(
            state.lat[state.carrier[teams]], state.lon[state.carrier[teams]], 90.0, 30.0
        )
        state.lat[teams], state.lon[teams] = np.round(lat, 7), np.round(lon, 7)
        state.carrier[teams] = -1
        state.slot[teams] = -1
        return replace(self, state=state)


def copy_state(state: State) -> State:
    return State(*(copy(getattr(state, item.name)) for item in fields(State)))


def build(
    apcs: int = 4,
    trucks: int = 2,
    squad: int = 7,
    foot_teams: int = 1,
    ferries: int = 2,
    stored: int = 2,
    trains: int = 2,
    aircraft: int = 1,
    ships: int = 1,
    parachutes: int = 30,
    seed: int = 1,
) -> Small:
    """Return a small world.

    company: ``apcs`` with crews, each with a squad of ``squad`` persons aboard; ``trucks`` with
    a driver each; ``foot_teams`` teams of ten without a vehicle. engineers: ``ferries``.
    contingent: ``stored`` trucks in a park, their drivers in a crew team. railway, air, navy.
    """
    units = [
        ("force", -1),
        ("air", 0),
        ("company", 0),
        ("contingent", 0),
        ("engineers", 0),
        ("navy", 0),
        ("railway", 0),
        ("range-control", 0),
    ]
    members: dict[str, list[_Entity]] = {name: [] for name, _ in units}

    def man(unit: str, platform: str, count: int, first: int = 0, role: str = "crew") -> None:
        for i in range(count):
            members[unit].append(
                _Entity(
                    f"{platform} {role} {i}", "person", role=role, station=platform, slot=first + i
                )
            )

    def park(i: int, east_m: float = 0.0, north_m: float = 0.0) -> tuple[float, float]:
        lat, lon = direct(LAT, LON, 90.0, east_m + 50.0 * (i % 40))
        lat, lon = direct(lat, lon, 0.0, north_m + 50.0 * (i // 40))
        return round(float(lat), 7), round(float(lon), 7)

    company = members["company"]
    for i in range(apcs):
        company.append(_Entity(f"apc {i}", "vehicle", "apc", lat=park(i)[0], lon=park(i)[1]))
    for i in range(trucks):
        lat, lon = park(i, north_m=1500.0)
        company.append(_Entity(f"truck {i}", "vehicle", "truck", lat=lat, lon=lon))
    for i in range(apcs):
        company.append(_Entity(f"squad {i}", "team", "squad", station=f"apc {i}", slot=3))
    for i in range(foot_teams):
        lat, lon = park(i, north_m=-300.0)
        company.append(_Entity(f"foot {i}", "team", "squad", lat=lat, lon=lon))
    for i in range(apcs):
        man("company", f"apc {i}", 3)
    for i in range(trucks):
        man("company", f"truck {i}", 1)
    for i in range(apcs):
        man("company", f"squad {i}", squad, role="rifleman")
    for i in range(foot_teams):
        man("company", f"foot {i}", 10, role="rifleman")

    for i in range(stored):
        lat, lon = park(i, east_m=3000.0)
        members["contingent"].append(
            _Entity(f"issued {i}", "vehicle", "truck", stored=True, lat=lat, lon=lon)
        )
    for i in range(stored):
        lat, lon = park(i, east_m=3000.0, north_m=-200.0)
        members["contingent"].append(
            _Entity(
                f"crew team {i}", "team", "squad", station=f"issued {i}", slot=0, lat=lat, lon=lon
            )
        )
    for i in range(stored):
        man("contingent", f"crew team {i}", 1)
    for i in range(ferries):
        members["engineers"].append(
            _Entity(f"ferry {i}", "vehicle", "ferry", lat=RIVER[0] + 0.001 * i, lon=RIVER[1])
        )
    for i in range(ferries):
        man("engineers", f"ferry {i}", 2)
    for i in range(trains):
        members["railway"].append(_Entity(f"train {i}", "train", "train", lat=44.41, lon=131.38))
    for i in range(aircraft):
        members["air"].append(
            _Entity(f"aircraft {i}", "aircraft", "aircraft-transport", lat=44.33, lon=132.55)
        )
    for i in range(aircraft):
        man("air", f"aircraft {i}", 5)
    for i in range(ships):
        members["navy"].append(
            _Entity(f"ship {i}", "ship", "ship-landing", lat=42.75 - 0.01 * i, lon=132.40)
        )
    for i in range(ships):
        man("navy", f"ship {i}", 12)
    for i in range(parachutes):
        members["range-control"].append(_Entity(f"parachute {i}", "parachute", "parachute"))
    for i in range(3):
        members["range-control"].append(
            _Entity(f"target {i}", "target", "target", lat=LAT + 0.03, lon=LON + 0.001 * i)
        )
    return _assemble(units, members, seed)


def _assemble(units: list[tuple[str, int]], members: dict[str, list[_Entity]], seed: int) -> Small:
    entities: list[_Entity] = []
    unit_of: list[int] = []
    first, last = [], []
    for number, (name, _) in enumerate(units):
        first.append(len(entities))
        entities += members[name]
        unit_of += [number] * len(members[name])
        last.append(len(entities))
    own_last = list(last)
    last[0] = len(entities)
    rows = {entity.name: row for row, entity in enumerate(entities)}
    types = catalogue()
    ids = tuple(name for name, _ in units)

    def i32(values: list[int]) -> np.ndarray:
        return np.array(values, dtype=np.int32)

    blank = tuple("" for _ in ids)
    tree = Units(
        id=ids, name=ids, parent=i32([p for _, p in units]),
        echelon=("brigade", *("company" for _ in ids[1:])),
        nation=tuple("RUS" for _ in ids), side=tuple("blue" for _ in ids),
        sidc=tuple("1" * 20 for _ in ids), home=tuple("range" for _ in ids), claim=blank,
        assumed=blank, first=i32(first), own_last=i32(own_last), last=i32(last),
        last_unit=i32([len(ids), *(i + 1 for i in range(1, len(ids)))]),
    )  # fmt: skip
    force = Force(
        units=tree,
        name=tuple(e.name for e in entities),
        kind=np.array([KINDS.index(e.kind) for e in entities], dtype=np.int8),
        type=i32([types.rows[e.type] if e.type else -1 for e in entities]),
        role=tuple(e.role for e in entities),
        unit=i32(unit_of),
        owner_nation=tuple("RUS" for _ in entities),
        sidc=tuple("1" * 20 for _ in entities),
        counted=np.array([e.kind in ("person", "vehicle", "aircraft", "ship") for e in entities]),
        station=i32([rows[e.station] if e.station else -1 for e in entities]),
        slot=i32([e.slot for e in entities]),
        stored=np.array([e.stored for e in entities]),
        stored_at=tuple("range" if e.stored else "" for e in entities),
    )
    places = small_places()
    world = World(
        force=force, catalogue=types, places=places,
        router=BentRouter(places),  # type: ignore[arg-type]
        seed=seed, start_ms=START, end_ms=START + 14 * 86_400_000,
    )  # fmt: skip
    state = new_state(force, START)
    state.lat[:] = [e.lat for e in entities]
    state.lon[:] = [e.lon for e in entities]
    state.carrier[:] = force.station
    state.slot[:] = force.slot
    # until issue the crew teams of stored vehicles stand by themselves
    waiting = np.flatnonzero(
        [e.kind == "team" and e.name.startswith("crew team") for e in entities]
    )
    state.carrier[waiting] = state.slot[waiting] = -1
    return Small(world, state, rows)
