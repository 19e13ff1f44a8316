"""Deitchman's mixed law: guerrillas under area fire against regulars under aimed fire.

Equation::

    dx/dt = -a x y      dy/dt = -b x      b (x0 - x) = (a/2) (y0^2 - y^2)
    y = (y0 - C S) / (1 + k y0 S)      x = x0 (1 + k C S^2) / (1 + k y0 S)^2
    k = a / 2      C = b x0 - k y0^2      S = tan(st) / s      s = sqrt(k C)

``x`` guerrillas, ``y`` regulars, ``a`` losses of X a second for each unit of either side, ``b``
what one X takes of Y a second (1/s). Where ``C < 0`` the tangent is a hyperbolic one. X wins where
``C > 0`` and has ``C / b`` left; Y wins where ``C < 0``, and X only tends to 0.

Source: S. J. Deitchman, "A Lanchester model of guerrilla warfare", Operations Research 10 (1962).

Validity: the side in the open never sees whom it fires at. Left out: chance, the ambush becoming
known, reinforcements.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.lanchester_outcome import (
    Fight,
    Outcome,
    Strengths,
    checked,
    coefficient,
    settle,
    units,
)
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


def mixed_outcome(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a_per_unit_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    x_break: npt.ArrayLike = 0.0,
    y_break: npt.ArrayLike = 0.0,
) -> Outcome:
    """Return winner, strengths left and time to the end; X are the guerrillas; broadcasts."""
    return _outcome(_fight(x0, y0, a_per_unit_s, b_per_s, x_break, y_break))


def mixed_strengths(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a_per_unit_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    time_s: npt.ArrayLike,
    x_break: npt.ArrayLike = 0.0,
    y_break: npt.ArrayLike = 0.0,
) -> Strengths:
    """Return both strengths at a time from 0; as at the end, once it has come; broadcasts."""
    time = within("time_s", time_s, 0)
    fight = _fight(x0, y0, a_per_unit_s, b_per_s, x_break, y_break)
    end = _outcome(fight)
    now = np.minimum(time, end.duration_s)
    half, constant = 0.5 * fight.a, _constant(fight)
    speed = np.sqrt(half * np.abs(constant))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        run = np.where(constant > 0, np.tan(speed * now), np.tanh(speed * now)) / speed
        run = np.where(speed > 0, run, now)
        widening = np.where(
            constant > 0, np.cos(speed * now) ** -2.0, np.cosh(np.minimum(speed * now, 300)) ** -2.0
        )
        widening = np.where(speed > 0, widening, 1.0)
        below = 1.0 + half * fight.y0 * run
        x = fight.x0 * widening / below**2
        y = np.maximum((fight.y0 - constant * run) / below, 0.0)
    over = time >= end.duration_s
    return Strengths(np.where(over, end.x, x)[()], np.where(over, end.y, y)[()])


def mixed_parity_y0(
    x0: npt.ArrayLike, a_per_unit_s: npt.ArrayLike, b_per_s: npt.ArrayLike
) -> Float64:
    """Return the regulars that are needed against ``x0`` guerrillas for parity; broadcasts."""
    needed: Float64 = np.sqrt(
        2.0
        * coefficient("b_per_s", b_per_s)
        * units("x0", x0)
        / coefficient("a_per_unit_s", a_per_unit_s, above=True)
    )
    return needed


def mixed_parity_x0(
    y0: npt.ArrayLike, a_per_unit_s: npt.ArrayLike, b_per_s: npt.ArrayLike
) -> Float64:
    """Return the guerrillas that are at parity with ``y0`` regulars; arguments broadcast."""
    needed: Float64 = (
        0.5
        * coefficient("a_per_unit_s", a_per_unit_s)
        * units("y0", y0) ** 2
        / coefficient("b_per_s", b_per_s, above=True)
    )
    return needed


def mixed_state_constant(
    x: npt.ArrayLike, y: npt.ArrayLike, a_per_unit_s: npt.ArrayLike, b_per_s: npt.ArrayLike
) -> Float64:
    """Return ``b x - (a/2) y^2``, which stays the same; positive where X wins; broadcasts."""
    constant: Float64 = (
        coefficient("b_per_s", b_per_s) * units("x", x)
        - 0.5 * coefficient("a_per_unit_s", a_per_unit_s) * units("y", y) ** 2
    )
    return constant


def _fight(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    x_break: npt.ArrayLike,
    y_break: npt.ArrayLike,
) -> Fight:
    return checked(x0, y0, ("a_per_unit_s", a), ("b_per_s", b), x_break, y_break)


def _constant(fight: Fight) -> Float64:
    constant = fight.b * fight.x0 - 0.5 * fight.a * fight.y0**2
    return np.where(np.abs(constant) <= 1e-14 * fight.b * fight.x0, 0.0, constant)


def _outcome(fight: Fight) -> Outcome:
    half, constant = 0.5 * fight.a, _constant(fight)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        x_gap = np.maximum(fight.x0 - fight.x_break, 0.0)
        y_gap = np.maximum(fight.y0**2 - fight.y_break**2, 0.0)
        y_left = np.sqrt(fight.y0**2 - np.where(x_gap > 0, fight.b * x_gap / half, 0.0))
        x_lost = np.where(y_gap > 0, half * y_gap / fight.b, 0.0)
        y_limit = np.where(constant < 0, np.sqrt(-constant / half), 0.0)
    x_time = np.where(fight.x_break > 0, _time_to(fight, half, constant, y_left), np.inf)
    y_time = _time_to(fight, half, constant, fight.y_break)
    return settle(
        fight,
        x_time,
        y_time,
        x_left=fight.x0 - x_lost,  # y_left is nan where X is not beaten
        y_left=y_left,
        advantage=constant,
        x_limit=np.where(fight.a * fight.y0 > 0, 0.0, fight.x0),
        y_limit=np.where(fight.b * fight.x0 > 0, y_limit, fight.y0),
    )


def _time_to(fight: Fight, half: Float64, constant: Float64, level: Float64) -> Float64:
    """Return when Y has fallen to a level below ``y0``; inf for never."""
    speed = np.sqrt(half * np.abs(constant))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        below = constant + half * fight.y0 * level
        run = (fight.y0 - level) / below
        turn = speed * run
        curved = np.where(constant > 0, np.arctan(turn), np.arctanh(turn)) / speed
        time = np.where(speed > 0, curved, run)
        reached = (below > 0) & ((constant >= 0) | (turn < 1.0)) & ~np.isnan(time)
    return np.where(reached, time, np.inf)
