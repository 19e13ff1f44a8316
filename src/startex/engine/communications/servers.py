"""Nets and interpreters as servers: precedence first, then first come first served.

A message that is being sent is not cut short. All that happens up to an instant is known before
anything starts in it, so that the order in which messages were handed in means nothing.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

from startex.engine.communications.jamming import Jam, silenced_until, slowed_by
from startex.engine.communications.messages import DELIVERED, Message


@dataclass(slots=True, eq=False)
class Server:
    """A net of a headquarters, or the interpreters between two nations.

    ``kind`` is the kind of net, empty for interpreters; ``idle`` channels are free.
    """

    kind: str
    idle: int
    waiting: list[tuple[int, int, int, int, Message]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)  # when its busy channels will be free


@dataclass(slots=True)
class Queues:
    """All servers, and what will happen at them.

    Attributes
    ----------
    jams
        Jammers, in the order in which they were told.
    arrived
        Heap of (arrival, number, message) that are sent through and not yet fetched.
    """

    jams: list[Jam] = field(default_factory=list)
    arrived: list[tuple[int, int, Message]] = field(default_factory=list)
    _events: list[tuple[int, int, Server, Message | None]] = field(default_factory=list)
    _bounds: list[tuple[int, int, Message]] = field(default_factory=list)
    _count: int = 0

    def enter(self, message: Message) -> None:
        """Let a message come to its first server at ``message.ready``."""
        if not message.steps:
            message.t_received = message.ready
            heapq.heappush(self.arrived, (message.ready, message.number, message))
            return
        message.bound = message.ready + message.steps[0].rest_ms
        heapq.heappush(self._bounds, (message.bound, message.number, message))
        self._event(message.ready, message.steps[0].server, message)

    def run(self, t: int) -> None:
        """Let everything happen that happens before ``t``, ms."""
        while self._events and self._events[0][0] < t:
            now, touched = self._events[0][0], dict[int, Server]()
            while self._events and self._events[0][0] == now:
                _, _, server, message = heapq.heappop(self._events)
                touched[id(server)] = server
                if message is None:
                    server.idle += 1
                    heapq.heappop(server.ends)
                else:
                    heapq.heappush(server.waiting, (*message.order, message))
            for server in touched.values():
                self._start(server, now)

    def due(self) -> int | None:
        """Return an instant before which nothing arrives, None where nothing is under way.

        It is the next arrival itself unless messages wait or are jammed.
        """
        first = self.arrived[0][0] if self.arrived else None
        while self._bounds:
            bound, number, message = self._bounds[0]
            if message.t_received >= 0:
                heapq.heappop(self._bounds)
                continue
            now = self._bound(message)
            if now == bound:
                return bound if first is None else min(first, bound)
            heapq.heapreplace(self._bounds, (now, number, message))
        return first

    def _bound(self, message: Message) -> int:
        step = message.steps[message.at]
        if step.server.idle == 0:  # some channel must be free first
            message.bound = max(message.bound, step.server.ends[0] + step.rest_ms)
        return message.bound

    def _start(self, server: Server, now: int) -> None:
        while server.idle and server.waiting:
            message = heapq.heappop(server.waiting)[-1]
            step = message.steps[message.at]
            service = step.service_ms
            if self.jams and step.net >= 0:
                until = silenced_until(self.jams, server.kind, now, step.lat, step.lon)
                if until is not None:  # makes room for others meanwhile
                    self._event(until, server, message)
                    message.bound = max(message.bound, until + step.rest_ms)
                    continue
                factor = slowed_by(self.jams, server.kind, now, step.lat, step.lon)
                service = round(service * factor)
            server.idle -= 1
            end = now + service
            heapq.heappush(server.ends, end)
            self._event(end, server, None)
            self._account(message, now - message.ready, service)
            self._onward(message, end + step.delay_ms + step.handover_ms + step.relay_ms)

    def _account(self, message: Message, waited: int, service: int) -> None:
        step = message.steps[message.at]
        message.staff_ms += step.relay_ms
        message.liaison_ms += step.handover_ms
        if step.net >= 0:
            message.queue_ms += waited
            message.sending_ms += service + step.delay_ms
        else:
            message.liaison_ms += waited + service

    def _onward(self, message: Message, t: int) -> None:
        message.at += 1
        if message.at == len(message.steps):
            message.t_received, message.result = t, DELIVERED
            heapq.heappush(self.arrived, (t, message.number, message))
            return
        step = message.steps[message.at]
        message.ready, message.bound = t, t + step.rest_ms
        self._event(t, step.server, message)

    def _event(self, t: int, server: Server, message: Message | None) -> None:
        self._count += 1
        heapq.heappush(self._events, (t, self._count, server, message))
