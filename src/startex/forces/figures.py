"""The figures a type may have: dimension, bounds and meaning, and which kinds must have which."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FigureKind:
    """One figure of the catalogue; ``least`` and ``most`` bound what is possible at all, SI."""

    dimension: str
    least: float
    most: float
    meaning: str


FIGURES: dict[str, FigureKind] = {
    "crew": FigureKind("count", 0, 6000, "persons that man it, the first being driver or master"),
    "seats": FigureKind("count", 0, 6000, "persons it carries beyond its crew"),
    "length_m": FigureKind("length", 0.1, 2000, "length over all"),
    "width_m": FigureKind("length", 0.1, 100, "width, beam or span"),
    "height_m": FigureKind("length", 0.1, 60, "height"),
    "mass_kg": FigureKind("mass", 1, 5e8, "combat mass, take-off mass or full displacement"),
    "speed_road_m_s": FigureKind("speed", 0.2, 60, "highest speed on a road"),
    "speed_cross_country_m_s": FigureKind("speed", 0.2, 40, "highest speed off roads"),
    "speed_water_m_s": FigureKind("speed", 0.2, 30, "speed afloat of an amphibious vehicle"),
    "speed_cruise_m_s": FigureKind(
        "speed", 0.2, 400, "usual speed under way, at sea, by air, rail"
    ),
    "speed_max_m_s": FigureKind("speed", 0.2, 1000, "highest speed, at sea or in the air"),
    "range_m": FigureKind("length", 1e3, 1e8, "range on its own fuel"),
    "fuel_l": FigureKind("volume", 1, 2e7, "fuel carried, litres"),
    "fuel_cargo_l": FigureKind("volume", 1, 5e7, "fuel carried for others, litres"),
    "water_cargo_l": FigureKind("volume", 1, 5e7, "water carried for others, litres"),
    "ration_cargo_kg": FigureKind("mass", 1, 1e7, "rations carried for others"),
    "ammunition_cargo_kg": FigureKind("mass", 1, 1e7, "ammunition carried for others"),
    "failure_distance_m": FigureKind("length", 1e4, 1e8, "mean way between failures that stop it"),
    "climb_m_s": FigureKind("speed", 0.5, 350, "rate of climb used on departure"),
    "descent_m_s": FigureKind("speed", 0.5, 100, "rate of descent"),
    "ceiling_m": FigureKind("length", 500, 30e3, "service ceiling above the ellipsoid"),
    "cruise_altitude_m": FigureKind("length", 50, 25e3, "usual altitude under way"),
    "rail_length_m": FigureKind("length", 1, 60, "length of train taken by one"),
    "train_capacity_m": FigureKind("length", 10, 2000, "length of wagons for vehicles"),
    "train_seats": FigureKind("count", 0, 3000, "berths in the coaches"),
    "vehicle_deck_m": FigureKind("length", 0, 3000, "lane metres for vehicles aboard"),
    "cargo_kg": FigureKind("mass", 0, 2e8, "cargo carried"),
    "jumpers": FigureKind("count", 0, 300, "parachutists carried with their parachutes"),
    "raft_capacity_kg": FigureKind("mass", 100, 2e5, "load of one as a ferry or raft section"),
    "march_interval_m": FigureKind("length", 5, 500, "interval kept in a road march"),
    "rcs_m2": FigureKind("area", 1e-4, 1e6, "radar cross-section"),
    "mast_height_m": FigureKind("length", 0.1, 80, "how high it stands out over water or ground"),
    "presented_size_m": FigureKind("length", 0.1, 500, "root of the area that is seen"),
    "target_strength_db": FigureKind("level", -40, 60, "of its echo to a sonar"),
    "radiated_noise_db": FigureKind("level", 50, 220, "re 1 uPa at 1 m, at usual speed"),
    "armour_m": FigureKind("length", 1e-4, 2, "steel that stops a round, in front"),
    "hits_to_disable": FigureKind("share", 0.1, 100, "hits that put it out of action"),
}
"""Every figure; the name ends in the unit the column is held in (counts have none)."""

REQUIRED: dict[str, tuple[str, ...]] = {
    "vehicle": (
        "crew", "seats", "length_m", "width_m", "height_m", "mass_kg", "speed_road_m_s",
        "speed_cross_country_m_s", "range_m", "rail_length_m", "march_interval_m",
    ),
    "aircraft": (
        "crew", "seats", "length_m", "width_m", "mass_kg", "speed_cruise_m_s", "speed_max_m_s",
        "range_m", "climb_m_s", "ceiling_m", "cruise_altitude_m",
    ),
    "ship": (
        "crew", "seats", "length_m", "width_m", "mass_kg", "speed_cruise_m_s", "speed_max_m_s",
        "range_m",
    ),
    "team": ("speed_road_m_s", "speed_cross_country_m_s"),
    "train": (
        "crew", "length_m", "speed_cruise_m_s", "speed_max_m_s", "train_capacity_m", "train_seats",
    ),
    "target": ("length_m", "width_m", "height_m"),
    "parachute": ("descent_m_s",),
}  # fmt: skip
"""What a type of each kind must have."""
