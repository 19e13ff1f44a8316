"""The way of a message through the chain of command, for many messages at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hops:
    """Hops of messages, those of each contiguous and in their order; columns of shape (h,).

    Attributes
    ----------
    message
        Index of the message, ascending.
    start, end
        Unit rows between which the hop goes.
    upper
        The superior of the two, to whose net it belongs; -1 between two tops.
    """

    message: Int64
    start: Int64
    end: Int64
    upper: Int64


Way = tuple[tuple[int, int, int], ...]
"""Start, end and superior (see `Hops`) of each hop of one message."""


class Chains:
    """Who is above whom, by depth: routes are slices of it.

    Parameters
    ----------
    parent
        Row of the parent of each unit, -1 at the top; parents stand before their children.
    """

    def __init__(self, parent: Int32) -> None:
        self._ways: dict[tuple[int, int], Way] = {}
        above = parent.astype(np.int64)
        depth = np.zeros(above.size, dtype=np.int64)
        level = np.flatnonzero(above < 0)
        while level.size:  # generation by generation
            level = np.flatnonzero(np.isin(above, level))
            depth[level] = depth[above[level]] + 1
        self.depth: Int64 = depth
        most = int(depth.max(initial=0)) + 1
        self.up: Int64 = np.full((above.size, most), -1, dtype=np.int64)
        """Unit at each depth above a unit, itself at its own; -1 below; shape (units, depths)."""
        at, who = depth.copy(), np.arange(above.size)
        rows = np.arange(above.size)
        while rows.size:
            self.up[rows, at[rows]] = who[rows]
            who[rows] = above[who[rows]]
            at[rows] -= 1
            rows = rows[at[rows] >= 0]

    def hops(self, sender: Int64, receiver: Int64) -> Hops:
        """Return the hops from senders up to the lowest common superior and down to receivers.

        Where two have none, a hop goes from top to top. Who writes to himself needs no hop.
        """
        a, b = self.up[sender], self.up[receiver]
        shared = np.cumprod((a == b) & (a >= 0), axis=1).sum(axis=1)
        turn = np.maximum(shared - 1, 0)  # depth at which the way turns down
        cross = (shared == 0).astype(np.int64)
        climb, fall = self.depth[sender] - turn, self.depth[receiver] - turn
        number = climb + cross + fall
        message = np.repeat(np.arange(sender.size), number)
        step = np.arange(message.size) - np.repeat(np.cumsum(number) - number, number)
        from_, to = sender[message], receiver[message]
        rising = step < climb[message]
        crossing = ~rising & (step < (climb + cross)[message])
        high = np.where(rising, self.depth[from_] - step, 0)
        low = np.where(
            rising | crossing, 0, turn[message] + step - (climb + cross)[message]
        )  # depth at which a hop down begins
        below = np.minimum(low + 1, self.up.shape[1] - 1)
        start = np.where(rising, self.up[from_, high], self.up[to, low])
        start = np.where(crossing, self.up[from_, 0], start)
        end = np.where(rising, self.up[from_, np.maximum(high - 1, 0)], self.up[to, below])
        end = np.where(crossing, self.up[to, 0], end)
        upper = np.where(rising, end, start)
        return Hops(message, start, end, np.where(crossing, -1, upper))

    def way(self, sender: int, receiver: int) -> Way:
        """Return the hops that one message passes."""
        found = self._ways.get((sender, receiver))
        if found is None:
            hops = self.hops(np.array([sender]), np.array([receiver]))
            columns = hops.start.tolist(), hops.end.tolist(), hops.upper.tolist()
            found = self._ways[sender, receiver] = tuple(zip(*columns, strict=True))
        return found

    def route(self, sender: int, receiver: int) -> tuple[int, ...]:
        """Return the unit rows that one message passes, with both ends."""
        return (sender, *(end for _, end, _ in self.way(sender, receiver)))
