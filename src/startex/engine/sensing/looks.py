"""Who detects whom, and when first: ways, reaches and rates put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.sensing.exposure import first_detections, pairs_of
from startex.engine.sensing.motion import Motion
from startex.engine.sensing.spots import Spots
from startex.foundation.streams import Stream, pair_keys, uniform
from startex.geography.neighbours import cartesian
from startex.geography.spells import Limits, Spells, straight_spells

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Geometry:
    """Looks at instants, shape (k,): where both are, and how far apart.

    ``range_m`` is the straight line between them, heights included; angles degrees, heights m
    above the ellipsoid, ``t`` ms.
    """

    looker: Int64
    target: Int64
    t: Float64
    lat: Float64
    lon: Float64
    alt: Float64
    target_lat: Float64
    target_lon: Float64
    target_alt: Float64
    range_m: Float64

    def take(self, index: Int64) -> Geometry:
        """Return some of the looks."""
        return Geometry(*(getattr(self, name)[index] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Sighting:
    """First detections, one a pair, sorted by (looker, target), shape (k,); ``t``, ``until`` ms.

    ``until``: when the pair leaves the reach of the sensor, or the time looked at ends.
    """

    looker: Int64
    target: Int64
    t: Int64
    until: Int64


Places = tuple[Float64, Float64, Float64]
"""Latitudes, longitudes (degrees) and heights (m)."""

_WORTHWHILE, _MOST_SHARE = 200, 0.7

LookRate = Callable[[Geometry], Float64]
"""Rate of detection, 1/s, of looks; may be infinite in reach of a sensor that misses nothing."""


def stretches_in_reach(
    lookers: Motion,
    targets: Motion,
    *,
    most_m: Float64,
    limits_m: Limits,
    between: tuple[int, int],
) -> Spells:
    """Return when pairs are in reach, a row for each stretch on which both go straight.

    Parameters
    ----------
    lookers, targets
        Ways of what looks (a platform once for each of its sensors) and of what is looked at, each
        numbered from 0 in ``pieces.entity``.
    most_m
        The greatest reach of each looker, by its number, m.
    limits_m
        Reach of each pair, m; 0 or less where the sensor cannot find the target at all.
    between
        Begin and end, ms.
    """
    return straight_spells(lookers.pieces, targets.pieces, most_m, limits_m, *between)


def sightings(
    lookers: Motion,
    targets: Motion,
    stretches: Spells,
    *,
    rate: LookRate,
    keys: tuple[UInt64, UInt64],
    seed: int,
    counter: int,
    groups: Int64 | None = None,
    rows: tuple[Int64, Int64] | None = None,
) -> Sighting:
    """Return the first detection of each pair.

    Parameters
    ----------
    lookers, targets, stretches
        Ways, and when pairs are in reach; see `stretches_in_reach`.
    rate
        Rate of detection within reach.
    keys
        Keys of the draws by number of looker and of target.
    seed, counter
        Of the draws (`Stream.DETECTION`).
    groups
        Group of the pair of each stretch where the earliest detection of each group is enough: see
        `first_detections`; shape of the stretches.
    rows
        Of both of each stretch in their ways; None: their numbers.
    """
    real = np.flatnonzero(stretches.t0 < stretches.t1)
    if real.size < stretches.t0.size:
        stretches, groups = stretches.take(real), None if groups is None else groups[real]
        rows = None if rows is None else (rows[0][real], rows[1][real])
    if not real.size:
        return Sighting(real, real, real, real)
    pair = pairs_of(stretches)
    lead = np.append(True, pair[1:] != pair[:-1]).nonzero()[0]
    draw = uniform(
        seed, Stream.DETECTION,
        pair_keys(keys[0][stretches.first[lead]], keys[1][stretches.second[lead]]), counter,
    )  # fmt: skip
    wanted = -np.log1p(-draw)

    first, second = (stretches.first, stretches.second) if rows is None else rows
    ways = lookers.along(first, stretches.t0), targets.along(second, stretches.t0)

    def along(of: Int64, t: Float64) -> Float64:
        here, there = (way(of, t) for way in ways)
        return rate(placed(stretches.first[of], stretches.second[of], t, here, there))

    at, t = first_detections(stretches, along, wanted[pair], groups)
    until = _spell_ends(stretches)[at]
    return Sighting(stretches.first[at], stretches.second[at], t, until)


def still_in_reach(stretches: Spells, begin: int) -> Sighting:
    """Return the pairs that are in reach at the begin of all stretches, ms, and until when."""
    ends = _spell_ends(stretches)
    now = np.flatnonzero(stretches.t0 <= begin + 1)
    return Sighting(stretches.first[now], stretches.second[now], stretches.t0[now], ends[now])


def geometry(
    lookers: Motion | Spots, targets: Motion | Spots, looker: Int64, target: Int64, t: Float64
) -> Geometry:
    """Return where pairs are at instants (ms), shapes (k,)."""
    here, there = lookers.at(looker, t), targets.at(target, t)
    return placed(looker, target, t, here, there)


def placed(looker: Int64, target: Int64, t: Float64, here: Places, there: Places) -> Geometry:
    """Return the geometry of looks from the places of both."""
    lat, lon, alt = here
    other_lat, other_lon, other_alt = there
    new, of = repeats((lat, lon, alt, other_lat, other_lon, other_alt))
    if new is not None:
        lat, lon, alt, other_lat, other_lon, other_alt = (
            column[new] for column in (*here, *there)
        )  # fmt: skip
    both = cartesian(np.stack([lat, other_lat]), np.stack([lon, other_lon]))
    apart = both[0] - both[1]
    ground = np.sqrt(apart[..., 0] ** 2 + apart[..., 1] ** 2 + apart[..., 2] ** 2)
    slant = np.hypot(ground, alt - other_alt)
    return Geometry(looker, target, t, *here, *there, slant if new is None else slant[of])


def repeats(columns: Sequence[npt.NDArray[Any]]) -> tuple[Int64 | None, Int64]:
    """Return the rows that differ from the one before, and the number of that of each row.

    None where nearly all do, or there are so few that it is not worth while: who stands still and
    looks at who stands still sees the same again and again.
    """
    size = columns[0].size
    if size < _WORTHWHILE:
        return None, np.empty(0, np.int64)
    new = np.zeros(size, dtype=np.bool_)
    new[0] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    rows = new.nonzero()[0]
    if rows.size > _MOST_SHARE * size:
        return None, np.empty(0, np.int64)
    return rows, np.cumsum(new) - 1


def _spell_ends(stretches: Spells) -> Int64:
    """Return when the spell of each stretch ends: stretches of one pair that touch."""
    count = stretches.t0.size
    if not count:
        return np.empty(0, np.int64)
    first, second = stretches.first, stretches.second
    last = np.ones(count, dtype=np.bool_)
    last[:-1] = (
        (first[1:] != first[:-1])
        | (second[1:] != second[:-1])
        | (stretches.t0[1:] > stretches.t1[:-1] + 1)
    )
    ends = np.flatnonzero(last)
    ends_of: Int64 = stretches.t1[ends[np.searchsorted(ends, np.arange(count))]]
    return ends_of
