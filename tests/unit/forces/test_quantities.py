from __future__ import annotations

import math

import pytest

from startex.foundation.quantities import (
    UNITS,
    QuantityError,
    from_si,
    held_in,
    parse_duration_ms,
    parse_quantity,
    split_quantity,
    to_litres,
    to_si,
)


@pytest.mark.parametrize(
    ("text", "dimension", "si"),
    [
        ("60 km/h", "speed", 60 / 3.6),
        ("15min", "time", 900.0),
        ("1,200 km", "length", 1.2e6),
        ("1_200 km", "length", 1.2e6),
        ("10 kn", "speed", 10 * 1852 / 3600),
        ("-3.5 degC", "temperature", 269.65),
        ("180°", "angle", math.pi),
        ("12", "count", 12.0),
        ("45 %", "count", 0.45),
        ("1.5e3 t", "mass", 1.5e6),
        (".5 nm", "length", 926.0),
    ],
)
def test_a_quantity_is_read_in_si(text: str, dimension: str, si: float) -> None:
    assert parse_quantity(text, dimension) == pytest.approx(si, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "dimension", "told"),
    [
        ("60 km", "speed", "unit of length"),
        ("60", "speed", "has no unit"),
        ("fast", "speed", "not a quantity"),
        ("60 km/hr", "speed", "did you mean 'km/h'"),
        ("", "time", "not a quantity"),
        ("1.2.3 s", "time", "not|unknown"),
    ],
)
def test_a_wrong_quantity_says_what_is_wanted(text: str, dimension: str, told: str) -> None:
    with pytest.raises(QuantityError, match=told):
        parse_quantity(text, dimension)


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_comes_back(unit: str) -> None:
    assert from_si(to_si(12.25, unit), unit) == pytest.approx(12.25, rel=1e-12)


def test_fuel_is_in_litres_and_time_in_milliseconds() -> None:
    assert to_litres(1.1, "m3") == pytest.approx(1100.0)
    assert to_litres(1100, "l") == pytest.approx(1100.0)
    assert parse_duration_ms("1.5 h") == 5_400_000
    assert split_quantity(" 2 nmi ") == (2.0, "nmi")


@pytest.mark.parametrize(
    ("name", "value", "unit", "dimension", "held"),
    [
        ("fuel_l", 1100, "l", "volume", 1100.0),
        ("fuel_l", 1.1, "m3", "volume", 1100.0),
        ("field_of_view_deg", 360, "deg", "angle", 360.0),
        ("aim_error_mrad", 1, "mil", "angle", 0.9817477),
        ("cycles_per_mrad", 1.7, "cycles/mrad", "resolution", 1.7),
        ("noise_db", 65, "dB", "level", 65.0),
        ("max_range_m", 5, "km", "length", 5000.0),
        ("attrition_per_s", 6, "1/min", "rate", 0.1),
        ("reliability", 90, "%", "share", 0.9),
    ],
)
def test_columns_are_held_in_the_unit_of_their_names(
    name: str, value: float, unit: str, dimension: str, held: float
) -> None:
    assert held_in(name, value, unit, dimension) == pytest.approx(held)


def test_a_unit_of_another_dimension_is_no_share() -> None:
    with pytest.raises(QuantityError, match="unit of level"):
        held_in("reliability", 3, "dB", "share")
