"""Screens: from where a submarine can come up with a convoy, and the front to be guarded.

Equation::

    sin theta = u / v                                      (limiting lines of submerged approach)
    F = 2 D sin theta      arc = 2 theta D                 (across, D along the lines)
    F = 2 (r sec theta + x tan theta)                      (x ahead of the danger circle's centre)
    x_0 = -r / sin theta                                   (where the lines meet)
    sin a = (v / u) sin b                                  (lead on a collision course)
    n = F / W                                              (escorts abreast, sweep width W)

``u`` speed of the attacker under water, ``v`` of the convoy (m/s), ``theta`` half angle of the
sector ahead out of which it can reach the convoy, ``F`` front (m), ``r`` radius of the danger
circle from which it fires (m), whose tangents the lines are; ``b`` angle off the target's bow,
``a`` lead of the attacker, ``n`` escorts.

Source: Wagner, Mylander and Sanders, "Naval Operations Analysis", chapter on screening; Koopman,
"Search and Screening" (1946), chapter 8.

Validity: constant speeds and courses, ``u < v`` (a faster attacker can come from everywhere: half
angle 180). Left out: zigzag, endurance of the attacker, surfaced approach at
another speed (ask again with it).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


def limiting_angle_deg(attacker_m_s: npt.ArrayLike, convoy_m_s: npt.ArrayLike) -> Float64:
    """Return the half angle of the sector ahead from which an approach succeeds, degrees.

    180 where the attacker is faster than the convoy, which may be at rest; arguments broadcast.
    """
    attacker, convoy = np.broadcast_arrays(
        within("attacker_m_s", attacker_m_s, 0), within("convoy_m_s", convoy_m_s, 0)
    )
    within("attacker_m_s + convoy_m_s", attacker + convoy, 0, above=True)
    slower = attacker <= convoy
    ratio = np.where(slower, attacker, 0.0) / np.where(slower, convoy, 1.0)
    angle: Float64 = np.where(slower, np.degrees(np.arcsin(ratio)), 180.0)
    return angle


def can_approach(
    ahead_m: npt.ArrayLike,
    abeam_m: npt.ArrayLike,
    attacker_m_s: npt.ArrayLike,
    convoy_m_s: npt.ArrayLike,
    danger_radius_m: npt.ArrayLike = 0.0,
) -> npt.NDArray[np.bool_]:
    """Return whether an attacker at a place can reach the danger circle; arguments broadcast.

    ``ahead_m`` and ``abeam_m`` from the centre of the convoy, which goes ahead.
    """
    ahead, abeam = within("ahead_m", ahead_m), np.abs(within("abeam_m", abeam_m))
    radius = within("danger_radius_m", danger_radius_m, 0)
    angle = limiting_angle_deg(attacker_m_s, convoy_m_s)
    theta = np.radians(np.where(angle <= 90.0, angle, 0.0))
    inside = np.hypot(ahead, abeam) <= radius
    # within the tangents, and not astern of where they touch the circle
    between = abeam * np.cos(theta) - ahead * np.sin(theta) <= radius
    forward = ahead * np.cos(theta) + abeam * np.sin(theta) >= 0.0
    reaches: npt.NDArray[np.bool_] = (angle >= 180.0) | inside | (between & forward)
    return reaches


def screen_front_m(
    distance_m: npt.ArrayLike, attacker_m_s: npt.ArrayLike, convoy_m_s: npt.ArrayLike
) -> Float64:
    """Return the width of the sector across the limiting lines, metres; arguments broadcast.

    ``distance_m`` along the lines from their apex. The attacker must be slower than the convoy.
    """
    width: Float64 = (
        2.0
        * within("distance_m", distance_m, 0)
        * np.sin(np.radians(_narrow(attacker_m_s, convoy_m_s)))
    )
    return width


def front_ahead_m(
    ahead_m: npt.ArrayLike,
    danger_radius_m: npt.ArrayLike,
    attacker_m_s: npt.ArrayLike,
    convoy_m_s: npt.ArrayLike,
) -> Float64:
    """Return the front that a screen at a distance ahead must close, metres; they broadcast.

    ``ahead_m`` from the centre of the danger circle, at least its radius.
    """
    radius = within("danger_radius_m", danger_radius_m, 0)
    ahead = within("ahead_m", ahead_m, 0)
    within("ahead_m - danger_radius_m", ahead - radius, 0)
    angle = np.radians(_narrow(attacker_m_s, convoy_m_s))
    front: Float64 = 2.0 * (radius / np.cos(angle) + ahead * np.tan(angle))
    return front


def screen_arc_m(
    distance_m: npt.ArrayLike, attacker_m_s: npt.ArrayLike, convoy_m_s: npt.ArrayLike
) -> Float64:
    """Return the arc between the limiting lines at a distance from their apex, metres."""
    arc: Float64 = (
        2.0 * within("distance_m", distance_m, 0) * np.radians(_narrow(attacker_m_s, convoy_m_s))
    )
    return arc


def apex_astern_m(
    danger_radius_m: npt.ArrayLike, attacker_m_s: npt.ArrayLike, convoy_m_s: npt.ArrayLike
) -> Float64:
    """Return how far astern of the centre the lines meet that touch the danger circle, metres."""
    attacker = within("attacker_m_s", attacker_m_s, 0, above=True)
    angle = np.radians(_narrow(attacker, convoy_m_s))
    back: Float64 = within("danger_radius_m", danger_radius_m, 0) / np.sin(angle)
    return back


def lead_angle_deg(
    bow_angle_deg: npt.ArrayLike, attacker_m_s: npt.ArrayLike, target_m_s: npt.ArrayLike
) -> Float64:
    """Return the attacker's lead on a collision course, degrees off the line to the target.

    ``bow_angle_deg`` is the angle off the target's bow at which the attacker lies (0 to 180).

    Raises
    ------
    OutsideValidityError
        Where there is no such course: the attacker lies outside the limiting lines.
    """
    bow = np.radians(within("bow_angle_deg", bow_angle_deg, 0, 180.0))
    target = within("target_m_s", target_m_s, 0)
    attacker = within("attacker_m_s", attacker_m_s, 0, above=True)
    sine = within("target_m_s / attacker_m_s * sine", target / attacker * np.sin(bow), 0, 1)
    closing = attacker * np.sqrt(1.0 - sine**2) + target * np.cos(bow)
    within("closing speed in m/s", closing, 0, above=True)
    lead: Float64 = np.degrees(np.arcsin(sine))
    return lead


def escorts_abreast(front_m: npt.ArrayLike, sweep_width_m: npt.ArrayLike) -> Float64:
    """Return the fewest escorts that cover a front without gaps; arguments broadcast."""
    number: Float64 = np.ceil(
        within("front_m", front_m, 0) / within("sweep_width_m", sweep_width_m, 0, above=True) - 1e-9
    )
    return number


def _narrow(attacker_m_s: npt.ArrayLike, convoy_m_s: npt.ArrayLike) -> Float64:
    return within(
        "limiting angle in deg", limiting_angle_deg(attacker_m_s, convoy_m_s), 0, 90.0, below=True
    )
