"""An application of a run that goes on, whose exercise control notes what it is told."""

from __future__ import annotations

import json

import startex
from startex.view.app import create_app
from startex.view.guard import Policy
from startex.view.live import Live
from view_client import Client

OPEN = Policy(rate=1e9, burst=10**9)
PATH = "/api/v1/live"


class Control:
    """Notes what exercise control does."""

    def __init__(self) -> None:
        self.halted, self.waits = False, True
        self.speed: float | None = None
        self.done: list[object] = []

    def pause(self) -> None:
        self.done.append("pause")
        self.halted = True

    def resume(self) -> None:
        self.done.append("resume")
        self.halted = False

    def step(self, by_ms: int) -> None:
        self.done.append(by_ms)
        self.halted = False

    def set_speed(self, speed: float | None) -> None:
        self.done.append(("speed", speed))
        self.speed = speed


class Shown:
    """An application of a run that goes on, with a token and a control that notes all."""

    def __init__(self, run: startex.Run) -> None:
        header = run.manifest.header
        self.run, self.control = run, Control()
        self.live = Live(self.control, header.sim_start, header.sim_end)
        self.told: list[str] = []
        app = create_app(run.folder, OPEN, self.told.append, self.live)
        self.client = Client(app)

    def bearer(self) -> list[tuple[bytes, bytes]]:
        return [(b"authorization", f"Bearer {self.live.token}".encode())]

    def act(self, **what):
        return self.client.post(PATH, json.dumps(what).encode(), self.bearer())
