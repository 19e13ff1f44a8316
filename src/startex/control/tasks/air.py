"""Tasks in the air: sorties, alert, airlift, airborne drop."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.control.brief import M_S_PER_KN, Brief, CannotBeHeldError, Draft
from startex.control.drafting import Drafts
from startex.control.elements import of_kind, riders, walkers
from startex.control.raids import raid
from startex.control.tasks.targets import STRIKE_SHARE, allotted, strike_targets, target_place
from startex.foundation.clock import MS_PER_HOUR, MS_PER_MINUTE
from startex.foundation.streams import Stream, entity_key, uniform

Int32 = npt.NDArray[np.int32]

PAIR = 2
SCRAMBLE_RESERVE_MS = 2 * MS_PER_HOUR
"""Scrambles are called no later than this before the end of an alert, so that they can land."""

TURN_ROUND_MS = 90 * MS_PER_MINUTE
"""From landing to the next take-off of the same aircraft; assumed."""

MOST_FLIGHTS = 24
"""Pairs of one unit sent to support one serial at sea, at most; assumed: two days of relays."""

AREA_FLIGHT_MS = 120 * MS_PER_MINUTE
"""Time on station of aircraft that support ships; assumed."""

DROP_SPEED_M_S = 90.0 * M_S_PER_KN


def aircraft(brief: Brief, unit: int) -> Int32:
    """Return the aircraft of a unit, ascending."""
    return brief.picture.members(unit, "aircraft")


def flights(rows: Int32) -> list[Int32]:
    """Split aircraft into pairs; the last may be single."""
    return [rows[start : start + PAIR] for start in range(0, rows.size, PAIR)]


def sortie(brief: Brief) -> list[Draft]:
    """Aircraft fly to the place, stay on station and land.

    Pairs take off one after the other at the serial's interval; without ``pairs`` each unit flies
    as one. ``aircraft`` limits how many fly, unit after unit.
    """
    drafts = Drafts()
    pairs, left = brief.param("pairs"), brief.param("aircraft")
    interval = brief.minutes("interval_min", 5.0)
    number = 0
    for unit in brief.everybody:
        rows = aircraft(brief, unit)
        if left is not None:
            rows = rows[: int(left)]
            left = int(left) - rows.size
        groups = [rows] if pairs is None else flights(rows)
        for group in groups:
            if not group.size or (pairs is not None and number >= int(pairs)):
                continue
            drafts.add(
                "sortie", group, unit, _sortie(brief, brief.minutes("on_station_min")),
                not_before_ms=brief.t + number * interval,
            )  # fmt: skip
            number += 1
    return drafts.drafts


def _sortie(brief: Brief, on_station_ms: int) -> dict[str, object]:
    params: dict[str, object] = {
        "points": [brief.point(brief.place)],
        "on_station_ms": on_station_ms,
        "profile": str(brief.param("profile", "patrol")),
        "target_place": brief.place,
    }
    if brief.param("altitude_m") is not None:
        params["altitude_m"] = float(brief.param("altitude_m"))
    if brief.param("recover") is not None:
        params["recover"] = brief.place_index("recover")
    targets = strike_targets(brief)
    if targets.size:  # over their middle
        lat, lon = brief.picture.position(targets)
        params["points"] = [(float(lat.mean()), float(lon.mean()))]
        params |= {"targets": targets, "target_place": target_place(brief)}
        params |= allotted(brief, STRIKE_SHARE)
    return params


def alert(brief: Brief) -> list[Draft]:
    """Stand ready to the end; scrambles are called at drawn times, pair after pair.

    With an opposing force they are called when it is found: its aircraft come at the place.
    """
    drafts = Drafts()
    if brief.opfor:
        middle = brief.point(brief.place)
        raid(drafts, brief, lambda _: middle)
    for unit in brief.units + brief.support:
        rows = aircraft(brief, unit)
        pairs = flights(rows)
        scrambles = int(brief.param("scrambles")) if pairs and not brief.opfor else 0
        key = entity_key(f"{brief.picture.force.units.id[unit]}|{brief.serial.serial}")
        window = max(0, brief.end_ms - SCRAMBLE_RESERVE_MS - brief.t)
        draws = np.sort(uniform(brief.seed, Stream.SCRAMBLE, key, np.arange(scrambles)))
        last: dict[int, int] = {}
        for number, draw in enumerate(draws):
            pair = number % len(pairs)
            last[pair] = drafts.chain(
                last.get(pair), "sortie", pairs[pair], unit,
                _sortie(brief, brief.minutes("on_station_min")),
                not_before_ms=brief.t + int(draw * window),
            )  # fmt: skip
        waiting = brief.picture.platforms(unit)
        waiting = of_kind(brief.picture, waiting, "team", "vehicle")
        if waiting.size:
            drafts.add("hold", waiting, unit, {"until_ms": brief.end_ms})
    return drafts.drafts


def station_flights(drafts: Drafts, brief: Brief) -> None:
    """Aircraft of the units of a serial at sea relieve each other over its place, in pairs."""
    for unit in brief.units + brief.support:
        rows = aircraft(brief, unit)
        pairs = flights(rows)
        start, number = brief.t, 0
        last: dict[int, int] = {}
        while pairs and start + AREA_FLIGHT_MS < brief.end_ms and number < MOST_FLIGHTS:
            pair = number % len(pairs)
            last[pair] = drafts.chain(
                last.get(pair), "sortie", pairs[pair], unit, _sortie(brief, AREA_FLIGHT_MS),
                not_before_ms=start,
            )  # fmt: skip
            start += AREA_FLIGHT_MS + TURN_ROUND_MS // max(1, len(pairs))
            number += 1


def airlift(brief: Brief) -> list[Draft]:
    """Aircraft of other units carry the units, in as many trips as it takes."""
    carriers = _carriers(brief)
    drafts = Drafts()
    mounted: list[tuple[int, Int32]] = []
    loads: list[Int32] = []
    for unit in brief.everybody:
        rows = brief.picture.platforms(unit)
        vehicles = of_kind(brief.picture, rows, "vehicle")
        vehicles = vehicles[~brief.picture.force.stored[vehicles]]
        mounted.append((unit, riders(brief.picture, rows)))
        loads += [vehicles, walkers(brief.picture, rows)]
    mounts = tuple(drafts.add("mount", rows, unit) for unit, rows in mounted if rows.size)
    passengers = np.sort(np.concatenate(loads)) if loads else np.empty(0, np.int32)
    if not passengers.size:
        raise CannotBeHeldError("nobody is there to be carried")
    flown = drafts.add(
        "airlift", carriers, brief.units[0],
        {
            "passengers": passengers,
            "origin": brief.place_index("from"), "destination": brief.place_index("to"),
            "place": brief.place_index("to"), "via": brief.via(),
        },
        after=mounts,
    )  # fmt: skip
    for unit, rows in mounted:
        if rows.size:
            drafts.add("dismount", rows, unit, after=(flown,))
    return drafts.drafts


def _carriers(brief: Brief) -> Int32:
    rows = [aircraft(brief, unit) for unit in brief.unit_rows("carriers")]
    found = np.sort(np.concatenate(rows)) if rows else np.empty(0, np.int32)
    if not found.size:
        raise CannotBeHeldError("no aircraft is there to carry")
    return found


def airborne_drop(brief: Brief) -> list[Draft]:
    """Jump over the drop zone: teams board at the aircraft's airfield, drop, and gather."""
    zone = brief.place_index("drop_zone")
    lat, lon = brief.point(zone)
    jumpers = [of_kind(brief.picture, brief.picture.platforms(u), "team") for u in brief.units]
    rows = np.sort(np.concatenate(jumpers))
    if not rows.size:
        raise CannotBeHeldError("no team is there to jump")
    key = entity_key(f"{brief.serial.serial}|run")
    drafts = Drafts()
    drafts.add(
        "drop", _carriers(brief), brief.units[0],
        {
            "jumpers": rows, "lat": lat, "lon": lon, "place": zone,
            "heading_deg": float(uniform(brief.seed, Stream.LAYOUT, key)) * 360.0,
            "length_m": 2.0 * float(brief.picture.places.radius_m[zone]),
            "altitude_m": float(brief.param("altitude_m")),
            "speed_m_s": float(brief.param("run_speed_kn")) * M_S_PER_KN,
        },
    )  # fmt: skip
    return drafts.drafts
