"""What the two sides of a play lay out when it starts: mines on land, jamming of nets."""

from __future__ import annotations

import math
from typing import Any

from startex.control.brief import Brief
from startex.control.tasks.defence import threatened
from startex.engine.communications.jamming import Area
from startex.engine.desk import Desk, Minefield
from startex.engine.effects import Event
from startex.foundation.clock import MS_PER_MINUTE
from startex.geography.geodesy import direct
from startex.scenario.played import RADIO

MINE_FRONT_M = 800.0
MINE_DEPTH_M = 100.0
"""Front and depth of a belt of mines where the serial does not say, m; assumed: a company's
frontage, and three or four rows."""

LAID_PER_MIN = 4.0
"""Mines laid in a minute; assumed: the order of magnitude of one mechanical layer."""

LAYERS = ("mine-layer",)
"""Types of platform whose unit lays the mines, where there are any."""


def prepare(number: int, brief: Brief, event: int, desk: Desk) -> None:
    """Prepare what the sides of a play that starts now lay out; ``event`` is that of its start."""
    if brief.param("jams") is not None:
        _jam(number, brief, event, desk)
    if brief.serial.task == "defend" and brief.param("mines_laid") is not None:
        desk.lay_mines(_belt(number, brief, int(brief.param("mines_laid")), event))


def _jam(number: int, brief: Brief, event: int, desk: Desk) -> None:
    """Have nets jammed about the place, and tell when that begins and ends.

    A jammer knows no sides: whoever receives a net of the kind in the area suffers.
    """
    word = str(brief.param("jams"))
    kinds = RADIO if word == "radio" else (word,)
    begin = brief.t + brief.minutes("jam_after_min")
    end = brief.end_ms
    if brief.param("jam_min") is not None:
        end = min(end, begin + brief.minutes("jam_min"))
    if end <= begin:
        return
    places = brief.picture.places
    radius = float(brief.param("jam_radius_m", places.radius_m[brief.place]))
    factor = float(brief.param("jam_factor", math.inf))
    desk.jam(kinds, Area(*brief.point(brief.place), radius), begin, end, factor)
    what = "all radio nets" if word == "radio" else f"{word} nets"
    how = "are silenced" if math.isinf(factor) else f"take {factor:g} times longer"
    data: dict[str, Any] = {"kinds": list(kinds), "radius_m": radius}
    if math.isfinite(factor):
        data["factor"] = factor
    texts = (
        (begin, "jamming_began", f"{what} {how} within {radius / 1000.0:g} km of {{}} (notional)"),
        (end, "jamming_ended", f"jamming of {what} about {{}} ends"),
    )
    for t, kind, text in texts:
        event = desk.report(
            Event(
                t=t, kind=kind, text=text.format(places.name[brief.place]), unit=brief.opfor[0],
                place=brief.place, serial=number, cause=event, data=data,
            )
        )  # fmt: skip


def _belt(number: int, brief: Brief, mines: int, event: int) -> Minefield:
    """Return the belt across the way of the opposing force."""
    ground = threatened(brief)
    off = float(brief.param("mine_off_m", (ground.approach_m + ground.close_m) / 2.0))
    lat, lon = direct(*ground.centre, ground.toward_deg, off)
    return Minefield(
        number, float(lat), float(lon), ground.toward_deg,
        float(brief.param("mine_front_m", MINE_FRONT_M)),
        float(brief.param("mine_depth_m", MINE_DEPTH_M)), mines, _layers(brief),
        brief.t + round(mines / LAID_PER_MIN * MS_PER_MINUTE), event,
    )  # fmt: skip


def _layers(brief: Brief) -> int:
    """Return the unit that lays mines: the first that has layers, else the first of all."""
    force, catalogue = brief.picture.force, brief.picture.catalogue
    for unit in brief.units + brief.support:
        types = {catalogue.id[kind] for kind in force.type[brief.picture.platforms(unit)]}
        if types & set(LAYERS):
            return unit
    return brief.units[0]
