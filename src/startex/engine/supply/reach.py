"""Where units, trains and depots are at the supply hour, and what trucks can bring in a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.geography.metric import distance_m
from startex.geography.places import Places
from startex.models.haulage import round_trip_s, trips_per_vehicle

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

DEPOT_KINDS: tuple[str, ...] = ("port", "airfield", "station", "park", "town")
"""Kinds of place with a depot, or a host who supplies; assumed. So has the home of each unit."""

AT_DEPOT_M = 10_000.0
"""Who is this near to a depot fetches what is missing there; assumed: a short drive."""

REACH_M = 145_000.0 / 1.3
"""How far trains supply in a straight line: a line haul of 90 miles by road, see `DETOUR`."""

DETOUR = 1.3
"""Road over the straight line; assumed."""

SPEED_M_S = 20.0 * 1_609.344 / 3_600.0
"""Mean speed of supply trucks, 20 miles an hour on good roads."""

LOAD_UNLOAD_S = 2.5 * 3_600.0
"""Loading and unloading of a round trip."""

DRIVING_S = 20.0 * 3_600.0
"""Hours of trucks on the road in a day: two shifts of ten. Speed, times and line haul are
planning figures commonly quoted from US Army FM 55-15, not retrieved."""


@dataclass(slots=True)
class Depots:
    """Where depots are, for searching; degrees, shapes (d,)."""

    lat: Float64
    lon: Float64
    _tree: Any

    @classmethod
    def of(cls, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Depots:
        """Return depots at given points."""
        from scipy.spatial import cKDTree  # noqa: PLC0415  (late: its import takes time)

        at = np.atleast_1d(np.asarray(lat, dtype=np.float64))
        east = np.atleast_1d(np.asarray(lon, dtype=np.float64))
        return cls(at, east, cKDTree(_vectors(at, east)) if at.size else None)

    @classmethod
    def of_places(cls, places: Places, homes: tuple[str, ...]) -> Depots:
        """Return a depot at each place of `DEPOT_KINDS` and at each home that is named."""
        wanted = frozenset(homes)
        rows = [
            row
            for row, (name, kind) in enumerate(zip(places.id, places.kind, strict=True))
            if kind in DEPOT_KINDS or name in wanted
        ]
        return cls.of(places.lat[rows], places.lon[rows])

    def nearest_m(self, lat: Float64, lon: Float64) -> Float64:
        """Return the distance of points to the nearest depot; 0 for points that are nowhere."""
        found = np.zeros(lat.size)
        real = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
        if not self.lat.size:
            found[real] = np.inf
        elif real.size:
            _, at = self._tree.query(_vectors(lat[real], lon[real]))
            found[real] = distance_m(lat[real], lon[real], self.lat[at], self.lon[at])
        return found


def trips_a_day(straight_m: Float64) -> Int64:
    """Return the round trips of a truck in a day over a distance; none where it is too far."""
    near = np.where(np.isfinite(straight_m), straight_m, 4e7)
    trip = round_trip_s(near * DETOUR, SPEED_M_S, LOAD_UNLOAD_S)
    return trips_per_vehicle(DRIVING_S, trip).astype(np.int64)


def _vectors(lat: Float64, lon: Float64) -> Float64:
    north, east = np.radians(lat), np.radians(lon)
    return np.column_stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]
    )
