"""Where the time of the simulation goes, by what it does; each moment counts for one part only."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Part:
    """Calls of a part and the processor time of its thread, without the parts called from it."""

    calls: int = 0
    seconds: float = 0.0


class Parts:
    """A stack of what is under way: time goes to the innermost part."""

    def __init__(self) -> None:
        self.parts: dict[str, Part] = {}
        self._stack: list[Part] = []
        self._since = 0.0

    def _turn(self) -> None:
        now = time.thread_time()
        if self._stack:
            self._stack[-1].seconds += now - self._since
        self._since = now

    @contextmanager
    def doing(self, name: str, calls: int = 1) -> Iterator[None]:
        """Give the time of the block to a part."""
        self._turn()
        part = self.parts.setdefault(name, Part())
        part.calls += calls
        self._stack.append(part)
        try:
            yield
        finally:
            self._turn()
            self._stack.pop()

    def watch(
        self, owner: Any, name: str, part: Callable[..., tuple[str, int]]
    ) -> Callable[[], None]:
        """Give the time of a function to a part; return a function that undoes it.

        ``part`` makes of its arguments the name of the part and how many calls it counts for.
        """
        function = getattr(owner, name)

        @functools.wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            with self.doing(*part(*args, **kwargs)):
                return function(*args, **kwargs)

        setattr(owner, name, watched)
        return lambda: setattr(owner, name, function)


def watch_simulation(parts: Parts) -> list[Callable[[], None]]:
    """Watch what a simulation is made of; return how to undo it."""
    from startex.control.board import Board
    from startex.engine.livefire import LiveFire
    from startex.engine.play import Play
    from startex.engine.sensing.component import Sensing
    from startex.engine.signals import Signals
    from startex.engine.simulation import Simulation
    from startex.engine.sustainment import Sustainment
    from startex.engine.tracking.tracks import Tracks
    from startex.geography.routes import Router

    def always(name: str) -> Callable[..., tuple[str, int]]:
        return lambda *_, **__: (name, 1)

    def singly(_: Any, order: Any, __: Any) -> tuple[str, int]:
        return f"orders: {order.kind}", 0  # counted already

    def together(_: Any, kind: str, tickets: Any, __: Any) -> tuple[str, int]:
        return f"orders: {kind}", len(tickets)

    return [
        parts.watch(Simulation, "run", always("calendar and the rest")),
        parts.watch(Simulation, "_start", singly),
        parts.watch(Simulation, "_together", together),
        parts.watch(Simulation, "_apply", always("effects applied to the state")),
        parts.watch(Simulation, "_write", always("log: handed to the writers")),
        parts.watch(Board, "act", always("control: serials and their orders")),
        parts.watch(Play, "look", always("play: the rest")),
        parts.watch(Play, "due", always("play: the rest")),
        parts.watch(Play, "fire", always("play: fire")),
        parts.watch(Sensing, "look", always("play: who finds whom")),
        parts.watch(Tracks, "make", always("play: tracks")),
        parts.watch(Tracks, "take_fixes", always("play: tracks")),
        parts.watch(Tracks, "plan", always("play: tracks")),
        parts.watch(Signals, "settle", always("play: messages")),
        parts.watch(Signals, "arrived", always("play: messages")),
        parts.watch(LiveFire, "fire", always("live fire")),
        parts.watch(Sustainment, "day", always("supply")),
        parts.watch(Sustainment, "note_ended", always("supply")),
        parts.watch(Sustainment, "close", always("supply")),
        parts.watch(Router, "sea", always("ways by sea")),
        parts.watch(Router, "road", always("ways by road")),
        parts.watch(Router, "rail", always("ways by rail")),
    ]


@dataclass
class Calls:
    """Calls of the geodesic library within a run."""

    calls: int = 0
    points: int = 0
    seconds: float = 0.0


def watch_geodesics(calls: Calls) -> Callable[[], None]:
    """Count calls of the geodesic library, whoever makes them; return how to undo it."""
    from startex.geography import geodesy

    solve = geodesy._solve

    def watched(problem: Any, columns: Any) -> Any:
        begin = time.thread_time()
        answers = solve(problem, columns)
        calls.seconds += time.thread_time() - begin
        calls.calls += 1
        calls.points += int(np.size(columns[0]))
        return answers

    geodesy._solve = watched

    def undo() -> None:
        geodesy._solve = solve

    return undo
