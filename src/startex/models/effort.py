"""Effort: the allocation of search over cells that finds best, and what it then knows.

Equation::

    P = sum_i p_i (1 - exp(-w_i y_i))                  (y_i effort in cell i, sum y_i = Y)
    w_i y_i = max(0, ln(p_i w_i / lambda))             (lambda such that the efforts add up)
    p'_i = p_i exp(-w_i y_i) / (1 - P)                 (after a search that found nothing)

    P = 1 - (1 + a) exp(-a)      a = sqrt(Y W / (pi s^2))       (circular normal, optimal)

``p_i`` probability that the target is in cell ``i``, ``w_i`` coverage that a unit of effort makes
there (sweep width times speed over the cell's area; 1 for equal cells with effort as coverage),
``y_i`` effort, ``z_i = w_i y_i`` coverage; ``Y W`` area swept (m2), ``s`` standard deviation of the
target's place along each axis (m).

Source: Koopman, "Search and Screening" (1946), chapter 3; Stone, "Theory of Optimal Search" (1975),
chapter 2: with exponential detection the greedy allocation is optimal at all times.

Validity: target at rest, detection exponential in the effort, effort that divides at will; ``p``
may add up to less than 1 (the target may be elsewhere). Left out: moving targets, cost of changing
cells, false targets.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Allocation:
    """A plan of search; ``effort`` and ``coverage`` have cells on the last axis."""

    effort: Float64
    coverage: Float64
    probability: Float64


def optimal_allocation(
    prior: npt.ArrayLike, total_effort: npt.ArrayLike, effectiveness: npt.ArrayLike = 1.0
) -> Allocation:
    """Return the allocation of effort over cells that finds most.

    Parameters
    ----------
    prior
        Probability that the target is in each cell; cells on the last axis, sum at most 1.
    total_effort
        Shape of ``prior`` without its last axis, or what broadcasts to it.
    effectiveness
        Coverage that a unit of effort makes in each cell, above 0; broadcasts to ``prior``.
    """
    chance, worth = np.broadcast_arrays(
        np.atleast_1d(_prior(prior)), within("effectiveness", effectiveness, 0, above=True)
    )
    total = within("total_effort", total_effort, 0)
    shape = np.broadcast_shapes(chance.shape[:-1], total.shape)
    total = np.broadcast_to(total, shape)
    chance = np.broadcast_to(chance, (*shape, chance.shape[-1]))
    worth = np.broadcast_to(worth, chance.shape)
    if not chance.shape[-1]:
        within("total_effort without a cell", total, 0, 0)
        return Allocation(np.zeros(chance.shape), np.zeros(chance.shape), np.zeros(shape))
    effort = _fill(chance, worth, total)
    cover = worth * effort
    return Allocation(effort, cover, -(chance * np.expm1(-cover)).sum(axis=-1))


def detection_probability(
    prior: npt.ArrayLike, effort: npt.ArrayLike, effectiveness: npt.ArrayLike = 1.0
) -> Float64:
    """Return the probability of detection by any allocation; the last axis, of cells, goes."""
    cover = within("effort", effort, 0) * within("effectiveness", effectiveness, 0)
    found: Float64 = -(_prior(prior) * np.expm1(-cover)).sum(axis=-1)
    return found


def posterior(
    prior: npt.ArrayLike, effort: npt.ArrayLike, effectiveness: npt.ArrayLike = 1.0
) -> Float64:
    """Return where the target is likely to be after a search that found nothing.

    Cells on the last axis; what ``prior`` lacks to 1, the chance of it to be elsewhere, grows too.
    """
    chance = _prior(prior)
    cover = within("effort", effort, 0) * within("effectiveness", effectiveness, 0)
    missed = 1.0 + (chance * np.expm1(-cover)).sum(axis=-1, keepdims=True)
    after: Float64 = chance * np.exp(-cover) / within("chance to miss", missed, 0, above=True)
    return after


def circular_normal_probability(swept_m2: npt.ArrayLike, deviation_m: npt.ArrayLike) -> Float64:
    """Return the probability of detection by optimal search around a normal datum.

    ``swept_m2`` is sweep width times way; arguments broadcast.
    """
    scaled = _scaled(swept_m2, deviation_m)
    chance: Float64 = -np.expm1(-scaled) - scaled * np.exp(-scaled)
    return chance


def circular_normal_radius_m(swept_m2: npt.ArrayLike, deviation_m: npt.ArrayLike) -> Float64:
    """Return the radius of the circle that optimal search around a normal datum covers, metres.

    Coverage falls from its centre to 0 at its edge as ``(R^2 - r^2) / (2 s^2)``.
    """
    radius: Float64 = np.asarray(deviation_m, np.float64) * np.sqrt(
        2.0 * _scaled(swept_m2, deviation_m)
    )
    return radius


def _scaled(swept_m2: npt.ArrayLike, deviation_m: npt.ArrayLike) -> Float64:
    scaled: Float64 = np.sqrt(within("swept_m2", swept_m2, 0) / np.pi) / within(
        "deviation_m", deviation_m, 0, above=True
    )
    return scaled


def _prior(prior: npt.ArrayLike) -> Float64:
    chance = within("prior", prior, 0, 1)
    within("sum of prior", chance.sum(axis=-1) if chance.ndim else chance, 0, 1.0 + 1e-9)
    return chance


def _fill(chance: Float64, worth: Float64, total: Float64) -> Float64:
    """Return the effort by cell: pour it where a unit finds most, until the levels are alike."""
    with np.errstate(divide="ignore"):
        rate = np.log(chance) + np.log(worth)  # their product may be too small for a number
    order = np.argsort(-rate, axis=-1, kind="stable")
    level = np.take_along_axis(rate, order, -1)  # falls along the axis
    wide = np.take_along_axis(1.0 / worth, order, -1)
    some = np.where(np.isfinite(level), level, 0.0)
    wide = np.where(np.isfinite(level), wide, 0.0)
    sum_wide, sum_level = np.cumsum(wide, axis=-1), np.cumsum(wide * some, axis=-1)
    # effort that brings the first n cells down to the level of the nth
    spent = np.where(np.isfinite(level), sum_level - sum_wide * some, np.inf)
    last = np.maximum((spent <= total[..., None]).sum(axis=-1) - 1, 0)[..., None]
    used = np.take_along_axis(sum_wide, last, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        price = (np.take_along_axis(sum_level, last, -1) - total[..., None]) / used
        effort = np.where(used > 0, np.maximum((rate - price) / worth, 0.0), 0.0)
    return np.where(chance > 0, effort, 0.0)
