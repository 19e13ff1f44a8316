"""River crossing: by ferry, over a bridge, or swimming.

Order ``cross_river``
---------------------
``means``
    ``raft``: vehicles that swim do so, all others and teams on foot are ferried. ``bridge``: a
    bridge is built, then the column drives over it. ``ford``: everybody swims; refused where a
    type cannot.
``lat0``, ``lon0``, ``lat1``, ``lon1``
    Crossing points on the near and the far bank, degrees.
``bridging``
    Rows of the engineer vehicles that ferry or bridge (types with a raft load: amphibious
    ferries, or pontoon links).
``interval_ms``
    Between vehicles that enter the water (default 30 s).
``load_ms``, ``unload_ms``
    Of a raft (default 3 and 2 min).
``build_ms``, ``rate_veh_h``
    Time to build the bridge (default 90 min), and vehicles an hour over it (default 200).
``beyond_m``, ``spacing_m``
    How far behind the far bank the laager lies (default 500), and its spacing (default 50).

A raft's round trip is loading, the way over, unloading and the way back (`models.crossing`);
rafts take loads in turn, each as many of the next vehicles as its load allows. Pontoon links are
joined to as few rafts as carry the heaviest vehicle. Current, bank work and pulling out are not
modelled. Afloat on a river the mode of a leg is ``raft``.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Boarding, Effects, Legs
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import hops, kernels
from startex.engine.systems.approach import travel, trip
from startex.engine.systems.base import World
from startex.engine.systems.ground import SPACING_M, count_text, event, movers
from startex.engine.systems.laagers import slots
from startex.engine.systems.seating import (
    VEHICLE,
    busy,
    figure,
    heads,
    manned,
    of_kind,
    retry_at,
    slots_aboard,
)
from startex.foundation.clock import MS_PER_HOUR, MS_PER_MINUTE
from startex.geography.geodesy import direct, inverse
from startex.geography.paths import POSITION_DECIMALS

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

LOAD_MS = 3 * MS_PER_MINUTE
UNLOAD_MS = 2 * MS_PER_MINUTE
INTERVAL_MS = 30_000
BUILD_MS = 90 * MS_PER_MINUTE
RATE_VEH_H = 200.0
BEYOND_M = 500.0
"""Defaults of the order; assumed, of the order of US Army planning figures (FM 90-13)."""

RAFT_SPEED_M_S = 1.5
"""Speed of a raft of pontoon links pushed by boats; assumed."""

BRIDGE_SPEED_M_S = 10.0 / 3.6
"""Speed over a pontoon bridge; assumed."""

LINK_M = 6.7
"""Length of bridge that one pontoon link makes, m; commonly published for a PMP river link."""

PERSON_KG = 100.0
"""Mass of a person with equipment; assumed."""


@dataclass(frozen=True, slots=True)
class Raft:
    """A ferry: the entity that carries, its load, its speed afloat, when it is at the near bank."""

    row: int
    capacity_kg: float
    speed_m_s: float
    ready_ms: int


@dataclass(slots=True)
class _Crossing:
    """An order being worked out."""

    order: Order
    world: World
    state: State
    t: int
    rows: Int32  # who crosses
    near: tuple[float, float]
    far: tuple[float, float]
    width_m: float
    to_bank_ms: Int64  # time of each from its place to the near bank
    over: Int64  # when each is on the far bank
    at_bank: Int64  # when each is at the near bank
    legs: list[Legs]
    boardings: list[Boarding]


@dataclass(frozen=True, slots=True)
class CrossRiver:
    """Carries out ``cross_river``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the legs of those who cross and of the rafts, until all are in the laager."""
        params = order.params
        means = str(params["means"])
        if means not in {"raft", "bridge", "ford"}:
            raise ValueError(f"no means of crossing {means!r}; allowed: raft, bridge, ford")
        rows = movers(world, state, order)
        swims = (figure(world, rows, "speed_water_m_s", default=0.0) > 0.0) & (means != "bridge")
        if means == "ford" and not swims.all():
            raise OrderRefusedError(
                f"{count_text(world, rows[~swims])} of {rows.size} cannot swim the river"
            )
        bridging = _bridging(world, state, order, t, resources)
        bridging = bridging[~np.isin(bridging, rows)]
        crossing, approach = _begin(order, t, world, state, rows)
        begin = max(t + int(crossing.to_bank_ms.min()), t)
        details: dict[str, object] = {}
        if means == "bridge":
            details = _over_bridge(crossing, bridging)
        else:
            rafts = [] if swims.all() else _rafts(crossing, bridging, rows[~swims])
            _swim(crossing, np.flatnonzero(swims))
            details = _ferry(crossing, rafts, np.flatnonzero(~swims))
        effects = _end(crossing, approach, bridging)
        for row in bridging.tolist():
            resources.book(_key(world, row), 1, t, effects.end_ms - t)
        text = f"{count_text(world, rows)}, {crossing.width_m:.0f} m"
        effects.events += [
            event(order, begin, "crossing_started", f"{text} by {means}", means=means, **details),
            event(order, int(crossing.over.max()), "crossing_ended", f"{text} have crossed",
                  platforms=int(rows.size)),
        ]  # fmt: skip
        return effects


def _key(world: World, row: int) -> str:
    return f"bridging:{world.force.name[row]}"


def _bridging(world: World, state: State, order: Order, t: int, resources: Resources) -> Int32:
    """Return the engineer vehicles of an order that can work; refuse while they are busy."""
    rows = of_kind(world, np.asarray(order.params.get("bridging", ()), dtype=np.int32), VEHICLE)
    rows = rows[(figure(world, rows, "raft_capacity_kg", default=0.0) > 0.0)]
    rows = rows[(state.carrier[rows] < 0) & manned(world, rows, heads(world, state))]
    mine = np.isin(rows, order.rows)
    taken = busy(state, rows, t, order.id) & ~mine
    until = max((resources.free_from(_key(world, row)) for row in rows.tolist()), default=t)
    if taken.any() or until > t:
        raise OrderRefusedError(
            f"the {rows.size} ferrying and bridging vehicles still work elsewhere",
            max(until, retry_at(state, rows[taken], t) if taken.any() else until),
        )
    return rows


def _begin(order: Order, t: int, world: World, state: State, rows: Int32) -> tuple[_Crossing, Legs]:
    """Return the crossing before anybody has crossed, and legs to the near bank starting at 0."""
    params = order.params
    near = _bank(params["lat0"], params["lon0"])
    far = _bank(params["lat1"], params["lon1"])
    width = float(inverse(*near, *far)[1])
    approach = travel(world, trip(world, rows, (state.lat[rows], state.lon[rows]), near, 0))
    to_bank, _, _ = kernels.ends(approach, rows, near, 0)
    crossing = _Crossing(
        order=order, world=world, state=state, t=t, rows=rows, near=near, far=far, width_m=width,
        to_bank_ms=to_bank, over=np.zeros(rows.size, dtype=np.int64), at_bank=t + to_bank,
        legs=[], boardings=[],
    )  # fmt: skip
    return crossing, approach


def _bank(lat: float, lon: float) -> tuple[float, float]:
    """Return a point as legs record it, so that the width is that of the legs."""
    return round(float(lat), POSITION_DECIMALS), round(float(lon), POSITION_DECIMALS)


def _across(crossing: _Crossing, rows: Int32, depart: Int64, speed: Float64, mode: str) -> Legs:
    """Return legs from the near to the far bank."""
    return hops.hop(rows, *crossing.near, *crossing.far, t0=depart, speed_m_s=speed, mode=mode)


def _swim(crossing: _Crossing, which: npt.NDArray[np.intp]) -> None:
    """Let amphibious vehicles swim, one behind the other."""
    if which.size == 0:
        return
    interval = int(crossing.order.params.get("interval_ms", INTERVAL_MS))
    rows = crossing.rows[which]
    depart = kernels.in_turn(crossing.at_bank[which], interval)
    speed = figure(crossing.world, rows, "speed_water_m_s", default=1.0)
    crossing.at_bank[which] = depart
    crossing.legs.append(_across(crossing, rows, depart, speed, "raft"))
    crossing.over[which] = depart + kernels.travel_ms(crossing.width_m, speed)


def _over_bridge(crossing: _Crossing, bridging: Int32) -> dict[str, object]:
    """Build a bridge and let everybody drive over it."""
    world, params = crossing.world, crossing.order.params
    links = bridging[np.isnan(figure(world, bridging, "speed_water_m_s"))]
    needed = int(np.ceil(crossing.width_m / LINK_M))
    if links.size < needed:
        raise OrderRefusedError(
            f"a bridge over {crossing.width_m:.0f} m takes {needed} pontoon links, "
            f"{links.size} are there"
        )
    built = _gather(crossing, bridging) + int(params.get("build_ms", BUILD_MS))
    interval = round(MS_PER_HOUR / float(params.get("rate_veh_h", RATE_VEH_H)))
    depart = kernels.in_turn(np.maximum(crossing.at_bank, built), interval)
    own = figure(world, crossing.rows, "speed_cross_country_m_s", default=1.0)
    speed = np.full(own.size, min(BRIDGE_SPEED_M_S, float(own.min())))
    crossing.at_bank[:] = depart
    teams = world.force.kind[crossing.rows] != VEHICLE
    for mode, of in (("foot", teams), ("road", ~teams)):
        crossing.legs.append(_across(crossing, crossing.rows[of], depart[of], speed[of], mode))
    crossing.over[:] = depart + kernels.travel_ms(crossing.width_m, speed)
    return {"links": needed, "built": built}


def _gather(crossing: _Crossing, bridging: Int32) -> int:
    """Bring the engineer vehicles to the near bank; return when all are there."""
    state = crossing.state
    start = state.lat[bridging], state.lon[bridging]
    legs = travel(crossing.world, trip(crossing.world, bridging, start, crossing.near, crossing.t))
    crossing.legs.append(legs)
    end, _, _ = kernels.ends(legs, bridging, crossing.near, crossing.t)
    return int(end.max(initial=crossing.t))


def _rafts(crossing: _Crossing, bridging: Int32, loads: Int32) -> list[Raft]:
    """Return the rafts that the engineer vehicles make, able to carry the heaviest load."""
    world = crossing.world
    capacity = figure(world, bridging, "raft_capacity_kg", default=0.0)
    speed = figure(world, bridging, "speed_water_m_s", default=0.0)
    heaviest = float(_mass(crossing, loads).max(initial=0.0))
    made = [
        (int(row), float(load), float(pace))
        for row, load, pace in zip(bridging, capacity, speed, strict=True)
        if pace > 0.0 and load >= heaviest
    ]
    links = np.flatnonzero(speed == 0.0)
    if links.size:
        size = int(np.ceil(heaviest / float(capacity[links].min())))
        for first in range(0, links.size - size + 1, max(size, 1)):
            group = links[first : first + size]
            made.append((int(bridging[group[0]]), float(capacity[group].sum()), RAFT_SPEED_M_S))
    if not made:
        raise OrderRefusedError(
            f"{count_text(world, loads)} must be ferried, the heaviest of "
            f"{heaviest / 1000.0:.1f} t; {bridging.size} ferrying vehicles are there, none of "
            "which can carry it"
        )
    ready = _gather(crossing, bridging)
    return [Raft(row, load, pace, ready) for row, load, pace in made]


def _mass(crossing: _Crossing, rows: Int32) -> Float64:
    """Return the mass of vehicles, and of the persons of teams, kg."""
    number = heads(crossing.world, crossing.state)[rows]
    vehicles = crossing.world.force.kind[rows] == VEHICLE
    own = figure(crossing.world, rows, "mass_kg", default=0.0)
    mass: Float64 = np.where(vehicles, own, number * PERSON_KG)
    return mass


def _ferry(
    crossing: _Crossing, rafts: list[Raft], which: npt.NDArray[np.intp]
) -> dict[str, object]:
    """Carry vehicles and teams over in round trips; the raft free first takes the next load."""
    if which.size == 0:
        return {}
    params, rows = crossing.order.params, crossing.rows[which]
    load = int(params.get("load_ms", LOAD_MS))
    unload = int(params.get("unload_ms", UNLOAD_MS))
    total = np.cumsum(_mass(crossing, rows))
    ready = [(raft.ready_ms, number) for number, raft in enumerate(rafts)]
    heapq.heapify(ready)
    carrier, seated, out = (np.empty(rows.size, dtype=np.int64) for _ in range(3))
    trips: list[tuple[int, int, int]] = []  # raft row, departure over, departure back
    done = 0
    while done < rows.size:
        at, number = heapq.heappop(ready)
        raft = rafts[number]
        before = float(total[done - 1]) if done else 0.0
        last = int(np.searchsorted(total, before + raft.capacity_kg + 1e-6, side="right"))
        part = slice(done, last)
        begin = max(at, int(crossing.at_bank[which[part]].max()))
        way = int(kernels.travel_ms(crossing.width_m, raft.speed_m_s))
        crossing.at_bank[which[part]] = begin
        carrier[part], seated[part] = raft.row, begin + load
        out[part] = begin + load + way + unload
        trips.append((number, begin + load, begin + load + way + unload))
        heapq.heappush(ready, (begin + load + way + unload + way, number))
        done = last
    crossing.over[which] = out
    number_of, over, back = (
        np.array(column, dtype=np.int64) for column in zip(*trips, strict=True)
    )
    raft_rows = np.array([raft.row for raft in rafts], dtype=np.int32)[number_of]
    speed = np.array([raft.speed_m_s for raft in rafts])[number_of]
    crossing.legs += [
        _across(crossing, raft_rows, over, speed, "raft"),
        hops.hop(raft_rows, *crossing.far, *crossing.near, t0=back, speed_m_s=speed, mode="raft"),
    ]
    onto = carrier.astype(np.int32)
    off = np.full(rows.size, -1, dtype=np.int32)
    number_aboard = heads(crossing.world, crossing.state)
    places = slots_aboard(crossing.world, crossing.state, rows, onto, number_aboard)
    crossing.boardings += [Boarding(rows, onto, places, seated), Boarding(rows, off, off, out)]
    return {"rafts": len(rafts), "trips": len(trips)}


def _end(crossing: _Crossing, approach: Legs, bridging: Int32) -> Effects:
    """Return the effects, with the way from the far bank to the laager beyond."""
    rows, world, state = crossing.rows, crossing.world, crossing.state
    params = crossing.order.params
    bearing, _ = inverse(*crossing.near, *crossing.far)
    middle = direct(*crossing.far, bearing, float(params.get("beyond_m", BEYOND_M)))
    goal = slots(
        world, "laager", rows.size, (float(middle[0]), float(middle[1])),
        float(params.get("spacing_m", SPACING_M)),
    )  # fmt: skip
    to_bank = kernels.shift(approach, crossing.at_bank - crossing.to_bank_ms, rows)
    away = travel(world, trip(world, rows, crossing.far, goal, crossing.over))
    legs = kernels.join([to_bank, *crossing.legs, away])
    everybody = np.sort(np.concatenate([rows, bridging]))
    end, lat, lon = kernels.ends(
        legs, everybody, (state.lat[everybody], state.lon[everybody]), crossing.t
    )
    return Effects(
        end_ms=int(end.max()),
        rows=everybody,
        row_end_ms=end,
        lat=lat,
        lon=lon,
        alt=np.zeros(everybody.size),
        legs=[legs],
        boardings=crossing.boardings,
    )
