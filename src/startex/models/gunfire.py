"""Beall's model of naval gunfire and torpedoes: groups that fire by a plan, minute by minute.

Equation::

    F_i(t) = C_i S_i(t-1) / S_i(0)
    S_j(t) = max(0, S_j(t-1) - sum_i e_ij(t) F_i(t) - sum of pulses that arrive at t)
    pulse = e P_i S_i(launch - 1) / S_i(0)

``S`` staying power and ``C`` continuous firepower of a group, ``P`` power of a salvo of pulse
weapons (torpedoes, bombs), in one unit of destructive power (Beall takes thousand-pound bombs),
``e`` efficiency; ``t`` counts steps of one minute from 1. All fire of a step reads one state.

Source: T. R. Beall, "The development of a naval battle model and its validation using historical
data", Naval Postgraduate School (1990).

Left out: chance, single ships, magazines, loss of efficiency with damage. Losses are notional.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.foundation.errors import OutsideValidityError
from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fire:
    """Continuous fire of one group at another, in steps ``first`` to ``last`` (from 1, both in)."""

    firer: int
    target: int
    efficiency: float
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """One salvo of pulse weapons: launched in step ``launch``, arriving in step ``arrival``.

    ``power`` is that of the salvo of an undamaged group.
    """

    firer: int
    target: int
    power: float
    efficiency: float
    launch: int
    arrival: int


@dataclass(frozen=True, slots=True)
class Battle:
    """Course of a battle; both arrays have shape (steps + 1, groups), row 0 the start."""

    staying_power: Float64
    firepower: Float64


def battle(
    staying_power: npt.ArrayLike,
    firepower: npt.ArrayLike,
    fires: Sequence[Fire],
    steps: int,
    pulses: Sequence[Pulse] = (),
) -> Battle:
    """Return staying power and firepower of every group after each step; one recursion.

    Parameters
    ----------
    staying_power, firepower
        Of each group of both sides, shape (groups,); staying power above 0.
    fires, pulses
        Who fires at whom, groups by their index.
    steps
        Minutes.

    Raises
    ------
    OutsideValidityError
        Also for a group, step or efficiency that cannot be.
    """
    start, guns = np.broadcast_arrays(
        within("staying_power", staying_power, 0, above=True), within("firepower", firepower, 0)
    )
    if start.ndim != 1:
        raise OutsideValidityError(f"staying_power has shape {start.shape}; give one a group")
    number = int(whole("steps", steps))
    efficiency = fire_plan(fires, start.size, number)
    arriving = _launched(pulses, start.size)
    staying = np.empty((number + 1, start.size))
    staying[0] = start
    for step in range(1, number + 1):
        before = staying[step - 1]
        damage = (guns * before / start) @ efficiency[step - 1]
        for pulse in arriving:
            if pulse.arrival == step:
                share = staying[pulse.launch - 1, pulse.firer] / start[pulse.firer]
                damage[pulse.target] += pulse.efficiency * pulse.power * share
        staying[step] = np.maximum(before - damage, 0.0)
    return Battle(staying, guns * staying / start)


def fire_plan(fires: Sequence[Fire], groups: int, steps: int) -> Float64:
    """Return the efficiency of each group's fire at each other, shape (steps, firer, target)."""
    plan = np.zeros((steps, groups, groups))
    for fire in fires:
        _check(fire.firer, fire.target, groups)
        first, last = int(whole("first", fire.first, 1)), int(whole("last", fire.last, 1))
        within("last - first", last - first, 0)
        plan[first - 1 : last, fire.firer, fire.target] += within("efficiency", fire.efficiency, 0)
    return plan


def _launched(pulses: Sequence[Pulse], groups: int) -> list[Pulse]:
    for pulse in pulses:
        _check(pulse.firer, pulse.target, groups)
        within("power", pulse.power, 0)
        within("efficiency", pulse.efficiency, 0)
        whole("launch", pulse.launch, 1)
        whole("arrival - launch", pulse.arrival - pulse.launch)
    return list(pulses)


def _check(firer: int, target: int, groups: int) -> None:
    for name, group in (("firer", firer), ("target", target)):
        if not 0 <= group < groups:
            raise OutsideValidityError(f"{name} is {group}; groups are numbered 0 to {groups - 1}")
    if firer == target:
        raise OutsideValidityError(f"firer and target are both {firer}; a group fires at another")
