"""What units tell each other in plays, on its way over the nets.

All that is to go in an instant is handed to the network together, when the instant ends, in an
order of its own: the order of calls means nothing.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
import numpy.typing as npt

from startex.engine.communications.network import Network
from startex.engine.desk import Chase, Engage, Report, Result
from startex.forces.definitions import KINDS
from startex.foundation.clock import LONG_AGO_MS, MS_PER_MINUTE

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

AGAIN_MS = 15 * MS_PER_MINUTE
"""Until a message that could not be sent is tried again; assumed."""

PLACE_MS = 5 * MS_PER_MINUTE
"""For so long a unit counts as where it was: reach changes slowly; assumed."""

Content = Report | Result | Engage | Chase

Whereabouts = Callable[[int, Int64], tuple[Float64, Float64, Float64]]
"""Latitudes, longitudes (degrees) and heights (m) of entity rows (ascending) at a time (ms)."""

_PERSON = KINDS.index("person")


@dataclass(frozen=True, slots=True, order=True)
class _Letter:
    """What is to be sent; letters are sorted by their fields, the content apart."""

    precedence: str
    kind: str
    sender: int
    receiver: int
    serial: int
    about: int
    cause: int
    tie: tuple[int, ...]
    content: Content = field(compare=False)


@dataclass(slots=True)
class Signals:
    """Owns what is on its way in the plays of a run.

    Parameters
    ----------
    network
        Carries the messages.
    whereabouts
        Where platforms are.
    """

    network: Network
    whereabouts: Whereabouts
    _outbox: list[_Letter] = field(default_factory=list)
    _again: list[tuple[int, _Letter]] = field(default_factory=list)
    _contents: dict[int, Content] = field(default_factory=dict)  # under way, by key
    _keys: int = 0
    _due: int | None = None  # when the network must be asked
    _speaker: Int64 = field(init=False)  # platform that stands for each unit, -1 for none
    _seen_ms: Int64 = field(init=False)
    _places: Float64 = field(init=False)  # shape (3, units)

    def __post_init__(self) -> None:
        force = self.network.force
        count = len(force.units.id)
        rows = np.flatnonzero(force.kind != _PERSON)
        units, first = np.unique(force.unit[rows], return_index=True)
        self._speaker = np.full(count, -1, dtype=np.int64)
        self._speaker[units] = rows[first]
        self._seen_ms = np.full(count, LONG_AGO_MS, dtype=np.int64)
        self._places = np.full((3, count), np.nan)

    def report(self, report: Report, sender: int, receiver: int) -> None:
        """Send a contact report."""
        words = ("contact_report", "flash" if report.gained else "priority")
        self._post(words, sender, receiver, report, report.detection, report.event)

    def result(self, result: Result, sender: int, receiver: int) -> None:
        """Send what came of an engagement."""
        words = ("situation_report", "immediate")
        tie = result.target, result.shooter, result.nearest
        self._post(words, sender, receiver, result, result.about, result.event, tie)

    def order(self, order: Engage | Chase, sender: int, receiver: int) -> None:
        """Send an order."""
        if isinstance(order, Engage):
            tie = 0, order.target, order.shooter
        else:
            tie = 1, order.target, order.row
        self._post(("order", "flash"), sender, receiver, order, order.about, order.cause, tie)

    def call_for_fire(self, order: Engage, sender: int, receiver: int) -> None:
        """Ask a unit to fire at what the sender engages."""
        tie = 2, order.target, order.shooter
        self._post(("request", "flash"), sender, receiver, order, order.about, order.cause, tie)

    def _post(
        self, words: tuple[str, str], sender: int, receiver: int, content: Content, about: int,
        cause: int, tie: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        kind, precedence = words
        self._outbox.append(
            _Letter(precedence, kind, sender, receiver, content.serial, about, cause, tie, content)
        )

    def arrived(self, t: int) -> list[tuple[int, Content]]:
        """Return what has arrived up to ``t``, each with the unit that has it now."""
        return [
            (message.receiver, self._contents.pop(message.key))
            for message in self.network.collect(t)
        ]

    def settle(self, t: int, wanted: Callable[[Content], bool]) -> int | None:
        """Hand all that is to go at ``t`` to the network; nothing more may be sent of this instant.

        Parameters
        ----------
        t
            Now.
        wanted
            Whether it is still worth sending again what could not be sent.

        Returns
        -------
        When to ask for what has arrived, None where nothing is under way.
        """
        if not (self._outbox or self._again or (self._due is not None and self._due <= t)):
            return self._due
        while self._again and self._again[0][0] <= t:
            letter = heapq.heappop(self._again)[1]
            if wanted(letter.content):
                self._outbox.append(letter)
        letters: list[_Letter] = []
        if self._outbox:
            letters, self._outbox = sorted(self._outbox), []
        for (precedence, kind), among in groupby(letters, lambda x: (x.precedence, x.kind)):
            self._send(t, kind, precedence, list(among))
        if letters or (self._due is not None and self._due <= t):
            self._due = self.network.settle(t)
        times = [] if self._due is None else [self._due]
        times += [again[0] for again in self._again[:1]]
        return min(times, default=None)

    def _send(self, t: int, kind: str, precedence: str, letters: list[_Letter]) -> None:
        keys = list(range(self._keys, self._keys + len(letters)))
        self._keys += len(letters)
        columns = {
            name: [getattr(letter, name) for letter in letters]
            for name in ("sender", "receiver", "about", "serial", "cause")
        }
        refused = self.network.send(
            t, columns["sender"], columns["receiver"], kind, precedence, key=keys,
            about=columns["about"], serial=columns["serial"], cause=columns["cause"],
            where=lambda units: self._where(t, units),
        )  # fmt: skip
        for key, letter, reason in zip(keys, letters, refused, strict=True):
            if reason:
                heapq.heappush(self._again, (t + AGAIN_MS, letter))
            else:
                self._contents[key] = letter.content

    def _where(self, t: int, units: Int64) -> tuple[Float64, Float64, Float64]:
        old = units[(self._seen_ms[units] + PLACE_MS <= t) & (self._speaker[units] >= 0)]
        if old.size:
            old = old[np.argsort(self._speaker[old])]
            self._places[:, old] = self.whereabouts(t, self._speaker[old])
            self._seen_ms[old] = t
        lat, lon, alt = self._places[:, units]
        return lat, lon, alt
