"""Platforms that have not moved yet: each has one ``hold`` leg from the start to its first move."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.effects import MODE_CODE, Effects, Legs
from startex.engine.state import State

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

_NEVER = np.iinfo(np.int64).max


class Standing:
    """Knows who has not moved since the start of the run.

    Parameters
    ----------
    state
        The state of the start.
    start_ms
        Start of the run, ms.
    """

    def __init__(self, state: State, start_ms: int) -> None:
        self._start_ms = start_ms
        self._unmoved = np.isfinite(state.lat) & (state.carrier < 0)

    def leave(self, effects: Effects, state: State) -> Legs | None:
        """Return the hold legs of those that the effects move or take aboard for the first time.

        ``state`` is that before the effects.
        """
        rows = [legs.entity for legs in effects.legs] + [b.rows for b in effects.boardings]
        times = [legs.t0 for legs in effects.legs] + [b.t for b in effects.boardings]
        if not rows:
            return None
        entity, when = np.concatenate(rows), np.concatenate(times)
        new = self._unmoved[entity]
        if not new.any():
            return None
        row, of = np.unique(entity[new], return_inverse=True)
        first = np.full(row.size, _NEVER, dtype=np.int64)
        np.minimum.at(first, of, when[new])
        return self._hold(row, first, state)

    def rest(self, end_ms: int, state: State) -> Legs:
        """Return the hold legs of those that have never moved, to the end of the run."""
        rows = np.flatnonzero(self._unmoved).astype(np.int32)
        return self._hold(rows, np.full(rows.size, end_ms, dtype=np.int64), state)

    def _hold(self, rows: Int32, until: Int64, state: State) -> Legs:
        self._unmoved[rows] = False
        some = until > self._start_ms
        row, until = rows[some], until[some]
        lat, lon, alt = state.lat[row], state.lon[row], state.alt[row]
        t0 = np.full(row.size, self._start_ms, dtype=np.int64)
        mode = np.full(row.size, MODE_CODE["hold"], dtype=np.int8)
        return Legs(row, t0, until, lat, lon, alt, lat, lon, alt, mode)
