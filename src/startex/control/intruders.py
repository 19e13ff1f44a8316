"""Intruders: ships of the opposing force that cross a guarded area at drawn times and places."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.control.brief import Brief, CannotBeHeldError
from startex.control.drafting import Drafts
from startex.foundation.clock import MS_PER_SECOND
from startex.foundation.streams import Stream, entity_key, uniform
from startex.geography.geodesy import direct, inverse

Int32 = npt.NDArray[np.int32]
Point = tuple[float, float]

USUAL_M_S = 6.0
"""Of ships without a figure; assumed."""

DETOUR = 1.3
"""Ways at sea are allowed to be so much longer than the straight line when times are drawn;
assumed: what is left of the time is theirs to be late in."""

COAST_M = 2_000.0
"""Intruders enter and leave no nearer to land; assumed."""

_STEPS = 80
_TRIES = 24


def cross(drafts: Drafts, brief: Brief, rows: Int32) -> None:
    """Let ships cross the serial's place, each once, on a drawn chord at a drawn time.

    A chord goes from edge to edge: the bearing of its entry from the middle is uniform, that of its
    exit uniform over the half circle on the other side. The entry is uniform over the time that is
    left when the way there and the way across are made good.

    Raises
    ------
    CannotBeHeldError
        If the time is too short for one of them, or the place has no edge on water.
    """
    lat, lon = brief.picture.position(rows)
    speeds = np.nan_to_num(brief.picture.figure(rows, "speed_cruise_m_s"), nan=USUAL_M_S)
    for i, row in enumerate(rows.tolist()):
        name = brief.picture.force.name[row]
        key = entity_key(f"{name}|{brief.serial.serial}|crossing")
        enter, leave = _chord(brief, key)
        there = _way_ms((float(lat[i]), float(lon[i])), enter, float(speeds[i]))
        window = brief.end_ms - brief.t - there - _way_ms(enter, leave, float(speeds[i]))
        if window < 0:
            raise CannotBeHeldError(f"{name} cannot come to the area and cross it in the time")
        draw = float(uniform(brief.seed, Stream.CROSSING, key))
        drafts.add(
            "transit", rows[i : i + 1], int(brief.picture.force.unit[row]),
            {
                "enter": enter, "leave": leave, "place": brief.place,
                "enter_ms": brief.t + there + int(draw * window), "until_ms": brief.end_ms,
            },
        )  # fmt: skip


def _way_ms(start: Point, end: Point, speed_m_s: float) -> int:
    return round(DETOUR * float(inverse(*start, *end)[1]) / speed_m_s * MS_PER_SECOND)


def _chord(brief: Brief, key: int) -> tuple[Point, Point]:
    """Return where a ship enters and leaves the serial's place: the first draw that fits."""
    for turn in range(_TRIES):
        first, second = uniform(
            brief.seed, Stream.CROSSING, key, np.array([2 * turn + 1, 2 * turn + 2])
        )
        enter = _edge(brief, 360.0 * float(first))
        leave = _edge(brief, 360.0 * float(first) + 90.0 + 180.0 * float(second))
        if enter is not None and leave is not None:
            return enter, leave
    name = brief.picture.places.name[brief.place]
    raise CannotBeHeldError(f"{name} has no edge on open water at which to enter and leave")


def _edge(brief: Brief, bearing_deg: float) -> Point | None:
    """Return the farthest point of the place in a direction that lies on open water."""
    middle, surface = brief.point(brief.place), brief.router.surface
    reach = float(brief.picture.places.radius_m[brief.place])
    away = reach * np.arange(1, _STEPS + 1) / _STEPS
    lat, lon = direct(*middle, np.full(_STEPS, bearing_deg), away)
    lat, lon = np.round(lat, 7), np.round(lon, 7)
    good = brief.picture.places.contains(brief.place, lat, lon) & ~surface.is_land(lat, lon)
    good &= surface.coast_distance_m(lat, lon) > COAST_M
    far = np.flatnonzero(good & (away >= 0.25 * reach))
    return None if not far.size else (float(lat[far[-1]]), float(lon[far[-1]]))
