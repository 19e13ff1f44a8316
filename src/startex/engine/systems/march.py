"""Road march of a unit in one column.

Order ``march``
---------------
``lat``, ``lon``, ``place``
    Middle of the laager at the end; place index.
``via``, ``way``
    Points (degrees) to pass, or id of a way to follow.
``speed_m_s``
    March speed, default 40 km/h; never above the road speed of the slowest type.
``march_unit``, ``interval_m``, ``gap_ms``
    Vehicles to a march unit (default 20), road space of a vehicle (default: the largest interval
    of its types, 50 m where none has one), and time between march units (default 2 min).
``halt_every_ms``, ``halt_ms``
    The whole column halts so long (default 10 min) whenever it has run so long (default 2 h).
``refuel_ms``
    Length of a refuelling halt (default 1 h), made each time `RANGE_SHARE` of the shortest range
    is run; tanks are taken to be full at the start.
``spacing_m``
    Between vehicles in the laager, default 50.
``leave_dismounted``
    True: teams that are not aboard stay behind, and an event says how many persons; otherwise
    the order is refused.

Vehicles move in order of row. They leave their parking slots so as to pass the start point (where
the first of them stands) in order, and go from the release point to their slots in the laager.
A unit without vehicles marches on foot in the same way. Traffic of other columns on the same road
is not modelled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Effects, Legs
from startex.engine.orders import Order, OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import kernels
from startex.engine.systems.approach import road, travel, trip
from startex.engine.systems.base import World
from startex.engine.systems.ground import (
    SPACING_M,
    count_text,
    effects_of,
    event,
    movers,
)
from startex.engine.systems.halts import insert_halts
from startex.engine.systems.laagers import slots
from startex.engine.systems.seating import TEAM, VEHICLE, figure, heads, root
from startex.foundation.clock import MS_PER_HOUR, MS_PER_MINUTE
from startex.geography.paths import Path
from startex.models.march import gap_time_s, pass_time_s, road_space_m

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

MARCH_SPEED_M_S = 40.0 / 3.6
"""Default speed; assumed: usual planning speed of mixed columns on good roads."""

MARCH_UNIT = 20
"""Default vehicles to a march unit; assumed: a company."""

INTERVAL_M = 50.0
"""Road space of a vehicle where its type has none; assumed: open column."""

GAP_MS = 2 * MS_PER_MINUTE
"""Default time between march units: 2 min (US Army FM 55-10, app. E)."""

HALT_EVERY_MS = 2 * MS_PER_HOUR
HALT_MS = 10 * MS_PER_MINUTE
"""Default halts: 10 min every 2 h of running (US Army FM 55-10, app. E)."""

RANGE_SHARE = 0.9
"""Part of the range run before refuelling; assumed: a tenth in reserve."""

REFUEL_MS = MS_PER_HOUR
"""Default refuelling halt of a column; assumed."""


@dataclass(frozen=True, slots=True)
class Column:
    """Spacing of a column: when each vehicle passes a point after the first one, ms.

    Vehicle i of march unit m follows after ``i interval / speed + m gap``; with the road space of
    the last vehicle, the column takes `models.march`'s pass time.
    """

    count: int
    speed_m_s: float
    interval_m: float
    march_unit: int
    gap_ms: int

    def passing_ms(self) -> Int64:
        """Return when each vehicle passes after the first, shape (count,)."""
        i = np.arange(self.count)
        spacing = np.ceil(i * (self.interval_m / self.speed_m_s * 1000.0)).astype(np.int64)
        passing: Int64 = spacing + (i // self.march_unit) * self.gap_ms
        return passing

    def pass_time_ms(self) -> int:
        """Return how long the column takes to pass a point, the last interval included."""
        units = -(-self.count // self.march_unit)
        gaps_s = gap_time_s(units, march_unit_gap_s=self.gap_ms / 1000.0)
        space_m = road_space_m(self.count, self.interval_m, self.speed_m_s, gaps_s)
        return round(float(pass_time_s(space_m, self.speed_m_s)) * 1000.0)


def left_behind(world: World, state: State, order: Order, moving: Int32) -> Int32:
    """Return the teams with persons that stay when ``moving`` go, ascending.

    Teams of the order, and those of its unit whose vehicle moves, that are not aboard anything
    that moves.
    """
    force = world.force
    teams = world.index.of_kind(TEAM)
    if order.unit >= 0:
        bounds = force.units.first[order.unit], force.units.last[order.unit]
        first, last = np.searchsorted(teams, bounds)
        teams = teams[first:last]
    teams = teams[np.isin(force.station[teams], moving)]
    own = order.rows[force.kind[order.rows] == TEAM]
    teams = np.union1d(teams, own).astype(np.int32)
    persons = heads(world, state)[teams]
    return teams[(persons > 0) & ~np.isin(root(state, teams), moving)]


def refuelling_ms(length_m: float, range_m: float, speed_m_s: float) -> Int64:
    """Return running times, ms from the start, of the refuelling halts of a march."""
    stage = RANGE_SHARE * range_m
    halts = max(0, int(np.ceil(length_m / stage)) - 1)
    return (np.arange(1, halts + 1) * stage / speed_m_s * 1000.0).astype(np.int64)


@dataclass(frozen=True, slots=True)
class March:
    """Carries out ``march``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the legs of the whole column (see the module for the parameters)."""
        rows = movers(world, state, order)
        vehicles = rows[world.force.kind[rows] == VEHICLE]
        if vehicles.size:
            rows = vehicles
        left = left_behind(world, state, order, rows)
        if left.size and not order.params.get("leave_dismounted", False):
            raise OrderRefusedError(
                f"{int(heads(world, state)[left].sum())} persons in {left.size} teams would be "
                f"left behind: they are not aboard any of the {rows.size} vehicles that march"
            )
        column = _column(world, rows, order, on_foot=vehicles.size == 0)
        goal = float(order.params["lat"]), float(order.params["lon"])
        spacing_m = float(order.params.get("spacing_m", SPACING_M))
        path = road(
            world,
            (float(state.lat[rows[0]]), float(state.lon[rows[0]])),
            goal,
            order.params.get("via", ()),
            order.params.get("way"),
        )
        places = slots(world, "laager", rows.size, goal, spacing_m)
        running, head, release = _running(world, state, rows, places, path=path, column=column)
        shortest = float(figure(world, rows, "range_m", default=np.inf).min())
        refuel = refuelling_ms(path.length_m, shortest, column.speed_m_s)
        halts, lengths = _halts(order, refuel, head, int(release[-1]))
        legs = insert_halts(running, halts, lengths)
        legs = kernels.shift(legs, t)
        effects = effects_of(rows, legs, state, t)

        def real(m: int) -> int:
            return t + m + int(lengths[: np.searchsorted(halts, m)].sum())

        first, last = real(int(release[0])), real(int(release[-1]))
        text = count_text(world, rows)
        km = path.length_m / 1000.0
        effects.events += [
            event(order, real(head), "march_started", f"{text} march, {km:.0f} km",
                  vehicles=int(rows.size), distance_m=round(path.length_m),
                  speed_m_s=round(column.speed_m_s, 3), pass_time_ms=column.pass_time_ms()),
            event(order, first, "head_arrived", f"head of the column arrives after {km:.0f} km"),
            event(order, last, "tail_arrived", f"tail of the column arrives, {text}",
                  vehicle_km=round(rows.size * km, 1), halts=int(halts.size)),
        ]  # fmt: skip
        if left.size:
            persons = int(heads(world, state)[left].sum())
            effects.events.append(
                event(order, t, "left_behind", f"{persons} persons in {left.size} teams stay",
                      persons=persons, teams=int(left.size))
            )  # fmt: skip
        return effects


def _column(world: World, rows: Int32, order: Order, *, on_foot: bool) -> Column:
    params = order.params
    slowest = float(figure(world, rows, "speed_road_m_s", default=1.0).min())
    widest = float(
        figure(world, rows, "march_interval_m", default=10.0 if on_foot else INTERVAL_M).max()
    )
    column = Column(
        count=rows.size,
        speed_m_s=min(float(params.get("speed_m_s") or MARCH_SPEED_M_S), slowest),
        interval_m=float(params.get("interval_m") or widest),
        march_unit=int(params.get("march_unit") or MARCH_UNIT),
        gap_ms=int(params.get("gap_ms", GAP_MS)),
    )
    if column.speed_m_s <= 0 or column.interval_m <= 0 or column.march_unit < 1:
        raise ValueError(f"speed, interval and march unit must be positive: {column}")
    return column


def _running(
    world: World,
    state: State,
    rows: Int32,
    places: tuple[Float64, Float64],
    *,
    path: Path,
    column: Column,
) -> tuple[Legs, int, Int64]:
    """Return the legs in running time, when the head starts, and each one's release from the road.

    Running time counts from the start of the order and stands still during halts. ``places`` are
    the slots in the laager at the end.
    """
    speed = column.speed_m_s
    begin, end = (path.lat[0], path.lon[0]), (path.lat[-1], path.lon[-1])
    parked = state.lat[rows], state.lon[rows]
    to_start = travel(world, trip(world, rows, parked, begin, 0, speed_m_s=speed))
    lead_in, _, _ = kernels.ends(to_start, rows, begin, 0)
    passing = column.passing_ms()
    head = int((lead_in - passing).max())
    enter = head + passing
    to_start = kernels.shift(to_start, enter - lead_in, rows)
    mode = "road" if world.force.kind[rows[0]] == VEHICLE else "foot"
    on_road = kernels.along_path(rows, path, enter, speed, mode)
    release = enter + kernels.path_ms(path, speed)
    to_slot = travel(world, trip(world, rows, end, places, release, speed_m_s=speed))
    return kernels.join([to_start, on_road, to_slot]), head, release


def _halts(order: Order, refuel_ms: Int64, head: int, until: int) -> tuple[Int64, Int64]:
    """Return running times and lengths of all halts, ascending, while anybody is on the road.

    ``refuel_ms`` counts from when the head starts, at ``head``.
    """
    params = order.params
    every = int(params.get("halt_every_ms", HALT_EVERY_MS))
    rest = int(params.get("halt_ms", HALT_MS))
    resting = every > 0 and rest > 0
    rests = np.arange(head + every, until, every) if resting else np.empty(0, dtype=np.int64)
    at = np.concatenate([rests, head + refuel_ms]).astype(np.int64)
    lengths = np.repeat(
        [rest, int(params.get("refuel_ms", REFUEL_MS))], [rests.size, refuel_ms.size]
    ).astype(np.int64)
    ordered = np.argsort(at, kind="stable")
    return at[ordered], lengths[ordered]
