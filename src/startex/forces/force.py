"""The expanded order of battle: every unit, platform and person as a row of frozen columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from startex.foundation.streams import entity_key

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Units:
    """Units in tree order: a parent stands before its children, siblings sorted by id.

    All sequences have one entry per unit. ``first`` and ``last`` delimit the entity rows of the
    whole subtree: ``slice(first[u], last[u])``; ``own_last`` ends the unit's own entities, which
    stand directly after ``first``. ``last_unit`` ends the unit rows of the subtree.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    parent: Int32  # row of the parent, -1 at the top
    echelon: tuple[str, ...]
    nation: tuple[str, ...]  # ISO 3166-1 alpha-3
    side: tuple[str, ...]
    sidc: tuple[str, ...]  # 20 digits
    home: tuple[str, ...]  # place id; inherited from the parent where the line has none
    claim: tuple[str, ...]  # claims, comma separated; empty where assumed
    assumed: tuple[str, ...]
    first: Int32
    own_last: Int32
    last: Int32
    last_unit: Int32


@dataclass(frozen=True)
class Force:
    """Entities in unit tree order; within a unit platforms, then teams, then persons.

    All columns have shape (n,), n = number of entities; the row is the entity's id for ever.
    """

    units: Units
    name: tuple[str, ...]  # unique, stable when unrelated units come or go
    kind: Int8  # index into forces.definitions.KINDS
    type: Int32  # row in the catalogue; -1 for persons
    role: tuple[str, ...]  # persons: driver, commander, rifleman, ...; else empty
    unit: Int32
    owner_nation: tuple[str, ...]  # of platforms issued by another nation, else the unit's nation
    sidc: tuple[str, ...]
    counted: Bool
    station: Int32  # persons: platform they belong to; teams: platform they ride; else -1
    slot: Int32  # place at the station, 0 = driver / master, a team's first; -1 without station
    stored: Bool  # vehicles that await issue; their crew is in the team with that station, slot 0
    stored_at: tuple[str, ...]  # place id for those, else empty

    @cached_property
    def key(self) -> UInt64:
        """Keys of random draws, from the names; shape (n,). A check of a scenario needs none."""
        return np.array([entity_key(name) for name in self.name], dtype=np.uint64)
