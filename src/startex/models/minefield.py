"""Mines laid at random in a belt: the chance of what crosses it to strike one.

Equation::

    n = M w l / (F D)
    P = 1 - exp(-k n)                                    (many mines)
    P = 1 - (1 - k w l / (F D))^M                        (exactly M mines)
    l = -ln(1 - u) F D / (k M w)                         (way until the strike)

``M`` mines lie at random in a belt of front ``F`` and depth ``D`` (m); what crosses actuates those
within a width ``w`` (m) of its way, of which ``l`` (m) lies in the belt (straight across: ``D``,
so that ``n = M w / F``: density per metre of front times width); ``n`` mines actuated in the mean;
``k`` chance that one actuated puts out of action; ``u`` uniform draw in [0, 1).

Source: Washburn and Kress, "Combat Modeling", 2009, chapter 8 (minefields: a transit through mines
at random in an area); Koopman, "Search and Screening", 1946, chapter 2 (random search), of which it
is the mirror image.

Validity: ``w l`` small against ``F D``; ways that are not picked by what is known of the mines.
Left out: mines in rows with fixed gaps, mines used up by those who went before in the same track,
lanes, clearing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


def mean_encounters(
    mines: npt.ArrayLike,
    front_m: npt.ArrayLike,
    depth_m: npt.ArrayLike,
    width_m: npt.ArrayLike,
    way_m: npt.ArrayLike,
) -> Float64:
    """Return the mines actuated in the mean; arguments broadcast.

    ``width_m``: within which mines are actuated; ``way_m``: length of the way within the belt.

    Raises
    ------
    OutsideValidityError
        If front or depth is not positive, or anything else negative.
    """
    m = within("mines", mines, 0.0)
    front = within("front_m", front_m, 0.0, above=True)
    depth = within("depth_m", depth_m, 0.0, above=True)
    swept = within("width_m", width_m, 0.0) * within("way_m", way_m, 0.0)
    mean: Float64 = m * swept / (front * depth)
    return mean


def strike_probability(mean: npt.ArrayLike, kill: npt.ArrayLike = 1.0) -> Float64:
    """Return the chance to be put out of action with so many encounters in the mean.

    ``kill``: chance that one mine actuated does it.

    Raises
    ------
    OutsideValidityError
        If a mean is negative, or ``kill`` no chance.
    """
    chance: Float64 = -np.expm1(-within("mean", mean, 0.0) * within("kill", kill, 0.0, 1.0))
    return chance


def counted_strike_probability(
    mines: npt.ArrayLike, share: npt.ArrayLike, kill: npt.ArrayLike = 1.0
) -> Float64:
    """Return the same of exactly so many mines, each of which lies under the swept share.

    ``share``: of the belt's area that the crossing sweeps, 0 to 1.

    Raises
    ------
    OutsideValidityError
        If a share or ``kill`` is no chance, or a number negative.
    """
    m = within("mines", mines, 0.0)
    missed = 1.0 - within("share", share, 0.0, 1.0) * within("kill", kill, 0.0, 1.0)
    chance: Float64 = 1.0 - missed**m
    return chance


def encounters_until_strike(draw: npt.ArrayLike, kill: npt.ArrayLike = 1.0) -> Float64:
    """Return after how many encounters in the mean a uniform draw in [0, 1) puts out of action.

    Where the whole crossing has fewer, it goes well: so that the chance is `strike_probability`.
    inf with ``kill`` 0.
    """
    u = within("draw", draw, 0.0, 1.0)
    k = within("kill", kill, 0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = -np.log1p(-u) / k
    until: Float64 = np.where(k > 0.0, needed, np.inf)
    return until
