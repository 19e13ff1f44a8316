"""Nations as reports name them: by name, adjective, seat of government ("Beijing said"), force."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from unicodedata import combining, normalize

from startex.foundation.nations import nation_names
from startex.reports.sentences import Span


@dataclass(frozen=True, slots=True)
class Party:
    """A nation that a text names.

    Attributes
    ----------
    span
        Where.
    code
        ISO 3166-1 alpha-3.
    how
        ``name``, ``adjective`` or ``seat``.
    """

    span: Span
    code: str
    how: str


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    """Return words for nations: (code, how)."""
    found = {name: (code, "name") for code, name in nation_names().items()}
    text = files("startex.reports").joinpath("demonyms.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for column, how in (("others", "name"), ("adjectives", "adjective"), ("seats", "seat")):
            for word in filter(None, (row[column] or "").split(";")):
                found.setdefault(word, (row["code"], how))
    return found


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_words(), key=lambda word: (-len(word), word))
    words = "|".join(re.escape(word).replace("'", "['’]") for word in longest_first)
    return re.compile(rf"(?<![\w.])(?:{words})(?!\w)")


def parties(text: str, within: Span | None = None) -> list[Party]:
    """Return the nations named in a piece of text, in order, as often as they are."""
    start, end = (within.start, within.end) if within else (0, len(text))
    return [
        Party(Span(match.start(), match.end()), *_words()[match[0].replace("’", "'")])
        for match in _pattern().finditer(text, start, end)
    ]


def codes_in(words: str) -> tuple[str, ...]:
    """Return the codes of the nations that some words name, each once."""
    return tuple(dict.fromkeys(party.code for party in parties(words)))


def subject_id(code: str) -> str:
    """Return a nation as the subject of statements: ``united-states``."""
    return slug(nation_names().get(code, code))


def slug(words: str) -> str:
    """Return words as an id: small letters, digits and hyphens; ``unnamed`` if none are left."""
    plain = normalize("NFKD", words.lower().replace("’", "'").replace("'s", ""))
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in plain if not combining(c))
    ascii_only = re.sub(r"-+", "-", kept).strip("-")
    return ascii_only[:48].rstrip("-") or "unnamed"


_TAKING_PART = re.compile(
    r"\b(?:participat\w+|tak(?:e|es|ing|en)\s+part|took\s+part|join\w*|attend\w*|involv\w+|"
    r"engag(?:e|es|ing|ed)|contribut\w+|(?:send|sends|sent|sending|dispatch\w*|deploy\w*|"
    r"provid\w+|field\w*)\s+(?:\S+\s+){0,5}?(?:troops|soldiers|forces|ships?|contingents?|units?|"
    r"warships|aircraft|vessels|companies|company|battalions?|observers|frigates?|corvettes?)|"
    r"contingents?|delegations?|together\s+with|alongside|jointly|joint|multinational|bilateral|"
    r"trilateral|side\s+by\s+side)\b",
    re.I,
)
_TOGETHER = re.compile(
    r"\b(?:will\s+)?(?:hold|holds|held|conduct\w*|carry|carries|carried|stag(?:e|es|ed|ing)|"
    r"begin|begins|began|open|opened|rehears\w+|practi[cs]\w+|train|trained|operat\w+|exercis\w+|"
    r"drills?|manoeuvres|maneuvers|war\s+games)\b",
    re.I,
)
EXERCISE = re.compile(
    r"\b(?:exercises?|drills?|man(?:oeuvres?|euvers?)|war\s*games?|training|rehears\w+|parades?|"
    r"Vostok|ranges?|landings?|patrols?)\b",
    re.I,
)
"""Words for what an exercise is."""

_AFTER_WITH = re.compile(r"\bwith\s+(?:the\s+)?$", re.I)
_AFTER_PLACE = re.compile(
    r"\b(?:in|at|near|off|over|across|to|into|from|outside|around|towards?|against|on|about|"
    r"invasion\s+of|invaded|neighbou?ring|of)\s+(?:the\s+)?$",
    re.I,
)
_LIST_GLUE = re.compile(r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*[-–—/]\s*)(?:the\s+)?")
_VAGUE = re.compile(
    r"\b(?:several|some|other|many|various|a\s+number\s+of)\s+(?:other\s+)?"
    r"(?:[\w-]+\s+){0,2}?(?:countries|nations|states)\b",
    re.I,
)


def participants(text: str, span: Span, found: Sequence[Party]) -> list[tuple[Span, str]]:
    """Return the nations that a sentence says take part, in order, each once: (where, name).

    Lists that end in "and other countries" keep that as an item.

    Parameters
    ----------
    text
        The whole text.
    span
        The sentence.
    found
        The nations named in it.
    """
    sentence = span.of(text)
    if not EXERCISE.search(sentence) and not _TAKING_PART.search(sentence):
        return []
    runs = _runs(text, found)
    lists = [run for run in runs if len({party.code for party in run}) > 1]
    taking = _TAKING_PART.search(sentence) is not None
    together = _TOGETHER.search(sentence) is not None
    chosen: list[Party] = []
    if lists and (taking or together):
        chosen = [party for run in lists for party in run if not _is_place(text, run[0], span)]
    if taking:
        chosen += [p for p in found if p not in chosen and not _is_place(text, p, span)]
    elif together:
        chosen += [p for p in found if p not in chosen and _with(text, p, span)]
    chosen.sort(key=lambda party: party.span)
    named: dict[str, tuple[Span, str]] = {}
    for party in chosen:
        named.setdefault(nation_names()[party.code], (party.span, nation_names()[party.code]))
    items = list(named.values())
    if items:
        for match in _VAGUE.finditer(text, span.start, span.end):
            items.append((Span(match.start(), match.end()), match[0]))
    return sorted(items)


def _runs(text: str, found: Sequence[Party]) -> list[list[Party]]:
    """Return the nations in runs: "Russia and China", "India, Laos and Syria"."""
    runs: list[list[Party]] = []
    for party in found:
        if runs and _LIST_GLUE.fullmatch(text, runs[-1][-1].span.end, party.span.start):
            runs[-1].append(party)
        else:
            runs.append([party])
    return runs


def _before(text: str, party: Party, span: Span) -> str:
    return text[max(span.start, party.span.start - 24) : party.span.start]


def _is_place(text: str, party: Party, span: Span) -> bool:
    before = _before(text, party, span)
    if re.search(r"\bparticipation\s+of\s+(?:the\s+)?$", before):
        return False
    if party.how == "adjective":
        return False
    if re.search(r"\b(?:from|of)\s+(?:the\s+)?$", before):
        head = text[max(span.start, party.span.start - 60) : party.span.start]
        words = r"troops|forces|units|ships|soldiers|contingents?|observers|crews|sailors|officers"
        return not re.search(rf"\b(?:{words})\s+(?:from|of)\s+(?:\S+\s+){{0,3}}$", head)
    return _AFTER_PLACE.search(before) is not None


def _with(text: str, party: Party, span: Span) -> bool:
    return _AFTER_WITH.search(_before(text, party, span)) is not None
