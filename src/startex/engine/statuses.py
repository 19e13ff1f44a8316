"""Statuses of everybody, and the record of who changes his."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.log import Log
from startex.engine.state import STATUS_CODE, State

Int8 = npt.NDArray[np.int8]


class Statuses:
    """Changes statuses, and records once an instant who has another one after it than before.

    Parameters
    ----------
    state, log
        Holds the statuses; takes the record.
    start_ms
        Start of the run: at it everybody's status is told.
    """

    def __init__(self, state: State, log: Log, start_ms: int) -> None:
        self._state, self._log, self._start_ms = state, log, start_ms
        self._before: list[tuple[int, Int8]] = []  # first row, statuses

    def set(self, first: int, last: int, status: str) -> None:
        """Give the rows from ``first`` to before ``last`` a status."""
        rows = slice(first, last)
        self._before.append((first, self._state.status[rows].copy()))
        self._state.status[rows] = STATUS_CODE[status]

    def tell_first(self) -> None:
        """Record everybody's status at the start."""
        self._tell(np.arange(self._state.status.size, dtype=np.int32), self._start_ms)

    def record(self, t: int) -> None:
        """Record who has another status after the instant ``t`` than before it."""
        if not self._before:
            return
        touched = [first + np.arange(old.size) for first, old in self._before]
        rows, first_touch = np.unique(np.concatenate(touched), return_index=True)
        before = np.concatenate([old for _, old in self._before])[first_touch]
        self._before = []
        if t != self._start_ms:  # else told with everybody's first status
            self._tell(rows[self._state.status[rows] != before].astype(np.int32), t)

    def _tell(self, rows: npt.NDArray[np.int32], t: int) -> None:
        self._log.add_statuses(
            {
                "entity": rows,
                "t": np.full(rows.size, t, dtype=np.int64),
                "status": self._state.status[rows],
            }
        )
