"""Replenishment at sea: receivers come abeam of a tanker under way, in turn, one on each side.

The tanker holds a steady course and speed. Receivers wait astern; each in its turn closes to
its side, keeps station abeam at the tanker's speed for the time of the transfer, and drops back.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.effects import MODE_CODE, Effects
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.engine.systems.berths import land_samples
from startex.engine.systems.kernels import travel_ms
from startex.engine.systems.sea import company_speed, joining, ship_speeds
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import Track, settle
from startex.geography.geodesy import cut, direct, inverse, leg_limit_m, path_of
from startex.geography.paths import POSITION_DECIMALS, Path

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

ABEAM_M = 55.0
"""Between the sides of the ships; assumed: within the 45 to 60 m usual for fuel hoses."""

WAITING_M = 1_500.0
"""Astern of the tanker, where receivers wait; assumed."""

CLOSING_M_S = 1.5
"""Speed of a receiver over that of the tanker when it closes or drops back; assumed: 3 kn."""

TRANSFER_MS = 90 * 60_000
"""Transfer of fuel where the order names no time; assumed."""

SPEED_M_S = 12.0 * 1852.0 / 3600.0
"""Speed where the order names none; assumed: 12 kn."""

_COURSES = 36


def replenish(order: Order, rows: Int32, t: int, world: World, state: State) -> Effects:
    """Return the replenishment ordered in ``order.params["replenish"]``.

    Parameters
    ----------
    order
        ``replenish``: {``tanker``: row, ``transfer_ms`` (default `TRANSFER_MS`), ``abeam_m``};
        ``path`` (optional): first point where it begins, second the direction; ``speed_m_s``.
    rows
        Ships of the order, the tanker among them.
    t, world, state
        As for every system.

    Raises
    ------
    OrderRefusedError
        If the tanker is not among the ships, there is no receiver, a ship is too slow, or no
        course lies clear of land for long enough.
    """
    params, about = order.params, dict(order.params["replenish"])
    tanker = int(about["tanker"])
    receivers = rows[rows != tanker]
    if tanker not in rows or receivers.size == 0:
        raise OrderRefusedError("a replenishment needs the tanker and a receiver among its ships")
    ships = np.concatenate([[tanker], receivers]).astype(np.int32)
    limit = ship_speeds(ships, world)[1]
    speed = company_speed(ships, world, float(params.get("speed_m_s") or SPEED_M_S))
    speed = min(speed, float(limit[1:].min()) - 1.2 * CLOSING_M_S)
    if speed <= 1.0:
        slow = ships[1 + int(np.argmin(limit[1:]))]
        raise OrderRefusedError(f"{world.force.name[slow]} is too slow to come alongside")
    transfer_ms = int(about.get("transfer_ms") or TRANSFER_MS)
    close_ms = int(travel_ms(WAITING_M, CLOSING_M_S))
    turn_ms = transfer_ms + 2 * close_ms
    turns = -(-receivers.size // 2)
    steam_m = speed * (turns * turn_ms / 1000.0) + 6.0 * WAITING_M
    course = _course(order, tanker, steam_m, world, state)
    abeam = float(about.get("abeam_m") or ABEAM_M)
    beam = world.catalogue.width_m[world.force.type[ships]]
    tracks = [_relative(course, speed, *_of_tanker(turns * turn_ms))]
    for number in range(receivers.size):
        side = 1.0 if number % 2 == 0 else -1.0
        gap = side * (abeam + 0.5 * float(beam[0] + beam[number + 1]))
        times, ahead, right = _of_receiver(number, turns, turn_ms, close_ms, side, gap)
        tracks.append(_relative(course, speed, times, ahead, right))
    tracks, moment = joining(world, state, ships, tracks, limit, t)
    effects = Effects(t)
    settle(effects, ships, tracks)
    place = int(params.get("place", -1))
    for number, row in enumerate(receivers):
        begin = moment + (number // 2) * turn_ms + close_ms
        names = f"{world.force.name[row]} alongside {world.force.name[tanker]}"
        effects.events += [
            tell(
                order, begin, "replenishment_started", names,
                actor=int(row), target=tanker, place=place,
            ),
            tell(
                order, begin + transfer_ms, "replenishment_ended", f"{names}: transfer complete",
                actor=int(row), target=tanker, place=place, transfer_ms=transfer_ms,
            ),
        ]  # fmt: skip
    return effects


def _of_tanker(duration_ms: int) -> tuple[Int64, Float64, Float64]:
    return np.array([0, duration_ms], dtype=np.int64), np.zeros(2), np.zeros(2)


def _of_receiver(
    number: int, turns: int, turn_ms: int, close_ms: int, side: float, gap: float
) -> tuple[Int64, Float64, Float64]:
    """Return times and stations of a receiver: astern, alongside, astern again.

    Those that have been alongside drop back behind those that wait.
    """
    turn = number // 2
    wait = -WAITING_M * (1.0 + 0.4 * turn)
    back = -WAITING_M * (1.0 + 0.4 * (turns + turn))
    off = side * 300.0
    begin = turn * turn_ms
    # those farther astern close in the same time, so a little faster: 1.2 x is allowed for
    first = begin - int(travel_ms(-wait - WAITING_M, CLOSING_M_S)) if turn else begin
    drop = begin + turn_ms + int(travel_ms(-back - WAITING_M, CLOSING_M_S))
    t = np.array([0, first, begin + close_ms, begin + turn_ms - close_ms, drop, turns * turn_ms])
    ahead = np.array([wait, wait, 0.0, 0.0, back, back])
    right = np.array([off, off, gap, gap, off, off])
    kept = np.concatenate([[True], np.diff(t) > 0])
    return t[kept].astype(np.int64), ahead[kept], right[kept]


def _relative(course: Path, speed: float, times: Int64, ahead: Float64, right: Float64) -> Track:
    """Return the track of a ship whose station on a guide on a straight course changes in time.

    The guide passes the course at `WAITING_M` x 4 from its beginning at time 0.
    """
    step = float(leg_limit_m(np.abs(course.lat).max(), 55.0, 0.5)) / speed * 1000.0
    span = max(1, int(np.ceil((times[-1] - times[0]) / step)))
    t = np.unique(
        np.concatenate([times, np.linspace(times[0], times[-1], span + 1).astype(np.int64)])
    )
    s = 4.0 * WAITING_M + speed * t / 1000.0 + np.interp(t, times, ahead)
    out = np.interp(t, times, right)
    lat, lon = np.interp(s, course.s, course.lat), np.interp(s, course.s, course.lon)
    leg = np.clip(np.searchsorted(course.s, s, side="right") - 1, 0, course.s.size - 2)
    azimuth, _ = inverse(course.lat[leg], course.lon[leg], course.lat[leg + 1], course.lon[leg + 1])
    lat, lon = direct(lat, lon, azimuth + 90.0, out)
    lat, lon = np.round(lat, POSITION_DECIMALS), np.round(lon, POSITION_DECIMALS)
    mode = np.full(t.size - 1, MODE_CODE["sea"], dtype=np.int8)
    return Track(t.astype(np.int64), lat, lon, np.zeros(t.size), mode)


def _course(order: Order, tanker: int, steam_m: float, world: World, state: State) -> Path:
    """Return a straight course clear of land, as ordered or the one farthest from it."""
    points = [(float(a), float(b)) for a, b in order.params.get("path") or ()]
    headings = list(np.arange(_COURSES) * 360.0 / _COURSES)
    if len(points) >= 2:
        azimuth, _ = inverse(*points[0], *points[1])
        headings = [float(azimuth) + heading for heading in headings]
    lat, lon = points[0] if points else (float(state.lat[tanker]), float(state.lon[tanker]))
    for heading in headings:
        end_lat, end_lon = direct(lat, lon, heading, steam_m)
        way = cut([lat, float(end_lat)], [lon, float(end_lon)])
        if not land_samples(world.router.surface, way, 0.0):
            return path_of(way.lat, way.lon)
    raise OrderRefusedError(
        f"no steady course of {steam_m / 1000:.0f} km ({steam_m / 1852:.0f} nmi) lies clear of "
        f"land from {lat:.2f}, {lon:.2f}"
    )
