"""Where to look for who is aboard what, so that a search costs what it finds, not everybody."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

_NONE = np.iinfo(np.int32).max


class Riders:
    """Bounds on the rows directly aboard each carrier, kept up as they board and leave.

    Units stand together in the rows, so what is aboard a vehicle, a train or a ship lies between
    bounds that are narrow against all rows. Bounds widen as rows board, and start anew when a
    carrier is empty.

    Parameters
    ----------
    carrier
        Row of what carries each entity, -1 for nothing, shape (n,).
    """

    def __init__(self, carrier: Int32) -> None:
        self._first = np.full(carrier.size, _NONE, dtype=np.int32)
        self._last = np.full(carrier.size, -1, dtype=np.int32)
        self._count = np.zeros(carrier.size, dtype=np.int32)
        rows = np.flatnonzero(carrier >= 0).astype(np.int32)
        self._add(rows, carrier[rows])

    def move(self, rows: Int32, was: Int32, now: Int32) -> None:
        """Note that ``rows`` leave their carriers ``was`` and board ``now``; -1 for nothing."""
        left = was[was >= 0]
        np.subtract.at(self._count, left, 1)
        empty = left[self._count[left] == 0]
        self._first[empty], self._last[empty] = _NONE, -1
        boards = now >= 0
        self._add(rows[boards], now[boards])

    def between(self, carriers: Int32) -> tuple[int, int]:
        """Return bounds [first, last) on the rows directly aboard any of ``carriers``."""
        first, last = int(self._first[carriers].min()), int(self._last[carriers].max()) + 1
        return min(first, last), last

    def _add(self, rows: Int32, carriers: Int32) -> None:
        np.add.at(self._count, carriers, 1)
        np.minimum.at(self._first, carriers, rows)
        np.maximum.at(self._last, carriers, rows)
