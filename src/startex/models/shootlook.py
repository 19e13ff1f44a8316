"""Shoot-look-shoot: fire until the target is judged killed, with looks that may err.

Equation::

    perfect look: P = 1 - q^n      E[shots] = (1 - q^n) / p      q = 1 - p
    imperfect look, from (alive, dead but still fired at) = (1, 0):
    alive' = alive q (1 - f)      dead' = (dead + alive p)(1 - r)
    E[shots] = sum of (alive + dead) before each shot      P = sum of alive p

``p`` single-shot chance of a (notional) kill, ``n`` most shots, ``r`` chance that a look recognises
a dead target, ``f`` chance that a look takes a living one for dead. ``r = 0`` and ``f = 0`` is the
salvo that never looks.

Source: A. R. Washburn and M. Kress, "Combat Modeling" (2009), chapters 2 and 5.

Validity: shots and looks independent. Left out: time for a look, several shots between looks
(take ``p`` of the burst).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

MOST_SHOTS = 1_000_000
"""Of a distribution."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """One target under shoot-look-shoot; arrays of one shape.

    ``wasted_shots`` is the mean number fired at a dead target, ``p_mistaken`` the chance that fire
    stopped while the target lived, by a look that erred.
    """

    kill_probability: Float64
    expected_shots: Float64
    wasted_shots: Float64
    p_mistaken: Float64


def shoot_look_shoot(
    p_kill: npt.ArrayLike,
    most_shots: npt.ArrayLike,
    p_recognise_kill: npt.ArrayLike = 1.0,
    p_false_kill: npt.ArrayLike = 0.0,
) -> Engagement:
    """Return chance of a kill and mean shots; any number of shots; arguments broadcast."""
    p, n, seen, false = np.broadcast_arrays(
        within("p_kill", p_kill, 0, 1),
        whole("most_shots", within("most_shots", most_shots, 0, 2.0**53)),
        within("p_recognise_kill", p_recognise_kill, 0, 1),
        within("p_false_kill", p_false_kill, 0, 1),
    )
    # (alive, dead, shots at the living, shots at the dead, mistaken) after one shot, row by row
    step = np.zeros((*p.shape, 5, 5))
    step[..., 0, 0] = (1.0 - p) * (1.0 - false)
    step[..., 1, 0] = p * (1.0 - seen)
    step[..., 1, 1] = 1.0 - seen
    step[..., 2, 0] = step[..., 3, 1] = 1.0
    step[..., 4, 0] = (1.0 - p) * false
    step[..., 2, 2] = step[..., 3, 3] = step[..., 4, 4] = 1.0
    end = _power(step, n)[..., :, 0]
    shots = end[..., 2] + end[..., 3]
    return Engagement(p * end[..., 2], shots[()], end[..., 3][()], end[..., 4][()])


def expected_shots(p_kill: npt.ArrayLike, most_shots: npt.ArrayLike) -> Float64:
    """Return the mean shots with a perfect look, ``(1 - q^n) / p``; arguments broadcast."""
    p, n = np.broadcast_arrays(within("p_kill", p_kill, 0, 1), whole("most_shots", most_shots))
    with np.errstate(divide="ignore", invalid="ignore"):
        shots = -np.expm1(n * np.log1p(-p)) / p
    return np.where(p == 0, n, np.where(n == 0, 0.0, shots))[()]


def shots_distribution(p_kill: npt.ArrayLike, most_shots: int) -> Float64:
    """Return the chances of 1, 2, ... shots with a perfect look; sums to 1 over a last axis.

    ``most_shots`` is a scalar from 1; the last entry holds the targets that outlive all shots.
    """
    n = int(whole("most_shots", within("most_shots", most_shots, 1, MOST_SHOTS)))
    p = within("p_kill", p_kill, 0, 1)[..., None]
    number = np.arange(n)
    survived = (1.0 - p) ** number
    return np.where(number < n - 1, p * survived, survived)[()]


def kills_distribution(targets: int, shots: int, p_kill: npt.ArrayLike) -> Float64:
    """Return the chances of 0, 1, ... targets killed by shots, each at a target known to live.

    With a perfect look fire goes on to the next target at once, so the kills are binomial, capped.

    Returns
    -------
    Shape of ``p_kill`` + (targets + 1,); sums to 1 over the last axis.
    """
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    most = int(whole("targets", within("targets", targets, 0, MOST_SHOTS)))
    n = int(whole("shots", within("shots", shots, 0, MOST_SHOTS)))
    p = within("p_kill", p_kill, 0, 1)[..., None]
    number = np.arange(most + 1)
    chances: Float64 = np.where(number < most, binom.pmf(number, n, p), binom.sf(most - 1, n, p))
    return chances


def _power(matrix: Float64, exponent: Float64) -> Float64:
    """Return each matrix to its own power, by repeated squaring."""
    left = exponent.astype(np.int64)
    result = np.broadcast_to(np.eye(matrix.shape[-1]), matrix.shape).copy()
    while left.any():
        odd = (left % 2 == 1)[..., None, None]
        result = np.where(odd, matrix @ result, result)
        matrix = matrix @ matrix
        left = left // 2
    return result
