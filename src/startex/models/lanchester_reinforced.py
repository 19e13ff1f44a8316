"""Square law with reinforcements that arrive at piecewise constant rates, and Engel's estimate.

Equation::

    dx/dt = f(t) - a y      dy/dt = g(t) - b x
    x(t) = x0 C - a y0 S + f S - a g E      y(t) = y0 C - b x0 S + g S - b f E
    C = cosh wt    S = sinh(wt) / w    E = (cosh wt - 1) / w^2    w = sqrt(ab)
    b = (y0 + received - left) / sum of x over time

The solution holds over a stretch with constant ``f`` and ``g`` (units a second) and is carried
from stretch to stretch. ``a, b`` as in lanchester.py (1/s).

Source: J. H. Engel, "A verification of Lanchester's law", Operations Research 2 (1954).

Validity: while both sides have any strength; a result that passes through zero is refused. Left
out: losses that are not due to the other side; chance.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.lanchester_outcome import Strengths, coefficient, units
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


def reinforced_strengths(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a_per_s: npt.ArrayLike,
    b_per_s: npt.ArrayLike,
    time_s: npt.ArrayLike,
    *,
    start_s: npt.ArrayLike,
    x_rate_per_s: npt.ArrayLike,
    y_rate_per_s: npt.ArrayLike = 0.0,
) -> Strengths:
    """Return both strengths at times from 0.

    Parameters
    ----------
    x0, y0, a_per_s, b_per_s, time_s
        As in `lanchester.square_strengths`; they broadcast.
    start_s
        When each stretch begins, shape (k,), rising, the first 0; the last has no end.
    x_rate_per_s, y_rate_per_s
        What arrives in each stretch, units a second, shape (k,) or a scalar.

    Raises
    ------
    OutsideValidityError
        Also if a side falls to zero before the time asked for.
    """
    starts = np.atleast_1d(within("start_s", start_s, 0))
    if starts.ndim != 1 or starts.size == 0 or starts[0] != 0 or (np.diff(starts) <= 0).any():
        raise OutsideValidityError(f"start_s is {starts.tolist()}; it must rise from 0")
    x_rates = np.broadcast_to(within("x_rate_per_s", x_rate_per_s, 0), starts.shape)
    y_rates = np.broadcast_to(within("y_rate_per_s", y_rate_per_s, 0), starts.shape)
    x, y, a, b, time = np.broadcast_arrays(
        units("x0", x0),
        units("y0", y0),
        coefficient("a_per_s", a_per_s),
        coefficient("b_per_s", b_per_s),
        within("time_s", time_s, 0),
    )
    ends = np.append(starts[1:], np.inf)
    for start, end, f, g in zip(starts, ends, x_rates, y_rates, strict=True):
        step = np.clip(time - start, 0.0, end - start)
        _refuse_zero("x", x, y, a, b, f, g, step)
        _refuse_zero("y", y, x, b, a, g, f, step)
        x, y = _advance(x, y, a, b, f, g, step), _advance(y, x, b, a, g, f, step)
    return Strengths(np.maximum(x, 0.0)[()], np.maximum(y, 0.0)[()])


def engel_loss_rate_per_s(
    initial: npt.ArrayLike,
    left: npt.ArrayLike,
    opponent_unit_s: npt.ArrayLike,
    received: npt.ArrayLike = 0.0,
) -> Float64:
    """Return what one unit of the other side took a second, from sums over a fight; broadcasts.

    Parameters
    ----------
    initial, left, received
        Strength before and after, and what arrived meanwhile.
    opponent_unit_s
        Strength of the other side summed over time, units times seconds.
    """
    lost = within("initial", initial, 0) + within("received", received, 0) - within("left", left, 0)
    rate: Float64 = within("initial + received - left", lost, 0) / within(
        "opponent_unit_s", opponent_unit_s, 0, above=True
    )
    return rate


def _advance(
    x: Float64, y: Float64, a: Float64, b: Float64, f: float, g: float, step: Float64
) -> Float64:
    rate = np.sqrt(a) * np.sqrt(b)
    turn = rate * step
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        first = np.where(turn > 1e-4, np.sinh(turn) / rate, step * (1.0 + turn**2 / 6.0))
        second = np.where(
            turn > 1e-4,
            2.0 * (np.sinh(turn / 2.0) / rate) ** 2,
            step**2 / 2.0 * (1.0 + turn**2 / 12.0),
        )
        result: Float64 = x * np.cosh(turn) + (f - a * y) * first - a * g * second
    return np.where(step == 0, x, result)


def _refuse_zero(
    name: str,
    x: Float64,
    y: Float64,
    a: Float64,
    b: Float64,
    f: float,
    g: float,
    step: Float64,
) -> None:
    """Refuse a stretch in which X falls to zero: at its end, or at a low point within."""
    lowest = _advance(x, y, a, b, f, g, step)
    rate = np.sqrt(a) * np.sqrt(b)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        away, pull = x - g / b, np.sqrt(a) / np.sqrt(b) * (y - f / a)
        turn = np.log((away + pull) / (away - pull)) / (2.0 * rate)
        inside = (rate > 0) & (turn > 0) & (turn < step)
    lowest = np.minimum(lowest, _advance(x, y, a, b, f, g, np.where(inside, turn, 0.0)))
    if not (lowest >= -1e-9 * (np.abs(x) + 1.0)).all():
        raise OutsideValidityError(
            f"{name} falls to zero before the time asked for; the law holds while both sides have "
            "strength: ask for earlier times"
        )
