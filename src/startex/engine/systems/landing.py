"""Amphibious landing: ships stand off, vehicles swim in waves, ships beach with the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Boarding, Effects
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import hops, kernels
from startex.engine.systems.approach import travel, trip
from startex.engine.systems.base import World
from startex.engine.systems.berths import sea_way
from startex.engine.systems.embarkation import RAMP_MS, idle_ships, over_the_ramp, to_land
from startex.engine.systems.lading import Cargo, gathering, go_ashore
from startex.engine.systems.sea import ship_speeds
from startex.engine.systems.seating import figure
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import Track, chain, run, settle, stop, straight
from startex.geography.areas import apply_offsets
from startex.geography.geodesy import direct
from startex.models.shiptoshore import wave_touchdown_s

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

STAND_OFF_M = 4_000.0
"""From the shore to the line where ships launch, where the order names none; assumed."""

SHIPS_APART_M = 500.0
CRAFT_APART_M = 60.0
"""Between the lanes of ships, and of vehicles of one wave; assumed."""

PREPARE_MS = 600_000
"""From the last ship on the line to the first launch: ballast, doors; assumed."""

BEACHING_M_S = 4.0
"""Run of a ship to the beach and off it; assumed: 8 kn."""

INLAND_M = 400.0
"""From the water's edge to where what has landed gathers, where the beach point is water."""

_SAMPLE_M = 50.0


@dataclass(frozen=True, slots=True)
class _Shore:
    """Axis of the landing: the point at the water's edge, and the azimuth to seaward."""

    lat: float
    lon: float
    seaward_deg: float
    stand_off_m: float

    def at(self, out_m: npt.ArrayLike, right_m: npt.ArrayLike) -> tuple[Float64, Float64]:
        """Return points so far to seaward of the edge and to the right (looking seaward)."""
        lat, lon = apply_offsets(self.lat, self.lon, self.seaward_deg, out_m, right_m)
        return np.round(lat, 7), np.round(lon, 7)


class LandAshore:
    """Carries out ``land_ashore``: ships put what they carry on a beach, in waves.

    Parameters of the order: ``ships`` (rows), ``lat, lon`` (beach), ``stand_off_m``,
    ``seaward_deg`` (default: the direction of most water), ``waves``, ``interval_ms``, ``place``.
    Where the order's rows hold teams or vehicles, these land, else all that is aboard.

    Amphibious vehicles (types with a speed afloat) leave the ships on the line and touch down
    wave by wave at H + (k - 1) intervals (`models.shiptoshore`). Ships with anything else aboard
    beach after the last of these waves (in waves of their own where there are no such vehicles),
    unload over the ramp and go back to the line. All gather behind the beach.
    """

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the landing (see `engine.systems.base.System.start`)."""
        params = order.params
        ships = idle_ships(order, world, state, t)
        goods = to_land(order, world, state, ships)
        shore = _shore(order, world)
        lanes = np.asarray((np.arange(ships.size) - 0.5 * (ships.size - 1)) * SHIPS_APART_M, float)
        line = shore.at(np.full(ships.size, shore.stand_off_m), lanes)
        cruise = ship_speeds(ships, world)[0]
        passages = [
            run(
                sea_way(
                    world, float(state.lat[s]), float(state.lon[s]),
                    float(line[0][i]), float(line[1][i]),
                ),
                t, float(cruise[i]), "sea",
            )
            for i, s in enumerate(ships)
        ]  # fmt: skip
        ready = max(passage.end_ms for passage in passages) + PREPARE_MS
        waves = max(1, int(params.get("waves", 1)))
        interval = int(params.get("interval_ms") or 0)
        afloat = figure(world, goods.rows, "speed_water_m_s", default=0.0)
        afloat = np.where(goods.lane_m > 0.0, afloat, 0.0)
        swim = np.flatnonzero(afloat > 0.0)
        rest = np.flatnonzero(afloat == 0.0)
        effects = Effects(t)
        inland = _inland(order, world, shore)
        goal = gathering(goods.rows.size, inland)
        place = int(params.get("place", -1))
        h_hour = ready
        if swim.size:
            h_hour = self._swim(
                order, effects, world, goods.of(swim), (goal[0][swim], goal[1][swim]),
                _Launch(shore, ships, lanes, line, afloat[swim], ready, waves, interval), state,
            )  # fmt: skip
        first = h_hour + (waves * interval if swim.size else 0)
        parts = self._beach(
            order, effects, world, goods.of(rest), (goal[0][rest], goal[1][rest]),
            _Launch(shore, ships, lanes, line, afloat[rest], first, waves, interval), state,
            passages, own_waves=not swim.size,
        )  # fmt: skip
        settle(effects, ships, parts)
        persons, vehicles = int(goods.persons.sum()), int(np.sum(goods.lane_m > 0.0))
        what = f"{persons} persons and {vehicles} vehicles"
        effects.events += [
            tell(order, t, "landing_started", f"{what} to land from {ships.size} ships",
                 actor=int(ships[0]), place=place, persons=persons, vehicles=vehicles),
            tell(order, effects.end_ms, "landing_completed", f"{what} ashore",
                 actor=int(ships[0]), place=place, persons=persons, vehicles=vehicles),
        ]  # fmt: skip
        return effects

    def _swim(
        self, order: Order, effects: Effects, world: World, goods: Cargo,
        goal: tuple[Float64, Float64], launch: _Launch, state: State,
    ) -> int:  # fmt: skip
        """Add the waves of vehicles that swim; return H, when the first touches down, ms."""
        count = goods.rows.size
        wave = np.arange(count) * min(launch.waves, count) // count
        ship = np.searchsorted(launch.ships, state.carrier[goods.rows])
        begin = np.searchsorted(wave, wave)
        size = np.bincount(wave)[wave]
        rank = np.arange(count) - begin - 0.5 * (size - 1)
        edge = launch.shore.at(np.zeros(count), rank * CRAFT_APART_M)
        from_lat, from_lon = launch.line[0][ship], launch.line[1][ship]
        probe = hops.hop(
            goods.rows, from_lat, from_lon, *edge, t0=0, speed_m_s=launch.speed_m_s,
            mode="landing",
        )  # fmt: skip
        spent, _, _ = kernels.ends(probe, goods.rows, edge, 0)
        h_hour = launch.ready_ms + int(spent[wave == 0].max())
        later = max(0, int((spent - launch.interval_ms * wave).max()) - int(spent[wave == 0].max()))
        h_hour += later  # no vehicle of a later wave need start before all is ready
        after_s = wave_touchdown_s(0.0, launch.interval_ms / 1000.0, wave + 1.0)
        touch = h_hour + np.round(after_s * 1000.0).astype(np.int64)
        leave = touch - spent
        none = np.full(count, -1, dtype=np.int32)
        effects.boardings.append(Boarding(goods.rows, none, none, leave))
        legs = hops.hop(
            goods.rows, from_lat, from_lon, *edge, t0=leave, speed_m_s=launch.speed_m_s,
            mode="landing",
        )  # fmt: skip
        on = travel(world, trip(world, goods.rows, edge, goal, touch))
        effects.legs += [legs, on]
        end, lat, lon = kernels.ends(on, goods.rows, edge, touch)
        stop(effects, goods.rows, end, lat, lon)
        place = int(order.params.get("place", -1))
        for number in range(int(wave.max()) + 1):
            mine = wave == number
            persons = int(goods.persons[mine].sum())
            words = f"wave {number + 1}: {int(mine.sum())} vehicles, {persons} persons"
            effects.events += [
                tell(order, int(leave[mine].min()), "wave_launched", words, place=place,
                     actor=int(goods.rows[mine][0]), wave=number + 1, vehicles=int(mine.sum()),
                     persons=persons),
                tell(order, int(touch[mine].max()), "wave_touchdown", words, place=place,
                     actor=int(goods.rows[mine][0]), wave=number + 1, vehicles=int(mine.sum()),
                     persons=persons),
            ]  # fmt: skip
        return h_hour

    def _beach(
        self, order: Order, effects: Effects, world: World, goods: Cargo,
        goal: tuple[Float64, Float64], launch: _Launch, state: State, passages: list[Track], *,
        own_waves: bool,
    ) -> list[Track]:  # fmt: skip
        """Add what comes ashore over the ramps of beached ships; return the ships' tracks."""
        carriers = state.carrier[goods.rows]
        loaded = np.flatnonzero(np.isin(launch.ships, carriers))
        tracks = list(passages)
        place = int(order.params.get("place", -1))
        limit = ship_speeds(launch.ships, world)[1]
        for number, ship in enumerate(loaded):
            row = int(launch.ships[ship])
            wave = number * min(launch.waves, loaded.size) // loaded.size if own_waves else 0
            off = (float(launch.line[0][ship]), float(launch.line[1][ship]))
            edge = launch.shore.at(0.0, launch.lanes[ship])
            speed = min(BEACHING_M_S, float(limit[ship]))
            begin = launch.ready_ms + wave * launch.interval_ms
            way = straight(*off, float(edge[0]), float(edge[1]), begin, speed, "landing")
            mine = np.flatnonzero(carriers == row)
            door = (
                np.full(mine.size, way.lat[-1]),
                np.full(mine.size, way.lon[-1]),
            )
            leave = over_the_ramp(carriers[mine], way.end_ms + RAMP_MS)
            go_ashore(
                world, effects, goods.rows[mine], door, leave, (goal[0][mine], goal[1][mine])
            )  # fmt: skip
            back = straight(
                float(way.lat[-1]), float(way.lon[-1]), *off, int(leave.max()) + RAMP_MS, speed,
                "landing",
            )  # fmt: skip
            tracks[ship] = chain([passages[ship], way, back])
            persons = int(goods.persons[mine].sum())
            words = f"{world.force.name[row]} beached with {mine.size} platforms"
            index = wave + 1 if own_waves else launch.waves + 1
            effects.events += [
                tell(order, begin, "wave_launched", words, actor=row, place=place, wave=index,
                     persons=persons),
                tell(order, way.end_ms, "wave_touchdown", words, actor=row, place=place,
                     wave=index, persons=persons),
            ]  # fmt: skip
        return tracks


@dataclass(frozen=True, slots=True)
class _Launch:
    """What the waves start from: the line of ships, speeds afloat, times."""

    shore: _Shore
    ships: Int32
    lanes: Float64
    line: tuple[Float64, Float64]
    speed_m_s: Float64
    ready_ms: int
    waves: int
    interval_ms: int


def _shore(order: Order, world: World) -> _Shore:
    """Return the water's edge before a beach and the direction to seaward.

    Raises
    ------
    OrderRefusedError
        If there is no water off the beach to stand off in.
    """
    params, surface = order.params, world.router.surface
    lat, lon = float(params["lat"]), float(params["lon"])
    stand_off = float(params.get("stand_off_m") or STAND_OFF_M)
    given = params.get("seaward_deg")
    bearings = np.arange(0.0, 360.0, 10.0) if given is None else np.array([float(given)])
    out = np.arange(0.0, 2.0 * stand_off + 3_000.0, _SAMPLE_M)
    ray_lat, ray_lon = direct(lat, lon, bearings[:, None], out[None, :])
    land = surface.is_land(ray_lat, ray_lon)
    # the edge is the last land within 3 km of the point; beyond it all must be water
    near = out <= 3_000.0
    last = np.where(land[:, near].any(axis=1), near.sum() - 1 - land[:, near][:, ::-1].argmax(1), 0)
    edge_m = out[last]
    outer = (out[None, :] > edge_m[:, None]) & (out[None, :] <= edge_m[:, None] + 1.6 * stand_off)
    clear = ~(land & outer).any(axis=1)
    if not clear.any():
        raise OrderRefusedError(
            f"no direction off the beach at {lat:.3f}, {lon:.3f} has {1.6 * stand_off / 1000:.1f} "
            "km of water"
        )
    far_lat, far_lon = direct(lat, lon, bearings, edge_m + stand_off)
    room = np.where(clear, surface.coast_distance_m(far_lat, far_lon) - edge_m, -np.inf)
    best = int(np.argmax(room))
    edge = direct(lat, lon, float(bearings[best]), float(edge_m[best]))
    return _Shore(
        round(float(edge[0]), 7), round(float(edge[1]), 7), float(bearings[best]), stand_off
    )


def _inland(order: Order, world: World, shore: _Shore) -> tuple[float, float]:
    """Return where what has landed gathers: the beach's own point if it is land, else behind it."""
    lat, lon = float(order.params["lat"]), float(order.params["lon"])
    if bool(world.router.surface.is_land(lat, lon)):
        return lat, lon
    inland = direct(shore.lat, shore.lon, shore.seaward_deg + 180.0, INLAND_M)
    return float(inland[0]), float(inland[1])
