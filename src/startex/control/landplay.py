"""What a defence on land has besides positions and fire: mines."""

from __future__ import annotations

from startex.control.brief import Brief
from startex.control.tasks.defence import threatened
from startex.engine.desk import Desk, Minefield
from startex.foundation.clock import MS_PER_MINUTE
from startex.geography.geodesy import direct

MINE_FRONT_M = 800.0
MINE_DEPTH_M = 100.0
"""Front and depth of a belt of mines where the serial does not say, m; assumed: a company's
frontage, and three or four rows."""

LAID_PER_MIN = 4.0
"""Mines laid in a minute; assumed: the order of magnitude of one mechanical layer."""

LAYERS = ("mine-layer",)
"""Types of platform whose unit lays the mines, where there are any."""


def prepare(number: int, brief: Brief, event: int, desk: Desk) -> None:
    """Prepare what a defence that starts now has laid out; ``event`` is that of its start."""
    if brief.serial.task != "defend" or not brief.opfor:
        return
    mines = int(brief.param("mines_laid", 0))
    if mines:
        desk.lay_mines(_belt(number, brief, mines, event))


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
