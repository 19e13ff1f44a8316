"""Points looked up by latitude: sorted once, so that a question costs what lies near."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

M_PER_DEG = 110_500.0
"""A degree of latitude is nowhere shorter than this, m (WGS-84: 110,574 m at the equator)."""


class Latitudes:
    """Points on Earth sorted by latitude.

    Narrows a search to those that can matter: no two points are nearer to each other, along the
    ellipsoid, than `M_PER_DEG` times their difference in latitude.

    Parameters
    ----------
    lat
        Degrees, shape (n,); a point at nan is nowhere and is never found.
    """

    def __init__(self, lat: Float64) -> None:
        found = np.flatnonzero(~np.isnan(lat))
        order = np.argsort(lat[found], kind="stable")
        self._rows: Int64 = found[order].astype(np.int64)
        self._lat = lat[self._rows]

    def between(self, south: float, north: float) -> Int64:
        """Return the points from one latitude (deg) to another, both included; ascending."""
        first = int(np.searchsorted(self._lat, south, side="left"))
        last = int(np.searchsorted(self._lat, north, side="right"))
        return np.sort(self._rows[first:last])

    def near(self, lat: float, within_m: float) -> Int64:
        """Return the points that may lie within a distance (m) of a latitude (deg); ascending."""
        reach = within_m / M_PER_DEG
        return self.between(lat - reach, lat + reach)
