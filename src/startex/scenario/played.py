"""Parameters of tasks that are played against an opposing force at sea."""

from __future__ import annotations

from startex.scenario.task import Param

ROE = (
    Param(
        "roe",
        "choice",
        "Rules of engagement of the units: fire, go near and identify, or watch; absent: engage.",
        choices=("observe", "inspect", "engage"),
    ),
    Param(
        "opfor_roe",
        "choice",
        "The same of the opposing force.",
        choices=("observe", "inspect", "engage"),
    ),
)
"""What a side may do about the other."""

RAID = (
    Param(
        "raid_after_min",
        "number",
        "Opposing aircraft take off for a raid so long after the start; absent: 60 min.",
        "min",
        most=14_400.0,
    ),
    Param(
        "raid_pairs",
        "integer",
        "So many pairs of the opposing aircraft raid; absent: all.",
        least=0.0,
        most=200.0,
    ),
    Param(
        "raid_interval_min",
        "number",
        "Time between pairs of raiders; absent: 5 min.",
        "min",
        most=1440.0,
    ),
    Param(
        "raid_altitude_m",
        "number",
        "Height of the raiders above the ellipsoid; absent: usual for the type.",
        "m",
        least=60.0,
        most=20_000.0,
    ),
    Param(
        "raid_release_m",
        "number",
        "Distance from where the ships are to be at which raiders turn away; absent: 30 km.",
        "m",
        most=1_000_000.0,
    ),
)
"""How opposing aircraft come."""

MINES = (
    Param(
        "mines",
        "choice",
        "Mines among the opposing units drift with the wind, or lie moored; absent: drift.",
        choices=("drifting", "moored"),
    ),
)
"""What mines do."""
