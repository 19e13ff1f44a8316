"""The workload: two sides follow waypoints in a square of 1,000 km; who is near whom, each second.

Needs NumPy only, so that every competitor can read it in an environment of its own. Distances in
it are on a plane that touches the globe at the middle of the square, true to distance from there;
`places` turns points of the plane into degrees with any direct geodesic solver.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]
Direct = Callable[[Float64, Float64, Float64, Float64], tuple[Float64, Float64]]
"""Latitude, longitude, azimuth (deg) and distance (m) to latitude and longitude."""

CENTRE = (40.0, -150.0)
"""Middle of the square, degrees: open water of the north-east Pacific, no island within it."""

SIDE_M = 1_000_000.0
LEGS = 8
SHORTEST_LEG_M = 4_000.0
LONGEST_LEG_M = 12_000.0
SHARPEST_TURN = np.radians(90.0)
SLOWEST_M_S = 15.0
FASTEST_M_S = 30.0
"""Fast craft (29 to 58 kn): ships of Startex sail so, helicopters of BlueSky fly so."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Two sides and their ways.

    Attributes
    ----------
    lat, lon
        Start and waypoints, degrees, shape (n, legs + 1).
    x, y
        The same on the plane of the square, m.
    speed_m_s
        Constant speed over ground of each, shape (n,).
    first
        How many are of the first side; they come first.
    within_m
        Distance within which pairs of opposite sides are reported.
    duration_s
        Length of the window; pairs are reported at each whole second from 1 on.
    """

    lat: Float64
    lon: Float64
    x: Float64
    y: Float64
    speed_m_s: Float64
    first: int
    within_m: float
    duration_s: int

    @property
    def size(self) -> int:
        """Number of entities."""
        return len(self.speed_m_s)

    def save(self, path: Path) -> None:
        """Write the workload to a file."""
        np.savez(path, **{name: np.asarray(getattr(self, name)) for name in self.__slots__})

    @classmethod
    def load(cls, path: Path) -> Workload:
        """Read a workload from a file."""
        with np.load(path) as data:
            arrays = {name: data[name] for name in ("lat", "lon", "x", "y", "speed_m_s")}
            return cls(
                **arrays,
                first=int(data["first"]),
                within_m=float(data["within_m"]),
                duration_s=int(data["duration_s"]),
            )


def make(size: int, within_m: float, duration_s: int, direct: Direct, seed: int = 1) -> Workload:
    """Return the workload of a seed.

    Starts are uniform in the square; each leg has a uniform length, and turns from the one before
    by `SHARPEST_TURN` at most: aircraft cannot turn about on the spot. Ways may lead out of the
    square by a few legs.
    """
    draws = np.random.default_rng([seed, size])
    half = 0.5 * SIDE_M
    x, y = np.empty((2, size, LEGS + 1))
    x[:, 0], y[:, 0] = draws.uniform(-half, half, (2, size))
    course = draws.uniform(0.0, 2.0 * np.pi, size)
    for leg in range(LEGS):
        length = draws.uniform(SHORTEST_LEG_M, LONGEST_LEG_M, size)
        x[:, leg + 1] = x[:, leg] + length * np.sin(course)
        y[:, leg + 1] = y[:, leg] + length * np.cos(course)
        course += draws.uniform(-SHARPEST_TURN, SHARPEST_TURN, size)
    speed = np.round(draws.uniform(SLOWEST_M_S, FASTEST_M_S, size), 3)
    lat, lon = places(x, y, direct)
    return Workload(lat, lon, x, y, speed, size // 2, within_m, duration_s)


def places(x: Float64, y: Float64, direct: Direct) -> tuple[Float64, Float64]:
    """Return latitude and longitude of points of the plane, degrees, rounded to 1e-7."""
    shape = np.shape(x)
    azimuth = np.degrees(np.arctan2(x, y)).ravel()
    away = np.hypot(x, y).ravel()
    middle = [np.full(away.size, value) for value in CENTRE]
    lat, lon = direct(middle[0], middle[1], azimuth, away)
    return np.round(lat, 7).reshape(shape), np.round(lon, 7).reshape(shape)


def waypoints_needed(work: Workload) -> Int64:
    """Return how many legs each entity enters within the window, and one to spare; shape (n,)."""
    length = np.hypot(np.diff(work.x, axis=1), np.diff(work.y, axis=1))
    reach = np.cumsum(length, axis=1)
    need = (work.speed_m_s * work.duration_s)[:, None]
    return np.minimum((reach < need).sum(axis=1) + 2, length.shape[1])


def check_seconds(duration_s: int) -> list[int]:
    """Return the seconds at which whole answers are kept: the first, then each minute."""
    return [1, *range(60, duration_s + 1, 60)]
