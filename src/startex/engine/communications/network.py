"""Communications of a force: messages handed in, served by nets and liaison, and delivered.

The component moves nobody and knows no contents. In each instant: `collect` what has arrived,
`send` what is to go, and, when nobody has anything more to send, `settle`, which tells when to come
again.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.communications.admission import Waiting, Way, admit
from startex.engine.communications.chains import Chains
from startex.engine.communications.jamming import Area, Jam
from startex.engine.communications.messages import (
    DELIVERED,
    UNDER_WAY,
    Message,
    columns,
)
from startex.engine.communications.reach import Reach, Where, nowhere
from startex.engine.communications.servers import Queues
from startex.forces.communications import Communications
from startex.forces.communications_figures import MESSAGE_KINDS, NET_KINDS, PRECEDENCES
from startex.forces.force import Force
from startex.foundation.errors import did_you_mean
from startex.foundation.streams import entity_key

Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Network:
    """Nets, interpreters, and the messages of a run.

    Parameters
    ----------
    force
        Units, their superiors, echelons and nations.
    communications
        Nets, ladders, staffs, liaison, languages.
    seed
        Of the run, 0 to 2**32 - 1.
    serials
        Ids of serials by index, for the rows of the table.

    Attributes
    ----------
    sent, delivered, refused
        Messages so far: handed in and admitted, delivered to their receivers (fetched), and those
        of the first that no net could carry.
    """

    force: Force
    communications: Communications
    seed: int
    serials: Sequence[str] = ()
    sent: int = 0
    delivered: int = 0
    refused: int = 0
    chains: Chains = field(init=False)
    reach: Reach = field(init=False)
    _queues: Queues = field(init=False)
    _waiting: list[Waiting] = field(default_factory=list)  # handed in, not yet admitted
    _way: Way = field(init=False)
    _under_way: dict[int, Message] = field(default_factory=dict)
    _finished: list[Message] = field(default_factory=list)  # rows not yet taken
    _open: int = -(2**62)  # no message may be sent before

    def __post_init__(self) -> None:
        units = self.force.units
        self.chains = Chains(units.parent)
        self.reach = Reach(self.force, self.communications)
        self._queues = Queues()
        keys = np.array([entity_key(unit) for unit in units.id], dtype=np.uint64)
        self._way = Way(self.communications, self.reach.level, units.nation, keys, self.seed)

    def route(self, sender: int, receiver: int) -> tuple[int, ...]:
        """Return the unit rows a message passes: up to the common superior, and down again."""
        return self.chains.route(sender, receiver)

    def jammed(self, kind: str, area: Area, t0: int, t1: int, factor: float = math.inf) -> None:
        """Let nets of a kind be jammed where they are received in an area, from t0 to t1, ms.

        Messages sent meanwhile take another net of their ladder, or are refused; those under way
        wait until it is over. A finite ``factor`` multiplies the time of sending of what begins
        meanwhile. To be told before `collect` passes ``t0``.

        Raises
        ------
        ValueError
            If there is no such kind, or times or factor cannot be.
        """
        if kind not in NET_KINDS:
            raise ValueError(f"no kind of net {kind!r}: {did_you_mean(kind, NET_KINDS)}")
        self._queues.jams.append(Jam(kind, area, t0, t1, factor))

    def send(
        self,
        t_ms: npt.ArrayLike,
        sender: npt.ArrayLike,
        receiver: npt.ArrayLike,
        kind: str,
        precedence: str,
        *,
        words: npt.ArrayLike = 0,
        key: npt.ArrayLike = 0,
        about: npt.ArrayLike = -1,
        serial: npt.ArrayLike = -1,
        cause: npt.ArrayLike = -1,
        where: Where = nowhere,
    ) -> tuple[str, ...]:
        """Hand in messages; arguments broadcast to shape (n,).

        Parameters
        ----------
        t_ms
            When the sender knows what to write.
        sender, receiver
            Unit rows.
        kind, precedence
            Words of `MESSAGE_KINDS` and `PRECEDENCES`.
        words
            Length; 0: as usual for the kind.
        key
            Parts messages of one instant and precedence: the lesser is served first. Give what
            does not depend on the order of calls, such as the id of what the message tells.
        about, serial, cause
            Id of what it tells (a detection, ...), index of the serial, event; -1 for none.
        where
            Where units are; by default nobody knows, and every net reaches.

        Returns
        -------
        For each message ``""``, or why it cannot be sent now: ``out_of_reach`` (no net of the
        ladder reaches over some hop) or ``jammed``. Such a message is not tried again.

        Raises
        ------
        ValueError
            If a word is unknown, or the instant has been settled already.
        """
        for name, word, allowed in (
            ("kind of message", kind, MESSAGE_KINDS), ("precedence", precedence, PRECEDENCES),
        ):  # fmt: skip
            if word not in allowed:
                raise ValueError(f"no {name} {word!r}: {did_you_mean(word, allowed)}")
        rows = _rows(t_ms, sender, receiver, words, key, about, serial, cause)
        if (soonest := min((row[0] for row in rows), default=self._open)) < self._open:
            raise ValueError(
                f"a message of {soonest} ms: all before {self._open} ms is settled; "
                "send it at a later instant"
            )
        code = MESSAGE_KINDS.index(kind)
        usual = int(self.communications.words[code])
        rank = PRECEDENCES.index(precedence)
        routes = [self.chains.way(row[1], row[2]) for row in rows]
        units = sorted({unit for route in routes for hop in route for unit in hop[:2]})
        places = self.reach.places(units, where) if units else {}
        reasons = []
        for route, (at, start, end, length, *rest) in zip(routes, rows, strict=True):
            hops, reason = self.reach.over(route, at, places, self._queues.jams)
            reasons.append(reason)
            number, of, in_, by = rest
            self._waiting.append(
                Waiting(
                    at, rank, number, start, end, code, length if length > 0 else usual, of, in_,
                    by, reason, hops,
                )
            )  # fmt: skip
        return tuple(reasons)

    def settle(self, t: int) -> int | None:
        """Admit what was sent up to ``t``; nobody may send anything more of these instants.

        Returns
        -------
        When to `collect` next, after ``t``: nothing arrives before; None where nothing is under
        way. It is the next arrival itself unless messages wait for each other.
        """
        self._admit(t + 1)
        due = self._queues.due()
        later = min((w.t for w in self._waiting), default=None)
        times = [time for time in (due, None if later is None else later + 1) if time is not None]
        return max(min(times), t + 1) if times else None

    def collect(self, t: int) -> list[Message]:
        """Return what has arrived up to ``t`` and was not fetched before, by arrival and number."""
        self._admit(t)
        self._queues.run(t)
        found, arrived = [], self._queues.arrived
        while arrived and arrived[0][0] <= t:
            message = heapq.heappop(arrived)[-1]
            message.result = DELIVERED
            del self._under_way[message.number]
            found.append(message)
        self.delivered += len(found)
        self._finished += found
        return found

    def columns(self, upto_ms: int) -> dict[str, list[object]]:
        """Return, once, the rows of the table ``messages`` that were finished up to an instant.

        Delivered messages that were fetched, by ``t_received``, and refused ones by ``t_sent``.
        """
        ripe = [m for m in self._finished if _finished_at(m) <= upto_ms]
        self._finished = [m for m in self._finished if _finished_at(m) > upto_ms]
        return columns(ripe, self.serials)

    def finished(self, since: int) -> dict[str, list[object]]:
        """Return the rows that `columns` has not returned yet, but for the first ``since``."""
        return columns(self._finished[since:], self.serials)

    def under_way(self) -> dict[str, list[object]]:
        """Return the rows of those still under way, for the end of a run."""
        waiting = list(self._under_way.values())
        rows = columns(waiting, self.serials)
        rows["result"] = [UNDER_WAY] * len(waiting)
        rows["t_received"] = [None] * len(waiting)
        return rows

    def _admit(self, before: int) -> None:
        self._open = max(self._open, before)
        if not self._waiting:
            return
        ripe = [w for w in self._waiting if w.t < before]
        if not ripe:
            return
        self._waiting = [w for w in self._waiting if w.t >= before]
        for message in admit(ripe, self._way, self.sent):
            self.sent += 1
            if message.result == UNDER_WAY:
                self._under_way[message.number] = message
                self._queues.enter(message)
            else:
                self.refused += 1
                self._finished.append(message)


def _rows(*columns: npt.ArrayLike) -> list[tuple[int, ...]]:
    """Return the rows of columns that broadcast, as whole numbers."""
    lists = [c if isinstance(c, list) else np.asarray(c, dtype=np.int64) for c in columns]
    sizes = {len(c) if isinstance(c, list) else c.size for c in lists} - {1}
    if len(sizes) > 1:
        lists = list(np.broadcast_arrays(*columns))  # says what is wrong
    size = sizes.pop() if sizes else 1
    plain = [c if isinstance(c, list) else c.ravel().tolist() for c in lists]
    full = [c if len(c) == size else c * size for c in plain]
    return list(zip(*full, strict=True))


def _finished_at(message: Message) -> int:
    return message.t_received if message.result == DELIVERED else message.t_sent
