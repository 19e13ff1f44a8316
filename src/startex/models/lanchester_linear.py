"""Lanchester's linear law: area fire on both sides, or a chain of duels.

Equation::

    dx/dt = -a x y      dy/dt = -b x y      b (x0 - x) = a (y0 - y)
    x = x0 / (1 + a y0 (1 - e^{-Dt}) / D)      D = b x0 - a y0

``x, y`` strengths, ``a, b`` losses a second for each unit of either side (1/s over a unit of
strength). X wins where ``D > 0`` and tends to ``D / b``; without break points the end is tended to
and never reached.

Source: F. W. Lanchester, "Aircraft in Warfare" (1916); solutions as in J. G. Taylor, "Lanchester
Models of Warfare" (1983).

Validity: fire falls evenly into a constant area that the other side occupies, whatever is left
there. For area fire ``a`` is `areafire.loss_rate_per_s`. Left out: chance, dispersal, taking cover.
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


def linear_outcome(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a_per_unit_s: npt.ArrayLike,
    b_per_unit_s: npt.ArrayLike,
    x_break: npt.ArrayLike = 0.0,
    y_break: npt.ArrayLike = 0.0,
) -> Outcome:
    """Return winner, strengths left and time to the end; arguments broadcast.

    Without break points the time is inf and the strengths are those tended to.
    """
    return _outcome(_fight(x0, y0, a_per_unit_s, b_per_unit_s, x_break, y_break))


def linear_strengths(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a_per_unit_s: npt.ArrayLike,
    b_per_unit_s: npt.ArrayLike,
    time_s: npt.ArrayLike,
    x_break: npt.ArrayLike = 0.0,
    y_break: npt.ArrayLike = 0.0,
) -> Strengths:
    """Return both strengths at a time from 0; as at the end, once it has come; broadcasts."""
    time = within("time_s", time_s, 0)
    fight = _fight(x0, y0, a_per_unit_s, b_per_unit_s, x_break, y_break)
    end = _outcome(fight)
    now = np.minimum(time, end.duration_s)
    drift = fight.b * fight.x0 - fight.a * fight.y0
    with np.errstate(over="ignore"):
        x = fight.x0 / (1.0 + fight.a * fight.y0 * _saturation(drift, now))
        y = fight.y0 / (1.0 + fight.b * fight.x0 * _saturation(-drift, now))
    over = time >= end.duration_s
    return Strengths(np.where(over, end.x, x)[()], np.where(over, end.y, y)[()])


def linear_state_constant(
    x: npt.ArrayLike, y: npt.ArrayLike, a_per_unit_s: npt.ArrayLike, b_per_unit_s: npt.ArrayLike
) -> Float64:
    """Return ``b x - a y``, which stays the same; positive where X wins; broadcasts."""
    constant: Float64 = coefficient("b_per_unit_s", b_per_unit_s) * units("x", x) - coefficient(
        "a_per_unit_s", a_per_unit_s
    ) * units("y", y)
    return constant


def linear_x_needed(
    y0: npt.ArrayLike,
    a_per_unit_s: npt.ArrayLike,
    b_per_unit_s: npt.ArrayLike,
    x_left: npt.ArrayLike = 0.0,
    y_break: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the X at the start that beats Y with ``x_left`` left (0: parity); broadcasts."""
    lost = np.maximum(units("y0", y0) - units("y_break", y_break), 0.0)
    needed: Float64 = (
        units("x_left", x_left)
        + coefficient("a_per_unit_s", a_per_unit_s)
        / coefficient("b_per_unit_s", b_per_unit_s, above=True)
        * lost
    )
    return needed


def _fight(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    x_break: npt.ArrayLike,
    y_break: npt.ArrayLike,
) -> Fight:
    return checked(x0, y0, ("a_per_unit_s", a), ("b_per_unit_s", b), x_break, y_break)


def _outcome(fight: Fight) -> Outcome:
    drift = fight.b * fight.x0 - fight.a * fight.y0
    drift = np.where(np.abs(drift) <= 1e-14 * fight.b * fight.x0, 0.0, drift)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        lost_y = np.maximum(fight.y0 - fight.y_break, 0.0)
        lost_x = np.maximum(fight.x0 - fight.x_break, 0.0)
        x_gap = np.where(lost_y > 0, fight.a / fight.b * lost_y, 0.0)
        y_gap = np.where(lost_x > 0, fight.b / fight.a * lost_x, 0.0)
        x_limit = np.where(fight.b > 0, np.maximum(drift / fight.b, 0.0), 0.0)
        y_limit = np.where(fight.a > 0, np.maximum(-drift / fight.a, 0.0), 0.0)
    # without fire on it, a side keeps what it has
    x_limit = np.where(fight.a * fight.y0 > 0, x_limit, fight.x0)
    y_limit = np.where(fight.b * fight.x0 > 0, y_limit, fight.y0)
    return settle(
        fight,
        _time_to(fight.x0, fight.a * fight.y0, drift, fight.x_break),
        _time_to(fight.y0, fight.b * fight.x0, -drift, fight.y_break),
        x_left=fight.x0 - x_gap,
        y_left=fight.y0 - y_gap,
        advantage=drift,
        x_limit=x_limit,
        y_limit=y_limit,
    )


def _saturation(drift: Float64, time: Float64) -> Float64:
    """Return ``(1 - e^{-Dt}) / D``, which is t where D is 0."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = -np.expm1(-drift * time) / drift
    return np.where(drift == 0, time, np.where(time == 0, 0.0, ratio))


def _time_to(x0: Float64, fire: Float64, drift: Float64, level: Float64) -> Float64:
    """Return when X has fallen to a level below ``x0``; inf for never."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        needed = (x0 / level - 1.0) / fire
        share = drift * needed
        curved = -np.log1p(-share) / drift
        never = (fire <= 0) | (level <= 0) | (share >= 1.0)
        time = np.where(drift == 0, needed, curved)
    return np.where(never, np.inf, time)
