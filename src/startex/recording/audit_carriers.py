"""The audit of carriers: everybody aboard exactly one thing, no circles, nobody teleported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from startex.foundation.clock import format_time
from startex.recording.audit_legs import type_column
from startex.recording.lookup import FOREVER, Intervals
from startex.recording.metric import distance_m

if TYPE_CHECKING:
    from startex.recording.audit import Findings
    from startex.recording.reader import Run

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]

ALIGHTING_M = 1.0
"""Greatest distance between a platform's first leg after alighting and its carrier."""

BOARDING_M = 500.0
"""Greatest distance to the carrier on boarding, beyond the carrier's length: a loading area."""


def check_carriers(run: Run, findings: Findings) -> bool:
    """Report rows that overlap, gaps, circles and legs while carried; return if no circle."""
    rides = run.lookup.carriers
    carrier = run.lookup.carrier
    name = findings.name
    if len(rides.row):
        findings.add(
            "carriers",
            "a row ends before it begins, or lasts no time",
            np.flatnonzero(rides.t1 <= rides.t0),
            lambda i: f"{name(rides.entity[i])} at {format_time(rides.t0[i])}",
        )
        same = rides.entity[1:] == rides.entity[:-1]
        findings.add(
            "carriers",
            "aboard two things at one instant",
            np.flatnonzero(same & (rides.t0[1:] < rides.t1[:-1])),
            lambda i: (
                f"{name(rides.entity[i])} in {name(carrier[i])} and {name(carrier[i + 1])} "
                f"at {format_time(rides.t0[i + 1])}"
            ),
        )
    _check_presence(run, findings)
    _check_legs_while_carried(run, findings)
    return _check_circles(run, findings)


def _check_presence(run: Run, findings: Findings) -> None:
    """Each counted person stands in one row from the start of the run to its end."""
    entities = run.table("entities")
    person = np.asarray(entities.column("kind").cast("string").to_numpy() == "person")
    counted = np.asarray(entities.column("counted").to_numpy()) & person
    header = run.manifest.header
    rides = run.lookup.carriers
    begins = np.full(len(entities), np.iinfo(np.int64).max)
    ends = np.full(len(entities), np.iinfo(np.int64).min)
    np.minimum.at(begins, rides.entity, rides.t0)
    np.maximum.at(ends, rides.entity, rides.t1)
    nowhere = np.flatnonzero(counted & ((begins > header.sim_start) | (ends < header.sim_end)))
    findings.add(
        "carriers", "a person is nowhere at the start or at the end", nowhere, findings.name
    )
    if len(rides.row):
        gap = (rides.entity[1:] == rides.entity[:-1]) & (rides.t0[1:] > rides.t1[:-1])
        findings.add(
            "carriers",
            "a person is nowhere for a while",
            np.flatnonzero(gap & counted[rides.entity[1:]]),
            lambda i: f"{findings.name(rides.entity[i])} from {format_time(rides.t1[i])}",
        )


def _check_legs_while_carried(run: Run, findings: Findings) -> None:
    legs, rides = run.lookup.legs, run.lookup.carriers
    if not len(legs.row) or not len(rides.row):
        return
    ride = rides.latest(legs.entity, legs.t1, before=True)
    safe = np.maximum(ride, 0)
    both = np.flatnonzero((ride >= 0) & (rides.t1[safe] > legs.t0))
    findings.add(
        "legs",
        "a platform has a leg of its own while it is carried",
        both,
        lambda i: (
            f"{findings.name(legs.entity[i])} aboard {findings.name(run.lookup.carrier[ride[i]])} "
            f"at {format_time(max(legs.t0[i], rides.t0[ride[i]]))}"
        ),
    )


def _check_circles(run: Run, findings: Findings) -> bool:
    """Report carriers that carry each other; return whether there are none.

    Only entities in a strongly connected part of the graph of all rows can ever be in a circle;
    at the instants when one of their rows begins, the chains are followed.
    """
    rides, carrier = run.lookup.carriers, run.lookup.carrier
    n = run.lookup.count
    if not len(rides.row):
        return True
    graph = coo_array((np.ones(len(carrier), np.int8), (rides.entity, carrier)), shape=(n, n))
    _, part = connected_components(graph, directed=True, connection="strong")
    inside = np.flatnonzero(part[rides.entity] == part[carrier])
    circles = []
    for i in inside:
        start, t = int(rides.entity[i]), int(rides.t0[i])
        current = start
        for _ in range(n):
            ride = int(run.lookup.aboard(np.array([current]), np.array([t]))[0])
            if ride < 0:
                break
            current = int(carrier[ride])
            if current == start:
                circles.append(int(i))
                break
            if part[current] != part[start]:
                break
    findings.add(
        "carriers",
        "carriers go round in a circle",
        np.asarray(circles, dtype=np.int64),
        lambda i: f"{findings.name(rides.entity[i])} at {format_time(rides.t0[i])}",
    )
    return not circles


def _stands_somewhere(run: Run) -> Bool:
    """Tell which entities have a place at the start: parachutes in a store have none."""
    entities = run.table("entities")
    stands: Bool = entities.column("start_lat").is_valid().to_numpy()
    persons: Bool = pc.equal(entities.column("kind").cast("string"), "person").to_numpy()
    return stands | persons


def _seen_before(rides: Intervals) -> Bool:
    """Tell which rides are not the first of their entity (rides come by entity and time)."""
    before: Bool = np.concatenate([[False], rides.entity[1:] == rides.entity[:-1]])
    return before


def check_continuity(run: Run, findings: Findings) -> None:
    """Report boardings and alightings far from the carrier.

    On boarding, an entity must be within a loading area of the new carrier. After alighting, the
    next leg of a platform must begin where the carrier was.
    """
    lookup = run.lookup
    rides, carrier = lookup.carriers, lookup.carrier
    if not len(rides.row):
        return
    name = findings.name
    known = _stands_somewhere(run)[rides.entity] | _seen_before(rides)
    later = np.flatnonzero((rides.t0 > run.manifest.header.sim_start) & known)
    entity, t = rides.entity[later], rides.t0[later]
    here = lookup.locate(entity, t, before=True)
    there = lookup.locate(carrier[later], t, before=True)
    away = np.hypot(distance_m(here.lat, here.lon, there.lat, there.lon), here.alt - there.alt)
    # A carrier that comes into use at that instant (a parachute) begins with its own next leg.
    there = lookup.locate(carrier[later], t)
    begun = np.hypot(distance_m(here.lat, here.lon, there.lat, there.lon), here.alt - there.alt)
    away = np.fmin(away, begun)
    far = np.flatnonzero(away > BOARDING_M + _lengths(run)[carrier[later]])
    findings.add(
        "carriers",
        "boards something far away",
        far,
        lambda i: (
            f"{name(entity[i])} boards {name(carrier[later[i]])} from {away[i]:.0f} m "
            f"at {format_time(t[i])}"
        ),
    )
    legs = lookup.legs
    if not len(legs.row):
        return
    # The first leg after each alighting, unless something else was boarded in between.
    left = np.flatnonzero(rides.t1 < FOREVER)
    before = legs.latest(rides.entity[left], rides.t1[left], before=True)
    first = np.where(before >= 0, before + 1, legs.first(rides.entity[left]))
    exists = (first >= 0) & (first < len(legs.row))
    left, first = left[exists], first[exists]
    own = legs.entity[first] == rides.entity[left]
    following = np.minimum(left + 1, len(rides.row) - 1)
    again = (following > left) & (rides.entity[following] == rides.entity[left])
    own &= ~again | (rides.t0[following] >= legs.t0[first])
    left, first = left[own], first[own]
    spot = lookup.locate(carrier[left], rides.t1[left])
    start = lookup.locate(rides.entity[left], legs.t0[first])
    off = np.hypot(distance_m(spot.lat, spot.lon, start.lat, start.lon), spot.alt - start.alt)
    findings.add(
        "legs",
        f"a platform alights more than {ALIGHTING_M:g} m from its carrier",
        np.flatnonzero(off > ALIGHTING_M),
        lambda i: (
            f"{name(rides.entity[left[i]])} from {name(carrier[left[i]])} by {off[i]:.0f} m "
            f"at {format_time(rides.t1[left[i]])}"
        ),
    )


def _lengths(run: Run) -> npt.NDArray[np.float64]:
    """Return the greatest extent of each entity, metres; 0 where the catalogue has none."""
    length = np.nan_to_num(type_column(run, "length_m"))
    train = np.nan_to_num(type_column(run, "train_capacity_m"))
    return np.maximum(length, train)
