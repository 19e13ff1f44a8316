"""Transport by air: load, fly, unload, return, as often as it takes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Effects
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.air import aircraft_of, hopping
from startex.engine.systems.base import World
from startex.engine.systems.berths import parking
from startex.engine.systems.flights import (
    AIRFIELD_M,
    REFUEL_MS,
    Performance,
    performance,
    route,
    runway_of,
    runway_slot,
)
from startex.engine.systems.lading import (
    Cargo,
    air_loads,
    cargo,
    check_idle,
    check_near,
    gathering,
    go_aboard,
    go_ashore,
)
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import Track, chain, settle, stand
from startex.foundation.clock import MS_PER_SECOND
from startex.foundation.streams import Stream, uniform
from startex.geography.areas import NoGroundError, land_anchor
from startex.geography.geodesy import inverse

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

LOADING_MS = 40 * 60_000
"""From the last aboard to take-off: doors, lashing, checks; assumed, spread 0 to 20 per cent."""

UNLOADING_MS = 30 * 60_000
"""From landing to the first out; assumed: taxiing and unlashing."""


@dataclass(slots=True)
class _Transport:
    """One aircraft's timetable in the making."""

    row: int
    able: Performance
    home: tuple[float, float]
    near: tuple[float, float]  # stand at the origin
    far: tuple[float, float]  # stand at the destination
    ready_ms: int
    parts: list[Track] = field(default_factory=list)
    trips: int = 0

    def fly(self, world: World, end: tuple[float, float], via: list[int], start_ms: int) -> int:
        """Add a flight to ``end``; return when it lands."""
        at = self.parts[-1].end
        hops = route(world, at[:2], end, via, self.able.reach_m)
        self.parts.append(hopping(hops, end, start_ms, self.able, alt_from=at[2]))
        return self.parts[-1].end_ms


class Airlift:
    """Carries out ``airlift``: aircraft carry teams and vehicles from one airfield to another.

    Parameters of the order: ``passengers`` (rows of teams, vehicles or persons; persons stand
    for their team), ``origin``, ``destination`` (place indices), ``via`` (places or points),
    ``lat, lon`` (where passengers gather; default: on land at the destination), ``altitude_m``,
    ``speed_m_s``. The order's rows are the aircraft.

    Aircraft elsewhere first fly to the origin. Each load boards at the aircraft's stand;
    seats, lane metres and cargo mass are respected (`lading.air_share`); after the last load the
    aircraft return to where they stood. Refused when passengers are busy or not at the origin,
    something fits no aircraft, or a hop is out of range.
    """

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the whole airlift (see `engine.systems.base.System.start`)."""
        rows, decks = aircraft_of(order, world, state, t)
        if np.any(decks >= 0):
            raise OrderRefusedError("an airlift cannot begin on a deck")
        params = order.params
        origin, goal = int(params["origin"]), int(params["destination"])
        goods = cargo(world, state, params["passengers"])
        if goods.rows.size == 0:
            raise OrderRefusedError("there is nobody and nothing to be carried")
        check_idle(world, state, goods.rows, t, order.id)
        place = world.places[origin]
        near = max(AIRFIELD_M, place.radius_m)
        check_near(world, state, goods.rows, (place.lat, place.lon), near, place.name)
        loads = air_loads(world, goods, rows)
        fleet = self._fleet(order, rows, origin, goal, t, world, state)
        via = list(params.get("via", ()))
        for aircraft in fleet.values():  # everything that can be refused is refused before booking
            reach = aircraft.able.reach_m
            route(world, aircraft.home, aircraft.near, [], reach)
            route(world, aircraft.near, aircraft.far, via, reach)
            route(world, aircraft.far, aircraft.home, list(reversed(via)), reach)
        effects = Effects(t)
        goals = gathering(goods.rows.size, self._gathering_point(order, goal, world))
        for number, (carrier, load) in enumerate(loads):
            last = all(other != carrier for other, _ in loads[number + 1 :])
            self._trip(
                order, fleet[carrier], goods.of(load), (goals[0][load], goals[1][load]),
                world, state, resources, effects, via=via, last=last,
            )  # fmt: skip
        used = [aircraft for aircraft in fleet.values() if aircraft.trips]
        settle(effects, [a.row for a in used], [chain(a.parts) for a in used])
        trips, persons = len(loads), int(goods.persons.sum())
        vehicles = int(np.sum(goods.lane_m > 0.0))
        data = {"persons": persons, "vehicles": vehicles, "trips": trips}
        names = f"{world.places.name[origin]} to {world.places.name[goal]}"
        what = f"{persons} persons and {vehicles} vehicles"
        effects.events.insert(
            0, tell(order, t, "airlift_started", f"{what} from {names}", place=origin, **data)
        )
        landed = max(event.t for event in effects.events if event.kind == "airlift_landed")
        effects.events.append(
            tell(order, landed, "airlift_completed", f"{what} in {trips} flights", place=goal,
                 **data)
        )  # fmt: skip
        return effects

    def _fleet(
        self, order: Order, rows: Int32, origin: int, goal: int, t: int, world: World, state: State
    ) -> dict[int, _Transport]:
        """Return the aircraft, each with its stands at both ends."""
        places = world.places
        far = parking(world, state, rows, float(places.lat[goal]), float(places.lon[goal]))
        near = parking(world, state, rows, float(places.lat[origin]), float(places.lon[origin]))
        fleet: dict[int, _Transport] = {}
        for number, row in enumerate(rows):
            home = (float(state.lat[row]), float(state.lon[row]))
            _, away = inverse(*home, places.lat[origin], places.lon[origin])
            there = away <= max(AIRFIELD_M, places.radius_m[origin])
            one = np.array([row], dtype=np.int32)
            able = performance(
                world, one, order.params.get("speed_m_s"), order.params.get("altitude_m")
            )
            fleet[int(row)] = _Transport(
                int(row),
                able,
                home,
                home if there else (float(near[0][number]), float(near[1][number])),
                (float(far[0][number]), float(far[1][number])),
                t,
                [stand(t, *home, float(state.alt[row]))],
            )
        return fleet

    def _trip(
        self,
        order: Order,
        aircraft: _Transport,
        goods: Cargo,
        goal: tuple[Float64, Float64],
        world: World,
        state: State,
        resources: Resources,
        effects: Effects,
        *,
        via: list[int],
        last: bool,
    ) -> None:
        """Add one load's flight and the aircraft's return."""
        runway, _ = runway_of(world, *aircraft.near)
        count = goods.rows.size
        if aircraft.parts[-1].end[:2] != aircraft.near:
            begin = runway_slot(resources, runway_of(world, *aircraft.home)[0], aircraft.ready_ms)
            landed = aircraft.fly(world, aircraft.near, [], begin)
            aircraft.ready_ms = landed + (REFUEL_MS if aircraft.trips else UNLOADING_MS)
        carriers = np.full(count, aircraft.row, dtype=np.int32)
        depart = np.full(count, aircraft.ready_ms, dtype=np.int64)
        at = (np.full(count, aircraft.near[0]), np.full(count, aircraft.near[1]))
        boarded = go_aboard(world, state, effects, goods, carriers, at, depart)
        second = world.elapsed(aircraft.ready_ms, MS_PER_SECOND)
        draw = uniform(world.seed, Stream.LOADING, world.force.key[aircraft.row], second)
        closed = int(boarded.max()) + round(LOADING_MS * (1.0 + 0.2 * float(draw)))
        took_off = runway_slot(resources, runway, closed)
        landed = aircraft.fly(world, aircraft.far, via, took_off)
        leave = np.full(count, landed + UNLOADING_MS, dtype=np.int64)
        there = (np.full(count, aircraft.far[0]), np.full(count, aircraft.far[1]))
        go_ashore(world, effects, goods.rows, there, leave, goal)
        data = {"persons": int(goods.persons.sum()), "vehicles": int(np.sum(goods.lane_m > 0.0))}
        name = world.force.name[aircraft.row]
        what = f"{name} with {data['persons']} persons and {data['vehicles']} vehicles"
        origin, destination = int(order.params["origin"]), int(order.params["destination"])
        effects.events += [
            tell(order, took_off, "airlift_took_off", what, actor=aircraft.row, place=origin,
                 **data),
            tell(order, landed, "airlift_landed", what, actor=aircraft.row, place=destination,
                 **data),
        ]  # fmt: skip
        aircraft.trips += 1
        again = landed + UNLOADING_MS + REFUEL_MS
        target = aircraft.home if last else aircraft.near
        back = runway_slot(resources, runway_of(world, *aircraft.far)[0], again)
        landed = aircraft.fly(world, target, list(reversed(via)), back)
        aircraft.ready_ms = landed + REFUEL_MS

    def _gathering_point(self, order: Order, goal: int, world: World) -> tuple[float, float]:
        """Return where passengers gather: as ordered, else on land at the destination."""
        params = order.params
        if "lat" in params:
            return float(params["lat"]), float(params["lon"])
        place = world.places[goal]
        key = int(world.force.key[order.rows[0]])
        try:
            return land_anchor(
                world.router.surface, place.lat, place.lon, place.radius_m, key, 200.0
            )
        except NoGroundError:
            return place.lat, place.lon
