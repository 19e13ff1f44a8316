"""Register of the ground systems: kind of order to the system that carries it out."""

from __future__ import annotations

from collections.abc import Mapping

from startex.engine.systems.base import System
from startex.engine.systems.boarding import Alight, Dismount, Lift
from startex.engine.systems.crossing import CrossRiver
from startex.engine.systems.decontamination import Decontaminate
from startex.engine.systems.deploying import Deploy
from startex.engine.systems.fire import Fire
from startex.engine.systems.ground import Hold
from startex.engine.systems.issue import Issue, Return
from startex.engine.systems.march import March
from startex.engine.systems.mounting import Mount
from startex.engine.systems.rail import Rail

GROUND_SYSTEMS: Mapping[str, System] = {
    "assemble": Deploy("laager", "assembled"),
    "deploy": Deploy("line", "deployed"),
    "hold": Hold(),
    "march": March(),
    "mount": Mount(),
    "dismount": Dismount(),
    "lift": Lift(),
    "alight": Alight(),
    "rail": Rail(),
    "issue": Issue(),
    "return_equipment": Return(),
    "cross_river": CrossRiver(),
    "fire": Fire(),
    "decontaminate": Decontaminate(),
}
