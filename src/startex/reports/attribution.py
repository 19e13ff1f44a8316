"""Who a sentence says is speaking, the words that rests on, and which known origin that may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from startex.reports.parties import codes_in, parties
from startex.reports.sentences import Span
from startex.sources.claims import Claim, Origin

_CAP = r"[A-ZÀ-ÖØ-ÞŁŠŽ][\w.’'-]*"
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
_WORD = rf"(?:{_CAP}|(?:{_ROLE})\b)"
_PHRASE = (
    rf"(?:(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Oo]ne|[Tt]wo|[Ss]ome|[Ss]enior|[Uu]nnamed)\s+)*(?:senior\s+)?{_WORD}"
    rf"(?:(?:\s+(?:of|for|the|and|in|at|bin|ibn|van|von|der|den|de|al|el|dos)){{0,2}}\s+{_WORD})*"
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
_SET_OFF = re.compile(rf",\s(?P<who>(?:{_CAP}\s+){{1,4}}{_CAP}),{_BETWEEN}\s+$")
_NAMED = re.compile(rf"(?:{_CAP}\s+){{1,4}}{_CAP}")
_AFTER = re.compile(rf"\s+(?P<who>{_PHRASE})")
_INVERTED_BEFORE = re.compile(r"[,”\"’'?!]\s*$")
_ACCORDING = re.compile(
    rf"\b[Aa]ccording\s+to\s+(?:reports\s+(?:in|by|from)\s+)?(?P<who>{_PHRASE})"
)
_CITING = re.compile(rf"\b(?:citing|quoting|cited|quoted|cites|quotes)\s+(?P<who>{_PHRASE})")
_LEADING = re.compile(
    r"(?:But|And|Nor|In|At|On|As|However|Yet|So|While|When|Also|Meanwhile|Earlier|Later|For|That|"
    r"After|Before|Then|Still|Instead|If)\s+"
)
_NOBODY = frozenset(
    [
        "I", "We", "You", "There", "What", "Which", "Who", "This", "That", "These", "Those",
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
        "Saturday", "Sunday",
    ]
)  # fmt: skip
_BODY = re.compile(
    r"\b(?:Ministry|Defen[cs]e|House|Kremlin|Staff|Office|Service|Fleet|Navy|Army|Agency|News|MoD|"
    r"Command)\b"
)
_BACK = re.compile(r"(?:the|its|his)\s+(?P<noun>[\w\s]+)", re.I)
_MINISTRY = re.compile(
    rf"(?:{_CAP}\s+)*(?:Defen[cs]e|Foreign|Interior)\s+Ministry\b"
    rf"|(?:{_CAP}\s+)*(?:Ministry|Department)\s+of\s+(?:National\s+)?(?:Defen[cs]e|{_CAP})(?:\s+of\s+{_CAP})?"
    rf"|(?:{_CAP}\s+)?(?:MoD|MOD|MND)\b"
)


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
    known: list[str] = []
    last: Speaker | None = None
    for span in spans:
        speaker = _speaker(text, span, known)
        if speaker is None and last is not None and _quote_goes_on(text, span, last):
            speaker = Speaker(last.name, last.words, last.via)
        if speaker is not None:
            known.append(speaker.name)
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
    return near and sentence.startswith(("“", '"')) and sentence.rstrip().endswith(("”", '"'))


def _speaker(text: str, span: Span, known: Sequence[str]) -> Speaker | None:
    cited = _ACCORDING.search(text, span.start, span.end)
    citing = _CITING.search(text, span.start, span.end)
    direct = _direct(text, span)
    if citing is not None:
        first = _resolved(text, citing.start("who"), citing["who"], known)
        others = [direct[0]] if direct else [cited["who"]] if cited else []
        via = next((each for each in others if each != citing["who"]), "")
        via = _resolved(text, span.start, via, known) if via else ""
        return Speaker(first, Span(citing.start(), citing.end("who")), via)
    if cited is not None:
        first = _resolved(text, cited.start("who"), cited["who"], known)
        via = ""
        if direct is not None and direct[0] != cited["who"]:
            via = _resolved(text, span.start, direct[0], known)
        return Speaker(first, Span(cited.start(), cited.end("who")), via)
    if direct is not None:
        who, words = direct
        return Speaker(_resolved(text, words.start, who, known), words)
    return None


def _direct(text: str, span: Span) -> tuple[str, Span] | None:
    """Return who says something in a sentence and the words: "the ministry said"."""
    for verb in _VERB.finditer(text, span.start, span.end):
        start = max(span.start, verb.start() - 200)
        prefix = text[start : verb.start()]
        match = _APPOSED.search(prefix) or _SET_OFF.search(prefix) or _BEFORE.search(prefix)
        if match is not None:
            who = match["who"]
            lead = _LEADING.match(who)
            skipped = lead.end() if lead else 0
            who = who[skipped:]
            more = match.groupdict().get("more") or ""
            if _NAMED.fullmatch(more) and _a_person(more) and not _a_person(who):
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


def _resolved(text: str, at: int, who: str, known: Sequence[str]) -> str:
    """Return whom "he", "it" or "the ministry" means, from what stands before; else the words."""
    who = " ".join(who.split()).rstrip(".,’'")
    lower = who.lower()
    if lower in ("he", "she"):
        people = [name for name in known if _a_person(name)]
        return people[-1] if people else who
    if lower in ("it", "they"):
        bodies = [name for name in known if not _a_person(name)]
        return bodies[-1] if bodies else who
    if " " not in who and not codes_in(who) and who[:1].isupper() and not who.isupper():
        return _full_name(text, who)
    back = _BACK.fullmatch(who)
    if back is not None and back["noun"].islower():
        noun = back["noun"].split()[-1]
        if noun == "ministry":
            ministries = [m[0] for m in _MINISTRY.finditer(text, 0, at)]
            return ministries[-1] if ministries else who
        same = [name for name in known if noun in name.lower().split() and name.lower() != lower]
        people = [name for name in known if _a_person(name)]
        if not same and noun in (
            "general",
            "admiral",
            "colonel",
            "spokesman",
            "minister",
            "captain",
        ):
            same = people
        return same[-1] if same else who
    return who


def _full_name(text: str, surname: str) -> str:
    """Return the longest name in the text that ends in a surname; the surname if there is none."""
    pattern = re.compile(rf"(?:(?:{_CAP})\s+){{1,5}}{re.escape(surname)}(?!\w)")
    longest = max((" ".join(m[0].split()) for m in pattern.finditer(text)), key=len, default="")
    lead = _LEADING.match(longest)
    longest = longest[lead.end() :] if lead else longest
    return longest if " " in longest else surname


def _a_person(name: str) -> bool:
    """Whether a name ends like one of a person: no role or institution as its last word."""
    words = name.split()
    if not words or not words[-1][:1].isupper() or codes_in(words[-1]):
        return False
    return _BODY.search(name) is None and not words[-1].isupper()


_SAME = {"defense": "defence", "center": "centre", "department": "ministry", "mfa": "foreign"}
_EXPANDED = dict.fromkeys(("mod", "mnd", "military"), ("ministry", "defence"))
_EMPTY = frozenset(
    [
        "of",
        "the",
        "and",
        "for",
        "a",
        "an",
        "its",
        "his",
        "her",
        "own",
        "to",
        "in",
        "at",
        "by",
        "on",
        "s",
        "unnamed",
        "national",
    ]
)


def _tokens(words: str) -> frozenset[str]:
    """Return the words that tell who it is; nations by their codes, whatever they are called."""
    kept = list(words)
    found: set[str] = set()
    for party in parties(words):
        if party.how == "seat" and words[party.span.start : party.span.end].startswith("the "):
            continue  # the Kremlin is a speaker of its own
        found.add(f"@{party.code}")
        kept[party.span.start : party.span.end] = " " * (party.span.end - party.span.start)
    for token in re.findall(r"[^\W\d_]+", "".join(kept).lower()):
        found.update(_EXPANDED.get(token, (_SAME.get(token, token),)))
    return frozenset(found - _EMPTY)


class Origins:
    """Finds the known origin that a speaker may be."""

    def __init__(self, origins: Mapping[str, Origin], claims: Iterable[Claim] = ()) -> None:
        """Learn names from origins, and who went back to which from claims already coded."""
        self._tokens = {
            name: _tokens(origin.name) | ({_nation(origin)} if _nation(origin) else frozenset())
            for name, origin in origins.items()
        }
        coded: dict[str, set[str]] = {}
        for claim in claims:
            if claim.origin in origins:
                coded.setdefault(_plain(claim.said_by), set()).add(claim.origin)
        self._coded = {words: next(iter(ids)) for words, ids in coded.items() if len(ids) == 1}

    def guess(self, speaker: str) -> str:
        """Return the id of the origin that fits the words best; blank if none or several do."""
        if _plain(speaker) in self._coded:
            return self._coded[_plain(speaker)]
        wanted = _tokens(speaker)
        nations = {token for token in wanted if token.startswith("@")}
        scores: dict[str, float] = {}
        for name, tokens in self._tokens.items():
            own = {token for token in tokens if token.startswith("@")}
            common = wanted & tokens
            words = common - own
            if not words or (nations and own and not nations & own):
                continue
            if own and not nations and words <= _OFFICES:
                continue  # a president of no nation may be anybody's
            scores[name] = len(common) / len(wanted | (tokens - own))
        best = sorted(scores, key=lambda name: (-scores[name], name))
        clear = len(best) == 1 or (len(best) > 1 and scores[best[0]] > scores[best[1]])
        return best[0] if best and clear and scores[best[0]] >= _LIKE else ""


_OFFICES = frozenset(
    [
        "president", "minister", "ministry", "government", "defence", "office", "army", "navy",
        "fleet", "officials", "leaders", "chief", "commander", "general", "spokesman",
        "secretary", "state", "staff", "press", "service", "foreign",
    ]
)  # fmt: skip
"""What every nation has: no name without the nation."""

_LIKE = 0.25
"""Share of words in common from which on a speaker may be a known origin; assumed."""


def _nation(origin: Origin) -> str:
    return f"@{origin.nation}" if origin.nation else ""


def _plain(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.lower()))
