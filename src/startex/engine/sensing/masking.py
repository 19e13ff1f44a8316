"""Land between ships: what is low behind land is not seen by what is low before it.

Heights of the land are not known, so land hides only where both are low: ships, and aircraft below
`LOW_M`. Sight is tested between the middles of the arc-minute cells in which both are, along the
straight line on the chart, without the parts within `COAST_TOLERANCE_M` of either end, where land
and water are not told apart: closer than twice that nothing is hidden. It is tested each
`STEP_MS` of the exercise; for stretches in whose surroundings there is no land, not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from startex.engine.sensing.motion import Motion
from startex.geography.metric import distance_m
from startex.geography.spells import Spells
from startex.geography.surface import COAST_TOLERANCE_M, COLUMNS, ROWS, Surface

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

LOW_M = 100.0
"""What is above that height looks over land, and is seen over it; assumed."""

STEP_MS = 60_000
"""Between two tests: a ship goes half a cell meanwhile."""

_SPACING_M = 900.0  # between two points of a line: half a cell
_BLOCK_ROWS, _BLOCK_COLUMNS = 10, 8  # arc-minutes: of the coarse map


@dataclass(slots=True)
class Land:
    """Knows what land hides, and remembers what it was asked.

    Parameters
    ----------
    surface
        Land and water.
    """

    surface: Surface = field(default_factory=Surface)
    _keys: Int64 = field(default_factory=lambda: np.empty(0, np.int64))  # pairs of cells, ascending
    _hidden: Bool = field(default_factory=lambda: np.empty(0, np.bool_))

    def cut(
        self, stretches: Spells, rows: tuple[Int64, Int64], ways: Motion, wanted: Bool,
        start_ms: int,
    ) -> Spells:  # fmt: skip
        """Return stretches without the times at which land is between both.

        Parameters
        ----------
        stretches
            Times within reach by numbers of looker and target, sorted by (pair, t0), shape (k,).
        rows, ways
            Entity rows of both of each stretch, and their ways.
        wanted
            Which stretches land can matter to at all, shape (k,).
        start_ms
            Of the exercise: the instants of the tests are counted from there.
        """
        at = np.flatnonzero(wanted & (stretches.t1 > stretches.t0))
        if not at.size:
            return stretches
        at = at[self._near_land(stretches.take(at), (rows[0][at], rows[1][at]), ways)]
        if not at.size:
            return stretches
        part, first_row, second_row = stretches.take(at), rows[0][at], rows[1][at]
        first, last = (part.t0 - start_ms) // STEP_MS, (part.t1 - 1 - start_ms) // STEP_MS
        count = last - first + 1
        of = np.repeat(np.arange(at.size), count)
        step = np.repeat(first - np.cumsum(count) + count, count) + np.arange(of.size)
        begin = start_ms + step * STEP_MS
        t = np.clip(begin + STEP_MS // 2, part.t0[of], part.t1[of]).astype(np.float64)
        lat, lon, _ = ways.along(first_row, part.t0)(of, t)
        other_lat, other_lon, _ = ways.along(second_row, part.t0)(of, t)
        hidden = self.between(lat, lon, other_lat, other_lon)
        if not hidden.any():
            return stretches
        # runs of steps in sight become stretches
        seen = np.flatnonzero(~hidden)
        of, begin = of[seen], begin[seen]
        new = np.append(True, (of[1:] != of[:-1]) | (begin[1:] != begin[:-1] + STEP_MS))
        end = np.append(new[1:], True)
        if not seen.size:
            new, end = np.empty(0, np.bool_), np.empty(0, np.bool_)
        cut = Spells(
            part.first[of[new]], part.second[of[new]],
            np.maximum(begin[new], part.t0[of[new]]),
            np.minimum(begin[end] + STEP_MS, part.t1[of[end]]),
        )  # fmt: skip
        rest = np.ones(stretches.t0.size, dtype=np.bool_)
        rest[at] = False
        kept = stretches.take(np.flatnonzero(rest))
        columns = [
            np.concatenate([getattr(kept, name), getattr(cut, name)]) for name in Spells.__slots__
        ]
        order = np.lexsort((columns[2], columns[1], columns[0]))
        return Spells(*(column[order] for column in columns))

    def between(self, lat: Float64, lon: Float64, other_lat: Float64, other_lon: Float64) -> Bool:
        """Tell between which points (degrees) there is land, shape (k,); nan: there is none."""
        found = np.zeros(lat.size, dtype=np.bool_)
        known = np.flatnonzero(np.isfinite(lat) & np.isfinite(other_lat))
        here, there = _cell(lat[known], lon[known]), _cell(other_lat[known], other_lon[known])
        keys, of = np.unique((here << 30) | there, return_inverse=True)
        new = np.setdiff1d(keys, self._keys, assume_unique=True)
        if new.size:
            known_keys = np.concatenate([self._keys, new])
            hidden = np.concatenate([self._hidden, self._test(new >> 30, new & ((1 << 30) - 1))])
            order = np.argsort(known_keys)
            self._keys, self._hidden = known_keys[order], hidden[order]
        found[known] = self._hidden[np.searchsorted(self._keys, keys)][of]
        return found

    def _test(self, here: Int64, there: Int64) -> Bool:
        """Tell between the middles of which cells there is land."""
        (lat, lon), (other_lat, other_lon) = _middle(here), _middle(there)
        east = (other_lon - lon + 180.0) % 360.0 - 180.0
        far = distance_m(lat, lon, other_lat, lon + east)
        hidden = np.zeros(here.size, dtype=np.bool_)
        long = np.flatnonzero(far > 2.0 * COAST_TOLERANCE_M)
        clear = far[long] - 2.0 * COAST_TOLERANCE_M
        count = np.ceil(clear / _SPACING_M).astype(np.int64) + 1
        of = np.repeat(np.arange(long.size), count)
        number = np.arange(of.size) - np.repeat(np.cumsum(count) - count, count)
        share = (COAST_TOLERANCE_M + clear[of] * number / (count[of] - 1)) / far[long][of]
        pair = long[of]
        land = self.surface.is_land(
            lat[pair] + (other_lat - lat)[pair] * share, lon[pair] + east[pair] * share
        )
        hidden[pair[land]] = True
        return hidden

    def _near_land(self, part: Spells, both: tuple[Int64, Int64], ways: Motion) -> Int64:
        """Return the stretches on which both are low and there is land in the box about them."""
        everything = np.arange(part.t0.size)
        places = [
            way(everything, t.astype(np.float64))
            for way in (ways.along(some, part.t0) for some in both)
            for t in (part.t0, part.t1)
        ]
        lat, lon, alt = (np.stack([place[i] for place in places]) for i in range(3))
        with np.errstate(invalid="ignore"):
            low = np.all(alt < LOW_M, axis=0)
        at = np.flatnonzero(low & np.isfinite(lat).all(axis=0))
        lat, lon = lat[:, at], lon[:, at]
        sums = _land_blocks()
        rows = np.floor((lat + 90.0) * 60.0 / _BLOCK_ROWS).astype(np.int64)
        columns = np.floor((lon + 180.0) * 60.0 / _BLOCK_COLUMNS).astype(np.int64)
        row0, row1 = rows.min(axis=0), np.minimum(rows.max(axis=0) + 1, sums.shape[0] - 1)
        column0, column1 = columns.min(axis=0), columns.max(axis=0) + 1
        over = (column0 < 0) | (column1 >= sums.shape[1])  # the date line
        column0 = np.clip(column0, 0, sums.shape[1] - 1)
        column1 = np.clip(column1, 0, sums.shape[1] - 1)
        land = sums[row1, column1] - sums[row0, column1] - sums[row1, column0] + sums[row0, column0]
        near: Int64 = at[over | (land > 0)]
        return near


@cache
def _land_blocks() -> npt.NDArray[np.int32]:
    """Return how many blocks with land there are south and west of each corner of the blocks."""
    packed = Surface().packed.reshape(ROWS // _BLOCK_ROWS, _BLOCK_ROWS, COLUMNS // _BLOCK_COLUMNS)
    blocks = np.bitwise_or.reduce(packed, axis=1) != 0
    sums = np.zeros((blocks.shape[0] + 1, blocks.shape[1] + 1), dtype=np.int32)
    sums[1:, 1:] = blocks.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    return sums


def _cell(lat: Float64, lon: Float64) -> Int64:
    row = np.clip(np.floor((lat + 90.0) * 60.0), 0, ROWS - 1).astype(np.int64)
    column = np.floor((lon + 180.0) * 60.0).astype(np.int64) % COLUMNS
    return np.asarray(row * COLUMNS + column, dtype=np.int64)


def _middle(cell: Int64) -> tuple[Float64, Float64]:
    row, column = np.asarray(np.divmod(cell, COLUMNS), dtype=np.float64)
    return (row + 0.5) / 60.0 - 90.0, (column + 0.5) / 60.0 - 180.0
