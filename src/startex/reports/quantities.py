"""Quantities in a sentence: number, bound and unit, as statements of claims hold them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from startex.reports.numbers import NUMBER, Number, numbers
from startex.reports.sentences import Span
from startex.sources.claims import Bound

_BEFORE: tuple[tuple[Bound, str], ...] = (
    ("up to", r"no\s+more\s+than|not\s+more\s+than|up\s+to|as\s+many\s+as|at\s+most|"
              r"a\s+maximum\s+of|maximum"),
    ("at least", r"no\s+(?:fewer|less)\s+than|not\s+(?:fewer|less)\s+than|at\s+least|"
                 r"a\s+minimum\s+of|minimum"),
    ("more than", r"more\s+than|over|above|in\s+excess\s+of|exceed(?:s|ed|ing)?|upwards?\s+of|"
                  r"surpass(?:es|ed|ing)?"),
    ("less than", r"fewer\s+than|less\s+than|under|below"),
    ("about", r"some|about|around|roughly|approximately|approx\.|nearly|almost|circa|ca\.|"
              r"close\s+to|(?:an\s+)?estimated|in\s+the\s+region\s+of|on\s+the\s+order\s+of|~"),
)  # fmt: skip
_BOUND_BEFORE = [
    (bound, re.compile(rf"(?<!\w)(?:{words})\s*(?:the\s+|a\s+total\s+of\s+)?$", re.I))
    for bound, words in _BEFORE
]
_BOUND_AFTER: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("at least", re.compile(r"\+(?!\w)|(?:-|\s)plus\b|\s+or\s+more\b|\s+and\s+more\b", re.I)),
    ("about", re.compile(r"\s+or\s+so\b|-odd\b|-ish\b", re.I)),
    ("up to", re.compile(r"\s+or\s+(?:fewer|less)\b", re.I)),
)
_RANGE = re.compile(r"\s*[-–—]\s*|\s+(?:to|or|and)\s+(?:(?:even|perhaps)\s+)?", re.I)
_BETWEEN = re.compile(r"\b(?:between|from|anywhere\s+from)\s+$", re.I)
_STRONG = re.compile(r"[-\s]strong\b", re.I)
_TOKEN = re.compile(r"[\s-]+((?:[^\W_]|['’])+)")
_STOP = frozenset(
    [
        "in", "on", "at", "to", "from", "with", "by", "for", "and", "or", "but", "as", "is",
        "are", "was", "were", "will", "would", "can", "could", "has", "have", "had", "who",
        "which", "that", "than", "including", "among", "during", "after", "before", "since",
        "until", "while", "said", "says", "an", "a", "took", "take", "takes", "per", "were",
        "there", "when", "where", "through", "between", "against", "into", "near", "off",
    ]
)  # fmt: skip
"""Words that no noun phrase goes beyond."""

_PERCENT = re.compile(r"\s?(?:%|per\s?cent\b)", re.I)
_OF = re.compile(r"\s+of\b")
_YEAR = re.compile(r"(?:19|20)\d\d")
_OF_A_YEAR = re.compile(r"\b(?:in|of|since|from|until|by)\s$", re.I)

_ADJECTIVES_AT_MOST = 5

_AGO = re.compile(r"\s+(?:ago|earlier|later|before|after|old)\b", re.I)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts or measures.

    Attributes
    ----------
    span
        From the word that bounds it to its noun.
    number
        Where the number alone stands.
    value, low, high
        As in a `Statement`; None where the words give none.
    bound
        How the words bound it.
    field, unit
        Of the statement.
    noun
        The words between number and noun, and the noun.
    """

    span: Span
    number: Span
    value: float | None
    low: float | None
    high: float | None
    bound: Bound
    field: str
    unit: str
    noun: str


@cache
def _nouns() -> Mapping[str, tuple[str, str, bool]]:
    """Return nouns: (field, unit, whether it stands after other numbers than one)."""
    text = files("startex.reports").joinpath("nouns.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, str, bool]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["plural"], (row["field"], row["unit"], True))
        if row["singular"]:
            found.setdefault(row["singular"], (row["field"], row["unit"], False))
    return found


def quantities(text: str, span: Span, taken: Iterable[Span] = ()) -> list[Quantity]:
    """Return the quantities of a sentence that count or measure something known, in order.

    Years, days of the month, times, hull numbers and names such as Su-35 are none.

    Parameters
    ----------
    text
        The whole text.
    span
        The sentence.
    taken
        Pieces that are something else already, as dates.
    """
    avoid = list(taken)
    free = [
        number
        for number in numbers(text, span)
        if not any(t.start < number.span.end and number.span.start < t.end for t in avoid)
    ]
    found: list[Quantity] = []
    index = 0
    while index < len(free):
        first = free[index]
        second = _second(text, free, index)
        quantity = _quantity(text, span, first, second)
        if quantity is None and second is not None:
            second = None
            quantity = _quantity(text, span, first, None)
        if quantity is not None:
            found.append(quantity)
        index += 2 if second is not None else 1
    return found


def _second(text: str, free: list[Number], index: int) -> Number | None:
    """Return the number that ends a range begun by another: "10 to 12", "between 10 and 12"."""
    if index + 1 >= len(free):
        return None
    first, second = free[index], free[index + 1]
    glue = text[first.span.end : second.span.start]
    if not _RANGE.fullmatch(glue) or second.value <= first.value:
        return None
    if glue.strip().lower() == "and" and not _BETWEEN.search(text[: first.span.start][-24:]):
        return None
    return second


def _quantity(text: str, span: Span, first: Number, second: Number | None) -> Quantity | None:
    last = second or first
    end = last.span.end
    after: Bound | None = None
    for bound, pattern in _BOUND_AFTER:
        match = pattern.match(text, end, span.end)
        if match:
            after, end = bound, match.end()
            break
    noun = _noun(text, end, span.end, first, second)
    if noun is None:
        return None
    field, unit, stop = noun
    before, start = _bound_before(text, span, first.span.start)
    words = " ".join(text[end:stop].split())
    value: float | None = first.value
    low = high = None
    bound = after or before or "exactly"
    if second is not None:
        opening = _BETWEEN.search(text[max(span.start, start - 24) : start])
        start -= len(opening[0]) if opening else 0
        value, low, high, bound = None, first.value, second.value, "between"
    elif first.open_ended:
        value, low, bound = None, first.value, "exactly"
    return Quantity(
        Span(start, stop), Span(first.span.start, last.span.end),
        value, low, high, bound, field, unit, words,
    )  # fmt: skip


def _bound_before(text: str, span: Span, at: int) -> tuple[Bound | None, int]:
    before = text[max(span.start, at - 40) : at]
    for bound, pattern in _BOUND_BEFORE:
        match = pattern.search(before)
        if match:
            return bound, at - (len(before) - match.start())
    return None, at


def _noun(  # noqa: PLR0911
    text: str, at: int, end: int, first: Number, second: Number | None
) -> tuple[str, str, int] | None:
    """Return field, unit and end of the noun that a number counts."""
    strong = _STRONG.match(text, at, end)
    if strong:
        return "persons", "person", strong.end()
    percent = _PERCENT.match(text, at, end)
    if percent:
        return "share", "percent", percent.end()
    one = second is None and first.value == 1.0
    if (one and _OF.match(text, at, end)) or _a_year(text, first):
        return None
    one = one or text[at : at + 1] == "-"  # "a five-day exercise"
    previous, adjectives = "", 0
    while adjectives <= _ADJECTIVES_AT_MOST:
        token = _TOKEN.match(text, at, end)
        if token is None:
            return None
        word = token[1].lower()
        for candidate in (f"{previous} {word}", word):
            known = _nouns().get(candidate)
            hyphenated = text[token.end() : token.end() + 1] == "-"
            if known and (known[2] or one) and not hyphenated:
                if _AGO.match(text, token.end(), end) and known[0] == "duration":
                    return None
                return known[0], known[1], token.end()
        if NUMBER.fullmatch(token[1]):
            return None
        if word in _STOP and not (word == "and" and adjectives):
            return None
        previous, at = word, token.end()
        adjectives += word not in ("of", "the")
    return None


def _a_year(text: str, number: Number) -> bool:
    if _YEAR.fullmatch(number.span.of(text)) is None:
        return False
    return _OF_A_YEAR.search(text[max(0, number.span.start - 8) : number.span.start]) is not None
