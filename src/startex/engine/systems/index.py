"""What is looked up again and again and never changes: rows by kind, crews, airfields, railways."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from startex.forces.definitions import KINDS
from startex.forces.force import Force
from startex.geography.geodesy import inverse
from startex.geography.latitudes import Latitudes
from startex.geography.places import Places
from startex.geography.ways import Ways

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

_TEAM = KINDS.index("team")


class Index:
    """Look-ups into what stays the same; each is made when it is first asked for.

    Parameters
    ----------
    force, places, ways
        Of the world.
    """

    def __init__(self, force: Force, places: Places, ways: Ways) -> None:
        self._force = force
        self._places = places
        self._ways = ways
        self._of_kind: dict[int, Int32] = {}

    def of_kind(self, kind: int) -> Int32:
        """Return the rows of all entities of a kind, ascending."""
        found = self._of_kind.get(kind)
        if found is None:
            found = np.flatnonzero(self._force.kind == kind).astype(np.int32)
            self._of_kind[kind] = found
        return found

    @cached_property
    def crew_team(self) -> Int32:
        """The team that has each stored vehicle as its station, at its first seat; -1: none."""
        force = self._force
        teams = self.of_kind(_TEAM)
        teams = teams[(force.station[teams] >= 0) & (force.slot[teams] == 0)]
        teams = teams[force.stored[force.station[teams]]]
        team_of = np.full(force.kind.size, -1, dtype=np.int32)
        team_of[force.station[teams]] = teams
        return team_of

    @cached_property
    def homes(self) -> Int32:
        """Place index of the home of each unit, -1 where it has none."""
        known = {name: row for row, name in enumerate(self._places.id)}
        return np.array([known.get(home, -1) for home in self._force.units.home], dtype=np.int32)

    def places_near(self, lat: float, lon: float, within_m: float) -> Int64:
        """Return the places whose middle lies within a distance of a point, ascending."""
        places = self._places
        near = self._latitudes.near(lat, within_m)
        _, away = inverse(lat, lon, places.lat[near], places.lon[near])
        return near[away <= within_m]

    @cached_property
    def airfields(self) -> Int64:
        """Indices of the places that are airfields, ascending."""
        return np.flatnonzero([kind == "airfield" for kind in self._places.kind])

    def airfields_near(self, lat: float, within_m: float) -> Int64:
        """Return the airfields that may lie within a distance, by latitude; ascending."""
        return self.airfields[self._airfield_latitudes.near(lat, within_m)]

    @cached_property
    def widest_airfield_m(self) -> float:
        """The greatest radius of an airfield, m; 0 where there is none."""
        return float(self._places.radius_m[self.airfields].max(initial=0.0))

    @cached_property
    def _latitudes(self) -> Latitudes:
        return Latitudes(self._places.lat)

    @cached_property
    def _airfield_latitudes(self) -> Latitudes:
        return Latitudes(self._places.lat[self.airfields])

    def railways_from(self, station: int) -> tuple[str, ...]:
        """Return the ids of all railways that are joined to a station, sorted."""
        return self._networks.get(station, ((), ()))[0]

    def stations_joined_to(self, station: int) -> Int32:
        """Return the place indices of all stations joined by railways to one, ascending."""
        return np.array(self._networks.get(station, ((), ()))[1], dtype=np.int32)

    @cached_property
    def _networks(self) -> dict[int, tuple[tuple[str, ...], tuple[int, ...]]]:
        """By station: the railways, and the stations, of the network it belongs to."""
        lines: dict[str, tuple[int, int]] = {}
        at: dict[int, list[str]] = {}
        for way in self._ways:
            if way.kind == "rail":
                ends = self._places.index(way.origin), self._places.index(way.destination)
                lines[way.id] = ends
                for end in ends:
                    at.setdefault(end, []).append(way.id)
        networks: dict[int, tuple[tuple[str, ...], tuple[int, ...]]] = {}
        for station in sorted(at):
            if station in networks:
                continue
            names: set[str] = set()
            joined: set[int] = set()
            ahead = [station]
            while ahead:
                here = ahead.pop()
                if here not in joined:
                    joined.add(here)
                    names.update(at[here])
                    ahead += [end for name in at[here] for end in lines[name]]
            network = tuple(sorted(names)), tuple(sorted(joined))
            networks.update(dict.fromkeys(joined, network))
        return networks
