"""Where platforms are at one instant: what `motion` says for it, without its pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.sensing.motion import Columns
from startex.engine.state import State

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Place = tuple[float, float, float]
"""Latitude, longitude (degrees) and height (m); nan aboard something."""

_NOWHERE = (float("nan"), float("nan"), float("nan"))
_ENDS = ("lat0", "lat1"), ("lon0", "lon1"), ("alt0", "alt1")


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


def place(t: int, row: int, legs: Columns, carriers: Columns, state: State) -> Place:
    """Return where one row is at ``t``, ms: what `spots` says, on plain numbers.

    ``legs`` and ``carriers`` may be of anybody; what has ended by ``t`` is passed over.
    """
    ends, begins = legs["t1"], legs["t0"]
    own = (legs["entity"] == row).nonzero()[0]
    own = own[ends[own] > t]
    at = int(own[begins[own].argmin()]) if own.size else -1
    if at >= 0 and (t0 := int(begins[at])) <= t:
        share = (t - t0) / (int(ends[at]) - t0)
        lat, lon, alt = ((float(legs[a][at]), float(legs[b][at])) for a, b in _ENDS)
        return (
            lat[0] + (lat[1] - lat[0]) * share, lon[0] + (lon[1] - lon[0]) * share,
            alt[0] + (alt[1] - alt[0]) * share,
        )  # fmt: skip
    if state.carrier[row] >= 0 and state.aboard_ms[row] <= t:
        return _NOWHERE
    for i in (carriers["entity"] == row).nonzero()[0].tolist():
        if carriers["t0"][i] <= t < carriers["t1"][i]:
            return _NOWHERE
    if at >= 0:
        return float(legs["lat0"][at]), float(legs["lon0"][at]), float(legs["alt0"][at])
    return float(state.lat[row]), float(state.lon[row]), float(state.alt[row])
