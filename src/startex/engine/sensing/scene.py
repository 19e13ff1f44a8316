"""Where those who look and are looked at are going, and who can meet at all."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.sensing.motion import Motion
from startex.geography.pieces import Pieces, balls

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

_M_PER_DEG = 110_500.0  # a degree of latitude is nowhere shorter


@dataclass(frozen=True, slots=True)
class Scene:
    """Where all who look, or are looked at, are going.

    Attributes
    ----------
    rows
        Entity rows, ascending, shape (n,).
    ways
        Their pieces, by row.
    first, count
        The first piece of each row, and how many it has, shape (n,).
    box
        See `boxes`, shape (6, n).
    centre, radius
        Balls about the pieces, shapes (k, 3) and (k,).
    numbers
        Number of each row, by row.
    """

    rows: Int64
    ways: Motion
    first: Int64
    count: Int64
    box: Float64
    centre: Float64
    radius: Float64
    numbers: Int64

    def number(self, rows: Int64) -> Int64:
        """Return the numbers of some of the rows."""
        return self.numbers[rows]

    def pieces(self, numbers: Int64) -> tuple[Int64, Int64]:
        """Return the pieces of rows (by number): index into ``numbers``, and piece."""
        count = self.count[numbers]
        of = np.repeat(np.arange(numbers.size), count)
        first = self.first[numbers] - np.cumsum(count) + count
        return of, np.repeat(first, count) + np.arange(of.size)


def scene_of(ways: Motion, rows: Int64) -> Scene:
    """Return the scene of rows (ascending) with their ways."""
    entity = ways.pieces.entity
    first = entity.searchsorted(rows)
    count = entity.searchsorted(rows, side="right") - first
    numbers = np.zeros(int(rows[-1]) + 1 if rows.size else 0, dtype=np.int64)
    numbers[rows] = np.arange(rows.size)
    return Scene(rows, ways, first, count, boxes(ways, rows), *balls(ways.pieces), numbers)


def numbered(ways: Motion, rows: Int64) -> Motion:
    """Return the ways of rows (repeats allowed), numbered by their position in ``rows``."""
    entity = ways.pieces.entity
    first = np.searchsorted(entity, rows)
    count = np.searchsorted(entity, rows, side="right") - first
    number = np.repeat(np.arange(rows.size), count)
    at = np.repeat(first - np.cumsum(count) + count, count) + np.arange(number.size)
    taken = ways.take(at)
    pieces = Pieces(number, *(getattr(taken.pieces, name) for name in Pieces.__slots__[1:]))
    return Motion(pieces, taken.alt0, taken.alt1)


def boxes(ways: Motion, rows: Int64) -> Float64:
    """Return least and greatest latitude, longitude and height of rows, shape (6, n); or nan."""
    entity, pieces = ways.pieces.entity, ways.pieces
    out = np.full((6, rows.size), np.nan)
    if not entity.size:
        return out
    start = np.flatnonzero(np.append(True, entity[1:] != entity[:-1]))
    at = np.searchsorted(entity[start], rows)
    known = np.flatnonzero(at < start.size)
    known = known[entity[start[at[known]]] == rows[known]]
    columns = (
        (pieces.lat0, pieces.lat1), (pieces.lon0, pieces.lon1), (ways.alt0, ways.alt1),
    )  # fmt: skip
    for number, (a, b) in enumerate(columns):
        low = np.minimum.reduceat(np.minimum(a, b), start)
        high = np.maximum.reduceat(np.maximum(a, b), start)
        out[2 * number, known], out[2 * number + 1, known] = low[at[known]], high[at[known]]
    return out


@dataclass(frozen=True, slots=True)
class Arena:
    """The box of all of some platforms together: least and greatest latitude and longitude."""

    lat: tuple[float, float]
    lon: tuple[float, float]

    def may_meet(self, lat: tuple[float, float], lon: tuple[float, float], reach_m: float) -> bool:
        """Tell whether another box, widened by a reach, touches it: `may_meet` for one."""
        margin = reach_m / _M_PER_DEG
        low, high = self.lat
        if not reach_m > 0.0 or lat[0] - margin > high or lat[1] + margin < low:
            return False
        widest = min(max(abs(low), abs(high)) + margin, 89.0)
        east = margin / math.cos(math.radians(widest))
        span, middle = self.lon[1] - self.lon[0], 0.5 * (self.lon[0] + self.lon[1])
        away = abs((0.5 * (lon[0] + lon[1]) - middle + 180.0) % 360.0 - 180.0)
        return away <= 0.5 * (span + lon[1] - lon[0]) + east


def arena_of(box: Float64) -> Arena | None:
    """Return the arena of rows with their boxes (nan: nowhere); None where all are nowhere."""
    box = box[:, np.isfinite(box[0])]
    if not box.size:
        return None
    return Arena(
        (float(box[0].min()), float(box[1].max())), (float(box[2].min()), float(box[3].max()))
    )


def may_meet(own: Float64, other: Float64, reach_m: Float64) -> npt.NDArray[np.bool_]:
    """Tell whose box, widened by a reach, touches the box of all others together."""
    margin = reach_m / _M_PER_DEG
    low, high = float(np.min(other[0])), float(np.max(other[1]))
    met = np.isfinite(own[0]) & (own[0] - margin <= high) & (own[1] + margin >= low)
    widest = np.minimum(np.maximum(np.abs(low), np.abs(high)) + margin, 89.0)
    east = margin / np.cos(np.radians(widest))
    span = float(np.max(other[3]) - np.min(other[2]))
    middle = 0.5 * float(np.max(other[3]) + np.min(other[2]))
    away = np.abs((0.5 * (own[2] + own[3]) - middle + 180.0) % 360.0 - 180.0)
    met &= away <= 0.5 * (span + (own[3] - own[2])) + east
    result: npt.NDArray[np.bool_] = met & (reach_m > 0.0)
    return result
