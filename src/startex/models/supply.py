"""Supply by head count: weight of a class of supply, days of supply, hot rations by the pallet.

Equation::

    weight = persons days rate          days of supply = stock / (persons rate)
    modules = ceil(servings / per module)      pallets = ceil(modules / per pallet)
    flatracks = ceil(pallets / per flatrack)

``rate`` is mass a person and day (kg). Pallets are weighed full.

Source: US Army ATP 4-90, "Brigade Support Battalion" (18 Jun 2020), appendix C, tables C-1, C-5
and C-6.

Validity: planning means over a force and some days. Left out: water, climate, waste.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from startex.models.validity import whole, within

Float64 = npt.NDArray[np.float64]

POUND_KG = 0.453_592_37

DAILY_RATES_KG = MappingProxyType(
    {
        "I M-M-M": 5.50 * POUND_KG,
        "I U-M-M": 7.41 * POUND_KG,
        "I U-M-U": 9.39 * POUND_KG,
        "II": 1.6 * POUND_KG,
        "III packaged": 1.2 * POUND_KG,
        "IV combined": 3.962 * POUND_KG,
        "VI temperate": 2.06 * POUND_KG,
    }
)
"""Kilograms a person and day by class of supply; of class I by the day's meals, M a meal ready to
eat, U a unitized group ration."""

SERVINGS_PER_MODULE, MODULES_PER_PALLET, PALLETS_PER_FLATRACK = 50, 8, 10
PALLET_KG = 1038.0 * POUND_KG
"""Packing of the unitized group ration, heat and serve; mass of a full pallet."""


@dataclass(frozen=True, slots=True)
class HotRations:
    """Group rations as they are packed and carried; arrays of one shape."""

    servings: Float64
    modules: Float64
    pallets: Float64
    flatracks: Float64
    weight_kg: Float64


def requirement_kg(
    persons: npt.ArrayLike, days: npt.ArrayLike, rate_kg_per_person_day: npt.ArrayLike
) -> Float64:
    """Return the mass that persons need over days, kilograms; arguments broadcast."""
    mass: Float64 = within("days", days, 0) * daily_requirement_kg(persons, rate_kg_per_person_day)
    return mass


def daily_requirement_kg(persons: npt.ArrayLike, rate_kg_per_person_day: npt.ArrayLike) -> Float64:
    """Return the mass that persons need a day, kilograms; arguments broadcast."""
    mass: Float64 = whole("persons", persons, 0) * within(
        "rate_kg_per_person_day", rate_kg_per_person_day, 0
    )
    return mass


def days_of_supply(
    stock_kg: npt.ArrayLike, persons: npt.ArrayLike, rate_kg_per_person_day: npt.ArrayLike
) -> Float64:
    """Return how many days a stock lasts; infinite where nothing is used; arguments broadcast."""
    stock = within("stock_kg", stock_kg, 0)
    daily = daily_requirement_kg(persons, rate_kg_per_person_day)
    used = daily > 0
    return np.where(used, stock / np.where(used, daily, 1.0), np.inf)


def hot_rations(
    persons: npt.ArrayLike,
    meals: npt.ArrayLike,
    servings_per_module: npt.ArrayLike = SERVINGS_PER_MODULE,
    modules_per_pallet: npt.ArrayLike = MODULES_PER_PALLET,
    pallets_per_flatrack: npt.ArrayLike = PALLETS_PER_FLATRACK,
    pallet_kg: npt.ArrayLike = PALLET_KG,
) -> HotRations:
    """Return modules, pallets and flatracks for so many meals each; arguments broadcast."""
    servings = whole("persons", persons, 0) * whole("meals", meals, 0)
    modules = np.ceil(servings / whole("servings_per_module", servings_per_module, 1))
    pallets = np.ceil(modules / whole("modules_per_pallet", modules_per_pallet, 1))
    flatracks = np.ceil(pallets / whole("pallets_per_flatrack", pallets_per_flatrack, 1))
    weight = pallets * within("pallet_kg", pallet_kg, 0)
    return HotRations(*np.broadcast_arrays(servings, modules, pallets, flatracks, weight))
