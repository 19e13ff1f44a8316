"""Raids from the air on ships: opposing aircraft fly to where the plan says the ships are to be.

They take off in pairs, turn away at the distance of release, and fly home. Who is out of action
by the umpires' word turns home at once. Where the ships are to be is the plan's word, which their
order has too; where they really are, the raiders' own radars tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.control.brief import Brief
from startex.control.drafting import Drafts
from startex.engine.picture import Picture
from startex.foundation.clock import MS_PER_SECOND
from startex.geography.geodesy import direct, interpolate, inverse, path_of

Int32 = npt.NDArray[np.int32]
Point = tuple[float, float]

PAIR = 2
RAID_AFTER_MIN = 60.0
RAID_INTERVAL_MIN = 5.0
RAID_RELEASE_M = 30_000.0
"""Where a serial names none: take-off after its start, time between pairs, and distance from where
the ships are to be at which raiders turn away; assumed, the last well within the reach of missiles
that fighters carry against ships."""

TURN_DEG = 120.0
EGRESS_M = 20_000.0
"""Raiders turn so far from their course, and fly so far, before they head for home; assumed."""


def raid(drafts: Drafts, brief: Brief, planned: Callable[[int], Point]) -> None:
    """Let the aircraft of the opposing force raid where ``planned`` says ships are at a time (ms).

    Each aircraft has an order of its own, so that one may turn home without the others.
    """
    after = brief.minutes("raid_after_min", RAID_AFTER_MIN)
    interval = brief.minutes("raid_interval_min", RAID_INTERVAL_MIN)
    most = brief.param("raid_pairs")
    number = 0
    for unit in brief.opfor:
        rows = brief.picture.members(unit, "aircraft")
        for pair in (rows[i : i + PAIR] for i in range(0, rows.size, PAIR)):
            if most is not None and number >= int(most):
                return
            start = brief.t + after + number * interval
            for row in pair.tolist():
                _flight(drafts, brief, planned, unit, row, start)
            number += 1


def _flight(
    drafts: Drafts, brief: Brief, planned: Callable[[int], Point], unit: int, row: int, start: int
) -> None:
    one = np.array([row], dtype=np.int32)
    lat, lon = (float(axis[0]) for axis in brief.picture.position(one))
    speed = float(np.nan_to_num(brief.picture.figure(one, "speed_cruise_m_s")[0], nan=150.0))
    aim = planned(start)
    for _ in range(2):  # where the ships are when the raiders are there
        away = float(inverse(lat, lon, *aim)[1])
        aim = planned(start + round(MS_PER_SECOND * away / speed))
    bearing, away = (float(value) for value in inverse(lat, lon, *aim))
    run_in = max(0.0, away - float(brief.param("raid_release_m", RAID_RELEASE_M)))
    release = direct(lat, lon, bearing, run_in)
    out = direct(float(release[0]), float(release[1]), bearing + TURN_DEG, EGRESS_M)
    params: dict[str, Any] = {
        "points": [(float(release[0]), float(release[1])), (float(out[0]), float(out[1]))],
        "target_place": brief.place,
        "base": (lat, lon),
    }
    if brief.param("raid_altitude_m") is not None:
        params["altitude_m"] = float(brief.param("raid_altitude_m"))
    drafts.add("raid", one, unit, params, not_before_ms=start)


def along(points: Sequence[Point], speed_m_s: float, since_ms: int) -> Callable[[int], Point]:
    """Return where who follows a course from ``since_ms`` on is by the plan, as a function of time.

    ``points`` are (lat, lon), degrees; before it begins and after it ends: at its ends.
    """
    path = path_of(np.array([p[0] for p in points]), np.array([p[1] for p in points]))

    def planned(t: int) -> Point:
        gone = speed_m_s * max(0, t - since_ms) / MS_PER_SECOND
        lat, lon = interpolate(path, min(gone, path.length_m))
        return float(lat), float(lon)

    return planned


@dataclass(slots=True)
class Raiders:
    """Knows where the raiders, and the drones that scout, of all serials have their bases."""

    bases: dict[int, Point] = field(default_factory=dict)

    def note(self, kind: str, rows: Int32, params: Mapping[str, Any]) -> None:
        """Note an order that is given."""
        if kind in ("raid", "scout"):
            for row in rows.tolist():
                self.bases[row] = params["base"]

    def home(self, row: int, picture: Picture) -> dict[str, Any] | None:
        """Return where a raider that is out of action recovers; None for anybody else."""
        base = self.bases.get(row)
        if base is None:
            return None
        fields = np.array(
            [i for i, kind in enumerate(picture.places.kind) if kind == "airfield"], dtype=np.int32
        )
        params: dict[str, Any] = {"lat": base[0], "lon": base[1]}
        if fields.size:
            away = inverse(*base, picture.places.lat[fields], picture.places.lon[fields])[1]
            nearest = int(np.argmin(away))
            if float(away[nearest]) <= AT_FIELD_M:
                params["place"] = int(fields[nearest])
        return params


AT_FIELD_M = 10_000.0
"""A base within this distance of an airfield is that airfield; assumed."""
