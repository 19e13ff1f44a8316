"""The task vocabulary: what a serial can order, and the parameters of each task.

The one declaration that the check, the documentation and control read. A new task is one more
entry here and one more module in control.
"""

from __future__ import annotations

from startex.scenario.played import BELT, DRONES, JAMMING, MINES, RAID, ROE
from startex.scenario.task import Param, Task

__all__ = ["TASKS", "WITHDRAW_MODES", "Param", "Task"]


def _speed_kn(doc: str = "Speed through the water.") -> Param:
    return Param("speed_kn", "number", doc, "kn", least=1.0, most=60.0)


def _via(doc: str = "Places on the way, in order.") -> Param:
    return Param("via", "places", doc)


_FORMATION_AT_SEA = Param(
    "formation",
    "choice",
    "How ships keep station.",
    choices=("line_ahead", "screen", "line_abreast"),
)
_SPACING = Param(
    "spacing_m", "number", "Distance between neighbours.", "m", least=1.0, most=20_000.0
)
_SPEED_KM_H = Param(
    "speed_km_h", "number", "March speed of the column.", "km/h", least=1.0, most=120.0
)
_WAY = Param("way", "way", "Road to follow instead of a generated road-like way.")
_RAIL = (
    Param("from", "place", "Station of entraining.", required=True),
    Param("to", "place", "Station of detraining.", required=True),
    Param("ways", "ways", "Railway lines, in order of travel.", required=True),
    Param(
        "load_min",
        "number",
        "Mean time for a vehicle to drive on or off; absent: 4.",
        "min",
        least=0.1,
        most=240.0,
    ),
    Param("ramps", "integer", "Trains that load at once at a station; absent: 2.", least=1),
)
_WEAPONS_FREE = Param(
    "weapons_free_min",
    "number",
    "From then after the start the two sides may engage each other; absent: at once.",
    "min",
    most=14_400.0,
)
_EMCON = Param(
    "emcon",
    "choice",
    "Whether the units' radars are off (silent) or on (free); absent: free.",
    choices=("silent", "free"),
)

_TARGETS = (
    Param("target_place", "place", "Place where the targets stand; absent: the serial's."),
    Param(
        "against",
        "choice",
        "Targets of this kind alone; absent: of all kinds.",
        choices=("ground", "surface", "air"),
    ),
    Param(
        "rounds_share",
        "number",
        "Share of each weapon's full load that may be fired; absent: 0.25, of sorties 1.",
        least=0.001,
        most=1.0,
    ),
    Param(
        "rounds",
        "integer",
        "Rounds that may be fired of each weapon, all shooters together.",
        least=1.0,
        most=1e6,
    ),
    Param(
        "fire_with",
        "choice",
        "Weapons of this kind alone fire; absent: all.",
        choices=("guns", "missiles", "bombs"),
    ),
)

_FIRE_WITH = Param(
    "fire_with",
    "choice",
    "The units fire weapons of this kind alone at the opposing force; absent: of all.",
    choices=("guns", "missiles", "torpedoes", "depth_charges"),
)

_ON_STATION = Param(
    "on_station_min",
    "number",
    "Time on station of each sortie.",
    "min",
    required=True,
    least=1.0,
    most=1440.0,
)


def _optional(*params: Param) -> tuple[Param, ...]:
    return tuple(
        Param(p.name, p.type, p.doc, p.unit, False, p.least, p.most, p.choices) for p in params
    )


_TASKS = (
    Task(
        "march",
        "Road march in columns to the place.",
        "goes",
        (_SPEED_KM_H, _via(), _WAY),
    ),
    Task(
        "rail",
        "Entrain at a station, run by rail, detrain at another; vehicles on flat wagons.",
        "goes",
        _RAIL,
        origin="from",
        destination="to",
    ),
    Task(
        "sail",
        "Ships go by sea to the place, with whatever is aboard.",
        "goes",
        (_speed_kn(), _via(), _FORMATION_AT_SEA, _SPACING),
    ),
    Task("transfer_flight", "Aircraft fly to another airfield and stay.", "goes", (_via(),)),
    Task(
        "sortie",
        "Aircraft fly to the place, stay on station and return.",
        "stays",
        (
            Param(
                "profile",
                "choice",
                "What the flight is for.",
                required=True,
                choices=("patrol", "strike", "bomber", "recon", "cargo", "training"),
            ),
            _ON_STATION,
            Param(
                "altitude_m",
                "number",
                "Cruise height above the ellipsoid.",
                "m",
                least=30.0,
                most=20_000.0,
            ),
            Param(
                "pairs",
                "integer",
                "Aircraft fly in so many pairs; absent: all at once.",
                least=1.0,
                most=200.0,
            ),
            Param(
                "aircraft",
                "integer",
                "So many aircraft fly, the first of its units; absent: all.",
                least=1.0,
                most=500.0,
            ),
            Param("interval_min", "number", "Time between take-offs of pairs.", "min", most=1440.0),
            Param("recover", "place", "Airfield to land at; absent: where they took off."),
            Param(
                "targets",
                "integer",
                "Range targets that a strike or bombers attack; absent: all that stand there.",
                least=1.0,
                most=1_000.0,
            ),
            *_TARGETS,
        ),
        fights=True,
    ),
    Task(
        "airlift",
        "Aircraft of other units carry the units, in as many trips as it takes.",
        "goes",
        (
            Param("from", "place", "Airfield of embarking.", required=True),
            Param("to", "place", "Airfield of disembarking.", required=True),
            Param("carriers", "units", "Units whose aircraft carry.", required=True),
            _via("Airfields to refuel at; absent: found where the range does not suffice."),
        ),
        origin="from",
        destination="to",
        carriers="carriers",
    ),
    Task(
        "alert",
        "Aircraft stand ready; scrambles are called at drawn times, or against intruders.",
        "stays",
        (
            Param(
                "scrambles", "integer", "How many scrambles are called.", required=True, most=200.0
            ),
            _ON_STATION,
            _WEAPONS_FREE,
            *ROE,
            *RAID,
        ),
        fights=True,
    ),
    Task("assemble", "Gather in a laager at the place.", "there"),
    Task(
        "occupy",
        "Take positions at the place.",
        "there",
        (
            Param(
                "formation",
                "choice",
                "How the unit deploys.",
                choices=("line", "column", "wedge", "circle"),
            ),
        ),
    ),
    Task(
        "patrol",
        "Ships or aircraft guard an area.",
        "goes",
        (
            Param(
                "pattern",
                "choice",
                "Course within the area.",
                required=True,
                choices=("ladder", "racetrack", "barrier", "sweep"),
            ),
            _speed_kn(),
            _WEAPONS_FREE,
            _EMCON,
            _FIRE_WITH,
            *ROE,
            Param(
                "opfor_course",
                "choice",
                "Ships of the opposing force move about the area, or cross it at drawn times; "
                "absent: about.",
                choices=("about", "cross"),
            ),
            Param(
                "lane_spacing_m",
                "number",
                "Distance between the lanes of a ladder or a sweep; absent: six a ship, or twelve.",
                "m",
                least=10.0,
                most=100_000.0,
            ),
            Param(
                "within_m",
                "number",
                "Guard only what lies so near to the middle of the place; absent: all of it.",
                "m",
                least=500.0,
                most=500_000.0,
            ),
            *RAID,
            *MINES,
            *JAMMING,
        ),
        fights=True,
    ),
    Task(
        "escort",
        "Warships accompany a convoy along a lane.",
        "goes",
        (
            Param("convoy", "unit", "Unit of the ships escorted.", required=True),
            Param("lane", "way", "Sea lane that the convoy follows.", required=True),
            _speed_kn("Speed of the convoy."),
            _WEAPONS_FREE,
            _EMCON,
            _FIRE_WITH,
            *ROE,
            *RAID,
            *MINES,
            *JAMMING,
        ),
        fights=True,
    ),
    Task(
        "form_up",
        "Ships gather in one formation at the place.",
        "goes",
        (
            _FORMATION_AT_SEA,
            _SPACING,
            _speed_kn(),
            _EMCON,
            _FIRE_WITH,
            _WEAPONS_FREE,
            *ROE,
            *RAID,
            *MINES,
            *JAMMING,
        ),
        fights=True,
    ),
    Task(
        "rendezvous",
        "Ships meet the ships of other units at the place.",
        "goes",
        (Param("with", "units", "Units to meet.", required=True), _speed_kn()),
    ),
    Task(
        "replenish",
        "A tanker supplies ships under way, alongside.",
        "goes",
        (
            Param("tanker", "unit", "Unit of the supplying ship.", required=True),
            Param("receivers", "units", "Units supplied.", required=True),
            _speed_kn(),
        ),
    ),
    Task(
        "live_fire",
        "Fire at targets on the range.",
        "there",
        (
            Param("targets", "integer", "Targets set up.", required=True, least=1.0, most=1_000.0),
            Param(
                "target_range_m",
                "number",
                "Distance to the targets.",
                "m",
                required=True,
                least=10.0,
                most=1_000_000.0,
            ),
            Param(
                "advance_m",
                "number",
                "How far the unit advances while it fires.",
                "m",
                most=50_000.0,
            ),
            Param(
                "duration_min",
                "number",
                "Time of fire.",
                "min",
                required=True,
                least=1.0,
                most=2880.0,
            ),
            *_TARGETS,
        ),
    ),
    Task(
        "drill",
        "Manoeuvre on the range without fire.",
        "there",
        (Param("moves", "integer", "Bounds from position to position.", least=1.0, most=50.0),),
    ),
    Task(
        "defend",
        "Hold positions at the place against an opposing force that comes at it on the ground.",
        "there",
        (
            Param(
                "approach_m",
                "number",
                "How far off the opposing force forms up.",
                "m",
                required=True,
                least=100.0,
                most=50_000.0,
            ),
            Param(
                "attack_min",
                "number",
                "When it sets out after the start; absent: 60.",
                "min",
                most=14_400.0,
            ),
            Param(
                "close_m",
                "number",
                "How near it comes; absent: 400.",
                "m",
                most=50_000.0,
            ),
            _WEAPONS_FREE,
            *BELT,
            *DRONES,
            *JAMMING,
        ),
        fights=True,
    ),
    Task(
        "decontaminate",
        "Pass a decontamination post at the place, first come first served.",
        "there",
        (
            Param("lanes", "integer", "Lanes for vehicles; absent: 2.", least=1.0, most=100.0),
            Param(
                "vehicle_min",
                "number",
                "How long a vehicle occupies a lane; absent: 5.",
                "min",
                least=0.5,
                most=1440.0,
            ),
            Param(
                "team_min",
                "number",
                "How long a team on foot takes, one after the other; absent: 5.",
                "min",
                least=0.1,
                most=1440.0,
            ),
            Param(
                "water_l",
                "number",
                "Water for each vehicle; absent: 379.",
                "l",
                most=100_000.0,
            ),
        ),
    ),
    Task(
        "airborne_drop",
        "Jump by parachute from aircraft of other units.",
        "goes",
        (
            Param("carriers", "units", "Units whose aircraft drop.", required=True),
            Param("drop_zone", "place", "Where the jumpers land.", required=True),
            Param(
                "altitude_m",
                "number",
                "Height of the drop above the ellipsoid.",
                "m",
                required=True,
                least=100.0,
                most=8_000.0,
            ),
            Param(
                "run_speed_kn",
                "number",
                "Speed of the aircraft on the run.",
                "kn",
                required=True,
                least=50.0,
                most=250.0,
            ),
        ),
        destination="drop_zone",
        carriers="carriers",
    ),
    Task(
        "landing",
        "Land from ships on a beach, in waves.",
        "goes",
        (
            Param("ships", "units", "Units whose ships land the others.", required=True),
            Param("beach", "place", "Where they land.", required=True),
            Param("waves", "integer", "Number of waves.", required=True, least=1.0, most=50.0),
            Param(
                "interval_min", "number", "Time between waves.", "min", required=True, most=1440.0
            ),
            Param(
                "defence_m",
                "number",
                "From the beach to the positions of the opposing force; absent: 1.2 km.",
                "m",
                least=100.0,
                most=20_000.0,
            ),
            _WEAPONS_FREE,
            _EMCON,
        ),
        destination="beach",
        carriers="ships",
        fights=True,
    ),
    Task(
        "river_crossing",
        "Cross a river by raft, bridge or ford.",
        "there",
        (
            Param("means", "choice", "How.", required=True, choices=("raft", "bridge", "ford")),
            Param("river", "place", "Crossing place.", required=True),
            Param(
                "width_m",
                "number",
                "Width of the water.",
                "m",
                required=True,
                least=1.0,
                most=5_000.0,
            ),
        ),
    ),
    Task("issue", "Crews take over the vehicles that await them at the place.", "there"),
    Task("return_equipment", "Crews hand their issued vehicles back.", "there"),
    Task("ceremony", "Parade and speeches.", "there"),
    Task("conference", "Staffs confer.", "there"),
    Task(
        "withdraw",
        "Go to the place where the unit is to be after the exercise.",
        "goes",
        (
            Param(
                "mode",
                "choice",
                "How; the other parameters are those of the mode.",
                required=True,
                choices=("road", "rail", "sea", "air", "airlift"),
            ),
            *_optional(_SPEED_KM_H, _speed_kn(), _via(), _WAY, *_RAIL),
            Param("carriers", "units", "Units whose aircraft carry (mode airlift)."),
        ),
        origin="from",
        destination="to",
        carriers="carriers",
    ),
)

TASKS: dict[str, Task] = {task.name: task for task in _TASKS}
"""Every task by its word."""

WITHDRAW_MODES: dict[str, str] = {
    "road": "march",
    "rail": "rail",
    "sea": "sail",
    "air": "transfer_flight",
    "airlift": "airlift",
}
"""The task whose parameters each mode of ``withdraw`` takes."""
