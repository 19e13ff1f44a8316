"""What orders to platforms that move by themselves have in common; order ``hold``.

Only platforms that nothing carries move; teams aboard a vehicle ride along. Vehicles without
anybody aboard and teams without persons stay where they are.

Order ``hold``
--------------
``duration_ms`` or ``until_ms``
    How long, or until when, the platforms stay where they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Effects, Event, Legs
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import kernels
from startex.engine.systems.base import World
from startex.engine.systems.seating import TEAM, VEHICLE, ascending, heads, manned
from startex.foundation.clock import LONG_AGO_MS

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

SPACING_M = 50.0
"""Default distance between platforms in a laager or formation; assumed: dispersed."""


def movers(world: World, state: State, order: Order) -> Int32:
    """Return the vehicles and teams of an order that can move by themselves, ascending.

    Raises
    ------
    OrderRefusedError
        If there is none; the reason says why not.
    """
    rows = ascending(order.rows)
    kind = world.force.kind[rows]
    rows = rows[(kind == VEHICLE) | (kind == TEAM)]
    carried = state.carrier[rows] >= 0
    free = rows[~carried]
    able: Int32 = free[manned(world, free, heads(world, state))]
    if able.size == 0:
        raise OrderRefusedError(
            f"nothing can move: of {rows.size} vehicles and teams {int(carried.sum())} are aboard "
            f"something and {free.size} have nobody in them"
        )
    return able


def able_to_move(world: World, state: State, rows: Int32) -> Bool:
    """Return which rows are vehicles or teams that can move by themselves."""
    kind = world.force.kind[rows]
    able: Bool = ((kind == VEHICLE) | (kind == TEAM)) & (state.carrier[rows] < 0)
    return able & manned(world, rows, heads(world, state))


def count_text(world: World, rows: Int32) -> str:
    """Return ``12 vehicles and 3 teams`` for rows of vehicles and teams."""
    teams = int((world.force.kind[rows] == TEAM).sum())
    return count_words(rows.size - teams, teams)


def count_words(vehicles: int, teams: int) -> str:
    """Return ``12 vehicles and 3 teams`` for these numbers."""
    parts = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((vehicles, "vehicle"), (teams, "team"))
        if count
    ]
    return " and ".join(parts) or "nothing"


def effects_of(
    rows: Int32, legs: Legs, state: State, t: int, *, end_ms: int = LONG_AGO_MS
) -> Effects:
    """Return effects of platforms that move along ``legs``, free when their last one ends.

    ``end_ms`` is when the order ends, where that is later than the last leg.
    """
    end, lat, lon = kernels.ends(legs, rows, (state.lat[rows], state.lon[rows]), t)
    return Effects(
        end_ms=max(t, end_ms, int(end.max(initial=t))),
        rows=rows,
        row_end_ms=end,
        lat=lat,
        lon=lon,
        alt=np.zeros(rows.size),
        legs=[legs],
    )


def event(order: Order, t: int, kind: str, text: str, **data: object) -> Event:
    """Return an event of an order, with its unit, place, serial and cause."""
    place = order.params.get("place")
    return Event(
        t=int(t),
        kind=kind,
        text=text,
        unit=order.unit,
        place=-1 if place is None else int(place),
        serial=order.serial,
        cause=order.cause,
        data=data,
    )


@dataclass(frozen=True, slots=True)
class Hold:
    """Carries out ``hold``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return effects that only take time."""
        params = order.params
        end = params["until_ms"] if "until_ms" in params else t + params["duration_ms"]
        return Effects(end_ms=max(t, int(end)))
