"""Flights: profile of height and time along a path, runway slots, stops to refuel, racetracks."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from startex.engine.effects import MODE_CODE
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems.base import World
from startex.engine.systems.kernels import ALTITUDE_DECIMALS, travel_ms
from startex.engine.systems.patterns import racetrack
from startex.engine.systems.seating import figure
from startex.engine.systems.tracks import Track, stand
from startex.geography.geodesy import inverse, path_of
from startex.geography.paths import Path

Int32 = npt.NDArray[np.int32]
Float64 = npt.NDArray[np.float64]

RESERVE = 0.10
"""Share of an aircraft's range that no flight may plan to use; assumed: ten per cent."""

RUNWAY_MS = 60_000
"""A runway gives one take-off in this time; assumed: one a minute."""

PREPARATION_MS = 120_000
"""Take-offs spread over this after the order (`Stream.TAKE_OFF`); assumed: two minutes."""

REFUEL_MS = 75 * 60_000
"""Time on the ground at a stop to refuel; assumed."""

BANK_DEG = 25.0
"""Bank in the turns of a racetrack, which gives its width."""

GRAVITY_M_S2 = 9.80665

AIRFIELD_M = 10_000.0
"""A position within this distance of an airfield counts as being there."""

_VIA_M = 5_000.0


@dataclass(frozen=True, slots=True)
class Performance:
    """What a flight may use of its aircraft, the least able of them: SI."""

    speed_m_s: float
    climb_m_s: float
    descent_m_s: float
    altitude_m: float
    reach_m: float  # range less reserve


def performance(
    world: World, rows: Int32, speed_m_s: float | None = None, altitude_m: float | None = None
) -> Performance:
    """Return the performance of a flight.

    Parameters
    ----------
    rows
        Aircraft.
    speed_m_s, altitude_m
        As ordered; None: usual speed and altitude of the type.

    Raises
    ------
    OrderRefusedError
        If the altitude is above a ceiling.
    """
    most = figure(world, rows, "speed_max_m_s")
    cruise = figure(world, rows, "speed_cruise_m_s")
    most = np.where(np.isnan(most), cruise, most)
    speed = float(np.nanmin(np.minimum(cruise, most)) if speed_m_s is None else speed_m_s)
    climb = figure(world, rows, "climb_m_s", default=5.0)
    descent = figure(world, rows, "descent_m_s")
    ceiling = figure(world, rows, "ceiling_m", default=np.inf)
    usual = np.minimum(figure(world, rows, "cruise_altitude_m", default=1_000.0), ceiling)
    if altitude_m is not None and altitude_m > ceiling.min():
        low = int(rows[int(np.argmin(ceiling))])
        raise OrderRefusedError(
            f"{altitude_m:.0f} m is above the ceiling of {world.force.name[low]} "
            f"({ceiling.min():.0f} m)"
        )
    return Performance(
        min(speed, float(most.min())),
        float(climb.min()),
        float(np.where(np.isnan(descent), climb, descent).min()),
        float(usual.min() if altitude_m is None else altitude_m),
        float(figure(world, rows, "range_m", default=np.inf).min()) * (1.0 - RESERVE),
    )


def fly(
    path: Path,
    start_ms: int,
    able: Performance,
    *,
    alt_from: float = 0.0,
    alt_to: float = 0.0,
    heights: Sequence[tuple[float, float]] = (),
) -> Track:
    """Return a flight along a path: climb from the start, cruise, descend to the end.

    Parameters
    ----------
    path
        Ground track.
    start_ms
        Take-off.
    able
        Speed along the slope, climb, descent and cruise altitude. On a path too short for the
        altitude the descent begins where the climb meets it.
    alt_from, alt_to
        Heights of take-off and landing, m.
    heights
        Further limits, (distance along the path, height): the flight descends in time to be no
        higher there, and climbs from it afterwards.
    """
    if path.length_m == 0.0:
        return stand(start_ms, float(path.lat[0]), float(path.lon[0]), alt_from)
    up, down = able.climb_m_s / able.speed_m_s, able.descent_m_s / able.speed_m_s
    marks = [(0.0, alt_from, up, 0.0), (path.length_m, alt_to, 0.0, down)]
    marks += [(s, height, up, down) for s, height in heights]

    def height_at(s: Float64) -> Float64:
        result = np.full(s.size, max(able.altitude_m, alt_from, alt_to))
        for at, height, climbing, descending in marks:
            after = height + np.where(climbing > 0.0, (s - at) * climbing, np.inf)
            before = height + np.where(descending > 0.0, (at - s) * descending, np.inf)
            result = np.minimum(result, np.where(s > at, after, np.where(s < at, before, height)))
        return result

    rise = max(able.altitude_m - alt_from, 0.0) / up
    corners = [rise, path.length_m - max(able.altitude_m - alt_to, 0.0) / down]
    for at, height in heights:
        gap = max(able.altitude_m - height, 0.0)
        corners += [at - gap / down, at, at + gap / up]
    # where climb and descent meet before the altitude is reached
    meet = (path.length_m * down + alt_to - alt_from) / (up + down)
    corners.append(meet)
    extra = [s for s in corners if 50.0 < s < path.length_m - 50.0]
    s = np.union1d(path.s, extra)
    apart = np.diff(s, prepend=-np.inf)
    s = s[(apart > 20.0) | np.isin(s, path.s)]
    alt = np.round(height_at(s), ALTITUDE_DECIMALS)
    lat, lon = np.interp(s, path.s, path.lat), np.interp(s, path.s, path.lon)
    fine = path_of(lat, lon)
    if fine.s.size != s.size:  # a repeated vertex was dropped: heights go by distance
        alt = np.round(np.interp(fine.s, s, alt), ALTITUDE_DECIMALS)
    step, climb = np.diff(fine.s), np.diff(alt)
    rate = np.where(climb > 0.0, able.climb_m_s, able.descent_m_s)
    spent = np.maximum(
        travel_ms(np.hypot(step, climb), able.speed_m_s), travel_ms(np.abs(climb), rate)
    )
    t = start_ms + np.concatenate([[0], np.cumsum(np.maximum(spent, 1))])
    mode = np.full(fine.s.size - 1, MODE_CODE["air"], dtype=np.int8)
    return Track(t.astype(np.int64), fine.lat, fine.lon, alt, mode)


def loiter(
    lat: float, lon: float, heading_deg: float, duration_ms: int, speed_m_s: float
) -> list[Path]:
    """Return the laps of a racetrack that take a time on station; they begin and end at a point.

    The turns have the radius v^2 / (g tan bank) of a level turn at `BANK_DEG`; sides and turns
    are scaled so that whole laps fill the time.
    """
    length = speed_m_s * duration_ms / 1000.0
    if length < 100.0:
        return []
    radius = speed_m_s**2 / (GRAVITY_M_S2 * np.tan(np.radians(BANK_DEG)))
    # two sides of four radii and two half circles drawn as four chords each
    lap = radius * (8.0 + 16.0 * np.sin(np.pi / 8.0))
    laps = max(1, round(length / lap))
    scale = length / (laps * lap)
    course = racetrack(lat, lon, heading_deg, 4.0 * radius * scale, 2.0 * radius * scale)
    return [course] * laps


def runway_slot(resources: Resources, name: str, earliest_ms: int) -> int:
    """Book the first free take-off slot of a runway at or after a time; return it, ms.

    Slots are whole multiples of `RUNWAY_MS`, each a resource of its own, so that a flight booked
    for later does not close the runway until then.
    """
    slot = -(-earliest_ms // RUNWAY_MS)
    while resources.book(f"{name}:{slot}", 1, slot * RUNWAY_MS, RUNWAY_MS) > slot * RUNWAY_MS:
        slot += 1
    return slot * RUNWAY_MS


def runway_of(world: World, lat: float, lon: float) -> tuple[str, int]:
    """Return name of the runway resource and index of the airfield at a position.

    Where no airfield is within `AIRFIELD_M` (a deck, a field) the name tells the position and the
    index is -1.
    """
    fields = world.index.airfields_near(lat, max(AIRFIELD_M, world.index.widest_airfield_m))
    if fields.size:
        _, away = inverse(lat, lon, world.places.lat[fields], world.places.lon[fields])
        near = int(np.argmin(away))
        if away[near] <= max(AIRFIELD_M, float(world.places.radius_m[fields[near]])):
            return f"runway:{world.places.id[fields[near]]}", int(fields[near])
    return f"runway:{lat:.2f},{lon:.2f}", -1


def route(
    world: World,
    origin: tuple[float, float],
    destination: tuple[float, float],
    via: Sequence[int | tuple[float, float]],
    reach_m: float,
) -> list[list[tuple[float, float]]]:
    """Return a flight in hops between landings, each a list of points (degrees) to pass.

    Parameters
    ----------
    origin, destination
        Degrees.
    via
        Places (index) or points to pass; those at airfields are stops when the whole is farther
        than ``reach_m``. Where a hop is still too far, the scenario's airfields that make it
        shortest are stops too.
    reach_m
        What one hop may take.

    Raises
    ------
    OrderRefusedError
        If there is no airfield where one is needed.
    """
    points = [_point(world, item) for item in via]
    whole = [origin, *points, destination]
    if _length_m(whole) <= reach_m:
        return [whole]
    hops: list[list[tuple[float, float]]] = []
    current = [origin]
    for point in [*points, destination]:
        current.append(point)
        stops = point == destination or runway_of(world, *point)[1] >= 0
        if stops:
            hops.append(current)
            current = [point]
    fine: list[list[tuple[float, float]]] = []
    for hop in hops:
        length = _length_m(hop)
        if length <= reach_m:
            fine.append(hop)
            continue
        if len(hop) > 2:
            raise OrderRefusedError(
                f"{length / 1000:.0f} km between airfields is beyond the range less "
                f"{RESERVE:.0%} reserve ({reach_m / 1000:.0f} km)"
            )
        chain = [hop[0], *_stops(world, hop[0], hop[1], reach_m), hop[1]]
        fine += [[a, b] for a, b in pairwise(chain)]
    return fine


def _length_m(points: Sequence[tuple[float, float]]) -> float:
    """Return the length of geodesics through points, metres."""
    lat, lon = np.array(points).T
    return float(inverse(lat[:-1], lon[:-1], lat[1:], lon[1:])[1].sum())


def _point(world: World, item: int | tuple[float, float]) -> tuple[float, float]:
    if isinstance(item, int | np.integer):
        return float(world.places.lat[item]), float(world.places.lon[item])
    return float(item[0]), float(item[1])


def _stops(
    world: World, origin: tuple[float, float], destination: tuple[float, float], reach_m: float
) -> list[tuple[float, float]]:
    """Return the airfields at which to refuel on the quickest way, by Dijkstra's algorithm.

    Distances are measured from where the search has come to, to what lies in reach by latitude.
    """
    fields = world.index.airfields
    lat = np.concatenate([[origin[0]], world.places.lat[fields], [destination[0]]])
    lon = np.concatenate([[origin[1]], world.places.lon[fields], [destination[1]]])
    stop_m = 200.0 * REFUEL_MS / 1000.0  # what a stop costs, as distance at 200 m/s
    last = lat.size - 1
    best = np.full(lat.size, np.inf)
    best[0] = 0.0
    came = np.full(lat.size, -1)
    queue = [(0.0, 0)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node == last:
            break
        if cost > best[node]:
            continue
        near = 1 + np.searchsorted(fields, world.index.airfields_near(float(lat[node]), reach_m))
        near = np.append(near, last)
        _, apart = inverse(lat[node], lon[node], lat[near], lon[near])
        total = cost + apart + stop_m
        # what costs more than a way that is known leads to no better one
        nearer = (apart <= reach_m) & (apart > 0.0) & (total < np.minimum(best[near], best[last]))
        best[near[nearer]], came[near[nearer]] = total[nearer], node
        for step in zip(total[nearer].tolist(), near[nearer].tolist(), strict=True):
            heapq.heappush(queue, step)
    if came[last] < 0:
        length_km = _length_m([origin, destination]) / 1000
        raise OrderRefusedError(
            f"{length_km:.0f} km is beyond the range less {RESERVE:.0%} reserve "
            f"({reach_m / 1000:.0f} km), and no airfields lie suitably between"
        )
    nodes: list[int] = []
    node = int(came[last])
    while node:
        nodes.append(node)
        node = int(came[node])
    return [(float(lat[n]), float(lon[n])) for n in reversed(nodes)]
