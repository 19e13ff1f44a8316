"""Raiders: a flight to where targets are to be and back, out of which an umpire may call them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from startex.engine.effects import Effects
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.air import AIRCRAFT, Sortie, aircraft_of
from startex.engine.systems.base import World
from startex.engine.systems.berths import parking
from startex.engine.systems.flights import fly, performance
from startex.engine.systems.seating import of_kind
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import settle
from startex.geography.geodesy import cut, direct, inverse
from startex.geography.paths import Path

STEEPER = 1.02
"""Share by which a descent is steeper than the straight line down, so as to end before it lands."""


class Raid:
    """Carries out ``raid``: a sortie without time on station, from an airfield on land.

    Parameters of the order: those of a ``sortie`` (`air.Sortie`). Aircraft may be taken out of it
    while they fly: no deck waits for them, and the runway was theirs for the take-off only.
    """

    def may_be_interrupted(self, order: Order) -> bool:
        """Tell whether aircraft may be taken out of the order: always."""
        return True

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the flight (see `engine.systems.base.System.start`)."""
        rows, decks = aircraft_of(order, world, state, t)
        if (decks >= 0).any():
            first = int(rows[int(np.argmax(decks >= 0))])
            raise OrderRefusedError(
                f"{world.force.name[first]} stands on a deck: raids start from airfields"
            )
        return Sortie().start(order, t, world, state, resources)


def _home(here: tuple[float, float], base: tuple[float, float], height_m: float) -> Path:
    """Return the way to a base: straight, or, too high over it to come down, past it and back."""
    azimuth, away = (float(value) for value in inverse(*here, *base))
    points = [here, (float(base[0]), float(base[1]))]
    if away < height_m:
        past = direct(*base, azimuth, height_m)
        points.insert(1, (float(past[0]), float(past[1])))
    return cut([lat for lat, _ in points], [lon for _, lon in points])


class Recover:
    """Carries out ``recover``: aircraft in the air fly straight to an airfield and land.

    Parameters of the order: ``lat``, ``lon`` (of the airfield, degrees), ``place`` (index,
    optional). They keep the height at which they are until they must descend, and fly at their
    usual speed. Who is nearer than he is high flies past it and comes back.
    """

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the flight home (see `engine.systems.base.System.start`)."""
        rows = of_kind(world, order.rows, AIRCRAFT)
        rows = rows[state.alt[rows] > 0.0]
        if not rows.size:
            raise OrderRefusedError("no aircraft of the order is in the air")
        lat, lon = parking(
            world, state, rows, float(order.params["lat"]), float(order.params["lon"])
        )
        tracks = []
        for i, row in enumerate(rows):
            height = float(state.alt[row])
            able = performance(world, rows[i : i + 1], None, height)
            way = _home((float(state.lat[row]), float(state.lon[row])), (lat[i], lon[i]), height)
            # so near that the usual descent would not do: it goes down faster
            steep = STEEPER * height * able.speed_m_s / max(way.length_m, height)
            able = replace(able, descent_m_s=max(able.descent_m_s, steep))
            tracks.append(fly(way, t, able, alt_from=height))
        effects = Effects(t)
        settle(effects, rows, tracks)
        name = world.force.name[rows[0]]
        who = name if rows.size == 1 else f"{rows.size} aircraft"
        place = int(order.params.get("place", -1))
        effects.events += [
            tell(order, t, "turned_home", f"{who} turned home", actor=int(rows[0]), place=place),
            tell(
                order, effects.end_ms, "landed", f"{who} landed", actor=int(rows[0]), place=place,
                sorties=int(rows.size),
            ),
        ]  # fmt: skip
        return effects
