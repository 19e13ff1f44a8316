"""When pairs come within a range of each other for the first time, in closed form.

Both of a pair go straight between the ends of their legs. Over each such stretch the way of the one
as seen from the other is taken as straight in space and the square of the distance as a parabola in
time; legs are so short that this is off by metres.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.sensing.motion import Motion
from startex.engine.sensing.scene import numbered
from startex.geography.neighbours import cartesian

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

NEVER = np.iinfo(np.int64).max


def first_within(ways: Motion, pairs: tuple[Int64, Int64], limits_m: Float64, since: int) -> Int64:
    """Return when pairs are within ranges first, ms; `NEVER` where that is not in their ways.

    Parameters
    ----------
    ways
        Of all rows concerned.
    pairs
        Rows of both, shape (k,).
    limits_m
        Slant ranges of each pair, shape (m, k); 0: never.
    since
        From then on, ms.

    Returns
    -------
    Shape (m, k).
    """
    found = np.full(limits_m.shape, NEVER, dtype=np.int64)
    if not found.size or not len(ways.pieces):
        return found
    both = [numbered(ways, rows) for rows in pairs]
    pair, begin, end = _stretches(both, since)
    if not pair.size:
        return found
    ends = np.array([_ends(way, pair, begin, end) for way in both])
    # each of the shape (2: of the pair, 2: begin and end, k)
    lat, lon, alt = ends[:, 0], ends[:, 1], ends[:, 2]
    spots = np.concatenate([cartesian(lat, lon), alt[..., None]], axis=-1)
    apart = spots[0] - spots[1]
    for number, limit in enumerate(limits_m):
        share = _enters(apart[0], apart[1] - apart[0], limit[pair])
        met = ((share <= 1.0) & (limit[pair] > 0.0)).nonzero()[0]
        t = np.ceil(begin[met] + share[met] * (end[met] - begin[met])).astype(np.int64)
        np.minimum.at(found[number], pair[met], t)
    return found


def _stretches(both: list[Motion], since: int) -> tuple[Int64, Int64, Int64]:
    """Return the stretches on which both of a pair go straight: pair, begin, end."""
    number = np.concatenate([way.pieces.entity for way in both for _ in range(2)])
    mark = np.concatenate([t for way in both for t in (way.pieces.t0, way.pieces.t1)])
    mark = np.maximum(mark, since)
    order = np.lexsort((mark, number))
    number, mark = number[order], mark[order]
    at = np.flatnonzero((number[1:] == number[:-1]) & (mark[1:] > mark[:-1]))
    return number[at], mark[at], mark[at + 1]


def _ends(way: Motion, pair: Int64, begin: Int64, end: Int64) -> tuple[Float64, Float64, Float64]:
    """Return where the pieces that cover stretches are at begin and end, shape (2, k); nan: none.

    Latitude, longitude and height.
    """
    pieces = way.pieces
    if not len(pieces):
        nowhere = np.full((2, pair.size), np.nan)
        return nowhere, nowhere, nowhere
    base = int(pieces.t0.min())
    key = (pieces.entity << 42) | (pieces.t0 - base)
    wanted = (pair << 42) | np.maximum(begin - base, 0)
    at = np.maximum(key.searchsorted(wanted, side="right") - 1, 0)
    t0, t1 = pieces.t0[at], pieces.t1[at]
    known = (pieces.entity[at] == pair) & (t0 <= begin) & (t1 > begin)
    share = np.where(known, (np.stack([begin, end]) - t0) / (t1 - t0), np.nan)
    columns = (pieces.lat0, pieces.lat1), (pieces.lon0, pieces.lon1), (way.alt0, way.alt1)
    lat, lon, alt = (start[at] + (stop[at] - start[at]) * share for start, stop in columns)
    return lat, lon, alt


def _enters(start: Float64, way: Float64, limit: Float64) -> Float64:
    """Return at which share of a straight way it enters a ball about the origin; inf for never."""
    c = (start * start).sum(axis=1) - limit * limit
    a, b = (way * way).sum(axis=1), (start * way).sum(axis=1)
    inner = b * b - a * c
    root = np.sqrt(np.maximum(inner, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where((b < 0.0) & (inner >= 0.0), c / (root - b), np.inf)  # stable form
    share = np.where(c <= 0.0, 0.0, share)
    return np.where(np.isnan(c), np.inf, share)
