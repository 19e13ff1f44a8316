"""Ways of single platforms over land: straight where it is short and dry, else by road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from startex.engine.effects import MODE_CODE, Legs
from startex.engine.orders import OrderRefusedError
from startex.engine.systems import hops, kernels
from startex.engine.systems.base import World
from startex.engine.systems.seating import TEAM, figure
from startex.geography.geodesy import inverse
from startex.geography.paths import POSITION_DECIMALS, Path
from startex.geography.routes import NoWayError

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Point = tuple[float, float]

STRAIGHT_M = 8_000.0
"""Farther than this platforms take a road; assumed: about half an hour off the roads."""

GATHER_M = 2_000.0
"""Platforms that stand this near to each other, and go to places as near, take the same road."""

SAMPLE_M = 400.0
"""Distance between the points at which a straight way is tested for water."""

SHORE_M = 3_000.0
"""Water this near to land does not stop a straight way: the data know the coast no better."""

ROAD_INTERVAL_MS = 5_000
"""Time between platforms that enter the same road."""


_FOOT, _CROSS_COUNTRY = (np.int8(MODE_CODE[mode]) for mode in ("foot", "cross_country"))


@dataclass(frozen=True, slots=True)
class Trip:
    """Platforms, vehicles and teams mixed, each from its place to its goal.

    All arrays have shape (n,). Degrees, rounded as recorded; ``depart_ms`` ms; ``speed_m_s`` off
    the roads.
    """

    rows: Int32
    lat0: Float64
    lon0: Float64
    lat1: Float64
    lon1: Float64
    depart_ms: Int64
    speed_m_s: Float64

    def part(self, index: npt.NDArray[np.generic] | slice) -> Trip:
        """Return the trip of the platforms that a mask or index array picks."""
        return Trip(
            self.rows[index],
            self.lat0[index],
            self.lon0[index],
            self.lat1[index],
            self.lon1[index],
            self.depart_ms[index],
            self.speed_m_s[index],
        )


def trip(
    world: World,
    rows: Int32,
    start: tuple[npt.ArrayLike, npt.ArrayLike],
    goal: tuple[npt.ArrayLike, npt.ArrayLike],
    depart_ms: npt.ArrayLike,
    *,
    speed_m_s: float | Float64 | None = None,
) -> Trip:
    """Return a trip at each type's own speed off the roads, at most ``speed_m_s``.

    ``start`` and ``goal`` are (lat, lon), degrees; they and ``depart_ms`` broadcast to ``rows``.
    """

    def degrees(values: npt.ArrayLike) -> Float64:
        rounded = np.asarray(values, dtype=np.float64).round(POSITION_DECIMALS)
        filled: Float64 = kernels.column(rounded, rows.shape, np.float64)
        return filled

    own = figure(world, rows, "speed_cross_country_m_s", default=1.0)
    return Trip(
        rows,
        degrees(start[0]),
        degrees(start[1]),
        degrees(goal[0]),
        degrees(goal[1]),
        kernels.column(depart_ms, rows.shape, np.int64),
        own if speed_m_s is None else np.minimum(own, speed_m_s),
    )


def travel(world: World, whole: Trip, along: tuple[Float64, Float64] | None = None) -> Legs:
    """Return the legs of a trip.

    Straight over dry land up to `STRAIGHT_M`; beyond that, or where water lies between, platforms
    that stand near each other take one road-like way, entering it at intervals. ``along``: azimuth
    and length of the geodesics, where they are known.

    Raises
    ------
    OrderRefusedError
        If no way over land leads there, or it is longer than the range.
    """
    way = along or inverse(whole.lat0, whole.lon0, whole.lat1, whole.lon1)
    near = passable(world, whole, way[1])
    if near.all():
        return straight(world, whole, way)
    parts = [straight(world, whole.part(near))]
    rest = whole.part(~near)
    while rest.rows.size:
        _, apart = inverse(rest.lat0[0], rest.lon0[0], rest.lat0, rest.lon0)
        _, goals = inverse(rest.lat1[0], rest.lon1[0], rest.lat1, rest.lon1)
        together = (apart <= GATHER_M) & (goals <= GATHER_M)
        together[0] = True  # whatever its position, so that the loop ends
        parts += _by_road(world, rest.part(together))
        rest = rest.part(~together)
    return kernels.join(parts)


def passable(world: World, whole: Trip, distance_m: Float64) -> Bool:
    """Return which platforms go straight: over dry land, up to `STRAIGHT_M`."""
    near = distance_m <= STRAIGHT_M
    looked_at = np.flatnonzero(near & (distance_m > SAMPLE_M))
    if looked_at.size:
        near[looked_at] = _dry(world, whole.part(looked_at), distance_m[looked_at])
    return near


def straight(world: World, way: Trip, along: tuple[Float64, Float64] | None = None) -> Legs:
    """Return the legs of a trip straight from place to goal, teams on foot.

    ``along``: azimuth and length of the geodesics, where they are known.
    """
    if not way.rows.size:
        return kernels.no_legs()
    legs = hops.hop_along(
        way.rows,
        (way.lat0, way.lon0),
        (way.lat1, way.lon1),
        along or inverse(way.lat0, way.lon0, way.lat1, way.lon1),
        t0=way.depart_ms,
        speed_m_s=way.speed_m_s,
        mode=np.where(_teams(world, way.rows), _FOOT, _CROSS_COUNTRY),
        alt_m=np.zeros(way.rows.size),
    )
    rising = (way.rows[1:] > way.rows[:-1]).all()
    return legs if rising else kernels.in_order(legs)


def _teams(world: World, rows: Int32) -> Bool:
    teams: Bool = world.force.kind[rows] == TEAM
    return teams


def road(
    world: World,
    start: Point,
    goal: Point,
    via: Sequence[Point] = (),
    way: str | None = None,
) -> Path:
    """Return a road-like way (see `Router.road`).

    Raises
    ------
    OrderRefusedError
        If no way over land leads there.
    """
    try:
        return world.router.road(*start, *goal, via=tuple(via), way=way)
    except NoWayError as error:
        raise OrderRefusedError(str(error)) from error


def _by_road(world: World, group: Trip) -> list[Legs]:
    """Return the legs of platforms that start close together: to the road, along it, off it."""
    start = float(group.lat0[0]), float(group.lon0[0])
    path = road(world, start, (float(group.lat1[0]), float(group.lon1[0])))
    reach = float(figure(world, group.rows, "range_m", default=np.inf).min())
    if path.length_m > reach:
        raise OrderRefusedError(
            f"the goal is {path.length_m / 1000.0:.0f} km away by road and the range "
            f"{reach / 1000.0:.0f} km; only a march has refuelling halts"
        )
    row = group.rows
    begin = np.full(row.size, path.lat[0]), np.full(row.size, path.lon[0])
    end = np.full(row.size, path.lat[-1]), np.full(row.size, path.lon[-1])
    to_road = straight(world, replace(group, lat1=begin[0], lon1=begin[1]))
    arrive, _, _ = kernels.ends(to_road, row, begin, group.depart_ms)
    queue = np.lexsort((row, arrive))
    enter = np.empty(row.size, dtype=np.int64)
    enter[queue] = kernels.in_turn(arrive[queue], ROAD_INTERVAL_MS)
    own = figure(world, row, "speed_road_m_s", default=1.0)
    teams = _teams(world, row)
    parts = [kernels.along_path(row[teams], path, enter[teams], own[teams], "foot")]
    if not teams.all():  # vehicles do not overtake: all go at the speed of the slowest
        pace = float(own[~teams].min())
        parts.append(kernels.along_path(row[~teams], path, enter[~teams], pace, "road"))
    on_road = kernels.join(parts)
    leave, _, _ = kernels.ends(on_road, row, begin, enter)
    off_road = straight(world, replace(group, lat0=end[0], lon0=end[1], depart_ms=leave))
    return [to_road, on_road, off_road]


def _dry(world: World, way: Trip, distance_m: Float64) -> Bool:
    """Return which straight ways lie on land, tested every `SAMPLE_M` between their ends."""
    count = np.maximum(np.ceil(distance_m / SAMPLE_M).astype(np.int64) - 1, 0)
    of = np.repeat(np.arange(count.size), count)
    number = np.arange(of.size) - np.repeat(np.cumsum(count) - count, count) + 1
    share = number / (count[of] + 1)
    lat = way.lat0[of] + (way.lat1[of] - way.lat0[of]) * share
    lon = way.lon0[of] + (way.lon1[of] - way.lon0[of]) * share
    surface = world.router.surface
    wet = np.flatnonzero(~surface.is_land(lat, lon))
    if not wet.size:
        return np.ones(count.size, dtype=np.bool_)
    wet = wet[surface.coast_distance_m(lat[wet], lon[wet]) > SHORE_M]
    dry: Bool = np.bincount(of[wet], minlength=count.size) == 0
    return dry
