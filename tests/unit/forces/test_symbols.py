from __future__ import annotations

import pytest

from startex.forces.catalogue import load_catalogue
from startex.forces.orbat import load_templates
from startex.forces.symbols import (
    ECHELONS,
    LAND_ENTITIES,
    SYMBOL_SETS,
    person_sidc,
    platform_sidc,
    unit_sidc,
)


def test_codes_have_twenty_digits_at_the_places_of_the_standard() -> None:
    # set 10 land unit, echelon 15 company, entity 120500 armour, exercise friend
    assert unit_sidc("120500", "company", "coalition") == "10131000151205000000"
    # digit 8: headquarters; opposing side: exercise hostile
    assert unit_sidc("110000", "brigade", "opposing", headquarters=True) == "10161002181100000000"
    # a ship as unit: set 30, no echelon, entity 120204 frigate
    assert unit_sidc("30120204", "ship", "neutral") == "10143000001202040000"
    assert platform_sidc("15120200", "coalition") == "10131500001202000000"
    assert person_sidc("rifleman", "coalition") == "10132700001103010000"
    assert person_sidc("baker", "coalition") == "10132700001100000000"


@pytest.mark.parametrize("echelon", sorted(ECHELONS))
def test_every_echelon_gives_a_code(echelon: str) -> None:
    code = unit_sidc("121100", echelon, "coalition")
    assert len(code) == 20
    assert code.isdigit()


def test_shipped_types_and_templates_use_documented_codes() -> None:
    for symbol in load_catalogue().symbol:
        assert symbol[:2] in SYMBOL_SETS
    for template in load_templates().values():
        if len(template.symbol) == 6:
            assert template.symbol in LAND_ENTITIES, template.template
        elif template.symbol:
            assert template.symbol[:2] in SYMBOL_SETS
