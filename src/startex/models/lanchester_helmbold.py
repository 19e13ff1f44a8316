"""Helmbold's law: the larger side cannot bring all its fire to bear.

Equation::

    dx/dt = -a (x/y)^(1-W) y      dy/dt = -b (y/x)^(1-W) x
    b (x0^2W - x^2W) = a (y0^2W - y^2W)

``x, y`` strengths, ``a, b`` coefficients (1/s), ``W`` Weiss's parameter: 1 is the square law, 1/2
has the state equation of the linear law, 0 is the logarithmic law. The powers ``x^W`` and ``y^W``
follow the square law in the time ``W t``, which gives the solution.

Bracken's general form ``dx/dt = -a y^p x^q``, ``dy/dt = -b x^p y^q`` has the state equation
``b (x0^m - x^m) = a (y0^m - y^m)``, ``m = p - q + 1``: `bracken_outcome` gives winner and
strengths left (no closed form in time).

Source: R. L. Helmbold, "A modification of Lanchester's equations", Operations Research 13 (1965);
J. Bracken, "Lanchester models of the Ardennes campaign", Naval Research Logistics 42 (1995).

Validity: ``1e-6 <= W <= 1``; below use lanchester_logarithmic.py. Left out: chance, Bracken's
advantage of the defender (multiply the coefficients).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.lanchester import square_outcome, square_strengths
from startex.models.lanchester_outcome import Outcome, Strengths, coefficient, units
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


def helmbold_outcome(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a_per_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    weiss: npt.ArrayLike,
    x_break: npt.ArrayLike = 0.0,
    y_break: npt.ArrayLike = 0.0,
) -> Outcome:
    """Return winner, strengths left and time to the end; ``weiss`` is W; arguments broadcast."""
    power = within("weiss", weiss, 1e-6, 1)
    end = square_outcome(
        units("x0", x0) ** power,
        units("y0", y0) ** power,
        a_per_s,
        b_per_s,
        units("x_break", x_break) ** power,
        units("y_break", y_break) ** power,
    )
    return Outcome(
        end.winner,
        _root(end.x, power, x0),
        _root(end.y, power, y0),
        end.duration_s / power,
    )


def helmbold_strengths(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a_per_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    weiss: npt.ArrayLike,
    time_s: npt.ArrayLike,
    x_break: npt.ArrayLike = 0.0,
    y_break: npt.ArrayLike = 0.0,
) -> Strengths:
    """Return both strengths at a time from 0; as at the end, once it has come; broadcasts."""
    power = within("weiss", weiss, 1e-6, 1)
    time = within("time_s", time_s, 0)
    end = helmbold_outcome(x0, y0, a_per_s, b_per_s, weiss, x_break, y_break)
    now = square_strengths(
        units("x0", x0) ** power,
        units("y0", y0) ** power,
        a_per_s,
        b_per_s,
        time * power,
        units("x_break", x_break) ** power,
        units("y_break", y_break) ** power,
    )
    over = time >= end.duration_s  # as there, whatever the rounding of the two times
    return Strengths(
        np.where(over, end.x, _root(now.x, power, x0))[()],
        np.where(over, end.y, _root(now.y, power, y0))[()],
    )


def helmbold_x_needed(
    y0: npt.ArrayLike,
    a_per_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    weiss: npt.ArrayLike,
    x_left: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the X at the start that beats all Y with ``x_left`` left (0: parity); broadcasts."""
    double = 2.0 * within("weiss", weiss, 1e-6, 1)
    ratio = coefficient("a_per_s", a_per_s) / coefficient("b_per_s", b_per_s, above=True)
    with np.errstate(divide="ignore"):
        log_left = double * np.log(units("x_left", x_left))
        log_y = double * np.log(units("y0", y0)) + np.log(ratio)
    needed: Float64 = np.exp(np.minimum(np.logaddexp(log_left, log_y) / double, 700.0))
    return needed


def bracken_outcome(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    firer_power: npt.ArrayLike,
    target_power: npt.ArrayLike,
) -> Outcome:
    """Return winner and strengths left of a fight to the end in Bracken's form; broadcasts.

    Parameters
    ----------
    x0, y0
        Strengths at the start, above 0.
    a, b
        Coefficients, above 0, in the unit that the powers imply.
    firer_power, target_power
        ``p`` and ``q``; ``p - q + 1`` at least 0.01: at 0 and below both sides outlast any fight.

    Returns
    -------
    Outcome with ``duration_s`` nan: there is no closed form for it.
    """
    p = within("firer_power", firer_power, -100, 100)
    q = within("target_power", target_power, -100, 100)
    power = within("firer_power - target_power + 1", p - q + 1.0, 0.01)
    x, y, a_each, b_each, power = np.broadcast_arrays(
        within("x0", units("x0", x0), 0, above=True),
        within("y0", units("y0", y0), 0, above=True),
        within("a", a, 0, above=True),
        within("b", b, 0, above=True),
        power,
    )
    ahead = power * (np.log(x) - np.log(y)) + np.log(b_each) - np.log(a_each)
    ahead = np.where(np.abs(ahead) <= 1e-14, 0.0, ahead)
    left = (-np.expm1(-np.abs(ahead))) ** (1.0 / power)
    return Outcome(
        np.sign(ahead).astype(np.int64)[()],
        np.where(ahead > 0, left * x, 0.0)[()],
        np.where(ahead < 0, left * y, 0.0)[()],
        np.full(x.shape, np.nan)[()],
    )


def _root(powered: Float64, power: Float64, start: npt.ArrayLike) -> Float64:
    """Return a strength from its power, not above the start by rounding."""
    strength: Float64 = np.minimum(powered ** (1.0 / power), start)
    return strength
