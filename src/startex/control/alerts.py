"""Fighters on alert against intruders: a pair takes off when one is reported to the command.

It flies to the first point of the intruder's straight way to the place guarded at which it can be
before it, by what the report says, and stays there; what it meets there its own radars tell. One
pair goes against what flies together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.control.brief import Brief, Draft
from startex.control.elements import of_kind
from startex.control.tasks.air import aircraft, flights
from startex.engine.desk import Report
from startex.engine.effects import Event
from startex.engine.picture import Picture
from startex.foundation.clock import MS_PER_MINUTE, MS_PER_SECOND
from startex.geography.geodesy import direct, inverse

Int32 = npt.NDArray[np.int32]

INTRUDER_M_S = 250.0
"""At which an intruder is thought to come: as long as nobody knows what it is; assumed."""

FIGHTER_M_S = 240.0
"""Of fighters without a figure; assumed."""

AIRBORNE_MS = 5 * MS_PER_MINUTE
"""From the call until a pair on alert is in the air and on course; assumed: readiness of five
minutes, the usual one of quick reaction alerts."""

FORMATION_M = 20_000.0
FORMATION_MS = 10 * MS_PER_MINUTE
"""What is reported within such a distance of where an intruder may be by then, and within such a
time, flies with it, errors of both reports allowed for twice; assumed."""

_STEPS = 41


@dataclass(slots=True)
class Alerts:
    """Keeps who is on alert in the plays, and what pairs have taken off against.

    ``pairs``: units and pairs by serial, in turn; ``met``: reports answered, by serial.
    """

    pairs: dict[int, list[tuple[int, Int32]]] = field(default_factory=dict)
    met: dict[int, list[Report]] = field(default_factory=dict)

    def begin(self, serial: int, brief: Brief) -> None:
        """Begin a play: pairs of the units stand by where its serial is an alert."""
        if brief.serial.task == "alert":
            units = brief.units + brief.support
            self.pairs[serial] = [(u, pair) for u in units for pair in flights(aircraft(brief, u))]
            self.met[serial] = []

    def end(self, serial: int) -> None:
        """Forget a play."""
        self.pairs.pop(serial, None)
        self.met.pop(serial, None)

    def calls(self, report: Report, picture: Picture) -> bool:
        """Tell whether a report is one of an intruder in the air that nobody has gone against."""
        if report.serial not in self.pairs or report.opposing:
            return False
        if not (report.command and report.gained):
            return False
        rows = np.array([report.target], dtype=np.int32)
        return bool(of_kind(picture, rows, "aircraft").size) and not any(
            other.target == report.target or _together(other, report)
            for other in self.met[report.serial]
        )

    def scramble(self, t: int, report: Report, brief: Brief) -> tuple[Draft, Event] | None:
        """Return the order of the next pair that is ready, and the event; None where none is.

        No more than the serial's number of scrambles.
        """
        met, pairs = self.met[report.serial], self.pairs[report.serial]
        ready = [i for i, (_, pair) in enumerate(pairs) if not brief.picture.busy(pair).any()]
        if not ready or len(met) >= int(brief.param("scrambles")):
            return None
        unit, pair = pairs.pop(ready[0])
        pairs.append((unit, pair))  # the others go first next time
        met.append(report)
        name, force = brief.picture.force.units.name[unit], brief.picture.force
        params: dict[str, Any] = {
            "points": [_station(report, brief, pair)],
            "on_station_ms": brief.minutes("on_station_min"),
            "profile": "patrol",
            "target_place": brief.place,
        }
        event = Event(
            t=t, kind="scrambled",
            text=f"{name}: {pair.size} aircraft scramble against {force.name[report.target]}",
            actor=int(pair[0]), unit=unit, target=report.target, place=brief.place,
            serial=report.serial, cause=report.event,
            data={"detection": report.detection, "aircraft": int(pair.size)},
        )  # fmt: skip
        return Draft("sortie", pair, params, unit), event


def _together(one: Report, other: Report) -> bool:
    later_ms = abs(one.t - other.t)
    away = float(inverse(one.lat, one.lon, other.lat, other.lon)[1])
    flown = INTRUDER_M_S * later_ms / MS_PER_SECOND
    unsure = 2.0 * (one.error_m + other.error_m)
    return later_ms <= FORMATION_MS and away <= FORMATION_M + flown + unsure


def _station(report: Report, brief: Brief, pair: Int32) -> tuple[float, float]:
    """Return where a pair waits for an intruder, degrees."""
    lat, lon = (float(axis[0]) for axis in brief.picture.position(pair[:1]))
    speed = float(brief.picture.figure(pair, "speed_cruise_m_s").min())
    speed = speed if np.isfinite(speed) else FIGHTER_M_S
    bearing, away = (
        float(value) for value in inverse(report.lat, report.lon, *brief.point(brief.place))
    )
    gone = away * np.linspace(0.0, 1.0, _STEPS)
    lats, lons = direct(report.lat, report.lon, np.full(_STEPS, bearing), gone)
    there_s = AIRBORNE_MS / MS_PER_SECOND + inverse(lat, lon, lats, lons)[1] / speed
    before = np.flatnonzero(there_s <= gone / INTRUDER_M_S)
    at = int(before[0]) if before.size else _STEPS - 1
    return round(float(lats[at]), 7), round(float(lons[at]), 7)
