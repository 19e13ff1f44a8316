"""Numbers, times and lists as a reader writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from startex.foundation.clock import MS_PER_DAY, MS_PER_HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local(ms: int, offset_h: float) -> datetime:
    """Return an instant in local time."""
    return (_EPOCH + timedelta(milliseconds=int(ms))).astimezone(
        timezone(timedelta(hours=offset_h))
    )


def day_text(ms: int, offset_h: float) -> str:
    """Return the local day: ``6 Sep``."""
    moment = local(ms, offset_h)
    return f"{moment.day} {moment:%b}"


def ticks(left: int, right: int, days: Sequence[int], offset_h: float) -> list[tuple[int, str]]:
    """Return instants to mark between two others, with labels: days, or hours of a short span.

    At most some twelve; ``days`` are local midnights (ms).
    """
    if right - left < 3 * MS_PER_DAY:
        step = next(h for h in (1, 2, 3, 6, 12) if (right - left) / (h * MS_PER_HOUR) <= 10)
        marks = [day + h * MS_PER_HOUR for day in days for h in range(0, 24, step)]
        return [
            (t, day_text(t, offset_h) if t in days else f"{local(t, offset_h):%H:%M}")
            for t in marks
            if left <= t <= right
        ]
    inside = [day for day in days if left <= day <= right]
    step = max(1, -(-len(inside) // 12))
    return [(day, day_text(day, offset_h)) for day in inside[::step]]


def midnights(begin: int, end: int, offset_h: float) -> list[int]:
    """Return the local midnights (ms) that begin the days from one instant (ms) to another."""
    shift = round(offset_h * MS_PER_HOUR)
    first, last = (begin + shift) // MS_PER_DAY, (end + shift) // MS_PER_DAY
    return [day * MS_PER_DAY - shift for day in range(first, last + 1)]


def time_text(ms: int | None, offset_h: float) -> str:
    """Return local day and time: ``6 Sep 16:50``; a dash for none."""
    if ms is None:
        return "–"
    return f"{day_text(ms, offset_h)} {local(ms, offset_h):%H:%M}"


def span_text(start_ms: int, end_ms: int, offset_h: float) -> str:
    """Return a span of local days: ``25 August to 12 September 2022``."""
    start, end = local(start_ms, offset_h), local(end_ms, offset_h)
    first = f"{start.day} {start:%B}" + (f" {start.year}" if start.year != end.year else "")
    if start.date() == end.date():
        return f"{end.day} {end:%B %Y}"
    return f"{first} to {end.day} {end:%B %Y}"


def offset_text(offset_h: float) -> str:
    """Return an offset from UTC: ``UTC+10``, ``UTC+5:30``."""
    minutes = round(abs(offset_h) * 60)
    sign = "−" if offset_h < 0 else "+"
    rest = f":{minutes % 60:02d}" if minutes % 60 else ""
    return f"UTC{sign}{minutes // 60}{rest}" if minutes else "UTC"


def number_text(value: float) -> str:
    """Return a whole number with thousands apart."""
    return f"{value:,.0f}"


def duration_text(minutes: float) -> str:
    """Return a duration in the unit a person would use: ``40 min``, ``2 h 10 min``, ``3 days``."""
    whole = round(abs(minutes))
    if whole < 60:
        text = f"{whole} min"
    elif whole < 48 * 60:
        text = f"{whole // 60} h" + (f" {whole % 60} min" if whole % 60 else "")
    else:
        text = f"{whole / 1440:.1f} days"
    return f"−{text}" if minutes < 0 and whole else text


def listing(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: ``1 serial``, ``12 serials``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def plain(word: str) -> str:
    """Return a word of the store for a reader: ``live_fire`` is ``live fire``."""
    return word.replace("_", " ")
