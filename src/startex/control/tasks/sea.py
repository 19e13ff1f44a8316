"""Tasks at sea: guarding an area, escort, forming up, rendezvous, replenishment."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from startex.control.brief import M_S_PER_KN, Brief, CannotBeHeldError, Draft
from startex.control.drafting import Drafts
from startex.control.elements import of_kind
from startex.control.intruders import cross
from startex.control.raids import along, raid
from startex.control.tasks.air import station_flights
from startex.foundation.clock import MS_PER_MINUTE
from startex.geography.geodesy import direct, interpolate, path_of
from startex.geography.ways import Way

Int32 = npt.NDArray[np.int32]

CONVOY_SPEED_M_S = 12.0 * M_S_PER_KN
COMPANY_SPEED_M_S = 10.0 * M_S_PER_KN
"""Where a serial names no speed; assumed: usual for merchant convoys, economical for warships."""

TRANSFER_MS = 60 * MS_PER_MINUTE
ABEAM_M = 60.0
"""Replenishment: time alongside and distance between hulls; assumed, of usual order."""

COMPANY_SPACING_M = 1500.0


def ships(brief: Brief, units: tuple[int, ...]) -> Int32:
    """Return the ships of several units that are not aboard anything, ascending."""
    found = [brief.picture.members(unit, "ship") for unit in units]
    rows = np.sort(np.concatenate(found)) if found else np.empty(0, np.int32)
    return np.unique(rows[brief.picture.carrier(rows) < 0]).astype(np.int32)


def patrol(brief: Brief) -> list[Draft]:
    """Ships guard the area to the end of the serial; aircraft fly over it in turns."""
    drafts = Drafts()
    rows = ships(brief, brief.units + brief.support)
    area = guarded(brief)
    if rows.size:
        drafts.add(
            "patrol", rows, brief.units[0],
            {
                "area": area, "place": brief.place, "pattern": str(brief.param("pattern")),
                "speed_m_s": brief.speed_m_s(), "until_ms": brief.end_ms,
                "lane_spacing_m": brief.param("lane_spacing_m"),
            },
        )  # fmt: skip
    middle = brief.point(brief.place)
    _oppose(drafts, brief, area, lambda _: middle)
    station_flights(drafts, brief)
    return drafts.drafts


def guarded(brief: Brief) -> int | list[tuple[float, float]]:
    """Return the area of a patrol: the place, or what lies near its middle, as (lat, lon)."""
    if brief.param("within_m") is None:
        return brief.place
    around = np.arange(_CORNERS) * (360.0 / _CORNERS)
    far = np.full(_CORNERS, float(brief.param("within_m")))
    corners = direct(*brief.point(brief.place), around, far)
    return [(float(a), float(b)) for a, b in zip(*corners, strict=True)]


_CORNERS = 24


def lay(drafts: Drafts, brief: Brief) -> None:
    """Let the mines of the opposing force drift, or lie moored, to the end of the serial."""
    for unit in brief.opfor:
        rows = of_kind(brief.picture, brief.picture.platforms(unit), "target")
        if rows.size:
            drafts.add(
                "drift", rows, unit,
                {
                    "until_ms": brief.end_ms, "place": brief.place,
                    "moored": brief.param("mines") == "moored",
                },
            )  # fmt: skip


def _oppose(
    drafts: Drafts, brief: Brief, area: int | list[tuple[float, float]],
    planned: Callable[[int], tuple[float, float]],
) -> None:  # fmt: skip
    """Let the opposing force act: ships move about an area or cross it, aircraft raid.

    ``planned``: where the plan says the ships of the others are at a time (ms).
    """
    raid(drafts, brief, planned)
    lay(drafts, brief)
    rows = ships(brief, brief.opfor)
    if rows.size and brief.param("opfor_course") == "cross":
        cross(drafts, brief, rows)
    elif rows.size:
        drafts.add(
            "patrol", rows, brief.opfor[0],
            {
                "area": area, "place": brief.place, "pattern": "racetrack",
                "until_ms": brief.end_ms,
            },
        )  # fmt: skip


def escort(brief: Brief) -> list[Draft]:
    """Warships screen a convoy along a sea lane."""
    convoy = ships(brief, brief.unit_rows("convoy"))
    escorts = ships(brief, brief.units + brief.support)
    if not convoy.size:
        raise CannotBeHeldError("the convoy has no ship")
    if not escorts.size:
        raise CannotBeHeldError("no ship of its units can escort")
    lane = brief.router.ways.get(str(brief.param("lane")))
    speed = brief.speed_m_s() or CONVOY_SPEED_M_S
    points = [(float(lat), float(lon)) for lat, lon in zip(lane.lat, lane.lon, strict=True)]
    drafts = Drafts()
    drafts.add(
        "keep_station", np.union1d(convoy, escorts).astype(np.int32), brief.units[0],
        {
            "path": points, "speed_m_s": speed,
            "convoy": convoy, "formation": "screen", "place": brief.place,
        },
    )  # fmt: skip
    _oppose(drafts, brief, _across(lane), along(points, speed, brief.t))
    station_flights(drafts, brief)
    return drafts.drafts


AMBUSH_M = 25_000.0
"""Half the side of the square about the middle of a lane in which the opposing force lies; assumed:
a stretch that a convoy passes in some three hours."""


def _across(lane: Way) -> list[tuple[float, float]]:
    """Return a square about the middle of a lane, as (lat, lon) points."""
    path = path_of(np.asarray(lane.lat), np.asarray(lane.lon))
    lat, lon = interpolate(path, 0.5 * path.length_m)
    bearings = np.array([45.0, 135.0, 225.0, 315.0])
    far = np.full(4, AMBUSH_M * 2.0**0.5)
    corners = direct(np.full(4, lat), np.full(4, lon), bearings, far)
    return [(float(a), float(b)) for a, b in zip(*corners, strict=True)]


def form_up(brief: Brief) -> list[Draft]:
    """Ships gather in one formation at the place, and steam in it to the end."""
    drafts = _company(brief, ships(brief, brief.units + brief.support))
    speed = brief.speed_m_s() or COMPANY_SPEED_M_S
    _oppose(drafts, brief, brief.place, along(_course(brief, speed), speed, brief.t))
    station_flights(drafts, brief)
    return drafts.drafts


def rendezvous(brief: Brief) -> list[Draft]:
    """Ships of several units meet at the place at one time, and steam together to the end."""
    return _company(brief, ships(brief, brief.everybody + brief.unit_rows("with"))).drafts


def _company(brief: Brief, rows: Int32) -> Drafts:
    if not rows.size:
        raise CannotBeHeldError("no ship of its units can take part")
    speed = brief.speed_m_s() or COMPANY_SPEED_M_S
    drafts = Drafts()
    drafts.add(
        "keep_station", rows, brief.units[0],
        {
            "path": _course(brief, speed), "speed_m_s": speed,
            "formation": str(brief.param("formation", "line_ahead")),
            "spacing_m": float(brief.param("spacing_m", COMPANY_SPACING_M)),
            "until_ms": brief.end_ms, "place": brief.place,
        },
    )  # fmt: skip
    return drafts


def _course(brief: Brief, speed_m_s: float) -> list[tuple[float, float]]:
    """Points to and fro about the place's middle that take until the end of the serial."""
    lat, lon = brief.point(brief.place)
    reach = min(0.5 * float(brief.picture.places.radius_m[brief.place]), 40_000.0)
    length = speed_m_s * (brief.end_ms - brief.t) / 1000.0
    away = direct(lat, lon, 0.0, reach)
    points = [(lat, lon), (float(away[0]), float(away[1]))]
    while (len(points) - 1) * reach < length:
        points.append(points[-2])
    return points


def replenish(brief: Brief) -> list[Draft]:
    """Receivers come alongside the tanker in turn, under way."""
    tanker = ships(brief, brief.unit_rows("tanker"))
    receivers = ships(brief, brief.unit_rows("receivers"))
    if tanker.size != 1:
        raise CannotBeHeldError(f"one tanker is needed, the unit has {tanker.size} ships")
    if not receivers.size:
        raise CannotBeHeldError("no ship is there to be supplied")
    drafts = Drafts()
    drafts.add(
        "keep_station", np.union1d(tanker, receivers).astype(np.int32), brief.units[0],
        {
            "path": _course(brief, brief.speed_m_s() or COMPANY_SPEED_M_S),
            "speed_m_s": brief.speed_m_s() or COMPANY_SPEED_M_S, "place": brief.place,
            "replenish": {"tanker": int(tanker[0]), "transfer_ms": TRANSFER_MS, "abeam_m": ABEAM_M},
        },
    )  # fmt: skip
    return drafts.drafts
