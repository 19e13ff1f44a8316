"""Passing a decontamination post: a queue, lanes in which vehicles are washed, a line for troops.

Order ``decontaminate``
-----------------------
``lat``, ``lon``, ``heading_deg``
    Where the queue ends, degrees, and where the lanes lead.
``lanes``, ``service_ms``
    Lanes for vehicles, and how long one occupies a lane, from when it drives in.
``team_ms``
    How long a team on foot takes; teams have one line of their own.
``water_ml``
    Used for one vehicle; the accounts of supply take it from the vehicle's unit at the end.
``beyond_m``, ``spacing_m``
    How far behind the post the laager lies (default 500), and its spacing (default 50).
``place``
    Place index, for the record.

Who comes first is served first, of two at once the lesser key; who is served last is soon told:
with one time of service for all, ``c`` lanes serve in turn. Whoever rides in a vehicle passes with
it. Left out: stations within a lane, checks and recycling, crews that pass the line for troops, who
runs the post, what is contaminated at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Effects
from startex.engine.orders import Order
from startex.engine.resources import Resources
from startex.engine.state import State
from startex.engine.systems import hops, kernels
from startex.engine.systems.approach import travel, trip
from startex.engine.systems.base import World
from startex.engine.systems.ground import SPACING_M, count_text, effects_of, event, movers
from startex.engine.systems.laagers import slots
from startex.engine.systems.seating import VEHICLE, figure, persons_with
from startex.foundation.clock import MS_PER_SECOND
from startex.geography.geodesy import direct
from startex.geography.paths import POSITION_DECIMALS

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]

AHEAD_M = 60.0
APART_M = 20.0
"""From the end of the queue to the lanes, and between neighbouring lanes; assumed."""

DRIVE_IN_M_S = 2.0
"""Speed into a lane; assumed: led by a guide on foot."""

BEYOND_M = 500.0
"""From the post to the laager of those who are through; assumed."""


@dataclass(frozen=True, slots=True)
class Decontaminate:
    """Carries out ``decontaminate``."""

    def start(
        self, order: Order, t: int, world: World, state: State, resources: Resources
    ) -> Effects:
        """Return the legs of those who pass, until all are in the laager beyond."""
        params = order.params
        rows = movers(world, state, order)
        post = tuple(round(float(params[name]), POSITION_DECIMALS) for name in ("lat", "lon"))
        end = post[0], post[1]
        heading = float(params["heading_deg"])
        start = state.lat[rows], state.lon[rows]
        come = travel(world, trip(world, rows, start, end, t))
        arrive, _, _ = kernels.ends(come, rows, end, t)
        vehicle = world.force.kind[rows] == VEHICLE
        lanes, key = int(params["lanes"]), world.force.key[rows]
        begin, lane = arrive.copy(), np.full(rows.size, lanes)  # the last is that of the troops
        took = np.where(vehicle, int(params["service_ms"]), int(params["team_ms"]))
        for mask, number in ((vehicle, lanes), (~vehicle, 1)):
            at = np.flatnonzero(mask)
            if at.size:
                begin[at], served = serve(arrive[at], key[at], int(took[at[0]]), number)
                lane[at] = np.where(vehicle[at], served, lanes)
        done = begin + took
        middle = direct(*end, heading, AHEAD_M)
        points = slots(
            world, "line", lanes + 1, (float(middle[0]), float(middle[1])), APART_M,
            heading_deg=heading,
        )  # fmt: skip
        wash = points[0][lane], points[1][lane]
        pace = np.minimum(figure(world, rows, "speed_cross_country_m_s", default=1.0), DRIVE_IN_M_S)
        enter = [
            hops.hop(
                rows[mask], *end, wash[0][mask], wash[1][mask], t0=begin[mask],
                speed_m_s=pace[mask], mode=mode,
            )
            for mask, mode in ((vehicle, "cross_country"), (~vehicle, "foot"))
        ]  # fmt: skip
        inside, _, _ = kernels.ends(kernels.join(enter), rows, wash, begin)
        done = np.maximum(done, inside)  # no shorter than it takes to get in
        beyond = direct(*end, heading, float(params.get("beyond_m", BEYOND_M)))
        goal = slots(
            world, "laager", rows.size, (float(beyond[0]), float(beyond[1])),
            float(params.get("spacing_m", SPACING_M)),
        )  # fmt: skip
        leave = travel(world, trip(world, rows, wash, goal, done))
        effects = effects_of(rows, kernels.join([come, *enter, leave]), state, t)
        wait_s = (begin - arrive) / MS_PER_SECOND
        data: dict[str, object] = {
            "platforms": int(rows.size), "vehicles": int(vehicle.sum()),
            "persons": int(persons_with(world, state, rows).sum()), "lanes": lanes,
            "mean_wait_s": round(float(wait_s.mean()), 1),
            "longest_wait_s": round(float(wait_s.max()), 1),
            "water_l": int(vehicle.sum()) * int(params["water_ml"]) / 1000.0,
        }  # fmt: skip
        text = count_text(world, rows)
        lanes_text = f"{lanes} {'lane' if lanes == 1 else 'lanes'}"
        effects.events += [
            event(
                order, int(begin.min()), "decontamination_started",
                f"the first of {text} drives in ({lanes_text})", lanes=lanes,
            ),
            event(
                order, int(done.max()), "decontamination_ended",
                f"the last of {text} is through; they waited {data['mean_wait_s']} s in the mean",
                **data,
            ),
        ]  # fmt: skip
        return effects


def serve(arrive_ms: Int64, key: UInt64, service_ms: int, lanes: int) -> tuple[Int64, Int64]:
    """Return when each begins to be served, and in which lane, first come first served.

    All take the same time, so that lanes come free in the order in which they were taken.

    Parameters
    ----------
    arrive_ms, key
        Arrival, and the key that parts those who arrive at once, shape (n,).
    service_ms
        Time of service.
    lanes
        How many are served at a time, at least 1.
    """
    order = np.lexsort((key, arrive_ms))
    begin, lane = np.empty((2, arrive_ms.size), dtype=np.int64)
    for number in range(min(lanes, arrive_ms.size)):
        mine = order[number::lanes]
        begin[mine], lane[mine] = kernels.in_turn(arrive_ms[mine], service_ms), number
    return begin, lane
