"""Stock of spares: Poisson pipelines, fill and ready rate, backorders, the METRIC of two echelons.

Equation::

    X ~ Poisson(m),  m = demand x turnaround                             (Palm)
    ready rate = P(X <= s)       fill rate = P(X < s)
    EBO(s) = sum_{x > s} (x - s) P(x) = m P(X >= s) - s P(X > s)
    depot:  m0 = T0 sum_j l_j (1 - r_j)
    base:   m_j = l_j (r_j T_j + (1 - r_j) (O_j + EBO(s0) / sum_k l_k (1 - r_k)))

``m`` mean number in the pipeline, ``s`` stock; ``l`` demand (1/s), ``r`` share repaired at the
base, ``T`` repair times at base and depot, ``O`` time from order to delivery (s).

Source: Sherbrooke, "METRIC", Operations Research 16 (1968), and "Optimal Inventory Modeling of
Systems", chapters 2 and 3; Palm's theorem.

Validity: independent demands one at a time, one for one resupply, ample repair capacity. Left
out: the variance of delayed orders at the bases (VARI-METRIC), indentures, cannibalisation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stock:
    """What a stock does; arrays of one shape.

    ``ready_rate`` chance that nobody waits, ``fill_rate`` share of demands filled at once.
    """

    ready_rate: Float64
    fill_rate: Float64
    expected_backorders: Float64
    backorder_variance: Float64
    expected_on_hand: Float64


@dataclass(frozen=True, slots=True)
class TwoEchelons:
    """A depot and its bases. Depot arrays of the leading shape (...), base arrays (..., bases)."""

    depot_pipeline: Float64
    depot_backorders: Float64
    base_pipeline: Float64
    base_backorders: Float64


def pipeline_mean(demand_per_s: npt.ArrayLike, turnaround_s: npt.ArrayLike) -> Float64:
    """Return the mean number in repair or resupply; arguments broadcast."""
    mean: Float64 = within("demand_per_s", demand_per_s, 0) * within(
        "turnaround_s", turnaround_s, 0
    )
    return mean


def poisson_stock(mean: npt.ArrayLike, stock: npt.ArrayLike) -> Stock:
    """Return the rates and backorders of a stock; arguments broadcast.

    ``mean`` number in the pipeline, ``stock`` a whole number.
    """
    m, s = np.broadcast_arrays(within("mean", mean, 0), whole("stock", stock, 0))
    least, more = _at_least(s, m), _at_least(s + 1.0, m)
    backorders = np.maximum(m * least - s * more, 0.0)
    square = m**2 * _at_least(s - 1.0, m) + (m - 2.0 * s * m) * least + s**2 * more
    variance = np.maximum(square - backorders**2, 0.0)
    return Stock(1.0 - more, 1.0 - least, backorders, variance, backorders + s - m)


def expected_backorders(mean: npt.ArrayLike, stock: npt.ArrayLike) -> Float64:
    """Return the mean number of demands that wait; arguments broadcast."""
    return poisson_stock(mean, stock).expected_backorders


def stock_for_ready_rate(mean: npt.ArrayLike, ready_rate: npt.ArrayLike) -> Float64:
    """Return the least stock with at least this chance that nobody waits; arguments broadcast."""
    m, goal = np.broadcast_arrays(
        within("mean", mean, 0), within("ready_rate", ready_rate, 0, 1, below=True)
    )
    some = np.where(m > 0, m, 1.0)
    high = np.ceil(special.pdtrik(goal, some))
    high = np.where(high > 0, high, 0.0)  # below 0 or nan where no stock meets the goal
    low = np.maximum(high - 1.0, 0.0)
    return np.where(m > 0, np.where(special.pdtr(low, some) >= goal, low, high), 0.0)


def stock_for_fill_rate(mean: npt.ArrayLike, fill_rate: npt.ArrayLike) -> Float64:
    """Return the least stock that fills this share of demands at once; arguments broadcast.

    0 where the share is 0; otherwise one more than for the same ready rate.
    """
    goal = within("fill_rate", fill_rate, 0, 1, below=True)
    return np.where(goal > 0, stock_for_ready_rate(mean, goal) + 1.0, 0.0)


def metric(
    demand_per_s: npt.ArrayLike,
    base_repair_share: npt.ArrayLike,
    base_repair_s: npt.ArrayLike,
    order_and_ship_s: npt.ArrayLike,
    depot_repair_s: npt.ArrayLike,
    depot_stock: npt.ArrayLike,
    base_stock: npt.ArrayLike,
) -> TwoEchelons:
    """Return pipelines and backorders of one item at a depot and its bases.

    Parameters
    ----------
    demand_per_s, base_repair_share, base_repair_s, order_and_ship_s, base_stock
        By base, shape (..., bases); they broadcast against each other.
    depot_repair_s, depot_stock
        Of the depot; broadcast against the leading axes (...).
    """
    demand, share, repair, order, stock = np.broadcast_arrays(
        np.atleast_1d(within("demand_per_s", demand_per_s, 0)),
        within("base_repair_share", base_repair_share, 0, 1),
        within("base_repair_s", base_repair_s, 0),
        within("order_and_ship_s", order_and_ship_s, 0),
        whole("base_stock", base_stock, 0),
    )
    sent = demand * (1.0 - share)
    total = sent.sum(axis=-1)
    depot_mean = pipeline_mean(total, depot_repair_s)
    waiting = expected_backorders(depot_mean, depot_stock)
    delay = waiting / np.where(total > 0, total, 1.0)
    base_mean = demand * share * repair + sent * (order + delay[..., None])
    return TwoEchelons(
        np.broadcast_to(depot_mean, waiting.shape),
        waiting,
        base_mean,
        expected_backorders(base_mean, stock),
    )


def availability_from_backorders(
    backorders: npt.ArrayLike, platforms: npt.ArrayLike, per_platform: npt.ArrayLike = 1
) -> Float64:
    """Return the share of platforms that lack no part, over the items on the last axis.

    ``backorders`` of each item, shape (..., items), spread evenly over so many platforms that
    carry ``per_platform`` of each. Shape (...) results.
    """
    parts = whole("per_platform", per_platform, 1)
    holes = within("backorders", backorders, 0) / (whole("platforms", platforms, 1) * parts)
    share = np.atleast_1d(np.maximum(1.0 - holes, 0.0) ** parts)
    return np.asarray(np.prod(share, axis=-1))


def _at_least(number: Float64, mean: Float64) -> Float64:
    """Return P(X >= number) of a Poisson variable, exact in the far tail too."""
    some = number >= 1.0
    return np.where(some, special.gammainc(np.where(some, number, 1.0), mean), 1.0)
