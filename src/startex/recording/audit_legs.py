"""The audit of legs: order in time, no jumps, speeds and heights within the type's limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
from pyproj import Geod

from startex.foundation.clock import format_time
from startex.geography.metric import distance_m
from startex.recording.lookup import Lookup

if TYPE_CHECKING:
    from startex.recording.audit import Findings
    from startex.recording.reader import Run

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

BLOCK_ROWS = 1 << 18
"""Legs that are looked at together; bounds the memory."""

JUMP_M = 1.0
"""Greatest gap between where one leg ends and the next begins."""

SPEED_SHARE = 1e-3
"""Share by which a speed may pass the limit: legs are chords of paths driven at the limit."""

ROUNDING_M = 0.05
"""Positions are kept to 1e-7 degrees, times to 1 ms."""

LOWEST_M = -450.0
HIGHEST_GROUND_M = 6_500.0
"""Heights of land: shore of the Dead Sea, highest roads and ranges."""

LOWEST_SEA_M, HIGHEST_SEA_M = -1_000.0, 150.0
"""Depth of submarines; the geoid is at most 86 m above the ellipsoid (EGM2008), with a tide."""

HIGHEST_M = 30_000.0
"""For aircraft and parachutes whose type has no ceiling."""

LIMITS = {
    "road": ("speed_road_m_s",),
    "cross_country": ("speed_cross_country_m_s",),
    "foot": ("speed_road_m_s", "speed_cross_country_m_s"),  # on a road where there is one
    "rail": ("speed_max_m_s", "speed_cruise_m_s"),
    "sea": ("speed_max_m_s", "speed_cruise_m_s"),
    "air": ("speed_max_m_s", "speed_cruise_m_s"),
    "parachute": (),
    "raft": ("speed_water_m_s", "speed_max_m_s"),
    "landing": ("speed_water_m_s", "speed_max_m_s", "speed_cruise_m_s"),
}
"""Columns of the catalogue that limit the speed in a mode: the first that has a figure."""

ANYBODY_M_S = {"foot": 4.0, "parachute": 70.0, "raft": 6.0}
"""Limits where the type has no figure, assumed: a run; free fall (55 m/s) in wind; a ferry."""


@dataclass(frozen=True)
class Legs:
    """Legs of whole entities, sorted by (entity, t0); ``mode`` are codes into ``modes``.

    ``first`` is the index of the first of them in the look-up.
    """

    entity: Int64
    t0: Int64
    t1: Int64
    lat0: Float64
    lon0: Float64
    alt0: Float64
    lat1: Float64
    lon1: Float64
    alt1: Float64
    mode: Int64
    modes: list[str]
    first: int

    def __len__(self) -> int:
        return len(self.entity)

    @cached_property
    def ground_m(self) -> Float64:
        """Way over ground of each leg, within 0.1 %."""
        return distance_m(self.lat0, self.lon0, self.lat1, self.lon1)

    def of(self, *modes: str) -> Bool:
        """Tell which legs are in one of some modes."""
        return np.isin(self.mode, [code for code, mode in enumerate(self.modes) if mode in modes])


def legs_in_blocks(run: Run, lookup: Lookup, rows: int = BLOCK_ROWS) -> Iterator[Legs]:
    """Yield all legs, some ``rows`` at a time; the legs of one entity are never divided."""
    index = lookup.legs
    if not len(index.row):
        return
    column = run.table("legs").column("mode").unify_dictionaries()
    modes = column.chunk(0).dictionary.to_pylist()
    code = np.concatenate([c.indices.to_numpy(zero_copy_only=False) for c in column.chunks])
    begins = np.flatnonzero(np.diff(index.entity, prepend=-1))
    cut = np.searchsorted(begins, np.arange(rows, len(index.row), rows))
    edges = np.unique(np.concatenate([[0], begins[cut[cut < len(begins)]], [len(index.row)]]))
    for low, high in pairwise(edges.tolist()):
        part = slice(low, high)
        row = index.row[part]
        lat0, lon0, alt0, lat1, lon1, alt1 = (values[row] for values in lookup.ends)
        yield Legs(
            index.entity[part], index.t0[part], index.t1[part],
            lat0, lon0, alt0, lat1, lon1, alt1, code[row], modes, low,
        )  # fmt: skip


class Limits:
    """Figures of the catalogue by entity; nan where there is none."""

    def __init__(self, run: Run, findings: Findings) -> None:
        self._run = run
        self._speeds: dict[str, Float64] = {}
        self._columns: dict[str, Float64] = {}
        self._told: set[str] = set()
        self._findings = findings
        types = run.table("entities").column("type")
        self.typed: Bool = types.is_valid().to_numpy()
        if not len(run.table("catalogue")):
            self.typed = np.zeros(len(types), bool)
            self.skip("speeds, heights and ranges", "the run has no table 'catalogue' of its types")

    def skip(self, what: str, why: str) -> None:
        """Note what cannot be checked, once."""
        if what not in self._told:
            self._told.add(what)
            self._findings.skip(what, why)

    def column(self, name: str) -> Float64:
        """Return a figure of the catalogue for every entity."""
        if name not in self._columns:
            self._columns[name] = type_column(self._run, name)
        return self._columns[name]

    def speed(self, mode: str) -> Float64:
        """Return the speed limit in a mode for every entity, m/s."""
        if mode not in self._speeds:
            figure = np.full(len(self.typed), np.nan)
            for name in LIMITS[mode]:
                figure = np.where(np.isnan(figure), self.column(name), figure)
            self._speeds[mode] = np.where(
                np.isnan(figure) & self.typed, ANYBODY_M_S.get(mode, np.nan), figure
            )
        return self._speeds[mode]


def type_column(run: Run, column: str) -> Float64:
    """Return a figure of the catalogue for every entity, nan where there is none."""
    catalogue = run.table("catalogue")
    if not len(catalogue):
        return np.full(len(run.table("entities")), np.nan)
    at = pc.index_in(run.table("entities").column("type"), catalogue.column("type"))
    values = catalogue.column(column).take(at.combine_chunks())
    result: Float64 = values.to_numpy().astype(np.float64)
    return result


def check_legs(run: Run, lookup: Lookup, legs: Legs, limits: Limits, findings: Findings) -> None:
    """Report what is wrong with some legs: time, place, jumps, speed, height."""
    _check_times(run, legs, findings)
    _check_jumps(lookup, legs, findings)
    _check_speeds(legs, limits, findings)
    _check_heights(legs, limits, findings)


def _at(findings: Findings, legs: Legs, i: int) -> str:
    return f"{findings.name(legs.entity[i])} at {format_time(legs.t0[i])}"


def _check_times(run: Run, legs: Legs, findings: Findings) -> None:
    findings.add(
        "legs",
        "a leg ends before it begins, or lasts no time",
        np.flatnonzero(legs.t1 <= legs.t0),
        lambda i: f"{_at(findings, legs, i)} lasts {(legs.t1[i] - legs.t0[i]) / 1e3:.3f} s",
    )
    start, end = run.manifest.header.sim_start, run.manifest.header.sim_end
    findings.add(
        "legs",
        "a leg lies outside the time of the run",
        np.flatnonzero((legs.t0 < start) | (legs.t1 > end)),
        lambda i: (
            f"{_at(findings, legs, i)} "
            + (
                f"begins {(start - legs.t0[i]) / 1e3:.3f} s before it"
                if legs.t0[i] < start
                else f"ends {(legs.t1[i] - end) / 1e3:.3f} s after it"
            )
        ),
    )
    same = legs.entity[1:] == legs.entity[:-1]
    findings.add(
        "legs",
        "two legs of one platform overlap in time",
        np.flatnonzero(same & (legs.t0[1:] < legs.t1[:-1])),
        lambda i: f"{_at(findings, legs, i + 1)} by {(legs.t1[i] - legs.t0[i + 1]) / 1e3:.3f} s",
    )


def _check_jumps(lookup: Lookup, legs: Legs, findings: Findings) -> None:
    bad = np.zeros(len(legs), dtype=bool)
    for lat, lon in ((legs.lat0, legs.lon0), (legs.lat1, legs.lon1)):
        bad |= ~(np.abs(lat) <= 90.0) | ~(np.abs(lon) <= 540.0)
    findings.add(
        "legs",
        "a position is not on the globe",
        np.flatnonzero(bad),
        lambda i: (
            f"{_at(findings, legs, i)} from {legs.lat0[i]:g} {legs.lon0[i]:g} to "
            f"{legs.lat1[i]:g} {legs.lon1[i]:g} degrees"
        ),
    )
    same = legs.entity[1:] == legs.entity[:-1]
    gap = distance_m(legs.lat1[:-1], legs.lon1[:-1], legs.lat0[1:], legs.lon0[1:])
    gap = np.hypot(gap, legs.alt0[1:] - legs.alt1[:-1])
    jump = np.flatnonzero(same & (gap > JUMP_M))
    jump = jump[~_carried(lookup, legs.entity[jump], legs.t1[jump], legs.t0[jump + 1])]
    findings.add(
        "legs",
        f"a platform jumps more than {JUMP_M:g} m between legs, with nothing to carry it",
        jump,
        lambda i: (
            f"{findings.name(legs.entity[i])} {gap[i]:.1f} m at {format_time(legs.t0[i + 1])}"
        ),
    )
    first = np.flatnonzero(np.concatenate([[True], ~same]))
    lat, lon, alt = (values[legs.entity[first]] for values in lookup.start)
    off = distance_m(lat, lon, legs.lat0[first], legs.lon0[first])
    off = np.hypot(off, legs.alt0[first] - np.nan_to_num(alt))
    away = np.flatnonzero(off > JUMP_M)  # nan, where the run does not say the start, is not
    before = np.full(len(away), np.iinfo(np.int64).min)
    away = away[~_carried(lookup, legs.entity[first[away]], before, legs.t0[first[away]])]
    findings.add(
        "legs",
        f"the first leg begins more than {JUMP_M:g} m from where the platform stands at the start",
        away,
        lambda i: f"{_at(findings, legs, int(first[i]))} {off[i]:.1f} m away",
    )


def _carried(lookup: Lookup, entity: Int64, since: Int64, until: Int64) -> Bool:
    """Return whether entities were aboard something at some instant of their periods."""
    carriers = lookup.carriers
    if not len(carriers.row):
        return np.zeros(len(entity), dtype=bool)
    ride = carriers.latest(entity, until)
    return (ride >= 0) & (carriers.t1[np.maximum(ride, 0)] >= since)


def _check_speeds(legs: Legs, limits: Limits, findings: Findings) -> None:
    limit = np.full(len(legs), np.inf)
    for code, mode in enumerate(legs.modes):
        chosen = np.flatnonzero(legs.mode == code)
        if mode == "hold":
            limit[chosen] = 0.0
        elif mode in LIMITS:
            limit[chosen] = limits.speed(mode)[legs.entity[chosen]]
        elif len(chosen):
            limits.skip(f"speeds in mode {mode!r}", "the catalogue has no speed for it")
    unable = np.isnan(limit)
    findings.add(
        "legs",
        "a platform moves in a way for which its type has no speed",
        np.flatnonzero(unable & limits.typed[legs.entity]),
        lambda i: f"{_at(findings, legs, i)} by {legs.modes[legs.mode[i]]}",
    )
    if (unable & ~limits.typed[legs.entity]).any() and limits.typed.any():
        limits.skip("speeds of platforms without a type", "no figures are known for them")
    limit = np.where(unable, np.inf, limit)
    span = np.maximum(legs.t1 - legs.t0, 1) / 1e3
    allowed = limit * (1.0 + SPEED_SHARE) * span + ROUNDING_M
    climb = legs.alt1 - legs.alt0
    rough = np.hypot(legs.ground_m, climb)
    near = np.flatnonzero(rough > 0.998 * allowed)  # the rough distance is within 0.1 %
    near = near[np.isfinite(rough[near])]
    _, _, ground = Geod(ellps="WGS84").inv(
        legs.lon0[near], legs.lat0[near], legs.lon1[near], legs.lat1[near]
    )
    exact = np.hypot(ground, climb[near])
    over = np.flatnonzero(exact > allowed[near])

    def describe(i: int) -> str:
        leg = near[i]
        return (
            f"{findings.name(legs.entity[leg])} by {legs.modes[legs.mode[leg]]} at "
            f"{exact[i] / span[leg] * 3.6:.1f} km/h, limit {limit[leg] * 3.6:.1f} km/h, "
            f"at {format_time(legs.t0[leg])}"
        )

    findings.add("legs", "a platform is faster than its type can be", over, describe)


def _check_heights(legs: Legs, limits: Limits, findings: Findings) -> None:
    flies, sails = legs.of("air", "parachute"), legs.of("sea", "landing")
    ceiling = limits.column("ceiling_m")[legs.entity]
    highest = np.where(flies, np.where(np.isnan(ceiling), HIGHEST_M, ceiling), HIGHEST_GROUND_M)
    highest = np.where(sails, HIGHEST_SEA_M, highest)
    lowest = np.where(sails, LOWEST_SEA_M, LOWEST_M)
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
        np.flatnonzero(~(bottom >= lowest)),
        lambda i: (
            f"{findings.name(legs.entity[i])} at {bottom[i]:.0f} m, limit {lowest[i]:.0f} m, "
            f"at {format_time(legs.t0[i])}"
        ),
    )
