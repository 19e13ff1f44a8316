"""Messages: on their way, delivered, and as rows of the table ``messages``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from startex.forces.communications_figures import MESSAGE_KINDS, PRECEDENCES

if TYPE_CHECKING:
    from startex.engine.communications.servers import Server

DELIVERED, UNDER_WAY = "delivered", "under_way"
"""Results beside the reasons why a message could not be sent (`reach.OUT_OF_REACH`, `JAMMED`)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One server on the way of a message, and what follows; ms.

    ``net`` is the row of the net, -1 for interpreters; ``lat, lon`` is where it is received.
    ``rest_ms`` is the least time from the start of this step to the end of the way.
    """

    server: Server
    net: int
    service_ms: int
    delay_ms: int
    handover_ms: int
    relay_ms: int
    rest_ms: int
    lat: float
    lon: float


@dataclass(slots=True, eq=False)
class Message:
    """A message, and where its time went.

    Attributes
    ----------
    number
        Running number of the run.
    t_sent, t_received
        When it was given to the staff of the sender, and when the receiver had it (-1: not yet).
    sender, receiver
        Unit rows.
    kind, precedence
        Indices into `MESSAGE_KINDS` and `PRECEDENCES`.
    words, key, about, serial, cause
        As sent: length, tie-break, what it tells of, serial, event; -1 for none.
    hops
        Links it passes.
    result
        delivered, under_way, out_of_reach or jammed.
    staff_ms, sending_ms, queue_ms, liaison_ms
        Drafting and passing on, sending, waiting for nets, and all that lies between nations:
        waiting for interpreters, their work, handing over. They add up to the whole.
    route
        Unit rows it passes, both ends with it.
    """

    number: int
    t_sent: int
    sender: int
    receiver: int
    kind: int
    precedence: int
    words: int
    key: int
    about: int
    serial: int
    cause: int
    hops: int
    route: tuple[int, ...]
    result: str = UNDER_WAY
    t_received: int = -1
    staff_ms: int = 0
    sending_ms: int = 0
    queue_ms: int = 0
    liaison_ms: int = 0
    nets: tuple[str, ...] = ()
    steps: list[Step] = field(default_factory=list)
    at: int = 0  # step that comes next
    ready: int = 0  # when it came, or will come, to the server of that step
    bound: int = 0  # it cannot arrive before

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Who is served first of those that wait: the least."""
        return self.precedence, self.ready, self.key, self.number


def columns(messages: Iterable[Message], serials: Sequence[str]) -> dict[str, list[Any]]:
    """Return rows of the table ``messages``, by column, in the order of their numbers."""
    rows = sorted(messages, key=lambda m: m.number)

    def known(value: int) -> int | None:
        return value if value >= 0 else None

    return {
        "message": [m.number for m in rows],
        "t_sent": [m.t_sent for m in rows],
        "t_received": [known(m.t_received) if m.result == DELIVERED else None for m in rows],
        "sender": [m.sender for m in rows],
        "receiver": [m.receiver for m in rows],
        "kind": [MESSAGE_KINDS[m.kind] for m in rows],
        "precedence": [PRECEDENCES[m.precedence] for m in rows],
        "words": [m.words for m in rows],
        "result": [m.result for m in rows],
        "hops": [m.hops for m in rows],
        "staff_ms": [m.staff_ms for m in rows],
        "sending_ms": [m.sending_ms for m in rows],
        "queue_ms": [m.queue_ms for m in rows],
        "liaison_ms": [m.liaison_ms for m in rows],
        "net": [";".join(m.nets) or None for m in rows],
        "about": [known(m.about) for m in rows],
        "serial": [serials[m.serial] if m.serial >= 0 else None for m in rows],
        "cause": [known(m.cause) for m in rows],
    }
