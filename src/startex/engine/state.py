"""Truth: a struct of arrays, one row per entity, rows never move.

A platform that carries out an order is described *as it will be when the order ends*: its path is
closed form and already among the legs. Nobody but the order's system may touch it until then.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.bands import Bands
from startex.engine.riders import Riders
from startex.forces.force import Force

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Int8 = npt.NDArray[np.int8]
Float64 = npt.NDArray[np.float64]

STATUSES: tuple[str, ...] = (
    "home",  # at the home place, not yet moved
    "stored",  # in an equipment park, awaiting issue
    "en_route",  # moving or being moved between places
    "in_place",  # at a place of the exercise, no serial
    "exercising",  # carries out a serial
    "returned",  # back home after withdrawal
)
"""Statuses of persons and platforms; the position is the code. Their counts always sum to all."""

STATUS_CODE = {name: code for code, name in enumerate(STATUSES)}


@dataclass(slots=True)
class State:
    """Columns of shape (n,), n = entities.

    ``lat, lon`` degrees, ``alt`` metres above the ellipsoid: where the platform stands once its
    order ends (meaningless while ``carrier >= 0``: then it is where its carrier is).
    ``free_ms``: when the last order ends. ``carrier``: row of what carries it, -1 for nothing;
    ``slot`` its place aboard; ``aboard_ms`` since when. ``status``: code in `STATUSES`.
    ``order``: id of the order it carries out, -1 when free. ``place``: index of the place it was
    last ordered to, -1 unknown. ``heads``: persons directly aboard each row, ``riders``: where to
    look for them, and ``bands``: where to look for ships and aircraft, all kept up by the
    simulation; None where nobody keeps them.
    """

    lat: Float64
    lon: Float64
    alt: Float64
    free_ms: Int64
    carrier: Int32
    slot: Int32
    aboard_ms: Int64
    status: Int8
    order: Int32
    place: Int32
    heads: Int64 | None = None
    riders: Riders | None = None
    bands: Bands | None = None

    def put(self, rows: Int32, lat: Float64, lon: Float64, alt: Float64 | float) -> None:
        """Note where rows stand: degrees, metres; all positions are written here."""
        self.lat[rows], self.lon[rows], self.alt[rows] = lat, lon, alt
        if self.bands is not None:
            self.bands.move(rows, self.lat[rows])

    def aboard(self, carriers: Int32) -> Int32:
        """Return the rows directly aboard any of ``carriers``, ascending."""
        if not carriers.size:
            return np.empty(0, dtype=np.int32)
        first, last = (
            (0, self.carrier.size) if self.riders is None else (self.riders.between(carriers))
        )
        part = self.carrier[first:last]
        # carriers of one order lie close together, so their bounds rule out nearly every row
        low, high = int(carriers.min()), int(carriers.max())
        near = np.flatnonzero((part >= low) & (part <= high)).astype(np.int32) + np.int32(first)
        marked = np.zeros(high - low + 1, dtype=np.bool_)
        marked[carriers - low] = True
        found: Int32 = near[marked[self.carrier[near] - low]]
        return found


def new_state(force: Force, start_ms: int) -> State:
    """Return the state before anything is placed: everybody at (nan, nan), aboard nothing."""
    n = force.kind.size
    return State(
        lat=np.full(n, np.nan),
        lon=np.full(n, np.nan),
        alt=np.zeros(n),
        free_ms=np.full(n, start_ms, dtype=np.int64),
        carrier=np.full(n, -1, dtype=np.int32),
        slot=np.full(n, -1, dtype=np.int32),
        aboard_ms=np.full(n, start_ms, dtype=np.int64),
        status=np.zeros(n, dtype=np.int8),
        order=np.full(n, -1, dtype=np.int32),
        place=np.full(n, -1, dtype=np.int32),
    )
