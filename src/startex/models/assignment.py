"""Weapon-target assignment: which weapon at which target, least value left.

Equation::

    minimise sum_j V_j prod_i (1 - p_ij)^{x_ij}      sum_j x_ij = 1 for each weapon i

``V_j`` value of target j, ``p_ij`` chance that weapon i puts target j out of action (notionally),
``x_ij`` 1 where i goes at j.

Source: A. S. Manne, "A target-assignment problem", Operations Research 6 (1958); R. K. Ahuja and
others, "Exact and heuristic algorithms for the weapon-target assignment problem", Operations
Research 55 (2007).

`exact_assignment` is exact, by enumeration, for small problems only. `one_to_one_assignment` is
exact among the assignments with at most one weapon a target (scipy's Hungarian method).
`greedy_assignment` is a heuristic; it is exact where ``p_ij`` depends on the target alone. Ties go
to the lowest numbers. Left out: time, range, several shots of a weapon (repeat its row).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

MOST_ASSIGNMENTS = 20_000_000
"""Assignments that `exact_assignment` enumerates at most (8 weapons at 8 targets are 16.8 m)."""

NO_TARGET = -1


@dataclass(frozen=True, slots=True)
class Assignment:
    """Target of each weapon (-1 for none), shape (weapons,), and the mean value that is left."""

    target: Int64
    surviving_value: float


def surviving_value(values: npt.ArrayLike, p_kill: npt.ArrayLike, target: npt.ArrayLike) -> Float64:
    """Return the mean value left by assignments.

    Parameters
    ----------
    values
        Of targets, shape (t,).
    p_kill
        Shape (w, t).
    target
        Of each weapon, -1 for none, shape s + (w,).

    Returns
    -------
    Shape s.
    """
    worth, chances = _problem(values, p_kill)
    chosen = np.asarray(target)
    if chosen.shape[-1:] != chances.shape[:1]:
        raise OutsideValidityError(
            f"target has shape {chosen.shape}; {chances.shape[0]} weapons need that many on the "
            "last axis"
        )
    if not np.isin(chosen, np.arange(-1, worth.size)).all():
        raise OutsideValidityError(f"target names targets 0 to {worth.size - 1}, or -1 for none")
    left = np.broadcast_to(worth, (*chosen.shape[:-1], worth.size)).copy()
    number = np.arange(worth.size)
    for weapon, chance in enumerate(chances):
        left *= np.where(chosen[..., weapon, None] == number, 1.0 - chance, 1.0)
    total: Float64 = left.sum(axis=-1)
    return total


def exact_assignment(values: npt.ArrayLike, p_kill: npt.ArrayLike) -> Assignment:
    """Return the best assignment by enumeration; every weapon gets a target.

    Parameters
    ----------
    values
        Of targets, at least 0, shape (t,).
    p_kill
        Shape (w, t).

    Raises
    ------
    OutsideValidityError
        Also if there are more than 20 million assignments.
    """
    worth, chances = _problem(values, p_kill)
    weapons, targets = chances.shape
    if targets == 0 or weapons == 0:
        return Assignment(np.full(weapons, NO_TARGET), float(worth.sum()))
    if targets**weapons > MOST_ASSIGNMENTS:
        raise OutsideValidityError(
            f"{weapons} weapons at {targets} targets have {float(targets) ** weapons:.3g} "
            f"assignments; at most {MOST_ASSIGNMENTS:g} are enumerated: use greedy_assignment"
        )
    best, chosen = np.inf, np.zeros(weapons, dtype=np.int64)
    count, chunk = targets**weapons, 1 << 16
    for start in range(0, count, chunk):
        number = np.arange(start, min(start + chunk, count))
        left = np.broadcast_to(worth, (number.size, targets)).copy()
        rows = np.arange(number.size)
        digits = np.empty((weapons, number.size), dtype=np.int64)
        for weapon in range(weapons - 1, -1, -1):
            number, digits[weapon] = np.divmod(number, targets)
            left[rows, digits[weapon]] *= 1.0 - chances[weapon, digits[weapon]]
        total = left.sum(axis=1)
        row = int(total.argmin())
        if total[row] < best:
            best, chosen = float(total[row]), digits[:, row].copy()
    return Assignment(chosen, best)


def greedy_assignment(values: npt.ArrayLike, p_kill: npt.ArrayLike) -> Assignment:
    """Return the assignment that gives out weapons one by one, each time the greatest gain.

    A heuristic; exact where all weapons have the same chance at a target.
    """
    worth, chances = _problem(values, p_kill)
    target = np.full(chances.shape[0], NO_TARGET)
    left = worth.copy()
    free = np.ones(chances.shape[0], dtype=bool)
    while free.any() and worth.size:
        gain = np.where(free[:, None], chances * left, -1.0)
        weapon, chosen = np.unravel_index(int(gain.argmax()), gain.shape)
        target[weapon], free[weapon] = chosen, False
        left[chosen] *= 1.0 - chances[weapon, chosen]
    return Assignment(target, float(left.sum()))


def one_to_one_assignment(values: npt.ArrayLike, p_kill: npt.ArrayLike) -> Assignment:
    """Return the best assignment with at most one weapon a target and one target a weapon.

    Where there are more weapons than targets, the others get none (-1).
    """
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to import

    worth, chances = _problem(values, p_kill)
    gain = chances * worth
    weapons, chosen = linear_sum_assignment(gain, maximize=True)
    target = np.full(chances.shape[0], NO_TARGET)
    target[weapons] = chosen
    return Assignment(target, float(worth.sum() - gain[weapons, chosen].sum()))


def _problem(values: npt.ArrayLike, p_kill: npt.ArrayLike) -> tuple[Float64, Float64]:
    worth, chances = within("values", values, 0), within("p_kill", p_kill, 0, 1)
    if worth.ndim != 1 or chances.ndim != 2 or chances.shape[1] != worth.size:
        raise OutsideValidityError(
            f"p_kill has shape {chances.shape} and values {worth.shape}; weapons stand in rows, "
            "targets in columns, and each target has one value"
        )
    return worth, chances
