"""Halts: legs in running time become legs in real time, everybody halting together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Legs
from startex.engine.systems.kernels import ALTITUDE_DECIMALS
from startex.geography.paths import POSITION_DECIMALS

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]


def insert_halts(legs: Legs, at_ms: npt.ArrayLike, halt_ms: npt.ArrayLike) -> Legs:
    """Return legs given in running time as legs in real time, everybody halting together.

    Parameters
    ----------
    legs
        Legs whose times do not count the halts.
    at_ms
        Running times of the halts, ascending, shape (h,).
    halt_ms
        How long each lasts, shape (h,) or scalar.

    Notes
    -----
    A leg is cut at the halt, except within a second of its ends: then it begins or ends there,
    for a piece of a few milliseconds would have a speed of rounded positions.
    """
    at = np.asarray(at_ms, dtype=np.int64)
    if at.size == 0 or legs.entity.size == 0:
        return legs
    waited = np.concatenate(
        [[0], np.cumsum(np.broadcast_to(np.asarray(halt_ms, dtype=np.int64), at.shape))]
    )
    margin = np.minimum(1000, (legs.t1 - legs.t0) // 2)
    before = np.searchsorted(at, legs.t0 + margin, side="right")  # halts over when it begins
    until = np.maximum(before, np.searchsorted(at, legs.t1 - margin, side="left"))
    pieces = until - before + 1
    of = np.repeat(np.arange(legs.entity.size), pieces)
    number = np.arange(of.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    halts = before[of] + number
    first, last = number == 0, number == pieces[of] - 1
    start = np.where(first, legs.t0[of], at[np.maximum(halts - 1, 0)])
    end = np.where(last, legs.t1[of], at[np.minimum(halts, at.size - 1)])
    duration = (legs.t1 - legs.t0)[of]

    def between(a: Float64, b: Float64, t: Int64, decimals: int) -> Float64:
        share = (t - legs.t0[of]) / duration
        value: Float64 = np.round(a[of] + (b - a)[of] * share, decimals)
        return value

    def column(a: Float64, b: Float64, decimals: int) -> tuple[Float64, Float64]:
        return (
            np.where(first, a[of], between(a, b, start, decimals)),
            np.where(last, b[of], between(a, b, end, decimals)),
        )

    lat0, lat1 = column(legs.lat0, legs.lat1, POSITION_DECIMALS)
    lon0, lon1 = column(legs.lon0, legs.lon1, POSITION_DECIMALS)
    alt0, alt1 = column(legs.alt0, legs.alt1, ALTITUDE_DECIMALS)
    shift = waited[halts]
    return Legs(
        legs.entity[of], start + shift, end + shift, lat0, lon0, alt0, lat1, lon1, alt1,
        legs.mode[of],
    )  # fmt: skip
