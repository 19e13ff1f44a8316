"""The audit of fuel: no platform goes farther on one tank than the range of its type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from startex.foundation.clock import format_time
from startex.recording.audit_legs import Legs, Limits
from startex.recording.lookup import Lookup

if TYPE_CHECKING:
    from startex.recording.audit import Findings
    from startex.recording.reader import Run

RANGE_SHARE = 0.01
"""Share by which a way may pass the range: the ranges are rounded figures."""

REFUELLING_MS = 10 * 60_000
"""Least stop in which a tank is filled, assumed: a halt of a column, a turn-round of aircraft."""

ALONGSIDE = "replenishment_ended"
"""Kind of event after which its actor, a ship, has full tanks."""


def check_ranges(run: Run, lookup: Lookup, legs: Legs, limits: Limits, findings: Findings) -> None:
    """Report ways longer than the range, without a stop in which a tank could be filled.

    A way is what a platform moves itself between two stops of `REFUELLING_MS` or more. Time aboard
    something else is such a stop if it lasts as long. A ship is also filled by replenishment at
    sea, at the instant of the event that tells of it.
    """
    reach = limits.column("range_m")[legs.entity]
    moves = np.flatnonzero(~legs.of("hold", "rail", "foot", "parachute") & ~np.isnan(reach))
    if not len(moves):
        return
    entity, t0, t1 = legs.entity[moves], legs.t0[moves], legs.t1[moves]
    begins = np.ones(len(moves), dtype=bool)
    begins[1:] = (entity[1:] != entity[:-1]) | (t0[1:] - t1[:-1] >= REFUELLING_MS)
    begins[_next(legs.first + moves, _replenished(run, lookup))] = True
    first = np.flatnonzero(begins)
    way = np.add.reduceat(legs.ground_m[moves], first)
    limit = reach[moves[first]]
    findings.add(
        "legs",
        "a way is longer than the range of the type, with no stop to refuel",
        np.flatnonzero(way > limit * (1.0 + RANGE_SHARE)),
        lambda i: (
            f"{findings.name(entity[first[i]])} goes {way[i] / 1e3:.0f} km from "
            f"{format_time(t0[first[i]])}, range {limit[i] / 1e3:.0f} km"
        ),
    )


def _replenished(run: Run, lookup: Lookup) -> npt.NDArray[np.int64]:
    """Return the legs under way as ships were replenished at sea, as indices of the look-up."""
    events = run.table("events")
    told = events.filter(
        pc.and_(
            pc.equal(events.column("kind").cast("string"), ALONGSIDE), events["actor"].is_valid()
        )
    )
    actor = told.column("actor").to_numpy().astype(np.int64)
    under_way = lookup.legs.latest(actor, told.column("t").to_numpy())
    return under_way[under_way >= 0]


def _next(sorted_: npt.NDArray[np.int64], after: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the positions of the first values greater than each of ``after``, if there is one."""
    at = np.searchsorted(sorted_, after, side="right")
    return at[at < len(sorted_)]
