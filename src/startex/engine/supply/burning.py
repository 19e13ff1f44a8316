"""Fuel of legs, in closed form: each leg burns whole millilitres, and its parts burn them exactly.

Of a leg with ``F`` millilitres from ``t0`` to ``t1`` the time from ``a`` to ``b`` takes::

    floor(F (b - t0) / (t1 - t0)) - floor(F (a - t0) / (t1 - t0))

in whole numbers, so that the parts of a leg add up to it wherever it is cut. So is its length.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.effects import MODE_CODE, MODES
from startex.engine.supply.rates import Rates
from startex.foundation.clock import MS_PER_SECOND
from startex.geography.metric import distance_m
from startex.models.shipfuel import GREATEST_RATIO, LEAST_RATIO

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Legs = Mapping[str, npt.NDArray[Any]]

BY_WAY = {"road": 1.0, "cross_country": 1.5, "landing": 3.0, "sea": 3.0}
"""Fuel of a vehicle by mode over that on a road. Across country: as is usual in planning, assumed;
afloat: at a third of the speed with the same engine, assumed."""

_FACTOR = np.array([BY_WAY.get(mode, 0.0) for mode in MODES])
_AIR = MODE_CODE["air"]
_AFLOAT = np.array([mode in ("sea", "landing") for mode in MODES])

MM_PER_M = 1_000


def part_of(total: Int64, lasts: Int64, done: Int64) -> Int64:
    """Return ``floor(total done / lasts)`` in whole numbers that cannot overflow.

    Arrays of one shape; ``0 <= done <= lasts``, ``lasts`` up to 2**31 ms (24 days).
    """
    whole, rest = np.divmod(total, lasts)
    part: Int64 = whole * done + rest * done // lasts
    return part


def used_between(total: Int64, t0: Int64, t1: Int64, a: int, b: int) -> Int64:
    """Return what of ``total`` of each leg falls into the time from ``a`` to ``b`` (ms)."""
    lasts = t1 - t0
    until = part_of(total, lasts, np.clip(b - t0, 0, lasts))
    return until - part_of(total, lasts, np.clip(a - t0, 0, lasts))


def moving(legs: Legs, rates: Rates, a: int, b: int) -> npt.NDArray[np.intp]:
    """Return the rows of legs that burn fuel between ``a`` and ``b``."""
    row, mode = legs["entity"], legs["mode"]
    way = (_FACTOR[mode] > 0) & (rates.by_way_ml_m[row] > 0)
    timed = ((mode == _AIR) | _AFLOAT[mode]) & (rates.by_time_ml_ms[row] > 0)
    during = (legs["t0"] < b) & (legs["t1"] > a)
    return np.flatnonzero((way | timed) & during)


def leg_fuel(legs: Legs, rates: Rates) -> tuple[Int64, Int64]:
    """Return fuel (ml) and length (mm, of vehicles; else 0) of whole legs that burn fuel.

    Parameters
    ----------
    legs
        Columns as in `startex.engine.effects.Legs`, shape (k,).
    rates
        What each entity burns.
    """
    row, mode = legs["entity"], legs["mode"]
    lasts = (legs["t1"] - legs["t0"]).astype(np.float64)
    timed = rates.by_time_ml_ms[row] * lasts
    length = np.zeros(row.size)
    ground = np.flatnonzero(mode != _AIR)
    length[ground] = distance_m(*(legs[name][ground] for name in ("lat0", "lon0", "lat1", "lon1")))
    ship = np.flatnonzero(_AFLOAT[mode] & (timed > 0))
    timed[ship] *= speed_factor(
        length[ship] / lasts[ship] * MS_PER_SECOND, rates.cruise_m_s[row[ship]]
    )
    timed[(mode != _AIR) & ~_AFLOAT[mode]] = 0.0
    by_way = rates.by_way_ml_m[row] * _FACTOR[mode]
    fuel = by_way * length + timed
    drives = by_way > 0
    return (
        np.rint(fuel).astype(np.int64),
        np.rint(np.where(drives, length, 0.0) * MM_PER_M).astype(np.int64),
    )


def speed_factor(speed_m_s: Float64, cruise_m_s: Float64) -> Float64:
    """Return the fuel of ships a unit of time over that at cruising speed; arrays of one shape.

    The cube law (models/shipfuel.py) where it holds. Slower ships burn what they do at its
    lower end; beyond its upper end fuel a unit of way stays as it is there, since fast hulls need
    less than the cube. Both are assumed.
    """
    ratio = speed_m_s / cruise_m_s
    inside = np.clip(ratio, LEAST_RATIO, GREATEST_RATIO)
    factor: Float64 = inside**3 * np.maximum(ratio / GREATEST_RATIO, 1.0)
    return factor
