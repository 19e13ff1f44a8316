"""Straight pieces of the ways of platforms, in latitude, longitude and time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.geography.metric import distance_m
from startex.geography.neighbours import cartesian

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

_BALL_SLACK_M = 2.0
"""A leg is straight in (lat, lon), not in space: its middle lies so far off at most."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Straight lines in (lat, lon, time) of platforms, sorted by (entity, t0), shape (k,).

    Times ms; angles degrees; longitudes of one piece run without a jump.
    """

    entity: Int64
    t0: Int64
    t1: Int64
    lat0: Float64
    lon0: Float64
    lat1: Float64
    lon1: Float64

    def __len__(self) -> int:
        return len(self.entity)

    def take(self, index: Int64) -> Pieces:
        """Return some pieces, in the order of ``index``."""
        return Pieces(*(getattr(self, name)[index] for name in self.__slots__))

    def speed_m_ms(self) -> Float64:
        """Return the speed over ground of each piece, metres per millisecond, up to 0.1 %."""
        length = distance_m(self.lat0, self.lon0, self.lat1, self.lon1)
        result: Float64 = length / (self.t1 - self.t0)
        return result

    def clip(self, t0: int, t1: int) -> Pieces:
        """Return the parts of the pieces between two instants."""
        chosen = self.take(np.flatnonzero((self.t0 < t1) & (self.t1 > t0)))
        a, b = np.maximum(chosen.t0, t0), np.minimum(chosen.t1, t1)
        span = chosen.t1 - chosen.t0
        share_a, share_b = (a - chosen.t0) / span, (b - chosen.t0) / span
        north, east = chosen.lat1 - chosen.lat0, chosen.lon1 - chosen.lon0
        return Pieces(
            chosen.entity, a, b,
            chosen.lat0 + north * share_a, chosen.lon0 + east * share_a,
            chosen.lat0 + north * share_b, chosen.lon0 + east * share_b,
        )  # fmt: skip


def balls(ways: Pieces) -> tuple[Float64, Float64]:
    """Return centres (k, 3) and radii (k,) of balls that hold the pieces, metres."""
    lat = np.stack([0.5 * (ways.lat0 + ways.lat1), ways.lat0, ways.lat1])
    lon = np.stack([0.5 * (ways.lon0 + ways.lon1), ways.lon0, ways.lon1])
    centre, *ends = cartesian(lat, lon)
    far = [np.sqrt(((end - centre) ** 2).sum(axis=1)) for end in ends]
    radius = np.maximum(far[0], far[1])
    return centre, np.where(radius > 0.0, radius + _BALL_SLACK_M, 0.0)
