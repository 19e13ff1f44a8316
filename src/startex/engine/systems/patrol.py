"""Ships guard an area: each sails a pattern in a sector of its own until it is relieved."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Effects
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.engine.systems.berths import sea_way
from startex.engine.systems.patterns import SWEEP, Area, circuit, sectors, sweeps
from startex.engine.systems.sea import (
    METRES_PER_NMI,
    afloat,
    company_speed,
    distance_m,
    ship_speeds,
    ships_of,
)
from startex.engine.systems.telling import tell
from startex.engine.systems.tracks import chain, repeated, run, settle, until
from startex.foundation.clock import MS_PER_SECOND, format_time
from startex.foundation.streams import Stream, uniform
from startex.geography.geodesy import join, section
from startex.geography.paths import Path

Int32 = npt.NDArray[np.int32]


class Patrol:
    """Carries out ``patrol``: ships guard an area.

    Parameters of the order: ``area`` (place index, or outline as (lat, lon) points; default: the
    ``place``), ``pattern`` (one of `patterns.PATTERNS` or
    `patterns.SWEEP`, default racetrack), ``speed_m_s`` (on
    patrol; default: usual speed of the slowest), ``until_ms`` (end of the patrol), ``place``,
    ``lane_spacing_m`` (between the lanes of a ladder or a sweep; default: six a ship, or twelve),
    ``returning`` (ships that have left their stations and may be too late to come back).

    A sweep goes over the whole area in parallel lanes. Else the area is divided into one sector a
    ship; where in its pattern a ship begins is drawn
    (`Stream.PATROL`). Refused when the area has too little water, or nobody gets there in time.
    """

    def may_be_interrupted(self, order: Order) -> bool:
        """Tell whether ships may be taken out of the order: always."""
        return True

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the patrol (see `engine.systems.base.System.start`)."""
        rows = ships_of(order, world)
        afloat(rows, world, state)
        params = order.params
        area: Area = params["area"] if "area" in params else int(params["place"])
        end, returning = int(params["until_ms"]), bool(params.get("returning", False))
        pattern = str(params.get("pattern") or "racetrack")
        laps = self._laps(world, area, pattern, rows, t, params.get("lane_spacing_m"))
        speed = company_speed(rows, world, params.get("speed_m_s"))
        transit = np.minimum(ship_speeds(rows, world)[0].min(), ship_speeds(rows, world)[1])
        tracks, on_station, patrolled = [], [], 0.0
        for number, row in enumerate(rows):
            lap = laps[number]
            way = sea_way(
                world,
                float(state.lat[row]),
                float(state.lon[row]),
                float(lap.lat[0]),
                float(lap.lon[0]),
            )
            passage = run(way, t, float(transit[number]), "sea")
            arrived = passage.end_ms
            on_station.append(arrived)
            if arrived >= end:
                tracks.append(until(passage, end) if returning else passage)
                continue
            beat = until(repeated(run(lap, arrived, speed, "sea"), end), end)
            patrolled += distance_m(beat)
            tracks.append(chain([passage, beat]))
        if min(on_station) >= end and not returning:
            raise OrderRefusedError(
                f"no ship can be on station before the patrol ends ({format_time(end)}); "
                f"the first would be there {format_time(min(on_station))}"
            )
        effects = Effects(t)
        settle(effects, rows, tracks)
        place = int(params.get("place", area if isinstance(area, int) else -1))
        first = int(np.argmin(on_station))
        where = f" of {world.places.name[place]}" if place >= 0 else ""
        if on_station[first] >= end:
            return effects
        effects.events += [
            tell(
                order, on_station[first], "patrol_started",
                f"{pattern} patrol{where} by {rows.size} ships", actor=int(rows[first]),
                place=place, pattern=pattern, ships=int(rows.size),
            ),
            tell(
                order, effects.end_ms, "patrol_ended", f"patrol{where} ended", actor=int(rows[0]),
                place=place, nautical_miles=round(patrolled / METRES_PER_NMI, 1),
            ),
        ]  # fmt: skip
        return effects

    def _laps(
        self, world: World, area: Area, pattern: str, rows: Int32, t: int, spacing_m: float | None
    ) -> list[Path]:
        """Return the closed course of each ship, from where it begins."""
        if pattern == SWEEP:
            return sweeps(world, area, rows.size, spacing_m)
        found = sectors(world, area, rows.size)
        if not found:
            raise OrderRefusedError(f"the area has no room on water for {rows.size} ships")
        second = world.elapsed(t, MS_PER_SECOND)
        phase = uniform(world.seed, Stream.PATROL, world.force.key[rows], second)
        courses = [circuit(sector, pattern, spacing_m) for sector in found]
        return [_begun_at(lap, float(share)) for lap, share in zip(courses, phase, strict=True)]


def _begun_at(course: Path, share: float) -> Path:
    """Return a closed course begun at a share of its length."""
    begin = share * course.length_m
    if begin < 50.0 or course.length_m - begin < 50.0:
        return course
    return join([section(course, begin, course.length_m), section(course, 0.0, begin)])
