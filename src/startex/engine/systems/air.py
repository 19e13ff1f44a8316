"""Aircraft: sorties from an airfield or a deck, and flights to another airfield."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Boarding, Effects
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.engine.systems.berths import parking
from startex.engine.systems.flights import (
    PREPARATION_MS,
    REFUEL_MS,
    Performance,
    fly,
    loiter,
    performance,
    route,
    runway_of,
    runway_slot,
)
from startex.engine.systems.seating import busy, of_kind, retry_at, root
from startex.engine.systems.strike import strike
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import Track, chain, settle, stop
from startex.forces.definitions import KINDS
from startex.foundation.clock import MS_PER_SECOND
from startex.foundation.streams import Stream, uniform
from startex.geography import geodesy
from startex.geography.paths import Path

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

AIRCRAFT, SHIP = KINDS.index("aircraft"), KINDS.index("ship")


def aircraft_of(order: Order, world: World, state: State, t: int) -> tuple[Int32, Int32]:
    """Return the aircraft of an order and what each stands on (-1: the ground), shape (k,).

    Aircraft on the deck of a ship under way are left out while there are others.

    Raises
    ------
    OrderRefusedError
        If there is no aircraft, one stands nowhere, or all stand on ships under way.
    """
    rows = of_kind(world, order.rows, AIRCRAFT)
    if rows.size == 0:
        raise OrderRefusedError("no aircraft is among the platforms ordered")
    top = root(state, rows)
    decks = np.where(top == rows, -1, top).astype(np.int32)
    lost = rows[~np.isfinite(state.lat[top])]
    if lost.size:
        raise OrderRefusedError(f"{world.force.name[lost[0]]} has no known position")
    ships = np.unique(decks[decks >= 0])
    other = ships[world.force.kind[ships] != SHIP]
    if other.size:
        raise OrderRefusedError(f"aircraft cannot take off from {world.force.name[other[0]]}")
    away = ships[busy(state, ships, t, order.id)]
    ashore = ~np.isin(decks, away)
    if not ashore.any():
        raise OrderRefusedError(
            f"{world.force.name[away[0]]} is under way on another order: its aircraft stay aboard",
            retry_at(state, away, t),
        )
    return rows[ashore], decks[ashore]


def take_offs(
    order: Order, rows: Int32, decks: Int32, t: int, world: World, state: State,
    resources: Resources,
) -> Int64:  # fmt: skip
    """Book and return take-off times, ms, shape (k,): staggered, spread, one a runway slot."""
    stagger = int(order.params.get("stagger_ms") or 0)
    second = world.elapsed(t, MS_PER_SECOND)
    draw = uniform(world.seed, Stream.TAKE_OFF, world.force.key[rows], second)
    ready = t + stagger * np.arange(rows.size) + (draw * PREPARATION_MS).astype(np.int64)
    times = np.empty(rows.size, dtype=np.int64)
    last = t
    for number, row in enumerate(rows):
        deck = int(decks[number])
        at = deck if deck >= 0 else int(row)
        name, _ = runway_of(world, float(state.lat[at]), float(state.lon[at]))
        if deck >= 0:
            name = f"deck:{world.force.name[deck]}"
        last = runway_slot(resources, name, max(int(ready[number]), last if stagger else t))
        times[number] = last
    return times


class Sortie:
    """Carries out ``sortie``: take-off, climb, cruise, time on station, return and landing.

    Parameters of the order: ``points`` ((lat, lon), passed in order), ``station`` (which of them
    is circled in a racetrack, default the last), ``on_station_ms``, ``altitude_m`` and
    ``speed_m_s`` (default: usual ones of the type), ``recover`` (place index; default: where it
    took off from, its deck too), ``stagger_ms`` (between take-offs), ``place``, ``targets`` of a
    range and what may be released at them (`strike.strike`).

    Aircraft of one order fly the same points, a runway slot apart. Refused when the way with
    the time on station is longer than the range less `flights.RESERVE`, or the altitude is above
    the ceiling. A ship whose aircraft return to it stays where it is until they are back.
    """

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the sortie (see `engine.systems.base.System.start`)."""
        rows, decks = aircraft_of(order, world, state, t)
        params = order.params
        points = [(float(a), float(b)) for a, b in params["points"]]
        able = performance(world, rows, params.get("speed_m_s"), params.get("altitude_m"))
        at = np.where(decks >= 0, decks, rows)
        lat, lon, alt = state.lat[at], state.lon[at], state.alt[at]
        recover = params.get("recover")
        if recover is None:
            end_lat, end_lon, end_alt = lat, lon, alt
        else:
            field = (float(world.places.lat[recover]), float(world.places.lon[recover]))
            end_lat, end_lon = parking(world, state, rows, *field)
            end_alt = np.zeros(rows.size)
        station = int(params.get("station", len(points) - 1))
        on_station = int(params.get("on_station_ms") or 0)
        middle, to_station = _middle(
            (float(lat[0]), float(lon[0])), points, station, on_station, able
        )
        ways = [
            _whole((lat[i], lon[i]), middle, (end_lat[i], end_lon[i])) for i in range(rows.size)
        ]
        longest = max(way.length_m for way in ways)
        if longest > able.reach_m:
            raise OrderRefusedError(
                f"the sortie of {longest / 1000:.0f} km is beyond the range of "
                f"{world.force.name[rows[0]]} less reserve ({able.reach_m / 1000:.0f} km)"
            )
        times = take_offs(order, rows, decks, t, world, state, resources)
        tracks = [
            fly(
                ways[i], int(times[i]), able, alt_from=float(alt[i]), alt_to=float(end_alt[i])
            )
            for i in range(rows.size)
        ]  # fmt: skip
        effects = Effects(t)
        settle(effects, rows, tracks)
        self._decks(effects, rows, decks, tracks, state, back=recover is None)
        first = ways[0].length_m and to_station + float(
            geodesy.inverse(lat[0], lon[0], *points[0])[1]
        )
        arrive = tracks[0].start_ms + round(first / able.speed_m_s * 1000.0)
        ordered = int(np.sum(world.force.kind[order.rows] == AIRCRAFT))
        self._tell(effects, order, rows, tracks, arrive, on_station, longest, ordered)
        strike(effects, order, rows, tracks, points[station], world, state)
        return effects

    def _decks(
        self,
        effects: Effects,
        rows: Int32,
        decks: Int32,
        tracks: list[Track],
        state: State,
        *,
        back: bool,
    ) -> None:
        """Add leaving and, where they come back, boarding of the decks, and hold those ships."""
        up = np.flatnonzero(decks >= 0)
        if up.size == 0:
            return
        leave = np.array([tracks[i].start_ms for i in up], dtype=np.int64)
        land = np.array([tracks[i].end_ms for i in up], dtype=np.int64)
        none = np.full(up.size, -1, dtype=np.int32)
        effects.boardings.append(Boarding(rows[up], none, none, leave))
        if back:
            effects.boardings.append(Boarding(rows[up], decks[up], state.slot[rows[up]], land))
            ships = np.setdiff1d(decks[up], rows).astype(np.int32)
            held = np.array([land[decks[up] == ship].max() for ship in ships], dtype=np.int64)
            stop(effects, ships, held, state.lat[ships], state.lon[ships], alt=state.alt[ships])

    def _tell(
        self,
        effects: Effects,
        order: Order,
        rows: Int32,
        tracks: list[Track],
        arrive: int,
        on_station: int,
        longest: float,
        ordered: int,
    ) -> None:
        place = int(order.params.get("place", order.params.get("target_place", -1)))
        count, lead = int(rows.size), int(rows[0])
        many = f"{count} aircraft"
        took_off = min(track.start_ms for track in tracks)
        landed = max(track.end_ms for track in tracks)
        effects.events.append(
            tell(
                order,
                took_off,
                "took_off",
                f"{many} took off",
                actor=lead,
                sorties=count,
                stayed_aboard=ordered - count,
            )
        )
        if on_station and arrive + on_station <= landed:
            effects.events += [
                tell(order, arrive, "on_station", f"{many} on station", actor=lead, place=place),
                tell(
                    order, arrive + on_station, "off_station", f"{many} left station", actor=lead,
                    place=place,
                ),
            ]  # fmt: skip
        effects.events.append(
            tell(
                order, landed, "landed", f"{many} landed", actor=lead, sorties=count,
                kilometres=round(longest * count / 1000.0, 1),
            )
        )  # fmt: skip


def _middle(
    base: tuple[float, float],
    points: list[tuple[float, float]],
    station: int,
    on_station_ms: int,
    able: Performance,
) -> tuple[list[Path], float]:
    """Return the paths between the first and the last point, and how far the station is along."""
    parts: list[Path] = []
    before = 0.0
    for number, point in enumerate(points):
        if number:
            leg = geodesy.cut([points[number - 1][0], point[0]], [points[number - 1][1], point[1]])
            parts.append(leg)
            before += leg.length_m if number <= station else 0.0
        if number == station:
            last = points[number - 1] if number else base
            heading, _ = geodesy.inverse(*last, *point)
            parts += loiter(*point, float(heading), on_station_ms, able.speed_m_s)
    return parts or [geodesy.cut([points[0][0]] * 2, [points[0][1]] * 2)], before


def _whole(base: tuple[float, float], middle: Sequence[Path], end: tuple[float, float]) -> Path:
    """Return the way of one aircraft from its stand to where it lands."""
    first, last = middle[0], middle[-1]
    out = geodesy.cut([base[0], first.lat[0]], [base[1], first.lon[0]])
    back = geodesy.cut([last.lat[-1], end[0]], [last.lon[-1], end[1]])
    return geodesy.join([out, *middle, back])


class FerryFlight:
    """Carries out ``ferry_flight``: aircraft fly to another airfield and stay.

    Parameters of the order: ``destination`` (place index; or ``place``), ``via`` (places or
    points), ``speed_m_s``, ``altitude_m``, ``stagger_ms``. Stops to refuel as
    `flights.route` finds them, `flights.REFUEL_MS` each.
    """

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the flight (see `engine.systems.base.System.start`)."""
        rows, decks = aircraft_of(order, world, state, t)
        params = order.params
        goal = int(params["destination"] if "destination" in params else params["place"])
        able = performance(world, rows, params.get("speed_m_s"), params.get("altitude_m"))
        field = (float(world.places.lat[goal]), float(world.places.lon[goal]))
        at = np.where(decks >= 0, decks, rows)
        hops = [
            route(
                world, (float(state.lat[a]), float(state.lon[a])), field, params.get("via", ()),
                able.reach_m,
            )
            for a in at
        ]  # fmt: skip
        end_lat, end_lon = parking(world, state, rows, *field)
        times = take_offs(order, rows, decks, t, world, state, resources)
        tracks = [
            hopping(
                hops[i], (float(end_lat[i]), float(end_lon[i])), int(times[i]), able,
                alt_from=float(state.alt[at[i]]),
            )
            for i in range(rows.size)
        ]  # fmt: skip
        effects = Effects(t)
        settle(effects, rows, tracks)
        up = np.flatnonzero(decks >= 0)
        if up.size:
            none = np.full(up.size, -1, dtype=np.int32)
            effects.boardings.append(Boarding(rows[up], none, none, times[up]))
        stops = len(hops[0]) - 1
        name = world.places.name[goal]
        effects.events += [
            tell(
                order, int(times.min()), "took_off", f"{rows.size} aircraft took off for {name}",
                actor=int(rows[0]), sorties=int(rows.size), stops=stops,
            ),
            tell(
                order, effects.end_ms, "landed", f"{rows.size} aircraft landed at {name}",
                actor=int(rows[0]), place=goal, sorties=int(rows.size) * (stops + 1),
            ),
        ]  # fmt: skip
        return effects


def hopping(
    hops: Sequence[Sequence[tuple[float, float]]],
    end: tuple[float, float],
    start_ms: int,
    able: Performance,
    *,
    alt_from: float = 0.0,
) -> Track:
    """Return a flight in hops, with time to refuel between them, that ends at ``end``."""
    parts: list[Track] = []
    t = start_ms
    for number, hop in enumerate(hops):
        points = list(hop)
        if number == len(hops) - 1:
            points[-1] = end
        path = geodesy.cut([p[0] for p in points], [p[1] for p in points])
        parts.append(fly(path, t, able, alt_from=0.0 if number else alt_from))
        t = parts[-1].end_ms + REFUEL_MS
    return chain(parts)
