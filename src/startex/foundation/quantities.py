"""Quantities at the edge: text with a unit in, SI out. Inside, the unit stands in the name."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from startex.foundation.errors import StartexError, did_you_mean


class QuantityError(StartexError, ValueError):
    """A quantity that cannot be read: no number, no or an unknown unit, or the wrong dimension."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: value in SI = value * factor + offset.

    The SI units are m, m2, kg, s, m/s, m3, rad, cycles/rad, m3/s, 1/s, bit/s, Pa, K and 1; levels
    are in dB. Litres stay litres where a name ends in ``_l`` (see `held_in`).
    """

    dimension: str
    factor: float
    offset: float = 0.0


_DEG = math.pi / 180.0

UNITS: dict[str, Unit] = {
    "1": Unit("count", 1.0),
    "%": Unit("count", 0.01),
    # length; the nautical mile and the foot are exact by definition (BIPM SI brochure; 1959)
    "mm": Unit("length", 1e-3),
    "cm": Unit("length", 1e-2),
    "m": Unit("length", 1.0),
    "km": Unit("length", 1e3),
    "ft": Unit("length", 0.3048),
    "mi": Unit("length", 1609.344),
    "nmi": Unit("length", 1852.0),
    "m2": Unit("area", 1.0),
    "km2": Unit("area", 1e6),
    # mass
    "g": Unit("mass", 1e-3),
    "kg": Unit("mass", 1.0),
    "t": Unit("mass", 1e3),
    "lb": Unit("mass", 0.45359237),
    # time
    "ms": Unit("time", 1e-3),
    "s": Unit("time", 1.0),
    "min": Unit("time", 60.0),
    "h": Unit("time", 3600.0),
    "d": Unit("time", 86400.0),
    # speed
    "m/s": Unit("speed", 1.0),
    "m/min": Unit("speed", 1.0 / 60.0),
    "km/h": Unit("speed", 1.0 / 3.6),
    "kn": Unit("speed", 1852.0 / 3600.0),
    "mph": Unit("speed", 1609.344 / 3600.0),
    "ft/min": Unit("speed", 0.3048 / 60.0),
    # volume
    "m3": Unit("volume", 1.0),
    "l": Unit("volume", 1e-3),
    # angle
    "rad": Unit("angle", 1.0),
    "deg": Unit("angle", _DEG),
    "mil": Unit("angle", 2.0 * math.pi / 6400.0),
    "mrad": Unit("angle", 1e-3),
    # sensors and weapons; levels are logarithms, and keep their unit
    "dB": Unit("level", 1.0),
    "cycles/mrad": Unit("resolution", 1e3),
    "m3/s": Unit("flow", 1.0),
    "1/s": Unit("rate", 1.0),
    "1/min": Unit("rate", 1.0 / 60.0),
    # communications
    "bit/s": Unit("data rate", 1.0),
    "kbit/s": Unit("data rate", 1e3),
    # weather
    "Pa": Unit("pressure", 1.0),
    "hPa": Unit("pressure", 100.0),
    "K": Unit("temperature", 1.0),
    "degC": Unit("temperature", 1.0, 273.15),
}
"""Every unit that a file may use."""

ALIASES: dict[str, str] = {
    "": "1",
    "persons": "1",
    "kt": "kn",
    "kts": "kn",
    "knots": "kn",
    "nm": "nmi",
    "L": "l",
    "litres": "l",
    "kph": "km/h",
    "kmh": "km/h",
    "hours": "h",
    "hour": "h",
    "minutes": "min",
    "seconds": "s",
    "days": "d",
    "tonnes": "t",
    "°": "deg",
    "°C": "degC",
    "m²": "m2",
    "km²": "km2",
    "m³": "m3",
}
"""Other spellings that mean one thing only in this field."""

DIMENSIONS: tuple[str, ...] = tuple(sorted({unit.dimension for unit in UNITS.values()}))

_QUANTITY = re.compile(
    r"\s*(?P<number>[+-]?(?:\d[\d_]*(?:,\d{3})*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(?P<unit>.*?)\s*"
)


def unit_of(name: str, dimension: str = "") -> Unit:
    """Return the unit called ``name``.

    Parameters
    ----------
    name
        Symbol or alias, e.g. ``"km/h"``.
    dimension
        What the unit must measure, e.g. ``"speed"``; empty: anything.

    Raises
    ------
    QuantityError
        If there is no such unit, or it measures something else.
    """
    name = name.strip()
    unit = UNITS.get(ALIASES.get(name, name))
    if unit is None:
        allowed = [u for u, known in UNITS.items() if not dimension or known.dimension == dimension]
        raise QuantityError(f"unknown unit {name!r}: {did_you_mean(name, allowed)}")
    if dimension and unit.dimension != dimension:
        allowed = [u for u, known in UNITS.items() if known.dimension == dimension]
        raise QuantityError(
            f"{name!r} is a unit of {unit.dimension}, not of {dimension}: "
            f"use one of {', '.join(allowed)}"
        )
    return unit


def to_si(value: float, unit: str, dimension: str = "") -> float:
    """Return ``value`` of ``unit`` in SI (volume in cubic metres, angles in radians).

    Raises
    ------
    QuantityError
        As `unit_of`.
    """
    found = unit_of(unit, dimension)
    return value * found.factor + found.offset


def from_si(value: float, unit: str) -> float:
    """Return the SI ``value`` in ``unit``."""
    found = unit_of(unit)
    return (value - found.offset) / found.factor


def to_litres(value: float, unit: str) -> float:
    """Return a volume in litres, the unit of fuel throughout."""
    return to_si(value, unit, "volume") * 1e3


_HELD = {"_l": 1e3, "_deg": 180.0 / math.pi, "_mrad": 1e3, "_cycles_per_mrad": 1e-3}
"""How many of the unit a name ends in make one of SI."""


def held_in(name: str, value: float, unit: str, dimension: str) -> float:
    """Return ``value`` of ``unit`` in the unit that the name of a column ends in.

    SI, but for litres (``_l``), degrees (``_deg``), milliradians (``_mrad``) and cycles a
    milliradian (``_cycles_per_mrad``, or that alone). A ``share`` is a count that may be broken.

    Raises
    ------
    QuantityError
        As `unit_of`.
    """
    found = unit_of(unit, "count" if dimension == "share" else dimension)
    ending = next((e for e in reversed(_HELD) if f"_{name}".endswith(e)), "")
    factor = found.factor * _HELD.get(ending, 1.0)
    if math.isclose(factor, 1.0, rel_tol=1e-12):
        factor = 1.0  # litres stay what they were, to the last digit
    return value * factor + found.offset


def split_quantity(text: str) -> tuple[float, str]:
    """Return number and unit of ``"1,200 km"`` as (1200.0, "km"); the unit may be empty.

    Raises
    ------
    QuantityError
        If the text does not begin with a number.
    """
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise QuantityError(f"{text!r} is not a quantity: write a number and a unit, as '60 km/h'")
    return float(match["number"].replace(",", "").replace("_", "")), match["unit"]


def parse_quantity(text: str, dimension: str) -> float:
    """Return the SI value of a text such as ``"60 km/h"`` or ``"15 min"``.

    Parameters
    ----------
    text
        Number and unit. A count needs no unit; every other dimension does.
    dimension
        One of `DIMENSIONS`.

    Raises
    ------
    QuantityError
        If there is no number, no unit, an unknown unit or one of another dimension.
    """
    number, unit = split_quantity(text)
    if not unit and dimension != "count":
        allowed = [u for u, known in UNITS.items() if known.dimension == dimension]
        raise QuantityError(f"{text!r} has no unit: add one of {', '.join(allowed)}")
    return to_si(number, unit, dimension)


def parse_duration_ms(text: str) -> int:
    """Return a duration such as ``"15 min"`` in whole milliseconds."""
    return round(parse_quantity(text, "time") * 1000.0)
