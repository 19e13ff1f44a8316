"""What all Lanchester laws have in common: strengths, how a fight ends, and who reaches it first.

Conventions of the family: side X loses at a rate with the coefficient ``a`` (what one Y does to X),
side Y with ``b`` (what one X does to Y). Strengths are real numbers in any unit; times are seconds,
and so are the coefficients: another unit of time will do if it is one throughout.

A side is beaten when its strength has fallen to its break point (0: fought to the end); then the
fight stops. All effects are notional.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

TIE = 1e-12
"""Two break points reached within this share of the time are reached together."""


MOST_STRENGTH = 1e15
LEAST_COEFFICIENT, MOST_COEFFICIENT = 1e-30, 1e30
"""Bounds within which nothing overflows; a coefficient may also be 0."""


@dataclass(frozen=True, slots=True)
class Strengths:
    """Strengths of both sides; arrays of one shape."""

    x: Float64
    y: Float64


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a fight ends; arrays of one shape.

    ``winner`` is 1 for X, -1 for Y, 0 for neither (both beaten together, or nobody loses at all).
    ``x, y`` are the strengths at the end. ``duration_s`` is inf where the end is only tended to.
    """

    winner: Int64
    x: Float64
    y: Float64
    duration_s: Float64

    @property
    def winner_name(self) -> npt.NDArray[np.str_]:
        """``X``, ``Y`` or ``-`` for neither."""
        return np.array(["Y", "-", "X"])[np.asarray(self.winner) + 1]


@dataclass(frozen=True, slots=True)
class Fight:
    """Checked inputs of a law, broadcast to one shape."""

    x0: Float64
    y0: Float64
    a: Float64
    b: Float64
    x_break: Float64
    y_break: Float64


def units(name: str, values: npt.ArrayLike) -> Float64:
    """Return strengths after checking that they are from 0 to 1e15."""
    return within(name, values, 0, MOST_STRENGTH)


def coefficient(name: str, values: npt.ArrayLike, *, above: bool = False) -> Float64:
    """Return coefficients after checking that they are 0 (not with ``above``) or 1e-30 to 1e30."""
    found = within(name, values, 0, MOST_COEFFICIENT)
    zero = (found == 0) & (not above)
    within(name, np.where(zero, 1.0, found), LEAST_COEFFICIENT)
    return found


def checked(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a: tuple[str, npt.ArrayLike],
    b: tuple[str, npt.ArrayLike],
    x_break: npt.ArrayLike,
    y_break: npt.ArrayLike,
) -> Fight:
    """Return the inputs of a law as arrays of one shape; strengths from 0 to 1e15.

    ``a`` and ``b`` come with the names that messages shall use.
    """
    columns = np.broadcast_arrays(
        units("x0", x0),
        units("y0", y0),
        coefficient(*a),
        coefficient(*b),
        units("x_break", x_break),
        units("y_break", y_break),
    )
    return Fight(*columns)


def settle(
    fight: Fight,
    x_beaten_s: Float64,
    y_beaten_s: Float64,
    *,
    x_left: Float64,
    y_left: Float64,
    advantage: Float64,
    x_limit: Float64,
    y_limit: Float64,
) -> Outcome:
    """Return who wins, from the times at which either side would reach its break point.

    Parameters
    ----------
    fight
        What `checked` gave.
    x_beaten_s, y_beaten_s
        Times (s) at which X and Y reach their break points, inf for never.
    x_left
        Strength of X when Y is beaten; anything where that does not happen.
    y_left
        Likewise of Y.
    advantage
        Positive where X wins though neither is beaten in finite time, negative for Y.
    x_limit, y_limit
        What the strengths tend to in that case.
    """
    x_time = np.where(fight.x0 <= fight.x_break, 0.0, x_beaten_s)
    y_time = np.where(fight.y0 <= fight.y_break, 0.0, y_beaten_s)
    first = np.minimum(x_time, y_time)
    endless = np.isinf(first)
    with np.errstate(invalid="ignore"):
        tie = ~endless & (np.abs(x_time - y_time) <= TIE * first)
    ended = np.where(tie, 0.0, np.where(y_time < x_time, 1.0, -1.0))
    winner = np.where(endless, np.sign(advantage), ended)
    x_beaten = np.minimum(fight.x0, fight.x_break)
    y_beaten = np.minimum(fight.y0, fight.y_break)
    x_end = np.where(winner > 0, np.clip(x_left, 0.0, fight.x0), x_beaten)
    y_end = np.where(winner < 0, np.clip(y_left, 0.0, fight.y0), y_beaten)
    return Outcome(
        winner.astype(np.int64)[()],
        np.where(endless, np.minimum(x_limit, fight.x0), x_end)[()],
        np.where(endless, np.minimum(y_limit, fight.y0), y_end)[()],
        first[()],
    )
