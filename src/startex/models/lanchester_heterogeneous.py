"""Square law between several types of unit on each side.

Equation::

    dx_i/dt = -sum_j A_ij y_j      dy_j/dt = -sum_i B_ji x_i
    z(t + h) = exp(M h) z(t)      z = (x, y)      M = [[0, -A], [-B, 0]]

``x_i, y_j`` strengths by type, ``A_ij`` what one ``y_j`` takes of ``x_i`` a second with the share
of its fire that it gives to that type, ``B_ji`` likewise (1/s). A type that is exhausted is out;
the fire that was allotted to it is not shifted to others.

Source: J. G. Taylor, "Lanchester Models of Warfare" (1983), chapter on heterogeneous forces; the
matrix exponential by scipy.linalg.expm.

Validity: as the square law; a fixed allotment of fire. Left out: chance, shifting of fire.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.lanchester_outcome import Strengths
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]

MOST_STEPS = 1_000_000


def heterogeneous_strengths(
    x0: npt.ArrayLike,
    y0: npt.ArrayLike,
    x_loss_per_s: npt.ArrayLike,
    y_loss_per_s: npt.ArrayLike,
    time_s: npt.ArrayLike,
) -> Strengths:
    """Return the strengths by type at times from 0; a recursion over one fight.

    Parameters
    ----------
    x0, y0
        Strengths by type at the start, shapes (m,) and (n,).
    x_loss_per_s
        ``A``, shape (m, n): losses of each type of X from one unit of each type of Y.
    y_loss_per_s
        ``B``, shape (n, m).
    time_s
        Any shape s; need not be in order.

    Returns
    -------
    Strengths with ``x`` of shape s + (m,) and ``y`` of shape s + (n,).
    """
    x, y = np.atleast_1d(within("x0", x0, 0)), np.atleast_1d(within("y0", y0, 0))
    m, n = x.size, y.size
    on_x, on_y = within("x_loss_per_s", x_loss_per_s, 0), within("y_loss_per_s", y_loss_per_s, 0)
    if x.ndim != 1 or y.ndim != 1 or on_x.shape != (m, n) or on_y.shape != (n, m):
        raise OutsideValidityError(
            f"x_loss_per_s has shape {on_x.shape} and y_loss_per_s {on_y.shape}; "
            f"{m} types of X and {n} of Y need ({m}, {n}) and ({n}, {m})"
        )
    time = within("time_s", time_s, 0)
    matrix = np.zeros((m + n, m + n))
    matrix[:m, m:], matrix[m:, :m] = -on_x, -on_y
    asked, place = np.unique(time, return_inverse=True)
    found = np.empty((asked.size, m + n))
    now, state = 0.0, np.concatenate([x, y])
    for row, moment in enumerate(asked):
        state = _advance(matrix, state, moment - now)
        now, found[row] = moment, state
    strengths = found[place.ravel()].reshape(*time.shape, m + n)
    return Strengths(strengths[..., :m], strengths[..., m:])


def _advance(matrix: Float64, state: Float64, left_s: float) -> Float64:
    """Return the state after a time, stopping wherever a type is exhausted.

    In a step short against the rates a strength that falls through zero is still below it at the
    end of the step, so that no exhaustion is missed.
    """
    while left_s > 0.0:
        alive = np.where(state[:, None] > 0.0, matrix, 0.0)  # who is out loses no more
        scale = float(np.abs(alive).sum(axis=0).max())
        if not (alive @ state).any():
            return state
        if left_s * scale > MOST_STEPS:
            raise OutsideValidityError(
                f"time_s is {left_s * scale:g} times the shortest time of loss; "
                f"the model holds for at most {MOST_STEPS:g}"
            )
        state, spent = _until_exhaustion(alive, state, left_s, 0.5 / scale)
        left_s -= spent
    return state


def _until_exhaustion(
    matrix: Float64, state: Float64, left_s: float, step: float
) -> tuple[Float64, float]:
    """Return the state and the time spent, up to the first exhaustion or the end."""
    from scipy.linalg import expm  # noqa: PLC0415 - slow to import, needed by this law alone

    full: Float64 = expm(matrix * step)
    spent = 0.0
    while spent < left_s:
        length = min(step, left_s - spent)
        after = (full if length == step else expm(matrix * length)) @ state
        if (after < 0.0).any():
            low, high = 0.0, length
            while high - low > 1e-13 * length:
                middle = 0.5 * (low + high)
                if (expm(matrix * middle) @ state < 0.0).any():
                    high = middle
                else:
                    low = middle
            after = expm(matrix * high) @ state
            return np.maximum(after, 0.0), spent + high
        state, spent = after, spent + length
    return state, left_s
