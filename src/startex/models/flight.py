"""Flight: level turns, range by Breguet, and the times of climb, cruise and descent.

Equation::

    r = V^2 / (g tan b)      omega = g tan b / V      n = 1 / cos b
    R = (V / c) (L/D) ln(W_i / W_f)      E = R / V
    R_prop = (eta / c_p) (L/D) ln(W_i / W_f)
    t_climb = h / w_c      t_descent = h / w_d      t_cruise = (D - d_climb - d_descent) / V

``V`` true airspeed (m/s), ``b`` bank, ``g`` standard gravity, ``n`` load factor; ``c`` thrust
specific consumption (weight of fuel a second over thrust, 1/s), ``c_p`` power specific consumption
(weight of fuel a second over power, 1/m), ``eta`` efficiency of the propeller, ``L/D`` lift over
drag, ``W_i, W_f`` weights before and after; ``h`` height of the cruise above the field (m),
``w_c, w_d`` rates of climb and descent (m/s), ``d`` ground covered in them.

Source: FAA, "Pilot's Handbook of Aeronautical Knowledge", chapter 5 (turns); Breguet's equation
as in Anderson, "Introduction to Flight"; the profile is arithmetic.

Validity: coordinated level turns up to 85 degrees of bank; cruise at constant speed and L/D.
Left out: wind, reserves, take-off and taxi fuel, rates that fall with height.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

GRAVITY_M_S2 = 9.80665
KNOT_M_S = 1852.0 / 3600.0
FOOT_M = 0.3048
RULE_OF_THUMB = 11.26
"""Divisor of the pilots' rule: radius in feet = knots squared / (11.26 tan bank)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A level turn; arrays of one shape."""

    radius_m: Float64
    rate_deg_s: Float64
    load_factor: Float64


@dataclass(frozen=True, slots=True)
class Profile:
    """A flight from field to field; arrays of one shape.

    ``altitude_m`` is the height reached: less than asked where the way is too short for it.
    Distances are over the ground.
    """

    altitude_m: Float64
    climb_s: Float64
    cruise_s: Float64
    descent_s: Float64
    climb_m: Float64
    cruise_m: Float64
    descent_m: Float64

    @property
    def total_s(self) -> Float64:
        """Time from leaving the ground to touching it."""
        return self.climb_s + self.cruise_s + self.descent_s


def level_turn(speed_m_s: npt.ArrayLike, bank_deg: npt.ArrayLike) -> Turn:
    """Return radius, rate and load factor of a level turn; arguments broadcast."""
    speed = within("speed_m_s", speed_m_s, 0, above=True)
    bank = np.radians(within("bank_deg", bank_deg, 0, 85.0, above=True))
    speed, bank = np.broadcast_arrays(speed, bank)
    pull = GRAVITY_M_S2 * np.tan(bank)
    return Turn(speed**2 / pull, np.degrees(pull / speed), 1.0 / np.cos(bank))


def turn_radius_by_rule_m(speed_m_s: npt.ArrayLike, bank_deg: npt.ArrayLike) -> Float64:
    """Return the radius by the pilots' rule of thumb (0.3 % more than the exact one), metres."""
    knots = within("speed_m_s", speed_m_s, 0, above=True) / KNOT_M_S
    bank = np.radians(within("bank_deg", bank_deg, 0, 85.0, above=True))
    radius: Float64 = knots**2 / (RULE_OF_THUMB * np.tan(bank)) * FOOT_M
    return radius


def breguet_jet_range_m(
    speed_m_s: npt.ArrayLike,
    tsfc_per_s: npt.ArrayLike,
    lift_over_drag: npt.ArrayLike,
    initial_kg: npt.ArrayLike,
    final_kg: npt.ArrayLike,
) -> Float64:
    """Return the still-air range of a jet in cruise, metres; arguments broadcast.

    ``tsfc_per_s``: pounds of fuel an hour a pound of thrust, over 3,600. ``final_kg`` is the mass
    after the cruise fuel is burnt, at most ``initial_kg``.
    """
    distance: Float64 = within("speed_m_s", speed_m_s, 0, above=True) * breguet_jet_endurance_s(
        tsfc_per_s, lift_over_drag, initial_kg, final_kg
    )
    return distance


def breguet_jet_endurance_s(
    tsfc_per_s: npt.ArrayLike,
    lift_over_drag: npt.ArrayLike,
    initial_kg: npt.ArrayLike,
    final_kg: npt.ArrayLike,
) -> Float64:
    """Return how long the cruise fuel of a jet lasts, seconds; arguments broadcast."""
    time: Float64 = (
        within("lift_over_drag", lift_over_drag, 0, 60.0, above=True)
        / within("tsfc_per_s", tsfc_per_s, 0, above=True)
        * _burnt(initial_kg, final_kg)
    )
    return time


def breguet_propeller_range_m(
    efficiency: npt.ArrayLike,
    psfc_per_m: npt.ArrayLike,
    lift_over_drag: npt.ArrayLike,
    initial_kg: npt.ArrayLike,
    final_kg: npt.ArrayLike,
) -> Float64:
    """Return the still-air range of a propeller aircraft in cruise, metres; arguments broadcast."""
    distance: Float64 = (
        within("efficiency", efficiency, 0, 1, above=True)
        / within("psfc_per_m", psfc_per_m, 0, above=True)
        * within("lift_over_drag", lift_over_drag, 0, 60.0, above=True)
        * _burnt(initial_kg, final_kg)
    )
    return distance


def _burnt(initial_kg: npt.ArrayLike, final_kg: npt.ArrayLike) -> Float64:
    final = within("final_kg", final_kg, 0, above=True)
    ratio = within("initial_kg / final_kg", np.asarray(initial_kg, np.float64) / final, 1.0)
    logarithm: Float64 = np.log(ratio)
    return logarithm


def profile(
    *,
    distance_m: npt.ArrayLike,
    altitude_m: npt.ArrayLike,
    climb_m_s: npt.ArrayLike,
    descent_m_s: npt.ArrayLike,
    cruise_speed_m_s: npt.ArrayLike,
    climb_speed_m_s: npt.ArrayLike | None = None,
    descent_speed_m_s: npt.ArrayLike | None = None,
) -> Profile:
    """Return the times and distances of climb, cruise and descent; arguments broadcast.

    ``climb_m_s`` and ``descent_m_s`` are vertical rates, the speeds are over the ground; those of
    climb and descent are the cruising speed where they are not given. Where the way is too short
    to reach ``altitude_m``, the climb ends where the descent must begin.
    """
    way = within("distance_m", distance_m, 0)
    asked = within("altitude_m", altitude_m, 0)
    up = within("climb_m_s", climb_m_s, 0, above=True)
    down = within("descent_m_s", descent_m_s, 0, above=True)
    cruise = within("cruise_speed_m_s", cruise_speed_m_s, 0, above=True)
    out = cruise if climb_speed_m_s is None else within("climb_speed_m_s", climb_speed_m_s, 0)
    back = (
        cruise if descent_speed_m_s is None else within("descent_speed_m_s", descent_speed_m_s, 0)
    )
    slope = out / up + back / down  # ground a metre of height takes, up and down together
    with np.errstate(divide="ignore", invalid="ignore"):
        reachable = np.where(slope > 0, way / slope, np.inf)
    height = np.minimum(asked, reachable)
    climb_s, descent_s = height / up, height / down
    climb, descent = climb_s * out, descent_s * back
    level = np.maximum(way - climb - descent, 0.0)
    columns = np.broadcast_arrays(height, climb_s, level / cruise, descent_s, climb, level, descent)
    return Profile(*columns)
