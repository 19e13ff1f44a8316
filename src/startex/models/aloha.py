"""ALOHA: throughput of a channel that all use without asking.

Equation::

    S = G exp(-2 G)      at most 1 / (2 e) at G = 1/2      (pure)
    S = G exp(-G)        at most 1 / e at G = 1            (slotted)
    G = -W(-S)           (slotted; pure: half of it for twice S; W_0 the stable side)
    S = m p (1 - p)^(m - 1)                                (slotted, m stations)

``G`` packets tried in the time of a packet, ``S`` packets that get through in it, ``m`` stations
that each send in a slot with probability ``p``.

Source: Abramson, "The ALOHA System" (1970); Roberts (1975); Kleinrock, "Queueing Systems", volume
2. Validity: many stations, tries together Poisson, packets of one length, any overlap is lost.
Left out: capture of the stronger, carrier sense, the instability of what backs off too little.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

PURE_CAPACITY = 0.5 * np.exp(-1.0)
SLOTTED_CAPACITY = np.exp(-1.0)


def pure_throughput(offered: npt.ArrayLike) -> Float64:
    """Return the throughput of pure ALOHA, packets a packet's time; any shape."""
    load = within("offered", offered, 0)
    through: Float64 = load * pure_success(load)
    return through


def slotted_throughput(offered: npt.ArrayLike) -> Float64:
    """Return the throughput of slotted ALOHA, packets a slot; any shape."""
    load = within("offered", offered, 0)
    through: Float64 = load * slotted_success(load)
    return through


def pure_success(offered: npt.ArrayLike) -> Float64:
    """Return the probability that one try gets through in pure ALOHA; any shape.

    Its inverse is the mean number of tries.
    """
    chance: Float64 = np.exp(-2.0 * within("offered", offered, 0))
    return chance


def slotted_success(offered: npt.ArrayLike) -> Float64:
    """Return the probability that one try gets through in slotted ALOHA; any shape."""
    chance: Float64 = np.exp(-within("offered", offered, 0))
    return chance


def pure_offered(throughput: npt.ArrayLike) -> Float64:
    """Return the tries that a throughput of pure ALOHA takes, on its stable side; any shape."""
    half: Float64 = 0.5 * _offered(2.0 * within("throughput", throughput, 0, PURE_CAPACITY))
    return half


def slotted_offered(throughput: npt.ArrayLike) -> Float64:
    """Return the tries that a throughput of slotted ALOHA takes, on its stable side; any shape."""
    return _offered(within("throughput", throughput, 0, SLOTTED_CAPACITY))


def finite_slotted_throughput(stations: npt.ArrayLike, probability: npt.ArrayLike) -> Float64:
    """Return the throughput of slotted ALOHA with few stations; arguments broadcast."""
    count = whole("stations", stations, 1)
    chance = within("probability", probability, 0, 1)
    through: Float64 = count * chance * (1.0 - chance) ** (count - 1.0)
    return through


def _offered(throughput: Float64) -> Float64:
    from scipy.special import lambertw  # noqa: PLC0415

    with np.errstate(invalid="ignore"):
        load = -np.real(lambertw(-throughput))
    # at the capacity itself rounding passes the branch point, where there is no number
    stable: Float64 = np.where(throughput < SLOTTED_CAPACITY * (1.0 - 1e-15), load, 1.0)
    return stable
