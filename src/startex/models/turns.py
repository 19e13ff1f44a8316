"""Turns at a constant rate: radius, bank, time, the arc itself, and where to begin.

Equation::

    r = V / omega       tan b = V omega / g = V^2 / (g r)       t = D / omega
    ahead = r sin D     aside = r (1 - cos D)     lead = r tan(D / 2)

``V`` speed (m/s), ``omega`` rate of turn, ``r`` radius (m), ``b`` bank of an aircraft in a level
turn, ``g`` standard gravity, ``D`` change of course; ``ahead`` and ``aside`` are what seamen call
advance and transfer, ``lead`` is the distance before a corner at which to begin.

Source: FAA, "Pilot's Handbook of Aeronautical Knowledge", chapter 5; fly-by turns as in ICAO
Doc 8168, volume II. `startex.models.flight.level_turn` gives the turn of a bank.

Validity: constant speed and rate. Left out: wind, rolling in and out, the rudder's delay and the
loss of speed of a ship that turns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.flight import GRAVITY_M_S2
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

STANDARD_RATE_DEG_S = 3.0
"""Rate-one turn of instrument flight: a full circle in two minutes."""


@dataclass(frozen=True, slots=True)
class Arc:
    """Where a turn has led, arrays of one shape: from the start of the turn, and the course."""

    east_m: Float64
    north_m: Float64
    course_deg: Float64


@dataclass(frozen=True, slots=True)
class Advance:
    """Ground gained ahead and aside (along and across the first course), arrays of one shape."""

    advance_m: Float64
    transfer_m: Float64


def turn_radius_m(speed_m_s: npt.ArrayLike, rate_deg_s: npt.ArrayLike) -> Float64:
    """Return the radius of a turn at a rate, metres; arguments broadcast."""
    radius: Float64 = within("speed_m_s", speed_m_s, 0) / np.radians(
        within("rate_deg_s", rate_deg_s, 0, above=True)
    )
    return radius


def turn_rate_deg_s(speed_m_s: npt.ArrayLike, radius_m: npt.ArrayLike) -> Float64:
    """Return the rate of turn on a radius, degrees a second; arguments broadcast."""
    rate: Float64 = np.degrees(
        within("speed_m_s", speed_m_s, 0) / within("radius_m", radius_m, 0, above=True)
    )
    return rate


def bank_for_rate_deg(speed_m_s: npt.ArrayLike, rate_deg_s: npt.ArrayLike) -> Float64:
    """Return the bank of a level turn at a rate, degrees; arguments broadcast."""
    bank: Float64 = np.degrees(
        np.arctan(
            within("speed_m_s", speed_m_s, 0)
            * np.radians(within("rate_deg_s", rate_deg_s, 0))
            / GRAVITY_M_S2
        )
    )
    return bank


def bank_for_radius_deg(speed_m_s: npt.ArrayLike, radius_m: npt.ArrayLike) -> Float64:
    """Return the bank of a level turn on a radius, degrees; arguments broadcast."""
    bank: Float64 = np.degrees(
        np.arctan(
            within("speed_m_s", speed_m_s, 0) ** 2
            / (GRAVITY_M_S2 * within("radius_m", radius_m, 0, above=True))
        )
    )
    return bank


def speed_for_bank_m_s(radius_m: npt.ArrayLike, bank_deg: npt.ArrayLike) -> Float64:
    """Return the speed at which a bank turns on a radius, m/s; arguments broadcast."""
    bank = np.radians(within("bank_deg", bank_deg, 0, 85.0))
    speed: Float64 = np.sqrt(
        GRAVITY_M_S2 * within("radius_m", radius_m, 0, above=True) * np.tan(bank)
    )
    return speed


def turn_time_s(change_deg: npt.ArrayLike, rate_deg_s: npt.ArrayLike) -> Float64:
    """Return the time to change course by an angle, either way, seconds; arguments broadcast."""
    time: Float64 = np.abs(within("change_deg", change_deg)) / within(
        "rate_deg_s", rate_deg_s, 0, above=True
    )
    return time


def course_change_deg(from_deg: npt.ArrayLike, to_deg: npt.ArrayLike) -> Float64:
    """Return the change of course the short way, (-180, 180], right positive; broadcasts."""
    change = np.mod(within("to_deg", to_deg) - within("from_deg", from_deg) + 180.0, 360.0) - 180.0
    return np.where(change <= -180.0, 180.0, change)


def arc(
    speed_m_s: npt.ArrayLike,
    course_deg: npt.ArrayLike,
    rate_deg_s: npt.ArrayLike,
    time_s: npt.ArrayLike,
) -> Arc:
    """Return where a turn has led after a time; arguments broadcast.

    ``rate_deg_s`` is positive to the right; 0 goes straight.
    """
    speed, course, rate, time = np.broadcast_arrays(
        within("speed_m_s", speed_m_s, 0),
        np.radians(within("course_deg", course_deg)),
        np.radians(within("rate_deg_s", rate_deg_s)),
        within("time_s", time_s),
    )
    half = 0.5 * rate * time
    chord = speed * time * np.sinc(half / np.pi)
    turned = np.mod(np.degrees(course + 2.0 * half), 360.0)
    return Arc(
        chord * np.sin(course + half),
        chord * np.cos(course + half),
        np.where(turned >= 360.0, 0.0, turned),
    )


def advance_and_transfer(radius_m: npt.ArrayLike, change_deg: npt.ArrayLike) -> Advance:
    """Return the ground gained ahead and aside in a change of course; arguments broadcast."""
    radius, change = np.broadcast_arrays(
        within("radius_m", radius_m, 0), np.radians(within("change_deg", change_deg))
    )
    return Advance(radius * np.sin(np.abs(change)), 2.0 * radius * np.sin(0.5 * change) ** 2)


def lead_distance_m(radius_m: npt.ArrayLike, change_deg: npt.ArrayLike) -> Float64:
    """Return how far before a corner a turn must begin to come out on the next leg; broadcasts.

    The change of course is below 180 degrees either way; close to it the distance has no bound.
    """
    change = within("abs(change_deg)", np.abs(np.asarray(change_deg, np.float64)), 0, 179.9)
    lead: Float64 = within("radius_m", radius_m, 0) * np.tan(0.5 * np.radians(change))
    return lead
