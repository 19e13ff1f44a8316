"""Reliability and availability: of one thing, over time, and of so many out of a group.

Equation::

    A_i = MTBF / (MTBF + MTTR)        A_o = MTBF / (MTBF + MTTR + MLDT)
    A_a = MTBM / (MTBM + M)           R(t) = exp(-t / MTBF)
    A(t) = A + (A_0 - A) exp(-t (1 / MTBF + 1 / MDT)),  A = MTBF / (MTBF + MDT)
    P(k of n) = sum_{j >= k} C(n, j) p^j (1 - p)^(n - j)

``MTBF`` mean time between failures, ``MTTR`` mean time to repair, ``MLDT`` mean logistic delay,
``MTBM`` and ``M`` mean time between and of all maintenance, ``MDT`` mean time down; one unit of
time in a call. ``A_0`` availability at the start.

Source: US DoD, "Guide for Achieving Reliability, Availability and Maintainability" (2005);
MIL-HDBK-338B.

Validity: long-run means; R(t) and A(t) for exponential times. Left out: ageing, shared causes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


def inherent_availability(mtbf: npt.ArrayLike, mttr: npt.ArrayLike) -> Float64:
    """Return the availability with ideal support; arguments broadcast, one unit of time."""
    return operational_availability(mtbf, mttr, 0.0)


def operational_availability(
    mtbf: npt.ArrayLike, mttr: npt.ArrayLike, mldt: npt.ArrayLike
) -> Float64:
    """Return the availability with repair and logistic delay; broadcasts, one unit of time."""
    up = within("mtbf", mtbf, 0, above=True)
    share: Float64 = up / (up + within("mttr", mttr, 0) + within("mldt", mldt, 0))
    return share


def achieved_availability(mtbm: npt.ArrayLike, maintenance: npt.ArrayLike) -> Float64:
    """Return the availability with preventive maintenance; broadcasts, one unit of time.

    ``mtbm`` mean time between maintenance of any kind, ``maintenance`` its mean duration.
    """
    up = within("mtbm", mtbm, 0, above=True)
    share: Float64 = up / (up + within("maintenance", maintenance, 0))
    return share


def mtbf_for_availability(availability: npt.ArrayLike, down: npt.ArrayLike) -> Float64:
    """Return the mean time between failures that an availability asks for; arguments broadcast.

    ``down`` is the mean time down (repair and delay), in the unit of the result.
    """
    share = within("availability", availability, 0, 1, below=True)
    mtbf: Float64 = within("down", down, 0) * share / (1.0 - share)
    return mtbf


def reliability(time: npt.ArrayLike, mtbf: npt.ArrayLike) -> Float64:
    """Return the chance of no failure over a time; arguments broadcast, one unit of time."""
    chance: Float64 = np.exp(-within("time", time, 0) / within("mtbf", mtbf, 0, above=True))
    return chance


def availability_at(
    time: npt.ArrayLike,
    mtbf: npt.ArrayLike,
    down: npt.ArrayLike,
    at_start: npt.ArrayLike = 1.0,
) -> Float64:
    """Return the chance to be up at a time; arguments broadcast, one unit of time.

    ``down`` mean time down, above 0; ``at_start`` availability at time 0.
    """
    up, mean_down = within("mtbf", mtbf, 0, above=True), within("down", down, 0, above=True)
    settled = up / (up + mean_down)
    fading = np.exp(-within("time", time, 0) * (1.0 / up + 1.0 / mean_down))
    chance: Float64 = settled + (within("at_start", at_start, 0, 1) - settled) * fading
    return chance


def series_availability(shares: npt.ArrayLike) -> Float64:
    """Return the availability of parts that are all needed, over the last axis."""
    return np.asarray(np.prod(np.atleast_1d(within("shares", shares, 0, 1)), axis=-1))


def parallel_availability(shares: npt.ArrayLike) -> Float64:
    """Return the availability of parts of which one is enough, over the last axis."""
    return np.asarray(1.0 - np.prod(1.0 - np.atleast_1d(within("shares", shares, 0, 1)), axis=-1))


def at_least_available(
    needed: npt.ArrayLike, number: npt.ArrayLike, share: npt.ArrayLike
) -> Float64:
    """Return the chance that at least ``needed`` of ``number`` alike are up; broadcasts."""
    k, n, p = np.broadcast_arrays(
        whole("needed", needed, 0), whole("number", number, 0), within("share", share, 0, 1)
    )
    if (k > n).any():
        bad = np.argmax(k > n)
        raise OutsideValidityError(
            f"needed is {k.flat[bad]:g} of number {n.flat[bad]:g}; no more can be up than there are"
        )
    some = k > 0
    return np.where(
        some, special.betainc(np.where(some, k, 1.0), np.where(some, n - k + 1.0, 1.0), p), 1.0
    )
