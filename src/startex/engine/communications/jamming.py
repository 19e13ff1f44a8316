"""Jamming: nets of a kind that are slowed down or silenced around a place, for a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.geography.metric import distance_m, distance_of_two_m

Bool = npt.NDArray[np.bool_]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Area:
    """A circle on the ground: degrees, and its radius in metres."""

    lat: float
    lon: float
    radius_m: float

    def holds(self, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Bool:
        """Tell which points lie within; unknown ones (nan) do not."""
        inside: Bool = distance_m(self.lat, self.lon, lat, lon) <= self.radius_m
        return inside

    def has(self, lat: float, lon: float) -> bool:
        """Tell whether one point lies within; an unknown one (nan) does not."""
        return distance_of_two_m(self.lat, self.lon, lat, lon) <= self.radius_m


@dataclass(frozen=True, slots=True)
class Jam:
    """One jammer at work from ``t0`` to ``t1`` (ms) on all nets of a kind received in an area.

    ``factor`` multiplies the time of sending; infinite: nothing gets through.
    """

    kind: str
    area: Area
    t0: int
    t1: int
    factor: float = math.inf

    def __post_init__(self) -> None:
        if not self.factor >= 1.0:
            raise ValueError(f"factor is {self.factor}; it must be 1 or more")
        if self.t1 <= self.t0:
            raise ValueError(f"jamming from {self.t0} to {self.t1} ms lasts no time")


def silenced_until(jams: Sequence[Jam], kind: str, t: int, lat: float, lon: float) -> int | None:
    """Return until when a net of a kind cannot be received at a place, None where it can."""
    ends = [j.t1 for j in jams if math.isinf(j.factor) and _at_work(j, kind, t, lat, lon)]
    return max(ends) if ends else None


def slowed_by(jams: Sequence[Jam], kind: str, t: int, lat: float, lon: float) -> float:
    """Return the factor of the time of sending: that of the strongest jammer, else 1."""
    factors = [j.factor for j in jams if _at_work(j, kind, t, lat, lon)]
    return max(factors, default=1.0)


def _at_work(jam: Jam, kind: str, t: int, lat: float, lon: float) -> bool:
    return jam.kind == kind and jam.t0 <= t < jam.t1 and jam.area.has(lat, lon)
