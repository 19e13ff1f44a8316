"""Rail movement: entraining, running, detraining.

Order ``rail``
--------------
``origin``, ``destination``
    Place indices of the stations.
``ways``
    Ids of the railways that may be used; none: all.
``ramps``
    Trains that load or unload at once at a station (default 2).
``load_ms``
    Mean time for one vehicle to drive on or off (default 4 min), spread evenly by a half of it,
    keyed by the vehicle.
``entrain_ms``
    Least time a train stands for boarding or leaving it (default 20 min).
``max_trips``
    Trips that a train may have to make for the order (default 3): the order waits until so many
    trains are free that none makes more, or all that there are.
``reach_m``
    Empty trains come from no farther away than this, along any railway (default 1,000 km).
``lat``, ``lon``, ``spacing_m``
    Laager after detraining; default: the unit's own area at the destination, 50 m.
``leave_dismounted``
    As in ``march``.

Trains are the entities of kind train, nearest first; empty ones come along the railways.
Vehicles drive to the train, wait for their turn on the ramp and stay on their wagon with crew and
passengers; teams on foot ride in the coaches. Trains leave one behind the other with the headway
of each line and direction. Opposite trains on single track are not modelled, nor are gauges: a
train runs through where wheels would be changed.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Boarding, Effects, Event, Legs
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import kernels
from startex.engine.systems.approach import travel, trip
from startex.engine.systems.base import World
from startex.engine.systems.ground import SPACING_M, movers
from startex.engine.systems.laagers import slots
from startex.engine.systems.march import left_behind
from startex.engine.systems.seating import (
    TEAM,
    figure,
    heads,
    persons_with,
    slots_aboard,
)
from startex.engine.systems.trains import (
    Candidate,
    Journey,
    fill,
    journey,
    key,
    pool,
    shunt,
    trips_needed,
)
from startex.foundation.clock import MS_PER_MINUTE
from startex.foundation.streams import Stream, entity_key, uniform
from startex.geography.areas import land_anchor
from startex.geography.routes import NoWayError

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

RAMPS = 2
LOAD_MS = 4 * MS_PER_MINUTE
ENTRAIN_MS = 20 * MS_PER_MINUTE
MAX_TRIPS = 3
REACH_M = 1_000_000.0
"""Defaults of the order; assumed: two end ramps, vehicles driving on along the wagons."""


@dataclass(slots=True)
class _Plan:
    """An order being worked out: what goes, and what has been settled so far."""

    order: Order
    world: World
    state: State
    resources: Resources
    t: int
    rows: Int32  # vehicles and foot teams, ascending
    to_train_ms: Int64  # time of each from its place to the station
    load_ms: Int64
    unload_ms: Int64
    persons: Int64  # with each row, whether inside it or in teams aboard it
    lengths: Float64
    berths: Int64
    on_train: Int64 = field(default_factory=lambda: np.empty(0, np.int64))  # arrival at the train
    alight: Int64 = field(default_factory=lambda: np.empty(0, np.int64))
    legs: list[Legs] = field(default_factory=list)
    boardings: list[Boarding] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rail:
    """Carries out ``rail``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return everything until the last vehicle stands in its laager."""
        params = order.params
        origin, destination = int(params["origin"]), int(params["destination"])
        ways = tuple(params.get("ways") or ())
        rows = movers(world, state, order)
        left = left_behind(world, state, order, rows)
        if left.size and not params.get("leave_dismounted", False):
            raise OrderRefusedError(
                f"{heads(world, state)[left].sum()} persons in {left.size} teams would be left "
                f"behind: they are not aboard any vehicle that goes by rail"
            )
        try:
            there = journey(world, ways, origin, destination)
            back = journey(world, ways, destination, origin)
        except NoWayError as error:
            raise OrderRefusedError(str(error)) from error
        candidates = pool(
            world, state, resources, t, origin=origin,
            reach_m=float(params.get("reach_m", REACH_M)),
            nation=world.force.units.nation[order.unit] if order.unit >= 0 else "",
        )  # fmt: skip
        lengths, berths = _sizes(world, state, rows)
        trips = trips_needed(world, candidates, lengths, berths)
        wanted = min(len(candidates), -(-trips // int(params.get("max_trips", MAX_TRIPS))))
        free = [one for one in candidates if one.free_ms <= t]
        if len(free) < wanted:
            raise OrderRefusedError(
                f"{wanted} trains are needed, {len(free)} of {len(candidates)} are free",
                sorted(one.free_ms for one in candidates)[wanted - 1],
            )
        plan, approach = _plan(order, t, world, state, resources, rows=rows, station=there)
        trains = _run_all(plan, free[:trips], there, back)
        return _gathered(plan, trains, there, approach)


def _sizes(world: World, state: State, rows: Int32) -> tuple[Float64, Int64]:
    """Return wagon length (vehicles) and berths (teams) of rows."""
    teams = world.force.kind[rows] == TEAM
    own = np.where(teams, 0.0, figure(world, rows, "length_m", default=0.0) + 1.0)
    lengths = figure(world, rows, "rail_length_m", default=np.nan)
    lengths = np.where(teams, 0.0, np.where(np.isnan(lengths), own, lengths))
    return lengths, np.where(teams, heads(world, state)[rows], 0).astype(np.int64)


def _plan(
    order: Order,
    t: int,
    world: World,
    state: State,
    resources: Resources,
    *,
    rows: Int32,
    station: Journey,
) -> tuple[_Plan, Legs]:
    """Return the plan before any train is loaded, and the legs to the station, starting at 0."""
    path = station.path
    begin = path.lat[0], path.lon[0]
    legs = travel(world, trip(world, rows, (state.lat[rows], state.lon[rows]), begin, 0))
    to_train, _, _ = kernels.ends(legs, rows, begin, 0)
    teams = world.force.kind[rows] == TEAM
    mean = float(order.params.get("load_ms", LOAD_MS))
    minute = world.elapsed(t, MS_PER_MINUTE)
    keys = world.force.key[rows]

    def times(which: int) -> Int64:
        draw = uniform(world.seed, Stream.LOADING, keys, 2 * minute + which)
        return np.where(teams, 0, mean * (0.75 + 0.5 * draw)).astype(np.int64)

    lengths, berths = _sizes(world, state, rows)
    plan = _Plan(
        order=order, world=world, state=state, resources=resources, t=t, rows=rows,
        to_train_ms=to_train, load_ms=times(0), unload_ms=times(1),
        persons=persons_with(world, state, rows),
        lengths=lengths, berths=berths,
    )  # fmt: skip
    plan.on_train = np.zeros(rows.size, dtype=np.int64)
    plan.alight = np.zeros(rows.size, dtype=np.int64)
    return plan, legs


def _run_all(plan: _Plan, trains: list[Candidate], there: Journey, back: Journey) -> dict[int, int]:
    """Load and run train after train until everything is moved; return when each train is free."""
    world, resources = plan.world, plan.resources
    rows = [one.row for one in trains]
    capacity = figure(world, rows, "train_capacity_m", default=0.0)
    seats = figure(world, rows, "train_seats", default=0.0)
    speed = figure(world, rows, "speed_cruise_m_s", default=12.5)
    ready: list[tuple[int, int]] = []
    for number, one in enumerate(trains):
        legs, at = shunt(world, plan.state, one.row, one.approach.path, plan.t)
        plan.legs.append(legs)
        if one.distance_m > 0.0:
            legs, _, at = one.approach.run(one.row, at, float(speed[number]), resources)
            plan.legs.append(legs)
        ready.append((at, number))
    heapq.heapify(ready)
    used: dict[int, int] = {}
    done = 0
    while done < plan.rows.size:
        at, number = heapq.heappop(ready)
        train, pace = rows[number], float(speed[number])
        if train in used:  # comes back empty for another load
            legs, _, at = back.run(train, used[train], pace, resources)
            plan.legs.append(legs)
        last = fill(plan.lengths, plan.berths, done, float(capacity[number]), float(seats[number]))
        used[train] = _one_trip(
            plan, train, slice(done, last), ready_ms=at, there=there, speed_m_s=pace
        )
        done = last
        again = used[train] + kernels.path_ms(back.path, pace)
        heapq.heappush(ready, (again, number))
    for number, one in enumerate(trains):
        train = one.row
        if train not in used:  # came, and was not needed after all
            used[train] = next(at for at, other in ready if other == number)
    for train, until in used.items():
        resources.book(key(world, train), 1, plan.t, until - plan.t)
    return used


def _one_trip(
    plan: _Plan, train: int, part: slice, *, ready_ms: int, there: Journey, speed_m_s: float
) -> int:
    """Load, run and unload one train; return when it is empty."""
    params = plan.order.params
    origin, destination = int(params["origin"]), int(params["destination"])
    rows = plan.rows[part]
    ids = plan.world.places.id
    ramps = int(params.get("ramps", RAMPS))
    least = int(params.get("entrain_ms", ENTRAIN_MS))
    teams = plan.world.force.kind[rows] == TEAM
    earliest = max(ready_ms, plan.t + int(plan.to_train_ms[part].max()))

    loading = max(int(plan.load_ms[part].sum()), least)
    start = plan.resources.book(f"ramp:{ids[origin]}", ramps, earliest, loading)
    finished = start + np.cumsum(plan.load_ms[part])
    plan.on_train[part] = np.where(teams, start, finished - plan.load_ms[part])
    seated = np.where(teams, start + least, finished)
    loaded = start + loading
    legs, departed, arrived = there.run(train, loaded, speed_m_s, plan.resources)
    plan.legs.append(legs)

    unloading = max(int(plan.unload_ms[part].sum()), least)
    start = plan.resources.book(f"ramp:{ids[destination]}", ramps, arrived, unloading)
    out = np.where(teams, start + least, start + np.cumsum(plan.unload_ms[part]))
    plan.alight[part] = out
    empty = start + unloading

    onto = np.full(rows.size, train, dtype=np.int32)
    off = np.full(rows.size, -1, dtype=np.int32)
    number = heads(plan.world, plan.state)
    places = slots_aboard(plan.world, plan.state, rows, onto, number)
    plan.boardings += [Boarding(rows, onto, places, seated), Boarding(rows, off, off, out)]
    counts = {
        "vehicles": int((~teams).sum()),
        "teams": int(teams.sum()),
        "persons": int(plan.persons[part].sum()),
    }
    text = "{vehicles} vehicles, {persons} persons".format(**counts)
    for at, kind, place, words in (
        (loaded, "train_loaded", origin, f"train loaded with {text}"),
        (departed, "train_departed", origin, f"train with {text} leaves"),
        (arrived, "train_arrived", destination, f"train with {text} arrives"),
        (empty, "train_unloaded", destination, f"train with {text} unloaded"),
    ):
        plan.events.append(
            Event(
                t=at, kind=kind, text=words, actor=train, unit=plan.order.unit, place=place,
                serial=plan.order.serial, cause=plan.order.cause, data=dict(counts),
            )
        )  # fmt: skip
    return empty


def _gathered(plan: _Plan, trains: dict[int, int], there: Journey, approach: Legs) -> Effects:
    """Return the effects of the whole order, with the ways to the train and to the laager."""
    rows, world, path = plan.rows, plan.world, there.path
    to_train = kernels.shift(approach, plan.on_train - plan.to_train_ms, rows)
    station = path.lat[-1], path.lon[-1]
    spacing_m = float(plan.order.params.get("spacing_m", SPACING_M))
    goal = slots(world, "laager", rows.size, _middle(plan), spacing_m)
    off = travel(world, trip(world, rows, station, goal, plan.alight))
    end, lat, lon = kernels.ends(off, rows, station, plan.alight)
    own = np.array(sorted(trains), dtype=np.int32)
    legs = kernels.join([to_train, off, *plan.legs])
    free = np.array([trains[row] for row in own.tolist()], dtype=np.int64)
    begin = path.lat[0], path.lon[0]
    _, train_lat, train_lon = kernels.ends(legs, own, begin, plan.t)
    everything = np.concatenate([rows, own])
    order = np.argsort(everything)
    everybody_free = np.concatenate([end, free])[order]
    return Effects(
        end_ms=int(everybody_free.max()),
        rows=everything[order],
        row_end_ms=everybody_free,
        lat=np.concatenate([lat, train_lat])[order],
        lon=np.concatenate([lon, train_lon])[order],
        alt=np.zeros(everything.size),
        legs=[legs],
        boardings=plan.boardings,
        events=plan.events,
    )


def _middle(plan: _Plan) -> tuple[float, float]:
    """Return the middle of the laager at the destination: ordered, else the unit's own area."""
    params, places, world = plan.order.params, plan.world.places, plan.world
    if "lat" in params:
        return float(params["lat"]), float(params["lon"])
    place = int(params["destination"])
    name = world.force.units.id[plan.order.unit] if plan.order.unit >= 0 else ""
    return land_anchor(
        world.router.surface,
        float(places.lat[place]),
        float(places.lon[place]),
        float(places.radius_m[place]),
        entity_key(f"{name}@{places.id[place]}"),
        float(np.sqrt(plan.rows.size / np.pi)) * SPACING_M + SPACING_M,
    )
