"""Whom "he", "it", "the ministry" and a surname mean, by who was named before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Mapping
from functools import cached_property

from startex.reports.parties import codes_in

CAP = r"[A-ZÀ-ÖØ-ÞŁŠŽ][\w.’'-]*"
"""A word with a capital, as a regular expression."""

LEADING = re.compile(
    r"(?:But|And|Nor|In|At|On|As|However|Yet|So|While|When|Also|Meanwhile|Earlier|Later|For|That|"
    r"After|Before|Then|Still|Instead|If)\s+"
)
"""Words with a capital that begin a sentence, and no name."""

_BACK = re.compile(r"(?:the|its|his)\s+(?P<noun>[\w\s]+)", re.I)
_MINISTRY = re.compile(
    rf"(?:{CAP}\s+){{0,3}}(?:Defen[cs]e|Foreign|Interior)\s+Ministry\b"
    rf"|(?:{CAP}\s+){{0,3}}(?:Ministry|Department)\s+of\s+(?:National\s+)?"
    rf"(?:Defen[cs]e|{CAP})(?:\s+of\s+{CAP})?"
    rf"|(?:{CAP}\s+)?(?:MoD|MOD|MND)\b"
)
_NAME = re.compile(rf"{CAP}(?:\s+{CAP}){{1,5}}(?!\w)")
_BODY = re.compile(
    r"\b(?:Ministry|Defen[cs]e|House|Kremlin|Staff|Office|Service|Fleet|Navy|Army|Agency|News|MoD|"
    r"Command)\b"
)
_OFFICES = frozenset(("general", "admiral", "colonel", "spokesman", "minister", "captain"))
"""Nouns that mean the last person named, where nobody was named with them."""

_REMEMBERED = 50
"""Speakers that are remembered; nobody refers farther back."""


class Referents:
    """Who was named in a text so far."""

    def __init__(self, text: str) -> None:
        """Begin with nobody."""
        self._text = text
        self._known: deque[str] = deque(maxlen=_REMEMBERED)

    def add(self, name: str) -> None:
        """Remember a speaker."""
        self._known.appendleft(name)

    def resolve(self, who: str, at: int) -> str:
        """Return whom words at a place of the text mean; the words themselves if it is not clear.

        Parameters
        ----------
        who
            The words: "he", "the ministry", a surname, or a name, which stays what it is.
        at
            Where they stand; only what stands before counts.
        """
        who = " ".join(who.split()).rstrip(".,’'")
        lower = who.lower()
        if lower in ("he", "she"):
            return next((name for name in self._known if a_person(name)), who)
        if lower in ("it", "they"):
            return next((name for name in self._known if not a_person(name)), who)
        if " " not in who and not codes_in(who) and who[:1].isupper() and not who.isupper():
            return self._full_names.get(who, who)
        back = _BACK.fullmatch(who)
        if back is None or not back["noun"].islower():
            return who
        noun = back["noun"].split()[-1]
        if noun == "ministry":
            places, names = self._ministries
            index = bisect_left(places, at)
            return names[index - 1] if index else who
        same = (n for n in self._known if noun in n.lower().split() and n.lower() != lower)
        found = next(same, "")
        if not found and noun in _OFFICES:
            found = next((name for name in self._known if a_person(name)), "")
        return found or who

    @cached_property
    def _ministries(self) -> tuple[list[int], list[str]]:
        """Where ministries are named, and their names."""
        found = list(_MINISTRY.finditer(self._text))
        return [match.start() for match in found], [match[0] for match in found]

    @cached_property
    def _full_names(self) -> Mapping[str, str]:
        """The longest name that ends in each surname, anywhere in the text."""
        found: dict[str, str] = {}
        for match in _NAME.finditer(self._text):
            name = " ".join(match[0].split())
            lead = LEADING.match(name)
            words = name[lead.end() if lead else 0 :].split()
            surname = words[-1].rstrip(".,’'").removesuffix("’s").removesuffix("'s")
            whole = " ".join([*words[:-1], surname])
            if len(words) > 1 and len(whole) > len(found.get(surname, "")):
                found[surname] = whole
        return found


def a_person(name: str) -> bool:
    """Return whether a name ends like one of a person: no role or institution as its last word."""
    words = name.split()
    if not words or not words[-1][:1].isupper() or codes_in(words[-1]):
        return False
    return _BODY.search(name) is None and not words[-1].isupper()
