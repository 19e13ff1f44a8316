"""What each platform holds and burns: tanks, and rates by kind, from the catalogue.

Vehicles burn by the way, from range and tank; ships by time with the cube of their speed; aircraft
by time in the air, from range, tank and cruising speed. Where the range was published with a full
load, which leaves no room for full tanks, an aircraft burns too much here (Il-76MD). Trains are
hauled by railways that keep accounts of their own, and a nuclear ship needs no fuel: neither has a
tank.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.supply.items import ML_PER_L
from startex.forces.catalogue import Catalogue
from startex.forces.definitions import KINDS
from startex.forces.force import Force
from startex.foundation.clock import MS_PER_SECOND

Bool = npt.NDArray[np.bool_]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

VEHICLE, AIRCRAFT, SHIP, TRAIN, TEAM, PERSON = (
    KINDS.index(kind) for kind in ("vehicle", "aircraft", "ship", "train", "team", "person")
)

IDLE_WAY_M = 8_000.0
"""An hour of idling burns as much as this way by road. Assumed; of the M1 tank 8.8 km are commonly
published (38 l/h, 4.3 l/km)."""

IDLE_SHARE = 0.25
"""Share of the time of an exercise in which engines run besides the way they make; assumed."""

AT_ANCHOR = 0.25**3
"""Fuel of a ship that lies still in an exercise over that at cruising speed: the cube law at the
lowest speed for which it holds (models/shipfuel.py); assumed for auxiliary engines."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Columns of shape (n,), n = entities; 0 where a platform burns nothing.

    ``tank_ml`` full; ``by_way_ml_m`` of vehicles on a road, ``by_time_ml_ms`` of aircraft in the
    air and of ships at ``cruise_m_s``; ``idle_ml_h`` whole millilitres in an hour of exercise;
    ``failure_m`` mean way between failures of vehicles, infinite for all else.
    """

    tank_ml: Int64
    by_way_ml_m: Float64
    by_time_ml_ms: Float64
    cruise_m_s: Float64
    idle_ml_h: Int64
    failure_m: Float64


def rates(force: Force, catalogue: Catalogue) -> Rates:
    """Return tanks and rates of all entities of a force."""
    kind = np.array([KINDS.index(kind) for kind in catalogue.kind], dtype=np.int8)
    tank = np.where(np.isnan(catalogue.fuel_l) | (kind == TRAIN), 0.0, catalogue.fuel_l) * ML_PER_L
    vehicle, ship = kind == VEHICLE, kind == SHIP
    with np.errstate(invalid="ignore"):
        way = np.where(tank > 0, tank / catalogue.range_m, 0.0)
        timed = np.where(vehicle, 0.0, way * catalogue.speed_cruise_m_s / MS_PER_SECOND)
    cruise = np.nan_to_num(catalogue.speed_cruise_m_s)
    idle = np.where(vehicle, way * IDLE_WAY_M * IDLE_SHARE, 0.0)
    idle = np.where(ship, np.nan_to_num(timed) * 3_600_000.0 * AT_ANCHOR, idle)
    way = np.where(vehicle, way, 0.0)

    def of_entities(column: npt.NDArray[np.generic], absent: float = 0.0) -> Float64:
        table = np.append(np.asarray(column, dtype=np.float64), absent)
        found: Float64 = np.where(np.isnan(table), absent, table)[force.type]
        return found

    return Rates(
        tank_ml=of_entities(np.rint(tank)).astype(np.int64),
        by_way_ml_m=of_entities(way),
        by_time_ml_ms=of_entities(timed),
        cruise_m_s=of_entities(cruise),
        idle_ml_h=of_entities(np.rint(idle)).astype(np.int64),
        failure_m=of_entities(np.where(vehicle, catalogue.failure_distance_m, np.nan), np.inf),
    )
