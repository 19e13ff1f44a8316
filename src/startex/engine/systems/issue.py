"""Issue of stored vehicles to visiting crews, and their return.

Orders
------
``issue``
    ``order.rows``: stored vehicles. The crew of each (persons of the crew team that belongs to the
    vehicle) walks there and mans it; the empty team goes along as a name without persons.
``return_equipment``
    ``order.rows``: issued vehicles, where they stand. The crew gets out and is a team again,
    ``spacing_m`` (default 20) beside the vehicle, which is left without anybody.

A crew takes ``takeover_ms`` (default 10 min) to take over or hand back. Vehicles whose crew is not
there, or is farther than a walk, stay as they are: an event tells how many, and the order is
refused where that are all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Boarding, Effects
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import kernels
from startex.engine.systems.approach import straight, travel, trip
from startex.engine.systems.base import World
from startex.engine.systems.boarding import TEAM_SPACING_M, WALK_LIMIT_M
from startex.engine.systems.ground import effects_of, event
from startex.engine.systems.seating import (
    PERSON,
    VEHICLE,
    aboard,
    busy,
    figure,
    heads,
    of_kind,
    retry_at,
)
from startex.foundation.clock import MS_PER_MINUTE
from startex.geography.geodesy import direct, inverse

Int32 = npt.NDArray[np.int32]

TAKEOVER_MS = 10 * MS_PER_MINUTE
"""Time to check and take over a vehicle, or to hand it back; assumed."""


def crew_teams(world: World, vehicles: Int32) -> Int32:
    """Return the crew team of each stored vehicle, -1 where it has none; shape of ``vehicles``.

    A crew team is the team whose station is a stored vehicle, at its first seat.
    """
    teams: Int32 = world.index.crew_team[vehicles]
    return teams


def _vehicles(world: World, state: State, order: Order, t: int) -> tuple[Int32, Int32]:
    """Return the stored vehicles of an order that have a crew team, and those teams."""
    vehicles = of_kind(world, order.rows, VEHICLE)
    vehicles = vehicles[world.force.stored[vehicles] & (state.carrier[vehicles] < 0)]
    teams = crew_teams(world, vehicles)
    vehicles, teams = vehicles[teams >= 0], teams[teams >= 0]
    if vehicles.size == 0:
        raise OrderRefusedError(
            f"none of {order.rows.size} platforms is a vehicle from store with a crew of its own"
        )
    both = np.concatenate([vehicles, teams])
    taken = busy(state, both, t, order.id)
    if taken.any():
        raise OrderRefusedError(
            f"{taken.sum()} of {vehicles.size} vehicles and their crews carry out another order",
            retry_at(state, both[taken], t),
        )
    return vehicles, teams


@dataclass(frozen=True, slots=True)
class Issue:
    """Carries out ``issue``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return legs of the crew teams to their vehicles, and boardings of persons and teams."""
        vehicles, teams = _vehicles(world, state, order, t)
        number = heads(world, state)
        _, distance = inverse(
            state.lat[teams], state.lon[teams], state.lat[vehicles], state.lon[vehicles]
        )
        ready = (number[teams] > 0) & (state.carrier[teams] < 0) & (distance <= WALK_LIMIT_M)
        missing = int((~ready & (number[vehicles] == 0)).sum())
        lacking = (
            f"the crews of {missing} of {vehicles.size} vehicles are not within "
            f"{WALK_LIMIT_M / 1000.0:.0f} km on foot"
        )
        if not ready.any():
            raise OrderRefusedError(lacking)
        vehicles, teams = vehicles[ready], teams[ready]
        goal = state.lat[vehicles], state.lon[vehicles]
        legs = travel(world, trip(world, teams, (state.lat[teams], state.lon[teams]), goal, t))
        arrive, _, _ = kernels.ends(legs, teams, goal, t)
        manned = arrive + int(order.params.get("takeover_ms", TAKEOVER_MS))
        persons = aboard(state, teams)
        of = np.searchsorted(teams, state.carrier[persons])  # teams ascend with their vehicles
        effects = Effects(end_ms=int(manned.max()), legs=[legs])
        effects.boardings += [
            Boarding(persons, vehicles[of], world.force.slot[persons], manned[of]),
            Boarding(teams, vehicles, _last_slot(world, vehicles), manned),
        ]
        effects.events.append(
            event(order, effects.end_ms, "equipment_issued",
                  f"{persons.size} persons take over {vehicles.size} vehicles",
                  vehicles=int(vehicles.size), persons=int(persons.size))
        )  # fmt: skip
        if missing:
            effects.events.append(event(order, t, "not_issued", lacking, vehicles=missing))
        return effects


@dataclass(frozen=True, slots=True)
class Return:
    """Carries out ``return_equipment``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return legs of the crew teams away from their vehicles, and boardings into the teams."""
        vehicles, teams = _vehicles(world, state, order, t)
        issued = state.carrier[teams] == vehicles
        if not issued.any():
            raise OrderRefusedError(f"none of {vehicles.size} vehicles is issued to its crew")
        vehicles, teams = vehicles[issued], teams[issued]
        persons = aboard(state, vehicles)
        persons = persons[world.force.kind[persons] == PERSON]
        out = t + int(order.params.get("takeover_ms", TAKEOVER_MS))
        spacing_m = float(order.params.get("spacing_m", TEAM_SPACING_M))
        start = state.lat[vehicles], state.lon[vehicles]
        goal = direct(*start, 90.0, spacing_m)
        legs = straight(world, trip(world, teams, start, goal, out))
        effects = effects_of(teams, legs, state, t, end_ms=out)
        of = np.searchsorted(vehicles, state.carrier[persons])
        nothing = np.full(teams.size, -1, dtype=np.int32)
        effects.boardings += [
            Boarding(teams, nothing, nothing, np.full(teams.size, out)),
            Boarding(persons, teams[of], world.force.slot[persons], np.full(persons.size, out)),
        ]
        effects.events.append(
            event(order, effects.end_ms, "equipment_returned",
                  f"{persons.size} persons hand back {vehicles.size} vehicles",
                  vehicles=int(vehicles.size), persons=int(persons.size))
        )  # fmt: skip
        return effects


def _last_slot(world: World, vehicles: Int32) -> Int32:
    """Return the number behind the last seat of each vehicle: nobody sits there."""
    crew = figure(world, vehicles, "crew", default=0.0)
    seats = figure(world, vehicles, "seats", default=0.0)
    return (crew + seats).astype(np.int32)
