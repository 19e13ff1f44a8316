"""Where each platform of a unit stands on land: slots of laagers and formations around a point.

Illustrative geometry: the shapes come from `geography.areas`, the spacing from the order. What
terrain allows is not modelled beyond land and water.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.systems.base import World
from startex.geography.areas import apply_offsets, formation_offsets
from startex.geography.paths import POSITION_DECIMALS

Float64 = npt.NDArray[np.float64]

RANK_LENGTH = 30
"""Most platforms in one line, column or wedge; the rest form further ones behind or beside it."""


def slots(
    world: World,
    formation: str,
    count: int,
    middle: tuple[float, float],
    spacing_m: float,
    *,
    heading_deg: float = 0.0,
) -> tuple[Float64, Float64]:
    """Return where ``count`` platforms stand, in order of row.

    Parameters
    ----------
    formation
        As in `geography.areas.formation_offsets`: laager, line, column, wedge, circle, ...
    count
        How many stand there.
    middle
        Reference point: latitude and longitude, degrees.
    spacing_m
        Distance between neighbours.
    heading_deg
        Where a line faces and a column or wedge points, degrees from true north.

    Returns
    -------
    tuple of float64 arrays, shape (count,)
        Degrees. A slot in water is drawn in towards the reference point until it is on land.

    Raises
    ------
    ValueError
        If there is no such formation, or the spacing is not positive.
    """
    forward, right = offsets(formation, count, spacing_m)
    return drawn_in(world, middle, heading_deg, (forward, right))


def drawn_in(
    world: World,
    middle: tuple[npt.ArrayLike, npt.ArrayLike],
    heading_deg: npt.ArrayLike,
    offset_m: tuple[Float64, Float64],
) -> tuple[Float64, Float64]:
    """Return the slots at (forward, right) offsets from reference points, drawn in onto land.

    ``middle`` (latitude, longitude) and ``heading_deg`` are scalars or of the offsets' shape.
    """
    forward, right = offset_m
    lat, lon = apply_offsets(middle[0], middle[1], heading_deg, forward, right)
    for _ in range(5):
        wet = ~world.router.surface.is_land(lat, lon)
        if not wet.any():
            break
        forward, right = np.where(wet, forward / 2.0, forward), np.where(wet, right / 2.0, right)
        lat, lon = apply_offsets(middle[0], middle[1], heading_deg, forward, right)
    return np.round(lat, POSITION_DECIMALS), np.round(lon, POSITION_DECIMALS)


def offsets(formation: str, count: int, spacing_m: float) -> tuple[Float64, Float64]:
    """Return (forward, right) offsets; long lines, columns and wedges in ranks of `RANK_LENGTH`.

    Raises
    ------
    ValueError
        If there is no such formation, or the spacing is not positive.
    """
    if not spacing_m > 0.0:
        raise ValueError(f"spacing is {spacing_m} m; it must be more than 0")
    if formation not in {"line", "column", "wedge"} or count <= RANK_LENGTH:
        return formation_offsets(formation, count, spacing_m)
    one_forward, one_right = formation_offsets(formation, RANK_LENGTH, spacing_m)
    rank, number = np.divmod(np.arange(count), RANK_LENGTH)
    # columns stand beside each other, lines and wedges one behind the other
    step = rank * spacing_m * (-1.0 if formation != "column" else 1.0)
    back, aside = (0.0, step) if formation == "column" else (2.0 * step, 0.0)
    return one_forward[number] + back, one_right[number] + aside
