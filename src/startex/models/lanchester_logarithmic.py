"""Peterson's logarithmic law: each side's losses go with its own strength.

Equation::

    dx/dt = -a x      dy/dt = -b y
    x = x0 e^{-at}    y = y0 e^{-bt}      b ln(x0 / x) = a ln(y0 / y)

``x, y`` strengths, ``a, b`` shares lost a second (1/s).

Source: R. H. Peterson, "Methods of tank combat analysis" (1953); Taylor, "Lanchester Models of
Warfare" (1983).

Validity: the opening of a fight, losses by exposure (movement into fire, accidents, mines). Who
wins depends on break points alone: without them nobody is ever beaten. Left out: the other side's
strength.
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


def logarithmic_outcome(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a_per_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    x_break: npt.ArrayLike = 0.0,
    y_break: npt.ArrayLike = 0.0,
) -> Outcome:
    """Return winner, strengths left and time to the end; arguments broadcast.

    Without break points neither wins, unless only one side loses at all.
    """
    return _outcome(_fight(x0, y0, a_per_s, b_per_s, x_break, y_break))


def logarithmic_strengths(
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
    over = time >= end.duration_s
    with np.errstate(over="ignore"):
        x = fight.x0 * np.exp(-fight.a * time)
        y = fight.y0 * np.exp(-fight.b * time)
    return Strengths(np.where(over, end.x, x)[()], np.where(over, end.y, y)[()])


def logarithmic_time_to_s(
    x0: npt.ArrayLike, a_per_s: npt.ArrayLike, x_break: npt.ArrayLike
) -> Float64:
    """Return when a side has fallen to its break point; inf for never; arguments broadcast."""
    return _time_to(units("x0", x0), coefficient("a_per_s", a_per_s), units("x_break", x_break))


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
    x_time = _time_to(fight.x0, fight.a, fight.x_break)
    y_time = _time_to(fight.y0, fight.b, fight.y_break)
    with np.errstate(over="ignore", invalid="ignore"):
        x_left = fight.x0 * np.exp(-fight.a * y_time)
        y_left = fight.y0 * np.exp(-fight.b * x_time)
    return settle(
        fight,
        x_time,
        y_time,
        x_left=x_left,
        y_left=y_left,
        advantage=np.sign(fight.b) - np.sign(fight.a),
        x_limit=np.where(fight.a > 0, 0.0, fight.x0),
        y_limit=np.where(fight.b > 0, 0.0, fight.y0),
    )


def _time_to(x0: Float64, a: Float64, level: Float64) -> Float64:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        time = (np.log(x0) - np.log(level)) / a
    return np.where(x0 <= level, 0.0, np.where((a > 0) & (level > 0), time, np.inf))[()]
