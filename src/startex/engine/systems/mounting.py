"""Order ``mount``: teams walk to the vehicles they belong to (`Force.station`) and board.

No params. Crews of stored vehicles await their issue instead. Seats: see `boarding`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Boarding, Effects
from startex.engine.orders import Order
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import kernels
from startex.engine.systems.approach import passable, straight, trip
from startex.engine.systems.base import World
from startex.engine.systems.batches import Batch, gather
from startex.engine.systems.boarding import (
    BOARD_MS,
    find_seats,
    mounted,
    on_ground,
    walk_aboard,
)
from startex.engine.systems.seating import TEAM, busy, heads, slots_aboard
from startex.geography.geodesy import inverse

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Mount:
    """Carries out ``mount``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return legs of the teams to their vehicles, and boardings."""
        teams = on_ground(world, state, order)
        teams = teams[_with_vehicle(world, teams)]
        return walk_aboard(world, state, order, t, teams=teams, carriers=world.force.station[teams])

    def start_all(
        self, orders: Sequence[Order], t: int, world: World, state: State
    ) -> list[Effects | None]:
        """Return the same for many orders whose teams all find their seats close by."""
        everybody = gather(orders)
        number = heads(world, state)
        rows = everybody.rows
        teams = everybody.part(
            (world.force.kind[rows] == TEAM) & (state.carrier[rows] < 0) & (number[rows] > 0)
        )
        teams = teams.part(_with_vehicle(world, teams.rows))
        carriers = world.force.station[teams.rows]
        walk = trip(
            world,
            teams.rows,
            (state.lat[teams.rows], state.lon[teams.rows]),
            (state.lat[carriers], state.lon[carriers]),
            t,
        )
        way = inverse(walk.lat0, walk.lon0, walk.lat1, walk.lon1)
        usual = (
            passable(world, walk, way[1])
            & (state.carrier[carriers] < 0)
            & ~busy(state, carriers, t)
            & _own(everybody, teams.of, carriers)
            & find_seats(world, state, teams.rows, carriers, number)
        )
        good = teams.count(~usual) == 0
        if not usual.all():
            kept = good[teams.of]
            teams, carriers, walk = teams.part(kept), carriers[kept], walk.part(kept)
            way = way[0][kept], way[1][kept]
        legs = straight(world, walk, way)
        arrive, _, _ = kernels.ends(legs, teams.rows, (walk.lat1, walk.lon1), t)
        seated = arrive + BOARD_MS
        slots = slots_aboard(world, state, teams.rows, carriers, number)
        together = Boarding(teams.rows, carriers, slots, seated)
        persons, bounds = teams.total(number[teams.rows]), teams.bounds()
        result: list[Effects | None] = []
        for index, order in enumerate(orders):
            mine = slice(bounds[index], bounds[index + 1])
            if not good[index]:
                result.append(None)
            elif mine.start == mine.stop:
                result.append(Effects(end_ms=t))
            else:
                end, count = int(seated[mine].max()), mine.stop - mine.start
                vehicles = len(set(carriers[mine].tolist()))
                told = mounted(order, end, int(persons[index]), count, vehicles)
                effects = Effects(end_ms=end, events=[told])
                if mine.start == 0:
                    effects.legs, effects.boardings = [legs], [together]
                result.append(effects)
        return result


def _own(everybody: Batch, of: Int64, carriers: Int32) -> Bool:
    """Return which carriers are a matter of one order alone: it orders and fills them, or fills."""
    owner = everybody.owner(carriers)
    own = (owner == of) | (owner < 0)
    by = np.argsort(carriers, kind="stable")
    shared = (carriers[by[1:]] == carriers[by[:-1]]) & (of[by[1:]] != of[by[:-1]])
    if shared.any():
        own &= ~np.isin(carriers, carriers[by[1:]][shared])
    return np.asarray(own)


def _with_vehicle(world: World, teams: Int32) -> Bool:
    """Return which teams have a vehicle to mount.

    Crews that await the issue of their vehicle man it then; they are no passengers.
    """
    station = world.force.station[teams]
    awaiting = world.force.stored[station] & (world.force.slot[teams] == 0)
    have: Bool = (station >= 0) & ~awaiting
    return have
