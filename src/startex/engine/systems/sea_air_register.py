"""The systems of ships and aircraft, by kind of order."""

from __future__ import annotations

from startex.engine.systems.air import FerryFlight, Sortie
from startex.engine.systems.airlift import Airlift
from startex.engine.systems.base import System
from startex.engine.systems.drift import Drift
from startex.engine.systems.drop import Drop
from startex.engine.systems.embarkation import Disembark, Embark
from startex.engine.systems.landing import LandAshore
from startex.engine.systems.patrol import Patrol
from startex.engine.systems.raid import Raid, Recover
from startex.engine.systems.sea import Sail
from startex.engine.systems.station import KeepStation
from startex.engine.systems.transit import Intercept, Transit

SEA_AIR_SYSTEMS: dict[str, System] = {
    "airlift": Airlift(),
    "disembark": Disembark(),
    "drift": Drift(),
    "drop": Drop(),
    "embark": Embark(),
    "ferry_flight": FerryFlight(),
    "intercept": Intercept(),
    "keep_station": KeepStation(),
    "land_ashore": LandAshore(),
    "patrol": Patrol(),
    "raid": Raid(),
    "recover": Recover(),
    "sail": Sail(),
    "scout": Raid(),
    "sortie": Sortie(),
    "transit": Transit(),
}
"""System by the verb of its order."""
