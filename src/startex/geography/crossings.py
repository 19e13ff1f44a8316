"""The instants at which the distance between two platforms on straight pieces passes a limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from startex.geography.geodesy import inverse
from startex.geography.neighbours import cartesian

if TYPE_CHECKING:
    from startex.geography.pieces import Pieces

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

GRAZE_M = 2.0
"""Where a parabola comes so near to the limit, the distance itself is looked at; or nearer than
``0.5 L^3 / R`` in its square (L the way gone, R the earth's radius: twice the cubic term)."""

_MEAN_RADIUS_M = 6_371_008.8
_STEPS = 60
_GOLDEN = 0.5 * (3.0 - 5.0**0.5)


class Pair:
    """Pairs of pieces, one of each set, shape (k,)."""

    def __init__(self, a: Pieces, b: Pieces) -> None:
        self._ways = (a, b)

    def __len__(self) -> int:
        return len(self._ways[0])

    def points(self, at: Int64, t: Float64) -> list[tuple[Float64, Float64]]:
        """Return latitudes and longitudes of both at instants ``t`` (ms) of pairs ``at``."""
        found = []
        for way in self._ways:
            t0 = way.t0[at]
            share = (t - t0) / (way.t1[at] - t0)
            lat0, lon0 = way.lat0[at], way.lon0[at]
            lat, lon = way.lat1[at] - lat0, way.lon1[at] - lon0
            found.append((lat0 + lat * share, lon0 + lon * share))
        return found

    def chord(self, at: Int64, t: Float64) -> Float64:
        """Return the straight-line distance of pairs ``at`` at instants ``t``, m."""
        a, b = (cartesian(*point) for point in self.points(at, t))
        result: Float64 = np.sqrt(((a - b) ** 2).sum(axis=-1))
        return result

    def chords(self, t: Float64) -> Float64:
        """Return the straight-line distance of all pairs at several instants each, shape (m, k)."""
        places = []
        for way in self._ways:
            share = (t - way.t0) / (way.t1 - way.t0)
            north, east = way.lat1 - way.lat0, way.lon1 - way.lon0
            places.append((way.lat0 + north * share, way.lon0 + east * share))
        (lat, lon), (other_lat, other_lon) = places
        apart = cartesian(lat, lon) - cartesian(other_lat, other_lon)
        result: Float64 = np.sqrt((apart**2).sum(axis=-1))
        return result

    def way_m(self, begin: Float64, end: Float64) -> Float64:
        """Return the longer of the two ways gone between instants, m, up to 1 %."""
        ways = [way.speed_m_ms() * (end - begin) for way in self._ways]
        result: Float64 = np.maximum(*ways)
        return result

    def length(self, at: Int64, t: Float64) -> Float64:
        """Return the length of the geodesic between pairs ``at`` at instants ``t``, m."""
        (lat0, lon0), (lat1, lon1) = self.points(at, t)
        return inverse(lat0, lon0, lat1, lon1)[1]


def within(
    pair: Pair, begin: Int64, end: Int64, limit_m: float | Float64
) -> tuple[Int64, Int64, Int64]:
    """Return the whole milliseconds at which pairs are within a distance of each other.

    Parameters
    ----------
    pair
        The pairs, k of them.
    begin, end
        When both pieces last, ms, shape (k,).
    limit_m
        Length of the geodesic, at most, m: one, or one a pair, shape (k,).

    Returns
    -------
    of
        Index of the pair, shape (n,).
    since, until
        First and last millisecond of the spell, shape (n,).

    Notes
    -----
    Between two platforms that go straight the square of the distance is nearly a parabola in
    time: it crosses the limit twice at most. Where the parabola through begin, middle and end
    comes within `GRAZE_M` of the limit, the extreme itself is looked for.
    """
    count = len(pair)
    everybody = np.arange(count)
    a, b = begin.astype(np.float64), end.astype(np.float64)
    radius = 2.0 * _MEAN_RADIUS_M
    most = np.broadcast_to(np.asarray(limit_m, dtype=np.float64), (count,))
    limit = radius * np.sin(most / radius)
    at_a, at_b = pair.chord(everybody, a), pair.chord(everybody, b)
    middle = pair.chord(everybody, 0.5 * (a + b))
    in_a = _inside(pair, everybody, a, at_a, most, limit)
    in_b = _inside(pair, everybody, b, at_b, most, limit)
    turn, split = _extremes(pair, a, b, (at_a, middle, at_b), (in_a, in_b), most, limit)
    # A pair that dips in, or bulges out, is two brackets; one that passes the limit is one.
    one = np.flatnonzero(in_a != in_b)
    two = np.flatnonzero(split)
    at = np.concatenate([one, two, two])
    low = np.concatenate([a[one], a[two], turn[two]])
    high = np.concatenate([b[one], turn[two], b[two]])
    enters = np.concatenate([~in_a[one], ~in_a[two], in_a[two]])
    instant = _passing(pair, at, low, high, enters, most, limit)
    n, m = len(one), len(two)
    first, second = instant[n : n + m], instant[n + m :]
    always = np.flatnonzero(in_a & in_b & ~split)
    comes, goes = one[~in_a[one]], one[in_a[one]]
    dips, bulges = ~in_a[two], in_a[two]
    out = two[bulges]
    of = np.concatenate([always, comes, goes, two[dips], out, out])
    since = np.concatenate(
        [begin[always], instant[:n][~in_a[one]], begin[goes], first[dips], begin[out],
         second[bulges]]
    )  # fmt: skip
    until = np.concatenate(
        [end[always], end[comes], instant[:n][in_a[one]], second[dips], first[bulges], end[out]]
    )
    real = since <= until
    return of[real], since[real], until[real]


def nearly_within(
    pair: Pair, begin: Int64, end: Int64, limit_m: Float64
) -> tuple[Int64, Int64, Int64]:
    """Return about the milliseconds at which pairs are within a distance; see `within`.

    By the parabola through begin, middle and end alone: where the pair passes the limit, the
    distance differs from it by about ``0.5 L^3 / (R limit)`` (L the way gone, R the earth's
    radius): some metres for legs of 10 km. A tenth of the cost.
    """
    a, b = begin.astype(np.float64), end.astype(np.float64)
    radius = 2.0 * _MEAN_RADIUS_M
    square = (radius * np.sin(limit_m / radius)) ** 2
    low, middle, high = pair.chords(np.stack([a, 0.5 * (a + b), b])) ** 2 - square
    bend, slope = 2.0 * (low - 2.0 * middle + high), 4.0 * middle - 3.0 * low - high
    straight = np.abs(bend) < 1e-9 * (np.abs(slope) + 1e-300)
    root = np.sqrt(np.maximum(slope * slope - 4.0 * bend * low, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        half = -0.5 * (slope + np.where(slope >= 0.0, root, -root))
        first, second = half / bend, low / half
        line = -low / slope
    first, second = np.where(straight, line, first), np.where(straight, np.inf, second)
    none = slope * slope < 4.0 * bend * low
    cuts = np.sort(np.stack([first, second]), axis=0)
    cuts = np.where(np.isfinite(cuts) & ~none, np.minimum(np.maximum(cuts, 0.0), 1.0), 1.0)
    edges = np.concatenate([np.zeros((1, a.size)), cuts, np.ones((1, a.size))])
    found = []
    for number in range(3):
        begins, ends = edges[number], edges[number + 1]
        u = 0.5 * (begins + ends)
        at = np.flatnonzero((ends > begins) & ((bend * u + slope) * u + low <= 0.0))
        span = b[at] - a[at]
        since = np.ceil(a[at] + begins[at] * span)
        found.append((at, since, np.floor(a[at] + ends[at] * span)))
    of, since, until = (np.concatenate(column) for column in zip(*found, strict=True))
    real = since <= until
    return of[real], since[real].astype(np.int64), until[real].astype(np.int64)


def _inside(
    pair: Pair, at: Int64, t: Float64, chord: Float64, limit_m: Float64, limit: Float64
) -> Bool:
    """Return whether pairs are within the limit: by the chord, or the geodesic where that is near.

    The chord of a geodesic of one length differs by direction and latitude, by 1 % of how much
    it is shorter than the geodesic.
    """
    inside = chord <= limit
    margin = 0.02 * np.abs(limit_m - limit) + 1e-6
    close = np.flatnonzero(np.abs(chord - limit) <= margin)
    if close.size:
        inside[close] = pair.length(at[close], t[close]) <= limit_m[close]
    return inside


def _extremes(
    pair: Pair,
    a: Float64,
    b: Float64,
    chords: tuple[Float64, ...],
    ends: tuple[Bool, Bool],
    limit_m: Float64,
    limit: Float64,
) -> tuple[Float64, Bool]:
    """Return where the distance turns, and whether it passes the limit there and back."""
    square_a, square_m, square_b = (chord * chord for chord in chords)
    bend = 2.0 * (square_a - 2.0 * square_m + square_b)
    slope = 4.0 * square_m - 3.0 * square_a - square_b
    safe = np.where(bend == 0.0, 1.0, bend)
    share = np.where(bend == 0.0, -1.0, -0.5 * slope / safe)
    value = square_a - 0.25 * slope * slope / safe
    square = limit * limit
    graze = 2.0 * GRAZE_M * limit + 0.5 * pair.way_m(a, b) ** 3 / _MEAN_RADIUS_M
    inside = share > 0.0
    inside &= share < 1.0
    out, in_ = ~ends[0] & ~ends[1], ends[0] & ends[1]
    inside &= (out & (bend > 0.0) & (value <= square + graze)) | (
        in_ & (bend < 0.0) & (value >= square - graze)
    )
    doubt = np.flatnonzero(inside)
    turn, split = a.copy(), np.zeros(len(a), dtype=bool)
    if doubt.size:
        sign = np.where(out[doubt], 1.0, -1.0)
        turn[doubt] = _least(lambda t: sign * pair.chord(doubt, t), a[doubt], b[doubt])
        chord = pair.chord(doubt, turn[doubt])
        near = _inside(pair, doubt, turn[doubt], chord, limit_m[doubt], limit[doubt])
        split[doubt] = near == out[doubt]
    return turn, split


def _least(function: Callable[[Float64], Float64], low: Float64, high: Float64) -> Float64:
    """Return where functions with one minimum between ``low`` and ``high`` have it."""
    left, right = low + _GOLDEN * (high - low), high - _GOLDEN * (high - low)
    f_left, f_right = function(left), function(right)
    for _ in range(_STEPS):
        lower = f_left < f_right
        high, low = np.where(lower, right, high), np.where(lower, low, left)
        width = high - low
        new = np.where(lower, low + _GOLDEN * width, high - _GOLDEN * width)
        f_new = function(new)
        left, right = np.where(lower, new, right), np.where(lower, left, new)
        f_left, f_right = np.where(lower, f_new, f_right), np.where(lower, f_left, f_new)
        if not np.any(width > 0.1):
            break
    return np.where(f_left < f_right, left, right)


def _passing(
    pair: Pair,
    at: Int64,
    low: Float64,
    high: Float64,
    enters: Bool,
    limit_m: Float64,
    limit: Float64,
) -> Int64:
    """Return the first (of those that enter) or last whole ms within the limit, shape (n,)."""
    if not at.size:
        return np.empty(0, np.int64)
    root = _solve(pair, at, low, high, limit[at])
    # The chord of the limit is known for a sphere; here is the ellipsoid, in this direction.
    exact = limit[at] * (limit_m[at] / pair.length(at, root))
    root = _solve(pair, at, low, high, exact)
    whole = np.where(enters, np.ceil(root - 1e-3), np.floor(root + 1e-3))
    step = np.where(enters, 1.0, -1.0)  # towards the inside
    for _ in range(4):
        late = pair.length(at, whole) > limit_m[at]
        early = ~late & (pair.length(at, whole - step) <= limit_m[at])
        early &= (whole - step >= low) & (whole - step <= high)
        if not (late | early).any():
            break
        whole = whole + np.where(late, step, np.where(early, -step, 0.0))
    return whole.astype(np.int64)


def _solve(pair: Pair, at: Int64, low: Float64, high: Float64, limit: Float64) -> Float64:
    """Return where the chord equals the limit between two instants, by the Illinois method."""
    low, high = low.copy(), high.copy()
    f_low, f_high = pair.chord(at, low) - limit, pair.chord(at, high) - limit
    root = np.where(np.abs(f_low) < np.abs(f_high), low, high)
    busy = np.flatnonzero(np.sign(f_low) * np.sign(f_high) < 0.0)
    side = np.zeros(len(at), dtype=np.int8)
    for _ in range(_STEPS):
        if not busy.size:
            break
        lo, hi, f_lo, f_hi = low[busy], high[busy], f_low[busy], f_high[busy]
        guess = hi - f_hi * (hi - lo) / (f_hi - f_lo)
        f_new = pair.chord(at[busy], guess) - limit[busy]
        root[busy] = guess
        same_low = np.sign(f_new) == np.sign(f_lo)
        kept = side[busy]
        f_high[busy] = np.where(same_low, np.where(kept == 1, 0.5 * f_hi, f_hi), f_new)
        f_low[busy] = np.where(same_low, f_new, np.where(kept == -1, 0.5 * f_lo, f_lo))
        low[busy], high[busy] = np.where(same_low, guess, lo), np.where(same_low, hi, guess)
        side[busy] = np.where(same_low, 1, -1)
        busy = busy[(np.abs(f_new) > 1e-8) & (high[busy] - low[busy] > 1e-4)]
    return root
