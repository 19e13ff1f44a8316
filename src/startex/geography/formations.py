"""Formations and laagers: offsets from a guide."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from startex.geography.geodesy import direct
from startex.geography.paths import Float64

Formation = Literal[
    "line", "column", "wedge", "circle", "line_ahead", "line_abreast", "screen", "laager"
]
FORMATIONS: tuple[str, ...] = get_args(Formation)


def laager_slots(n: int, spacing_m: float) -> tuple[Float64, Float64]:
    """Return (forward, right) of the slots of a laager, metres, shape (n,).

    A square grid filled from the middle outwards: slot i is the same whatever ``n`` is.
    """
    forward, right = _laager(n)
    return forward * spacing_m, right * spacing_m


@lru_cache(maxsize=512)
def _laager(n: int) -> tuple[Float64, Float64]:
    """Return `laager_slots` at a spacing of 1; kept, not to be changed."""
    half = int(np.ceil(np.sqrt(n) / 2.0)) + 1
    side: Float64 = np.arange(-half, half + 1, dtype=np.float64)
    forward, right = (g.ravel() for g in np.meshgrid(side, side, indexing="ij"))
    turn = np.round(np.arctan2(right, forward) % (2.0 * np.pi), 9)
    ring = np.maximum(np.abs(forward), np.abs(right))
    order = np.lexsort((turn, forward**2 + right**2, ring))[:n]
    return forward[order], right[order]


def formation_offsets(name: str, n: int, spacing_m: float) -> tuple[Float64, Float64]:
    """Return (forward, right) offsets of a formation from its guide, metres, shape (n,).

    Row 0 is the guide at (0, 0), except in a circle, whose middle is (0, 0). Neighbours are
    ``spacing_m`` apart.

    Parameters
    ----------
    name
        column, line_ahead: one behind the other. line, line_abreast: side by side, the guide in the
        middle. wedge: two wings swept back 45 degrees. circle: all round. screen: the others on an
        arc ahead of the guide, 100 degrees to each side. laager: see `laager_slots`.
    n
        How many.
    spacing_m
        Distance between neighbours.

    Raises
    ------
    ValueError
        If the name is none of `FORMATIONS`.
    """
    number: Float64 = np.arange(n, dtype=np.float64)
    rank: Float64 = np.ceil(number / 2.0)
    side: Float64 = np.where(number % 2 == 1, 1.0, -1.0)
    zero: Float64 = np.zeros(n)
    if name in ("column", "line_ahead"):
        return -spacing_m * number, zero
    if name in ("line", "line_abreast"):
        return zero, spacing_m * rank * side
    if name == "wedge":
        step = spacing_m * np.sqrt(0.5)
        return -step * rank, step * rank * side
    if name == "circle":
        radius = 0.0 if n < 2 else spacing_m / (2.0 * np.sin(np.pi / n))
        turn = 2.0 * np.pi * number / max(n, 1)
        return radius * np.cos(turn), radius * np.sin(turn)
    if name == "screen":
        return _screen(n, spacing_m)
    if name == "laager":
        return laager_slots(n, spacing_m)
    raise ValueError(f"no formation {name!r}; allowed: {', '.join(FORMATIONS)}")


def _screen(n: int, spacing_m: float) -> tuple[Float64, Float64]:
    others = n - 1
    arc = np.radians(200.0)
    bearing = np.zeros(n)
    if others > 1:
        bearing[1:] = -arc / 2.0 + arc * np.arange(others) / (others - 1)
    step = arc / max(others - 1, 1)
    radius = np.full(n, max(spacing_m, spacing_m / (2.0 * np.sin(min(step, np.pi) / 2.0))))
    radius[:1] = 0.0
    return radius * np.cos(bearing), radius * np.sin(bearing)


def apply_offsets(
    lat: npt.ArrayLike,
    lon: npt.ArrayLike,
    heading_deg: npt.ArrayLike,
    forward_m: npt.ArrayLike,
    right_m: npt.ArrayLike,
) -> tuple[Float64, Float64]:
    """Return positions at offsets from guides, degrees; all arguments broadcast.

    Parameters
    ----------
    lat, lon, heading_deg
        Position and heading of the guide.
    forward_m, right_m
        Offset ahead and to the right of it.
    """
    ahead = np.asarray(forward_m, dtype=np.float64)
    abeam = np.asarray(right_m, dtype=np.float64)
    bearing = np.asarray(heading_deg, dtype=np.float64) + np.degrees(np.arctan2(abeam, ahead))
    return direct(lat, lon, bearing, np.hypot(ahead, abeam))
