"""Barrier patrols: the chance to catch what crosses a line.

Equation::

    b = (R / L) sqrt(1 + (v/u)^2)
    P = 1 - (1 - b)^2  for b < 1, else 1                 (back and forth)
    P ~ 2 b                                              (first order)
    P = 1 - exp(-2 b)                                    (random patrol)
    sin a = u / v      t_1 = (L - W) / sqrt(v^2 - u^2)      t_2 = u t_1 / v
    S = u (t_1 + t_2)      P = min(1, W / S)             (symmetric crossover)

``L`` length of the line, ``R`` radius within which the patrol finds all, ``W = 2 R`` sweep width
(m), ``v`` speed of the patrol, ``u`` of the crossers (m/s), ``a`` angle of the tracks off the
line, ``t_1`` time of a leg across, ``t_2`` of the way back up at its end, ``S`` distance that the
crossers make between two sweeps.

Source: Wagner, Mylander and Sanders, "Naval Operations Analysis", chapter on patrol; Washburn,
"Search and Detection", chapter 1; Koopman (1946), chapter 7 (crossover).

Validity: crossers on straight courses across the line, uniform along it and in time, unaware of the
patrol; a sweep that reaches across the whole line catches all. Left out: what happens in the turns
at the ends of the line; evasion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Crossover:
    """A crossover patrol; arrays of one shape.

    ``leg_s`` and ``upsweep_s`` are the times of a leg across and of the way at its end,
    ``spacing_m`` the distance between sweeps as the crossers see them.
    """

    probability: Float64
    track_angle_deg: Float64
    leg_s: Float64
    upsweep_s: Float64
    spacing_m: Float64


def back_and_forth_probability(
    length_m: npt.ArrayLike,
    radius_m: npt.ArrayLike,
    patrol_m_s: npt.ArrayLike,
    crosser_m_s: npt.ArrayLike,
) -> Float64:
    """Return the probability of a patrol to and fro on the line itself; arguments broadcast."""
    swept = np.minimum(swept_share(length_m, radius_m, patrol_m_s, crosser_m_s), 1.0)
    chance: Float64 = swept * (2.0 - swept)
    return chance


def first_order_probability(
    length_m: npt.ArrayLike,
    radius_m: npt.ArrayLike,
    patrol_m_s: npt.ArrayLike,
    crosser_m_s: npt.ArrayLike,
) -> Float64:
    """Return twice the share swept, at most 1: the barrier without overlap of its sweeps."""
    chance: Float64 = np.minimum(
        2.0 * swept_share(length_m, radius_m, patrol_m_s, crosser_m_s), 1.0
    )
    return chance


def random_barrier_probability(
    length_m: npt.ArrayLike,
    radius_m: npt.ArrayLike,
    patrol_m_s: npt.ArrayLike,
    crosser_m_s: npt.ArrayLike,
) -> Float64:
    """Return the probability of a patrol that moves on the line at random; they broadcast."""
    chance: Float64 = -np.expm1(-2.0 * swept_share(length_m, radius_m, patrol_m_s, crosser_m_s))
    return chance


def swept_share(
    length_m: npt.ArrayLike,
    radius_m: npt.ArrayLike,
    patrol_m_s: npt.ArrayLike,
    crosser_m_s: npt.ArrayLike,
) -> Float64:
    """Return ``(R / L) sqrt(1 + (v/u)^2)``, which all patrols on a line have in common."""
    ratio = within("patrol_m_s", patrol_m_s, 0) / within("crosser_m_s", crosser_m_s, 0, above=True)
    share: Float64 = (
        within("radius_m", radius_m, 0)
        / within("length_m", length_m, 0, above=True)
        * np.hypot(1.0, ratio)
    )
    return share


def crossover(
    length_m: npt.ArrayLike,
    sweep_width_m: npt.ArrayLike,
    patrol_m_s: npt.ArrayLike,
    crosser_m_s: npt.ArrayLike,
) -> Crossover:
    """Return a symmetric crossover patrol, which keeps in step with the crossers.

    The patrol must be faster than they; arguments broadcast.
    """
    length, width, patrol, crosser = np.broadcast_arrays(
        within("length_m", length_m, 0, above=True),
        within("sweep_width_m", sweep_width_m, 0),
        within("patrol_m_s", patrol_m_s, 0, above=True),
        within("crosser_m_s", crosser_m_s, 0, above=True),
    )
    ratio = within("crosser_m_s / patrol_m_s", crosser / patrol, 0, 1, below=True)
    leg = np.maximum(length - width, 0.0) / (patrol * np.sqrt((1.0 - ratio) * (1.0 + ratio)))
    up = ratio * leg
    spacing = crosser * (leg + up)
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.where(spacing > width, width / spacing, 1.0)
    return Crossover(chance, np.degrees(np.arcsin(ratio)), leg, up, spacing)


def patrols_for_probability(
    probability: npt.ArrayLike, one_patrol_probability: npt.ArrayLike
) -> Float64:
    """Return the fewest patrols, each on its own, that catch with a probability; they broadcast."""
    wanted = within("probability", probability, 0, 1, below=True)
    single = within("one_patrol_probability", one_patrol_probability, 0, 1, above=True)
    with np.errstate(divide="ignore"):
        number: Float64 = np.ceil(np.log1p(-wanted) / np.log1p(-single) - 1e-12)
    return np.maximum(number, np.where(wanted > 0, 1.0, 0.0))
