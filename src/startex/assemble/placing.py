"""Where everybody and everything stands when the run begins, and who is aboard what."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from startex.control.elements import BATTALION, area_at, elements
from startex.engine.bands import bands_of
from startex.engine.picture import Picture
from startex.engine.state import STATUS_CODE, State
from startex.engine.systems.base import World
from startex.engine.systems.berths import BERTH_SPACING_M, parking, water_slots
from startex.forces.definitions import KINDS
from startex.geography.areas import apply_offsets, laager_slots

Int32 = npt.NDArray[np.int32]

SPACING_M = 50.0
"""Between platforms in a laager; assumed, as on the march's halts."""

SEA_TARGET_SPACING_M = 500.0
"""Between targets afloat; assumed."""

_CODE = {kind: code for code, kind in enumerate(KINDS)}


def place_force(world: World, state: State) -> None:
    """Fill the state of the start: platforms at home (or in the equipment park), persons aboard.

    Every element has an area of its own at its home, found from its name alone, so that others
    move nobody.
    """
    _board(world, state)
    state.bands = bands_of(world.force, state.lat)
    picture = Picture(world.force, world.catalogue, world.places, state)
    tops = np.flatnonzero(world.force.units.parent < 0)
    for top in tops:
        for unit, rows in elements(picture, int(top), BATTALION):
            _place_element(world, state, unit, rows)
    placed = (world.force.kind != _CODE["person"]) & (state.carrier < 0)
    lost = np.flatnonzero(
        placed & ~np.isfinite(state.lat) & (world.force.kind != _CODE["parachute"])
    )
    if lost.size:
        raise ValueError(f"{world.force.name[lost[0]]} has no home place")
    state.status[world.force.stored] = STATUS_CODE["stored"]


def _board(world: World, state: State) -> None:
    """Persons at their stations, and teams that live aboard a ship aboard it.

    Teams that ride vehicles start dismounted, beside them.
    """
    force = world.force
    afloat = (force.kind == _CODE["team"]) & (force.kind[force.station] == _CODE["ship"])
    aboard = (force.kind == _CODE["person"]) | (afloat & (force.station >= 0))
    rows = np.flatnonzero(aboard).astype(np.int32)
    state.carrier[rows] = force.station[rows]
    state.slot[rows] = force.slot[rows]


def _place_element(world: World, state: State, unit: int, rows: Int32) -> None:
    force, places = world.force, world.places
    home = force.units.home[unit]
    kinds = force.kind[rows]
    for kind in ("vehicle", "team", "target", "train", "aircraft", "ship"):
        of_kind = rows[(kinds == _CODE[kind]) & (state.carrier[rows] < 0)]
        for place_id, group in _by_place(world, of_kind, home):
            if not place_id:
                continue
            place = places.index(place_id)
            state.place[group] = place
            lat, lon = float(places.lat[place]), float(places.lon[place])
            if kind == "ship":
                where = water_slots(world, state, group, lat, lon, BERTH_SPACING_M)
            elif kind == "aircraft":
                where = parking(world, state, group, lat, lon)
            elif kind == "target" and not world.router.surface.is_land(lat, lon):
                where = water_slots(world, state, group, lat, lon, SEA_TARGET_SPACING_M)
            elif kind == "train":
                where = np.full(group.size, lat), np.full(group.size, lon)
            else:
                where = _laager(world, unit, place, group, "" if kind != "target" else "targets")
            state.put(group, np.round(where[0], 7), np.round(where[1], 7), 0.0)


def _by_place(world: World, rows: Int32, home: str) -> Iterable[tuple[str, Int32]]:
    """Split rows by where they are at the start: in a park, or at home."""
    stored_at = np.array([world.force.stored_at[row] or home for row in rows], dtype=object)
    for place_id in sorted(set(stored_at.tolist())):
        yield place_id, rows[stored_at == place_id]


def _laager(
    world: World, unit: int, place: int, rows: Int32, purpose: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    lat, lon = area_at(
        world.router.surface, world.places, world.force.units.id[unit], place, rows.size, purpose
    )
    forward, right = laager_slots(rows.size, SPACING_M)
    return apply_offsets(lat, lon, 0.0, forward, right)
