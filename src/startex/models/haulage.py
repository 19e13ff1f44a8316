"""Haulage by road: round trips, trips, vehicles needed, daily lift, a shuttle to one point.

Equation::

    round trip = (2 D / v + load and unload) (1 + contingency)
    trips a vehicle = floor(period / round trip)        loads = ceil(tonnage / capacity)
    vehicles = ceil(loads / trips a vehicle)
    lift = assigned availability payload trips a day
    shuttle = min(loads, ceil(round trip / unload))

``D`` one way (m), ``v`` mean speed (m/s). The shuttle keeps one unloading point busy: the next
truck has come when one has unloaded. Tonnage, capacity and payload are in one unit of mass.

Source: CARE Emergency Toolkit, chapter 5.3 (transport requirement); US Army FM 55-15,
"Transportation Reference Data", chapter 3 (truck companies: 4 local hauls or 2 line hauls a day);
dispatch practice of ready-mixed concrete for the shuttle.

Validity: planning means. Left out: convoys (see `startex.models.march`), maintenance within the
period, queues at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

LOCAL_HAULS_PER_DAY, LINE_HAULS_PER_DAY = 4, 2
"""Round trips a day of FM 55-15."""

_SLACK = 1e-9  # a quotient this near to a whole number is meant to be it


@dataclass(frozen=True, slots=True)
class Shuttle:
    """Trucks that keep an unloading point busy, arrays of one shape; ``ratio`` not rounded."""

    ratio: Float64
    trucks: Float64


def round_trip_s(
    distance_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    load_unload_s: npt.ArrayLike = 0.0,
    contingency: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the time of a round trip, seconds; arguments broadcast.

    ``distance_m`` one way; ``contingency`` the share that is added to all of it.
    """
    driving = (
        2.0 * within("distance_m", distance_m, 0) / within("speed_m_s", speed_m_s, 0, above=True)
    )
    time: Float64 = (driving + within("load_unload_s", load_unload_s, 0)) * (
        1.0 + within("contingency", contingency, 0)
    )
    return time


def trips_per_vehicle(period_s: npt.ArrayLike, round_trip_s: npt.ArrayLike) -> Float64:
    """Return the whole round trips of a vehicle in a period; arguments broadcast."""
    ratio = within("period_s", period_s, 0) / within("round_trip_s", round_trip_s, 0, above=True)
    trips: Float64 = np.floor(ratio * (1.0 + _SLACK))
    return trips


def loads_needed(tonnage: npt.ArrayLike, capacity: npt.ArrayLike) -> Float64:
    """Return the vehicle loads of a tonnage, rounded up; arguments broadcast, one unit of mass."""
    ratio = within("tonnage", tonnage, 0) / within("capacity", capacity, 0, above=True)
    loads: Float64 = np.ceil(ratio * (1.0 - _SLACK))
    return loads


def vehicles_needed(loads: npt.ArrayLike, trips: npt.ArrayLike) -> Float64:
    """Return the vehicles that carry the loads in so many trips each; arguments broadcast."""
    vehicles: Float64 = np.ceil(whole("loads", loads, 0) / whole("trips", trips, 1))
    return vehicles


def haul_time_s(
    loads: npt.ArrayLike, vehicles: npt.ArrayLike, round_trip_s: npt.ArrayLike
) -> Float64:
    """Return when the last vehicle is back with all loads hauled, seconds; broadcasts."""
    turns = np.ceil(whole("loads", loads, 0) / whole("vehicles", vehicles, 1))
    time: Float64 = turns * within("round_trip_s", round_trip_s, 0, above=True)
    return time


def daily_lift(
    assigned: npt.ArrayLike,
    availability: npt.ArrayLike,
    payload: npt.ArrayLike,
    trips_per_day: npt.ArrayLike = LOCAL_HAULS_PER_DAY,
) -> Float64:
    """Return what a truck company moves a day, in the unit of ``payload``; broadcasts."""
    lift: Float64 = (
        whole("assigned", assigned, 0)
        * within("availability", availability, 0, 1)
        * within("payload", payload, 0)
        * within("trips_per_day", trips_per_day, 0)
    )
    return lift


def companies_needed(
    tonnage_per_day: npt.ArrayLike,
    assigned: npt.ArrayLike,
    availability: npt.ArrayLike,
    payload: npt.ArrayLike,
    trips_per_day: npt.ArrayLike = LOCAL_HAULS_PER_DAY,
) -> Float64:
    """Return the truck companies for a tonnage a day, rounded up; arguments broadcast."""
    lift = daily_lift(assigned, availability, payload, trips_per_day)
    return loads_needed(tonnage_per_day, within("lift a company and day", lift, 0, above=True))


def shuttle(round_trip_s: npt.ArrayLike, unload_s: npt.ArrayLike, loads: npt.ArrayLike) -> Shuttle:
    """Return the trucks that keep one unloading point busy, no more than loads; broadcasts."""
    ratio = within("round_trip_s", round_trip_s, 0, above=True) / within(
        "unload_s", unload_s, 0, above=True
    )
    trucks = np.minimum(whole("loads", loads, 0), np.ceil(ratio * (1.0 - _SLACK)))
    return Shuttle(*np.broadcast_arrays(ratio, trucks))
