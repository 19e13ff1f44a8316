"""Are the answers the same? Pairs and positions of each competitor against the exact ones.

Exact: everybody on the geodesics between waypoints (pyproj), pairs by the length of the geodesic.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from benchmarks.peers.workload import Workload, places

from startex.geography.geodesy import direct, inverse
from startex.geography.neighbours import neighbours

Float64 = npt.NDArray[np.float64]


def positions(work: Workload, second: float) -> tuple[Float64, Float64]:
    """Return where everybody is after so many seconds, degrees, shape (n,)."""
    azimuth, length = inverse(work.lat[:, :-1], work.lon[:, :-1], work.lat[:, 1:], work.lon[:, 1:])
    gone = work.speed_m_s * second
    end = np.cumsum(length, axis=1)
    leg = np.minimum((end <= gone[:, None]).sum(axis=1), length.shape[1] - 1)
    row = np.arange(work.size)
    along = np.minimum(gone - (end - length)[row, leg], length[row, leg])
    return direct(work.lat[row, leg], work.lon[row, leg], azimuth[row, leg], along)


class Exact:
    """The exact answers at the seconds compared, computed when they are first asked for."""

    def __init__(self, work: Workload) -> None:
        self.work = work
        self._known: dict[int, tuple[Float64, Float64, npt.NDArray[np.int64]]] = {}

    def at(self, second: int) -> tuple[Float64, Float64, npt.NDArray[np.int64]]:
        """Return latitudes, longitudes, and the pairs as keys (first * n + second), ascending."""
        if second not in self._known:
            lat, lon = positions(self.work, second)
            k = self.work.first
            i, j = neighbours(lat[:k], lon[:k], lat[k:], lon[k:], self.work.within_m)
            self._known[second] = lat, lon, i * self.work.size + j
        return self._known[second]


def agreement(exact: Exact, answer: Mapping[str, Any], plane: bool) -> dict[str, float]:
    """Return how an answer agrees with the exact one, over the seconds it was kept whole.

    Parameters
    ----------
    exact
        Of the same workload.
    answer
        ``seconds``, and ``pairs_S`` and ``positions_S`` for each of them.
    plane
        Whether positions are (y, x) on the plane of the square, not degrees.

    Returns
    -------
    ``pairs``: exact ones; ``missing``, ``extra``; ``share``: of the pairs that either has, those
    that both have; ``farthest_m``: among those that one only has, how far from the limit the
    exact distance is at most; ``error_median_m``, ``error_max_m``: of positions.
    """
    work = exact.work
    total = missing = extra = 0
    farthest, errors = 0.0, []
    for second in np.asarray(answer["seconds"]).tolist():
        lat, lon, right = exact.at(second)
        pairs = answer[f"pairs_{second}"]
        given = np.sort(pairs[:, 0] * work.size + pairs[:, 1])
        if (given[1:] == given[:-1]).any():
            raise ValueError(f"a pair stands twice in the answer of second {second}")
        wrong = np.setxor1d(right, given, assume_unique=True)
        missing += int(np.isin(wrong, right).sum())
        extra += int((~np.isin(wrong, right)).sum())
        total += right.size
        if wrong.size:
            i, j = wrong // work.size, work.first + wrong % work.size
            length = inverse(lat[i], lon[i], lat[j], lon[j])[1]
            farthest = max(farthest, float(np.abs(length - work.within_m).max()))
        at_lat, at_lon = answer[f"positions_{second}"].T
        if plane:
            at_lat, at_lon = places(at_lon, at_lat, direct)
        errors.append(inverse(lat, lon, at_lat, at_lon)[1])
    error = np.concatenate(errors)
    union = total + extra
    return {
        "pairs": total,
        "missing": missing,
        "extra": extra,
        "share": 1.0 if not union else (total - missing) / union,
        "farthest_m": farthest,
        "error_median_m": float(np.median(error)),
        "error_max_m": float(error.max()),
    }


def load_answer(path: Path) -> dict[str, Any]:
    """Return the arrays of an answer file."""
    with np.load(path) as data:
        return dict(data)
