"""Orders take effect: what a system answers goes into the log and into the state."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.bands import bands_of
from startex.engine.effects import Boarding, Effects
from startex.engine.log import Log
from startex.engine.orders import Order
from startex.engine.riders import Riders
from startex.engine.standing import Standing
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.forces.definitions import KINDS
from startex.geography.geodesy import inverse, most_m

Int32 = npt.NDArray[np.int32]

NEAR_M = 10_000.0
"""Platforms ordered to a place count as there up to this far outside it: room for large units."""

_PERSON = KINDS.index("person")


class Execution:
    """Writes the effects of orders into state and log.

    Parameters
    ----------
    world
        What stays the same.
    state
        Where everything stands, with who is aboard what; its indices are set up here.
    log
        Takes legs and times aboard.
    """

    def __init__(self, world: World, state: State, log: Log) -> None:
        self.world, self.state, self.log = world, state, log
        self._standing = Standing(state, world.start_ms)
        persons = state.carrier[world.force.kind == _PERSON]
        state.heads = np.bincount(persons[persons >= 0], minlength=state.carrier.size)
        state.riders = Riders(state.carrier)
        state.bands = bands_of(world.force, state.lat)

    def apply(self, order: Order, effects: Effects) -> None:
        """Let an order that starts take effect."""
        state, rows = self.state, effects.rows
        stood = self._standing.leave(effects, state)
        for legs in effects.legs if stood is None else [stood, *effects.legs]:
            self.log.add_legs(legs)
        for boarding in effects.boardings:
            self._board(boarding)
        state.put(rows, effects.lat, effects.lon, effects.alt)
        state.free_ms[rows] = effects.row_end_ms
        state.order[rows] = order.id
        self._note_place(order, rows)

    def stop(self, rows: Int32, t: int) -> None:
        """Let platforms stop where they are at ``t`` (ms), under no order any more."""
        state, stops = self.state, self.log.stop_legs(rows, t)
        state.put(stops["entity"], stops["lat"], stops["lon"], stops["alt"])
        state.order[rows], state.free_ms[rows], state.place[rows] = -1, t, -1

    def rest(self, end_ms: int) -> None:
        """Record those that have never moved, to the end of the run (ms)."""
        self.log.add_legs(self._standing.rest(end_ms, self.state))

    def _note_place(self, order: Order, rows: Int32) -> None:
        """Platforms that end near the place of their order count as there, others as nowhere."""
        place = order.params.get("place", order.params.get("destination"))
        if place is None or not rows.size:
            return
        places, state = self.world.places, self.state
        middle, reach = (places.lat[place], places.lon[place]), places.radius_m[place] + NEAR_M
        lat, lon = state.lat[rows], state.lon[rows]
        if most_m(*middle, lat, lon) <= reach:
            state.place[rows] = place
            return
        _, away = inverse(*middle, lat, lon)
        state.place[rows] = np.where(away <= reach, place, -1)

    def _board(self, boarding: Boarding) -> None:
        """Close the old carrier rows and open the new ones."""
        state, rows = self.state, boarding.rows
        was = state.carrier[rows]
        old = (was >= 0) & (boarding.t > state.aboard_ms[rows])  # nobody is aboard for no time
        self.log.add_carriers(
            {
                "entity": rows[old],
                "carrier": was[old],
                "slot": state.slot[rows[old]],
                "t0": state.aboard_ms[rows[old]],
                "t1": boarding.t[old],
            }
        )
        persons = self.world.force.kind[rows] == _PERSON
        if persons.any() and state.heads is not None:
            np.subtract.at(state.heads, was[persons & (was >= 0)], 1)
            np.add.at(state.heads, boarding.carriers[persons & (boarding.carriers >= 0)], 1)
        if state.riders is not None:
            state.riders.move(rows, was, boarding.carriers)
        state.carrier[rows] = boarding.carriers
        state.slot[rows] = boarding.slots
        state.aboard_ms[rows] = boarding.t
