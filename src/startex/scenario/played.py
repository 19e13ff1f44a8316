"""Parameters of tasks that are played against an opposing force."""

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

BELT = (
    Param(
        "mines_laid",
        "integer",
        "Mines laid in a belt across the way of the opposing force; absent: none.",
        least=1.0,
        most=100_000.0,
    ),
    Param(
        "mine_front_m", "number", "Length of the belt; absent: 800.", "m", least=10.0, most=50_000.0
    ),
    Param(
        "mine_depth_m", "number", "Depth of the belt; absent: 100.", "m", least=1.0, most=5_000.0
    ),
    Param(
        "mine_off_m",
        "number",
        "How far from the place its middle lies; absent: halfway between close_m and approach_m.",
        "m",
        most=50_000.0,
    ),
)
"""Mines on land."""

DRONES = (
    Param(
        "drones_after_min",
        "number",
        "Drones of both sides begin to take off so long after the start; absent: at once.",
        "min",
        most=14_400.0,
    ),
    Param(
        "drone_station_min",
        "number",
        "Time of each on station, until the next relieves it; absent: 40.",
        "min",
        least=1.0,
        most=1440.0,
    ),
    Param(
        "drone_altitude_m",
        "number",
        "Height of the drones above the ellipsoid; absent: usual for the type.",
        "m",
        least=60.0,
        most=8_000.0,
    ),
)
"""Reconnaissance by aircraft without a crew."""

RADIO = ("vhf_voice", "uhf_voice", "hf_voice", "hf_data", "data_link", "relay", "satellite")
"""Kinds of net that can be jammed from a distance."""

JAMMING = (
    Param(
        "jams",
        "choice",
        "The opposing force jams nets of this kind, or all radio, about the place; absent: none.",
        choices=("radio", *RADIO),
    ),
    Param(
        "jam_radius_m",
        "number",
        "How far from the middle of the place nets are jammed; absent: its radius.",
        "m",
        least=100.0,
        most=500_000.0,
    ),
    Param(
        "jam_after_min",
        "number",
        "From so long after the start; absent: at once.",
        "min",
        most=14_400.0,
    ),
    Param(
        "jam_min",
        "number",
        "For so long; absent: to the planned end.",
        "min",
        least=1.0,
        most=14_400.0,
    ),
    Param(
        "jam_factor",
        "number",
        "Sending takes so many times longer; absent: nothing gets through.",
        least=1.0,
        most=1_000.0,
    ),
)
"""Jamming of nets."""
