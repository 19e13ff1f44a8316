"""Exchange of losses: ratios of a fight, the kill ratio that laws of attrition imply, outcomes.

Equation::

    force ratio = S_A / S_D      LER = L_D / L_A      FER = (L_D / S_D) / (L_A / S_A)
    square law       e = (Y0^2 - Y^2) / (X0^2 - X^2)
    linear law       e = (Y0 - Y) / (X0 - X)
    logarithmic law  e = ln(Y0 / Y) / ln(X0 / X)

``S`` strengths and ``L`` losses of attacker and defender; ``X`` own and ``Y`` enemy strength,
before (0) and after; ``e`` effectiveness of one own over that of one enemy.

Source: definitions as in Dupuy, "Understanding War", and in the CDB90 data base of battles;
F. W. Lanchester, "Aircraft in Warfare" (1916), for the laws.

Validity: strengths above 0, losses within them. One battle does not prove a law: the implied
ratio is the one with which the law, if it held, gives these losses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import within

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Exchange:
    """Ratios of fights; arrays of one shape. A ratio over nothing lost is inf, of nothing nan."""

    force_ratio: Float64
    loss_exchange_ratio: Float64
    fractional_exchange_ratio: Float64
    attacker_loss_share: Float64
    defender_loss_share: Float64


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Counts over the last axis; ``share_of_decided`` won, nan where none is decided."""

    won: Int64
    drawn: Int64
    lost: Int64
    unknown: Int64
    share_of_decided: Float64


def exchange(
    attacker_strength: npt.ArrayLike,
    defender_strength: npt.ArrayLike,
    attacker_losses: npt.ArrayLike,
    defender_losses: npt.ArrayLike,
) -> Exchange:
    """Return the ratios of fights; arguments broadcast. LER and FER above 1 favour the attacker."""
    attackers, defenders, lost, killed = np.broadcast_arrays(
        within("attacker_strength", attacker_strength, 0, above=True),
        within("defender_strength", defender_strength, 0, above=True),
        within("attacker_losses", attacker_losses, 0),
        within("defender_losses", defender_losses, 0),
    )
    own = within("attacker_losses / attacker_strength", lost / attackers, 0, 1)
    other = within("defender_losses / defender_strength", killed / defenders, 0, 1)
    return Exchange(attackers / defenders, _ratio(killed, lost), _ratio(other, own), own, other)


def implied_square_ratio(
    own_strength: npt.ArrayLike,
    own_losses: npt.ArrayLike,
    enemy_strength: npt.ArrayLike,
    enemy_losses: npt.ArrayLike,
) -> Float64:
    """Return the effectiveness, own over enemy, that the square law implies; broadcasts.

    inf where only the enemy lost, nan where nobody did.
    """
    x0, x, y0, y = _checked(own_strength, own_losses, enemy_strength, enemy_losses)
    return _ratio(y * (2.0 * y0 - y), x * (2.0 * x0 - x))


def implied_linear_ratio(
    own_strength: npt.ArrayLike,
    own_losses: npt.ArrayLike,
    enemy_strength: npt.ArrayLike,
    enemy_losses: npt.ArrayLike,
) -> Float64:
    """Return the effectiveness, own over enemy, that the linear law implies; broadcasts.

    inf where only the enemy lost, nan where nobody did.
    """
    _, x, _, y = _checked(own_strength, own_losses, enemy_strength, enemy_losses)
    return _ratio(y, x)


def implied_logarithmic_ratio(
    own_strength: npt.ArrayLike,
    own_losses: npt.ArrayLike,
    enemy_strength: npt.ArrayLike,
    enemy_losses: npt.ArrayLike,
) -> Float64:
    """Return the effectiveness, own over enemy, that the logarithmic law implies; broadcasts.

    inf where only the enemy lost, nan where nobody did or both sides are destroyed.
    """
    x0, x, y0, y = _checked(own_strength, own_losses, enemy_strength, enemy_losses)
    with np.errstate(divide="ignore"):
        return _ratio(-np.log1p(-y / y0), -np.log1p(-x / x0))


def outcomes(results: npt.ArrayLike) -> Outcomes:
    """Count results over the last axis: 1 won, 0 drawn, -1 lost, nan unknown."""
    result = np.atleast_1d(np.asarray(results, dtype=np.float64))
    known = ~np.isnan(result)
    if not np.isin(result[known], (-1.0, 0.0, 1.0)).all():
        odd = result[known & ~np.isin(result, (-1.0, 0.0, 1.0))][0]
        raise OutsideValidityError(f"results hold {odd:g}; they are 1, 0, -1 or nan")
    won, drawn, lost = (np.asarray((result == mark).sum(axis=-1)) for mark in (1, 0, -1))
    unknown = np.asarray((~known).sum(axis=-1))
    return Outcomes(won, drawn, lost, unknown, _ratio(won, won + lost))


def _checked(
    own: npt.ArrayLike, own_losses: npt.ArrayLike, enemy: npt.ArrayLike, enemy_losses: npt.ArrayLike
) -> tuple[Float64, Float64, Float64, Float64]:
    """Return strengths and losses of one shape: own, then the enemy's."""
    x0, x, y0, y = np.broadcast_arrays(
        within("own_strength", own, 0, above=True),
        within("own_losses", own_losses, 0),
        within("enemy_strength", enemy, 0, above=True),
        within("enemy_losses", enemy_losses, 0),
    )
    within("own_strength - own_losses", x0 - x, 0)
    within("enemy_strength - enemy_losses", y0 - y, 0)
    return x0, x, y0, y


def _ratio(over: npt.NDArray[np.generic], under: npt.NDArray[np.generic]) -> Float64:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Float64 = np.asarray(over, np.float64) / np.asarray(under, np.float64)
    return ratio
