"""The built-in extractor: rules over the words, no model, no network.

A sentence is proposed where it carries a quantity, a date, a participant or a speaker; a place or
a nation counts where the sentence is also about an exercise, forces or another nation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from startex.reports.attribution import Speaker, speakers
from startex.reports.dates import When, dates
from startex.reports.drafts import Context, Draft, ProposalKind
from startex.reports.parties import EXERCISE, Party, participants, parties, subject_id
from startex.reports.places import places
from startex.reports.quantities import Quantity, quantities
from startex.reports.sentences import DATELINE, Span, sentences
from startex.reports.text import ReportText
from startex.sources.claims import Class, CountingRule, Statement

_FORCES = re.compile(
    r"\b(?:troops|soldiers|forces|army|navy|fleet|ships?|warships?|vessels?|aircraft|warplanes?|jets?|"
    r"bombers?|tanks?|vehicles?|units?|military|invasion|marines|paratroopers|brigade|battalion|"
    r"regiment|footage|frigates?|corvettes?|submarines?|convoy|column|camp)\b",
    re.I,
)
_READING = re.compile(
    r"\b(?:could|may|might|likely|unlikely|suggests?|seems?|seemed|appears?|apparently|reflects?|"
    r"indicat\w+|presumably|perhaps|probably|possibly|potential)\b|\?\s*[\"”’]?$",
    re.I,
)
_SENDING = re.compile(
    r"\b(?:sen[dt]s?|sending|deploy\w*|contribut\w+|provid\w+|dispatch\w*|br(?:ing|ings|ought)|"
    r"field(?:s|ed)?|commit\w*|ha[ds]|with|lost|moved?)\b",
    re.I,
)
_COUNTED = re.compile(
    r"\b(?:counted|saw|observed|could\s+be\s+seen|were\s+seen|was\s+seen)\b", re.I
)
_ACTIVE = re.compile(r"\bactive(?:ly)?\s+(?:involved|tak\w+\s+part|part)\b", re.I)
_COUNTABLE = frozenset(["person", "vehicle", "aircraft", "ship", "item", "range", "nation"])

_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("arrival", re.compile(r"\b(?:arriv\w+|reached|disembarked|docked)\b", re.I)),
    ("active_phase_end", re.compile(
        r"\b(?:ends?|ended|clos(?:es?|ed|ing)|conclud\w+|finish\w*)\b", re.I)),
    ("active_phase_start", re.compile(
        r"\b(?:begin\w*|began|start\w*|open\w*|kick\w*\s+off)\b", re.I)),
    ("announced", re.compile(r"\b(?:announc\w+|disclos\w+|releas\w+|publish\w+)\b", re.I)),
    ("active_phase", re.compile(
        r"\b(?:held|hold|run|take\s+place|scheduled|conduct\w*|exercises?|drills?|join|send)\b",
        re.I)),
)  # fmt: skip
"""Fields of dates, each with the words that mean it; the first in this order decides."""


_BESIDE = 12
"""Characters after "said" within which a date says when it was said."""


class Rules:
    """The built-in extractor."""

    def extract(self, report: ReportText, context: Context) -> list[Draft]:
        """Return a draft for each sentence that carries something, in order."""
        text = report.text
        spans = sentences(text)
        found = []
        for span, speaker in zip(spans, speakers(text, spans), strict=True):
            draft = _draft(text, span, speaker, context)
            if draft is not None:
                found.append(draft)
        return found


def _draft(text: str, span: Span, speaker: Speaker | None, context: Context) -> Draft | None:
    sentence = span.of(text)
    if sentence.endswith(("-", "–", "—")) and DATELINE.match(f"{sentence} ."):
        return None
    nations = parties(text, span)
    when = dates(text, span, context.reported)
    counted = quantities(text, span, [each.span for each in when])
    where = places(text, span, nations, context.places)
    taking_part = participants(text, span, nations)
    about = bool(EXERCISE.search(sentence) or _FORCES.search(sentence))
    firm = bool(counted or any(each.edtf for each in when) or taking_part or speaker)
    if not firm:
        told = _told_of_nations(nations)
        if not (told or (where and about) or (about and nations)):
            return None
    says: list[Statement] = []
    kinds: list[ProposalKind] = []
    for kind, statements in (
        ("quantity", _numbers(text, span, counted, nations, speaker)),
        ("date", _times(text, span, when, nations, speaker)),
        ("place", _areas(text, span, where, nations)),
        ("participants", _taking_part(taking_part)),
    ):
        if statements:
            kinds.append(kind)  # type: ignore[arg-type]
            says += statements
    if speaker is not None:
        kinds.append("attribution")
    if not says:
        kinds += [] if kinds else ["nation"]
        says.append(_in_words(sentence, nations))
    return Draft(
        span=span,
        kinds=tuple(kinds),
        says=tuple(says),
        class_=_class(sentence, speaker),
        said_by=speaker.name if speaker else "",
        rests_on=speaker.words if speaker else None,
        via=speaker.via if speaker else "",
        origin=context.origins.guess(speaker.name) if speaker else context.origin,
        undated=tuple(" ".join(w.span.of(text).split()) for w in when if not w.edtf),
    )


def _told_of_nations(nations: Sequence[Party]) -> bool:
    """Whether a sentence is about nations: it names two."""
    return len({party.code for party in nations}) > 1


def _class(sentence: str, speaker: Speaker | None) -> Class:
    if speaker is not None:
        return "attributed"
    return "inference" if _READING.search(sentence) else "fact"


def _leading(text: str, span: Span, nations: Sequence[Party]) -> Party | None:
    """Return the nation that a sentence begins with, if it is one alone."""
    if not nations:
        return None
    first = nations[0]
    words = text[span.start : first.span.start].split()
    alone = len(nations) == 1 or nations[1].span.start - first.span.end > 8
    return first if alone and len(words) <= 2 else None


def _numbers(
    text: str, span: Span, found: Sequence[Quantity], nations: Sequence[Party],
    speaker: Speaker | None,
) -> list[Statement]:  # fmt: skip
    says: list[Statement] = []
    for each in found:
        owner = _owner(text, span, each, nations)
        subject = subject_id(owner.code) if owner else "exercise"
        says.append(
            Statement(
                subject=subject,
                field=each.field,
                value=each.value,
                low=each.low,
                high=each.high,
                bound=each.bound,
                unit=each.unit,
                counting_rule=_rule(span.of(text), each, owner, speaker),
            )
        )
    return _distinct(says)


def _owner(text: str, span: Span, quantity: Quantity, nations: Sequence[Party]) -> Party | None:
    """Return the nation whose a quantity is: "2,000 Chinese troops", "China will send 2,000"."""
    for party in nations:
        if quantity.number.end <= party.span.start < quantity.span.end:
            return party
        after = text[quantity.span.end : party.span.start]
        if re.fullmatch(r"\s+(?:from|of)\s+(?:the\s+)?", after):
            rest = [p for p in nations if p.span.start > party.span.start]
            listed = rest and re.fullmatch(
                r"(?:,|\s+and)\s+", text[party.span.end : rest[0].span.start]
            )
            return None if listed else party
    leading = _leading(text, span, nations)
    if leading is not None and leading.span.end < quantity.span.start:
        between = text[leading.span.end : quantity.span.start]
        if _SENDING.search(between) and "’s" not in between[:2] and "'s" not in between[:2]:
            return leading
    return None


def _rule(
    sentence: str, quantity: Quantity, owner: Party | None, speaker: Speaker | None
) -> CountingRule | Literal[""]:
    if quantity.unit not in _COUNTABLE:
        return ""
    if _ACTIVE.search(sentence):
        return "actively_involved"
    if _COUNTED.search(sentence):
        return "observed"
    if owner is not None:
        return "announced_national"
    return "announced_total" if quantity.unit in ("person", "range", "nation") or speaker else ""


def _times(
    text: str, span: Span, found: Sequence[When], nations: Sequence[Party],
    speaker: Speaker | None,
) -> list[Statement]:  # fmt: skip
    says: list[Statement] = []
    sentence = span.of(text)
    leading = _leading(text, span, nations)
    for each in found:
        field = _date_field(text, span, each)
        if speaker is not None and 0 <= each.span.start - speaker.words.end <= _BESIDE:
            field = "announced"
        subject = "exercise"
        if field in ("arrival", "announced") and leading is not None:
            subject = subject_id(leading.code)
        if len(each.edtf) == 2 and (field.startswith("active") or EXERCISE.search(sentence)):
            names = ("active_phase_start", "active_phase_end")
            for name, edtf in zip(names, each.edtf, strict=True):
                says.append(Statement(subject=subject, field=name, date=edtf))
        elif each.edtf:
            edtf = "/".join(each.edtf) if len(each.edtf) > 1 else each.edtf[0]
            says.append(Statement(subject=subject, field=field, date=edtf))
    return _distinct(says)


def _date_field(text: str, span: Span, when: When) -> str:
    """Return the field of a date, by the verb that is nearest before it, else in the sentence."""
    near = text[max(span.start, when.span.start - 60) : when.span.start]
    for words in (near, span.of(text)):
        hits = [
            (match.end(), name) for name, pattern in _FIELDS for match in pattern.finditer(words)
        ]
        if hits:
            return max(hits)[1]
    return "dated"


def _areas(
    text: str, span: Span, where: Sequence[tuple[Span, str]], nations: Sequence[Party]
) -> list[Statement]:
    if not where:
        return []
    names = tuple(name for _, name in where)
    leading = _leading(text, span, nations)
    if _FIELDS[0][1].search(span.of(text)):
        subject = subject_id(leading.code) if leading else "exercise"
        return [Statement(subject=subject, field="arrival_place", text=", ".join(names))]
    if len(names) == 1:
        return [Statement(subject="exercise", field="area", text=names[0])]
    return [Statement(subject="exercise", field="areas", items=names)]


def _taking_part(found: Sequence[tuple[Span, str]]) -> list[Statement]:
    if not found:
        return []
    items = tuple(name for _, name in found)
    return [Statement(subject="exercise", field="participants", items=items)]


def _in_words(sentence: str, nations: Sequence[Party]) -> Statement:
    """Return what a sentence says in its own words, where it is nothing else."""
    subject = subject_id(nations[0].code) if nations else "exercise"
    return Statement(subject=subject, field="statement", text=" ".join(sentence.split()))


def _distinct(says: Sequence[Statement]) -> list[Statement]:
    return list(dict.fromkeys(says))
