"""A run that goes on, for those who watch it: what is known so far, and what exercise control does.

The simulation hands over what is known (`Live.publish`) and is never waited for; each answer is
made of one such state. Control is by whoever has the token that the program printed.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from startex.foundation.errors import did_you_mean
from startex.recording.live import LiveRun
from startex.view.archive import Archive, Row
from startex.view.asking import Parameter
from startex.view.live_archive import EndedArchive, LiveArchive
from startex.view.problems import RefusedError, shown
from startex.view.routes import BASE, Route

PATH = f"{BASE}/live"
FASTEST = 1e9
"""Simulated seconds a second; whoever wants more says null."""

LONGEST_STEP_MS = 366 * 86_400_000

WATCHING_S = 15.0
"""Who has asked within this time watches."""

COUNTED_S = 5.0
"""Who has asked for the state within this time is counted."""

_HOLD_S = 10.0
"""How long a request waits for a run that is about to begin."""

_SETTLE_S = 2.0
_MOST_WATCHERS = 4_096
_ACTIONS = ("pause", "resume", "speed", "step")
_NEEDS = {"pause": (), "resume": (), "speed": ("speed",), "step": ("by_ms",)}


WATCHER = Parameter("watcher", "text", "Any word of the client's own, by which it is counted.")
KEYS: Mapping[str, str] = {
    "live": "whether the run was begun to be watched; else all else is of a run that has ended",
    "state": "starting, running, paused, finished or failed",
    "reached": "ms: everything until this instant can be asked",
    "sim_start": "ms",
    "sim_end": "ms",
    "speed": "simulated seconds a second; null: as fast as possible",
    "watchers": "who asked for this within the last 5 s",
    "message": "why it failed, else null",
}
LIVE = Route(
    PATH.removeprefix(BASE), lambda archive, asked: None,
    "What the run is doing; nobody may keep this answer.", (WATCHER,), KEYS,
)  # fmt: skip


class Control(Protocol):
    """What paces the simulation; see `startex.assemble.gate.Gate`."""

    halted: bool
    waits: bool

    @property
    def speed(self) -> float | None:
        """Simulated seconds a second; None: as fast as possible."""
        ...

    def pause(self) -> None:
        """Halt before the next instant."""
        ...

    def resume(self) -> None:
        """Go on."""
        ...

    def step(self, by_ms: int) -> None:
        """Go on for some time, then halt."""
        ...

    def set_speed(self, speed: float | None) -> None:
        """Go on at another speed."""
        ...


class Watchers:
    """Counts who has asked lately."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: OrderedDict[str, float] = OrderedDict()

    def note(self, name: str) -> None:
        """Note that somebody asks."""
        with self._lock:
            self._seen[name] = self._clock()
            self._seen.move_to_end(name)
            if len(self._seen) > _MOST_WATCHERS:
                self._seen.popitem(last=False)

    def count(self) -> int:
        """Return how many have asked lately."""
        with self._lock:
            while self._seen and next(iter(self._seen.values())) < self._clock() - COUNTED_S:
                self._seen.popitem(last=False)
            return len(self._seen)


class Live:
    """A run that goes on, as the server shows it; safe in any thread.

    Parameters
    ----------
    control
        What paces the simulation.
    sim_start, sim_end
        ms.
    clock
        Seconds that never go back.
    """

    def __init__(
        self, control: Control, sim_start: int, sim_end: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.token = secrets.token_urlsafe(32)
        self._control = control
        self._span = sim_start, sim_end
        self._clock = clock
        self._asked_s = -math.inf
        self._archive: Archive | None = None
        self._parts: tuple[pa.Table, ...] = ()
        self._state = "starting"
        self._message: str | None = None

    # --- the simulation -------------------------------------------------------------------

    def watched(self) -> bool:
        """Return whether anybody has asked lately."""
        return self._clock() - self._asked_s < WATCHING_S

    def publish(self, run: LiveRun) -> None:
        """Show what is known of the run from now on."""
        before = self._archive
        self._archive = LiveArchive(run, before if isinstance(before, LiveArchive) else None)
        self._state = "running"

    def end(self, parts: Sequence[pa.Table]) -> None:
        """Keep the legs of the run that has ended as they were shown, so that nobody mixes them."""
        self._parts = tuple(parts)

    def finish(self, folder: Path) -> None:
        """Show the run as it is in its folder, now that it has ended.

        Raises
        ------
        StoreError
            If it cannot be read.
        """
        before = self._archive
        if isinstance(before, LiveArchive):
            self._archive = EndedArchive(folder, self._parts, before)
        else:
            self._archive = Archive(folder)
        self._state = "finished"

    def fail(self, message: str) -> None:
        """Tell why the run does not go on; what is known of it stays to be seen."""
        self._message, self._state = message, "failed"

    # --- those who watch ------------------------------------------------------------------

    @property
    def has_begun(self) -> bool:
        """Whether there is anything to be asked."""
        return self._archive is not None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self._state in ("finished", "failed")

    @property
    def computes(self) -> bool:
        """Whether the simulation needs the machine."""
        return not (self._control.waits or self.has_ended)

    def archive(self) -> Archive:
        """Return what is known now.

        Raises
        ------
        RefusedError
            503, if that is nothing yet.
        """
        self._asked_s = self._clock()
        if self._archive is None:
            raise RefusedError(
                503, self._message or "the run is about to begin", {"Retry-After": "1"}
            )
        return self._archive

    async def begun(self) -> None:
        """Return when there is something to be asked, or after some seconds."""
        until = self._clock() + _HOLD_S
        while self._archive is None and not self.has_ended and self._clock() < until:
            await asyncio.sleep(0.05)

    def status(self, watchers: int) -> Row:
        """Return what is told of the run: see `KEYS`."""
        self._asked_s = self._clock()
        state = self._state
        if state == "running" and self._control.halted:
            state = "paused"
        archive = self._archive  # after the state: it is never behind it
        start, end = self._span
        return {
            "live": True,
            "state": state,
            "reached": start if archive is None else archive.end,
            "sim_start": start,
            "sim_end": end,
            "speed": self._control.speed,
            "watchers": watchers,
            "message": self._message,
        }

    def admit(self, authorization: str) -> None:
        """Let who has the token control the run.

        Raises
        ------
        RefusedError
            401 without a token, 403 with another.
        """
        word, _, given = authorization.partition(" ")
        if word.lower() != "bearer" or not given.strip():
            raise RefusedError(
                401,
                "exercise control needs its token, as 'Authorization: Bearer TOKEN'; it stands "
                "after #excon= in the address that the program printed",
                {"WWW-Authenticate": "Bearer"},
            )
        if not hmac.compare_digest(given.strip().encode("utf-8", "replace"), self.token.encode()):
            raise RefusedError(403, "this is not the token of exercise control of this run")

    async def act(self, body: bytes) -> None:
        """Do what exercise control says (see `parse_action`); after a pause the run stands.

        Raises
        ------
        RefusedError
            400 if it is nothing that can be done, 409 if the run has ended.
        """
        action, value = parse_action(body)
        if self.has_ended:
            raise RefusedError(
                409, f"the run has {self._state}; nothing can be controlled any more"
            )
        if action == "pause":
            self._control.pause()
            until = self._clock() + _SETTLE_S
            while not self._control.halted and not self.has_ended and self._clock() < until:
                await asyncio.sleep(0.01)
        elif action == "resume":
            self._control.resume()
        elif action == "speed":
            self._control.set_speed(value)
        else:
            self._control.step(int(value))


def parse_action(body: bytes) -> tuple[str, Any]:
    """Return what exercise control wants, and the figure that belongs to it.

    Raises
    ------
    RefusedError
        400, telling what was found and what is allowed.
    """
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "the body is no JSON in UTF-8") from error
    if not isinstance(found, dict):
        raise RefusedError(400, 'the body is no JSON object such as {"action": "pause"}')
    action = found.get("action")
    if not isinstance(action, str) or action not in _ACTIONS:
        allowed = did_you_mean(action[:40], _ACTIONS) if isinstance(action, str) else (
            f"allowed: {', '.join(_ACTIONS)}")  # fmt: skip
        raise RefusedError(400, f"action is {shown(repr(action))}; {allowed}")
    wanted = {"action", *_NEEDS[action]}
    if found.keys() != wanted:
        listed = shown(", ".join(sorted(map(str, found))))
        raise RefusedError(
            400, f"the body holds {listed}; with {action} it holds {', '.join(sorted(wanted))}"
        )
    if action == "speed":
        return action, _speed(found["speed"])
    return action, _step(found["by_ms"]) if action == "step" else None


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _speed(value: Any) -> float | None:
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 < value <= FASTEST:
        raise RefusedError(
            400,
            f"speed is {shown(repr(value))}: simulated seconds a second above 0 and up to "
            f"{FASTEST:.0f} are allowed, and null, as fast as possible",
        )
    return float(value)


def _step(value: Any) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not 1 <= value <= LONGEST_STEP_MS:
        raise RefusedError(
            400,
            f"by_ms is {shown(repr(value))}: whole numbers from 1 to {LONGEST_STEP_MS} are allowed",
        )
    return int(value)
