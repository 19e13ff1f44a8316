"""Ways for every mode: sea lanes around land, road-like ways on land, railways, air legs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from startex.geography import rails
from startex.geography.geodesy import Cloud, cut, join
from startex.geography.meander import meander, way_key
from startex.geography.paths import POSITION_DECIMALS, Float64, Path
from startex.geography.places import Places
from startex.geography.search import NoWayError, Searcher, dry_between, wet_samples
from startex.geography.surface import Surface
from startex.geography.ways import Way, Ways

__all__ = ["ROAD_DETOUR", "NoWayError", "Router"]

ROAD_DETOUR = 1.3
"""Length of a road over the geodesic between its ends, where a way gives no better figure.
Assumed: published circuity of road networks over distances of tens to hundreds of kilometres
lies between 1.2 and 1.4 (Ballou, Rahardja, Sakai, "Selected country circuity factors for road
travel distance estimation", Transportation Research A 36, 2002)."""

_VARIANTS = 16  # courses tried before a road goes straight
_KEPT = 4096  # ways remembered of each kind

Point = tuple[float, float]


class Router:
    """Finds ways; remembers them. The same question always has the same answer.

    Parameters
    ----------
    surface
        Land and water.
    ways
        Lines the scenario gives.
    places
        Places the lines end at.
    """

    def __init__(self, surface: Surface, ways: Ways, places: Places) -> None:
        self.surface = surface
        self.ways = ways
        self.places = places
        self._searcher = Searcher(surface)
        self._rails = rails.RailNetwork(ways, places)
        self._sea = lru_cache(_KEPT)(self._sea_way)
        self._road = lru_cache(_KEPT)(self._road_way)
        self._rail = lru_cache(_KEPT)(self._rails.path)
        self._line = lru_cache(_KEPT)(self._given_line)
        self._course = lru_cache(_KEPT)(self._course_way)
        self._looks = lru_cache(_KEPT)(self._looks_along)

    def sea(
        self, lat0: float, lon0: float, lat1: float, lon1: float, via: Sequence[Point] = ()
    ) -> Path:
        """Return a short way on water around land and through straits.

        Parameters
        ----------
        lat0, lon0, lat1, lon1
            Its ends, degrees. An end on land (a port) is joined to the nearest open water within
            `search.PORT_TOLERANCE_M`; the way starts and ends at the points given, exactly.
        via
            Points (lat, lon) to pass, in order; one on land is moved to the water likewise.

        Raises
        ------
        NoWayError
            If an end is farther from water, or no water joins the two.
        """
        stops = [(lat0, lon0), *(self._searcher.afloat(*p) for p in via), (lat1, lon1)]
        legs = [self._sea(*_key(a), *_key(b)) for a, b in pairwise(stops)]
        return legs[0] if len(legs) == 1 else join(legs)

    def road(
        self,
        lat0: float,
        lon0: float,
        lat1: float,
        lon1: float,
        via: Sequence[Point] = (),
        way: str | None = None,
        detour: float | None = None,
    ) -> Path:
        """Return a road-like way on land; the way back is the same way in reverse.

        Straight where that is land, else around the water; a keyed meander makes it ``detour``
        times as long (within 2 %). Where no meander keeps to the land, the way goes straight
        there and is shorter.

        Parameters
        ----------
        lat0, lon0, lat1, lon1
            Its ends, degrees.
        via
            Points (lat, lon) to pass, in order.
        way
            Id of a road of the scenario to follow from its point nearest the start to that nearest
            the end.
        detour
            Length over that of the straight ways; default: the way's own, else `ROAD_DETOUR`.

        Raises
        ------
        NoWayError
            If no land joins the points.
        KeyError
            If there is no such way.
        """
        stops = [(lat0, lon0), *via, (lat1, lon1)]
        factor = detour or ROAD_DETOUR
        given: tuple[Float64, Float64] | None = None
        if way is not None:
            row = self.ways.get(way)
            factor = detour or row.detour
            given = self._part_of(row, stops[0], stops[-1])
        legs: list[Path] = []
        if given is not None:
            lat, lon = np.round(given, POSITION_DECIMALS)
            legs.append(self._road(*_key(stops[0]), *_key((lat[0], lon[0])), factor))
            legs.append(self._meandering(lat, lon, factor))
            legs.append(self._road(*_key((lat[-1], lon[-1])), *_key(stops[-1]), factor))
        else:
            for a, b in pairwise(stops):
                legs.append(self._road(*_key(a), *_key(b), factor))
        return legs[0] if len(legs) == 1 else join(legs)

    def rail(self, ways: Sequence[str], origin: int | str, destination: int | str) -> Path:
        """Return the way of a train along given railways, joined at stations.

        Parameters
        ----------
        ways
            Ids of the railways that may be used; empty: all of them.
        origin, destination
            Places (row or id), ends of some of these railways. Railways of a `detour` above 1 are
            lengthened by a meander.

        Raises
        ------
        NoWayError
            If the railways do not join the two.
        KeyError
            If there is no such railway or place.
        """
        ends = [p if isinstance(p, str) else self.places.id[p] for p in (origin, destination)]
        return self._rail(tuple(ways), ends[0], ends[1])

    def line(self, way: str) -> Path:
        """Return a way of the scenario (lane, air route, road, railway) from end to end.

        Raises
        ------
        KeyError
            If there is no such way.
        """
        return self._line(way)

    def air(self, points: Sequence[Point]) -> Path:
        """Return geodesic legs through points (lat, lon), degrees."""
        return cut([p[0] for p in points], [p[1] for p in points])

    def _given_line(self, name: str) -> Path:
        way: Way = self.ways.get(name)
        return rails.course(way) if way.kind == "rail" else cut(way.lat, way.lon)

    def _sea_way(self, lat0: float, lon0: float, lat1: float, lon1: float) -> Path:
        lat, lon = self._searcher.around(lat0, lon0, lat1, lon1, water=True)
        return cut(lat, lon)

    def _road_way(self, lat0: float, lon0: float, lat1: float, lon1: float, factor: float) -> Path:
        if (lat0, lon0) > (lat1, lon1):
            return self._road(lat1, lon1, lat0, lon0, factor).reversed()
        ends = lat0, lon0, lat1, lon1
        if dry_between(self.surface, *ends) or wet_samples(self.surface, _straight(*ends)) == 0:
            return self._winding((lat0, lon0), (lat1, lon1), factor, 0)
        lat, lon = self._searcher.around(lat0, lon0, lat1, lon1, water=False)
        return self._meandering(lat, lon, factor)

    def _meandering(self, lat: Float64, lon: Float64, factor: float) -> Path:
        """Return a polyline with each of its segments made a road-like way."""
        legs = [
            self._course(float(a), float(b), float(c), float(d), factor)
            for a, b, c, d in zip(lat[:-1], lon[:-1], lat[1:], lon[1:], strict=True)
        ]
        return legs[0] if len(legs) == 1 else join(legs)

    def _course_way(
        self, lat0: float, lon0: float, lat1: float, lon1: float, factor: float
    ) -> Path:
        if (lat0, lon0) > (lat1, lon1):
            return self._course(lat1, lon1, lat0, lon0, factor).reversed()
        ends = lat0, lon0, lat1, lon1
        dry = dry_between(self.surface, *ends)
        allowed = 0 if dry else wet_samples(self.surface, _straight(*ends))
        return self._winding((lat0, lon0), (lat1, lon1), factor, allowed)

    def _winding(self, start: Point, end: Point, factor: float, allowed: int) -> Path:
        """Return the first meander between two points that keeps to the land, else the straight."""
        key = way_key(*start, *end)
        for variant in range(_VARIANTS):
            path = cut(*meander(*start, *end, factor, key, variant))
            if wet_samples(self.surface, path) <= allowed:
                return path
        return _straight(*start, *end)

    def _looks_along(self, name: str) -> tuple[Path, Float64, Cloud]:
        """Return the line of a way, and distances along it every 250 m with their positions."""
        way = self.ways.get(name)
        line = cut(way.lat, way.lon)
        s = np.append(np.arange(0.0, line.length_m, 250.0), line.length_m)
        cloud = Cloud(np.interp(s, line.s, line.lat), np.interp(s, line.s, line.lon))
        return line, s, cloud

    def _part_of(self, way: Way, start: Point, end: Point) -> tuple[Float64, Float64] | None:
        """Return the vertices of a way between its points nearest to two others, None if one.

        The points of the way itself are kept; its ends are looked for every 250 m.
        """
        line, s, cloud = self._looks(way.id)
        a, b = (float(s[cloud.nearest(*point)[0]]) for point in (start, end))
        if a == b:
            return None
        own = np.isin(np.round(line.lat, 6), np.round(way.lat, 6))
        own &= np.isin(np.round(line.lon, 6), np.round(way.lon, 6))
        between = line.s[own & (line.s > min(a, b)) & (line.s < max(a, b))]
        at = np.concatenate([[min(a, b)], between, [max(a, b)]])
        at = at if a < b else at[::-1]
        return np.interp(at, line.s, line.lat), np.interp(at, line.s, line.lon)


def _straight(lat0: float, lon0: float, lat1: float, lon1: float) -> Path:
    return cut([lat0, lat1], [lon0, lon1])


def _key(point: Point) -> Point:
    return round(float(point[0]), 7), round(float(point[1]), 7)
