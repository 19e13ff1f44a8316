"""Sentences of a text, with their offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a text: characters ``start`` to ``end``, the latter not included."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the piece."""
        return text[self.start : self.end]


_BLANK_LINE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)")
_OPENING = re.compile(r"\s+[\"'“‘«(\[]*(\S)")
_LAST_WORD = re.compile(r"([^\s(\[“‘\"']+)\.$")
DATELINE = re.compile(
    r"[A-ZÀ-Þ][A-ZÀ-Þ .’'-]{2,40}(?:, [\w .]{2,40})?(?: ?\([^)\n]{1,40}\))?\s+[-–—]+\s+(?=\S)"
)
"""Where and when a report was filed: ``VLADIVOSTOK, Aug. 29 (TASS) -``; a piece of its own."""

_BULLET = re.compile(r"\s*(?:[-–—*•·]|\(?\d{1,2}[.)])\s+\S")

TITLES = frozenset(
    [
        "gen", "lt", "col", "maj", "adm", "capt", "cmdr", "cdr", "sgt", "cpl", "pvt", "brig",
        "rear", "vice", "mr", "mrs", "ms", "dr", "prof", "st", "messrs", "pres", "sen", "rep",
        "gov", "hon", "rev", "sr", "jr", "ft", "mt",
    ]
)  # fmt: skip
"""Abbreviations that a name follows: never the end of a sentence."""

_BEFORE_NUMBER = frozenset(
    [
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "no",
        "nos", "p", "pp", "ca", "approx", "art", "fig", "vol",
    ]
)  # fmt: skip
_NEVER = frozenset(["e.g", "i.e", "vs", "cf", "viz", "a.k.a"])
_STARTERS = frozenset(
    [
        "the", "a", "an", "in", "on", "at", "it", "its", "he", "she", "they", "this", "that",
        "these", "those", "we", "i", "but", "and", "according", "as", "after", "before", "from",
        "for", "there", "both", "some", "more", "about", "officials",
    ]
)  # fmt: skip
"""Words with which a sentence begins, after an abbreviation such as U.S. that may end one."""

_WRAPPED = 120
"""Characters a line: a text with longer ones is not wrapped by hand."""

LONGEST = 1000
"""Characters of a sentence; a longer run without a stop is cut at a blank."""

_SHORT = 0.6
"""Share of the longest line below which a line ends a paragraph, as a heading does."""


def sentences(text: str) -> list[Span]:
    """Return the sentences of a text in order, without the blanks about them.

    A blank line, a bullet and the end of a heading end a sentence as a full stop does;
    "Gen. Petrov", "U.S. ships", "Aug. 29" and "3.5" do not. A dateline stands for itself.
    What has no stop for `LONGEST` characters is cut.
    """
    found: list[Span] = []
    for block in _blocks(text):
        start = block.start
        dateline = DATELINE.match(text, block.start, block.end)
        if dateline is not None:
            found += _trimmed(text, start, dateline.end())
            start = dateline.end()
        for end in _stops(text, block):
            found += _trimmed(text, start, end)
            start = end
        found += _trimmed(text, start, block.end)
    return found


def paragraphs(text: str) -> list[Span]:
    """Return the pieces of a text between blank lines."""
    found: list[Span] = []
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        found += _stripped(text, start, gap.start())
        start = gap.end()
    return [*found, *_stripped(text, start, len(text))]


def _blocks(text: str) -> Iterator[Span]:
    """Yield what no sentence goes beyond: paragraphs, headings, entries of lists."""
    longest = max((len(line) for line in text.split("\n")), default=0)
    for paragraph in paragraphs(text):
        start, at = paragraph.start, paragraph.start
        for line in paragraph.of(text).split("\n")[:-1]:
            at += len(line) + 1
            following = text[at : min(at + 80, paragraph.end)]
            short = len(line) < _SHORT * min(longest, _WRAPPED)
            capital = following.lstrip(" \t\"'“‘«(")[:1]
            ends = longest > _WRAPPED or (short and (capital.isupper() or capital.isdigit()))
            if ends or _BULLET.match(following[:40]):
                yield Span(start, at)
                start = at
        yield Span(start, paragraph.end)


def _stops(text: str, block: Span) -> Iterator[int]:
    for stop in _STOP.finditer(text, block.start, block.end):
        opening = _OPENING.match(text, stop.end(), block.end)
        if opening is None or not _ends(text, block.start, stop, opening):
            continue
        yield stop.end()


def _ends(text: str, start: int, stop: re.Match[str], opening: re.Match[str]) -> bool:  # noqa: PLR0911
    """Whether a stop ends a sentence, by the word before and the word after it."""
    following = opening[1]
    if not (following.isupper() or following.isdigit() or not following.isalpha()):
        return False
    if not stop[0].startswith(".") or stop[0].startswith(".."):
        return True
    before = text[max(start, stop.start() - 40) : stop.start() + 1]
    match = _LAST_WORD.search(before)
    if match is None:
        return True
    word = match[1].lower()
    after = re.match(r"\w+", text[opening.start(1) : opening.start(1) + 20])
    next_word = after[0].lower() if after else ""
    if word in TITLES or word in _NEVER:
        return False
    if word in _BEFORE_NUMBER:
        return not following.isdigit()
    if re.fullmatch(r"\w(?:\.\w)*", word) and word[0].isalpha():
        initial = len(word) == 1 and match[1].isupper()
        return next_word in _STARTERS and not initial
    return True


def _stripped(text: str, start: int, end: int) -> list[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return [Span(start, end)] if end > start else []


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    pieces: list[Span] = []
    for span in _stripped(text, start, end):
        start, end = span.start, span.end
        while end - start > LONGEST:
            near = start + LONGEST
            blank = max(text.rfind(" ", start, near), text.rfind("\n", start, near))
            cut = blank if blank > start else near
            pieces += _stripped(text, start, cut)
            start = cut
        pieces += _stripped(text, start, end)
    return pieces
