"""Fuel of units on the ground: by hours of use or by distance, endurance, tankers.

Equation::

    F = sum n r t f        (f: combat x terrain x climate)
    F = sum n c D f        endurance = (1 - reserve) V / r        reach = (1 - reserve) V / c

``n`` vehicles, ``r`` consumption a second of use and ``c`` a metre of way, ``t`` time in use (s),
``D`` way (m), ``f`` factors, ``V`` what the tank holds. Fuel is in whatever unit the consumption
brings (litres, kilograms).

Source: form of STANAG 2115, "Fuel Consumption Unit", as in US Army Quartermaster School QM5097.

Validity: planning means. Left out: idling unless it is a line of its own, losses in handling.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]


def fuel_by_time(
    vehicles: npt.ArrayLike,
    rate_per_s: npt.ArrayLike,
    usage_s: npt.ArrayLike,
    factor: npt.ArrayLike = 1.0,
) -> Float64:
    """Return the fuel of each line (vehicles of one kind and use); arguments broadcast.

    ``rate_per_s`` of one vehicle in use; ``factor`` the product of `combined_factor`. The need of
    a unit is the sum over its lines.
    """
    fuel: Float64 = (
        whole("vehicles", vehicles, 0)
        * within("rate_per_s", rate_per_s, 0)
        * within("usage_s", usage_s, 0)
        * within("factor", factor, 0, above=True)
    )
    return fuel


def fuel_by_distance(
    vehicles: npt.ArrayLike,
    rate_per_m: npt.ArrayLike,
    distance_m: npt.ArrayLike,
    factor: npt.ArrayLike = 1.0,
) -> Float64:
    """Return the fuel of each line over a way; as `fuel_by_time`."""
    fuel: Float64 = (
        whole("vehicles", vehicles, 0)
        * within("rate_per_m", rate_per_m, 0)
        * within("distance_m", distance_m, 0)
        * within("factor", factor, 0, above=True)
    )
    return fuel


def combined_factor(
    combat: npt.ArrayLike = 1.0, terrain: npt.ArrayLike = 1.0, climate: npt.ArrayLike = 1.0
) -> Float64:
    """Return the product of the factors of combat, terrain and climate; arguments broadcast."""
    factor: Float64 = (
        within("combat", combat, 0, above=True)
        * within("terrain", terrain, 0, above=True)
        * within("climate", climate, 0, above=True)
    )
    return factor


def endurance_s(
    tank: npt.ArrayLike, rate_per_s: npt.ArrayLike, reserve_share: npt.ArrayLike = 0.0
) -> Float64:
    """Return how long a full tank lasts down to its reserve, seconds; arguments broadcast."""
    return _usable(tank, reserve_share) / within("rate_per_s", rate_per_s, 0, above=True)


def reach_m(
    tank: npt.ArrayLike, rate_per_m: npt.ArrayLike, reserve_share: npt.ArrayLike = 0.0
) -> Float64:
    """Return how far a full tank leads down to its reserve, metres; arguments broadcast."""
    return _usable(tank, reserve_share) / within("rate_per_m", rate_per_m, 0, above=True)


def tankers_needed(
    fuel: npt.ArrayLike, capacity: npt.ArrayLike, trips: npt.ArrayLike = 1
) -> Float64:
    """Return the tankers that bring so much fuel in so many trips each; arguments broadcast."""
    loads = within("fuel", fuel, 0) / within("capacity", capacity, 0, above=True)
    tankers: Float64 = np.ceil(loads / whole("trips", trips, 1) * (1.0 - 1e-12))
    return tankers


def _usable(tank: npt.ArrayLike, reserve_share: npt.ArrayLike) -> Float64:
    usable: Float64 = within("tank", tank, 0) * (1.0 - within("reserve_share", reserve_share, 0, 1))
    return usable
