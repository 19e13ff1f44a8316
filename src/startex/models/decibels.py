"""Decibels: ten times the logarithm of a ratio of powers.

Equation::

    D = 10 log10 r      r = 10^(D / 10)

Source: IEC 80000-3. Left out: field quantities, which count twice.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


def decibels(ratio: npt.ArrayLike) -> Float64:
    """Return a ratio of powers in decibels; any shape, ratios above 0."""
    level: Float64 = 10.0 * np.log10(within("ratio", ratio, 0, above=True))
    return level


def power_ratio(level_db: npt.ArrayLike) -> Float64:
    """Return the ratio of powers that a level in decibels means; any shape."""
    ratio: Float64 = 10.0 ** (within("level_db", level_db, -3000.0, 3000.0) / 10.0)
    return ratio


def sum_db(*levels_db: npt.ArrayLike) -> Float64:
    """Return the level of several powers together, decibels; arguments broadcast."""
    levels = np.stack(np.broadcast_arrays(*(within("levels_db", level) for level in levels_db)))
    top = levels.max(axis=0)
    level: Float64 = top + 10.0 * np.log10((10.0 ** ((levels - top) / 10.0)).sum(axis=0))
    return level
