"""What ships and aircraft take aboard: who fits, in which load, and how it gets to the door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Boarding, Effects, Legs
from startex.engine.orders import OrderRefusedError
from startex.engine.state import State
from startex.engine.systems import kernels
from startex.engine.systems.approach import travel, trip
from startex.engine.systems.base import World
from startex.engine.systems.seating import (
    TEAM,
    VEHICLE,
    aboard,
    busy,
    figure,
    heads,
    retry_at,
    root,
)
from startex.engine.systems.tracks import stop
from startex.geography.areas import apply_offsets, laager_slots
from startex.geography.geodesy import inverse
from startex.geography.paths import POSITION_DECIMALS

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

LASHING_M = 0.5
"""Lane length a vehicle takes beyond its own, m; assumed."""

LAAGER_M = 25.0
"""Between platforms that gather after a flight or a landing; assumed."""


@dataclass(frozen=True, slots=True)
class Cargo:
    """Platforms to be carried, in ascending rows; columns of shape (k,).

    ``persons`` who travel in each (a vehicle's riders included), ``lane_m`` of deck, ``mass_kg``.
    """

    rows: Int32
    persons: Int64
    lane_m: Float64
    mass_kg: Float64

    def of(self, index: npt.NDArray[np.generic]) -> Cargo:
        """Return a part of the cargo."""
        return Cargo(self.rows[index], self.persons[index], self.lane_m[index], self.mass_kg[index])


def cargo(world: World, state: State, rows: npt.ArrayLike) -> Cargo:
    """Return platforms as cargo.

    Persons among ``rows`` stand for the team or vehicle they are in; teams that ride a vehicle
    that is itself among the rows go with it.
    """
    row = np.unique(np.asarray(rows, dtype=np.int32))
    kind = world.force.kind
    persons = kind[row] == 0
    row = np.unique(np.concatenate([row[~persons], state.carrier[row[persons]]]))
    row = row[(row >= 0) & np.isin(kind[row], (TEAM, VEHICLE))].astype(np.int32)
    row = row[~np.isin(state.carrier[row], row)]
    count = heads(world, state)
    total = count[row]
    teams = aboard(state, row)
    teams = teams[kind[teams] == TEAM]
    np.add.at(total, np.searchsorted(row, state.carrier[teams]), count[teams])
    vehicle = kind[row] == VEHICLE
    length = np.where(vehicle, figure(world, row, "length_m", default=5.0) + LASHING_M, 0.0)
    mass = np.where(vehicle, figure(world, row, "mass_kg", default=5_000.0), 0.0)
    return Cargo(row, total, length, mass + 100.0 * np.where(vehicle, 0, total))


def check_idle(world: World, state: State, rows: Int32, t: int, order: int) -> None:
    """Refuse an order whose passengers are busy, until they are free."""
    other = rows[busy(state, rows, t, order)]
    if other.size:
        raise OrderRefusedError(
            f"{other.size} of {rows.size} to be carried still carry out another order, "
            f"{world.force.name[other[0]]} first",
            retry_at(state, other, t),
        )


def check_near(
    world: World, state: State, rows: Int32, where: tuple[float, float], within_m: float, name: str
) -> None:
    """Refuse an order whose passengers are not where it begins."""
    top = root(state, rows)
    _, away = inverse(state.lat[top], state.lon[top], *where)
    far = ~(away <= within_m)  # positions unknown are far too
    if far.any():
        first = int(np.flatnonzero(far)[0])
        raise OrderRefusedError(
            f"{int(far.sum())} of {rows.size} to be carried are not at {name}: "
            f"{world.force.name[rows[first]]} is {away[first] / 1000:.0f} km away"
        )


def air_share(world: World, goods: Cargo, carrier: int) -> Float64:
    """Return which share of an aircraft's hold each item takes; inf where it does not fit at all.

    Persons on seats, vehicles (their crews stay with them) by lane and by mass; shares add up to
    one at most.
    """
    row = np.array([carrier])
    seats = float(figure(world, row, "seats", default=0.0)[0])
    deck = float(figure(world, row, "vehicle_deck_m", default=0.0)[0])
    load = float(figure(world, row, "cargo_kg", default=np.inf)[0])
    vehicle = goods.lane_m > 0.0
    by_deck = goods.lane_m / deck if deck > 0.0 else np.full(goods.rows.size, np.inf)
    by_mass = goods.mass_kg / load if load > 0.0 else np.full(goods.rows.size, np.inf)
    by_seat = goods.persons / seats if seats > 0.0 else np.full(goods.rows.size, np.inf)
    share = np.where(vehicle, np.maximum(by_deck, by_mass), by_seat)
    return np.where(share > 1.0 + 1e-9, np.inf, share)


def air_loads(
    world: World, goods: Cargo, carriers: Int32
) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """Return (carrier, positions in the cargo) of each load, carriers in turn.

    Vehicles go before teams; within both the order of rows is kept, so that units stay together.

    Raises
    ------
    OrderRefusedError
        If something fits no carrier.
    """
    shares = {int(c): air_share(world, goods, int(c)) for c in carriers}
    misfit = np.all([~np.isfinite(share) for share in shares.values()], axis=0)
    if misfit.any():
        row = int(goods.rows[np.flatnonzero(misfit)[0]])
        raise OrderRefusedError(
            f"{world.force.name[row]} fits into none of {carriers.size} aircraft"
        )
    vehicles = np.flatnonzero(goods.lane_m > 0.0)
    teams = np.flatnonzero(goods.lane_m == 0.0)
    loads: list[tuple[int, npt.NDArray[np.int64]]] = []
    turn = 0
    idle = 0
    while vehicles.size or teams.size:
        carrier = int(carriers[turn % carriers.size])
        turn += 1
        room, taken = 1.0 + 1e-9, []
        for queue in (vehicles, teams):
            share = shares[carrier][queue]
            count = int(np.searchsorted(np.cumsum(share), room, side="right"))
            taken.append(queue[:count])
            room -= float(share[:count].sum())
        vehicles, teams = vehicles[taken[0].size :], teams[taken[1].size :]
        load = np.concatenate(taken)
        idle = 0 if load.size else idle + 1
        if load.size:
            loads.append((carrier, load))
        elif idle > carriers.size:  # the first in the queue waits for a carrier that is not there
            row = int(goods.rows[(vehicles if vehicles.size else teams)[0]])
            raise OrderRefusedError(f"{world.force.name[row]} fits into none of the aircraft")
    return loads


def go_aboard(
    world: World,
    state: State,
    effects: Effects,
    goods: Cargo,
    carriers: Int32,
    at: tuple[Float64, Float64],
    depart_ms: Int64,
) -> Int64:
    """Add the way of platforms from where they stand to their carriers' doors, and boarding.

    Parameters
    ----------
    carriers, depart_ms
        Shape (k,): carrier of each and when it sets out.
    at
        Where each carrier stands, degrees, shape (k,).

    Returns
    -------
    When each is aboard, ms, shape (k,).
    """
    rows = goods.rows
    top = root(state, rows)
    lat, lon = state.lat[top], state.lon[top]
    legs = travel(world, trip(world, rows, (lat, lon), at, depart_ms))
    arrive, _, _ = kernels.ends(legs, rows, (lat, lon), depart_ms)
    effects.legs.append(legs)
    ridden = np.flatnonzero(state.carrier[rows] >= 0)
    if ridden.size:
        none = np.full(ridden.size, -1, dtype=np.int32)
        effects.boardings.append(Boarding(rows[ridden], none, none, depart_ms[ridden]))
    effects.boardings.append(
        Boarding(rows, carriers, berth_numbers(world, state, goods, carriers), arrive)
    )
    return arrive


def berth_numbers(world: World, state: State, goods: Cargo, carriers: Int32) -> Int32:
    """Return slots aboard: after those taken already, one for each person who travels in a row.

    ``carriers`` has shape (k,), one for each item of the cargo.
    """
    base = np.zeros(state.carrier.size, dtype=np.int64)
    base[carriers] = figure(world, carriers, "crew", default=0.0).astype(np.int64)
    count = heads(world, state)
    present = aboard(state, np.unique(carriers))
    np.maximum.at(base, state.carrier[present], state.slot[present] + np.maximum(1, count[present]))
    order = np.lexsort((goods.rows, carriers))
    size = np.maximum(1, goods.persons[order])
    running = np.cumsum(size) - size
    first = np.searchsorted(carriers[order], carriers[order])
    slots = np.empty(goods.rows.size, dtype=np.int32)
    slots[order] = base[carriers[order]] + running - running[first]
    return slots


def gathering(
    count: int, where: tuple[float, float], spacing_m: float = LAAGER_M
) -> tuple[Float64, Float64]:
    """Return so many places round a point, degrees."""
    ahead, right = laager_slots(count, spacing_m)
    lat, lon = apply_offsets(where[0], where[1], 0.0, ahead, right)
    return np.round(lat, POSITION_DECIMALS), np.round(lon, POSITION_DECIMALS)


def go_ashore(
    world: World,
    effects: Effects,
    rows: Int32,
    at: tuple[Float64, Float64],
    leave_ms: Int64,
    goal: tuple[Float64, Float64],
) -> Legs:
    """Add leaving a carrier and the way from its door to a place of one's own; return the legs.

    Parameters
    ----------
    rows, leave_ms
        Shape (k,).
    at, goal
        Where the carrier is then, and where each goes, degrees, shape (k,) each.
    """
    none = np.full(rows.size, -1, dtype=np.int32)
    effects.boardings.append(Boarding(rows, none, none, leave_ms))
    legs = travel(world, trip(world, rows, at, goal, leave_ms))
    effects.legs.append(legs)
    end, lat, lon = kernels.ends(legs, rows, at, leave_ms)
    stop(effects, rows, end, lat, lon)
    return legs
