"""Dates in a sentence as EDTF, by the calendar and by the date of the report; never guessed.

"29 August" takes the year of the report; "today", "next month", "three weeks ago" and "on
Wednesday" are counted from it. "Last week", "later this week" and "days before" stay undated: the
words are kept, so that a person can date them. Without a date of the report only whole dates count.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from startex.reports.numbers import number_of
from startex.reports.sentences import Span
from startex.sources.edtf import edtf_bounds

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_SHORT = {name[:3].lower(): number for name, number in zip(_MONTHS, range(1, 13), strict=True)}
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?)"
)
_DAY = r"(?:[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:1[89]|20)\d\d"
_DASH = r"\s*(?:[-–—]|to|until|till|through|and)\s*"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_COUNT = r"\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen"

DATE = re.compile(
    rf"(?<![\w/-])(?:"
    rf"(?P<iso>{_YEAR}-[01]\d-[0-3]\d)"
    # 30 August to 5 September 2022
    rf"|(?P<d1>{_DAY})\s+(?:of\s+)?(?P<m1>{_MONTH})(?:,?\s+(?P<y1>{_YEAR}))?{_DASH}"
    rf"(?P<d2>{_DAY})\s+(?:of\s+)?(?P<m2>{_MONTH})(?:,?\s+(?P<y2>{_YEAR}))?"
    # 1 to 7 September 2022
    rf"|(?P<d3>{_DAY}){_DASH}(?P<d4>{_DAY})\s+(?:of\s+)?(?P<m3>{_MONTH})(?:,?\s+(?P<y3>{_YEAR}))?"
    # August 30 to September 5, 2022
    rf"|(?P<m5>{_MONTH})\s*(?P<d5>{_DAY})(?:,\s*(?P<y5>{_YEAR}))?{_DASH}"
    rf"(?P<m6>{_MONTH})\s*(?P<d6>{_DAY})(?:,?\s+(?P<y6>{_YEAR}))?"
    # September 1-7, 2022
    rf"|(?P<m7>{_MONTH})\s*(?P<d7>{_DAY}){_DASH}(?P<d8>{_DAY})(?:,?\s+(?P<y7>{_YEAR}))?(?!\s+{_MONTH})"
    rf"|(?P<d9>{_DAY})\s+(?:of\s+)?(?P<m9>{_MONTH})(?:,?\s+(?P<y9>{_YEAR}))?"
    rf"|(?P<m10>{_MONTH})\s*(?P<d10>{_DAY})(?!\d)(?:,?\s+(?P<y10>{_YEAR}))?"
    rf"|(?P<part>early|mid|late)[-\s]+(?P<m11>{_MONTH})(?:,?\s+(?P<y11>{_YEAR}))?"
    rf"|(?P<m12>{_MONTH}),?\s+(?P<y12>{_YEAR})"
    rf"|(?<=\bin\s)(?:(?:early|late)\s+)?(?P<m13>{_MONTH})"
    rf"|(?<=\b(?:of|by)\s)(?P<m14>{_MONTH})(?=\s*[,.;]|\s+\w)"
    rf"|(?<=\b(?:in|of)\s)(?P<y15>{_YEAR})(?!-)"
    rf"|(?P<today>today|yesterday|tomorrow)"
    rf"|(?:(?:earlier|later)\s+)?(?P<rel>this|next|last)\s+(?P<relunit>month|year)(?!['’]s)"
    rf"|(?P<ago>{_COUNT})\s+(?P<agounit>days?|weeks?)\s+ago"
    rf"|(?:on\s+)?(?P<weekday>{_WEEKDAY})(?!\w)"
    rf"|(?P<vague>(?:(?:earlier|later)\s+)?(?:this|next|last)\s+(?:week|weekend|spring|summer|autumn|fall"
    rf"|winter|night)|(?:days|weeks|months|shortly|soon|years)\s+(?:before|after|ago|later|earlier)"
    rf"|recently|in\s+(?:the\s+)?coming\s+(?:days|weeks|months))"
    rf")(?!\w)",
    re.I,
)  # fmt: skip

_NEAR_DAYS = 270
"""A day and month farther from the report than this belong to the neighbouring year."""

_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}


@dataclass(frozen=True, slots=True)
class When:
    """A date in a text.

    Attributes
    ----------
    span
        Where it stands.
    edtf
        What it means; two where the words are a first and a last day; none where nothing
        short of a guess would date it.
    """

    span: Span
    edtf: tuple[str, ...]


def dates(text: str, span: Span, reported: str = "") -> list[When]:
    """Return the dates of a sentence in order, those left undated among them.

    Parameters
    ----------
    text
        The whole text.
    span
        The sentence.
    reported
        EDTF date of the report; blank where it is not known.
    """
    found: list[When] = []
    for match in DATE.finditer(text, span.start, span.end):
        if _is_a_word(match):
            continue
        where = Span(match.start(), match.end())
        try:
            edtf = _edtf(match, reported, text[span.start : span.end])
            for each in edtf:
                edtf_bounds(each)
        except ValueError:  # the 31st of September
            edtf = ()
        found.append(When(where, edtf))
    return found


def _is_a_word(match: re.Match[str]) -> bool:
    """Whether "may" or "march" is the verb: months are written with a capital."""
    months = [value for key, value in match.groupdict().items() if key[0] == "m" and value]
    return any(month[0].islower() for month in months)


def _edtf(match: re.Match[str], reported: str, sentence: str) -> tuple[str, ...]:  # noqa: PLR0911
    part = match.groupdict()
    if part["iso"]:
        return (part["iso"],)
    for first, last in (("1", "2"), ("5", "6")):
        if part[f"d{first}"]:
            year = part[f"y{last}"] or part[f"y{first}"]
            end = _day(part[f"d{last}"], part[f"m{last}"], year, reported)
            own_year = part[f"y{first}"] or (end and str(int(end[:4])))
            begin = _day(part[f"d{first}"], part[f"m{first}"], own_year or None, reported)
            if begin and end and begin > end and not part[f"y{first}"]:
                begin = f"{int(begin[:4]) - 1}{begin[4:]}"
            return (begin, end) if begin and end else ()
    for first, last, month in (("3", "4", "3"), ("7", "8", "7")):
        if part[f"d{first}"]:
            both = [
                _day(part[f"d{each}"], part[f"m{month}"], part[f"y{month}"], reported)
                for each in (first, last)
            ]
            return (both[0], both[1]) if both[0] and both[1] and both[0] < both[1] else ()
    for each in ("9", "10"):
        if part[f"d{each}"]:
            day = _day(part[f"d{each}"], part[f"m{each}"], part[f"y{each}"], reported)
            return (day,) if day else ()
    if part["part"]:
        return _part_of_month(part["part"], part["m11"], part["y11"], reported)
    if part["y15"]:
        return (part["y15"],)
    for each in ("12", "13", "14"):
        if part[f"m{each}"]:
            month_text = _month(part[f"m{each}"], part.get(f"y{each}"), reported)
            return (month_text,) if month_text else ()
    return _relative(part, reported, sentence)


def _number_of_month(name: str) -> int:
    return _SHORT[name[:3].lower()]


def _year_of(month: int, day: int, reported: str) -> int | None:
    """Return the year of a day and month by the date of the report; None if it is not clear."""
    years = set()
    for end in _ends(reported):
        near = [end.year]
        for year in (end.year - 1, end.year + 1):
            distances = [abs((_safe(y, month, day) - end).days) for y in (end.year, year)]
            if distances[0] > _NEAR_DAYS and distances[1] < distances[0]:
                near = [year]
        years.add(near[0])
    return years.pop() if len(years) == 1 else None


def _safe(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _ends(reported: str) -> tuple[date, ...]:
    """Return first and last day of the date of the report; none if it is open or unknown."""
    if not reported:
        return ()
    low, high = edtf_bounds(reported)
    return () if date.min in (low, high) or date.max in (low, high) else (low, high)


def _day(day: str, month: str, year: str | None, reported: str) -> str:
    number, month_number = int(re.sub(r"\D", "", day)), _number_of_month(month)
    if not 1 <= number <= 31:
        raise ValueError(f"{day} is no day")
    chosen = int(year) if year else _year_of(month_number, number, reported)
    if chosen is None:
        return ""
    return date(chosen, month_number, number).isoformat()


def _month(month: str, year: str | None, reported: str) -> str:
    number = _number_of_month(month)
    chosen = int(year) if year else _year_of(number, 15, reported)
    return f"{chosen:04d}-{number:02d}" if chosen else ""


def _part_of_month(word: str, month: str, year: str | None, reported: str) -> tuple[str, ...]:
    stem = _month(month, year, reported)
    if not stem:
        return ()
    first, last = _PARTS[word.lower()]
    last = min(last, calendar.monthrange(int(stem[:4]), int(stem[5:]))[1])
    return (f"{stem}-{first:02d}/{stem}-{last:02d}",)


def _relative(part: dict[str, str | None], reported: str, sentence: str) -> tuple[str, ...]:
    """Return what is counted from the date of the report, if all days it may mean agree."""
    given = {_counted(part, end, sentence) for end in _ends(reported)}
    return tuple(given) if len(given) == 1 and "" not in given else ()


def _counted(part: dict[str, str | None], end: date, sentence: str) -> str:
    if part["today"]:
        step = {"today": 0, "yesterday": -1, "tomorrow": 1}[part["today"].lower()]
        return (end + timedelta(days=step)).isoformat()
    if part["rel"]:
        step = {"this": 0, "next": 1, "last": -1}[part["rel"].lower()]
        if (part["relunit"] or "").lower() == "year":
            return f"{end.year + step:04d}"
        month = end.year * 12 + end.month - 1 + step
        return f"{month // 12:04d}-{month % 12 + 1:02d}"
    if part["ago"]:
        count = part["ago"]
        number = int(count) if count.isdigit() else int(number_of(count))
        weeks = (part["agounit"] or "").lower().startswith("week")
        return (end - timedelta(days=number * (7 if weeks else 1))).isoformat() + "~" * weeks
    if part["weekday"] and _SPOKEN.search(sentence):
        wanted = [d.lower() for d in calendar.day_name].index(part["weekday"].lower())
        return (end - timedelta(days=(end.weekday() - wanted) % 7)).isoformat()
    return ""


_SPOKEN = re.compile(
    r"\b(?:said|told|announced|reported|stated|noted|added|confirmed|declared|wrote)\b", re.I
)
"""A weekday beside one of these is the last such day up to the report; others stay undated."""
