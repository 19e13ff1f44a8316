"""Lanchester's laws as Markov chains over whole units: exact chances, one loss at a time.

Equation::

    (x, y) -> (x - 1, y) at rate a r      (x, y) -> (x, y - 1) at rate b s
    square: r = y, s = x           linear: r = s = x y
    mixed: r = x y, s = x          logarithmic: r = x, s = y
    p(x, y) = [a r p(x-1, y) + b s p(x, y-1)] / (a r + b s)      p(x, 0) = 1    p(0, y) = 0
    linear: p(x, y) = I_{1-q}(y, x)      q = a / (a + b)
    E[T] = sum over states of P(visited) / (a r + b s)

``x, y`` units left, ``a, b`` as in the deterministic laws (1/s, or 1/s over a unit), ``p`` the
chance that X wins, ``I`` the regularised incomplete beta function, ``T`` the duration. Optional
ends: break points, and surrender of the side that is ``d`` units behind.

Source: R. H. Brown, "Theory of combat: the probability of winning", Operations Research 11 (1963);
R. Hankin, "Discrete Lanchester attrition models" (closed forms for equal sides, surrender).

Recursions run along the diagonals x + y = constant, each one array operation: no overflow, as only
chances are added. Left out: reinforcements, several types of unit, units that fail otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.lanchester_outcome import coefficient
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

MOST_UNITS = 10_000
MOST_WORK = 5e8
"""States times steps beyond which `strengths_distribution` would take many seconds."""


class Law(Enum):
    """Powers of (own units, enemy units) in the rates of loss of X and of Y."""

    SQUARE = ((0, 1), (0, 1))
    LINEAR = ((1, 1), (1, 1))
    MIXED = ((1, 1), (0, 1))
    LOGARITHMIC = ((1, 0), (1, 0))


@dataclass(frozen=True, slots=True)
class StochasticOutcome:
    """The end of one stochastic fight.

    ``x_left[k]`` is the chance that X ends with k units, shape (x0 + 1,), sum 1; ``y_left`` of Y.
    """

    p_x_wins: float
    p_y_wins: float
    x_left: Float64
    y_left: Float64
    expected_duration_s: float

    @property
    def expected_x(self) -> float:
        """Mean units of X at the end, counting lost fights."""
        return _mean(self.x_left)

    @property
    def expected_y(self) -> float:
        """Mean units of Y at the end, counting lost fights."""
        return _mean(self.y_left)

    @property
    def variance_x(self) -> float:
        """Variance of the units of X at the end."""
        return float(self.x_left @ (np.arange(self.x_left.size) - self.expected_x) ** 2)

    @property
    def variance_y(self) -> float:
        """Variance of the units of Y at the end."""
        return float(self.y_left @ (np.arange(self.y_left.size) - self.expected_y) ** 2)


def win_probability(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    a: npt.ArrayLike = 1.0,
    b: npt.ArrayLike = 1.0,
    law: Law = Law.SQUARE,
    *,
    x_break: int = 0,
    y_break: int = 0,
    surrender_deficit: int | None = None,
) -> Float64:
    """Return the chance that X wins; ``x0, y0, a, b`` broadcast.

    Parameters
    ----------
    x0, y0
        Units at the start, at most 10,000 a side.
    a, b
        Coefficients of the law; only their ratio matters. At least one above 0.
    law
        Which rates.
    x_break, y_break
        Units at which a side gives up.
    surrender_deficit
        A side gives up when this many units behind.

    Raises
    ------
    OutsideValidityError
        Also if both sides are beaten at the start.
    """
    x, y, a_each, b_each = np.broadcast_arrays(
        _units("x0", x0), _units("y0", y0), coefficient("a", a), coefficient("b", b)
    )
    ends = _Ends(x_break, y_break, surrender_deficit)
    _refuse_undecided(x, y, a_each, b_each, ends)
    shape, x, y = x.shape, x.ravel().astype(np.int64), y.ravel().astype(np.int64)
    if x.size == 0:
        return np.zeros(shape)
    pairs, pair = np.unique(np.stack([a_each.ravel(), b_each.ravel()]), axis=1, return_inverse=True)
    result = np.empty(x.size)
    order = np.argsort(x + y, kind="stable")
    total = (x + y)[order]
    most_x, most_y = int(x.max()), int(y.max())
    # chance[u, i] = p(i, n - i) for the pair of rates u, on the diagonal n
    chance = np.zeros((pairs.shape[1], most_x + 1))
    i = np.arange(most_x + 1)
    for n in range(most_x + most_y + 1):
        j = n - i
        share = _share(law, i, np.maximum(j, 0), pairs[0][:, None], pairs[1][:, None])
        stepped = (1.0 - share) * chance
        stepped[:, 1:] += share[:, 1:] * chance[:, :-1]
        lost, won = ends.lost(i, j), ends.won(i, j)
        chance = np.where(lost, 0.0, np.where(won, 1.0, stepped))
        rows = order[np.searchsorted(total, n) : np.searchsorted(total, n, side="right")]
        result[rows] = chance[pair.ravel()[rows], x[rows]]
    return result.reshape(shape)[()]


def linear_win_probability(
    x0: npt.ArrayLike, y0: npt.ArrayLike, p_next_loss_is_x: npt.ArrayLike
) -> Float64:
    """Return the chance that X wins by the linear law, in closed form; arguments broadcast.

    ``p_next_loss_is_x`` is ``a / (a + b)``. Any number of units; at least one on one side.
    """
    from scipy.special import betainc  # noqa: PLC0415 - slow to import

    x, y, p = np.broadcast_arrays(
        whole("x0", x0, 0),
        whole("y0", y0, 0),
        within("p_next_loss_is_x", p_next_loss_is_x, 0, 1),
    )
    if ((x == 0) & (y == 0)).any():
        raise OutsideValidityError("x0 and y0 are both 0; at least one side needs a unit")
    inside = betainc(np.maximum(y, 1.0), np.maximum(x, 1.0), 1.0 - p)
    return np.where(x == 0, 0.0, np.where(y == 0, 1.0, inside))[()]


def stochastic_outcome(
    x0: int,
    y0: int,
    a_per_s: float = 1.0,
    b_per_s: float = 1.0,
    law: Law = Law.SQUARE,
    *,
    x_break: int = 0,
    y_break: int = 0,
    surrender_deficit: int | None = None,
) -> StochasticOutcome:
    """Return the distribution of units left and the mean duration of one fight.

    A recursion over one fight: arguments are scalars, as in `win_probability`.
    """
    x, y = _units("x0", x0), _units("y0", y0)
    a, b = coefficient("a_per_s", a_per_s), coefficient("b_per_s", b_per_s)
    ends = _Ends(x_break, y_break, surrender_deficit)
    _refuse_undecided(x, y, a, b, ends)
    nx, ny = int(x), int(y)
    x_left, y_left = np.zeros(nx + 1), np.zeros(ny + 1)
    p_wins = p_loses = duration = 0.0
    i = np.arange(nx + 1)
    visited = np.zeros(nx + 1)  # chance of state (i, n - i)
    visited[nx] = 1.0
    for n in range(nx + ny, -1, -1):
        j = n - i
        there = (j >= 0) & (j <= ny)
        lost, won = ends.lost(i, j) & there, ends.won(i, j) & there
        over = lost | won
        ended = np.where(over, visited, 0.0)
        x_left += ended
        np.add.at(y_left, j[over], ended[over])
        p_loses += float(ended[lost].sum())
        p_wins += float(ended[won].sum())
        going = np.where(over | ~there, 0.0, visited)
        if not going.any():
            break
        units = np.maximum(j, 0)
        rate = _rate(law.value[0], i, units, float(a)) + _rate(law.value[1], units, i, float(b))
        duration += float((going[going > 0] / rate[going > 0]).sum())
        to_x = going * _share(law, i, units, a, b)
        visited = going - to_x
        visited[:-1] += to_x[1:]
    return StochasticOutcome(p_wins, p_loses, x_left, y_left, duration)


def strengths_distribution(
    x0: int,
    y0: int,
    a_per_s: float,
    b_per_s: float,
    time_s: float,
    law: Law = Law.SQUARE,
    *,
    x_break: int = 0,
    y_break: int = 0,
) -> Float64:
    """Return the chance of each state at one time, by uniformisation.

    Returns
    -------
    ``P[i, j]`` that X has i units and Y has j, shape (x0 + 1, y0 + 1), sum 1. Cost: states times
    (fastest rate times time); scalars only.
    """
    from scipy.special import gammaln  # noqa: PLC0415 - slow to import

    x, y = int(_units("x0", x0)), int(_units("y0", y0))
    a, b = float(coefficient("a_per_s", a_per_s)), float(coefficient("b_per_s", b_per_s))
    time = float(within("time_s", time_s, 0))
    ends = _Ends(x_break, y_break, None)
    i, j = np.ogrid[: x + 1, : y + 1]
    going = ~(ends.lost(i, j) | ends.won(i, j))
    on_x = np.where(going, _rate(law.value[0], i, j, a), 0.0)
    on_y = np.where(going, _rate(law.value[1], j, i, b), 0.0)
    state = np.zeros((x + 1, y + 1))
    state[x, y] = 1.0
    fastest = float((on_x + on_y).max())
    jumps = fastest * time
    if jumps == 0.0:
        return state
    most = int(jumps + 10.0 * np.sqrt(jumps) + 30.0)
    if most * state.size > MOST_WORK:
        raise OutsideValidityError(
            f"time_s is {time:g}, some {jumps:.3g} losses at the fastest rate, over {state.size} "
            "states; ask for fewer units or an earlier time, or use the deterministic law"
        )
    count = np.arange(most + 1)
    weight = np.exp(count * np.log(jumps) - jumps - gammaln(count + 1.0))
    on_x, on_y = on_x / fastest, on_y / fastest
    result = weight[0] * state
    for number in range(1, most + 1):
        lost_x, lost_y = state * on_x, state * on_y
        state = state - lost_x - lost_y
        state[:-1] += lost_x[1:]
        state[:, :-1] += lost_y[:, 1:]
        result += weight[number] * state
    distribution: Float64 = np.maximum(result, 0.0) / np.maximum(result, 0.0).sum()
    return distribution


class _Ends:
    """When a fight is over; on arrays of units left."""

    def __init__(self, x_break: int, y_break: int, deficit: int | None) -> None:
        self.x_break, self.y_break = whole("x_break", x_break), whole("y_break", y_break)
        self.deficit = np.inf if deficit is None else whole("surrender_deficit", deficit, 1)

    def lost(self, x: npt.NDArray[np.int64], y: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        beaten: npt.NDArray[np.bool_] = (x <= self.x_break) | (y - x >= self.deficit)
        return beaten

    def won(self, x: npt.NDArray[np.int64], y: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        beaten: npt.NDArray[np.bool_] = (y <= self.y_break) | (x - y >= self.deficit)
        return beaten & ~self.lost(x, y)


def _units(name: str, values: npt.ArrayLike) -> Float64:
    within(name, values, 0, MOST_UNITS)
    return whole(name, values)


def _refuse_undecided(x: Float64, y: Float64, a: Float64, b: Float64, ends: _Ends) -> None:
    if ((x <= ends.x_break) & (y <= ends.y_break)).any():
        raise OutsideValidityError(
            "x0 and y0 are both at their break points; one side must be able to fight"
        )
    if ((a == 0) & (b == 0)).any():
        raise OutsideValidityError("a and b are both 0; one side must be able to lose")


def _rate(powers: tuple[int, int], own: object, enemy: object, coefficient: object) -> Float64:
    rate: Float64 = (
        np.asarray(coefficient, np.float64)
        * np.asarray(own, np.float64) ** powers[0]
        * np.asarray(enemy, np.float64) ** powers[1]
    )
    return rate


def _share(law: Law, x: object, y: object, a: object, b: object) -> Float64:
    """Return the chance that the next loss is of X; 0 where nobody fires."""
    on_x, on_y = _rate(law.value[0], x, y, a), _rate(law.value[1], y, x, b)
    total = on_x + on_y
    share: Float64 = np.divide(on_x, total, out=np.zeros(total.shape), where=total > 0)
    return share


def _mean(chances: Float64) -> float:
    return float(chances @ np.arange(chances.size))
