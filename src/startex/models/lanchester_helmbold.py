"""Helmbold's law: the larger side cannot bring all its fire to bear.

Equation::

    dx/dt = -a (x/y)^(1-W) y      dy/dt = -b (y/x)^(1-W) x
    b (x0^2W - x^2W) = a (y0^2W - y^2W)

``x, y`` strengths, ``a, b`` coefficients (1/s), ``W`` Weiss's parameter: 1 is the square law, 1/2
has the state equation of the linear law, 0 is the logarithmic law. The powers ``x^W`` and ``y^W``
follow the square law with coefficients ``W a`` and ``W b``, which gives the solution in time.

Bracken's general form ``dx/dt = -a y^p x^q``, ``dy/dt = -b x^p y^q`` has the state equation
``b (x0^m - x^m) = a (y0^m - y^m)``, ``m = p - q + 1``: `bracken_outcome` gives winner and
strengths left (no closed form in time).

Source: R. L. Helmbold, "A modification of Lanchester's equations", Operations Research 13 (1965);
J. Bracken, "Lanchester models of the Ardennes campaign", Naval Research Logistics 42 (1995).

Validity: ``0 < W <= 1``; for 0 use lanchester_logarithmic.py. Left out: chance, Bracken's
advantage of the defender (multiply the coefficients).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.lanchester import square_outcome, square_strengths
from startex.models.lanchester_outcome import Outcome, Strengths
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
    power = within("weiss", weiss, 0, 1, above=True)
    end = square_outcome(
        within("x0", x0, 0) ** power,
        within("y0", y0, 0) ** power,
        within("a_per_s", a_per_s, 0) * power,
        within("b_per_s", b_per_s, 0) * power,
        within("x_break", x_break, 0) ** power,
        within("y_break", y_break, 0) ** power,
    )
    return Outcome(end.winner, end.x ** (1.0 / power), end.y ** (1.0 / power), end.duration_s)


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
    power = within("weiss", weiss, 0, 1, above=True)
    now = square_strengths(
        within("x0", x0, 0) ** power,
        within("y0", y0, 0) ** power,
        within("a_per_s", a_per_s, 0) * power,
        within("b_per_s", b_per_s, 0) * power,
        time_s,
        within("x_break", x_break, 0) ** power,
        within("y_break", y_break, 0) ** power,
    )
    return Strengths(now.x ** (1.0 / power), now.y ** (1.0 / power))


def helmbold_x_needed(
    y0: npt.ArrayLike,
    a_per_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    weiss: npt.ArrayLike,
    x_left: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the X at the start that beats all Y with ``x_left`` left (0: parity); broadcasts."""
    double = 2.0 * within("weiss", weiss, 0, 1, above=True)
    ratio = within("a_per_s", a_per_s, 0) / within("b_per_s", b_per_s, 0, above=True)
    needed: Float64 = (
        within("x_left", x_left, 0) ** double + ratio * within("y0", y0, 0) ** double
    ) ** (1.0 / double)
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
        ``p`` and ``q``; ``p - q + 1`` must be above 0, else both sides outlast any fight.

    Returns
    -------
    Outcome with ``duration_s`` nan: there is no closed form for it.
    """
    p, q = within("firer_power", firer_power), within("target_power", target_power)
    power = within("firer_power - target_power + 1", p - q + 1.0, 0, above=True)
    x, y, a_each, b_each, power = np.broadcast_arrays(
        within("x0", x0, 0, above=True),
        within("y0", y0, 0, above=True),
        within("a", a, 0, above=True),
        within("b", b, 0, above=True),
        power,
    )
    against = (a_each / b_each) ** (1.0 / power) * y  # Y in units of X
    share = -np.expm1(power * (np.log(np.minimum(x, against)) - np.log(np.maximum(x, against))))
    share = np.where(share <= 1e-14, 0.0, share)
    winner = np.where(share == 0, 0.0, np.sign(x - against))
    left = share ** (1.0 / power)
    return Outcome(
        winner.astype(np.int64)[()],
        np.where(winner > 0, left * x, 0.0)[()],
        np.where(winner < 0, left * y, 0.0)[()],
        np.full(x.shape, np.nan)[()],
    )
