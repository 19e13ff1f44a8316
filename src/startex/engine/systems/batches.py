"""The platforms of many orders that start together, in one column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.orders import Order
from startex.engine.systems.seating import ascending

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of several orders: those of one order together, ascending.

    Attributes
    ----------
    rows
        Entity rows, shape (k,).
    of
        Which order each belongs to, ascending, shape (k,).
    orders
        How many orders there are, also those without rows.
    """

    rows: Int32
    of: Int64
    orders: int

    def part(self, index: npt.NDArray[np.generic]) -> Batch:
        """Return the rows that a mask or an ascending index array picks."""
        return Batch(self.rows[index], self.of[index], self.orders)

    def count(self, which: Bool | None = None) -> Int64:
        """Return how many rows each order has, or how many of those marked; shape (orders,)."""
        of = self.of if which is None else self.of[which]
        return np.bincount(of, minlength=self.orders)

    def total(self, values: Int64) -> Int64:
        """Return the sum of a column over each order's rows, shape (orders,)."""
        return np.bincount(self.of, weights=values, minlength=self.orders).astype(np.int64)

    def bounds(self) -> list[int]:
        """Return where each order's rows begin, and the end: ``orders + 1`` positions."""
        return [0, *np.cumsum(self.count()).tolist()]

    def owner(self, rows: Int32) -> Int64:
        """Return which order each of other rows belongs to, -1 for none."""
        if not self.rows.size:
            return np.full(rows.size, -1, dtype=np.int64)
        by = np.argsort(self.rows, kind="stable")
        ordered = self.rows[by]
        at = np.minimum(np.searchsorted(ordered, rows), ordered.size - 1)
        return np.where(ordered[at] == rows, self.of[by[at]], -1)


def gather(orders: Sequence[Order]) -> Batch:
    """Return the rows of orders."""
    rows = [ascending(order.rows) for order in orders]
    sizes = [part.size for part in rows]
    return Batch(np.concatenate(rows), np.repeat(np.arange(len(rows)), sizes), len(rows))
