"""Parachute drop: load, run in, jump, drift with the wind, gather on the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Boarding, Effects, Event
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import hops, kernels, tracks
from startex.engine.systems.air import aircraft_of
from startex.engine.systems.airlift import LOADING_MS
from startex.engine.systems.base import World
from startex.engine.systems.drop_planning import Zone, allot_aircraft, drop_zone, take_parachutes
from startex.engine.systems.flights import (
    AIRFIELD_M,
    Performance,
    fly,
    performance,
    runway_of,
    runway_slot,
)
from startex.engine.systems.lading import Cargo, cargo, check_idle, check_near, gathering, go_aboard
from startex.engine.systems.seating import PERSON, TEAM, aboard, figure
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import Track, chain, settle, stop
from startex.foundation.clock import MS_PER_SECOND
from startex.foundation.streams import Stream, normal
from startex.geography.geodesy import cut, direct, inverse, join
from startex.geography.paths import Path
from startex.models.airdrop import BUFFER_M, jumpers_per_pass

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

DOORS = 2
"""Doors from which jumpers leave at once; the two side doors of large transports, assumed."""

EXIT_MS = 1_000
"""Between jumpers of one door, as in the drop-zone arithmetic of `models.airdrop`."""

SCATTER_M = 50.0
"""Standard deviation of where a jumper lands about the drifted point, each axis; assumed."""

RUN_IN_M = 15_000.0
RUN_OUT_M = 3_000.0
TURN_M = 6_000.0
"""Straight flight before and after the zone, and width of the circuit between passes; assumed."""

HARNESS_MS = 180_000
"""From the ground to the first step: collapse and pack the canopy; assumed."""

WALK_M_S = 1.2
"""Walk with equipment to the assembly point; assumed, at most the team's own speed."""

_CHUTE_SLOT = 20_000  # parachutes packed aboard have slots far from those of persons


@dataclass(frozen=True, slots=True)
class _Exits:
    """Every jumper's exit, shape (n,): person, team, aircraft row, when, and where."""

    person: Int32
    team: Int32
    aircraft: Int32
    t: Int64
    lat: Float64
    lon: Float64


class Drop:
    """Carries out ``drop``: teams jump from aircraft over a zone and gather there.

    Parameters of the order: ``jumpers`` (rows of teams, or of persons who stand for theirs),
    ``lat, lon`` (middle of the zone), ``heading_deg`` and ``length_m`` of the run over it,
    ``altitude_m`` (above the ellipsoid), ``speed_m_s`` (run), ``place``. The order's rows are the
    aircraft; the teams are where these stand.

    Jumpers in one pass follow from the length of the zone (`models.airdrop`); more passes are
    flown as needed. The release point lies upwind by the drift D = K A V; each jumper lands
    about the drifted point with a keyed scatter, walks to the team's assembly point and is in the
    team again. A jumper hangs on a parachute of his own, an entity of kind parachute from the
    pool; the team itself goes down with its last jumper. Refused when places, parachutes or
    range do not suffice, or the zone is water or too short.
    """

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the drop (see `engine.systems.base.System.start`)."""
        rows, decks = aircraft_of(order, world, state, t)
        if np.any(decks >= 0):
            raise OrderRefusedError("jumpers cannot board on a deck")
        goods = cargo(world, state, order.params["jumpers"])
        goods = goods.of(np.flatnonzero(world.force.kind[goods.rows] == TEAM))
        goods = goods.of(np.flatnonzero(goods.persons > 0))
        if goods.rows.size == 0:
            raise OrderRefusedError("there is nobody to jump")
        check_idle(world, state, goods.rows, t, order.id)
        base = (float(state.lat[rows[0]]), float(state.lon[rows[0]]))
        check_near(world, state, goods.rows, base, AIRFIELD_M, "the airfield of the aircraft")
        zone = drop_zone(order, world, t)
        plane = allot_aircraft(world, goods, rows)
        used = np.unique(plane)
        able = performance(world, used)
        per_pass = DOORS * int(
            jumpers_per_pass(zone.length_m, zone.speed_m_s, BUFFER_M, EXIT_MS / 1000.0)
        )
        if per_pass < 1:
            raise OrderRefusedError(f"a zone of {zone.length_m:.0f} m is too short to jump over")
        most = figure(world, used, "speed_max_m_s", default=np.inf)
        if zone.speed_m_s > most.min():
            raise OrderRefusedError(f"a run at {zone.speed_m_s:.0f} m/s is above the highest speed")
        members = aboard(state, goods.rows)
        members = members[world.force.kind[members] == PERSON]
        heads = {int(p): int(goods.persons[plane == p].sum()) for p in used}
        passes = {p: -(-count // per_pass) for p, count in heads.items()}
        flown = max(
            _flight(world, state, p, 0, zone, able, n)[2] for p, n in passes.items()
        )  # fmt: skip
        if flown > able.reach_m:
            raise OrderRefusedError(
                f"the drop of {flown / 1000:.0f} km is beyond the range less reserve "
                f"({able.reach_m / 1000:.0f} km)"
            )
        chutes = take_parachutes(order, base, members.size, t, world, state, resources)
        effects = Effects(t)
        boarded = go_aboard(
            world, state, effects, goods, plane, (state.lat[plane], state.lon[plane]),
            np.full(goods.rows.size, t, dtype=np.int64),
        )  # fmt: skip
        exits: list[_Exits] = []
        flights: list[Track] = []
        for p in used:
            closed = int(boarded[plane == p].max()) + LOADING_MS
            runway, _ = runway_of(world, float(state.lat[p]), float(state.lon[p]))
            start = runway_slot(resources, runway, closed)
            track, runs, _ = _flight(world, state, int(p), start, zone, able, passes[int(p)])
            flights.append(track)
            exits.append(
                _exits(order, effects, int(p), runs, goods.rows[plane == p], per_pass, state, world,
                       zone)
            )  # fmt: skip
        settle(effects, used, flights)
        jumps = _Exits(
            *(
                np.concatenate([getattr(part, name) for part in exits])
                for name in _Exits.__slots__
            )
        )  # fmt: skip
        load_ms = np.empty(state.carrier.size, dtype=np.int64)
        load_ms[goods.rows] = boarded
        _descend(order, effects, jumps, chutes, load_ms, goods, zone, world, state)
        return effects


def _flight(
    world: World, state: State, row: int, start: int, zone: Zone, able: Performance, passes: int
) -> tuple[Track, list[Track], float]:
    """Return the whole track of an aircraft, its runs over the zone and the distance flown."""
    base = (float(state.lat[row]), float(state.lon[row]))
    upwind = zone.downwind_deg + 180.0
    middle = direct(zone.lat, zone.lon, upwind, zone.drift_m)
    half = 0.5 * zone.length_m

    def point(ahead: float, right: float) -> tuple[float, float]:
        azimuth = zone.heading_deg + np.degrees(np.arctan2(right, ahead))
        lat, lon = direct(*middle, azimuth, np.hypot(ahead, right))
        return float(lat), float(lon)

    enter, leave = point(-half - RUN_IN_M, 0.0), point(half + RUN_OUT_M, 0.0)
    run_path = cut([enter[0], leave[0]], [enter[1], leave[1]])
    corners = [leave, point(half + RUN_OUT_M, TURN_M), point(-half - RUN_IN_M, TURN_M), enter]
    around = cut([p[0] for p in corners], [p[1] for p in corners])
    out = cut([base[0], enter[0]], [base[1], enter[1]])
    back = cut([leave[0], base[0]], [leave[1], base[1]])
    ground = float(state.alt[row])
    rise = zone.altitude_m - ground
    out = _with_room(out, [run_path, around], rise / (able.climb_m_s / able.speed_m_s), first=False)
    sink = rise / (able.descent_m_s / able.speed_m_s)
    back = _with_room(back, [around, run_path], sink, first=True)
    parts = [fly(out, start, able, alt_from=ground, alt_to=zone.altitude_m)]
    runs: list[Track] = []
    for number in range(passes):
        run = tracks.run(run_path, parts[-1].end_ms, zone.speed_m_s, "air", zone.altitude_m)
        runs.append(run)
        parts.append(run)
        if number < passes - 1:
            parts.append(tracks.run(around, run.end_ms, zone.speed_m_s, "air", zone.altitude_m))
    parts.append(fly(back, parts[-1].end_ms, able, alt_from=zone.altitude_m, alt_to=ground))
    flown = out.length_m + back.length_m + passes * run_path.length_m
    return chain(parts), runs, flown + (passes - 1) * around.length_m


def _with_room(way: Path, circuit: list[Path], needed_m: float, *, first: bool) -> Path:
    """Return a way with circuits before (``first``) or after it, to climb or descend in."""
    lap_m = sum(part.length_m for part in circuit)
    laps = int(np.ceil(max(needed_m - way.length_m, 0.0) / lap_m))
    if laps == 0:
        return way
    return join([*circuit * laps, way] if first else [way, *circuit * laps])


def _exits(
    order: Order, effects: Effects, aircraft: int, runs: list[Track], teams: Int32, per_pass: int,
    state: State, world: World, zone: Zone,
) -> _Exits:  # fmt: skip
    """Return the exits from one aircraft, and add its green lights to the events."""
    person = aboard(state, teams)
    person = person[world.force.kind[person] == PERSON]
    team = state.carrier[person]
    sort = np.lexsort((person, team))  # team after team, through the doors in turn
    person, team = person[sort], team[sort]
    number = np.arange(person.size)
    turn, place = number // per_pass, number % per_pass
    t = np.empty(person.size, dtype=np.int64)
    lat, lon = np.empty(person.size), np.empty(person.size)
    for index, run in enumerate(runs):
        mine = turn == index
        count = int(mine.sum())
        # the stick is centred on the middle of the zone, which is RUN_IN + half along the run
        stick_ms = (count - 1) // DOORS * EXIT_MS
        middle_ms = (RUN_IN_M + 0.5 * zone.length_m) / zone.speed_m_s * 1000.0
        green = run.start_ms + round(middle_ms - 0.5 * stick_ms)
        t[mine] = green + place[mine] // DOORS * EXIT_MS + place[mine] % DOORS * EXIT_MS // DOORS
        when, known = t[mine] - run.start_ms, run.t - run.start_ms
        lat[mine] = np.round(np.interp(when, known, run.lat), 7)
        lon[mine] = np.round(np.interp(when, known, run.lon), 7)
        effects.events.append(
            tell(
                order, green, "green_light",
                f"{world.force.name[aircraft]}: green light, {count} jumpers on pass {index + 1}",
                actor=aircraft, place=int(order.params.get("place", -1)), jumpers=count,
                exit_pass=index + 1,
            )
        )  # fmt: skip
    return _Exits(person, team, np.full(person.size, aircraft, np.int32), t, lat, lon)


def _descend(
    order: Order, effects: Effects, jumps: _Exits, chutes: Int32, load_ms: Int64, goods: Cargo,
    zone: Zone, world: World, state: State,
) -> None:  # fmt: skip
    """Add descents, walks and the gathering of the teams."""
    count = jumps.person.size
    rate = figure(world, chutes, "descent_m_s", default=5.0)
    keys = world.force.key[jumps.person]
    second = world.elapsed(jumps.t, MS_PER_SECOND)
    north = SCATTER_M * normal(world.seed, Stream.PARACHUTE, keys, 2 * second)
    east = SCATTER_M * normal(world.seed, Stream.PARACHUTE, keys, 2 * second + 1)
    wind = np.radians(zone.downwind_deg)
    north = north + zone.drift_m * np.cos(wind)
    east = east + zone.drift_m * np.sin(wind)
    drifted = np.hypot(north, east)
    land_lat, land_lon = direct(
        jumps.lat, jumps.lon, np.degrees(np.arctan2(east, north)) % 360.0, drifted
    )
    land_lat, land_lon = np.round(land_lat, 7), np.round(land_lon, 7)
    down = jumps.t + kernels.travel_ms(zone.altitude_m, rate)
    # each team has an assembly point; it goes down with, and walks as, its last jumper
    team_index = np.searchsorted(goods.rows, jumps.team)
    order_out = np.lexsort((jumps.t, team_index))
    ends = np.append(team_index[order_out][1:] != team_index[order_out][:-1], True)
    last = order_out[ends]
    teams = jumps.team[last]
    meet_lat, meet_lon = gathering(goods.rows.size, (zone.lat, zone.lon), 60.0)
    goal_lat, goal_lon = meet_lat[team_index], meet_lon[team_index]
    own = figure(world, jumps.team, "speed_cross_country_m_s", default=WALK_M_S)
    walk = np.minimum(own, WALK_M_S)

    def go(rows: Int32, index: npt.NDArray[np.int64] | slice) -> None:
        effects.legs.append(
            kernels.make_legs(
                rows,
                (jumps.t[index], jumps.lat[index], jumps.lon[index]),
                (down[index], land_lat[index], land_lon[index]),
                "parachute",
                alt0=zone.altitude_m,
                alt1=0.0,
            )
        )
        steps = hops.hop(
            rows, land_lat[index], land_lon[index], goal_lat[index], goal_lon[index],
            t0=down[index] + HARNESS_MS, speed_m_s=walk[index], mode="foot",
        )  # fmt: skip
        effects.legs.append(steps)
        end, lat, lon = kernels.ends(
            steps, rows, (land_lat[index], land_lon[index]), down[index] + HARNESS_MS
        )
        stop(effects, rows, end, lat, lon)

    go(chutes, slice(None))
    arrived = effects.row_end_ms[-count:].copy()
    go(teams, last)
    team_ms = np.empty(goods.rows.size, dtype=np.int64)
    team_ms[team_index[last]] = effects.row_end_ms[-teams.size :]
    back = np.maximum(arrived, team_ms[team_index])
    none = np.full(count, -1, dtype=np.int32)
    packed = (_CHUTE_SLOT + np.arange(count)).astype(np.int32)
    effects.boardings += [
        Boarding(chutes, jumps.aircraft, packed, load_ms[jumps.team]),
        Boarding(chutes, none, none, jumps.t),
        Boarding(teams, none[: teams.size], none[: teams.size], jumps.t[last]),
        Boarding(jumps.person, chutes, np.zeros(count, dtype=np.int32), jumps.t),
        Boarding(jumps.person, jumps.team, state.slot[jumps.person], back),
    ]
    wet = int(np.sum(~world.router.surface.is_land(land_lat, land_lon)))
    effects.events += _events(order, jumps, down, back, drifted, wet, zone)
    effects.end_ms = max(effects.end_ms, int(back.max()))


def _events(
    order: Order, jumps: _Exits, down: Int64, back: Int64, drifted: Float64, wet: int, zone: Zone
) -> list[Event]:
    """Return the events of the drop as a whole."""
    place = int(order.params.get("place", -1))
    count = int(jumps.person.size)
    away = inverse(jumps.lat, jumps.lon, zone.lat, zone.lon)[1]
    events = [
        tell(order, int(jumps.t.min()), "drop_started", f"first of {count} jumpers out",
             place=place, jumpers=count, wind_m_s=round(zone.wind_m_s, 2),
             downwind_deg=round(zone.downwind_deg, 1)),
        tell(order, int(jumps.t.max()), "jumpers_out", f"{count} jumpers out", place=place,
             jumpers=count, farthest_exit_m=round(float(away.max()), 0)),
        tell(order, int(down.max()), "jumpers_landed", f"{count} jumpers on the ground",
             place=place, jumpers=count, mean_drift_m=round(float(drifted.mean()), 1)),
        tell(order, int(back.max()), "jumpers_gathered", f"{count} jumpers with their teams",
             place=place, jumpers=count),
    ]  # fmt: skip
    if wet:
        events.append(
            tell(order, int(down.max()), "landed_in_water",
                 f"{wet} of {count} jumpers came down on water", place=place, jumpers=wet)
        )  # fmt: skip
    return events
