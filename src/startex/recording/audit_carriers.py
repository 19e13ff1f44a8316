"""The audit of carriers: everybody aboard exactly one thing, no circles, nobody teleported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from startex.foundation.clock import format_time
from startex.geography.metric import distance_m
from startex.recording.audit_legs import Limits
from startex.recording.lookup import FOREVER, Intervals, Lookup

if TYPE_CHECKING:
    from startex.recording.audit import Findings
    from startex.recording.reader import Run

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

ALIGHTING_M = 1.0
"""Greatest distance between a platform's first leg after alighting and its carrier."""

IDLE = ("person", "target")
"""Kinds of entity that carry nobody."""

BOARDING_M = 500.0
"""Greatest distance to the carrier on boarding, beyond the carrier's length: a loading area."""


def check_carriers(run: Run, lookup: Lookup, findings: Findings) -> bool:
    """Report rows that overlap, gaps, circles and legs while carried; return if no circle."""
    rides, carrier = lookup.carriers, lookup.carrier
    name = findings.name
    if len(rides.row):
        _check_rows(run, lookup, findings)
        same = rides.entity[1:] == rides.entity[:-1]
        findings.add(
            "carriers",
            "aboard two things at one instant",
            np.flatnonzero(same & (rides.t0[1:] < rides.t1[:-1])),
            lambda i: (
                f"{name(rides.entity[i])} in {name(carrier[i])} and {name(carrier[i + 1])} "
                f"at {format_time(rides.t0[i + 1])}{_for(rides.t0[i + 1], rides.t1[i])}"
            ),
        )
        _check_places_aboard(run, lookup, findings)
    _check_presence(run, lookup, findings)
    _check_legs_while_carried(lookup, findings)
    return _check_circles(lookup, findings)


def _for(since: int, until: int) -> str:
    return f" for {(until - since) / 1e3:,.3f} s" if until < FOREVER else ""


def _check_rows(run: Run, lookup: Lookup, findings: Findings) -> None:
    """Each row lasts, lies within the run, and names something that can carry."""
    rides, carrier, name = lookup.carriers, lookup.carrier, findings.name
    findings.add(
        "carriers",
        "a row ends before it begins, or lasts no time",
        np.flatnonzero(rides.t1 <= rides.t0),
        lambda i: (
            f"{name(rides.entity[i])} in {name(carrier[i])} at {format_time(rides.t0[i])}"
            f"{_for(rides.t0[i], rides.t1[i])}"
        ),
    )
    header = run.manifest.header
    late = (rides.t1 > header.sim_end) & (rides.t1 < FOREVER)
    findings.add(
        "carriers",
        "a row lies outside the time of the run",
        np.flatnonzero((rides.t0 < header.sim_start) | late),
        lambda i: (
            f"{name(rides.entity[i])} in {name(carrier[i])} from {format_time(rides.t0[i])}"
            + (f" to {format_time(rides.t1[i])}" if rides.t1[i] < FOREVER else "")
        ),
    )
    kind = run.table("entities").column("kind").cast("string")
    idle = pc.is_in(kind, value_set=pa.array(IDLE)).to_numpy()
    findings.add(
        "carriers",
        f"a {' or '.join(IDLE)} carries something",
        np.flatnonzero(idle[carrier]),
        lambda i: (
            f"{name(carrier[i])} carries {name(rides.entity[i])} at {format_time(rides.t0[i])}"
        ),
    )


def _check_places_aboard(run: Run, lookup: Lookup, findings: Findings) -> None:
    """No two have one place aboard at one instant."""
    rides, carrier = lookup.carriers, lookup.carrier
    slot = run.table("carriers").column("slot").to_numpy()[rides.row]
    order = np.lexsort((rides.t0, slot, carrier))
    inner, outer = order[1:], order[:-1]
    both = (carrier[inner] == carrier[outer]) & (slot[inner] == slot[outer]) & (slot[inner] >= 0)
    both &= rides.entity[inner] != rides.entity[outer]
    both &= rides.t0[inner] < rides.t1[outer]
    name = findings.name

    def describe(i: int) -> str:
        one, other = outer[i], inner[i]
        until = min(rides.t1[one], rides.t1[other])
        return (
            f"{name(rides.entity[one])} and {name(rides.entity[other])} in {name(carrier[one])}, "
            f"slot {slot[one]}, at {format_time(rides.t0[other])}{_for(rides.t0[other], until)}"
        )

    findings.add("carriers", "two have one place aboard", np.flatnonzero(both), describe)


def _check_presence(run: Run, lookup: Lookup, findings: Findings) -> None:
    """Each counted person stands in one row from the start of the run to its end."""
    entities = run.table("entities")
    person = np.asarray(entities.column("kind").cast("string").to_numpy() == "person")
    counted = np.asarray(entities.column("counted").to_numpy()) & person
    header = run.manifest.header
    rides, name = lookup.carriers, findings.name
    begins = np.full(len(entities), np.iinfo(np.int64).max)
    ends = np.full(len(entities), np.iinfo(np.int64).min)
    np.minimum.at(begins, rides.entity, rides.t0)
    np.maximum.at(ends, rides.entity, rides.t1)
    never = begins == np.iinfo(np.int64).max

    def describe(i: int) -> str:
        if never[i]:
            return f"{name(i)} at any time"
        if begins[i] > header.sim_start:
            return f"{name(i)} until {format_time(begins[i])}{_for(header.sim_start, begins[i])}"
        return f"{name(i)} from {format_time(ends[i])}{_for(ends[i], header.sim_end)}"

    nowhere = counted & ((begins > header.sim_start) | (ends < header.sim_end))
    findings.add(
        "carriers",
        "a person is nowhere at the start or at the end",
        np.flatnonzero(nowhere),
        describe,
    )
    if len(rides.row):
        gap = (rides.entity[1:] == rides.entity[:-1]) & (rides.t0[1:] > rides.t1[:-1])
        findings.add(
            "carriers",
            "a person is nowhere for a while",
            np.flatnonzero(gap & counted[rides.entity[1:]]),
            lambda i: (
                f"{name(rides.entity[i])} from {format_time(rides.t1[i])}"
                f"{_for(rides.t1[i], rides.t0[i + 1])}"
            ),
        )


def _check_legs_while_carried(lookup: Lookup, findings: Findings) -> None:
    legs, rides = lookup.legs, lookup.carriers
    if not len(legs.row) or not len(rides.row):
        return
    ride = rides.latest(legs.entity, legs.t1, before=True)
    both = np.flatnonzero((ride >= 0) & (rides.t1[np.maximum(ride, 0)] > legs.t0))

    def describe(i: int) -> str:
        aboard = ride[i]
        since = max(legs.t0[i], rides.t0[aboard])
        return (
            f"{findings.name(legs.entity[i])} aboard {findings.name(lookup.carrier[aboard])} "
            f"at {format_time(since)}{_for(since, min(legs.t1[i], rides.t1[aboard]))}"
        )

    findings.add("legs", "a platform has a leg of its own while it is carried", both, describe)


def _check_circles(lookup: Lookup, findings: Findings) -> bool:
    """Report carriers that carry each other; return whether there are none.

    Only entities in a strongly connected part of the graph of all rows can ever be in a circle;
    at the instants when one of their rows begins, the chains are followed.
    """
    rides, carrier, n = lookup.carriers, lookup.carrier, lookup.count
    if not len(rides.row):
        return True
    from scipy.sparse import coo_array  # noqa: PLC0415  (late: it takes longer than the audit)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    graph = coo_array((np.ones(len(carrier), np.int8), (rides.entity, carrier)), shape=(n, n))
    _, part = connected_components(graph, directed=True, connection="strong")
    inside = np.flatnonzero(part[rides.entity] == part[carrier])
    circles = []
    for i in inside:
        start, t = int(rides.entity[i]), int(rides.t0[i])
        current = start
        for _ in range(n):
            ride = int(lookup.aboard(np.array([current]), np.array([t]))[0])
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


def check_continuity(run: Run, lookup: Lookup, limits: Limits, findings: Findings) -> None:
    """Report boardings and alightings far from the carrier.

    On boarding, an entity must be within a loading area of the new carrier. After alighting, the
    next leg of a platform must begin where the carrier was.
    """
    rides, carrier = lookup.carriers, lookup.carrier
    if not len(rides.row):
        return
    name = findings.name
    lengths = _lengths(limits)
    _check_start(run, lookup, lengths, findings)
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
    far = np.flatnonzero(away > BOARDING_M + lengths[carrier[later]])
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


def _check_start(run: Run, lookup: Lookup, lengths: Float64, findings: Findings) -> None:
    """Who is aboard at the start, and has a place of its own then, has that of the carrier."""
    rides, carrier, begin = lookup.carriers, lookup.carrier, run.manifest.header.sim_start
    lat, lon, _ = lookup.start
    first = np.flatnonzero((rides.t0 <= begin) & ~np.isnan(lat[rides.entity]))
    there = lookup.locate(carrier[first], np.full(len(first), begin))
    own = rides.entity[first]
    away = distance_m(lat[own], lon[own], there.lat, there.lon)
    findings.add(
        "entities",
        "the place at the start is not that of the carrier",
        np.flatnonzero(away > BOARDING_M + lengths[carrier[first]]),
        lambda i: (
            f"{findings.name(own[i])} {away[i]:.0f} m from {findings.name(carrier[first[i]])} "
            f"at {format_time(begin)}"
        ),
    )


def _lengths(limits: Limits) -> Float64:
    """Return the greatest extent of each entity, metres; 0 where the catalogue has none."""
    length = np.nan_to_num(limits.column("length_m"))
    result: Float64 = np.maximum(length, np.nan_to_num(limits.column("train_capacity_m")))
    return result
