"""Ships under way: passage to a place, alone or in formation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Effects, Event
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.engine.systems.berths import (
    ANCHORAGE_SPACING_M,
    BERTH_SPACING_M,
    near_groups,
    sea_way,
    water_slots,
)
from startex.engine.systems.formations import Stations, company, stations
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import Track, chain, run, settle, shifted, stand
from startex.forces.definitions import KINDS
from startex.geography import geodesy
from startex.geography.paths import Path

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]

SHIP = KINDS.index("ship")

TOGETHER_M = 25_000.0
"""Ships that lie within this distance of each other sail together; others come on their own."""

SPACING_M = {"line_ahead": 500.0, "line_abreast": 1_500.0, "screen": 2_000.0, "column_pair": 800.0}
"""Spacing where the order names none; assumed: a few cables in column, a mile abreast."""

FILE_M = 250.0
"""Ships that spread out after leaving port in one file are so far apart in it; assumed."""

METRES_PER_NMI = 1852.0


def ships_of(order: Order, world: World) -> Int32:
    """Return the ships among an order's rows.

    Raises
    ------
    OrderRefusedError
        If there is none.
    """
    rows: Int32 = order.rows[world.force.kind[order.rows] == SHIP]
    if rows.size == 0:
        raise OrderRefusedError("no ship is among the platforms ordered")
    return rows


def afloat(rows: Int32, world: World, state: State) -> None:
    """Refuse an order to ships that stand nowhere or are carried."""
    lost = rows[~np.isfinite(state.lat[rows]) | (state.carrier[rows] >= 0)]
    if lost.size:
        raise OrderRefusedError(f"{world.force.name[lost[0]]} is not afloat on its own")


def ship_speeds(rows: Int32, world: World) -> tuple[Float64, Float64]:
    """Return usual and highest speeds of ships, m/s."""
    types = world.force.type[rows]
    cruise = world.catalogue.speed_cruise_m_s[types]
    most = world.catalogue.speed_max_m_s[types]
    most = np.where(np.isfinite(most), most, cruise)
    return np.minimum(np.where(np.isfinite(cruise), cruise, most), most), most


def company_speed(rows: Int32, world: World, ordered_m_s: float | None) -> float:
    """Return the speed of a formation: as ordered, else usual; that of its slowest ship at most."""
    cruise, most = ship_speeds(rows, world)
    speed = float(cruise.min()) if ordered_m_s is None else float(ordered_m_s)
    return min(speed, float(most.min()))


def via_path(world: World, points: Sequence[tuple[float, float]]) -> Path:
    """Return the way of a ship through points, degrees, shape (n >= 2)."""
    ways = [
        sea_way(world, *a, *b)
        for a, b in pairwise(points)
        if abs(a[0] - b[0]) + abs(a[1] - b[1]) > 1e-6
    ]
    if not ways:
        return geodesy.cut([points[0][0], points[-1][0]], [points[0][1], points[-1][1]])
    return ways[0] if len(ways) == 1 else geodesy.join(ways)


def joining(
    world: World, state: State, rows: Int32, tracks: list[Track], speed: Float64, t: int
) -> tuple[list[Track], int]:
    """Return tracks with the way from where each ship lies to its first vertex put before.

    Parameters
    ----------
    rows
        Ships, shape (n,).
    tracks
        One a ship, times relative to any moment.
    speed
        Highest speed of each on the way there, m/s, shape (n,).
    t
        Earliest departure, ms.

    Returns
    -------
    tracks
        In real time: each ship leaves so as to be there exactly when its track begins.
    moment
        The time, ms, that the relative times have been shifted by.
    """
    before = [
        run(
            sea_way(
                world,
                float(state.lat[row]),
                float(state.lon[row]),
                float(track.lat[0]),
                float(track.lon[0]),
            ),
            0,
            float(speed[number]),
            "sea",
        )
        for number, (row, track) in enumerate(zip(rows, tracks, strict=True))
    ]
    moment = max(t + way.end_ms - track.start_ms for way, track in zip(before, tracks, strict=True))
    joined = []
    for way, track in zip(before, tracks, strict=True):
        later = shifted(track, moment)
        joined.append(chain([shifted(way, later.start_ms - way.end_ms), later]))
    return joined, moment


class Sail:
    """Carries out ``sail``: ships go by sea to a place and lie there.

    Parameters of the order: ``lat, lon`` (destination, degrees), ``place`` (index, optional),
    ``via`` (points on the way), ``speed_m_s`` (default: usual speed of the slowest),
    ``formation`` (one of `formations.FORMATIONS`, default line ahead), ``spacing_m`` (between
    ships under way), ``anchorage_m`` (between ships at the end; default 1 km, 400 m in a port).

    Ships within `TOGETHER_M` of each other form one company behind the first of them. Each ends
    at a berth or anchorage of its own.
    """

    def may_be_interrupted(self, order: Order) -> bool:
        """Tell whether ships may be taken out of the order: always."""
        return True

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the passage (see `engine.systems.base.System.start`)."""
        rows = ships_of(order, world)
        afloat(rows, world, state)
        params = order.params
        speed = company_speed(rows, world, params.get("speed_m_s"))
        end = (float(params["lat"]), float(params["lon"]))
        place = int(params.get("place", -1))
        port = place >= 0 and world.places.kind[place] == "port"
        lying = float(params.get("anchorage_m", BERTH_SPACING_M if port else ANCHORAGE_SPACING_M))
        slot_lat, slot_lon = water_slots(world, state, rows, *end, lying)
        effects = Effects(t)
        for group in near_groups(state.lat[rows], state.lon[rows], TOGETHER_M):
            ships = rows[group]
            tracks = self._passage(ships, end, speed, t, world, state, order)
            _within_range(world, ships, tracks)
            tracks = [
                self._berth(world, track, (slot_lat[slot], slot_lon[slot]), speed)
                for track, slot in zip(tracks, group, strict=True)
            ]
            settle(effects, ships, tracks)
            effects.events += _passage_events(order, ships, tracks, place, world)
        return effects

    def _passage(
        self,
        ships: Int32,
        end: tuple[float, float],
        speed: float,
        t: int,
        world: World,
        state: State,
        order: Order,
    ) -> list[Track]:
        """Return tracks of one company from where it lies to the destination."""
        lead = int(ships[0])
        points = [
            (float(state.lat[lead]), float(state.lon[lead])),
            *order.params.get("via", ()),
            end,
        ]
        path = via_path(world, points)
        formation = str(order.params.get("formation") or "line_ahead")
        spacing = float(order.params.get("spacing_m") or SPACING_M.get(formation, 500.0))
        if path.length_m == 0.0:
            return [stand(t, float(state.lat[row]), float(state.lon[row])) for row in ships]
        where = stations(ships.size, formation, spacing)
        if formation != "line_ahead":
            where = _in_file(where)
        limit = ship_speeds(ships, world)[1]
        tracks = company(world.router.surface, path, where, speed, limit, 500.0, tapered=True)
        return joining(world, state, ships, tracks, np.full(ships.size, speed), t)[0]

    def _berth(self, world: World, track: Track, slot: tuple[float, float], speed: float) -> Track:
        lat, lon, _ = track.end
        way = sea_way(world, lat, lon, float(slot[0]), float(slot[1]))
        return chain([track, run(way, track.end_ms, speed, "sea")])


def _in_file(where: Stations) -> Stations:
    """Return stations of which no two are abreast: the company begins and ends in one file."""
    order = np.argsort(-where.ahead_m, kind="stable")
    behind = FILE_M * np.arange(order.size)
    ahead = np.empty(order.size)
    ahead[order] = np.minimum.accumulate(where.ahead_m[order] + behind) - behind
    return Stations(ahead, where.right_m)


def _within_range(world: World, ships: Int32, tracks: list[Track]) -> None:
    """Refuse a passage longer than what a ship can steam on its own fuel."""
    for row, track in zip(ships, tracks, strict=True):
        reach = float(world.catalogue.range_m[world.force.type[row]])
        length = distance_m(track)
        if length > reach:
            raise OrderRefusedError(
                f"the passage of {length / METRES_PER_NMI:.0f} nmi is farther than "
                f"{world.force.name[row]} can steam ({reach / METRES_PER_NMI:.0f} nmi)"
            )


def _passage_events(
    order: Order, ships: Int32, tracks: list[Track], place: int, world: World
) -> list[Event]:
    """Return departure and arrival of a company."""
    first = min(track.start_ms for track in tracks)
    last = max(track.end_ms for track in tracks)
    miles = round(sum(distance_m(track) for track in tracks) / METRES_PER_NMI, 1)
    name = world.places.name[place] if place >= 0 else "sea"
    count = f"{ships.size} ship{'s' if ships.size > 1 else ''}"
    lead = int(ships[0])
    return [
        tell(
            order, first, "sailed", f"{count} sailed for {name}", actor=lead, place=place,
            ships=int(ships.size), nautical_miles=miles,
        ),
        tell(
            order, last, "arrived_by_sea", f"{count} arrived at {name}", actor=lead, place=place,
            ships=int(ships.size),
        ),
    ]  # fmt: skip


def distance_m(track: Track) -> float:
    """Return the length of a track over ground, metres."""
    if track.t.size < 2:
        return 0.0
    steps = geodesy.inverse(track.lat[:-1], track.lon[:-1], track.lat[1:], track.lon[1:])[1]
    return float(steps.sum())
