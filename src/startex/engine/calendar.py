"""The calendar of due work: a total order (time, phase, id), so that nothing depends on luck."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from enum import IntEnum


class Phase(IntEnum):
    """What is done first within one instant."""

    END = 0  # orders end, platforms become free
    SENSE = 1  # contacts are gained and lost, reports arrive
    CONTROL = 2  # control reads its picture and gives orders
    START = 3  # orders start: all read one state, then all effects apply
    FIRE = 4  # bouts of live fire: all are judged on the state before them


@dataclass(slots=True)
class Calendar:
    """A heap of (time ms, phase, id); instants with nothing due do not exist."""

    _heap: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, t: int, phase: Phase, item: int = 0) -> None:
        """Enter ``item`` as due at ``t`` in ``phase``."""
        heapq.heappush(self._heap, (t, int(phase), item))

    def next_time(self) -> int | None:
        """Return the next instant with something due, or None."""
        return self._heap[0][0] if self._heap else None

    def take(self, t: int, phase: Phase) -> list[int]:
        """Remove and return the items due at ``t`` in ``phase``, ascending, without repeats."""
        items: list[int] = []
        heap = self._heap
        while heap and heap[0][0] == t and heap[0][1] == phase:
            item = heapq.heappop(heap)[2]
            if not items or items[-1] != item:
                items.append(item)
        return items
