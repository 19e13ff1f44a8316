"""Symbol codes: the 20 digits of APP-6D / MIL-STD-2525D for units, platforms and persons.

Digits 1-2 version (10), 3 context (1, exercise), 4 standard identity, 5-6 symbol set, 7 status
(0, present), 8 headquarters and task force (2, headquarters), 9-10 echelon, 11-16 entity,
17-20 modifiers (not used). The entity codes in the data were checked one by one against the code
tables of milsymbol (MIT licence), a public implementation of both standards.
"""

from __future__ import annotations

VERSION = "10"
CONTEXT = "1"  # exercise

IDENTITIES: dict[str, str] = {
    "coalition": "3",  # friend
    "opposing": "6",  # hostile; in an exercise: faker, a friend who plays the enemy
    "neutral": "4",
    "unknown": "1",
}
"""Standard identity of each side; sides not listed are friends."""

ECHELONS: dict[str, str] = {
    "": "00",
    "team": "11",
    "crew": "11",
    "squad": "12",
    "section": "13",
    "platoon": "14",
    "detachment": "14",
    "flight": "14",
    "company": "15",
    "battery": "15",
    "battalion": "16",
    "squadron": "16",
    "regiment": "17",
    "group": "17",
    "brigade": "18",
    "division": "21",
    "corps": "22",
    "army": "23",
    "front": "24",
    "region": "25",
    "command": "26",
    "ship": "00",
}
"""Amplifier of each echelon word (digits 9-10)."""

SYMBOL_SETS: dict[str, str] = {
    "01": "air",
    "10": "land unit",
    "15": "land equipment",
    "20": "land installation",
    "27": "dismounted individual",
    "30": "sea surface",
    "35": "sea subsurface",
    "36": "mine warfare",
    "40": "activity",
}
"""Symbol sets in use (digits 5-6)."""

LAND_ENTITIES: dict[str, str] = {
    "110000": "command and control",
    "110500": "liaison",
    "111000": "signal",
    "120300": "amphibious",
    "120500": "armour",
    "120600": "aviation, rotary wing",
    "120700": "aviation, composite",
    "120800": "aviation, fixed wing",
    "121000": "combined arms",
    "121100": "infantry",
    "121101": "infantry, amphibious",
    "121102": "infantry, mechanised",
    "121104": "infantry, motorised",
    "121105": "infantry with fighting vehicles",
    "121200": "observer",
    "121300": "reconnaissance",
    "121900": "unmanned aircraft",
    "130100": "air defence",
    "130102": "air defence, missile",
    "130300": "field artillery",
    "130301": "field artillery, self-propelled",
    "130700": "surface-to-surface missile",
    "130800": "mortar",
    "140100": "CBRN defence",
    "140700": "engineer",
    "141700": "security",
    "150500": "electronic warfare",
    "151200": "sensor (radar)",
    "160000": "sustainment",
    "160600": "combat service support",
    "161100": "maintenance",
    "161300": "medical",
    "163600": "transportation",
}
"""Entities of land units (digits 11-16) that the shipped templates use."""

PERSON_ENTITIES: dict[str, str] = {
    "medical orderly": "110102",
    "doctor": "110102",
    "scout": "110103",
    "radio operator": "110104",
    "signaller": "110104",
    "lineman": "110104",
    "sapper": "110201",
    "staff officer": "110204",
    "observer": "110207",
    "marshal": "110207",
    "range safety officer": "110207",
    "rifleman": "110301",
    "senior rifleman": "110301",
    "machine gunner": "110305",
    "grenadier": "110309",
    "missile gunner": "110316",
}
"""Entities of persons by role, symbol set 27; every other role: 110000, military."""

_PERSON = "110000"


def identity(side: str) -> str:
    """Return the standard identity (digit 4) of a side."""
    return IDENTITIES.get(side, "3")


def unit_sidc(symbol: str, echelon: str, side: str, *, headquarters: bool = False) -> str:
    """Return the code of a unit.

    Parameters
    ----------
    symbol
        Entity (6 digits, land unit), or symbol set and entity (8 digits); empty: no entity.
    echelon
        A word of `ECHELONS`.
    side
        Side, e.g. "coalition".
    headquarters
        Whether it is a headquarters.
    """
    symbol = symbol or "000000"
    if len(symbol) == 6:
        symbol = "10" + symbol
    return (
        VERSION + CONTEXT + identity(side) + symbol[:2] + "0" + ("2" if headquarters else "0")
        + ECHELONS[echelon] + symbol[2:8] + "0000"
    )  # fmt: skip


def platform_sidc(symbol: str, side: str) -> str:
    """Return the code of a platform from the 8 digits (set, entity) of its type."""
    return VERSION + CONTEXT + identity(side) + symbol[:2] + "0000" + symbol[2:8] + "0000"


def person_sidc(role: str, side: str) -> str:
    """Return the code of a person from the role."""
    return platform_sidc("27" + PERSON_ENTITIES.get(role, _PERSON), side)
