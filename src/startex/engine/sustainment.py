"""Sustainment of a run: books what orders and fire use, and closes the accounts day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.engagement.magazine import Magazine
from startex.engine.log import Log
from startex.engine.orders import Order
from startex.engine.recent import Columns, after
from startex.engine.sensing.spots import spots
from startex.engine.state import State
from startex.engine.supply.component import Supply
from startex.engine.supply.items import BASIC
from startex.engine.supply.plan import Day, joined
from startex.engine.supply.sharing import share, sum_by

Int64 = npt.NDArray[np.int64]


@dataclass(slots=True)
class Sustainment:
    """Feeds the accounts of supply from what happens, and keeps their rows.

    Parameters
    ----------
    supply
        The accounts.
    log
        Knows the legs and statuses; takes the events.
    magazine
        Is refilled from the stocks of units when a day is closed; None: there is none.
    """

    supply: Supply
    log: Log
    magazine: Magazine | None = None
    _parts: list[dict[str, Columns]] = field(default_factory=list)

    def note_ended(self, order: Order) -> None:
        """Book what an order that has ended brought: stores handed over at sea, water used."""
        if "washed" in order.params:
            self.supply.wash(order.params["washed"], int(order.params["water_ml"]))
        replenish = order.params.get("replenish")
        if replenish:
            tanker = int(replenish["tanker"])
            receivers = order.rows[order.rows != tanker].astype(np.int64)
            self.supply.replenish(np.full(receivers.size, tanker, dtype=np.int64), receivers)

    def note_shots(self, shots: Mapping[str, Any]) -> None:
        """Book rounds spent: columns ``shooter``, ``weapon`` (id) and ``rounds``."""
        weapons = self.supply.armament.weapons
        rows = {name: weapons.index(name) for name in dict.fromkeys(shots["weapon"])}
        weapon = np.array([rows[name] for name in shots["weapon"]], dtype=np.int64)
        shooter = np.asarray(shots["shooter"], dtype=np.int64)
        account = self.supply.accounts(shooter, weapon)
        fed = account >= 0
        if fed.any():
            spent = np.asarray(shots["rounds"], dtype=np.int64)
            self.supply.fire(shooter[fed], spent[fed], account[fed] // self.supply.units)

    def day(self, t: int, state: State) -> None:
        """Account for the time up to ``t``; nothing before it may be added to the log any more."""
        begun = self.supply.now
        legs, statuses = self.log.legs_after(begun), self.log.statuses_after(begun - 1)
        carriers = self.log.carriers_after(begun)
        for until in (*self.supply.hours(t), t):
            there = _as_at(state, begun, until, legs, carriers)
            self._keep(self.supply.day(until, legs, there, statuses))
        self._refill()

    def close(self) -> None:
        """Take what was used since the last supply hour out of the accounts."""
        self._keep(self.supply.close())

    def tables(self) -> dict[str, Columns]:
        """Return the rows of ``supply``, ``shortages``, ``mishaps`` and ``strengths`` so far."""
        names = {name for part in self._parts for name in part}
        return {
            name: joined([{name: part[name]} for part in self._parts if name in part])[name]
            for name in sorted(names)
        }

    def _refill(self) -> None:
        """Fill magazines with what the stocks of their units hold beyond what is in them.

        Rounds on hand of a unit are those in its magazines, and what has come since they were
        fired. Where that is not enough for all, all get the same share.
        """
        box, supply = self.magazine, self.supply
        if box is None or not box.entity.size:
            return
        low = np.flatnonzero(box.on_hand < box.capacity)
        if not low.size:
            return
        account = supply.accounts(box.entity, box.weapon)
        known = account >= 0
        held = sum_by(account[known], box.on_hand[known], supply.network.basic.size)
        low = low[known[low]]
        spare = np.maximum(supply.ledger.on_hand[BASIC] - held, 0)
        lacks = box.capacity[low] - box.on_hand[low]
        order = np.lexsort((supply.force.key[box.entity[low]], lacks, account[low]))
        low, lacks = low[order], lacks[order]  # however the rows stand: each is given the same
        box.refill(low, share(account[low], lacks, spare))

    def _keep(self, day: Day) -> None:
        if day.tables:
            self._parts.append(day.tables)
        for event in day.events:
            self.log.add_event(event)


def _as_at(state: State, begun: int, t: int, legs: Columns, carriers: Columns) -> State:
    """Return where everybody is at ``t``: the state says where he will be when his order ends.

    ``legs`` and ``carriers`` are those after ``begun``, before ``t``.
    """
    legs = after(legs, t, None)
    lat, lon, alt = state.lat.copy(), state.lon.copy(), state.alt.copy()
    rows = np.unique(legs["entity"]).astype(np.int64)
    if rows.size:
        standing = state.lat[rows], state.lon[rows], state.alt[rows]
        here = spots(t, rows, legs, standing, after(carriers, t, rows))
        known = np.isfinite(here.lat)  # else aboard something
        for column, values in ((lat, here.lat), (lon, here.lon), (alt, here.alt)):
            column[rows[known]] = values[known]
    aboard = np.where(state.aboard_ms <= t, state.carrier, -1).astype(np.int32)
    then = (carriers["t0"] <= t) & (carriers["t1"] > t)
    aboard[carriers["entity"][then]] = carriers["carrier"][then]
    return replace(state, lat=lat, lon=lon, alt=alt, carrier=aboard, heads=None, riders=None)
