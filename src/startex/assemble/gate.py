"""The gate between two instants of a simulation: whoever watches sees it, exercise control sets it.

Time at the gate is simulated time. The clock on the wall decides when the simulation goes on, never
what it comes to: what happens follows from scenario, policy and seed alone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_EVERY_S = 1.0
"""Between two looks while the simulation runs as fast as it can."""

LOOK_WAITING_S = 0.5
"""Between two looks while it waits for the clock: they cost it nothing."""

LOOK_SHARE = 0.1
"""Share of the time that looks may take."""

LAG_S = 1.0
"""How far behind its speed a simulation may fall and still catch up; beyond that it goes on from
where it is, at its speed."""

_SHORTEST_WAIT_S = 0.001


def _nothing(reached: int) -> None:
    """Look at nothing."""


class Gate:
    """Lets a simulation through, at a speed, step by step, or not at all; safe in any thread.

    ``halted`` tells that the simulation stands at the gate until somebody lets it on, ``waits``
    that it stands there for the clock or for somebody: the machine is free.

    Parameters
    ----------
    start_ms, end_ms
        Of the simulation.
    look
        Called in the thread of the simulation, between two instants, with the time (ms) until which
        all is settled: at the first pass, whenever it halts, and now and then as the run goes on.
        `looking` gives it later.
    wanted
        Whether anybody watches; nobody is shown anything else but at the first pass and at halts.
    speed
        Simulated seconds a second; None: as fast as possible.
    paused
        Whether to halt after the first instant.
    clock
        Seconds that never go back.
    """

    def __init__(
        self,
        start_ms: int,
        end_ms: int,
        look: Callable[[int], None] = _nothing,
        wanted: Callable[[], bool] = lambda: True,
        *,
        speed: float | None = None,
        paused: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look = look
        self.halted = self.waits = False
        self.wanted = wanted
        self._clock = clock
        self._end = end_ms
        self._speed = speed
        self._paused = paused
        self._stop: int | None = None
        self._at = start_ms
        self._reached: int | None = None
        self._changed = threading.Condition()
        self._changes = 0
        self._anchor = (clock(), start_ms)
        self._next_look_s = clock()

    # --- exercise control -----------------------------------------------------------------

    @property
    def speed(self) -> float | None:
        """Simulated seconds a second; None: as fast as possible."""
        return self._speed

    def pause(self) -> None:
        """Halt the simulation before its next instant."""
        with self._changed:
            now = self._clock()
            self._anchor = (now, self._position(now))
            self._paused, self._stop = True, None
            self._note()

    def resume(self) -> None:
        """Let the simulation go on."""
        with self._changed:
            self._go(None)

    def step(self, by_ms: int) -> None:
        """Let the simulation go on for some time, and halt it then; the end ends it."""
        with self._changed:
            stop = self._position(self._clock()) + by_ms
            self._go(stop if stop < self._end else None)

    def set_speed(self, speed: float | None) -> None:
        """Go on at another speed, simulated seconds a second; None: as fast as possible."""
        with self._changed:
            now = self._clock()
            self._anchor = (now, self._position(now))
            self._speed = speed
            self._note()

    def _go(self, stop: int | None) -> None:
        now = self._clock()
        self._anchor = (now, self._position(now))
        self._paused, self._stop = False, stop
        self._note()

    def _note(self) -> None:
        self._changes += 1
        self.halted = self.halted and self._paused  # another speed lets nobody on who stands
        self._changed.notify_all()

    def _position(self, now: float) -> int:
        """Return the simulated time that is shown now."""
        known = max(self._at, self._reached or self._at)
        if self._paused:
            return max(known, self._anchor[1])
        if self._speed is None:
            return known
        return max(known, min(self._by_clock(now), self._stop or self._end, self._end))

    def _by_clock(self, now: float) -> int:
        assert self._speed is not None
        since, start = self._anchor
        return start + int(min((now - since) * self._speed * 1_000.0, 2.0**62))

    @contextmanager
    def looking(self, look: Callable[[int], None]) -> Iterator[None]:
        """Call ``look`` meanwhile; what it holds is let go afterwards."""
        self._look = look
        try:
            yield
        finally:
            self._look = _nothing

    # --- the simulation -------------------------------------------------------------------

    def pass_on(self, t: int) -> None:
        """Return when the simulation may go on to its next instant, ``t`` (ms)."""
        while True:
            with self._changed:
                now = self._clock()
                limit, changes = self._limit(now, t), self._changes
                if limit >= t:
                    self._keep_up(now, t)
                    break
                here = max(self._at, self._reached or self._at, limit)
                halts = self._paused or limit == self._stop
            if here != self._reached and (halts or self._due(now)):
                self._show(here, LOOK_WAITING_S)
            with self._changed:
                if changes != self._changes:
                    continue
                if halts:
                    self._paused, self._stop, self.halted = True, None, True
                self.waits = True
                self._changed.wait(None if halts else self._patience(limit, t))
                self.waits = False
        if self._due(now):
            self._show(t - 1, LOOK_EVERY_S)
        with self._changed:
            self._at = t

    def _limit(self, now: float, t: int) -> int:
        """Return until when the simulation may run: ``t`` if it may go on, else before it."""
        if self._paused:
            return min(self._position(now), t - 1)
        free = t if self._speed is None else min(self._by_clock(now), t)
        return free if self._stop is None else min(free, self._stop)

    def _keep_up(self, now: float, t: int) -> None:
        """Forget a lag that could not be made up for but in a rush."""
        if self._speed is not None and self._by_clock(now) - t > self._speed * 1_000.0 * LAG_S:
            self._anchor = (now, t)

    def _patience(self, limit: int, t: int) -> float:
        """Return how long to wait for the clock, s."""
        if self._speed is None:
            return LOOK_WAITING_S
        left = (min(t, self._stop or t) - limit) / 1_000.0 / self._speed
        return min(max(left, _SHORTEST_WAIT_S), LOOK_WAITING_S)

    def _due(self, now: float) -> bool:
        return self._reached is None or (now >= self._next_look_s and self.wanted())

    def _show(self, reached: int, pause_s: float) -> None:
        if self._reached is not None and reached <= self._reached:
            return
        begun = self._clock()
        self._look(reached)
        now = self._clock()
        with self._changed:
            self._reached = reached
        self._next_look_s = now + max(pause_s, (now - begun) / LOOK_SHARE)
