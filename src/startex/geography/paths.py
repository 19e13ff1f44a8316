"""A path: a polyline on the ellipsoid, cut fine enough to be straight in every leg."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]

POSITION_DECIMALS = 7
"""Degrees are kept to 1e-7 (11 mm on the ground), so that recorded and computed paths agree."""


@dataclass(frozen=True, slots=True)
class Path:
    """Vertices of a way; straight lines in (lat, lon) between them stay within 1 m of the geodesic.

    Attributes
    ----------
    lat, lon
        Degrees WGS-84, shape (k,), k >= 2, rounded to `POSITION_DECIMALS`. ``lon`` runs without
        a jump across the date line (it may leave [-180, 180]).
    s
        Distance from the start along the path, metres, shape (k,), increasing from 0.
    """

    lat: Float64
    lon: Float64
    s: Float64

    @property
    def length_m(self) -> float:
        """Length in metres."""
        return float(self.s[-1])

    def reversed(self) -> Path:
        """Return the same way in the other direction."""
        return Path(self.lat[::-1].copy(), self.lon[::-1].copy(), self.s[-1] - self.s[::-1])
