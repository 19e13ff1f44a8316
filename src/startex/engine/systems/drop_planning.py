"""What a drop needs before anybody takes off: the wind over the zone, places, parachutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.engine.systems.flights import AIRFIELD_M
from startex.engine.systems.lading import Cargo
from startex.engine.systems.seating import KIND_CODE, figure
from startex.foundation.clock import MS_PER_DAY
from startex.foundation.errors import OutsideValidityError
from startex.foundation.streams import Stream, entity_key, uniform
from startex.models.airdrop import drift_m, usable_time_s

Int32 = npt.NDArray[np.int32]

WIND_M_S = (1.0, 7.0)
"""Bounds of the mean wind drawn for a drop (`Stream.WIND`); drops stop at about 7 m/s, assumed."""


@dataclass(frozen=True, slots=True)
class Zone:
    """The zone and the wind: degrees, metres, m/s; wind blows *to* ``downwind_deg``."""

    lat: float
    lon: float
    heading_deg: float
    length_m: float
    altitude_m: float
    speed_m_s: float
    wind_m_s: float
    downwind_deg: float
    drift_m: float


def drop_zone(order: Order, world: World, t: int) -> Zone:
    """Return the zone with the wind drawn for it (keyed by place and day from the start)."""
    params = order.params
    place = int(params.get("place", -1))
    name = world.places.id[place] if place >= 0 else f"{params['lat']:.3f},{params['lon']:.3f}"
    key = entity_key(f"wind at {name}")
    day = world.elapsed(t, MS_PER_DAY)
    draw = uniform(world.seed, Stream.WIND, np.uint64(key), np.array([2 * day, 2 * day + 1]))
    wind = WIND_M_S[0] + (WIND_M_S[1] - WIND_M_S[0]) * float(draw[0])
    altitude = float(params["altitude_m"])
    lat, lon = float(params["lat"]), float(params["lon"])
    if not bool(world.router.surface.is_land(lat, lon)):
        raise OrderRefusedError(f"the drop zone at {lat:.3f}, {lon:.3f} is water")
    try:
        drift = float(drift_m(altitude, wind))
        usable_time_s(float(params["length_m"]), float(params["speed_m_s"]))
    except OutsideValidityError as error:
        raise OrderRefusedError(str(error)) from error
    return Zone(
        lat, lon, float(params.get("heading_deg", 0.0)), float(params["length_m"]), altitude,
        float(params["speed_m_s"]), wind, 360.0 * float(draw[1]), drift,
    )  # fmt: skip


def allot_aircraft(world: World, goods: Cargo, rows: Int32) -> Int32:
    """Return the aircraft of each team: aircraft filled one after the other, teams kept whole."""
    room = figure(world, rows, "jumpers", default=0.0)
    room = np.where(room > 0.0, room, figure(world, rows, "seats", default=0.0))
    plane = np.full(goods.rows.size, -1, dtype=np.int32)
    first = 0
    for number, row in enumerate(rows):
        filled = np.cumsum(goods.persons[first:])
        count = int(np.searchsorted(filled, room[number], side="right"))
        plane[first : first + count] = row
        first += count
    if first < goods.rows.size:
        raise OrderRefusedError(
            f"{int(goods.persons.sum())} jumpers do not fit into {rows.size} aircraft "
            f"for {int(room.sum())}"
        )
    return plane


def take_parachutes(
    order: Order, base: tuple[float, float], count: int, t: int,
    world: World, state: State, resources: Resources,
) -> Int32:  # fmt: skip
    """Return so many free parachutes, and book them.

    Those of the unit that jumps come first, then those kept at the airfield ``base`` (degrees),
    then any; of these the lowest rows.

    Raises
    ------
    OrderRefusedError
        If there are too few; it is tried again when the last one in use is free.
    """
    taken: list[int] = []
    for rows in _stores(order, base, world):
        if len(taken) == count:
            break
        idle = rows[
            (state.carrier[rows] < 0) & (state.order[rows] < 0) & (state.free_ms[rows] <= t)
        ]
        for row in idle.tolist():
            if len(taken) == count:
                break
            # others may have taken it this instant: bookings count at once, the state later
            if resources.free_from(f"parachute:{row}") <= t:
                taken.append(row)
    if len(taken) < count:
        pool = world.index.of_kind(KIND_CODE["parachute"])
        pool = pool[state.carrier[pool] < 0]
        later = int(state.free_ms[pool].max()) if pool.size >= count else None
        raise OrderRefusedError(
            f"{count} parachutes are needed, {len(taken)} of {pool.size} are free",
            later if later is not None and later > t else None,
        )
    for row in taken:
        resources.book(f"parachute:{row}", 1, t, 1)
    return np.array(taken, dtype=np.int32)


def _stores(order: Order, base: tuple[float, float], world: World) -> Iterator[Int32]:
    """Yield the parachutes, those to be taken first before the others."""
    chutes, units = world.index.of_kind(KIND_CODE["parachute"]), world.force.units
    own = np.zeros(chutes.size, dtype=np.bool_)
    if order.unit >= 0:
        own = (chutes >= units.first[order.unit]) & (chutes < units.last[order.unit])
        yield chutes[own]
    near = ~own & np.isin(
        world.index.homes[world.force.unit[chutes]], world.index.places_near(*base, AIRFIELD_M)
    )
    yield chutes[near]
    yield chutes[~own & ~near]
