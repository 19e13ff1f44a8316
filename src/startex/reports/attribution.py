"""Who a sentence says is speaking, and the words that rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from startex.reports.referents import CAP, LEADING, Referents, a_person
from startex.reports.sentences import Span

_ROLE = (
    r"ministry|minister|ministers|spokesman|spokeswoman|spokesperson|officials?|commander|general|"
    r"admiral|military|army|navy|fleet|agency|press|service|office|headquarters|staff|defen[cs]e|"
    r"foreign|deputy|chief|head|officers?|analysts?|experts?|government|embassy|leaders?|sources?|"
    r"newspaper|paper|broadcaster|observers?|residents?|organi[sz]ers?|centre|center|district|media|"
    r"television|communiqu[eé]|statement|captain|colonel|mayor|harbou?r|master|harbourmaster|"
    r"diplomats?|intelligence|state|news|director|reporter|correspondent|president|secretary|brigade|battalion|regiment|division|"
    r"squadron|command|guard"
)
_PERSON = r"he|she|He|She"
_GROUP = r"it|they|It|They"
_WORD = rf"(?:{CAP}|(?:{_ROLE})\b)"
_PHRASE = (
    rf"(?:(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Oo]ne|[Tt]wo|[Ss]ome|[Ss]enior|[Uu]nnamed)\s+)*(?:senior\s+)?{_WORD}"
    rf"(?:(?:\s+(?:of|for|the|and|in|at|bin|ibn|van|von|der|den|de|al|el|dos)){{0,2}}\s+{_WORD}){{0,9}}"
)
_SAYING = (
    r"said|says|say|told|tells|stated|announced|announces|noted|added|adds|reported|confirmed|"
    r"claimed|insisted|insists|emphasi[sz]ed|stressed|declared|acknowledged|estimated|warned|explained|explains|wrote|"
    r"writes|recalled|predicted|promised|specified|called\s+(?:on|for)|urged|vowed|slammed|denied|"
    r"boasted|maintained|counted|released|published|put\s+(?:the|its|their)\s+(?:number|figure|total|strength)"
)
_BETWEEN = (
    r"(?:\s+(?:has|have|had|also|later|then|today|earlier|meanwhile|once|again|on\s+\w+day))*"
)
_VERB = re.compile(rf"\b(?:{_SAYING})\b")
_BEFORE = re.compile(rf"(?P<who>{_PHRASE}|\b(?:{_PERSON}|{_GROUP})){_BETWEEN}\s+$")
_APPOSED = re.compile(rf"(?P<who>{_PHRASE}),\s(?P<more>[^,.;]{{2,90}}),{_BETWEEN}\s+$")
_SET_OFF = re.compile(rf",\s(?P<who>(?:{CAP}\s+){{1,4}}{CAP}),{_BETWEEN}\s+$")
_NAMED = re.compile(rf"(?:{CAP}\s+){{1,4}}{CAP}")
_AFTER = re.compile(rf"\s+(?P<who>{_PHRASE})")
_INVERTED_BEFORE = re.compile(r"[,”\"’'?!]\s*$")
_ACCORDING = re.compile(
    rf"\b[Aa]ccording\s+to\s+(?:reports\s+(?:in|by|from)\s+)?(?P<who>{_PHRASE})"
)
_CITING = re.compile(rf"\b(?:citing|quoting|cited|quoted|cites|quotes)\s+(?P<who>{_PHRASE})")
_NOBODY = frozenset(
    [
        "I", "We", "You", "There", "What", "Which", "Who", "This", "That", "These", "Those",
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
        "Saturday", "Sunday",
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in a sentence.

    Attributes
    ----------
    name
        As the report names him; "he" and "the ministry" are resolved where they can be.
    words
        The words it rests on, in the sentence or in one before it.
    via
        Who passes it on, in a chain ("X reported, citing Y": Y, via X); blank otherwise.
    """

    name: str
    words: Span
    via: str = ""


def speakers(text: str, spans: Sequence[Span]) -> list[Speaker | None]:
    """Return the speaker of each sentence, or None where the writer speaks.

    Parameters
    ----------
    text
        The whole text.
    spans
        Its sentences in order.
    """
    found: list[Speaker | None] = []
    known = Referents(text)
    last: Speaker | None = None
    for span in spans:
        speaker = _speaker(text, span, known)
        if speaker is None and last is not None and _quote_goes_on(text, span, last):
            speaker = Speaker(last.name, last.words, last.via)
        if speaker is not None:
            known.add(speaker.name)
            last = speaker
        elif not _within_paragraph(text, last, span):
            last = None
        found.append(speaker)
    return found


def _within_paragraph(text: str, last: Speaker | None, span: Span) -> bool:
    return last is not None and "\n\n" not in text[last.words.end : span.start]


def _quote_goes_on(text: str, span: Span, last: Speaker) -> bool:
    """Whether a sentence stands in quotation marks that the last speaker's words opened."""
    start = text.rfind("\n\n", 0, span.start) + 1
    before = text[start : span.start]
    if before.count("“") > before.count("”"):
        return True
    sentence = span.of(text)
    near = len(text[last.words.end : span.start].split()) <= 60
    return near and (
        sentence.startswith("“") or (sentence.startswith('"') and sentence.endswith('"'))
    )


def _speaker(text: str, span: Span, known: Referents) -> Speaker | None:
    cited = _ACCORDING.search(text, span.start, span.end)
    citing = _CITING.search(text, span.start, span.end)
    direct = _direct(text, span)
    if citing is not None:
        first = known.resolve(citing["who"], citing.start("who"))
        others = [direct[0]] if direct else [cited["who"]] if cited else []
        via = next((each for each in others if each != citing["who"]), "")
        via = known.resolve(via, span.start) if via else ""
        return Speaker(first, Span(citing.start(), citing.end("who")), via)
    if cited is not None:
        first = known.resolve(cited["who"], cited.start("who"))
        via = ""
        if direct is not None and direct[0] != cited["who"]:
            via = known.resolve(direct[0], span.start)
        return Speaker(first, Span(cited.start(), cited.end("who")), via)
    if direct is not None:
        who, words = direct
        return Speaker(known.resolve(who, words.start), words)
    return None


def _direct(text: str, span: Span) -> tuple[str, Span] | None:
    """Return who says something in a sentence and the words: "the ministry said"."""
    for verb in _VERB.finditer(text, span.start, span.end):
        start = max(span.start, verb.start() - 200)
        prefix = text[start : verb.start()]
        match = _APPOSED.search(prefix) or _SET_OFF.search(prefix) or _BEFORE.search(prefix)
        if match is not None:
            who = match["who"]
            lead = LEADING.match(who)
            skipped = lead.end() if lead else 0
            who = who[skipped:]
            more = match.groupdict().get("more") or ""
            if _NAMED.fullmatch(more) and a_person(more) and not a_person(who):
                return more, Span(start + match.start("who") + skipped, verb.end())
            if _a_name(who):
                return who, Span(start + match.start("who") + skipped, verb.end())
            if who in ("he", "she", "it", "they") or _role_alone(who):
                return who, Span(start + match.start("who") + skipped, verb.end())
        if _INVERTED_BEFORE.search(prefix):
            after = _AFTER.match(text, verb.end(), span.end)
            if after is not None and not _hollow(after["who"]):
                return after["who"], Span(verb.start(), after.end("who"))
    return None


def _a_name(who: str) -> bool:
    return (
        bool(who)
        and who.split(maxsplit=1)[0] not in _NOBODY
        and not (who.islower() or _hollow(who))
    )


def _hollow(who: str) -> bool:
    return re.fullmatch(r"(?:[Tt]he|[Aa]n?)", who) is not None


def _role_alone(who: str) -> bool:
    return re.fullmatch(rf"(?:\w+\s+)*(?:{_ROLE})", who) is not None
