"""Assembling in a laager, deploying into a formation.

Orders
------
``assemble``
    ``lat``, ``lon`` (degrees): middle of the laager; ``spacing_m`` (default 50): between
    platforms; ``place``: place index, for the record.
``deploy``
    ``lat``, ``lon``, ``heading_deg`` (default 0), ``formation`` (default ``line``; see
    `geography.areas.FORMATIONS`), ``spacing_m`` (default 50), ``speed_m_s`` (default: the own speed
    of each type).

Who moves: see `ground`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Effects, Event
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import kernels
from startex.engine.systems.approach import passable, straight, travel, trip
from startex.engine.systems.base import World
from startex.engine.systems.batches import Batch, gather
from startex.engine.systems.ground import (
    SPACING_M,
    able_to_move,
    count_words,
    effects_of,
    event,
    movers,
)
from startex.engine.systems.laagers import drawn_in, offsets, slots
from startex.engine.systems.seating import TEAM
from startex.geography.geodesy import inverse

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Deploy:
    """Carries out ``assemble`` and ``deploy``: every platform goes to its slot."""

    formation: str
    done: str  # kind of the event at the end

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return legs to the slots (see the module for the parameters)."""
        rows = movers(world, state, order)
        params = order.params
        formation = self._formation(order)
        goal = slots(
            world,
            formation,
            rows.size,
            (float(params["lat"]), float(params["lon"])),
            float(params.get("spacing_m", SPACING_M)),
            heading_deg=float(params.get("heading_deg", 0.0)),
        )
        speed = params.get("speed_m_s")
        start = state.lat[rows], state.lon[rows]
        legs = travel(world, trip(world, rows, start, goal, t, speed_m_s=speed))
        effects = effects_of(rows, legs, state, t)
        teams = int((world.force.kind[rows] == TEAM).sum())
        effects.events.append(self._told(order, effects.end_ms, rows.size - teams, teams))
        return effects

    def start_all(
        self, orders: Sequence[Order], t: int, world: World, state: State
    ) -> list[Effects | None]:
        """Return the same for many orders; those without a mover or a way are left to `start`."""
        batch = gather(orders)
        batch = batch.part(able_to_move(world, state, batch.rows))
        goal = self._slots(world, orders, batch)
        start = state.lat[batch.rows], state.lon[batch.rows]
        limits = [order.params.get("speed_m_s") or np.inf for order in orders]
        speed = np.array(limits, dtype=np.float64)[batch.of]
        way = trip(world, batch.rows, start, goal, t, speed_m_s=speed)
        along = inverse(way.lat0, way.lon0, way.lat1, way.lon1)
        near = passable(world, way, along[1])
        goes_straight = (batch.count(~near) == 0)[batch.of]
        parts = [straight(world, way.part(goes_straight), _part(along, goes_straight))]
        bounds = batch.bounds()
        pieces = [slice(*pair) for pair in pairwise(bounds)]
        refused = batch.count() == 0
        for index, mine in enumerate(pieces):
            if mine.start < mine.stop and not goes_straight[mine.start]:
                try:
                    parts.append(travel(world, way.part(mine), _part(along, mine)))
                except OrderRefusedError:
                    refused[index] = True
        legs = [kernels.join(parts)]
        end, lat, lon = kernels.ends(legs[0], batch.rows, (way.lat0, way.lon0), t)
        alt = np.zeros(batch.rows.size)
        teams = batch.count(world.force.kind[batch.rows] == TEAM).tolist()
        result: list[Effects | None] = []
        for index, (order, mine) in enumerate(zip(orders, pieces, strict=True)):
            if refused[index]:
                result.append(None)
                continue
            over = int(end[mine].max())
            told = self._told(order, over, mine.stop - mine.start - teams[index], teams[index])
            result.append(
                Effects(
                    over, batch.rows[mine], end[mine], lat[mine], lon[mine], alt[mine],
                    legs=legs, events=[told],
                )
            )  # fmt: skip
            legs = []  # those of all stand in the first
        return result

    def _slots(
        self, world: World, orders: Sequence[Order], batch: Batch
    ) -> tuple[Float64, Float64]:
        """Return the slot of every row, each order about its own reference point."""
        parts, points = [], []
        for order, count in zip(orders, batch.count().tolist(), strict=True):
            params = order.params
            spacing_m = float(params.get("spacing_m", SPACING_M))
            parts.append(offsets(self._formation(order), count, spacing_m))
            points.append((params["lat"], params["lon"], params.get("heading_deg", 0.0)))
        lat, lon, heading = np.array(points, dtype=np.float64)[batch.of].T
        forward, right = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        return drawn_in(world, (lat, lon), heading, (forward, right))

    def _formation(self, order: Order) -> str:
        return str(order.params.get("formation", self.formation))

    def _told(self, order: Order, t: int, vehicles: int, teams: int) -> Event:
        formation = self._formation(order)
        text = f"{count_words(vehicles, teams)} in {formation}"
        platforms = vehicles + teams
        return event(order, t, self.done, text, platforms=platforms, formation=formation)


def _part(
    along: tuple[Float64, Float64], index: npt.NDArray[np.bool_] | slice
) -> tuple[Float64, Float64]:
    return along[0][index], along[1][index]
