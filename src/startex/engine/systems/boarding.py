"""Teams into and out of vehicles; see `mounting` for those that board their own.

Orders
------
``dismount``
    Teams of the order that are aboard a vehicle get off and take up places around it.
``lift``
    ``vehicles``: rows. Teams of the order that nothing carries walk to those vehicles and board
    free seats, teams and vehicles in order of row, no team divided.
``alight``
    Teams of the order get off whatever carries them and walk to a laager: ``lat``, ``lon``,
    ``place``, ``spacing_m`` (default 20).

Seats are never exceeded: a team boards as a whole or stays, and an event tells how many persons
found how few seats; the order is refused where nobody can board. Persons stay in their team.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Boarding, Effects, Event, Legs
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import kernels
from startex.engine.systems.approach import GATHER_M, straight, travel, trip
from startex.engine.systems.base import World
from startex.engine.systems.ground import event
from startex.engine.systems.laagers import slots
from startex.engine.systems.seating import (
    TEAM,
    VEHICLE,
    busy,
    free_seats,
    heads,
    of_kind,
    retry_at,
    root,
    slots_aboard,
)
from startex.foundation.clock import MS_PER_MINUTE
from startex.geography.geodesy import direct, inverse

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

BOARD_MS = MS_PER_MINUTE
"""From arriving at a vehicle to being seated; assumed."""

WALK_LIMIT_M = 15_000.0
"""Teams farther from a vehicle do not walk to it; assumed: half a day's foot march."""

DISMOUNT_M = 20.0
"""Distance of the first team from its vehicle after dismounting; the others half of it farther."""

TEAM_SPACING_M = 20.0
"""Default distance between teams in a laager on foot; assumed."""

GOLDEN_ANGLE_DEG = 137.507_764
"""Turns from team to team around a vehicle, so that no two stand together."""


def walk_aboard(
    world: World, state: State, order: Order, t: int, *, teams: Int32, carriers: Int32
) -> Effects:
    """Return effects of teams that walk to carriers, one each, and board; seats are given out.

    Parameters
    ----------
    teams, carriers
        Shape (k,), k >= 0: each team, ascending, and what it is to board.

    Raises
    ------
    OrderRefusedError
        If no team can board: all too far, or no seat is free. With a time to retry if a carrier
        carries out another order.
    """
    if teams.size == 0:
        return Effects(end_ms=t)
    taken = busy(state, carriers, t, order.id)
    if taken.any():
        raise OrderRefusedError(
            f"{np.unique(carriers[taken]).size} of the vehicles to board carry out another order",
            retry_at(state, carriers[taken], t),
        )
    number = heads(world, state)
    top = root(state, carriers)
    walk = trip(
        world, teams, (state.lat[teams], state.lon[teams]), (state.lat[top], state.lon[top]), t
    )
    way = inverse(walk.lat0, walk.lon0, walk.lat1, walk.lon1)
    far = way[1] > WALK_LIMIT_M
    fits = find_seats(world, state, teams, carriers, number)
    able = fits & ~far & (top == carriers)
    reasons = _reasons(world, state, teams, carriers, number, fits=fits, far=far)
    if not able.any():
        raise OrderRefusedError(reasons)
    teams_in, into = teams[able], carriers[able]
    legs = travel(world, walk.part(able), (way[0][able], way[1][able]))
    arrive, _, _ = kernels.ends(legs, teams_in, (state.lat[into], state.lon[into]), t)
    seated = arrive + BOARD_MS
    effects = Effects(end_ms=int(seated.max()), legs=[legs])
    effects.boardings.append(
        Boarding(teams_in, into, slots_aboard(world, state, teams_in, into, number), seated)
    )
    persons = int(number[teams_in].sum())
    vehicles = int(np.unique(into).size)
    effects.events.append(mounted(order, effects.end_ms, persons, int(teams_in.size), vehicles))
    if reasons:
        left = int(number[teams[~able]].sum())
        effects.events.append(event(order, t, "not_mounted", reasons, persons=left))
    return effects


def mounted(order: Order, t: int, persons: int, teams: int, vehicles: int) -> Event:
    """Return the event of teams that are aboard."""
    text = f"{persons} persons in {teams} teams aboard {vehicles} vehicles"
    return event(order, t, "mounted", text, persons=persons, teams=teams)


def find_seats(world: World, state: State, teams: Int32, carriers: Int32, number: Int64) -> Bool:
    """Return which teams find seats, the lower rows first."""
    by = np.lexsort((teams, carriers))
    size, carrier = number[teams[by]], carriers[by]
    before = np.cumsum(size) - size
    before -= before[np.searchsorted(carrier, carrier)]
    fits = np.empty(teams.size, dtype=np.bool_)
    fits[by] = before + size <= free_seats(world, state, carrier, number)
    return fits


def _reasons(
    world: World,
    state: State,
    teams: Int32,
    carriers: Int32,
    number: Int64,
    *,
    fits: Bool,
    far: Bool,
) -> str:
    """Return why teams do not board, with the numbers; empty when all do."""
    parts = []
    carried = state.carrier[carriers] >= 0
    for why, which in (("farther than {km:.0f} km from their vehicles", far & ~carried),
                       ("whose vehicles are aboard something themselves", carried)):  # fmt: skip
        if which.any():
            text = why.format(km=WALK_LIMIT_M / 1000.0)
            parts.append(f"{number[teams[which]].sum()} persons in {which.sum()} teams {text}")
    full = ~fits & ~far & ~carried
    if full.any():
        seats = free_seats(world, state, np.unique(carriers), number).sum()
        parts.append(
            f"{number[teams[full]].sum()} persons in {full.sum()} teams find no seat: "
            f"{number[teams].sum()} persons for {seats} free seats"
        )
    return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Lift:
    """Carries out ``lift``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return legs of the teams to vehicles with room for them, and boardings."""
        teams = on_ground(world, state, order)
        vehicles = np.unique(np.asarray(order.params["vehicles"], dtype=np.int32))
        vehicles = vehicles[state.carrier[vehicles] < 0]
        taken = busy(state, vehicles, t, order.id)
        taken |= [resources.free_from(_seat_key(world, v)) > t for v in vehicles.tolist()]
        later = retry_at(state, vehicles[taken], t) if taken.any() else None
        vehicles = vehicles[~taken]
        number = heads(world, state)
        room = free_seats(world, state, vehicles, number)
        into = _near_vehicles(state, teams, vehicles, number, room)
        found = into >= 0
        if teams.size and not found.any():
            raise OrderRefusedError(
                f"{number[teams].sum()} persons in {teams.size} teams find no seat: "
                f"{room.sum()} seats are free in {vehicles.size} vehicles, "
                f"{taken.sum()} vehicles carry out another order",
                later,
            )
        effects = walk_aboard(
            world, state, order, t, teams=teams[found], carriers=vehicles[into[found]]
        )
        if not found.all():
            left = int(number[teams[~found]].sum())
            effects.events.append(
                event(order, t, "not_mounted",
                      f"{left} persons in {(~found).sum()} teams find no seat: "
                      f"{room.sum()} seats are free in {vehicles.size} vehicles", persons=left)
            )  # fmt: skip
        for v in np.unique(vehicles[into[found]]).tolist():
            resources.book(_seat_key(world, v), 1, t, effects.end_ms - t)
        return effects


def _near_vehicles(
    state: State, teams: Int32, vehicles: Int32, number: Int64, room: Int64
) -> npt.NDArray[np.int64]:
    """Return the index of the vehicle for each team, -1 for none; nobody walks too far.

    Teams that stand together are seated together, those of the lowest row first.
    """
    into = np.full(teams.size, -1, dtype=np.int64)
    left = room.copy()
    waiting = np.arange(teams.size)
    while waiting.size:
        lead = teams[waiting[0]]
        at = state.lat[lead], state.lon[lead]
        _, apart = inverse(*at, state.lat[teams[waiting]], state.lon[teams[waiting]])
        _, away = inverse(*at, state.lat[vehicles], state.lon[vehicles])
        group = waiting[apart <= GATHER_M]
        seats = np.where(away <= WALK_LIMIT_M - GATHER_M, left, 0)
        chosen = vehicles_for(number[teams[group]], seats)
        into[group] = chosen
        seated = chosen >= 0
        np.subtract.at(left, chosen[seated], number[teams[group[seated]]])
        waiting = waiting[apart > GATHER_M]
    return into


def _seat_key(world: World, vehicle: int) -> str:
    """Return the name of a vehicle's seats as a shared means: one order at a time fills them."""
    return f"seats:{world.force.name[vehicle]}"


def vehicles_for(sizes: Int64, room: Int64) -> npt.NDArray[np.int64]:
    """Return which vehicle each team boards, -1 for none; whole teams, next fit.

    Parameters
    ----------
    sizes
        Persons of each team, shape (k,).
    room
        Free seats of each vehicle, shape (v,).

    Notes
    -----
    Vehicles are filled in order, each with as many of the next teams as it holds; a team too
    large for one vehicle waits for the next. Teams larger than any room are left out.
    """
    into = np.full(sizes.size, -1, dtype=np.int64)
    small = np.flatnonzero(sizes <= room.max(initial=0))
    total = np.concatenate([[0], np.cumsum(sizes[small])])
    first = 0
    for vehicle, seats in enumerate(room.tolist()):  # vehicles of one order, not of the run
        last = int(np.searchsorted(total, total[first] + seats, side="right")) - 1
        into[small[first:last]] = vehicle
        first = max(first, last)
        if first >= small.size:
            break
    return into


@dataclass(frozen=True, slots=True)
class Dismount:
    """Carries out ``dismount``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return short legs of the teams away from their vehicles."""
        teams = _carried(world, state, order)
        carriers = state.carrier[teams]
        teams = teams[world.force.kind[carriers] == VEHICLE]
        if teams.size == 0:
            return Effects(end_ms=t)
        carriers = state.carrier[teams]
        _may_leave(state, carriers, t, order)
        carried = state.carrier[carriers] >= 0
        if carried.any():
            raise OrderRefusedError(
                f"{carried.sum()} of {teams.size} teams are in vehicles that are aboard something"
            )
        by = np.lexsort((teams, carriers))
        ordered = carriers[by]
        number = np.empty(teams.size, dtype=np.int64)
        number[by] = np.arange(teams.size) - np.searchsorted(ordered, ordered)
        start = state.lat[carriers], state.lon[carriers]
        bearing = 90.0 + GOLDEN_ANGLE_DEG * number
        goal = direct(*start, bearing, DISMOUNT_M * (1.0 + 0.5 * number))
        legs = straight(world, trip(world, teams, start, goal, t))
        return _leaving(world, state, order, t, teams=teams, legs=legs)


@dataclass(frozen=True, slots=True)
class Alight:
    """Carries out ``alight``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return legs of the teams from their carriers to a laager."""
        teams = _carried(world, state, order)
        if teams.size == 0:
            return Effects(end_ms=t)
        top = root(state, teams)
        _may_leave(state, top, t, order)
        params = order.params
        spacing_m = float(params.get("spacing_m", TEAM_SPACING_M))
        goal = slots(
            world, "laager", teams.size, (float(params["lat"]), float(params["lon"])), spacing_m
        )
        way = trip(world, teams, (state.lat[top], state.lon[top]), goal, t)
        return _leaving(world, state, order, t, teams=teams, legs=travel(world, way))


def _leaving(
    world: World, state: State, order: Order, t: int, *, teams: Int32, legs: Legs
) -> Effects:
    """Return effects of teams that leave their carriers at ``t`` and walk along ``legs``."""
    top = root(state, teams)
    end, lat, lon = kernels.ends(legs, teams, (state.lat[top], state.lon[top]), t)
    nothing = np.full(teams.size, -1, dtype=np.int32)
    effects = Effects(
        int(end.max(initial=t)), teams, end, lat, lon, np.zeros(teams.size),
        legs=[legs], boardings=[Boarding(teams, nothing, nothing, np.full(teams.size, t))],
    )  # fmt: skip
    persons = int(heads(world, state)[teams].sum())
    effects.events.append(
        event(order, effects.end_ms, "dismounted",
              f"{persons} persons in {teams.size} teams on foot",
              persons=persons, teams=int(teams.size))
    )  # fmt: skip
    return effects


def on_ground(world: World, state: State, order: Order) -> Int32:
    """Return the teams of an order that nothing carries and that have persons, ascending."""
    teams = of_kind(world, order.rows, TEAM)
    return teams[(state.carrier[teams] < 0) & (heads(world, state)[teams] > 0)]


def _carried(world: World, state: State, order: Order) -> Int32:
    """Return the teams of an order that something carries and that have persons, ascending."""
    teams = of_kind(world, order.rows, TEAM)
    return teams[(state.carrier[teams] >= 0) & (heads(world, state)[teams] > 0)]


def _may_leave(state: State, carriers: Int32, t: int, order: Order) -> None:
    """Refuse while a carrier moves by another order."""
    moving = busy(state, carriers, t, order.id)
    if moving.any():
        raise OrderRefusedError(
            f"{np.unique(carriers[moving]).size} of what carries them carry out another order",
            retry_at(state, carriers[moving], t),
        )
