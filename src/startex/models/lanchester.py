"""Lanchester's square law: aimed fire, each side's losses go with the other side's strength.

Equation::

    dx/dt = -a y      dy/dt = -b x
    x = x0 cosh wt - y0 sqrt(a/b) sinh wt      y = y0 cosh wt - x0 sqrt(b/a) sinh wt
    w = sqrt(ab)
    b (x0^2 - x^2) = a (y0^2 - y^2)
    T = artanh(sqrt(a/b) y0 / x0) / w      (X wins; Y fights to the end)

``x, y`` strengths, ``a`` what one Y takes of X a second, ``b`` what one X takes of Y a second
(1/s), ``T`` the time to the end. Break points: the fight stops when either side has fallen to
its own.

Source: F. W. Lanchester, "Aircraft in Warfare" (1916); solutions as in J. G. Taylor, "Lanchester
Models of Warfare" (1983).

Validity: every unit is in reach of every other, fire is shifted at once from beaten targets,
coefficients do not change. Left out: chance (see lanchester_stochastic.py), reinforcements
(lanchester_reinforced.py), several kinds of unit (lanchester_heterogeneous.py), area fire
(lanchester_linear.py), terrain, suppression, withdrawal under fire.
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

PARITY = 1e-14
"""Sides that differ by less than this share are at parity: a matter of rounding."""


def square_outcome(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a_per_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    x_break: npt.ArrayLike = 0.0,
    y_break: npt.ArrayLike = 0.0,
) -> Outcome:
    """Return winner, strengths left and time to the end; arguments broadcast.

    At parity (``b x0^2 = a y0^2``, no break points) both strengths tend to 0 and nobody wins.
    """
    return _outcome(_fight(x0, y0, a_per_s, b_per_s, x_break, y_break))


def square_strengths(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a_per_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    time_s: npt.ArrayLike,
    x_break: npt.ArrayLike = 0.0,
    y_break: npt.ArrayLike = 0.0,
) -> Strengths:
    """Return both strengths at a time from 0; as at the end, once it has come; broadcasts."""
    time = within("time_s", time_s, 0)
    fight = _fight(x0, y0, a_per_s, b_per_s, x_break, y_break)
    end = _outcome(fight)
    now = np.minimum(time, end.duration_s)
    x = _strength(fight.x0, fight.y0, fight.a, fight.b, now)
    y = _strength(fight.y0, fight.x0, fight.b, fight.a, now)
    over = time >= end.duration_s
    return Strengths(np.where(over, end.x, x)[()], np.where(over, end.y, y)[()])


def square_state_constant(
    x: npt.ArrayLike, y: npt.ArrayLike, a_per_s: npt.ArrayLike, b_per_s: npt.ArrayLike
) -> Float64:
    """Return ``b x^2 - a y^2``, which stays the same; positive where X wins; broadcasts."""
    constant: Float64 = (
        coefficient("b_per_s", b_per_s) * units("x", x) ** 2
        - coefficient("a_per_s", a_per_s) * units("y", y) ** 2
    )
    return constant


def square_x_needed(
    y0: npt.ArrayLike,
    a_per_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    x_left: npt.ArrayLike = 0.0,
    y_break: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the X at the start that beats Y with ``x_left`` left (0: parity); broadcasts."""
    lost = units("y0", y0) ** 2 - units("y_break", y_break) ** 2
    needed: Float64 = np.sqrt(
        units("x_left", x_left) ** 2
        + coefficient("a_per_s", a_per_s)
        / coefficient("b_per_s", b_per_s, above=True)
        * np.maximum(lost, 0.0)
    )
    return needed


def _fight(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a_per_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    x_break: npt.ArrayLike,
    y_break: npt.ArrayLike,
) -> Fight:
    return checked(x0, y0, ("a_per_s", a_per_s), ("b_per_s", b_per_s), x_break, y_break)


def _outcome(fight: Fight) -> Outcome:
    x_time = _time_to(fight.x0, fight.y0, fight.a, fight.b, fight.x_break)
    y_time = _time_to(fight.y0, fight.x0, fight.b, fight.a, fight.y_break)
    return settle(
        fight,
        x_time,
        y_time,
        x_left=_left(fight.x0, fight.y0, fight.a, fight.b, fight.y_break),
        y_left=_left(fight.y0, fight.x0, fight.b, fight.a, fight.x_break),
        advantage=np.zeros_like(x_time),
        x_limit=np.where(fight.a > 0, 0.0, fight.x0),
        y_limit=np.where(fight.b > 0, 0.0, fight.y0),
    )


def _against(x0: Float64, y0: Float64, a: Float64, b: Float64) -> tuple[Float64, Float64]:
    """Return Y in units of X, and by how much X is below it; the latter 0 at parity."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        equivalent = np.where(b > 0, np.sqrt(a) / np.sqrt(b) * y0, 0.0)
    short = equivalent - x0
    return equivalent, np.where(np.abs(short) <= PARITY * x0, 0.0, short)


def _time_to(x0: Float64, y0: Float64, a: Float64, b: Float64, level: Float64) -> Float64:
    """Return when X has fallen to a level below ``x0``, were Y to fight on; inf for never."""
    equivalent, short = _against(x0, y0, a, b)
    squared = short * (equivalent + x0) + level**2
    root = np.sqrt(np.maximum(squared, 0.0))
    rate = np.sqrt(a) * np.sqrt(b)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        growth = ((x0 - level) + (x0 - level) * (x0 + level) / (equivalent + root)) / (level + root)
        time = np.where(rate > 0, np.log1p(growth) / rate, (x0 - level) / (a * y0))
        never = (a * y0 <= 0) | ((b > 0) & ((squared < 0) | (level + root <= 0)))
    return np.where(never, np.inf, time)


def _left(x0: Float64, y0: Float64, a: Float64, b: Float64, y_break: Float64) -> Float64:
    """Return X when Y has fallen to its break point, by the state equation."""
    equivalent, short = _against(x0, y0, a, b)
    at_break, _ = _against(x0, y_break, a, b)
    return np.sqrt(np.maximum(-short * (equivalent + x0) + at_break**2, 0.0))


def _strength(x0: Float64, y0: Float64, a: Float64, b: Float64, time: Float64) -> Float64:
    equivalent, short = _against(x0, y0, a, b)
    with np.errstate(over="ignore", invalid="ignore"):
        turn = np.minimum(np.sqrt(a) * np.sqrt(b) * time, 700.0)
        curved = 0.5 * ((x0 + equivalent) * np.exp(-turn) - short * np.exp(turn))
        straight = x0 - a * y0 * time
    strength: Float64 = np.maximum(np.where((a > 0) & (b > 0), curved, straight), 0.0)
    return strength
