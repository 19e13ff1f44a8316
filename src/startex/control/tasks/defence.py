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
from startex.geography.geodesy import direct

FRONT_M = 800.0
"""Distance between the middles of neighbouring companies, m; assumed: a company's frontage."""

ATTACK_MS = 60 * MS_PER_MINUTE
"""From the start until the opposing force sets out, where the serial does not say; assumed."""

CLOSE_M = 400.0
"""How near the opposing force comes, where the serial does not say, m; assumed."""

Spot = tuple[float, float]
"""Latitude and longitude, degrees."""


def defend(brief: Brief) -> list[Draft]:
    """Companies take positions abreast; the opposing force forms up, then comes at them.

    Both sides dismount where they halt and stay to the end.
    """
    if not brief.opfor:
        raise CannotBeHeldError("it names no opposing force to defend against")
    ground = threatened(brief)
    centre, toward = ground.centre, ground.toward_deg
    drafts = Drafts()
    for element, rows, spot in _abreast(brief, brief.units + brief.support, centre, toward):
        last = mounted_move(drafts, brief, element, rows, None, _line(brief, spot, toward))
        hold_until(drafts, brief, last, element, rows)
    set_out = brief.t + brief.minutes("attack_min", ATTACK_MS / MS_PER_MINUTE)
    gathering, objective = (
        _off(centre, toward, ground.approach_m),
        _off(centre, toward, ground.close_m),
    )
    starts = _abreast(brief, brief.opfor, gathering, toward)
    ends = _abreast(brief, brief.opfor, objective, toward)
    back = (toward + 180.0) % 360.0
    for (element, rows, start), (_, _, end) in zip(starts, ends, strict=True):
        if not movers(brief, rows).size:
            continue
        last = mounted_move(drafts, brief, element, rows, None, _line(brief, start, back))
        last = mounted_move(
            drafts, brief, element, rows, last, _line(brief, end, back), not_before_ms=set_out
        )
        hold_until(drafts, brief, last, element, rows)
    return drafts.drafts


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


def _off(centre: Spot, bearing: float, distance_m: float) -> Spot:
    lat, lon = direct(*centre, bearing, distance_m)
    return float(lat), float(lon)


def _abreast(
    brief: Brief, units: tuple[int, ...], middle: Spot, facing: float
) -> list[tuple[int, np.ndarray[tuple[int], np.dtype[np.int32]], Spot]]:
    """Return companies with their platforms and places, in line abreast; nearer where that is sea.

    From left to right as units are named and stand in the order of battle.
    """
    parts = ground_elements(brief, units, COMPANY)
    found = []
    for number, (element, rows) in enumerate(parts):
        aside = (number - (len(parts) - 1) / 2) * FRONT_M
        spots = [_off(middle, facing + 90.0, aside * share) for share in (1.0, 0.5, 0.25, 0.0)]
        land = [bool(brief.router.surface.is_land(*spot)) for spot in spots]
        found.append((element, rows, spots[land.index(True) if any(land) else -1]))
    return found


def _line(brief: Brief, spot: Spot, heading_deg: float) -> dict[str, object]:
    return {
        "lat": spot[0], "lon": spot[1], "place": brief.place, "spacing_m": POSITION_SPACING_M,
        "heading_deg": heading_deg, "formation": "line",
    }  # fmt: skip
