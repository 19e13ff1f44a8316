"""The book of orders: which wait for which, which run, and how each ended."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.orders import Order

Int32 = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """What became of an order, for the store."""

    order: Order
    t_issued: int
    t_start: int | None
    t_end: int | None
    outcome: str
    reason: str


@dataclass(slots=True)
class Ticket:
    """An order on its way.

    Attributes
    ----------
    order, t_issued
        The order, and when it was given, ms.
    waiting, failed
        Of its predecessors: how many are still to end, and how many failed.
    t_start, t_end
        When it began and ends, ms.
    outcome, reason
        waiting, running, ended, refused, cancelled or superseded; why, in words.
    touched
        Rows that carry it out.
    events
        Events that it brings about.
    """

    order: Order
    t_issued: int
    waiting: int = 0
    failed: int = 0
    t_start: int | None = None
    t_end: int | None = None
    outcome: str = "waiting"
    reason: str = ""
    touched: list[Int32] = field(default_factory=list)
    events: list[int] = field(default_factory=list)

    @property
    def hopeless(self) -> bool:
        """Whether all that it waited for failed."""
        return bool(self.order.after) and self.failed == len(self.order.after)


@dataclass(slots=True)
class OrderBook:
    """All orders of a run, in the order of their ids."""

    _tickets: list[Ticket] = field(default_factory=list)
    _followers: dict[int, list[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._tickets)

    def __getitem__(self, number: int) -> Ticket:
        return self._tickets[number]

    def enter(self, order: Order, t: int) -> Ticket:
        """Enter an order given at ``t``; it may start when its ``waiting`` is 0.

        Raises
        ------
        ValueError
            If its id is not the next one.
        """
        if order.id != len(self._tickets):
            raise ValueError(f"order {order.id} is out of sequence, expected {len(self._tickets)}")
        ticket = Ticket(order, t)
        for earlier in order.after:
            before = self._tickets[earlier]
            if before.outcome in ("waiting", "running"):
                ticket.waiting += 1
                self._followers.setdefault(earlier, []).append(order.id)
            elif before.outcome != "ended":
                ticket.failed += 1
        self._tickets.append(ticket)
        return ticket

    def followers(self, ticket: Ticket) -> list[Ticket]:
        """Return the orders that wait for one, in the order of ids."""
        waiting = (self._tickets[number] for number in self._followers.get(ticket.order.id, ()))
        return [follower for follower in waiting if follower.outcome == "waiting"]

    def finish(self, ticket: Ticket, outcome: str, reason: str) -> list[Ticket]:
        """Note how an order ended; return those that need wait no longer, in the order of ids."""
        ticket.outcome, ticket.reason = outcome, reason or ticket.reason
        ready = []
        for number in self._followers.pop(ticket.order.id, ()):
            follower = self._tickets[number]
            follower.waiting -= 1
            follower.failed += outcome != "ended"
            if follower.waiting == 0 and follower.outcome == "waiting":
                ready.append(follower)
        return ready

    def latest(self) -> list[Order]:
        """Return the five orders given last."""
        return [ticket.order for ticket in self._tickets[-5:]]

    def records(self) -> list[OrderRecord]:
        """Return what became of every order so far."""
        return [
            OrderRecord(
                ticket.order,
                ticket.t_issued,
                ticket.t_start,
                ticket.t_end if ticket.outcome == "ended" else None,
                ticket.outcome,
                ticket.reason,
            )
            for ticket in self._tickets
        ]
