"""From a report to a review file: drafts of an extractor, checked and set beside what is known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from startex.foundation.errors import StartexError
from startex.reports.drafts import Context, Draft, Extractor
from startex.reports.origins import Origins
from startex.reports.parties import codes_in, slug
from startex.reports.reviewfile import (
    Near,
    Passage,
    Proposal,
    Repeats,
    Report,
    ReviewFile,
)
from startex.reports.sentences import Span
from startex.reports.syndication import Likeness, likenesses
from startex.reports.text import ReportText
from startex.sources.claims import Claim, Origin, Source, Statement

CHECKSUM = re.compile(r"\bSHA-256 ([0-9a-f]{64})\b")
"""How the note of a source keeps the checksum of its text."""

_NEAR_AT_MOST = 3
_SAME_WORDS = 0.5
"""Share of words in common from which on two quotes are nearly the same; assumed."""


@dataclass(frozen=True)
class Known:
    """What a scenario knows already.

    Attributes
    ----------
    sources, origins, claims
        By id.
    places
        Names of its places.
    texts
        Whole texts of other known reports, by name.
    """

    sources: Mapping[str, Source] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What the caller says of a report; blank where he does not."""

    source: str = ""
    title: str = ""
    publisher: str = ""
    date: str = ""
    address: str = ""
    origin: str = ""


def propose(
    report: ReportText,
    known: Known,
    about: About,
    extractor: Extractor,
    extractor_name: str = "rules",
) -> ReviewFile:
    """Return the review file of a report, every proposal undecided.

    Parameters
    ----------
    report
        The text.
    known
        What the scenario holds.
    about
        What is known of the report; what is missing is taken from the file, else from its name.
    extractor, extractor_name
        What proposes, and what it is called.

    Raises
    ------
    StartexError
        If the extractor fails, or proposes what does not stand in the text.
    """
    facts, own_origin = _facts(report, known, about, extractor_name)
    origins = Origins(known.origins, known.claims.values())
    context = Context(facts.date, facts.origin, facts.publisher, known.places, origins)
    drafts = checked(report.text, extractor.extract(report, context))
    alike = likenesses(report.text, *_pieces(known), report.sha256)
    new: dict[str, Origin] = {own_origin.origin: own_origin} if own_origin else {}
    neighbours = _Neighbours(known.claims.values())
    proposals = [
        _proposal(number, report.text, draft, facts, known, new, neighbours, alike)
        for number, draft in enumerate(drafts, start=1)
    ]
    return ReviewFile(
        report=facts,
        repeats=tuple(_repeats(report.text, each) for each in alike),
        new_origins=tuple(new[name] for name in new),
        proposals=tuple(proposals),
        text=tuple(report.text.split("\n")),
    )


def checked(text: str, drafts: Sequence[Draft]) -> list[Draft]:
    """Return drafts in the order of the text.

    Raises
    ------
    StartexError
        If one lies outside the text or is empty.
    """
    for draft in drafts:
        spans = [draft.span, *([draft.rests_on] if draft.rests_on else [])]
        if any(not 0 <= span.start < span.end <= len(text) for span in spans):
            raise StartexError(f"the extractor proposes {draft.span}, which is not in the text")
    return sorted(drafts, key=lambda draft: draft.span)


def known_texts(known: Known) -> dict[str, list[str]]:
    """Return what is there of the text of each known report: whole texts, else verbatim quotes."""
    pieces: dict[str, list[str]] = defaultdict(list)
    for claim in known.claims.values():
        if claim.wording == "verbatim" and claim.source not in known.texts:
            pieces[claim.source] += [
                p for p in re.split(r"\[…\]|\.\.\.|…", claim.quote) if p.strip()
            ]
    for name, text in known.texts.items():
        pieces[name] = [text]
    return dict(pieces)


def _pieces(known: Known) -> tuple[dict[str, list[str]], dict[str, str]]:
    checksums = {
        name: match[1]
        for name, source in known.sources.items()
        if (match := CHECKSUM.search(source.note))
    }
    return known_texts(known), checksums


def _facts(
    report: ReportText, known: Known, about: About, extractor: str
) -> tuple[Report, Origin | None]:
    """Return the facts of a report, and its own origin if that is new."""
    stem = re.sub(r"^.*[/\\]|\.\w+$", "", report.name)
    title = about.title or report.title or _headline(report.text)
    publisher = about.publisher or "not identified"
    origin, new = about.origin, None
    if not origin:
        named = [name for name, o in known.origins.items() if o.name.lower() == publisher.lower()]
        origin = named[0] if named else slug(publisher if about.publisher else stem)
    if origin not in known.origins:
        new = Origin(origin=origin, name=publisher, kind="newspaper")
    facts = Report(
        source=about.source or _free(slug(stem), known.sources),
        title=title,
        publisher=publisher,
        date=about.date or report.date,
        address=about.address,
        origin=origin,
        sha256=report.sha256,
        characters=len(report.text),
        read_as=report.format,
        extractor=extractor,
    )
    return facts, new


def _free(name: str, taken: Mapping[str, object]) -> str:
    number = 1
    while (name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return name if number == 1 else f"{name}-{number}"


def _headline(text: str) -> str:
    line = next(line for line in text.split("\n") if line.strip())
    words = " ".join(line.split())
    return words if len(words) <= 80 else words[:79].rsplit(" ", 1)[0] + " …"


def _proposal(
    number: int, text: str, draft: Draft, facts: Report, known: Known, new: dict[str, Origin],
    neighbours: _Neighbours, alike: Sequence[Likeness],
) -> Proposal:  # fmt: skip
    quote = draft.span.of(text)
    origin = draft.origin
    if not origin and draft.said_by:
        made = _origin_of(draft.said_by)
        origin = made.origin
        if origin not in known.origins:
            new.setdefault(origin, made)
    copied = next((each.known for each in alike if _copies(each, draft.span)), "")
    rests = draft.rests_on
    return Proposal.model_validate(
        {
            "proposal": number,
            "quote": quote,
            "start": draft.span.start,
            "end": draft.span.end,
            "kinds": draft.kinds,
            "says": draft.says,
            "class": draft.class_,
            "said_by": draft.said_by or "paper",
            "rests_on": _passage(text, rests) if rests else None,
            "via": draft.via,
            "origin": origin or facts.origin,
            "undated": draft.undated,
            "near": neighbours.of(quote, draft.says),
            "copied_from": copied,
        }
    )


def _copies(alike: Likeness, span: Span) -> bool:
    return alike.identical or any(_covers(passage, span) for passage in alike.copied)


def _covers(outer: Span, inner: Span) -> bool:
    """Whether a passage holds nearly all of another (full stops and quotes are no words)."""
    common = min(outer.end, inner.end) - max(outer.start, inner.start)
    return common >= 0.9 * (inner.end - inner.start)


def _passage(text: str, span: Span) -> Passage:
    return Passage(quote=span.of(text), start=span.start, end=span.end)


def _repeats(text: str, each: Likeness) -> Repeats:
    return Repeats(
        known=each.known,
        verdict=each.verdict,
        jaccard_percent=round(100.0 * each.jaccard, 1),
        contained_percent=round(100.0 * each.contained, 1),
        of_this_percent=round(100.0 * each.of_new, 1),
        passages=tuple(_passage(text, span) for span in each.copied),
    )


_KINDS = (
    (
        "ministry",
        r"\b(?:ministry|defen[cs]e|MoD|MND|military|army|navy|fleet|press\s+(?:service|cent))",
    ),
    ("agency", r"\b(?:agency|news|press|TASS|Reuters|AFP|AP|Interfax|Xinhua)\b"),
    (
        "government",
        r"\b(?:government|president|kremlin|white\s+house|officials?|embassy|secretary)\b",
    ),
)


def _origin_of(speaker: str) -> Origin:
    """Return the origin that a speaker who is not known would be."""
    kind = next((k for k, words in _KINDS if re.search(words, speaker, re.I)), "person")
    codes = codes_in(speaker)
    name = re.sub(r"^(?:[Tt]he|[Aa]n?)\s+", "", speaker)
    return Origin(
        origin=slug(name), name=name, kind=kind, nation=codes[0] if len(codes) == 1 else ""
    )


class _Neighbours:
    """Claims by what they say and by their words."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._by_field: dict[tuple[str, str], list[tuple[str, Statement]]] = defaultdict(list)
        self._words = {}
        for claim in claims:
            self._words[claim.claim] = _words(claim.quote)
            for said in claim.says:
                self._by_field[said.subject, said.field].append((claim.claim, said))

    def of(self, quote: str, says: Iterable[Statement]) -> tuple[Near, ...]:
        """Return the claims that say nearly the same, those with the same words first."""
        own = _words(quote)
        found: list[tuple[float, str, str]] = []
        for name, words in self._words.items():
            share = len(own & words) / len(own | words) if own and words else 0.0
            if share >= _SAME_WORDS:
                found.append((-share, name, f"{share:.0%} of the words are the same"))
        for said in says:
            for name, other in self._by_field.get((said.subject, said.field), ()):
                if _agree(said, other):
                    found.append((0.0, name, f"{said.subject}.{said.field}: {other}"))
        near: dict[str, str] = {}
        for _, name, because in sorted(found):
            near.setdefault(name, because)
        return tuple(Near(claim=n, because=b) for n, b in list(near.items())[:_NEAR_AT_MOST])


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _agree(one: Statement, other: Statement) -> bool:
    if one.numeric and other.numeric:
        (low, high), (least, most) = one.interval, other.interval
        return low <= most and least <= high and _near_value(one, other)
    if one.date and other.date:
        return one.date == other.date
    return bool(set(one.items) & set(other.items)) and one.items == other.items


def _near_value(one: Statement, other: Statement) -> bool:
    """Whether two numbers are of one size; open intervals overlap too easily."""
    a, b = one.stated, other.stated
    return abs(a - b) <= 0.1 * max(abs(a), abs(b))
