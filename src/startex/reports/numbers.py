"""Numbers in digits and in words: ``50,000``, ``1.5 million``, ``twenty-four``, ``a dozen``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from startex.reports.sentences import Span

_SMALL = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_POWERS = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "mln": 1e6, "billion": 1e9}
_GROUPS = {"dozen": 12.0, "score": 20.0, "pair": 2.0, "couple": 2.0}
_MANY = {"dozens": 24.0, "scores": 40.0, "hundreds": 100.0, "thousands": 1e3, "millions": 1e6}
"""Plurals without a number are read as at least so many; tens of thousands as at least 20,000."""

_ONES = "|".join(_SMALL)
_TENS_WORDS = "|".join(_TENS)
_UNIT_WORD = rf"(?:(?:{_TENS_WORDS})(?:[-\s](?:{_ONES}))?|{_ONES})"
_POWER_WORDS = "|".join(_POWERS)
_WORDS = (
    rf"(?:an?|{_UNIT_WORD})(?:[-\s]+(?:{_POWER_WORDS})\b)+"
    rf"(?:\s+(?:and\s+)?{_UNIT_WORD}\b(?:[-\s]+(?:{_POWER_WORDS})\b)*)*|{_UNIT_WORD}"
)  # fmt: skip
_DIGITS = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+|\d{1,3}(?: \d{3})+(?!\d)"
    r"|\d+(?:\.\d+)?"
)
NUMBER = re.compile(
    rf"(?<![\w.,/:+])(?<![^\W\d][-–])(?:"
    rf"(?P<digits>{_DIGITS})(?:\s?(?P<power>thousand|million|mln|billion)\b)?(?![\w]|[.,:/]\d)"
    rf"|(?P<tens>tens\s+of\s+thousands|hundreds\s+of\s+thousands)\b"
    rf"|(?P<many>{'|'.join(_MANY)})\b"
    rf"|(?:(?P<half>half\s+a)|(?P<count>an?|{_UNIT_WORD}))\s+"
    rf"(?P<group>dozen|score|pair|couple)\b(?!s)"
    rf"|(?P<words>{_WORDS})\b)",
    re.I,
)
"""A number; not one that is glued to letters, as in Su-35, T-72 or 3rd."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Attributes
    ----------
    span
        Where it stands.
    value
        What it is.
    open_ended
        Whether it is the least of what the words mean: "thousands".
    spelled
        Whether it is written in words.
    """

    span: Span
    value: float
    open_ended: bool = False
    spelled: bool = False


def numbers(text: str, within: Span) -> list[Number]:
    """Return the numbers in a piece of text, in order."""
    found = []
    for match in NUMBER.finditer(text, within.start, within.end):
        span = Span(match.start(), match.end())
        if match["digits"]:
            value = float(re.sub(r"[,\s]", "", match["digits"]))
            value *= _POWERS.get((match["power"] or "").lower(), 1.0)
            found.append(Number(span, value))
        elif match["tens"]:
            least = 20_000.0 if match["tens"].lower().startswith("tens") else 200_000.0
            found.append(Number(span, least, open_ended=True, spelled=True))
        elif match["many"]:
            found.append(Number(span, _MANY[match["many"].lower()], open_ended=True, spelled=True))
        elif match["group"]:
            count = 0.5 if match["half"] else number_of(match["count"])
            found.append(Number(span, count * _GROUPS[match["group"].lower()], spelled=True))
        else:
            found.append(Number(span, number_of(match["words"]), spelled=True))
    return found


def number_of(words: str) -> float:
    """Return the number that words spell: ``two hundred and fifty``; ``a`` is one.

    Raises
    ------
    ValueError
        If a word is none of a number.
    """
    total = current = 0.0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in ("a", "an"):
            current += 1.0
        elif word in _SMALL:
            current += _SMALL[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "hundred":
            current = (current or 1.0) * 100.0
        elif word in _POWERS:
            total += (current or 1.0) * _POWERS[word]
            current = 0.0
        elif word != "and":
            raise ValueError(f"{word!r} is no word of a number")
    return total + current
