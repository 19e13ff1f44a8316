"""Replenishment at sea: how often, how much, how long alongside, time left on station.

Equation::

    transfer = (1 - reserve) capacity      interval = transfer / burn
    alongside = approach + transfer / rate
    on station = interval / (interval + alongside)

``capacity`` of the ship's tanks (kg), ``reserve`` the share at which she replenishes, ``burn``
(kg/s), ``rate`` of transfer (kg/s), ``approach`` time to approach and rig (s).

Source: closed form of the cycle; procedures in NWP 4-01.4, "Underway Replenishment".

Validity: steady burn, tanks filled each time. Left out: fuel burnt alongside, transit to the
oiler, weather.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.models.validity import within

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cycle:
    """The cycle of a ship; arrays of one shape. ``interval_s`` is the time between two fillings."""

    interval_s: Float64
    transfer_kg: Float64
    alongside_s: Float64
    on_station_share: Float64


def replenishment_cycle(
    burn_kg_s: npt.ArrayLike,
    capacity_kg: npt.ArrayLike,
    reserve_share: npt.ArrayLike,
    transfer_kg_s: npt.ArrayLike,
    approach_s: npt.ArrayLike = 0.0,
) -> Cycle:
    """Return interval, transfer and times of a ship that is replenished; arguments broadcast."""
    transfer = within("capacity_kg", capacity_kg, 0, above=True) * (
        1.0 - within("reserve_share", reserve_share, 0, 1, below=True)
    )
    interval = transfer / within("burn_kg_s", burn_kg_s, 0, above=True)
    alongside = within("approach_s", approach_s, 0) + transfer / within(
        "transfer_kg_s", transfer_kg_s, 0, above=True
    )
    share = interval / (interval + alongside)
    return Cycle(*np.broadcast_arrays(interval, transfer, alongside, share))


def ships_filled(cargo_kg: npt.ArrayLike, transfer_kg: npt.ArrayLike) -> Float64:
    """Return how many ships an oiler fills before she is empty; arguments broadcast."""
    ratio = within("cargo_kg", cargo_kg, 0) / within("transfer_kg", transfer_kg, 0, above=True)
    ships: Float64 = np.floor(ratio * (1.0 + 1e-9))
    return ships
