"""Small live fires for tests: named platforms in a row, targets to the north of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engagement_examples import engagement
from startex.engine.calendar import Calendar
from startex.engine.effects import Bouts, Effects, Event
from startex.engine.livefire import LiveFire
from startex.engine.log import Log
from startex.engine.orders import Order
from startex.engine.state import State, new_state
from startex.geography.geodesy import direct

START = 1_662_000_000_000
MINUTE = 60_000
LAT, LON = 44.0, 132.0


@dataclass
class Range:
    """A range with whom fires on it."""

    live: LiveFire
    state: State
    calendar: Calendar
    orders: int = 0

    def order(
        self, shooters: list[int], targets: list[int], *, serial: int = 0, bouts: int = 1,
        share: float = 1.0, span_ms: int = 15 * MINUTE, t: int = START, limit: int = -1,
        kinds: tuple[str, ...] = (), alt: float = 0.0,
    ) -> None:  # fmt: skip
        """Give an order to fire, bout after bout, each shooter from where it stands."""
        rows = np.array(shooters, dtype=np.int32)
        number = np.repeat(np.arange(bouts), rows.size)
        who = np.tile(rows, bouts)
        self.state.order[rows] = self.orders
        effects = Effects(
            end_ms=t + bouts * span_ms,
            events=[Event(t=t, kind="live_fire_started", text="", serial=serial)],
            bouts=Bouts(
                shooter=who, t=t + number * span_ms, number=number, lat=self.state.lat[who],
                lon=self.state.lon[who], alt=np.full(who.size, alt),
                targets=np.array(targets, dtype=np.int32), of=bouts, share=share, span_ms=span_ms,
                limit=limit, kinds=kinds,
            ),
        )  # fmt: skip
        event = self.live.log.add_event(effects.events[0])
        self.live.plan(Order(self.orders, "fire", rows, serial=serial), effects, [event])
        self.orders += 1

    def run(self) -> list[dict[str, Any]]:
        """Fire all there is to fire; return the rows of ``shots``."""
        while (t := self.calendar.next_time()) is not None:
            self.calendar.take(t, 4)  # type: ignore[arg-type]
            self.live.fire(t)
        return self.rows()

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of ``shots`` so far."""
        return [
            dict(zip(columns, row, strict=True))
            for columns in self.live.shots
            for row in zip(*(list(values) for values in columns.values()), strict=True)
        ]

    def events(self, kind: str) -> list[Event]:
        """Return the events of a kind."""
        return [event for _, event in self.live.log._events if event.kind == kind]


def shooting(
    types: list[str], away_m: dict[int, float], seed: int = 1, serials: int = 3, **others: Any
) -> Range:
    """Return a range: entities of these types; those in ``away_m`` lie so far to the north."""
    fight = engagement(*types, seed=seed)
    state = new_state(fight.force, START)
    rows = np.arange(len(types), dtype=np.int32)
    away = np.array([away_m.get(row, 0.0) for row in range(len(types))])
    lat, lon = direct(np.full(rows.size, LAT), np.full(rows.size, LON), np.zeros(rows.size), away)
    state.put(rows, lat, lon, 0.0)
    calendar = Calendar()
    names = [f"serial-{i}" for i in range(serials)]
    return Range(LiveFire(fight, state, Log(), calendar, names, **others), state, calendar)
