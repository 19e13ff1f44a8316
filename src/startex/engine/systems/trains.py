"""Trains for an order: which ones, what each takes, where lines hold them up.

A load is what one train takes on one trip. Vehicles and foot teams are loaded in order of row,
each train filled before the next (next fit): wagon length for vehicles, berths for teams.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Legs
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import hops, kernels
from startex.engine.systems.base import World
from startex.engine.systems.halts import insert_halts
from startex.engine.systems.seating import TRAIN, busy, figure, retry_at
from startex.foundation.clock import MS_PER_MINUTE
from startex.geography.geodesy import inverse
from startex.geography.latitudes import M_PER_DEG
from startex.geography.paths import Path
from startex.geography.routes import NoWayError

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

STATION_M = 10_000.0
"""A train within this distance of a station belongs to it; sidings and yards lie around."""

SAME_DEG = 1e-6
"""Two positions this near, in degrees, are the same station (0.1 m)."""

SHUNTING_M_S = 15.0 / 3.6
"""Speed between siding and station; assumed."""

HEADWAY_MS = 10 * MS_PER_MINUTE
"""Time between trains of one direction on a line that gives none; assumed."""


@dataclass(frozen=True, slots=True)
class Journey:
    """A way from one station to another with the lines it enters.

    ``lines`` has (name of the shared means, distance along the path in m, headway in ms).
    """

    path: Path
    lines: tuple[tuple[str, float, int], ...]

    def run(
        self, train: int, ready_ms: int, speed_m_s: float, resources: Resources
    ) -> tuple[Legs, int, int]:
        """Book the lines and return the train's legs, its departure and its arrival, ms.

        Where a line is taken the train waits in the station before it.
        """
        legs = kernels.along_path([train], self.path, 0, speed_m_s, "rail")
        waits: list[int] = []
        at: list[int] = []
        for name, s, headway in self.lines:
            entry = int(kernels.travel_ms(s, speed_m_s))
            due = ready_ms + entry + sum(waits)
            waits.append(resources.book(name, 1, due, headway) - due)
            at.append(entry)
        legs = kernels.shift(insert_halts(legs, at, waits), ready_ms)
        if legs.entity.size == 0:
            return legs, ready_ms, ready_ms
        return legs, int(legs.t0[0]), int(legs.t1[-1])


def railways(world: World) -> tuple[str, ...]:
    """Return the ids of all railways."""
    return tuple(way.id for way in world.router.ways if way.kind == "rail")


def journey(world: World, ways: tuple[str, ...], origin: int, destination: int) -> Journey:
    """Return the way between two stations (place indices) along railways; none named: all.

    Raises
    ------
    NoWayError
        If the railways do not join them.
    """
    path = world.router.rail(ways, origin, destination)
    places, lines = world.places, []
    for name in ways or railways(world):
        way = world.router.ways.get(name)
        ends = []
        for place in (places.index(way.origin), places.index(way.destination)):
            away = np.abs(path.lat - places.lat[place]) + np.abs(path.lon - places.lon[place])
            nearest = int(np.argmin(away))
            if away[nearest] < SAME_DEG:  # railways pass through the exact point of a station
                ends.append(float(path.s[nearest]))
        if len(ends) == 2 and ends[0] != ends[1]:
            direction = "forth" if ends[0] < ends[1] else "back"
            headway = round(way.headway_min * MS_PER_MINUTE) or HEADWAY_MS
            lines.append((f"line:{name}:{direction}", min(ends), headway))
    lines.sort(key=lambda line: (line[1], line[0]))
    return Journey(path, tuple(lines))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A train that could come: ``approach`` from its station, ``free_ms`` when it is free."""

    row: int
    approach: Journey
    distance_m: float
    free_ms: int


def pool(
    world: World,
    state: State,
    resources: Resources,
    t: int,
    *,
    origin: int,
    reach_m: float,
    nation: str = "",
) -> list[Candidate]:
    """Return the trains that can come to a station, nearest first, then by row.

    Parameters
    ----------
    origin
        Place index of the station.
    reach_m
        Trains farther away along the railways do not come.
    nation
        Of the unit to be carried: a nation that has trains of its own on the railways that lead
        to the station uses them alone (gauges and rolling stock differ); others use any.

    Raises
    ------
    OrderRefusedError
        If there are no trains, or none that a railway joins to the station within reach.
    """
    every = world.index.of_kind(TRAIN)
    if every.size == 0:
        raise OrderRefusedError("there are no trains in this scenario")
    standing = _standing(world, state, origin)
    units, unit = world.force.units, world.force.unit
    own = [pair for pair in standing if units.nation[unit[pair[0]]] == nation]
    found: dict[int, Journey | None] = {}
    candidates = []
    for train, station in own or standing:
        if station not in found:
            found[station] = _reachable(world, station, origin)
        way = found[station]
        if way is not None and way.path.length_m <= reach_m:
            free = resources.free_from(key(world, train))
            if busy(state, [train], t)[0]:
                free = max(free, retry_at(state, [train], t))
            candidates.append(Candidate(train, way, way.path.length_m, free))
    if not candidates:
        raise OrderRefusedError(
            f"none of {every.size} trains stands at a station that a railway of up to "
            f"{reach_m / 1000.0:.0f} km joins to {world.places.name[origin]}"
        )
    return sorted(candidates, key=lambda one: (one.distance_m, one.row))


def key(world: World, train: int) -> str:
    """Return the name of a train as a shared means."""
    return f"train:{world.force.name[train]}"


def _standing(world: World, state: State, origin: int) -> list[tuple[int, int]]:
    """Return the trains on railways that lead to a station, ascending, each with its station."""
    places, stations = world.places, world.index.stations_joined_to(origin)
    if not stations.size:
        return []
    trains = world.index.of_kind(TRAIN)
    apart_deg = np.abs(state.lat[trains][:, None] - places.lat[stations])
    trains = trains[(apart_deg <= STATION_M / M_PER_DEG).any(axis=1)]  # few are left to measure
    lat, lon = state.lat[trains][:, None], state.lon[trains][:, None]
    _, away = inverse(lat, lon, places.lat[stations], places.lon[stations])
    nearest = np.argmin(away, axis=1)
    there = away[np.arange(trains.size), nearest] <= STATION_M
    pairs = zip(trains[there].tolist(), stations[nearest[there]].tolist(), strict=True)
    return list(pairs)


def _reachable(world: World, station: int, origin: int) -> Journey | None:
    try:
        return journey(world, world.index.railways_from(origin), station, origin)
    except NoWayError:
        return None


def shunt(world: World, state: State, train: int, path: Path, t: int) -> tuple[Legs, int]:
    """Return the legs of a train from where it stands to the start of a path, and when it is there.

    Raises nothing; a train that stands there already has no legs.
    """
    legs = hops.hop(
        [train],
        state.lat[train],
        state.lon[train],
        path.lat[0],
        path.lon[0],
        t0=t,
        speed_m_s=SHUNTING_M_S,
        mode="rail",
    )
    end, _, _ = kernels.ends(legs, [train], (path.lat[0], path.lon[0]), t)
    return legs, int(end[0])


def fill(lengths: Float64, berths: Int64, first: int, capacity_m: float, seats: float) -> int:
    """Return one past the last item that a train takes, from item ``first`` on.

    Parameters
    ----------
    lengths, berths
        Wagon length (m, 0 for teams) and persons in coaches (0 for vehicles) of all items.
    capacity_m, seats
        Of the train.
    """
    metres = np.searchsorted(np.cumsum(lengths[first:]), capacity_m + 1e-6, side="right")
    persons = np.searchsorted(np.cumsum(berths[first:]), seats, side="right")
    return first + int(min(metres, persons))


def trips_needed(world: World, trains: list[Candidate], lengths: Float64, berths: Int64) -> int:
    """Return how many trips the trains need for all items, taking turns.

    Raises
    ------
    OrderRefusedError
        If a vehicle is longer, or a team larger, than some train takes.
    """
    rows = [one.row for one in trains]
    capacity = figure(world, rows, "train_capacity_m", default=0.0)
    seats = figure(world, rows, "train_seats", default=0.0)
    longest, largest = float(lengths.max(initial=0.0)), int(berths.max(initial=0))
    if longest > capacity.min() or largest > seats.min():
        raise OrderRefusedError(
            f"a train takes {capacity.min():.0f} m of vehicles and {seats.min():.0f} persons; the "
            f"longest vehicle takes {longest:.0f} m, the largest team has {largest} persons"
        )
    done = trips = 0
    while done < lengths.size:
        turn = trips % len(rows)
        done = fill(lengths, berths, done, float(capacity[turn]), float(seats[turn]))
        trips += 1
    return trips
