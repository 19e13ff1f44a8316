"""Defence against raids of missiles: what a group can engage, and how it is allotted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.forces.armament_figures import AGAINST, WEAPON_KINDS
from startex.forces.armament_tables import Armament
from startex.models.rounds import kill_probability

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Defence:
    """Defensive power of types of platform (Hughes), shape (types,).

    ``intercepts`` missiles of one raid that a platform can engage: its channels, each once;
    ``chance`` that one so engaged is stopped, the mean over its weapons.
    """

    intercepts: Int64
    chance: Float64


def defence_of(armament: Armament) -> Defence:
    """Return the defensive power of all types, from their weapons against missiles.

    Missiles are fired in their usual salvo, guns a burst, which counts as one shot. Magazines are
    taken as full.
    """
    fits, weapons = armament.weapon_fits, armament.weapons
    able = weapons.against[fits.item, AGAINST.index("missile")]
    kind, item = fits.type[able], fits.item[able]
    channels = np.nan_to_num(weapons.channels[item], nan=1.0) * fits.count[able]
    gun = weapons.kind[item] == WEAPON_KINDS.index("gun")
    shots = np.where(gun, 1.0, weapons.rounds_per_salvo[item])
    stops = kill_probability(weapons.hit_probability[item], shots)
    types = fits.first.size - 1
    tries = np.bincount(kind, weights=channels, minlength=types)
    stopped = np.bincount(kind, weights=channels * stops, minlength=types)
    return Defence(tries.astype(np.int64), stopped / np.maximum(tries, 1.0))


def allot(rounds: Int64, raid: Int64, intercepts: Int64) -> Int64:
    """Share the intercepts of raids among their salvos in proportion to rounds.

    Parameters
    ----------
    rounds, raid
        Rounds of each salvo, and the raid it belongs to (0, 1, ...), shape (n,).
    intercepts
        Of each raid, whole, shape (raids,).

    Returns
    -------
    Whole intercepts a salvo, which add up to those of its raid (largest remainder, earlier rows
    first); 0 where a raid has no rounds.
    """
    total = np.bincount(raid, weights=rounds, minlength=intercepts.size)
    exact = intercepts[raid] * rounds / np.maximum(total[raid], 1.0)
    given = np.floor(exact + 1e-9).astype(np.int64)
    left = intercepts - np.bincount(raid, weights=given, minlength=intercepts.size).astype(np.int64)
    order = np.lexsort((np.arange(raid.size), -(exact - given), raid))
    first = np.searchsorted(raid[order], raid[order])
    rank = np.empty(raid.size, dtype=np.int64)
    rank[order] = np.arange(raid.size) - first
    return given + ((rank < left[raid]) & (total[raid] > 0))
