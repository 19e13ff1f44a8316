"""The figures of sensors and weapons: dimension, bounds, meaning; which kinds must have which."""

from __future__ import annotations

from startex.forces.figures import FigureKind

DOMAINS: tuple[str, ...] = ("ground", "surface", "air", "subsurface", "mine")
"""Where a target is; the position is the code."""

AGAINST: tuple[str, ...] = (*DOMAINS, "missile")
"""What a weapon may be used against: targets in a domain, or missiles under way (defence)."""

SENSOR_FIGURES: dict[str, FigureKind] = {
    "max_range_m": FigureKind("length", 1, 1e7, "beyond it nothing is found (instrumented range)"),
    "min_range_m": FigureKind("length", 0, 1e6, "within it nothing is found"),
    "height_m": FigureKind("length", 0, 1000, "of antenna or eye above water, ground or aircraft"),
    "period_s": FigureKind("time", 0.01, 3600, "of a scan, a ping or an integration"),
    "field_of_regard_deg": FigureKind("angle", 0.1, 360, "sector that is watched"),
    "field_of_view_deg": FigureKind("angle", 0.1, 360, "what is seen at once, in that sector"),
    "range_1m2_m": FigureKind("length", 10, 1e6, "at which a scan detects 1 m2 every other time"),
    "pulses": FigureKind("count", 1, 1e4, "integrated in one look"),
    "false_alarm": FigureKind("share", 1e-12, 0.1, "chance of a false alarm, each cell and look"),
    "cycles_per_mrad": FigureKind("resolution", 0.01, 100, "resolved on a target (Johnson)"),
    "source_level_db": FigureKind("level", 100, 260, "of a ping, re 1 uPa at 1 m"),
    "noise_db": FigureKind("level", 0, 150, "at the hydrophone, in the band listened to"),
    "directivity_db": FigureKind("level", 0, 60, "directivity index, or gain of the array"),
    "threshold_db": FigureKind("level", -40, 60, "detection threshold"),
    "bearing_error_deg": FigureKind("angle", 0, 90, "standard deviation of a bearing"),
    "range_error_m": FigureKind("length", 0, 1e5, "standard deviation of a range, at any range"),
    "range_error_share": FigureKind("share", 0, 1, "the same that grows with the range, by it"),
    "constant_m3_s": FigureKind("flow", 0, 1e15, "of the inverse cube law of a look-out"),
}  # fmt: skip
"""Figures of sensors; each is held in the unit its name ends in."""

ERRORS_OF_KINDS: dict[str, tuple[float, float, float]] = {
    "definite_range": (30.0, 0.0, 0.5),
    "inverse_cube": (2.0, 0.0, 0.1),
    "radar_air": (0.5, 100.0, 0.0),
    "radar_surface": (0.5, 50.0, 0.0),
    "visual": (2.0, 0.0, 0.2),
    "thermal": (0.5, 0.0, 0.1),
    "sonar_active": (1.5, 30.0, 0.01),
    "sonar_passive": (2.0, 0.0, 0.3),
    "esm": (2.0, 0.0, 0.3),
}
"""Errors of bearing (degrees) and range (m, and share of the range) of a sensor of each kind for
which none are given; assumed."""

WEAPON_FIGURES: dict[str, FigureKind] = {
    "min_range_m": FigureKind("length", 0, 1e6, "nearest target"),
    "max_range_m": FigureKind("length", 1, 2e7, "farthest target"),
    "max_altitude_m": FigureKind("length", 10, 40e3, "highest target in the air"),
    "rounds_per_salvo": FigureKind("count", 1, 10_000, "fired at one decision"),
    "salvo_interval_s": FigureKind("time", 0.1, 86_400, "from one salvo to the next"),
    "speed_m_s": FigureKind("speed", 0.5, 8000, "mean over the flight; of guns at the muzzle"),
    "round_kg": FigureKind("mass", 1e-3, 20e3, "of one round as supplied"),
    "aim_error_mrad": FigureKind("angle", 0, 100, "deviation shared by the rounds of a salvo"),
    "dispersion_mrad": FigureKind("angle", 0, 100, "deviation of each round about that"),
    "dispersion_range_mrad": FigureKind("angle", 0, 100, "the same along the line of fire"),
    "cep_m": FigureKind("length", 0.1, 50e3, "half of all aims are no farther off"),
    "hit_probability": FigureKind("share", 0, 1, "of one round within the envelope, undefended; of "
        "guns of one burst at a missile"),
    "reliability": FigureKind("share", 0, 1, "that one round starts and flies"),
    "lethal_radius_m": FigureKind("length", 0.1, 10e3, "of a round, or of finding by its head"),
    "penetration_m": FigureKind("length", 1e-4, 3, "of rolled steel"),
    "hit_weight": FigureKind("share", 1e-4, 10, "of a hit on a ship, as hits_to_disable"),
    "attrition_per_s": FigureKind("rate", 0, 10, "hits a second of one weapon at no range"),
    "range_exponent": FigureKind("share", 0, 10, "with which that falls with range"),
    "channels": FigureKind("count", 1, 100, "targets engaged at once"),
}  # fmt: skip
"""Figures of weapons; each is held in the unit its name ends in."""

_RADAR = ("range_1m2_m", "period_s", "height_m", "max_range_m", "false_alarm")
_OPTIC = ("cycles_per_mrad", "field_of_view_deg", "field_of_regard_deg", "height_m", "max_range_m")
_SONAR = ("noise_db", "directivity_db", "threshold_db", "period_s", "max_range_m")

REQUIRED_OF_SENSORS: dict[str, tuple[str, ...]] = {
    "definite_range": ("max_range_m",),
    "inverse_cube": ("max_range_m", "constant_m3_s"),
    "radar_air": _RADAR,
    "radar_surface": _RADAR,
    "visual": _OPTIC,
    "thermal": _OPTIC,
    "sonar_active": (*_SONAR, "source_level_db"),
    "sonar_passive": _SONAR,
    "esm": ("max_range_m", "height_m", "period_s"),
}
"""Kinds of sensor, the position is the code; what each must have."""

_ALWAYS = ("min_range_m", "max_range_m", "rounds_per_salvo", "salvo_interval_s", "round_kg")
_AIMED = (*_ALWAYS, "speed_m_s", "aim_error_mrad", "dispersion_mrad")
_AREA = (
    *_AIMED, "cep_m", "dispersion_range_mrad", "lethal_radius_m",
)  # fmt: skip
_HOMING = (*_ALWAYS, "speed_m_s", "hit_probability")
_POINT = (*_ALWAYS, "speed_m_s", "cep_m", "lethal_radius_m", "reliability")

REQUIRED_OF_WEAPONS: dict[str, tuple[str, ...]] = {
    "small_arms": (*_ALWAYS, "attrition_per_s", "range_exponent"),
    "gun": (*_AIMED, "hit_weight"),
    "tank_gun": (*_AIMED, "penetration_m"),
    "artillery": _AREA,
    "rocket": _AREA,
    "atgm": (*_HOMING, "penetration_m"),
    "sam": (*_HOMING, "max_altitude_m", "channels"),
    "air_to_air": _HOMING,
    "anti_ship_missile": (*_HOMING, "reliability", "hit_weight"),
    "land_attack_missile": _POINT,
    "bomb": _POINT,
    "torpedo": (*_HOMING, "lethal_radius_m", "hit_weight"),
    "depth_charge": (*_ALWAYS, "speed_m_s", "cep_m", "lethal_radius_m"),
    "sweep_gear": ("min_range_m", "max_range_m", "salvo_interval_s", "hit_probability"),
    "mine_charge": (*_ALWAYS, "hit_probability", "hit_weight"),
}
"""Kinds of weapon, the position is the code; what each must have."""

SENSOR_KINDS: tuple[str, ...] = tuple(REQUIRED_OF_SENSORS)
WEAPON_KINDS: tuple[str, ...] = tuple(REQUIRED_OF_WEAPONS)
