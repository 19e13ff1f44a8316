"""The accounts: what is on hand in each slot, what came and went, and what comes from outside.

Always, for each item, to the unit::

    on hand at first + issued by outside = on hand + consumed
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.supply.items import BASIC
from startex.engine.supply.network import Network

Int64 = npt.NDArray[np.int64]


@dataclass(slots=True)
class Ledger:
    """Accounts by holding and slot, shape (2, slots); slots as in `Network`.

    Attributes
    ----------
    on_hand
        What is there now.
    consumed, received, issued
        Since the last `take`: used up, come in (from trains, from outside), given to others.
    outside
        What depots have issued from the start, by item; they take nothing back.
    """

    network: Network
    units: int
    on_hand: Int64 = field(init=False)
    consumed: Int64 = field(init=False)
    received: Int64 = field(init=False)
    issued: Int64 = field(init=False)
    outside: Int64 = field(init=False)
    used: Int64 = field(init=False)
    first: Int64 = field(init=False)

    def __post_init__(self) -> None:
        self.on_hand = np.stack([self.network.basic, self.network.trains])
        self.consumed, self.received, self.issued = (np.zeros_like(self.on_hand) for _ in range(3))
        items = len(self.network.items)
        self.outside, self.used = np.zeros((2, items), dtype=np.int64)
        self.first = self._by_item(self.on_hand)

    def receive(self, holding: int, amount: Int64) -> None:
        """Book what comes into all slots of a holding, shape (slots,)."""
        self.on_hand[holding] += amount
        self.received[holding] += amount

    def issue(self, holding: int, amount: Int64) -> None:
        """Book what all slots of a holding give to others, shape (slots,)."""
        self.on_hand[holding] -= amount
        self.issued[holding] += amount

    def consume(self, amount: Int64) -> None:
        """Book what is used up out of basic holdings, shape (slots,)."""
        self.on_hand[BASIC] -= amount
        self.consumed[BASIC] += amount
        self.used += self._by_item(amount)

    def import_(self, amount: Int64) -> None:
        """Book what outside issues to slots, shape (slots,); the slots `receive` it besides."""
        self.outside += self._by_item(amount)

    def imbalance(self) -> Int64:
        """Return by how much the accounts of each item fail to balance: 0, always."""
        there: Int64 = self._by_item(self.on_hand) + self.used - self.first - self.outside
        return there

    def take(self, t: int) -> dict[str, npt.NDArray[Any]]:
        """Return rows of the table ``supply`` at ``t`` (ms) and begin anew to count what moves.

        One row for each holding that holds, held or can hold anything; ``item`` and ``holding`` are
        codes (positions in ``network.items`` and `HOLDINGS`).
        """
        moved = (self.consumed != 0) | (self.received != 0) | (self.issued != 0)
        capacity = np.stack([self.network.basic, self.network.trains])
        holding, slot = np.nonzero(moved | (self.on_hand != 0) | (capacity != 0))
        columns: dict[str, npt.NDArray[Any]] = {
            "unit": (slot % self.units).astype(np.int32),
            "item": (slot // self.units).astype(np.int32),
            "holding": holding.astype(np.int32),
            "t": np.full(slot.size, t, dtype=np.int64),
            "on_hand": self.on_hand[holding, slot],
            "consumed": self.consumed[holding, slot],
            "received": self.received[holding, slot],
            "issued": self.issued[holding, slot],
        }
        for flow in (self.consumed, self.received, self.issued):
            flow[:] = 0
        return columns

    def _by_item(self, amount: Int64) -> Int64:
        items = len(self.network.items)
        total: Int64 = amount.reshape(-1, items, self.units).sum(axis=(0, 2))
        return total


def slots_of(item: int, unit: npt.NDArray[np.integer], units: int) -> Int64:
    """Return the slots of an item for units."""
    found: Int64 = item * units + unit.astype(np.int64)
    return found
