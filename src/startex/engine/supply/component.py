"""Supply of a force: who has how much fuel, rations, water and ammunition, and who is short.

The component owns the accounts; it moves nobody. At the end of each day (or of any stretch of time,
in order) it is told the legs that were run, burns their fuel, and at the supply hour lets everybody
eat and drink, fills tanks and stores from trains and trains from depots, and draws mishaps. All
amounts are whole millilitres, grams and rounds, so that accounts balance to the last of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Event
from startex.engine.state import State
from startex.engine.supply.burning import MM_PER_M, leg_fuel, moving, used_between
from startex.engine.supply.evening import OUTSIDE, hand_out
from startex.engine.supply.idling import Idling
from startex.engine.supply.items import (
    BASIC,
    FIRST_AMMUNITION,
    FUEL,
    ML_PER_L,
    RATION_G,
    RATIONS,
    TRAINS,
    WATER,
    WATER_L,
)
from startex.engine.supply.ledger import Ledger
from startex.engine.supply.lines import carriers_of, heads, lines
from startex.engine.supply.mishaps import Mishaps, no_mishaps, strengths
from startex.engine.supply.network import Network, network
from startex.engine.supply.plan import Columns, Day, Plan, joined
from startex.engine.supply.rates import Rates, rates
from startex.engine.supply.reach import Depots
from startex.engine.supply.sharing import share, sum_by
from startex.engine.supply.shortages import Shortages
from startex.forces.armament_tables import Armament
from startex.forces.catalogue import Catalogue
from startex.forces.force import Force
from startex.foundation.clock import MS_PER_DAY, MS_PER_HOUR

Integers = npt.NDArray[np.integer[Any]]
Int64 = npt.NDArray[np.int64]


@dataclass(slots=True)
class Supply:
    """Accounts of a force.

    Parameters
    ----------
    force, catalogue, armament
        Who there is, and with what.
    depots
        Where what is missing comes from.
    seed, start_ms
        Of the run.
    plan
        When, and in which climate.

    Attributes
    ----------
    tank
        Fuel in each platform, ml, shape (n,). What it burnt since the last supply hour stands in
        ``burnt`` and is taken out at the next: it may be filled up on the way.
    way_mm
        Way of each vehicle since the last supply hour, shape (n,).
    ledger, network, mishaps, shortages
        Accounts by slot; who supplies whom; who is not available; who lacks what.
    now
        Until when all is accounted for, ms.
    """

    force: Force
    catalogue: Catalogue
    armament: Armament
    depots: Depots
    seed: int
    start_ms: int
    plan: Plan = field(default_factory=Plan)
    rates: Rates = field(init=False)
    network: Network = field(init=False)
    ledger: Ledger = field(init=False)
    mishaps: Mishaps = field(init=False)
    shortages: Shortages = field(init=False)
    idling: Idling = field(init=False)
    tank: Int64 = field(init=False)
    burnt: Int64 = field(init=False)
    way_mm: Int64 = field(init=False)
    now: int = field(init=False)
    _last_hour: int = field(init=False)
    _water_ml: int = field(init=False)
    _washed: Int64 = field(init=False)  # water used besides, since the last hour, ml, by unit
    _codes: Int64 | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        force, climate = self.force, self.plan.climate
        if climate not in WATER_L:
            raise ValueError(f"unknown climate {climate!r}: give one of {', '.join(WATER_L)}")
        self._water_ml = round(WATER_L[climate] * ML_PER_L)
        self.rates = rates(force, self.catalogue)
        self.network = network(
            force, self.catalogue, self.armament, self.rates, RATION_G, self._water_ml
        )
        self.ledger = Ledger(self.network, self.units)
        self.mishaps = Mishaps(
            force.kind, force.key, force.counted, self.rates.failure_m, self.seed, climate
        )
        self.shortages = Shortages(self.network.basic.size, force.units.name, self.network.items)
        self.idling = Idling(self.rates.idle_ml_h, self.start_ms)
        self.tank = self.rates.tank_ml.copy()
        self.burnt, self.way_mm = np.zeros((2, self.tank.size), dtype=np.int64)
        self._washed = np.zeros(self.units, dtype=np.int64)
        self.now = self._last_hour = self.start_ms

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.force.units.id)

    # --- what happens in the field --------------------------------------------------------

    def burn(self, legs: Mapping[str, npt.NDArray[Any]], t0: int, t1: int) -> Int64:
        """Add the fuel of legs between ``t0`` and ``t1`` (ms) to ``burnt``; return it, shape (n,).

        ``legs``: columns as in `startex.engine.effects.Legs` in any order, whole legs even where
        they begin earlier or end later.
        """
        rows = moving(legs, self.rates, t0, t1)
        part = {name: column[rows] for name, column in legs.items()}
        fuel, length = leg_fuel(part, self.rates)
        entity, begin, end = part["entity"], part["t0"], part["t1"]
        burnt = sum_by(entity, used_between(fuel, begin, end, t0, t1), self.tank.size)
        self.burnt += burnt
        way = used_between(length, begin, end, t0, t1)
        self.way_mm += sum_by(entity, way, self.tank.size)
        return burnt

    def ammunition(self, name: str) -> int:
        """Return the code of a class of ammunition; a `KeyError` names those that there are."""
        try:
            return self.network.items.index(name, FIRST_AMMUNITION)
        except ValueError:
            raise KeyError(f"nobody shoots {name!r}; there is {self._classes()}") from None

    def accounts(self, rows: Integers, weapons: Integers) -> Int64:
        """Return the account (item and unit) that rounds of weapons come from, -1 for none.

        ``rows``: platforms, ``weapons``: rows of the armament, both shape (k,).
        """
        if self._codes is None:
            names = self.armament.weapons.ammunition
            known = self.network.items[FIRST_AMMUNITION:]
            codes = [self.ammunition(name) if name in known else -1 for name in names]
            self._codes = np.array(codes, dtype=np.int64)
        code = self._codes[weapons]
        return np.where(code >= 0, code * self.units + self.force.unit[rows], -1)

    def fire(self, rows: Integers, rounds: Int64, item: Integers | int) -> Int64:
        """Take rounds that platforms fire out of their units' stocks; return what was there.

        Parameters
        ----------
        rows
            Entity rows, shape (k,).
        rounds
            Rounds wanted, not negative, shape (k,).
        item
            Code of the class of each, or of all: see `ammunition`.

        Raises
        ------
        ValueError
            For negative rounds, or an item that is no ammunition.
        """
        code = np.broadcast_to(np.asarray(item, dtype=np.int64), rows.shape)
        wanted = np.asarray(rounds, dtype=np.int64)
        if (wanted < 0).any():
            raise ValueError(f"{int(wanted.min())} rounds cannot be fired: give 0 or more")
        if ((code < FIRST_AMMUNITION) | (code >= len(self.network.items))).any():
            raise ValueError(f"an item is no ammunition: give the code of {self._classes()}")
        slot = code * self.units + self.force.unit[rows]
        order = np.lexsort((wanted, rows, slot))  # however the rows stand: each is given the same
        got = np.zeros(wanted.size, dtype=np.int64)
        got[order] = share(slot[order], wanted[order], self.ledger.on_hand[BASIC])
        self.ledger.consume(self._by_slot(slot, got))
        if (got < wanted).any():
            self.shortages.unfired += self._by_slot(slot, wanted - got)
        return got

    def replenish(self, tankers: Integers, receivers: Integers) -> Int64:
        """Fill receivers out of what tankers carry for others, at sea or in the air.

        Parameters
        ----------
        tankers, receivers
            Entity rows, shape (k,): each receiver once, with its tanker.

        Returns
        -------
        Fuel given to each receiver, ml. Their units' rations and water are filled up too.
        """
        order = np.argsort(receivers, kind="stable")
        row = receivers[order]
        unit, giver = (self.force.unit[r].astype(np.int64) for r in (row, tankers[order]))
        there = self.ledger.on_hand[TRAINS]
        level = np.maximum(self.tank[row] - self.burnt[row], 0)
        room = np.maximum(self.rates.tank_ml[row] - level, 0)
        fuel = share(FUEL * self.units + giver, room, there)
        self.tank[row] += fuel
        self._move(giver, unit, FUEL, fuel)
        each, first = np.unique(unit, return_index=True)
        for item in (RATIONS, WATER):
            slot = item * self.units + each
            lacks = np.maximum(self.network.basic[slot] - self.ledger.on_hand[BASIC, slot], 0)
            given = share(item * self.units + giver[first], lacks, there)
            self._move(giver[first], each, item, given)
        back = np.empty_like(fuel)
        back[order] = fuel
        return back

    def wash(self, rows: Integers, water_ml: int) -> None:
        """Book water to wash platforms, ``water_ml`` each; their units need it at the next hour."""
        self._washed += water_ml * np.bincount(self.force.unit[rows], minlength=self.units)

    def _move(self, giver: Int64, unit: Int64, item: int, amount: Int64) -> None:
        self.ledger.issue(TRAINS, self._by_slot(item * self.units + giver, amount))
        self.ledger.receive(BASIC, self._by_slot(item * self.units + unit, amount))

    def _by_slot(self, slot: Int64, amount: Int64) -> Int64:
        return sum_by(slot, amount, self.network.basic.size)

    def _classes(self) -> str:
        return ", ".join(self.network.items[FIRST_AMMUNITION:])

    # --- day by day -----------------------------------------------------------------------

    def day(
        self,
        t1: int,
        legs: Mapping[str, npt.NDArray[Any]],
        state: State,
        statuses: Mapping[str, npt.NDArray[Any]] | None = None,
    ) -> Day:
        """Account for the time from `now` to ``t1``: a day as a rule, but any time will do.

        Parameters
        ----------
        t1
            End of it, ms.
        legs
            All legs that overlap it, whole, in any order; columns as in `effects.Legs`.
        state
            Where everybody stands.
        statuses
            Changes of status in it (entity, t, status): who exercises idles besides.

        Returns
        -------
        Columns of ``supply``, ``shortages``, ``mishaps`` and ``strengths`` for every supply hour
        after `now` and not after ``t1`` (no tables where there is none), and events.

        Raises
        ------
        ValueError
            If ``t1`` is before `now`.
        """
        if t1 < self.now:
            raise ValueError(f"accounts stand at {self.now}: give no time before, as {t1}")
        parts: list[dict[str, Columns]] = []
        events: list[Event] = []
        for until in (*self.hours(t1), t1):
            self.burn(legs, self.now, until)
            self.idling.note(statuses, until)
            self.now = until
            if self._is_hour(until) and until > self._last_hour:
                parts.append(self._supply_hour(state, events))
        return Day(joined(parts), events)

    def close(self) -> Day:
        """Take what was used since the last supply hour out of the accounts; nobody is supplied."""
        if self.now == self._last_hour:
            return Day({}, [])
        events: list[Event] = []
        need = np.zeros(self.network.basic.size, dtype=np.int64)
        tables = self._settle(need, np.zeros_like(need), None, events)
        return Day(tables | {"mishaps": no_mishaps()}, events)

    def _first_hour(self) -> int:
        return round((self.plan.hour_local - self.plan.utc_offset_h) * MS_PER_HOUR)

    def _is_hour(self, t: int) -> bool:
        return (t - self._first_hour()) % MS_PER_DAY == 0

    def hours(self, t1: int) -> range:
        """Return the supply hours after `now` and before ``t1``, ms."""
        after = self.now + 1
        return range(after + (self._first_hour() - after) % MS_PER_DAY, t1, MS_PER_DAY)

    def _supply_hour(self, state: State, events: list[Event]) -> dict[str, Columns]:
        t, number = self.now, self.units
        top = carriers_of(state)
        mouths = heads(self.force, top)
        need = np.zeros(self.network.basic.size, dtype=np.int64)
        need[RATIONS * number : WATER * number] = mouths * RATION_G
        need[WATER * number : FIRST_AMMUNITION * number] = mouths * self._water_ml + self._washed
        self._washed[:] = 0
        affected = np.zeros_like(need)
        affected[RATIONS * number : FIRST_AMMUNITION * number] = np.tile(mouths, 2)
        # the number of the day, from the start: held a week later, the exercise draws the same
        day, span = (t - self.start_ms) // MS_PER_DAY, t - self._last_hour
        hit = self.mishaps.draw(day, t, min(span, MS_PER_DAY), self.way_mm / MM_PER_M)
        return self._settle(need, affected, (state, top), events) | {"mishaps": hit}

    def _settle(
        self,
        need: Int64,
        affected: Int64,
        where: tuple[State, Int64] | None,
        events: list[Event],
    ) -> dict[str, Columns]:
        """Take out what is needed and burnt; supply all first where ``where`` is given."""
        t, number = self.now, self.units
        self.burnt += self.idling.burn()
        tanks = np.flatnonzero(self.rates.tank_ml > 0)
        others = np.arange(number, need.size)
        slot = np.concatenate([self.force.unit[tanks].astype(np.int64), others])
        used = np.concatenate([self.burnt[tanks], need[others]])
        there = np.concatenate([self.tank[tanks], self.ledger.on_hand[BASIC, others]])
        full = np.concatenate([self.rates.tank_ml[tanks], self.network.basic[others]])
        given = np.zeros_like(used)
        if where is not None:
            given = self._supply(slot, np.maximum(full - there + used, 0), *where)
        spent = np.minimum(used, there + given)
        self.ledger.consume(self._by_slot(slot, spent))
        self.tank[tanks] += given[: tanks.size] - spent[: tanks.size]
        lacks = used - spent
        affected[:number] = np.bincount(
            slot[: tanks.size][lacks[: tanks.size] > 0], minlength=number
        )
        short, told = self.shortages.find(
            t, self._by_slot(slot, lacks), self._by_slot(slot, used), affected
        )
        events += told
        self.burnt[:], self.way_mm[:], self._last_hour = 0, 0, t
        return {
            "supply": self.ledger.take(t),
            "shortages": short,
            "strengths": strengths(self.force, self.mishaps, t),
        }

    def _supply(self, slot: Int64, wanted: Int64, state: State, top: Int64) -> Int64:
        """Hand out what is wanted, fill trains, book both; return what each was given."""
        found = lines(self.force, self.network, self.depots, self.plan.climate, state, top)
        source = found.source[slot]
        done = hand_out(
            self.network, self.ledger.on_hand[TRAINS], found.fed_by, found.lift, source, wanted
        )
        direct = np.where(source == OUTSIDE, done.given, 0)
        self.ledger.import_(done.from_outside + self._by_slot(slot, direct))
        self.ledger.receive(TRAINS, done.received)
        self.ledger.issue(TRAINS, done.issued)
        self.ledger.receive(BASIC, self._by_slot(slot, done.given))
        return done.given
