"""What is kept account of, where it is held, and the planning figures that this rests on."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from startex.models.supply import DAILY_RATES_KG

FUEL, RATIONS, WATER = 0, 1, 2
"""Items that everybody uses; those from `FIRST_AMMUNITION` on are classes of ammunition."""

FIRST_AMMUNITION = 3
USED: tuple[str, ...] = ("fuel", "rations", "water")

BASIC, TRAINS = 0, 1
HOLDINGS: tuple[str, ...] = ("basic", "trains")
"""``basic``: tanks of platforms, rations, water and ammunition with those who use them; ``trains``:
what a unit's trucks (or a tanker) carry for others."""

_MEASURES: tuple[str, ...] = ("ml", "g", "ml")


def measures(items: Sequence[str]) -> tuple[str, ...]:
    """Return the whole unit in which each of the items is counted: ml, g, or rounds."""
    return (*_MEASURES, *(("rounds",) * (len(items) - len(_MEASURES))))


ML_PER_L, G_PER_KG = 1_000, 1_000

GALLON_L = 3.785_411_784

WATER_L = MappingProxyType(
    {"temperate": 5.0 * GALLON_L, "cold": 5.0 * GALLON_L, "hot": 8.25 * GALLON_L}
)
"""Litres a person and day by climate. Temperate: 5 gallons for drinking and cooking (US Army
Medical Department Center and School, MD0535, lesson 2, "Field water supply"). Hot: the same with
4 gallons to drink in place of three quarters of one, the middles of its 2 to 6 and 0.5 to 1. Cold:
taken as temperate, assumed."""

SCARCE = frozenset({"hot"})
"""Climates in which water is hauled. Elsewhere there are sources at hand: "plentiful" in temperate
regions, against arid ones (US Army Quartermaster School, QM5204, lesson on water planning)."""

RATION_G = round(DAILY_RATES_KG["I U-M-M"] * G_PER_KG)
"""Grams a person and day: a group ration, two meals ready to eat (ATP 4-90, models/supply.py)."""

DAYS_ASHORE, DAYS_AFLOAT = 3, 30
"""Days of rations that a unit and a ship keep with them; assumed."""

WATER_DAYS_ASHORE, WATER_DAYS_AFLOAT = 2, 30
"""Days of water, likewise; ships distil more from the sea as they need it; assumed."""
