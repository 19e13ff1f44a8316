"""Ships that cross an area, and ships that go after them."""

from __future__ import annotations

import numpy as np

from startex.engine.effects import Effects
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.engine.systems.berths import sea_way
from startex.engine.systems.sea import METRES_PER_NMI, afloat, distance_m, ship_speeds, ships_of
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import chain, run, settle, shifted


class Transit:
    """Carries out ``transit``: ships enter an area at a point and a time and leave it at another.

    Parameters of the order: ``enter``, ``leave`` ((lat, lon), degrees, on water), ``enter_ms``,
    ``speed_m_s`` (in the area; default: usual speed of the slowest), ``place``. Each leaves where
    it lies so as to be at the entry in time, at its usual speed, or as soon as it can be. Refused
    when one would leave the area after ``until_ms``.
    """

    def may_be_interrupted(self, order: Order) -> bool:
        """Tell whether ships may be taken out of the order: always."""
        return True

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the passage (see `engine.systems.base.System.start`)."""
        rows = ships_of(order, world)
        afloat(rows, world, state)
        params, place = order.params, int(order.params.get("place", -1))
        usual, most = ship_speeds(rows, world)
        ordered = params.get("speed_m_s")
        speed = min(float(usual.min() if ordered is None else ordered), float(most.min()))
        across = run(sea_way(world, *params["enter"], *params["leave"]), 0, speed, "sea")
        miles = round(distance_m(across) / METRES_PER_NMI, 1)
        where = f" {world.places.name[place]}" if place >= 0 else " the area"
        effects = Effects(t)
        tracks = []
        for row, pace in zip(rows, usual, strict=True):
            name = world.force.name[row]
            way = sea_way(world, float(state.lat[row]), float(state.lon[row]), *params["enter"])
            there = run(way, 0, float(pace), "sea")
            enter = max(int(params["enter_ms"]), t + there.end_ms)
            tracks.append(chain([shifted(there, enter - there.end_ms), shifted(across, enter)]))
            leave = tracks[-1].end_ms
            if leave > int(params.get("until_ms", leave)):
                raise OrderRefusedError(f"{name} could not be across{where} in time")
            effects.events += [
                tell(
                    order, enter, "entered_area", f"{name} entered{where}", actor=int(row),
                    place=place, nautical_miles=miles,
                ),
                tell(
                    order, leave, "left_area", f"{name} left{where}", actor=int(row), place=place
                ),
            ]  # fmt: skip
        settle(effects, rows, tracks)
        return effects


class Intercept:
    """Carries out ``intercept``: ships go to where a target can be met, at their highest speed.

    Parameters of the order: ``lat``, ``lon`` (degrees), ``until_ms`` (they wait there so long, for
    other orders), ``target`` (entity row, for the record), ``place``.
    """

    def may_be_interrupted(self, order: Order) -> bool:
        """Tell whether ships may be taken out of the order: always."""
        return True

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the run (see `engine.systems.base.System.start`)."""
        rows = ships_of(order, world)
        afloat(rows, world, state)
        goal = float(order.params["lat"]), float(order.params["lon"])
        most = ship_speeds(rows, world)[1]
        tracks = [
            run(sea_way(world, float(state.lat[row]), float(state.lon[row]), *goal), t,
                float(speed), "sea")
            for row, speed in zip(rows, most, strict=True)
        ]  # fmt: skip
        effects = Effects(t)
        settle(effects, rows, tracks)
        effects.row_end_ms[:] = np.maximum(effects.row_end_ms, int(order.params["until_ms"]))
        effects.end_ms = int(effects.row_end_ms.max())
        target = int(order.params.get("target", -1))
        whom = world.force.name[target] if target >= 0 else "a contact"
        effects.events += [
            tell(
                order, t, "chase_started", f"{world.force.name[row]} goes after {whom}",
                actor=int(row), target=target, place=int(order.params.get("place", -1)),
                kilometres=round(distance_m(track) / 1000.0, 1),
            )
            for row, track in zip(rows, tracks, strict=True)
        ]  # fmt: skip
        return effects
