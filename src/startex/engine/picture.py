"""What control knows of its own forces: the reports of units, never the truth itself.

Own-force reports arrive without delay or error for now; communications will add both here, and
nothing in control will have to change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.state import State
from startex.forces.catalogue import Catalogue
from startex.forces.definitions import KINDS
from startex.forces.force import Force
from startex.geography.geodesy import inverse
from startex.geography.places import Places

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

_KIND_CODE: Mapping[str, int] = {kind: code for code, kind in enumerate(KINDS)}
_PERSON = _KIND_CODE["person"]
MAX_CHAIN = 5
"""Longest chain of carriers: person, team, vehicle, craft, ship (or train), none."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Reports of own units. Rows are entity rows, units are unit rows."""

    force: Force
    catalogue: Catalogue
    places: Places
    _state: State

    def members(self, unit: int, *kinds: str) -> Int32:
        """Return the entity rows of a unit's subtree, of the given kinds (all where none)."""
        rows = np.arange(self.force.units.first[unit], self.force.units.last[unit], dtype=np.int32)
        if not kinds:
            return rows
        codes = [_KIND_CODE[kind] for kind in kinds]
        found: Int32 = rows[np.isin(self.force.kind[rows], codes)]
        return found

    def platforms(self, unit: int) -> Int32:
        """Return the platforms of a unit's subtree."""
        rows = self.members(unit)
        platforms: Int32 = rows[self.force.kind[rows] != _PERSON]
        return platforms

    def stored(self, rows: Int32) -> Bool:
        """Tell which platforms still stand in an equipment park."""
        stands: Bool = self.force.stored[rows] & (self._state.carrier[rows] < 0)
        if stands.any():
            stands &= ~self.manned(rows)
        return stands

    def manned(self, rows: Int32) -> Bool:
        """Tell which platforms have persons directly aboard."""
        heads = self._state.heads
        if heads is None:
            persons = self._state.carrier[self.force.kind == _PERSON]
            heads = np.bincount(persons[persons >= 0], minlength=self.force.kind.size)
        found: Bool = heads[rows] > 0
        return found

    def aboard(self, carriers: Int32) -> Int32:
        """Return the rows directly aboard any of ``carriers``, ascending."""
        return self._state.aboard(carriers)

    def carrier(self, rows: Int32) -> Int32:
        """Return what carries each row, -1 for nothing."""
        carriers: Int32 = self._state.carrier[rows]
        return carriers

    def root(self, rows: Int32) -> Int32:
        """Return the outermost carrier of each row (the row itself when not carried)."""
        root = np.asarray(rows, dtype=np.int32).copy()
        for _ in range(MAX_CHAIN):
            carrier = self._state.carrier[root]
            if not (carrier >= 0).any():
                break
            root = np.where(carrier >= 0, carrier, root)
        return root

    def position(self, rows: Int32) -> tuple[Float64, Float64]:
        """Return reported latitude and longitude (degrees) of rows, wherever they are aboard."""
        root = self.root(rows)
        return self._state.lat[root], self._state.lon[root]

    def busy(self, rows: Int32) -> Bool:
        """Tell which platforms carry out an order, or are aboard one that does."""
        return (self._state.order[rows] >= 0) | (self._state.order[self.root(rows)] >= 0)

    def at_place(self, rows: Int32, place: int) -> Bool:
        """Tell which platforms stand at a place: ordered there, or within its bounds."""
        root = self.root(rows)
        lat, lon = self._state.lat[root], self._state.lon[root]
        inside: Bool = self.places.contains(place, lat, lon)
        inside |= self._state.place[root] == place
        return inside

    def standing_at(self, place: int, kind: str) -> Int32:
        """Return all platforms of a kind, of whatever unit, that stand at a place, ascending."""
        rows = np.flatnonzero(self.force.kind == _KIND_CODE[kind]).astype(np.int32)
        lat, _ = self.position(rows)
        south, north = self.places.latitudes(place)
        near = (lat >= south) & (lat <= north)
        rows = rows[near | (self._state.place[self.root(rows)] == place)]
        found: Int32 = rows[self.at_place(rows, place)]
        return found

    def nearest_place(self, row: int, among: Int32) -> int:
        """Return the place nearest to a platform, out of place indices ``among``."""
        lat, lon = self.position(np.array([row], dtype=np.int32))
        _, distance = inverse(
            np.full(among.size, lat[0]),
            np.full(among.size, lon[0]),
            self.places.lat[among],
            self.places.lon[among],
        )
        return int(among[int(np.argmin(distance))])

    def figure(self, rows: Int32, column: str) -> Float64:
        """Return a catalogue figure (SI) of each platform; nan for persons or where absent."""
        types = self.force.type[rows]
        values: Any = getattr(self.catalogue, column)
        result: Float64 = np.where(types >= 0, values[np.maximum(types, 0)], np.nan)
        return result
