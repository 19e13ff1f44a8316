"""Platforms taken out of what they do: where one that goes after a contact is sent, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from startex.control.brief import Brief, Draft
from startex.control.tasks.sea import guarded
from startex.engine.desk import Chase
from startex.foundation.clock import MS_PER_SECOND
from startex.geography.geodesy import direct, inverse

Int32 = npt.NDArray[np.int32]

_STEPS = 41


def bound_for(chase: Chase, brief: Brief, t: int) -> tuple[float, float] | None:
    """Return where a chase leads, degrees: to its point, or as far toward it as water goes.

    Off land the last point of the straight way that is on water, by fortieths of it; where there is
    none, where the ship is. None where it could not be there, at its usual speed from now (ms) on,
    before the serial ends.
    """
    row = np.array([chase.row], dtype=np.int32)
    lat, lon = (float(axis[0]) for axis in brief.picture.position(row))
    bearing, away = (float(value) for value in inverse(lat, lon, chase.lat, chase.lon))
    speed = float(brief.picture.figure(row, "speed_cruise_m_s")[0])
    if np.isfinite(speed) and away > speed * (brief.end_ms - t) / MS_PER_SECOND:
        return None
    surface = brief.router.surface
    if not bool(surface.is_land(chase.lat, chase.lon)):
        return chase.lat, chase.lon
    lats, lons = direct(lat, lon, np.full(_STEPS, bearing), away * np.linspace(1.0, 0.0, _STEPS))
    wet = np.flatnonzero(~surface.is_land(lats, lons))
    if not wet.size:
        return lat, lon
    return round(float(lats[wet[0]]), 7), round(float(lons[wet[0]]), 7)


def redirected(
    chase: Chase, brief: Brief, rows: Int32, params: dict[str, Any], *, back: bool
) -> list[Draft]:
    """Return the orders of a platform that is sent somewhere, or to its station.

    ``params``: of the order where it is sent; ``back``: whether it takes up its task after that.
    """
    unit = int(brief.picture.force.unit[chase.row])
    drafts: list[Draft] = []
    if chase.kind == "intercept":
        params = {**params, "place": brief.place, "until_ms": brief.end_ms}
    if chase.kind != "station":
        drafts.append(Draft(chase.kind, rows, params, unit))
    if back or chase.kind == "station":
        beat = {
            "area": guarded(brief), "place": brief.place, "until_ms": brief.end_ms,
            "pattern": str(brief.param("pattern", "racetrack")),
            "speed_m_s": brief.speed_m_s(), "lane_spacing_m": brief.param("lane_spacing_m"),
            "returning": True,
        }  # fmt: skip
        drafts.append(Draft("patrol", rows, beat, unit, (0,) * len(drafts)))
    return drafts
