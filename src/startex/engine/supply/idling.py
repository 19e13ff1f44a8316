"""Engines that run in an exercise besides the way they make: time exercised, and its fuel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.state import STATUS_CODE
from startex.engine.supply.sharing import sum_by
from startex.foundation.clock import MS_PER_HOUR

Int64 = npt.NDArray[np.int64]

_EXERCISING = STATUS_CODE["exercising"]


class Idling:
    """How long each platform has been exercising.

    Parameters
    ----------
    idle_ml_h
        What each burns in an hour of exercise, whole millilitres, shape (n,).
    start_ms
        Since when it is counted.
    """

    def __init__(self, idle_ml_h: Int64, start_ms: int) -> None:
        self._idle_ml_h = idle_ml_h
        self._until = start_ms - 1
        self._since = np.full(idle_ml_h.size, start_ms, dtype=np.int64)
        self._on = np.zeros(idle_ml_h.size, dtype=np.bool_)
        self._exercised_ms, self._burnt_ml = np.zeros((2, idle_ml_h.size), dtype=np.int64)

    def note(self, changes: Mapping[str, npt.NDArray[Any]] | None, until: int) -> None:
        """Count the time to ``until`` (ms), given the changes of status since the last call.

        ``changes``: entity, t, status (code), in any order, one of an entity at an instant; earlier
        and later ones are left out.
        """
        if changes is not None:
            new = (changes["t"] > self._until) & (changes["t"] <= until)
            some = np.flatnonzero(new & (self._idle_ml_h[changes["entity"]] > 0))
            entity, when = changes["entity"][some], changes["t"][some]
            order = np.lexsort((when, entity))
            entity, when = entity[order], when[order]
            on = changes["status"][some][order] == _EXERCISING
            first = np.diff(entity, prepend=-1) != 0
            last = np.append(first[1:], np.ones(min(first.size, 1), dtype=np.bool_))
            later = np.append(when[1:], when[-1:])
            ran = np.where(on & ~last, later - when, 0)
            self._exercised_ms += sum_by(entity, ran, self._since.size)
            before = entity[first]
            self._exercised_ms[before] += np.where(
                self._on[before], when[first] - self._since[before], 0
            )
            self._since[entity[last]], self._on[entity[last]] = when[last], on[last]
        self._until = until
        on_now = np.flatnonzero(self._on)
        self._exercised_ms[on_now] += until - self._since[on_now]
        self._since[on_now] = until

    def burn(self) -> Int64:
        """Return the fuel burnt idling since this was last asked, whole ml, shape (n,)."""
        total = self._idle_ml_h * self._exercised_ms // MS_PER_HOUR
        new: Int64 = total - self._burnt_ml
        self._burnt_ml = total
        return new
