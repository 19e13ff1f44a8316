"""Stochastic salvo: the salvo model with binomial hits and intercepts, exact distributions.

Equation::

    X ~ Bin(n, p)      Z ~ Bin(m, q)      N = max(0, X - Z)      loss = min(B, N / w)

``n`` shots, each on target with chance ``p``; ``m`` intercepts tried, each successful with ``q``;
``N`` hits, ``w`` staying power (hits a ship), ``B`` ships there. Losses are fractions of ships, or
whole ships with ``floor(N / w)``.

Source: M. J. Armstrong, "A stochastic salvo model for naval surface combat", Operations Research 53
(2005); the binomial form is exact where Armstrong's closed form takes a normal one.

Validity: shots independent of each other, spread evenly, every intercept takes one shot that would
have hit. Left out: damage that varies from hit to hit; `salvos_distribution` forgets damage short
of a whole ship from one salvo to the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

MOST_SHOTS = 20_000
MOST_CELLS = 1e8
_MOST_TRIES = 500  # up to which products of powers neither overflow nor vanish


@dataclass(frozen=True, slots=True)
class LossDistribution:
    """Losses of one salvo; the last axis is the number of hits, from 0 to the most shots.

    ``probability`` sums to 1 over the last axis; ``loss`` (ships) never decreases along it and is
    capped at the ships there are.
    """

    loss: Float64
    probability: Float64
    targets: Float64

    @property
    def mean(self) -> Float64:
        """Mean loss, ships."""
        mean: Float64 = (self.loss * self.probability).sum(axis=-1)
        return mean

    @property
    def variance(self) -> Float64:
        """Variance of the loss, ships squared."""
        spread: Float64 = ((self.loss - self.mean[..., None]) ** 2 * self.probability).sum(axis=-1)
        return spread

    @property
    def p_no_loss(self) -> Float64:
        """Chance that nothing is lost."""
        chance: Float64 = np.where(self.loss <= 0, self.probability, 0.0).sum(axis=-1)
        return chance

    @property
    def p_all_lost(self) -> Float64:
        """Chance that every target is out of action."""
        all_out = self.loss >= self.targets[..., None]
        chance: Float64 = np.where(all_out, self.probability, 0.0).sum(axis=-1)
        return chance


@dataclass(frozen=True, slots=True)
class WholeForce:
    """One side of a series of exchanges, in whole ships and shots (scalars).

    ``shots`` and ``intercepts`` a ship and salvo, ``staying_power`` in hits a ship.
    """

    ships: int
    shots: int
    intercepts: int
    staying_power: int
    hit_probability: float
    intercept_probability: float


def _binomial(number: npt.NDArray[np.int64], tries: Float64, chance: Float64) -> Float64:
    """Return the binomial probability of a number of successes; arguments broadcast."""
    if tries.max(initial=0.0) > _MOST_TRIES:
        from scipy.stats import binom  # noqa: PLC0415 - slow to import

        far: Float64 = binom.pmf(number, tries, chance)
        return far
    from scipy.special import binom as choose  # noqa: PLC0415 - slow to import

    misses = np.maximum(tries - number, 0.0)
    found: Float64 = choose(tries, number) * chance**number * (1.0 - chance) ** misses
    return np.where(number <= tries, found, 0.0)


def hits_distribution(
    shots: npt.ArrayLike,
    p_hit: npt.ArrayLike,
    intercepts: npt.ArrayLike = 0,
    p_intercept: npt.ArrayLike = 0.0,
) -> Float64:
    """Return the chances of 0, 1, 2, ... hits after intercepts; arguments broadcast.

    Returns
    -------
    Shape of the arguments + (most shots + 1,); sums to 1 over the last axis.
    """
    within("shots", shots, 0, MOST_SHOTS)
    within("intercepts", intercepts, 0, MOST_SHOTS)
    n, p, m, q = np.broadcast_arrays(
        whole("shots", shots),
        within("p_hit", p_hit, 0, 1),
        whole("intercepts", intercepts),
        within("p_intercept", p_intercept, 0, 1),
    )
    most = int(n.max(initial=0))
    if n.size * (most + 1.0) > MOST_CELLS:
        raise OutsideValidityError(
            f"shots is {most} in {n.size} salvos; the distribution holds at most {MOST_CELLS:g} "
            "chances: ask for fewer salvos at once"
        )
    hits = _binomial(np.arange(most + 1), n[..., None], p[..., None])
    stopped = np.zeros_like(hits)
    tries = int(m.max(initial=0))
    at_most = hits.cumsum(axis=-1)
    before = np.zeros(n.shape)
    for z in range(min(tries, most) + 1):
        weight = _binomial(np.array(z), m, q)[..., None]
        before = before + weight[..., 0]
        stopped[..., 1 : most + 1 - z] += weight * hits[..., z + 1 :]
        stopped[..., 0] += weight[..., 0] * at_most[..., z]
    stopped[..., 0] += np.maximum(1.0 - before, 0.0)  # more intercepts than there can be hits
    chances: Float64 = stopped / stopped.sum(axis=-1, keepdims=True)
    return chances


def loss_distribution(
    shots: npt.ArrayLike,
    p_hit: npt.ArrayLike,
    intercepts: npt.ArrayLike,
    p_intercept: npt.ArrayLike,
    targets: npt.ArrayLike,
    staying_power: npt.ArrayLike,
    *,
    whole_ships: bool = False,
) -> LossDistribution:
    """Return the distribution of the losses of one salvo; arguments broadcast.

    Parameters
    ----------
    shots, intercepts
        Of the whole forces, whole numbers to 20,000.
    p_hit, p_intercept
        Of each.
    targets
        Ships there.
    staying_power
        Hits a ship, above 0.
    whole_ships
        Count only whole ships out of action.
    """
    *rest, ships, staying = np.broadcast_arrays(
        np.asarray(shots),
        np.asarray(p_hit),
        np.asarray(intercepts),
        np.asarray(p_intercept),
        within("targets", targets, 0),
        within("staying_power", staying_power, 0, above=True),
    )
    chances = hits_distribution(*rest)
    loss = np.arange(chances.shape[-1]) / staying[..., None]
    if whole_ships:
        loss = np.floor(loss * (1.0 + 1e-12))
    return LossDistribution(np.minimum(loss, ships[..., None]), chances, ships)


def salvos_distribution(a: WholeForce, b: WholeForce, number: int) -> Float64:
    """Return the chance of each pair of ships left after each of a number of exchanges.

    Returns
    -------
    ``P[s, i, j]`` that A has i ships and B has j after s exchanges, shape (number + 1,
    a.ships + 1, b.ships + 1); each ``P[s]`` sums to 1.
    """
    count = int(whole("number", number))
    most_a, most_b = int(whole("ships", a.ships)), int(whole("ships", b.ships))
    i, j = np.meshgrid(np.arange(most_a + 1), np.arange(most_b + 1), indexing="ij")
    to_a, to_b = _left(i, a, j, b), _left(j, b, i, a)
    state = np.zeros((most_a + 1, most_b + 1))
    state[most_a, most_b] = 1.0
    result = [state]
    for _ in range(count):
        state = np.einsum("ij,ijk,ijl->kl", state, to_a, to_b, optimize=True)
        result.append(state)
    return np.stack(result)


def _left(
    ships: npt.NDArray[np.int64], own: WholeForce, enemies: npt.NDArray[np.int64], enemy: WholeForce
) -> Float64:
    """Return the chance of each number of ships left, last axis, on a grid of ships."""
    found = loss_distribution(
        enemies * whole("shots", enemy.shots),
        enemy.hit_probability,
        ships * whole("intercepts", own.intercepts),
        own.intercept_probability,
        ships,
        whole("staying_power", own.staying_power, 1),
        whole_ships=True,
    )
    left = (ships[..., None] - found.loss).astype(np.int64)
    chances = np.zeros((*ships.shape, int(ships.max(initial=0)) + 1))
    for number in range(chances.shape[-1]):
        chances[..., number] = np.where(left == number, found.probability, 0.0).sum(axis=-1)
    return chances
