"""From messages handed in to messages with a number and a way: every draw is made here.

Numbers of messages, and those by sender that the draws are keyed with, follow time, precedence and
key, so that the order of calls within an instant means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from startex.engine.communications.messages import Message, Step
from startex.engine.communications.reach import Hop
from startex.engine.communications.servers import Server
from startex.engine.communications.service import drawn_one, mean_service_s
from startex.forces.communications import Communications, Liaison
from startex.foundation.streams import Stream, uniform_one

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]

DRAWS_PER_MESSAGE = 64
"""Counters of the draws of a message: two for each hop, of which there are fewer than 32."""


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """A message handed in; sorted as it is admitted."""

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
    hops: tuple[Hop, ...] = field(compare=False)


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
    means: dict[tuple[int, int], float] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Liaison] = field(default_factory=dict)

    def mean_s(self, net: int, words: int) -> float:
        """Return the mean time that a message of so many words holds a net, seconds."""
        found = self.means.get((net, words))
        if found is None:
            mean = mean_service_s(self.communications.nets, np.array([net]), np.array([words]))
            found = self.means[net, words] = float(mean[0])
        return found

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
    """Draw all times, and lay the steps of each message."""
    nets, share = way.communications.nets, way.communications.staff_share
    draft_s = way.communications.draft_s
    for message, w in messages:
        sent = way.count.get(w.sender, 0)
        way.count[w.sender] = sent + 1
        if not w.hops:  # to himself: known in the next millisecond
            message.ready, message.staff_ms = w.t + 1, 1
            continue
        relaying = float(share[w.precedence])
        drafting = round(float(draft_s[way.level[w.sender]]) * relaying * 1e3)
        message.ready, message.staff_ms = w.t + drafting, drafting
        message.nets = tuple(dict.fromkeys(nets.id[hop[3]] for hop in w.hops))
        plan: list[tuple[Server, int, int, int, int, int, float, float]] = []
        key = int(way.key[w.sender])
        for index, (start, end, upper, row, lat, lon) in enumerate(w.hops):
            counter = sent * DRAWS_PER_MESSAGE + 2 * index
            chance = uniform_one(way.seed, Stream.MESSAGE, key, counter)
            service = drawn_one(way.mean_s(row, w.words), float(nets.spread[row]), chance)
            last = index == len(w.hops) - 1
            relay = 0.0 if last else float(way.communications.relay_s[way.level[end]]) * relaying
            server = way.server(upper, start, end, row)
            service_ms, nations = (
                round(max(service * 1e3, 1.0)),
                (way.nation[start], way.nation[end]),
            )
            plan += _hop(
                way, server, row, service_ms, nations, w.words, (key, counter + 1),
                round(relay * 1e3), lat, lon,
            )  # fmt: skip
        rest, steps = 0, []
        for server, row, time, delay, handover, relay_ms, lat, lon in reversed(plan):
            rest += time + delay + handover + relay_ms
            steps.append(Step(server, row, time, delay, handover, relay_ms, rest, lat, lon))
        message.steps = steps[::-1]


def _hop(
    way: Way, server: Server, net: int, service_ms: int, nations: tuple[str, str], words: int,
    draw: tuple[int, int], relay_ms: int, lat: float, lon: float,
) -> list[tuple[Server, int, int, int, int, int, float, float]]:  # fmt: skip
    """Return the step on a net and, between nations without a common language, the interpreter."""
    delay = round(float(way.communications.nets.delay_s[net]) * 1e3)
    if nations[0] == nations[1]:
        return [(server, net, service_ms, delay, 0, relay_ms, lat, lon)]
    liaison = way.liaison(*nations)
    handover = round(liaison.handover_s * 1e3)
    if not liaison.interpret:
        return [(server, net, service_ms, delay, handover, relay_ms, lat, lon)]
    mean = liaison.interpret_s + words * liaison.interpret_word_s
    chance = uniform_one(way.seed, Stream.MESSAGE, *draw)
    interpreting = max(round(drawn_one(mean, liaison.spread, chance) * 1e3), 1)
    pool = way.interpreters(*nations)
    return [
        (server, net, service_ms, delay, handover, 0, lat, lon),
        (pool, -1, interpreting, 0, 0, relay_ms, lat, lon),
    ]
