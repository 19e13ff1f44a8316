"""Places in a sentence: the scenario's, waters and grounds by their words, names after "in"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from startex.reports.dates import DATE
from startex.reports.parties import Party
from startex.reports.sentences import Span

_CAP = r"[A-ZÀ-ÖØ-ÞŁŠŽ][\w’'-]*"
_NAME = rf"{_CAP}(?:\s+(?:(?:of|de|al|the)\s+)?{_CAP}){{0,5}}"
_HEADS = (
    r"Sea|Strait|Straits|Bay|Gulf|Ocean|Channel|Islands?|Isles?|Archipelago|Peninsula|Coast|Cape|"
    r"Region|Territory|Province|Oblast|Krai|District|Federation|East|West|North|South|Lake|River|"
    r"Fjord|Sound|Basin|Valley|Range|Airfield|Aerodrome|Port|Harbou?r|Beach|Desert"
)
_GROUND = (
    r"(?:(?:firing|training|combined[- ]arms|aviation|artillery|bombing|proving|test)\s+)*"
    r"(?:ranges?|training\s+(?:grounds?|areas?)|proving\s+grounds?|airfields?|air\s?bases?|"
    r"naval\s+bases?|bases?|aerodromes?|station|harbou?r|port|beach|peninsula|islands?|coast)"
)
_WHERE = (
    r"(?:(?:far[- ])?(?:north|south|east|west)(?:[-]?(?:east|west))?(?:ern)?|central|coastal|"
    r"upper|lower|"
    r"inner|outer|the|parts?|waters?|area|shores?|coasts?|edge|capital|city|town|port|village|ranges?|camp|site|firing|"
    r"training|grounds?|county|districts?|provinces?|regions?|of|off)"
)
WATER = re.compile(
    rf"\b(?:Sea|Gulf|Straits?|Bay|Sound|Lake|Cape|Port)\s+of\s+(?:the\s+)?{_CAP}(?:\s+{_CAP}){{0,3}}"
    rf"|\b(?:Cape|Port|Lake|Mount|Fort|Camp)\s+{_CAP}"
    rf"|\b{_CAP}(?:\s+{_CAP}){{0,3}}\s+(?:{_HEADS})\b"
)
_GROUNDS = re.compile(rf"\b(?P<name>{_CAP}(?:\s+{_CAP}){{0,2}})\s+(?P<head>{_GROUND})\b")
_AFTER = re.compile(
    rf"\b(?P<prep>in|at|near|off|over|across|around|outside|inside|through|into|towards?|to|from|on|"
    rf"within|along|beyond|(?:north|south|east|west)(?:-?(?:east|west))?\s+of|reach(?:ed|es)?|visit(?:ed|s)?|"
    rf"left|leaves?)\s+(?P<where>(?:{_WHERE}\s+){{0,6}})(?P<name>{_NAME})"
)
_MOVING = re.compile(
    rf"\b(?:march|sail|mov|travel|fly|flew|head|fir|steam|transferr?|return|drov|driv|depart)(?:e|es|s|ed|ing)?\s+"
    rf"(?:back\s+)?(?P<prep>to|for|from)\s+(?P<where>(?:{_WHERE}\s+){{0,6}})(?P<name>{_NAME})"
)
_GENERAL = re.compile(
    r"\b(?:in|at|to|off|along)\s+(?:the\s+)?(?P<name>(?:coastal|littoral|border|northern|southern|"
    r"eastern|western|arctic)\s+(?:areas?|waters|regions?|districts?))\b"
)
_FIRM = frozenset(
    [
        "in", "at", "near", "off", "over", "across", "around", "outside", "inside", "within",
        "along", "beyond", "of",
    ]
)  # fmt: skip
"""Prepositions after which a name is a place, whatever it is called."""

_GOING = frozenset(["reach", "reached", "reaches", "visit", "visited", "visits"])

_NO_PLACE = frozenset(
    [
        "The", "A", "An", "I", "He", "She", "It", "We", "They", "This", "That", "These", "Those",
        "His", "Her", "Its", "Our", "Their", "Gen", "Lt", "Col", "Maj", "Adm", "Capt", "Mr",
        "Mrs", "Ms", "Dr", "President", "Minister", "Secretary", "Prime", "Chief", "General",
        "Admiral", "Colonel", "Captain", "Commander", "Exercise", "Operation", "NATO", "UN", "EU",
        "OSCE", "CSTO", "SCO", "Cold", "English", "God", "Defence", "Defense", "Army", "Navy",
        "Air", "Marine", "Airborne", "Ministry", "Department",
    ]
)  # fmt: skip
_NAMES_NO_PLACE = frozenset(
    ("United Nations", "Security Council", "West", "East", "North", "South")
)
_CONTINENTS = frozenset(
    (
        "Asia", "Europe", "Africa", "America", "Latin America", "Antarctica", "Oceania", "Arctic",
        "Pacific",
    )
)  # fmt: skip
_MONTH_OR_DAY = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b|\w+day\b)"
)


def places(
    text: str, span: Span, found: Sequence[Party], known: Iterable[str] = ()
) -> list[tuple[Span, str]]:
    """Return the places that a sentence names, in order, each once: (where, name).

    Parameters
    ----------
    text
        The whole text.
    span
        The sentence.
    found
        The nations named in it; one after "in" is a place.
    known
        Names of places of the scenario.
    """
    spots: list[Span] = []
    for name in known:
        at = text.find(name, span.start, span.end)
        if at >= 0 and not _glued(text, at, at + len(name)):
            spots.append(Span(at, at + len(name)))
    for match in _MOVING.finditer(text, span.start, span.end):
        spot = _named(text, span, match, found, moving=True)
        if spot is not None:
            spots.append(spot)
    for match in _AFTER.finditer(text, span.start, span.end):
        spot = _named(text, span, match, found)
        if spot is not None:
            spots.append(spot)
    for match in WATER.finditer(text, span.start, span.end):
        if not _MONTH_OR_DAY.match(match[0]):
            start = match.start() + (4 if match[0].startswith("The ") else 0)
            spots.append(Span(start, match.end()))
    for match in _GROUNDS.finditer(text, span.start, span.end):
        first = match["name"].split()[0]
        if first not in _NO_PLACE and not _adjective(found, match.start(), match.start("head")):
            spots.append(Span(match.start(), match.end()))
    for match in _GENERAL.finditer(text, span.start, span.end):
        spots.append(Span(match.start("name"), match.end("name")))
    return _once(text, spots)


def _once(text: str, spots: Iterable[Span]) -> list[tuple[Span, str]]:
    """Return the longest of those that overlap, in order, each name once."""
    kept: list[Span] = []
    for spot in sorted(spots, key=lambda s: (s.start - s.end, s.start)):
        if not any(other.start < spot.end and spot.start < other.end for other in kept):
            kept.append(spot)
    named: dict[str, tuple[Span, str]] = {}
    for spot in sorted(kept):
        name = " ".join(spot.of(text).split())
        named.setdefault(name.lower(), (spot, name))
    return list(named.values())


def _glued(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return (
        before.isalnum() or after.isalnum() or (after == "-" and text[end + 1 : end + 2].isdigit())
    )


def _adjective(found: Sequence[Party], start: int, end: int) -> bool:
    """Whether nothing but the adjective of a nation stands there: "Russian bases"."""
    return any(
        p.how == "adjective" and p.span.start == start and p.span.end >= end - 2 for p in found
    )


def _named(  # noqa: PLR0911
    text: str, span: Span, match: re.Match[str], found: Sequence[Party], *, moving: bool = False
) -> Span | None:
    """Return where the place after a preposition stands; None if it is none."""
    preposition = match["prep"].lower().split()[-1]
    start, end = match.start("name"), match.end("name")
    name = match["name"]
    first = re.split(r"[\s’'.]", name, maxsplit=1)[0]
    dated = DATE.match(text, start, span.end)
    if _MONTH_OR_DAY.match(name) or dated is not None or any(c.isdigit() for c in name):
        return None
    if first in _NO_PLACE or (
        name.isupper() and len(name) > 1 and first not in ("UK", "US", "UAE")
    ):
        return None
    nation = next((p for p in found if p.span.start == start), None)
    if nation is not None and nation.how == "adjective":
        heads = re.search(rf"\s(?:{_HEADS})$", name)
        return Span(start, end) if heads else None
    if nation is not None and nation.span.end < end:
        rest = text[nation.span.end : end]
        if not rest.startswith(("’s", "'s")):
            end = nation.span.end
        elif not re.match(
            rf"['’]s\s+(?:{_WHERE}\s+){{0,4}}(?:{_CAP}\s+){{0,4}}(?:{_HEADS}|{_CAP})$", rest
        ):
            return None
    follows = text[end : end + 2]
    if nation is not None and follows in ("’s", "'s"):
        return None
    if nation is None and follows in ("’s", "'s"):
        return None
    geographic = (
        nation is not None
        or name in _CONTINENTS
        or re.search(rf"\b(?:{_HEADS})\b", name) is not None
    )
    if preposition not in _FIRM | _GOING and not geographic and not moving:
        return None
    if nation is not None and preposition in ("from", "on") and not moving:
        return None
    if name in _NAMES_NO_PLACE:
        return None
    where = re.search(
        r"((?:far[- ])?(?:north|south|east|west)(?:[-]?(?:east|west))?ern|central|coastal)\s+$",
        match["where"],
    )
    return Span(start - len(where[0]), end) if where else Span(start, end)
