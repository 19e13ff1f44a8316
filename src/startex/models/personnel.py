"""Planned losses of personnel at daily rates, with or without replacements.

Equation::

    S_1 = (1 - f) S_0 + R        S_d = (1 - q) S_{d-1} + R
    losses = S_0 + d R - S_d

``S_0`` strength at the start, ``f`` rate of the first and ``q`` of each succeeding day (share of
the strength at the start of that day), ``R`` replacements who come at the end of each day, ``d``
days.

Source: US Army CGSC ST 101-6, chapter 1; FM 101-10-1/2, table 4-18.

Validity: planning means of large units; shares, not persons, so results are not whole. It plans:
in an exercise nobody is lost. Left out: returns to duty unless within R, branches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Losses:
    """Planned losses over all days, and the strength after them; arrays of one shape."""

    losses: Float64
    remaining: Float64


def personnel_losses(
    strength: npt.ArrayLike,
    first_day_share: npt.ArrayLike,
    succeeding_share: npt.ArrayLike,
    days: npt.ArrayLike,
    replacements_per_day: npt.ArrayLike = 0.0,
) -> Losses:
    """Return planned losses and strength left after whole days; arguments broadcast."""
    start, first, rate, time, come = np.broadcast_arrays(
        within("strength", strength, 0),
        within("first_day_share", first_day_share, 0, 1),
        within("succeeding_share", succeeding_share, 0, 1),
        whole("days", days, 0),
        within("replacements_per_day", replacements_per_day, 0),
    )
    later = np.maximum(time - 1.0, 0.0)
    kept = (1.0 - rate) ** later
    # sum of (1 - q)^j over the later days; its limit where nobody is lost
    joined = np.where(rate > 0, (1.0 - kept) / np.where(rate > 0, rate, 1.0), later)
    left = (start * (1.0 - first) + come) * kept + come * joined
    left = np.where(time > 0, left, start)
    return Losses(start + time * come - left, left)


def steady_strength(
    succeeding_share: npt.ArrayLike, replacements_per_day: npt.ArrayLike
) -> Float64:
    """Return the strength at which replacements make up for losses; arguments broadcast."""
    strength: Float64 = within("replacements_per_day", replacements_per_day, 0) / within(
        "succeeding_share", succeeding_share, 0, 1, above=True
    )
    return strength
