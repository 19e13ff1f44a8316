"""Where platforms are at one instant: what `motion` says for it, without its pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.sensing.motion import Columns

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spots:
    """Positions of rows (ascending) at one instant, shape (n,); nan aboard something.

    Degrees, and heights in m above the ellipsoid.
    """

    rows: Int64
    lat: Float64
    lon: Float64
    alt: Float64

    def at(self, entity: Int64, t: Float64) -> tuple[Float64, Float64, Float64]:
        """Return latitude, longitude and height of some of the rows; ``t`` is that instant."""
        found = np.searchsorted(self.rows, entity)
        return self.lat[found], self.lon[found], self.alt[found]


def spots(
    t: int,
    rows: Int64,
    legs: Columns,
    standing: tuple[Float64, Float64, Float64],
    carried: Columns,
) -> Spots:
    """Return where rows are at ``t``, ms; parameters as of `motion.motion`.

    Legs and times aboard must be of those rows and end after ``t``. Who is on a leg is on it; who
    is aboard something is nowhere; who has legs before him stands where the first one begins.
    """
    place = np.searchsorted(rows, legs["entity"])
    order = np.lexsort((legs["t0"], place))
    place = place[order]
    first = np.append(True, place[1:] != place[:-1]) if place.size else np.empty(0, np.bool_)
    lead, place = order[first], place[first]
    t0, t1 = legs["t0"][lead], legs["t1"][lead]
    runs = t0 <= t
    share = np.where(runs, (t - t0) / (t1 - t0), 0.0)
    aboard = np.zeros(rows.size, dtype=np.bool_)
    now = carried["t0"] <= t
    aboard[np.searchsorted(rows, carried["entity"][now])] = True
    aboard[place[runs]] = False
    found = []
    for column, name in zip(standing, ("lat", "lon", "alt"), strict=True):
        spot = np.array(column, dtype=np.float64)
        start = legs[name + "0"][lead]
        spot[place] = np.where(runs, start + (legs[name + "1"][lead] - start) * share, start)
        spot[aboard] = np.nan
        found.append(spot)
    return Spots(rows, *found)
