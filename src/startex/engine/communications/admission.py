"""From messages handed in to messages with a number and a way: every draw is made here.

Numbers of messages, and those by sender that the draws are keyed with, follow time, precedence and
key, so that the order of calls within an instant means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.communications.chains import Hops
from startex.engine.communications.messages import Message, Step
from startex.engine.communications.reach import Chosen
from startex.engine.communications.servers import Server
from startex.engine.communications.service import drawn, mean_service_s
from startex.forces.communications import Communications, Liaison
from startex.foundation.streams import Stream, uniform

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]

DRAWS_PER_MESSAGE = 64
"""Counters of the draws of a message: two for each hop, of which there are fewer than 32."""


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """A message handed in; sorted as it is admitted. The way is a tuple of hops.

    A hop is (start, end, upper, net, latitude and longitude of its far end).
    """

    t: int
    precedence: int
    key: int
    sender: int
    receiver: int
    kind: int
    words: int
    about: int
    serial: int
    cause: int
    reason: str
    hops: tuple[tuple[int, int, int, int, float, float], ...] = field(compare=False)


@dataclass(slots=True)
class Way:
    """What turns hops into steps.

    Parameters
    ----------
    communications
        Nets, staffs, liaison.
    level, nation, key
        Of units: level of command, nation, key of draws.
    seed
        Of the run.
    """

    communications: Communications
    level: Int64
    nation: Sequence[str]
    key: UInt64
    seed: int
    count: dict[int, int] = field(default_factory=dict)  # messages of each sender so far
    servers: dict[tuple[object, ...], Server] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Liaison] = field(default_factory=dict)

    def server(self, upper: int, start: int, end: int, net: int) -> Server:
        """Return the net of a headquarters, or between two tops."""
        owner = (upper, net) if upper >= 0 else (min(start, end), max(start, end), net)
        found = self.servers.get(owner)
        if found is None:
            nets = self.communications.nets
            found = self.servers[owner] = Server(nets.kind[net], int(nets.channels[net]))
        return found

    def interpreters(self, one: str, other: str) -> Server:
        """Return the interpreters between two nations."""
        pair = (min(one, other), max(one, other))
        found = self.servers.get(pair)
        if found is None:
            found = self.servers[pair] = Server("", self.liaison(one, other).interpreters)
        return found

    def liaison(self, one: str, other: str) -> Liaison:
        """Return how two nations pass messages."""
        if (one, other) not in self.pairs:
            self.pairs[one, other] = self.communications.liaison(one, other)
        return self.pairs[one, other]


def ways(
    t: Int64, sender: Int64, receiver: Int64, kind: int, precedence: int, words: Int64,
    key: Int64, about: Int64, serial: Int64, cause: Int64, hops: Hops, chosen: Chosen,
    reasons: Sequence[str],
) -> list[Waiting]:  # fmt: skip
    """Return messages of one call, each with its hops; columns of shape (n,)."""
    rows = list(
        zip(
            hops.start.tolist(), hops.end.tolist(), hops.upper.tolist(), chosen.net.tolist(),
            chosen.lat.tolist(), chosen.lon.tolist(), strict=True,
        )
    )  # fmt: skip
    last = np.searchsorted(hops.message, np.arange(t.size), side="right").tolist()
    columns = (
        column.tolist() for column in (t, key, sender, receiver, words, about, serial, cause)
    )
    found, first = [], 0
    for (at, k, a, b, n, of, in_, by), reason, end in zip(
        zip(*columns, strict=True), reasons, last, strict=True
    ):
        found.append(
            Waiting(at, precedence, k, a, b, kind, n, of, in_, by, reason, tuple(rows[first:end]))
        )
        first = end
    return found


def admit(waiting: list[Waiting], way: Way, first: int) -> list[Message]:
    """Return messages with numbers from ``first``, in order, and their steps drawn."""
    found = []
    for number, w in enumerate(sorted(waiting), first):
        route = (w.sender, *(hop[1] for hop in w.hops))
        message = Message(
            number, w.t, w.sender, w.receiver, w.kind, w.precedence, w.words, w.key, w.about,
            w.serial, w.cause, len(w.hops), route,
        )  # fmt: skip
        if w.reason:
            message.result = w.reason
        found.append((message, w))
    good = [(message, w) for message, w in found if not w.reason]
    _steps(good, way)
    return [message for message, _ in found]


def _steps(messages: list[tuple[Message, Waiting]], way: Way) -> None:
    """Draw all times at once, and lay the steps of each message."""
    nets, share = way.communications.nets, way.communications.staff_share
    net = np.array([hop[3] for _, w in messages for hop in w.hops], dtype=np.int64)
    number = np.array([len(w.hops) for _, w in messages], dtype=np.int64)
    of = np.repeat(np.arange(number.size), number)
    words = np.array([w.words for _, w in messages], dtype=np.int64)
    counters, keys = _counters(messages, way)
    step = np.arange(of.size) - np.repeat(np.cumsum(number) - number, number)
    counter = counters[of] * DRAWS_PER_MESSAGE + 2 * step if of.size else np.zeros(0, np.int64)
    chance = uniform(way.seed, Stream.MESSAGE, keys[of], counter)
    service = drawn(mean_service_s(nets, net, words[of]), nets.spread[net], chance)
    other = uniform(way.seed, Stream.MESSAGE, keys[of], counter + 1)
    draft = way.communications.draft_s[way.level[[w.sender for _, w in messages]]]
    draft = np.rint(draft * share[[w.precedence for _, w in messages]] * 1e3).astype(np.int64)
    service_ms = np.maximum(np.rint(service * 1e3), 1.0).astype(np.int64).tolist()
    at = 0
    for (message, w), drafting in zip(messages, draft.tolist(), strict=True):
        if not w.hops:  # to himself: known in the next millisecond
            message.ready, message.staff_ms = w.t + 1, 1
            continue
        message.ready, message.staff_ms = w.t + drafting, drafting
        message.nets = tuple(dict.fromkeys(nets.id[hop[3]] for hop in w.hops))
        plan: list[tuple[Server, int, int, int, int, int, float, float]] = []
        relaying = float(share[w.precedence])
        for index, (start, end, upper, row, lat, lon) in enumerate(w.hops):
            last = index == len(w.hops) - 1
            relay = 0.0 if last else float(way.communications.relay_s[way.level[end]]) * relaying
            server = way.server(upper, start, end, row)
            plan += _hop(
                way, server, row, service_ms[at], (way.nation[start], way.nation[end]), w.words,
                float(other[at]), round(relay * 1e3), lat, lon,
            )  # fmt: skip
            at += 1
        rest, steps = 0, []
        for server, row, time, delay, handover, relay_ms, lat, lon in reversed(plan):
            rest += time + delay + handover + relay_ms
            steps.append(Step(server, row, time, delay, handover, relay_ms, rest, lat, lon))
        message.steps = steps[::-1]


def _hop(
    way: Way, server: Server, net: int, service_ms: int, nations: tuple[str, str], words: int,
    chance: float, relay_ms: int, lat: float, lon: float,
) -> list[tuple[Server, int, int, int, int, int, float, float]]:  # fmt: skip
    """Return the step on a net and, between nations without a common language, the interpreter."""
    delay = round(float(way.communications.nets.delay_s[net]) * 1e3)
    if nations[0] == nations[1]:
        return [(server, net, service_ms, delay, 0, relay_ms, lat, lon)]
    liaison = way.liaison(*nations)
    handover = round(liaison.handover_s * 1e3)
    if not liaison.interpret:
        return [(server, net, service_ms, delay, handover, relay_ms, lat, lon)]
    mean = np.array([liaison.interpret_s + words * liaison.interpret_word_s])
    time = drawn(mean, np.array([liaison.spread]), np.array([chance]))
    interpreting = max(round(float(time[0]) * 1e3), 1)
    pool = way.interpreters(*nations)
    return [
        (server, net, service_ms, delay, handover, 0, lat, lon),
        (pool, -1, interpreting, 0, 0, relay_ms, lat, lon),
    ]


def _counters(messages: list[tuple[Message, Waiting]], way: Way) -> tuple[Int64, UInt64]:
    """Return the running number by sender, and the sender's key, of each message."""
    counters = np.zeros(len(messages), dtype=np.int64)
    for index, (_, w) in enumerate(messages):
        counters[index] = way.count.get(w.sender, 0)
        way.count[w.sender] = int(counters[index]) + 1
    senders = np.array([w.sender for _, w in messages], dtype=np.int64)
    return counters, way.key[senders]
