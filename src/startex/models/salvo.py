"""Hughes's salvo model: forces that exchange pulses of missiles, deterministic.

Equation::

    S = sigma_A alpha A rho h      shots of A that would hit
    D = tau_B y B                  shots that B can engage
    N = max(0, S - P min(S, D))    hits that come through
    dB = N / b      B' = max(0, B - dB)

``A, B`` ships, ``alpha`` offensive power (shots a ship), ``sigma`` scouting and ``tau`` readiness
(0 to 1), ``rho`` reliability of launch, ``h`` chance of a hit, ``y`` defensive power (shots that a
ship can engage), ``P`` chance that an engaged shot is stopped, ``b`` staying power (hits that put
a ship out of action). ``P = 1``, ``rho = h = 1`` is the basic model; ``P < 1`` lets leakers
through. Losses are notional, in ships; above the number there are they say by how much a force was
overkilled.

Source: W. P. Hughes, "A salvo model of warships in missile combat used to evaluate their staying
power", Naval Research Logistics 42 (1995); leakers as in Y. M. Tiah, "An analysis of small navy
tactics using a modified Hughes salvo model", Naval Postgraduate School (2007).

Validity: shots spread evenly, defence shared by the whole force, damage in proportion to hits. Left
out: chance (salvo_stochastic.py), magazines, whole ships (strengths are fractions).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Force:
    """One side of an exchange; fields broadcast with each other and with the other side's.

    Attributes
    ----------
    ships
        Ships (or batteries), may be a fraction.
    offensive_power, defensive_power
        Shots that a ship fires, and that it can engage, in one salvo.
    staying_power
        Hits that put a ship out of action.
    scouting, readiness
        Shares of offensive power that finds targets, and of defensive power that is alert.
    reliability, hit_probability
        Of a shot launched by this force.
    intercept_probability
        That a shot this force engages is stopped.
    """

    ships: npt.ArrayLike
    offensive_power: npt.ArrayLike
    defensive_power: npt.ArrayLike
    staying_power: npt.ArrayLike
    scouting: npt.ArrayLike = 1.0
    readiness: npt.ArrayLike = 1.0
    reliability: npt.ArrayLike = 1.0
    hit_probability: npt.ArrayLike = 1.0
    intercept_probability: npt.ArrayLike = 1.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """One exchange of salvos; arrays of one shape, ships.

    ``a_loss, b_loss`` are not capped: more than a force has is overkill. ``a_left, b_left`` are.
    """

    a_loss: Float64
    b_loss: Float64
    a_left: Float64
    b_left: Float64


def striking_power(attacker: Force) -> Float64:
    """Return the shots of a salvo that would hit were there no defence."""
    power: Float64 = (
        within("ships", attacker.ships, 0)
        * within("offensive_power", attacker.offensive_power, 0)
        * within("scouting", attacker.scouting, 0, 1)
        * within("reliability", attacker.reliability, 0, 1)
        * within("hit_probability", attacker.hit_probability, 0, 1)
    )
    return power


def defending_power(defender: Force) -> Float64:
    """Return the shots of one salvo that a force can engage."""
    power: Float64 = (
        within("ships", defender.ships, 0)
        * within("defensive_power", defender.defensive_power, 0)
        * within("readiness", defender.readiness, 0, 1)
    )
    return power


def hits(attacker: Force, defender: Force) -> Float64:
    """Return the hits of one salvo that come through the defence."""
    striking, defending = striking_power(attacker), defending_power(defender)
    stopped = within("intercept_probability", defender.intercept_probability, 0, 1)
    through: Float64 = np.maximum(striking - stopped * np.minimum(striking, defending), 0.0)
    return through


def losses(attacker: Force, defender: Force) -> Float64:
    """Return the ships that one salvo puts out of action, not capped by those there are."""
    ships: Float64 = hits(attacker, defender) / within(
        "staying_power", defender.staying_power, 0, above=True
    )
    return ships


def exchange(a: Force, b: Force) -> Exchange:
    """Return the losses of both sides when both fire at once."""
    return _exchange(a, b, losses(b, a), losses(a, b))


def first_strike(attacker: Force, defender: Force) -> Exchange:
    """Return the exchange when the defender fires only with what survives the attacker's salvo.

    The attacker is side A of the result.
    """
    lost = losses(attacker, defender)
    left = np.maximum(np.asarray(defender.ships, np.float64) - lost, 0.0)
    return _exchange(attacker, defender, losses(replace(defender, ships=left), attacker), lost)


def salvos(a: Force, b: Force, number: int) -> tuple[Float64, Float64]:
    """Return the ships of both sides before and after each of a number of exchanges.

    Returns
    -------
    Ships of A and of B, each of shape (number + 1,) + the common shape; row 0 is the start.
    """
    count = int(whole("number", number))
    ships_a, ships_b = np.broadcast_arrays(*_ships(exchange(a, b), a, b))
    rows_a, rows_b = [ships_a], [ships_b]
    for _ in range(count):
        step = exchange(replace(a, ships=rows_a[-1]), replace(b, ships=rows_b[-1]))
        rows_a.append(step.a_left)
        rows_b.append(step.b_left)
    return np.stack(rows_a), np.stack(rows_b)


def fractional_exchange_ratio(result: Exchange, a: Force, b: Force) -> Float64:
    """Return B's share lost over A's share lost, losses not capped; above 1 favours A.

    inf where A loses nothing, nan where neither does.
    """
    ships_a = within("ships", a.ships, 0, above=True)
    ships_b = within("ships", b.ships, 0, above=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Float64 = (result.b_loss / ships_b) / (result.a_loss / ships_a)
    return ratio


def attackers_needed(attacker: Force, defender: Force) -> Float64:
    """Return the attacker's ships whose one salvo just puts the whole defender out of action.

    ``attacker.ships`` does not count. inf where no number suffices (all that is engaged is
    stopped though nothing gets by, or the attacker cannot strike at all).
    """
    each = striking_power(replace(attacker, ships=1.0))
    defending = defending_power(defender)
    stopped = within("intercept_probability", defender.intercept_probability, 0, 1)
    wanted = within("ships", defender.ships, 0) * within(
        "staying_power", defender.staying_power, 0, above=True
    )
    leaking = (1.0 - stopped) * defending  # hits when the defence is just saturated
    with np.errstate(divide="ignore", invalid="ignore"):
        shots = np.where(wanted >= leaking, wanted + stopped * defending, wanted / (1.0 - stopped))
        needed = np.where(each > 0, shots / each, np.inf)
    return np.where(wanted == 0, 0.0, needed)[()]


def _exchange(a: Force, b: Force, a_loss: Float64, b_loss: Float64) -> Exchange:
    a_left = np.maximum(np.asarray(a.ships, np.float64) - a_loss, 0.0)
    b_left = np.maximum(np.asarray(b.ships, np.float64) - b_loss, 0.0)
    columns = np.broadcast_arrays(a_loss, b_loss, a_left, b_left)
    return Exchange(*(column[()] for column in columns))


def _ships(result: Exchange, a: Force, b: Force) -> tuple[Float64, Float64]:
    shape = result.a_left.shape
    return (
        np.broadcast_to(np.asarray(a.ships, np.float64), shape),
        np.broadcast_to(np.asarray(b.ships, np.float64), shape),
    )
