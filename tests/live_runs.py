"""Runs that are looked at while they are simulated."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

import startex
from startex.assemble.gate import Gate
from startex.assemble.run import Watch, simulate
from startex.recording.live import LiveRun


class Often(Gate):
    """Looks before each n-th instant, whatever the clock says."""

    every = 5

    def __init__(self, start_ms: int, end_ms: int) -> None:
        super().__init__(start_ms, end_ms)
        self._passes = 0

    def _due(self, now: float) -> bool:
        self._passes += 1
        return self._reached is None or self._passes % self.every == 0


def looked_at(
    scenario: Path, out: Path, *, every: int = 5, seed: int = 1, until_ms: int | None = None
):
    """Return a run, what was seen of it on its way, and its legs in parts at the end."""
    loaded = startex.load(scenario)
    looks: list[LiveRun] = []
    gate = Often(loaded.start_ms, loaded.end_ms)
    gate.every = every
    parts: list[pa.Table] = []
    watch = Watch(gate, looks.append, parts.extend)
    run = simulate(loaded, out=out, seed=seed, until_ms=until_ms, watch=watch)
    return run, looks, parts
