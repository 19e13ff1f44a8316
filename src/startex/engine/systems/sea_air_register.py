"""The systems of ships and aircraft, by kind of order."""

from __future__ import annotations

from startex.engine.systems.base import System
from startex.engine.systems.patrol import Patrol
from startex.engine.systems.sea import Sail
from startex.engine.systems.station import KeepStation

SEA_AIR_SYSTEMS: dict[str, System] = {
    "keep_station": KeepStation(),
    "patrol": Patrol(),
    "sail": Sail(),
}
"""System by the verb of its order."""
