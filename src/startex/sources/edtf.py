"""Dates as historians write them: the parts of EDTF (ISO 8601-2, levels 0 and 1) used here."""

from __future__ import annotations

import calendar
import re
from datetime import date

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([?~%]?)")


def edtf_bounds(text: str) -> tuple[date, date]:
    """Return the first and last day that a date may mean.

    Parameters
    ----------
    text
        ``2022``, ``2022-08``, ``2022-08-29``, each with ``~`` (about), ``?`` (uncertain) or ``%``
        (both), or an interval of two of them, where ``..`` is an open end.

    Raises
    ------
    ValueError
        If the text is nothing of that.
    """
    if "/" in text:
        first, _, last = text.partition("/")
        low = date.min if first == ".." else edtf_bounds(first)[0]
        high = date.max if last == ".." else edtf_bounds(last)[1]
        if low > high:
            raise ValueError(f"{text!r} ends before it begins; put the earlier date first")
        return low, high
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is no date; write 2022-08-29, 2022-08, 2022-08~ or 2022-08-30/2022-09-05"
        )
    year, month, day, _ = match.groups()
    try:
        if day:
            exact = date(int(year), int(month), int(day))
            return exact, exact
        if month:
            last_day = calendar.monthrange(int(year), int(month))[1]
            return date(int(year), int(month), 1), date(int(year), int(month), last_day)
        return date(int(year), 1, 1), date(int(year), 12, 31)
    except (ValueError, calendar.IllegalMonthError) as error:
        raise ValueError(
            f"{text!r} is no date of the calendar; write it like 2022-08-29"
        ) from error
