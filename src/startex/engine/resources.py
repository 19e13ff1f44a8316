"""Shared means that orders queue for: loading ramps, track slots, lanes, berths."""

from __future__ import annotations

from dataclasses import dataclass, field

from startex.foundation.clock import LONG_AGO_MS


@dataclass(slots=True)
class Resources:
    """Bookings by resource name; each resource has a number of equal servers.

    Bookings are made in the order of order ids within an instant, and instants in time order, so
    the result does not depend on anything else.
    """

    _free_ms: dict[str, list[int]] = field(default_factory=dict)

    def book(self, name: str, servers: int, earliest_ms: int, duration_ms: int) -> int:
        """Book the server of ``name`` that is free first; return the start of the booking, ms."""
        free = self._free_ms.setdefault(name, [LONG_AGO_MS] * servers)
        first = min(range(len(free)), key=free.__getitem__)
        start = max(earliest_ms, free[first])
        free[first] = start + duration_ms
        return start

    def free_from(self, name: str) -> int:
        """Return from when a server of ``name`` is free, ms; `LONG_AGO_MS` if none was booked."""
        return min(self._free_ms.get(name, (LONG_AGO_MS,)))
