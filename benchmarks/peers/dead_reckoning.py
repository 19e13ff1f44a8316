"""The bare loops' way of moving: each second, towards the waypoint, by the local ellipsoid."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from benchmarks.peers.workload import Workload

Float64 = npt.NDArray[np.float64]

A_M = 6_378_137.0
E2 = 0.0066943799901413165


def to_cartesian(lat: Float64, lon: Float64) -> Float64:
    """Return earth-centred positions on WGS-84, m, shape (k, 3)."""
    phi, lam = np.radians(lat), np.radians(lon)
    sin, cos = np.sin(phi), np.cos(phi)
    vertical = A_M / np.sqrt(1.0 - E2 * sin * sin)
    return np.stack(
        [vertical * cos * np.cos(lam), vertical * cos * np.sin(lam), vertical * (1.0 - E2) * sin],
        axis=1,
    )


def chord_of(length_m: float) -> float:
    """Return the straight line under a geodesic, m: on the mean sphere, within 1 mm at 50 km."""
    return 2.0 * 6_371_008.8 * float(np.sin(length_m / (2.0 * 6_371_008.8)))


class Fleet:
    """All entities as columns, stepped together."""

    def __init__(self, work: Workload) -> None:
        self.work = work
        self.rows = np.arange(work.size)
        self.lat, self.lon = work.lat[:, 0].copy(), work.lon[:, 0].copy()
        self.next = np.ones(work.size, dtype=np.int64)

    def step(self) -> None:
        """Move everybody on by a second; what is left after a waypoint goes along the next leg."""
        busy, left = self.rows, self.work.speed_m_s
        while busy.size:
            to_lat = self.work.lat[busy, self.next[busy]]
            to_lon = self.work.lon[busy, self.next[busy]]
            d_lat, d_lon = to_lat - self.lat[busy], to_lon - self.lon[busy]
            middle = np.radians(0.5 * (to_lat + self.lat[busy]))
            w2 = 1.0 - E2 * np.sin(middle) ** 2
            north = np.radians(d_lat) * (A_M * (1.0 - E2) / w2**1.5)
            east = np.radians(d_lon) * (A_M / np.sqrt(w2) * np.cos(middle))
            length = np.sqrt(north * north + east * east)
            passed = length <= left
            share = np.where(passed, 1.0, left / np.maximum(length, 1e-9))
            self.lat[busy] += d_lat * share
            self.lon[busy] += d_lon * share
            again = np.flatnonzero(passed & (self.next[busy] < self.work.lat.shape[1] - 1))
            left = (left - length)[again]
            busy = busy[again]
            self.next[busy] += 1
