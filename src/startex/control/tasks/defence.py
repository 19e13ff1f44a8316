"""Defence of a place against an opposing force that comes at it on the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from startex.control.brief import Brief, CannotBeHeldError, Draft
from startex.control.drafting import Drafts
from startex.control.elements import COMPANY, ground_elements
from startex.control.tasks.ground import POSITION_SPACING_M, hold_until, mounted_move, movers
from startex.foundation.clock import MS_PER_MINUTE
from startex.foundation.streams import Stream, entity_key, uniform
from startex.geography.geodesy import direct, inverse

FRONT_M = 800.0
"""Distance between the middles of neighbouring companies, m; assumed: a company's frontage."""

ATTACK_MS = 60 * MS_PER_MINUTE
"""From the start until the opposing force sets out, where the serial does not say; assumed."""

CLOSE_M = 400.0
"""How near the opposing force comes, where the serial does not say, m; assumed."""

DRONE_STATION_MIN = 40.0
"""Time of a drone on station where the serial does not say; assumed: less than half of what such
drones can fly."""

Spot = tuple[float, float]
"""Latitude and longitude, degrees."""


def defend(brief: Brief) -> list[Draft]:
    """Companies take positions abreast; the opposing force forms up, then comes at them.

    Both sides dismount where they halt and stay to the end. Drones of the one circle over where
    the other forms up, those of the other over the place.
    """
    if not brief.opfor:
        raise CannotBeHeldError("it names no opposing force to defend against")
    ground = threatened(brief)
    centre, toward = ground.centre, ground.toward_deg
    drafts = Drafts()
    for element, rows, spot in abreast(brief, brief.units + brief.support, centre, toward):
        last = mounted_move(drafts, brief, element, rows, None, position(brief, spot, toward))
        hold_until(drafts, brief, last, element, rows)
    set_out = brief.t + brief.minutes("attack_min", ATTACK_MS / MS_PER_MINUTE)
    gathering, objective = (
        off(centre, toward, ground.approach_m),
        off(centre, toward, ground.close_m),
    )
    starts = abreast(brief, brief.opfor, gathering, toward)
    ends = abreast(brief, brief.opfor, objective, toward)
    back = (toward + 180.0) % 360.0
    for (element, rows, start), (_, _, end) in zip(starts, ends, strict=True):
        if not movers(brief, rows).size:
            continue
        last = mounted_move(drafts, brief, element, rows, None, position(brief, start, back))
        last = mounted_move(
            drafts, brief, element, rows, last, position(brief, end, back), not_before_ms=set_out
        )
        hold_until(drafts, brief, last, element, rows)
    _scout(drafts, brief, brief.units + brief.support, gathering)
    _scout(drafts, brief, brief.opfor, centre)
    return drafts.drafts


def _scout(drafts: Drafts, brief: Brief, units: tuple[int, ...], over: Spot) -> None:
    """Let the drones of a side relieve each other over a place, each once.

    Whoever would not be back before the end stays on the ground. Each has an order of its own, so
    that one may turn home without the others.
    """
    spell = brief.minutes("drone_station_min", DRONE_STATION_MIN)
    start = brief.t + brief.minutes("drones_after_min")
    for unit in units:
        rows = brief.picture.members(unit, "aircraft")
        rows = rows[brief.picture.figure(rows, "crew") == 0]
        keys = brief.picture.force.key[rows]
        for row in rows[np.argsort(keys, kind="stable")].tolist():
            one = np.array([row], dtype=np.int32)
            lat, lon = brief.picture.position(one)
            base = float(lat[0]), float(lon[0])
            speed = float(brief.picture.figure(one, "speed_cruise_m_s")[0])
            way_ms = round(2000.0 * float(inverse(*base, *over)[1]) / speed)
            if start + spell + way_ms > brief.end_ms:
                return
            params: dict[str, object] = {
                "points": [over], "on_station_ms": spell, "target_place": brief.place, "base": base,
            }  # fmt: skip
            if brief.param("drone_altitude_m") is not None:
                params["altitude_m"] = float(brief.param("drone_altitude_m"))
            drafts.add("scout", one, unit, params, not_before_ms=start)
            start += spell


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a place is defended: its middle, whence they come (degrees), and how near (m)."""

    centre: Spot
    toward_deg: float
    approach_m: float
    close_m: float


def threatened(brief: Brief) -> Ground:
    """Return where a place is defended, and against whom coming from where.

    Raises
    ------
    CannotBeHeldError
        If no way leads there over land.
    """
    centre = brief.point(brief.place)
    approach_m = float(brief.param("approach_m"))
    close_m = min(float(brief.param("close_m", CLOSE_M)), approach_m)
    return Ground(centre, _threat(brief, centre, approach_m), approach_m, close_m)


def _threat(brief: Brief, centre: Spot, approach_m: float) -> float:
    """Return the bearing from which the opposing force comes: its own for each serial, on land.

    Every fifteen degrees is tried, from one that follows from serial and place; land all along is
    asked for, since what stands between would have to be gone round.
    """
    key = entity_key(f"{brief.serial.serial}@{brief.picture.places.id[brief.place]}")
    first = float(uniform(brief.seed, Stream.LAYOUT, key)) * 360.0
    bearings = (first + np.arange(0.0, 360.0, 15.0)) % 360.0
    along = approach_m * np.arange(1, 9) / 8.0
    lat, lon = direct(*centre, np.repeat(bearings, along.size), np.tile(along, bearings.size))
    clear = brief.router.surface.is_land(lat, lon).reshape(bearings.size, along.size).all(axis=1)
    if not clear.any():
        name = brief.picture.places.name[brief.place]
        raise CannotBeHeldError(f"no way of {approach_m:g} m leads to {name} over land alone")
    return float(bearings[int(np.argmax(clear))])


def off(centre: Spot, bearing: float, distance_m: float) -> Spot:
    """Return the point so far from another on a bearing, degrees."""
    lat, lon = direct(*centre, bearing, distance_m)
    return float(lat), float(lon)


def abreast(
    brief: Brief, units: tuple[int, ...], middle: Spot, facing: float
) -> list[tuple[int, np.ndarray[tuple[int], np.dtype[np.int32]], Spot]]:
    """Return companies with their platforms and places, in line abreast; nearer where that is sea.

    From left to right as units are named and stand in the order of battle.
    """
    parts = ground_elements(brief, units, COMPANY)
    found = []
    for number, (element, rows) in enumerate(parts):
        aside = (number - (len(parts) - 1) / 2) * FRONT_M
        spots = [off(middle, facing + 90.0, aside * share) for share in (1.0, 0.5, 0.25, 0.0)]
        land = [bool(brief.router.surface.is_land(*spot)) for spot in spots]
        found.append((element, rows, spots[land.index(True) if any(land) else -1]))
    return found


def position(brief: Brief, spot: Spot, heading_deg: float) -> dict[str, object]:
    """Return the parameters of a line of platforms at a point, facing some way."""
    return {
        "lat": spot[0], "lon": spot[1], "place": brief.place, "spacing_m": POSITION_SPACING_M,
        "heading_deg": heading_deg, "formation": "line",
    }  # fmt: skip
