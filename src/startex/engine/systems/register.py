"""The register of systems: which one carries out which kind of order."""

from __future__ import annotations

from collections.abc import Mapping

from startex.engine.systems.base import System
from startex.engine.systems.ground_register import GROUND_SYSTEMS
from startex.engine.systems.sea_air_register import SEA_AIR_SYSTEMS

SYSTEMS: Mapping[str, System] = {**GROUND_SYSTEMS, **SEA_AIR_SYSTEMS}
"""System by kind of order."""
