"""Whether a serial can start: units free and in place, predecessors over, the range not taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from startex.control.brief import Brief
from startex.control.elements import riders
from startex.scenario.vocabulary import TASKS, WITHDRAW_MODES, Task

MISSING_SHARE = 0.1
"""A unit counts as there when no more than this share of its platforms is missing; assumed.

Platforms without anybody aboard do not count: vehicles that await issue, empty crew teams."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of a start: the reason in words, and the event behind it (or -1)."""

    reason: str
    cause: int = -1


@dataclass(slots=True)
class Engagements:
    """Which serial each unit carries out, and which serial has booked each place."""

    unit_serial: np.ndarray  # int32 per unit row, -1 free
    place_serial: dict[int, int] = field(default_factory=dict)  # exclusive use
    place_users: dict[int, set[int]] = field(default_factory=dict)


def task_of(brief: Brief) -> Task:
    """Return the task as far as places are concerned: a withdrawal is a move of its mode."""
    task = TASKS[brief.serial.task]
    if task.name == "withdraw":
        return TASKS[WITHDRAW_MODES[str(brief.param("mode"))]]
    return task


def taking_part(brief: Brief) -> tuple[int, ...]:
    """Return the unit rows of everybody the serial needs, those named in parameters included."""
    task = task_of(brief)
    rows = list(brief.everybody)
    for param in task.params:
        if param.type in ("unit", "units"):
            rows += brief.unit_rows(param.name)
    return tuple(dict.fromkeys(rows))


def obstacle(
    brief: Brief, number: int, engaged: Engagements, starts: Callable[[int], int]
) -> Obstacle | None:
    """Return what keeps serial ``number`` from starting now, or None.

    Parameters
    ----------
    brief
        The serial and what is known.
    number
        Index of the serial.
    engaged
        Who is engaged in what.
    starts
        Returns the event id of the start of a serial, -1 where it has not started.
    """
    return (
        _unit_engaged(brief, engaged, starts)
        or _range_taken(brief, number, engaged, starts)
        or _not_there(brief)
    )


def _unit_engaged(
    brief: Brief, engaged: Engagements, starts: Callable[[int], int]
) -> Obstacle | None:
    units = brief.picture.force.units
    for unit in taking_part(brief):
        span = engaged.unit_serial[unit : units.last_unit[unit]]
        other = int(span.max())
        if other >= 0:
            return Obstacle(f"{units.name[unit]} is engaged in serial {{{other}}}", starts(other))
        if brief.picture.busy(brief.picture.platforms(unit)).any():
            return Obstacle(f"{units.name[unit]} still carries out an order")
    return None


def _range_taken(
    brief: Brief, number: int, engaged: Engagements, starts: Callable[[int], int]
) -> Obstacle | None:
    name = brief.picture.places.name[brief.place]
    booked = engaged.place_serial.get(brief.place)
    if booked is not None and booked != number and task_of(brief).presence == "there":
        return Obstacle(f"{name} is booked by serial {{{booked}}}", starts(booked))
    if brief.serial.books_range:
        users = engaged.place_users.get(brief.place, set()) - {number}
        if users:
            other = min(users)
            return Obstacle(f"{name} is in use by serial {{{other}}}", starts(other))
    return None


def _not_there(brief: Brief) -> Obstacle | None:
    """A task held at a place needs its units there; a move needs them where it begins."""
    task = task_of(brief)
    if task.presence == "there":
        place = brief.place
    elif task.origin and brief.param(task.origin) is not None:
        place = brief.place_index(task.origin)
    else:
        return None
    places, force = brief.picture.places, brief.picture.force
    for unit in brief.units:
        rows = brief.picture.members(unit, "vehicle", "aircraft", "ship", "team")
        rows = rows[brief.picture.manned(brief.picture.root(rows))]
        rows = np.setdiff1d(rows, riders(brief.picture, rows))  # they are by their vehicles
        if not rows.size:
            return Obstacle(f"{force.units.name[unit]} has nothing that could take part")
        absent = rows[~brief.picture.at_place(rows, place)]
        if absent.size > MISSING_SHARE * rows.size:
            first = int(absent[0])
            where = brief.picture.nearest_place(first, np.arange(len(places.id), dtype=np.int32))
            return Obstacle(
                f"{force.units.name[unit]} is not at {places.name[place]}: {absent.size} of "
                f"{rows.size} platforms are elsewhere, {force.name[first]} near "
                f"{places.name[where]}"
            )
    return None
