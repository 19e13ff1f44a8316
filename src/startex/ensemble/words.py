"""Numbers and names of an ensemble as a reader writes them."""

from __future__ import annotations

import math

_KNOWN = {
    "serials.planned": "serials planned",
    "serials.held": "serials held as planned",
    "serials.late": "serials held late",
    "serials.partly": "serials held in part",
    "serials.not_held": "serials not held",
    "serials.open": "serials still open at the end",
    "serials.longest_delay": "longest delay of a start",
    "serial_start_delay": "delay of the start",
    "serial_started_on_time": "started on time",
    "persons_present": "persons in the exercise area",
}


def number(value: float | None) -> str:
    """Return a number with three significant digits, or all before the point: ``1,234``."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    digits = max(0, 2 - size)
    if digits > 6:
        return f"{value:.2g}".replace("-", "−")
    text = f"{value:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def signed(value: float | None) -> str:
    """Return a number with its sign: ``+3.2``, ``−1``, ``0``."""
    text = number(value)
    return "+" + text if value is not None and value > 0 else text


def percent(share: float | None) -> str:
    """Return a share in percent; never 0 or 100 % for one that is near it only."""
    if share is None or math.isnan(share):
        return "–"
    hundred = share * 100.0
    if 0.0 < hundred < 0.05:
        return "under 0.1 %"
    if 99.95 <= hundred < 100.0:
        return "over 99.9 %"
    if 0.0 < hundred < 1.0 or 99.0 < hundred < 100.0:
        return f"{hundred:.1f} %"
    return f"{hundred:.0f} %".replace("-", "−")


def span(low: float, high: float) -> str:
    """Return two ends: ``1.2 to 3.4``."""
    return f"{number(low)} to {number(high)}" if low != high else number(low)


def percent_span(low: float, high: float) -> str:
    """Return two ends in percent: ``41 to 57 %``."""
    if percent(low) == percent(high):
        return percent(low)
    return f"{percent(low).removesuffix(' %')} to {percent(high)}"


def label(measure: str, known: dict[str, str] | None = None) -> str:
    """Return what a measure is called for a reader."""
    if known and measure in known:
        return known[measure]
    return _KNOWN.get(measure) or measure.replace(".", ": ").replace("_", " ")
