"""Where to look for what stands near: bands of latitude, kept up as platforms move."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.forces.definitions import KINDS
from startex.forces.force import Force

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]

BAND_DEG = 0.1
"""Height of a band: about 11 km, as far as a berth is looked for about a port."""

BERTHED = ("ship", "aircraft")
"""Kinds of platform that need a berth or a parking place of their own."""

_NOWHERE = -1
_UNKNOWN = -2  # not among the rows that are kept


class Bands:
    """Rows by the band of latitude in which they stand.

    Only who moves changes bands, so that keeping this up costs what moves, and a question what
    stands in the bands asked for.

    Parameters
    ----------
    rows
        Whom to keep; others may move unseen.
    lat
        Degrees, of everybody, shape (n,); nan: nowhere.
    """

    def __init__(self, rows: Int32, lat: Float64) -> None:
        self._band = np.full(lat.size, _UNKNOWN, dtype=np.int16)
        self._band[rows] = _NOWHERE
        self._rows: dict[int, Int32] = {}
        self.move(rows, lat[rows])

    def move(self, rows: Int32, lat: Float64) -> None:
        """Note where rows stand now.

        Parameters
        ----------
        rows
            Shape (k,); those that are not kept are passed over.
        lat
            Degrees, shape (k,); nan: nowhere.
        """
        was = self._band[rows]
        kept = was != _UNKNOWN
        if not kept.any():
            return  # most moves are those of vehicles and teams
        now = np.where(np.isnan(lat), _NOWHERE, _band(lat)).astype(np.int16)
        changed = kept & (was != now)
        if not changed.any():
            return  # back where they were
        rows, first = np.unique(rows[changed], return_index=True)
        was, now = was[changed][first], now[changed][first]
        self._band[rows] = now
        for band in np.unique(was[was != _NOWHERE]).tolist():
            stay = self._rows[band]
            self._rows[band] = stay[self._band[stay] == band]
        for band in np.unique(now[now != _NOWHERE]).tolist():
            stay = self._rows.get(band, np.empty(0, dtype=np.int32))
            self._rows[band] = np.concatenate([stay, rows[now == band].astype(np.int32)])

    def between(self, south: float, north: float) -> Int32:
        """Return the rows in all bands that two latitudes (deg) and what is between touch.

        Ascending. They may stand a band's height outside; none that stands inside is missing.
        """
        first, last = int(_band(south)), int(_band(north))
        found = [self._rows[band] for band in range(first, last + 1) if band in self._rows]
        return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int32)


def bands_of(force: Force, lat: Float64) -> Bands:
    """Return the bands of the platforms that need places of their own (`BERTHED`).

    Parameters
    ----------
    force
        Who there is.
    lat
        Degrees, shape (n,); nan: nowhere.
    """
    kept = np.isin(force.kind, [KINDS.index(kind) for kind in BERTHED])
    return Bands(np.flatnonzero(kept).astype(np.int32), lat)


def _band(lat: npt.ArrayLike) -> Float64:
    """Return the number of the band of a latitude, a whole number from 0, as a float."""
    band: Float64 = np.floor((np.asarray(lat, dtype=np.float64) + 90.0) / BAND_DEG)
    return band
