"""Tasks that bring units to another place: march, rail, sail, transfer flight, withdraw."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.control.brief import Brief, Draft
from startex.control.drafting import Drafts
from startex.control.elements import BATTALION, anchor, ground_elements, of_kind, riders, walkers
from startex.control.tasks.air import airlift
from startex.control.tasks.ground import LAAGER_SPACING_M
from startex.foundation.clock import MS_PER_MINUTE
from startex.scenario.vocabulary import WITHDRAW_MODES

Int32 = npt.NDArray[np.int32]

MARCH_SPEED_M_S = 30.0 / 3.6
MARCH_UNIT_VEHICLES = 20
MARCH_INTERVAL_M = 50.0
MARCH_UNIT_GAP_MS = 2 * MS_PER_MINUTE
HALT_EVERY_MS = 120 * MS_PER_MINUTE
HALT_MS = 15 * MS_PER_MINUTE
SERIAL_GAP_MS = 5 * MS_PER_MINUTE
"""March discipline; assumed, of the order of published march tables (20 vehicles a march unit,
2 min between march units, a quarter of an hour's halt every two hours)."""


def march(brief: Brief) -> list[Draft]:
    """Battalions march one behind the other, each to a laager of its own at the place.

    Teams mount first; those without a vehicle of their own ride where seats are free in any
    column of the serial.
    """
    drafts = Drafts()
    elements = ground_elements(brief, brief.everybody, BATTALION)
    speed = brief.speed_m_s() or MARCH_SPEED_M_S
    mounts: list[int] = []
    on_foot: list[Int32] = []
    for element, rows in elements:
        mounted = riders(brief.picture, rows)
        on_foot.append(walkers(brief.picture, rows))
        if mounted.size:
            mounts.append(drafts.add("mount", mounted, element))
    lifts, lifted = _lift(drafts, brief, elements, np.concatenate(on_foot), mounts)
    ready = tuple(lifts or mounts)
    start = brief.t
    columns: list[int] = []
    for element, rows in elements:
        vehicles = of_kind(brief.picture, rows, "vehicle")
        if not vehicles.size:
            continue
        lat, lon = anchor(brief, element, brief.place, rows.size)
        column = drafts.add(
            "march", vehicles, element,
            {
                "lat": lat, "lon": lon, "place": brief.place,
                "via": brief.via(), "way": brief.param("way"),
                "speed_m_s": speed, "spacing_m": LAAGER_SPACING_M,
                "march_unit": MARCH_UNIT_VEHICLES, "interval_m": MARCH_INTERVAL_M,
                "gap_ms": MARCH_UNIT_GAP_MS, "halt_every_ms": HALT_EVERY_MS, "halt_ms": HALT_MS,
            },
            after=ready, not_before_ms=start,
        )  # fmt: skip
        columns.append(column)
        mounted = riders(brief.picture, rows)
        if mounted.size:
            drafts.add("dismount", mounted, element, {"place": brief.place}, after=(column,))
        start += _pass_time_ms(vehicles.size, speed) + SERIAL_GAP_MS
    if lifted.size and columns:
        unit = int(brief.picture.force.unit[lifted[0]])
        lat, lon = anchor(brief, unit, brief.place, lifted.size)
        drafts.add(
            "alight", lifted, unit,
            {"lat": lat, "lon": lon, "place": brief.place, "spacing_m": LAAGER_SPACING_M},
            after=tuple(columns),
        )  # fmt: skip
    return drafts.drafts


def _lift(
    drafts: Drafts, brief: Brief, elements: list[tuple[int, Int32]], teams: Int32, after: list[int]
) -> tuple[list[int], Int32]:
    """Teams without a vehicle board free seats of the serial's vehicles."""
    teams = teams[brief.picture.carrier(teams) < 0]
    if not teams.size:
        return [], teams
    vehicles = np.concatenate([of_kind(brief.picture, rows, "vehicle") for _, rows in elements])
    unit = int(brief.picture.force.unit[teams[0]])
    lift = drafts.add("lift", teams, unit, {"vehicles": np.sort(vehicles)}, after=tuple(after))
    return [lift], teams


def _pass_time_ms(vehicles: int, speed_m_s: float) -> int:
    """Time from head to tail of a column, ms (as the march model has it)."""
    gaps = (vehicles - 1) // MARCH_UNIT_VEHICLES
    return round(1000 * vehicles * MARCH_INTERVAL_M / speed_m_s) + gaps * MARCH_UNIT_GAP_MS


def rail(brief: Brief) -> list[Draft]:
    """Mount, entrain, run, detrain; teams dismount at the destination.

    A unit is one order, so that its battalions share trains.
    """
    drafts = Drafts()
    origin, destination = brief.place_index("from"), brief.place_index("to")
    for unit in brief.everybody:
        found = [rows for _, rows in ground_elements(brief, (unit,), BATTALION)]
        if not found:
            continue
        rows = np.sort(np.concatenate(found))
        mounted = riders(brief.picture, rows)
        previous = drafts.add("mount", mounted, unit) if mounted.size else None
        aboard = np.concatenate(
            [of_kind(brief.picture, rows, "vehicle"), walkers(brief.picture, rows)]
        )
        run = drafts.chain(
            previous, "rail", np.sort(aboard), unit,
            {"origin": origin, "destination": destination, "ways": tuple(brief.param("ways"))}
            | _loading(brief),
        )  # fmt: skip
        if mounted.size:
            drafts.add("dismount", mounted, unit, {"place": destination}, after=(run,))
    return drafts.drafts


def _loading(brief: Brief) -> dict[str, int]:
    """Parameters of loading that the serial gives; the order knows what they are otherwise."""
    given = {}
    if brief.param("load_min", None) is not None:
        given["load_ms"] = round(brief.minutes("load_min"))
    if brief.param("ramps", None) is not None:
        given["ramps"] = int(brief.param("ramps"))
    return given


def sail(brief: Brief) -> list[Draft]:
    """Ships of all units go to the place, each unit in a formation of its own."""
    drafts = Drafts()
    lat, lon = brief.point(brief.place)
    for unit in brief.everybody:
        ships = brief.picture.members(unit, "ship")
        ships = ships[brief.picture.carrier(ships) < 0]
        if ships.size:
            drafts.add(
                "sail", ships, unit,
                {
                    "lat": lat, "lon": lon, "place": brief.place, "via": brief.via(),
                    "speed_m_s": brief.speed_m_s(),
                    "formation": str(brief.param("formation", "line_ahead")),
                    "spacing_m": float(brief.param("spacing_m", 1000.0)),
                },
            )  # fmt: skip
    return drafts.drafts


def transfer_flight(brief: Brief) -> list[Draft]:
    """Aircraft of all units fly to another airfield."""
    drafts = Drafts()
    for unit in brief.everybody:
        aircraft = brief.picture.members(unit, "aircraft")
        aircraft = aircraft[brief.picture.carrier(aircraft) < 0]
        if aircraft.size:
            drafts.add(
                "ferry_flight", aircraft, unit,
                {"destination": brief.place, "via": brief.via()},
            )  # fmt: skip
    return drafts.drafts


def withdraw(brief: Brief) -> list[Draft]:
    """Go where the unit is to be after the exercise, in the mode that the serial names."""
    task = WITHDRAW_MODES[str(brief.param("mode"))]
    return {
        "march": march, "rail": rail, "sail": sail, "transfer_flight": transfer_flight,
        "airlift": airlift,
    }[task](brief)  # fmt: skip
