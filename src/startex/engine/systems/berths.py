"""Where ships lie and aircraft park: places of their own, on water or on the apron."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.orders import OrderRefusedError
from startex.engine.state import State
from startex.engine.systems.base import World
from startex.forces.definitions import KINDS
from startex.foundation.streams import Stream, uniform
from startex.geography.geodesy import cut, direct, inverse
from startex.geography.paths import POSITION_DECIMALS, Path
from startex.geography.routes import NoWayError
from startex.geography.surface import COAST_TOLERANCE_M, Surface

Int32 = npt.NDArray[np.int32]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

SAMPLE_M = 400.0
"""Ways at sea are tested against the coast this densely, a quarter of a cell of the mask."""

STRAIGHT_M = 60_000.0
"""Ships within this distance of each other's way steer straight where that is water."""

BERTH_SPACING_M = 400.0
"""Between ships in a port; assumed: two lengths of a large ship."""

ROADSTEAD_M = 10_000.0
"""How far from a port that the data show as land its ships may lie: harbour basins are no sea."""

ANCHORAGE_SPACING_M = 1_000.0
"""Between ships at anchor or lying to in the open; assumed: about five cables."""

PARKING_SPACING_M = 80.0
"""Between aircraft on an apron; assumed: the span of a large transport and some room."""

_M_PER_DEG = 111_000.0  # flat-earth metres
_GOLDEN_DEG = 137.507764
_TRIES_PER_SLOT = 60


def open_water(surface: Surface, lat: npt.ArrayLike, lon: npt.ArrayLike) -> Bool:
    """Return True where a point is on water, shapes as given."""
    return ~surface.is_land(lat, lon)


def land_samples(surface: Surface, path: Path, margin_m: float = COAST_TOLERANCE_M) -> int:
    """Return how many samples of a path (every `SAMPLE_M`) are on land.

    Samples within ``margin_m`` of either end do not count: ports lie on coasts that the data
    generalise by as much.
    """
    if path.length_m <= 2.0 * margin_m:
        return 0
    s = np.arange(margin_m, path.length_m - margin_m, SAMPLE_M)
    lat, lon = np.interp(s, path.s, path.lat), np.interp(s, path.s, path.lon)
    return int(surface.is_land(lat, lon).sum())


def sea_way(world: World, lat0: float, lon0: float, lat1: float, lon1: float) -> Path:
    """Return the way of a ship between two points: straight where that is water, else routed.

    Straight ways longer than `STRAIGHT_M` are left to the router, so that all use the same lanes.

    Raises
    ------
    OrderRefusedError
        If no water joins the two.
    """
    if float(inverse(lat0, lon0, lat1, lon1)[1]) <= STRAIGHT_M:
        straight = cut([lat0, lat1], [lon0, lon1])
        if not land_samples(world.router.surface, straight):
            return straight
    try:
        return world.router.sea(lat0, lon0, lat1, lon1)
    except NoWayError as error:
        raise OrderRefusedError(str(error)) from error


def slots(
    count: int, lat: float, lon: float, spacing_m: float, phase: float = 0.0
) -> tuple[Float64, Float64]:
    """Return points in a sunflower spiral about a centre, about ``spacing_m`` apart.

    Parameters
    ----------
    count
        How many.
    lat, lon
        Centre, degrees.
    phase
        Turn of the spiral, 0 to 1.
    """
    number = np.arange(count)
    # a sunflower of unit density has one point per pi r^2: 0.62 spacing gives the distance wanted
    distance = 0.62 * spacing_m * np.sqrt(number + 0.5)
    azimuth = 360.0 * phase + _GOLDEN_DEG * number
    slot_lat, slot_lon = direct(lat, lon, azimuth % 360.0, distance)
    return np.round(slot_lat, POSITION_DECIMALS), np.round(slot_lon, POSITION_DECIMALS)


def others(
    world: World, state: State, rows: Int32, kind: str, south: float, north: float
) -> tuple[Float64, Float64]:
    """Return positions of the platforms of a kind that are not among ``rows`` nor aboard.

    Parameters
    ----------
    kind
        ``ship`` or ``aircraft``.
    south, north
        Latitudes between which they stand, both included, degrees.
    """
    code = KINDS.index(kind)
    if state.bands is None:
        found = world.index.of_kind(code)
    else:
        found = state.bands.between(south, north)
        found = found[world.force.kind[found] == code]
    lat = state.lat[found]
    found = found[(lat >= south) & (lat <= north) & (state.carrier[found] < 0)]
    found = found[~np.isin(found, rows)]
    return state.lat[found], state.lon[found]


def free_slots(
    world: World,
    state: State,
    rows: Int32,
    kind: str,
    at: tuple[Float64, Float64],
    spacing_m: float,
) -> Bool:
    """Tell which points keep a distance from all platforms of a kind but ``rows``.

    Parameters
    ----------
    kind
        ``ship`` or ``aircraft``; those aboard another platform do not count, nor those more than
        a degree of latitude from the first point.
    at
        Latitudes and longitudes of the points about a centre, degrees, shape (k,) each.
    spacing_m
        Least distance, flat-earth.

    Returns
    -------
    Shape (k,).
    """
    lat, lon = at
    reach = spacing_m / _M_PER_DEG + 1e-6  # farther north or south nobody is in the way
    bounds = float(lat.min()) - reach, float(lat.max()) + reach
    taken = others(world, state, rows, kind, *bounds)
    if taken[0].size == 0:
        return np.ones(lat.size, dtype=np.bool_)
    near = np.abs(taken[0] - lat[0]) < 1.0
    north = (lat[:, None] - taken[0][near][None, :]) * _M_PER_DEG
    east = (lon[:, None] - taken[1][near][None, :]) * _M_PER_DEG * np.cos(np.radians(lat[0]))
    free: Bool = np.all(np.hypot(north, east) >= spacing_m, axis=1)
    return free


def water_slots(
    world: World,
    state: State,
    rows: Int32,
    lat: float,
    lon: float,
    spacing_m: float,
) -> tuple[Float64, Float64]:
    """Return a berth or anchorage on water for each of ``rows``, shape (k,) each.

    Slots lie about the centre, those nearest to it first, clear of ships that lie there already;
    the spiral is turned by a draw keyed to the first ship. Where the data show too little water
    within `ROADSTEAD_M`, the rest lie within the coast tolerance of the centre.
    """
    surface = world.router.surface
    draw = uniform(world.seed, Stream.LAYOUT, world.force.key[rows[:1]], 7)
    tries = _TRIES_PER_SLOT * rows.size
    if surface.is_land(lat, lon):
        tries = max(tries, int((ROADSTEAD_M / (0.62 * spacing_m)) ** 2))
    all_lat, all_lon = slots(tries, lat, lon, spacing_m, float(draw[0]))
    free = free_slots(world, state, rows, "ship", (all_lat, all_lon), 0.7 * spacing_m)
    if not surface.is_land(lat, lon):
        middle_lat, middle_lon = 0.5 * (all_lat + lat), 0.5 * (all_lon + lon)
        wet = open_water(surface, all_lat, all_lon) & open_water(surface, middle_lat, middle_lon)
    else:
        wet = open_water(surface, all_lat, all_lon)
    first = np.flatnonzero(free & wet)[: rows.size]
    if first.size < rows.size:
        rest = np.setdiff1d(np.flatnonzero(free), first)
        first = np.concatenate([first, rest, np.arange(tries)])[: rows.size]
    return all_lat[first], all_lon[first]


def parking(
    world: World, state: State, rows: Int32, lat: float, lon: float
) -> tuple[Float64, Float64]:
    """Return a parking place at an airfield for each aircraft, clear of those that stand there.

    The spiral of places is turned by a draw keyed to the first aircraft.
    """
    draw = uniform(world.seed, Stream.LAYOUT, world.force.key[rows[:1]], 8)
    all_lat, all_lon = slots(4 * rows.size + 200, lat, lon, PARKING_SPACING_M, float(draw[0]))
    at = all_lat, all_lon
    free = free_slots(world, state, rows, "aircraft", at, 0.7 * PARKING_SPACING_M)
    chosen = np.concatenate([np.flatnonzero(free), np.arange(all_lat.size)])[: rows.size]
    return all_lat[chosen], all_lon[chosen]


def near_groups(lat: Float64, lon: Float64, within_m: float) -> list[npt.NDArray[np.int64]]:
    """Return positions in groups: each about its first member, in the order given."""
    left = np.arange(lat.size)
    groups: list[npt.NDArray[np.int64]] = []
    while left.size:
        _, distance = inverse(lat[left[0]], lon[left[0]], lat[left], lon[left])
        near = distance <= within_m
        near[0] = True
        groups.append(left[near])
        left = left[~near]
    return groups
