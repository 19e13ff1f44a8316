"""The weather at any time and place: the row of the smallest area there, else of a wider one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.environment.weather import MEASURES, Weather
from startex.geography.geodesy import polygon_area_m2
from startex.geography.places import Bool, Place, Places

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

EVERYWHERE = -1
"""In place of the row of a place: the weather of the blank area."""

FAIR: Mapping[str, float] = {
    "wind_m_s": 5.0,
    "wind_from_deg": 270.0,
    "visibility_m": 20_000.0,
    "sea_state": 2.0,
    "rain_mm_h": 0.0,
    "temperature_c": 15.0,
    "cloud_cover": 0.25,
}
"""The weather of which no row speaks. Assumed: fair weather that hinders nobody (a gentle breeze,
Beaufort 3, with the sea that goes with it; the standard atmosphere's temperature at the sea)."""

_M_PER_DEG = 110_500.0
"""Less than any degree of latitude on WGS-84 is long, metres."""


@dataclass(frozen=True, slots=True, eq=False)
class Conditions:
    """The weather at each of many times and places; float64 arrays of one shape.

    Attributes
    ----------
    wind_m_s, wind_from_deg
        Mean wind at 10 m, and where it comes from, degrees from true north.
    visibility_m
        Meteorological optical range.
    sea_state
        Douglas scale, whole numbers 0 to 9.
    rain_mm_h
        Rate of rain.
    temperature_c
        Of the air, degrees Celsius.
    cloud_cover
        Share of the sky covered, 0 to 1.
    row
        int32; row of the `Environment` that was asked first, that of the smallest area; -1 where
        none speaks of this time and place.
    """

    wind_m_s: Float64
    wind_from_deg: Float64
    visibility_m: Float64
    sea_state: Float64
    rain_mm_h: Float64
    temperature_c: Float64
    cloud_cover: Float64
    row: Int32


@dataclass(frozen=True, slots=True, eq=False)
class Environment:
    """The weather of an exercise by area and time, as columns; made by `environment`.

    Rows stand by area, from the widest to the smallest, and in time order within an area.

    Attributes
    ----------
    places
        The places that areas are.
    area
        int32 (row); row of the place, or `EVERYWHERE`.
    t
        int64 (row); since when, milliseconds since the epoch.
    measures
        float64 (row) by name in `weather.MEASURES`; nan: as in the next wider area.
    areas
        (area, first row, row after the last) of each area, widest first.
    """

    places: Places
    area: Int32
    t: Int64
    measures: Mapping[str, Float64]
    areas: tuple[tuple[int, int, int], ...]

    def conditions(self, t_ms: npt.ArrayLike, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Conditions:
        """Return the weather at times and places.

        A place lies in every area whose outline or radius holds it. Of each measure the smallest
        of them counts that has one at that time: a row holds from its instant until the next of
        its area. Then comes the blank area, then `FAIR`.

        Parameters
        ----------
        t_ms
            Milliseconds since the epoch.
        lat, lon
            Degrees, any turn of longitude; where nan, only the blank area counts. All three of any
            shapes that broadcast against each other.
        """
        alike = np.broadcast_arrays(
            np.asarray(t_ms, dtype=np.int64),
            np.asarray(lat, dtype=np.float64),
            np.asarray(lon, dtype=np.float64),
        )
        shape = alike[0].shape
        t, at_lat, at_lon = (array.ravel() for array in alike)
        found = {name: np.full(t.size, FAIR[name]) for name in MEASURES}
        row = np.full(t.size, -1, dtype=np.int32)
        for area, first, last in self.areas:
            latest = first - 1 + np.searchsorted(self.t[first:last], t, side="right")
            begun = np.flatnonzero(latest >= first)
            if area != EVERYWHERE:
                begun = begun[_inside(self.places, area, at_lat[begun], at_lon[begun])]
            if not begun.size:
                continue
            of = latest[begun]
            row[begun] = of
            for name in MEASURES:
                values = self.measures[name][of]
                known = np.isfinite(values)
                found[name][begun[known]] = values[known]
        columns = {name: values.reshape(shape) for name, values in found.items()}
        return Conditions(**columns, row=row.reshape(shape))


def environment(rows: Iterable[Weather], places: Places) -> Environment:
    """Return the environment of rows of weather; their order means nothing.

    Raises
    ------
    ValueError
        If an area is no place, or two rows of one area begin at one instant.
    """
    listed = list(rows)
    number = {place.id: index for index, place in enumerate(places)}
    size = {EVERYWHERE: math.inf}
    of: list[int] = []
    for row in listed:
        if row.area and row.area not in number:
            raise ValueError(f"weather of {row.area!r}, which is no place")
        area = number[row.area] if row.area else EVERYWHERE
        if area not in size:
            size[area] = area_m2(places[area])
        of.append(area)
    # Of areas of one size the later id counts as the smaller, whatever the order of the rows.
    order = sorted(range(len(listed)), key=lambda i: (-size[of[i]], of[i], listed[i].t))
    area_column = np.array([of[i] for i in order], dtype=np.int32)
    t_column = np.array([listed[i].t for i in order], dtype=np.int64)
    starts = [0, *(np.flatnonzero(np.diff(area_column)) + 1).tolist(), len(order)]
    areas = [
        (int(area_column[first]), first, last)
        for first, last in itertools.pairwise(starts)
        if first < last
    ]
    for area, first, last in areas:
        if (np.diff(t_column[first:last]) == 0).any():
            name = "everywhere" if area == EVERYWHERE else places.id[area]
            raise ValueError(f"two rows of weather of {name} begin at one instant")
    measures = {
        name: np.array([getattr(listed[i], name) for i in order], dtype=np.float64)
        for name in MEASURES
    }
    columns: list[npt.NDArray[Any]] = [area_column, t_column, *measures.values()]
    for column in columns:
        column.flags.writeable = False
    return Environment(places, area_column, t_column, measures, tuple(areas))


def area_m2(place: Place) -> float:
    """Return the extent of a place, square metres: of its outline, else of its circle."""
    if place.polygon:
        return polygon_area_m2(place.polygon)
    return math.pi * place.radius_m**2


def _inside(places: Places, area: int, lat: Float64, lon: Float64) -> Bool:
    """Return which points lie in an area; of a circle, only those near it are measured."""
    place = places[area]
    if place.polygon:
        return places.contains(area, lat, lon)
    reach_deg = place.radius_m / _M_PER_DEG
    inside = np.abs(lat - place.lat) <= reach_deg
    most_deg = abs(place.lat) + reach_deg
    if most_deg < 89.0:  # beyond, every longitude is near
        across = np.abs(lon - place.lon - 360.0 * np.round((lon - place.lon) / 360.0))
        inside &= across <= 1.01 * reach_deg / math.cos(math.radians(most_deg))
    near = np.flatnonzero(inside)
    if near.size:
        inside[near] = places.contains(area, lat[near], lon[near])
    return inside
