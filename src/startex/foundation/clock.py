"""Time: integer milliseconds since 1970-01-01 UTC inside, ISO 8601 with offset at the edge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

MS_PER_SECOND = 1_000
MS_PER_MINUTE = 60 * MS_PER_SECOND
MS_PER_HOUR = 60 * MS_PER_MINUTE
MS_PER_DAY = 24 * MS_PER_HOUR
"""Milliseconds; civil days, no leap seconds (as POSIX time)."""

LONG_AGO_MS = -(2**62)
"""Earlier than any instant of a scenario; 0 is not, for an exercise may be held before 1970."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_time(text: str) -> int:
    """Return milliseconds since the epoch of an ISO 8601 time with offset (``...Z``, ``+10:00``).

    Raises
    ------
    ValueError
        If the text is no ISO 8601 date and time, or names no offset.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(
            f"{text!r} is no date and time; write it like 2022-09-06T16:50+10:00"
        ) from error
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} names no offset from UTC; write it like 2022-09-06T16:50+10:00")
    return to_ms(moment)


def to_ms(moment: datetime) -> int:
    """Return milliseconds since the epoch of an aware datetime (microseconds are dropped)."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def format_time(ms: int, utc_offset_h: float = 0.0) -> str:
    """Return ISO 8601 text to the second (to the millisecond if there are any)."""
    zone = timezone(timedelta(hours=utc_offset_h)) if utc_offset_h else UTC
    moment = (_EPOCH + timedelta(milliseconds=int(ms))).astimezone(zone)
    text = moment.isoformat(timespec="milliseconds" if ms % MS_PER_SECOND else "seconds")
    return text.replace("+00:00", "Z")
