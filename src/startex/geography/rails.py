"""The railways of a scenario as a network: stations joined by given lines."""

from __future__ import annotations

import heapq
from functools import lru_cache

import numpy as np

from startex.foundation.errors import did_you_mean
from startex.geography.geodesy import cut, join, path_of
from startex.geography.meander import meander, way_key
from startex.geography.paths import Path
from startex.geography.places import Places
from startex.geography.search import NoWayError
from startex.geography.ways import Way, Ways


@lru_cache(maxsize=256)
def course(way: Way) -> Path:
    """Return the course of a railway, from its origin to its destination.

    Its points, joined by geodesics; with a `detour` above 1 each part is lengthened by a meander.
    Railways cross rivers and inlets by bridges and tunnels, so that no land is asked for.
    """
    if way.detour <= 1.0:
        return cut(way.lat, way.lon)
    legs = []
    for i in range(len(way.lat) - 1):
        ends = (way.lat[i], way.lon[i], way.lat[i + 1], way.lon[i + 1])
        legs.append(cut(*meander(*ends, way.detour, way_key(*ends))))
    return join(legs)


class RailNetwork:
    """Shortest ways along railways between stations.

    Parameters
    ----------
    ways
        All ways of the scenario; those of kind rail are used.
    places
        Their stations. A railway begins and ends at the exact position of its stations.
    """

    def __init__(self, ways: Ways, places: Places) -> None:
        self._ways = {way.id: way for way in ways if way.kind == "rail"}
        self._places = places

    def path(self, ways: tuple[str, ...], origin: str, destination: str) -> Path:
        """Return the shortest way; see `Router.rail`."""
        for name in ways:
            if name not in self._ways:
                raise KeyError(f"no railway {name!r}: {did_you_mean(name, self._ways)}")
        for name in (origin, destination):
            self._places.index(name)
        used = [self._ways[name] for name in (ways or tuple(sorted(self._ways)))]
        chain = _shortest(used, origin, destination)
        if chain is None:
            ends = sorted({end for way in used for end in (way.origin, way.destination)})
            raise NoWayError(
                f"no railway joins {origin!r} and {destination!r} over "
                f"{', '.join(way.id for way in used) or 'none'}; "
                f"these lines have the stations {', '.join(ends)}"
            )
        if not chain:
            place = self._places[self._places.index(origin)]
            return cut([place.lat, place.lat], [place.lon, place.lon])
        legs = [self._leg(way, forward) for way, forward in chain]
        return legs[0] if len(legs) == 1 else join(legs)

    def _leg(self, way: Way, forward: bool) -> Path:
        path = course(way)
        first, last = (
            self._places[self._places.index(name)] for name in (way.origin, way.destination)
        )
        head = cut([first.lat, path.lat[0]], [first.lon, path.lon[0]])
        tail = cut([path.lat[-1], last.lat], [path.lon[-1], last.lon])
        pieces = [p for p in (head, path, tail) if p.length_m > 0.0]
        whole = path_of(
            np.concatenate([p.lat for p in pieces]), np.concatenate([p.lon for p in pieces])
        )
        return whole if forward else whole.reversed()


def _shortest(ways: list[Way], origin: str, destination: str) -> list[tuple[Way, bool]] | None:
    """Return railways and their directions from one station to another (Dijkstra)."""
    at: dict[str, list[tuple[Way, bool]]] = {}
    for way in sorted(ways, key=lambda way: way.id):
        at.setdefault(way.origin, []).append((way, True))
        at.setdefault(way.destination, []).append((way, False))
    queue: list[tuple[float, str, tuple[tuple[str, bool], ...]]] = [(0.0, origin, ())]
    done: set[str] = set()
    by_id = {way.id: way for way in ways}
    while queue:
        distance, station, chain = heapq.heappop(queue)
        if station == destination:
            return [(by_id[name], forward) for name, forward in chain]
        if station in done:
            continue
        done.add(station)
        for way, forward in at.get(station, []):
            there = way.destination if forward else way.origin
            if there not in done:
                further = distance + course(way).length_m
                heapq.heappush(queue, (further, there, (*chain, (way.id, forward))))
    return None
