"""The audit of legs: order in time, no jumps, speeds and heights within the type's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyproj import Geod

from startex.foundation.clock import format_time
from startex.recording.metric import distance_m

if TYPE_CHECKING:
    from startex.recording.audit import Findings
    from startex.recording.reader import Run

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

JUMP_M = 1.0
"""Greatest gap between where one leg ends and the next begins."""

SPEED_SHARE = 1e-3
"""Share by which a speed may pass the limit: legs are chords of paths driven at the limit."""

RANGE_SHARE = 0.01
"""Share by which a flight may pass the range: the ranges are rounded figures."""

ROUNDING_M = 0.05
"""Positions are kept to 1e-7 degrees, times to 1 ms."""

LOWEST_M = -450.0
HIGHEST_GROUND_M = 6_500.0
"""Heights of land: shore of the Dead Sea, highest roads and ranges."""

LIMITS = {
    "road": ("speed_road_m_s",),
    "cross_country": ("speed_cross_country_m_s",),
    "foot": ("speed_road_m_s", "speed_cross_country_m_s"),  # on a road where there is one
    "rail": ("speed_max_m_s", "speed_cruise_m_s"),
    "sea": ("speed_max_m_s", "speed_cruise_m_s"),
    "air": ("speed_max_m_s", "speed_cruise_m_s"),
    "raft": ("speed_water_m_s", "speed_max_m_s"),
    "landing": ("speed_water_m_s", "speed_max_m_s", "speed_cruise_m_s"),
}
"""Columns of the catalogue that limit the speed in a mode: the first that has a figure."""


class _Legs:
    """Columns of the legs, sorted by (entity, t0)."""

    def __init__(self, run: Run) -> None:
        table = run.table("legs")
        index = run.lookup.legs
        self.entity, self.t0, self.t1 = index.entity, index.t0, index.t1
        names = ("lat0", "lon0", "alt0", "lat1", "lon1", "alt1")
        columns = [table.column(name).to_numpy()[index.row] for name in names]
        self.lat0, self.lon0, self.alt0, self.lat1, self.lon1, self.alt1 = columns
        mode = table.column("mode").unify_dictionaries().combine_chunks()
        if isinstance(mode, pa.ChunkedArray):
            mode = mode.chunk(0)
        self.modes = mode.dictionary.to_pylist()
        self.mode = mode.indices.to_numpy()[index.row]

    def __len__(self) -> int:
        return len(self.entity)


def check_legs(run: Run, findings: Findings) -> None:
    """Report legs that last no time, overlap, jump, lie nowhere, or outlast no run."""
    if not len(run.table("legs")):
        return
    legs = _Legs(run)
    name = findings.name
    findings.add(
        "legs",
        "a leg ends before it begins, or lasts no time",
        np.flatnonzero(legs.t1 <= legs.t0),
        lambda i: f"{name(legs.entity[i])} at {format_time(legs.t0[i])}",
    )
    bad = np.zeros(len(legs), dtype=bool)
    for lat, lon in ((legs.lat0, legs.lon0), (legs.lat1, legs.lon1)):
        bad |= ~(np.abs(lat) <= 90.0) | ~(np.abs(lon) <= 540.0)
    findings.add(
        "legs",
        "a position is not on the globe",
        np.flatnonzero(bad),
        lambda i: f"{name(legs.entity[i])} at {format_time(legs.t0[i])}",
    )
    same = legs.entity[1:] == legs.entity[:-1]
    findings.add(
        "legs",
        "two legs of one platform overlap in time",
        np.flatnonzero(same & (legs.t0[1:] < legs.t1[:-1])),
        lambda i: f"{name(legs.entity[i])} at {format_time(legs.t0[i + 1])}",
    )
    gap = distance_m(legs.lat1[:-1], legs.lon1[:-1], legs.lat0[1:], legs.lon0[1:])
    gap = np.hypot(gap, legs.alt0[1:] - legs.alt1[:-1])
    jump = np.flatnonzero(same & (gap > JUMP_M))
    jump = jump[~_carried_between(run, legs, jump)]
    findings.add(
        "legs",
        f"a platform jumps more than {JUMP_M:g} m between legs, with nothing to carry it",
        jump,
        lambda i: f"{name(legs.entity[i])} {gap[i]:.1f} m at {format_time(legs.t0[i + 1])}",
    )


def _carried_between(run: Run, legs: _Legs, after: Int64) -> npt.NDArray[np.bool_]:
    """Return whether a platform was aboard something between leg ``after`` and the next."""
    carriers = run.lookup.carriers
    if not len(carriers.row):
        return np.zeros(len(after), dtype=bool)
    ride = carriers.latest(legs.entity[after], legs.t0[after + 1])
    return (ride >= 0) & (carriers.t1[np.maximum(ride, 0)] >= legs.t1[after])


def check_speeds(run: Run, findings: Findings) -> None:
    """Report legs faster than the limit of the platform's type in their mode."""
    if not len(run.table("legs")):
        return
    legs = _Legs(run)
    limit = _limits(run, legs)
    seconds = np.maximum(legs.t1 - legs.t0, 1) / 1e3
    allowed = limit * (1.0 + SPEED_SHARE) * seconds + ROUNDING_M
    rough = distance_m(legs.lat0, legs.lon0, legs.lat1, legs.lon1)
    rough = np.hypot(rough, legs.alt1 - legs.alt0)
    near = np.flatnonzero(rough > 0.998 * allowed)  # the rough distance is within 0.1 %
    _, _, ground = Geod(ellps="WGS84").inv(
        legs.lon0[near], legs.lat0[near], legs.lon1[near], legs.lat1[near]
    )
    exact = np.hypot(ground, (legs.alt1 - legs.alt0)[near])
    over = near[exact > allowed[near]]
    findings.add(
        "legs",
        "a platform is faster than its type can be",
        over,
        lambda i: (
            f"{findings.name(legs.entity[i])} by {legs.modes[legs.mode[i]]} at "
            f"{rough[i] / seconds[i] * 3.6:.1f} km/h, limit {limit[i] * 3.6:.1f} km/h, "
            f"at {format_time(legs.t0[i])}"
        ),
    )


def type_column(run: Run, column: str) -> Float64:
    """Return a figure of the catalogue for every entity, nan where there is none."""
    catalogue = run.table("catalogue")
    at = pc.index_in(run.table("entities").column("type"), catalogue.column("type"))
    values = catalogue.column(column).take(at.combine_chunks())
    result: Float64 = values.to_numpy().astype(np.float64)
    return result


def _limits(run: Run, legs: _Legs) -> Float64:
    limit = np.full(len(legs), np.inf)
    for code, mode in enumerate(legs.modes):
        chosen = np.flatnonzero(legs.mode == code)
        if mode == "hold":
            limit[chosen] = 0.0
            continue
        figure = np.full(len(chosen), np.nan)
        for column in LIMITS.get(mode, ()):
            by_entity = type_column(run, column)[legs.entity[chosen]]
            figure = np.where(np.isnan(figure), by_entity, figure)
        limit[chosen] = np.where(np.isnan(figure), np.inf, figure)
    return limit


def check_altitudes(run: Run, findings: Findings) -> None:
    """Report heights under the lowest land, over the type's ceiling, or over the highest land."""
    if not len(run.table("legs")):
        return
    legs = _Legs(run)
    flies = np.isin(
        legs.mode, [legs.modes.index(m) for m in ("air", "parachute") if m in legs.modes]
    )
    ceiling = type_column(run, "ceiling_m")[legs.entity]
    highest = np.where(flies, np.where(np.isnan(ceiling), 30_000.0, ceiling), HIGHEST_GROUND_M)
    top = np.maximum(legs.alt0, legs.alt1)
    bottom = np.minimum(legs.alt0, legs.alt1)
    findings.add(
        "legs",
        "a platform is higher than it can be",
        np.flatnonzero(~(top <= highest + 0.1)),
        lambda i: (
            f"{findings.name(legs.entity[i])} at {top[i]:.0f} m, limit {highest[i]:.0f} m, "
            f"at {format_time(legs.t0[i])}"
        ),
    )
    findings.add(
        "legs",
        "a platform is under the ground",
        np.flatnonzero(~(bottom >= LOWEST_M)),
        lambda i: f"{findings.name(legs.entity[i])} at {bottom[i]:.0f} m",
    )


def check_ranges(run: Run, findings: Findings) -> None:
    """Report flights (air legs that follow each other without a stop) longer than the range."""
    if not len(run.table("legs")):
        return
    legs = _Legs(run)
    air = np.flatnonzero(legs.mode == (legs.modes.index("air") if "air" in legs.modes else -1))
    if not len(air):
        return
    entity, t0, t1 = legs.entity[air], legs.t0[air], legs.t1[air]
    begins = np.ones(len(air), dtype=bool)
    begins[1:] = (entity[1:] != entity[:-1]) | (t0[1:] != t1[:-1])
    first = np.flatnonzero(begins)
    length = distance_m(legs.lat0[air], legs.lon0[air], legs.lat1[air], legs.lon1[air])
    flown = np.add.reduceat(length, first)
    reach = type_column(run, "range_m")[entity[first]]
    findings.add(
        "legs",
        "a flight is longer than the range of the type",
        np.flatnonzero(flown > reach * (1.0 + RANGE_SHARE)),
        lambda i: (
            f"{findings.name(entity[first[i]])} flies {flown[i] / 1e3:.0f} km from "
            f"{format_time(t0[first[i]])}, range {reach[i] / 1e3:.0f} km"
        ),
    )
