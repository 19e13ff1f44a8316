"""The published cases, kept in tests/authorities/cases.json, and how a result is held to them.

A test module of one topic defines ``run_a5_13(inputs)`` for each of its cases: it takes the inputs
in SI units and returns the expected quantities by name, in SI units. See `runners` and `hold`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

AUTHORITY = Path(__file__).parents[1] / "authorities" / "cases.json"
CASES: dict[str, Any] = {
    case["id"]: case for case in json.loads(AUTHORITY.read_text("utf-8"))["cases"]
}

SI = {
    "m": 1.0, "km": 1e3, "mi": 1609.344, "nmi": 1852.0, "ft": 0.3048,
    "s": 1.0, "min": 60.0, "h": 3600.0, "min after 00:00": 60.0, "m/s": 1.0, "km/h": 1 / 3.6,
    "kt": 1852.0 / 3600.0, "mph": 1609.344 / 3600.0, "hundreds of ft": 30.48,
    "1/h (lb/lbf/h)": 1 / 3600.0, "1/h": 1 / 3600.0, "veh/h": 1 / 3600.0, "veh/km": 1e-3,
    "deg": 1.0, "deg/s": 1.0, "kg": 1.0, "t/day": 1.0, "STON": 1.0, "-": 1.0, "veh": 1.0,
    "trains/day": 1.0, "STON/day": 1.0, "trains/day each way": 1.0, "m/s^2": 1.0,
    "m per 100 ft per kt (personnel)": 1.0, "1/min": 1 / 60.0,
    "rad": 1.0, "m^2": 1.0, "W": 1.0, "W/m^2": 1.0, "deg each side": 1.0,
    "deg between left and right limits of fire": 1.0,
    "t": 1e3, "t/h": 1e3 / 3600.0, "lb": 0.45359237, "lb (full pallets)": 0.45359237,
    "lb/person/day": 0.45359237, "days": 86400.0, "fraction": 1.0, "%": 0.01,
    "gal/day": 1.0, "1/time": 1.0, "time": 1.0, "time^2": 1.0,
    "nmi/sqrt(ft)": 1852.0 / 0.3048**0.5, "nmi^2": 1852.0**2, "dB": 1.0,
    "GHz": 1e9, "MHz": 1e6, "kHz": 1e3, "Hz": 1.0, "dB/km": 1e-3, "degC": 1.0, "PSU": 1.0,
    "cyc/mrad": 1.0, "dBm": 1.0, "K": 1.0, "bit": 1.0, "bit/s": 1.0, "s per hop": 1.0,
    "packets/slot": 1.0, "deg off the barrier line": 1.0, "coverage per cell": 1.0, "cycles": 1.0,
    "units": 1.0, "ships": 1.0, "ships^2": 1.0, "ships (uncapped)": 1.0, "hits": 1.0, "rounds": 1.0,
    "troops": 1.0, "1/day": 1 / 86400.0, "troop-days": 86400.0, "SP": 1.0, "CF": 1.0, "": 1.0,
    "1/(unit time)": 1.0, "1/time (X killed per Y)": 1.0, "1/time (Y killed per X)": 1.0,
}  # fmt: skip
"""Factor from the unit of a case to the unit that the models take."""


def inputs(case: str) -> dict[str, Any]:
    """Return the inputs of a case by name, numbers in SI units."""
    return {name: to_si(item) for name, item in CASES[case]["inputs"].items()}


def to_si(item: Mapping[str, Any]) -> Any:
    """Return the value of an input in SI units; what is no number stays as it is."""
    value = item["value"]
    if isinstance(value, bool | str):
        return value
    factor = SI.get(item["unit"], 1.0) if isinstance(value, list) else SI[item["unit"]]
    return (np.asarray(value) * factor).tolist() if factor != 1.0 else value


def runners(names: Mapping[str, Any]) -> dict[str, Callable[[Any], Mapping[str, Any]]]:
    """Return the functions called ``run_aT_NN`` of a module, by case."""
    return {
        name[4:].upper().replace("_", "-"): run
        for name, run in sorted(names.items())
        if name.startswith("run_a")
    }


def hold(case: str, results: Mapping[str, Any]) -> None:
    """Assert that the results are the expected ones within the tolerance that the case states."""
    expected = CASES[case]["expected"]
    assert results.keys() == expected.keys()
    for name, item in expected.items():
        hold_one((case, name), results[name], item)


def hold_one(label: object, found: Any, item: Mapping[str, Any]) -> None:
    """Assert one expected quantity; ``found`` may be an array of results that all must hold."""
    value, tolerance = item["value"], item["tolerance"]
    if "exact" in tolerance or isinstance(value, bool | str):
        assert found == value, (label, found, value)
        return
    if isinstance(value, list) and not all(isinstance(part, int | float) for part in value):
        assert found == value, (label, found, value)
        return
    found = np.asarray(found, dtype=float) / SI.get(item["unit"], 1.0)
    wanted = np.asarray(value, dtype=float)
    if "factor" in tolerance:
        factor = tolerance["factor"]
        assert ((wanted / factor <= found) & (found <= wanted * factor)).all(), (label, found)
        return
    allowed = tolerance.get("rel", 0.0) * np.abs(wanted) + tolerance.get("abs", 0.0)
    assert math.isfinite(float(np.max(allowed))), label
    assert (np.abs(found - wanted) <= allowed).all(), (label, found, value)
