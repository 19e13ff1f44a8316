"""Leakers: attackers that come through a defence, by how its shots are allotted.

Equation::

    even: E = e q^(k+1) + (N - e) q^k      k = I div N, e = I mod N, q = 1 - p
    random: E = N (1 - p / N)^I
    shoot-look-shoot: N - min(N, Bin(I, p))
    layers: E = N prod (1 - p_l)

``N`` attackers, ``I`` interceptors, ``p`` chance that one stops what it engages, ``E`` mean
leakers, ``p_l`` chance that layer ``l`` stops an attacker.

Source: A. R. Washburn and M. Kress, "Combat Modeling" (2009), chapters 2 and 9.

Validity: engagements independent. Left out: saturation of fire channels (queues.py), decoys,
kill assessment that errs (shootlook.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

MOST_ATTACKERS = 10_000
"""Of a distribution; means take any number."""

MOST_CELLS = 1e9
"""Attackers times interceptors times cases of `random_leakers`."""


@dataclass(frozen=True, slots=True)
class Leakers:
    """Leakers of a raid; ``probability`` of 0, 1, 2, ... stands on a last axis and sums to 1."""

    probability: Float64

    @property
    def expected(self) -> Float64:
        """Mean number of leakers."""
        mean: Float64 = self.probability @ np.arange(self.probability.shape[-1], dtype=np.float64)
        return mean

    @property
    def variance(self) -> Float64:
        """Variance of the number of leakers."""
        number = np.arange(self.probability.shape[-1], dtype=np.float64)
        spread: Float64 = self.probability @ number**2 - self.expected**2
        return np.maximum(spread, 0.0)

    @property
    def p_none(self) -> Float64:
        """Chance that nothing comes through."""
        return self.probability[..., 0][()]

    def p_at_most(self, number: int) -> Float64:
        """Return the chance of at most so many leakers."""
        chance: Float64 = self.probability[..., : int(whole("number", number)) + 1].sum(axis=-1)
        return chance


def even_leakers(
    attackers: npt.ArrayLike, interceptors: npt.ArrayLike, p_kill: npt.ArrayLike
) -> Leakers:
    """Return the leakers when interceptors are spread as evenly as possible; broadcasts."""
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    within("attackers", attackers, 0, MOST_ATTACKERS)
    n, each, extra, miss = _even(attackers, interceptors, p_kill)
    most = int(n.max(initial=0))
    number = np.arange(most + 1)
    more = binom.pmf(number, extra[..., None], (miss ** (each + 1.0))[..., None])
    fewer = binom.pmf(number, (n - extra)[..., None], (miss**each)[..., None])
    result = np.zeros_like(more)
    for k in range(most + 1):
        result[..., k:] += more[..., k : k + 1] * fewer[..., : most + 1 - k]
    return Leakers(result)


def expected_leakers_even(
    attackers: npt.ArrayLike, interceptors: npt.ArrayLike, p_kill: npt.ArrayLike
) -> Float64:
    """Return the mean leakers of an even allotment; arguments broadcast."""
    n, each, extra, miss = _even(attackers, interceptors, p_kill)
    mean: Float64 = extra * miss ** (each + 1.0) + (n - extra) * miss**each
    return mean


def random_leakers(
    attackers: npt.ArrayLike, interceptors: npt.ArrayLike, p_kill: npt.ArrayLike
) -> Leakers:
    """Return the leakers when each interceptor picks its attacker at random; broadcasts.

    Picks do not know of each other: one already stopped may be picked again. Cost: attackers times
    interceptors.
    """
    within("attackers", attackers, 0, MOST_ATTACKERS)
    n, shots, p = _raid(attackers, interceptors, p_kill)
    most, longest = int(n.max(initial=0)), int(shots.max(initial=0))
    if n.size * (most + 1.0) * longest > MOST_CELLS:
        raise OutsideValidityError(
            f"attackers is {most} and interceptors {longest}, in {n.size} raids; the distribution "
            "takes too long, ask for expected_leakers_random"
        )
    alive = np.arange(most + 1)
    chances = (alive == n[..., None]).astype(np.float64)
    stops = p[..., None] * alive / np.maximum(n[..., None], 1.0)
    for shot in range(longest):
        stopped = np.where(shot < shots[..., None], chances * stops, 0.0)
        chances = chances - stopped
        chances[..., :-1] += stopped[..., 1:]
    return Leakers(chances)


def expected_leakers_random(
    attackers: npt.ArrayLike, interceptors: npt.ArrayLike, p_kill: npt.ArrayLike
) -> Float64:
    """Return the mean leakers of a random allotment; arguments broadcast."""
    n, shots, p = _raid(attackers, interceptors, p_kill)
    mean: Float64 = n * (1.0 - p / np.maximum(n, 1.0)) ** shots
    return mean


def coordinated_leakers(
    attackers: npt.ArrayLike, interceptors: npt.ArrayLike, p_kill: npt.ArrayLike
) -> Leakers:
    """Return the leakers when each interceptor goes at an attacker known to live; broadcasts."""
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    within("attackers", attackers, 0, MOST_ATTACKERS)
    n, shots, p = (column[..., None] for column in _raid(attackers, interceptors, p_kill))
    number = np.arange(int(n.max(initial=0)) + 1)
    stopped = n - number
    some = np.where(number <= n, binom.pmf(stopped, shots, p), 0.0)
    return Leakers(np.where(number == 0, binom.sf(n - 1.0, shots, p), some))


def layered_leakers(attackers: int, p_stop: npt.ArrayLike) -> Leakers:
    """Return the leakers through layers, each of which stops an attacker with its own chance.

    ``attackers`` a scalar, ``p_stop`` by layer on the last axis.
    """
    from scipy.stats import binom  # noqa: PLC0415 - slow to import

    number = int(whole("attackers", within("attackers", attackers, 0, MOST_ATTACKERS)))
    stops = np.atleast_1d(within("p_stop", p_stop, 0, 1))
    through = np.prod(1.0 - stops, axis=-1)[..., None]
    return Leakers(binom.pmf(np.arange(number + 1), number, through))


def interceptors_needed(
    attackers: npt.ArrayLike, p_kill: npt.ArrayLike, p_none: npt.ArrayLike
) -> Float64:
    """Return the interceptors, the same number at each attacker, that stop all with a chance.

    ``p_none`` is the chance that nothing comes through, below 1; ``p_kill`` above 0. Broadcasts.
    """
    from startex.models.rounds import rounds_required  # noqa: PLC0415

    n = whole("attackers", attackers, 1)
    wanted = within("p_none", p_none, 0, 1)
    number: Float64 = n * rounds_required(p_kill, wanted ** (1.0 / n))
    return number


def _raid(
    attackers: npt.ArrayLike, interceptors: npt.ArrayLike, p_kill: npt.ArrayLike
) -> tuple[Float64, Float64, Float64]:
    n, shots, p = np.broadcast_arrays(
        whole("attackers", attackers),
        whole("interceptors", interceptors),
        within("p_kill", p_kill, 0, 1),
    )
    return n, shots, p


def _even(
    attackers: npt.ArrayLike, interceptors: npt.ArrayLike, p_kill: npt.ArrayLike
) -> tuple[Float64, Float64, Float64, Float64]:
    n, shots, p = _raid(attackers, interceptors, p_kill)
    each = shots // np.maximum(n, 1.0)
    extra = np.where(n > 0, shots - each * n, 0.0)
    return n, each, extra, 1.0 - p
