"""Checks of the order of dates."""

from __future__ import annotations

from collections.abc import Iterator

from startex.foundation.clock import MS_PER_DAY
from startex.foundation.errors import Problem
from startex.scenario.draft import Draft, cycles

_CONTEXT_MS = 366 * MS_PER_DAY
_MAX_DAYS = 366


def check_period(draft: Draft) -> Iterator[Problem]:
    """Check that the scenario ends after it starts, and within a year."""
    if draft.header is None:
        return
    header = draft.header.value
    days = (header.end_ms - header.start_ms) / (24 * MS_PER_DAY)
    if days <= 0:
        message = f"the scenario ends at {header.end}, not after its start {header.start}."
        yield draft.header.problem("end", message, "Put 'end' after 'start'.")
    elif days > _MAX_DAYS:
        message = f"the scenario lasts {days:.0f} days."
        yield draft.header.problem("end", message, f"{_MAX_DAYS} days are the most.")


def check_serial_times(draft: Draft) -> Iterator[Problem]:
    """Check that serials end after they start, within the period of the scenario."""
    for entry in draft.serials:
        serial = entry.value
        if serial.end_ms <= serial.start_ms:
            message = f"serial {serial.serial!r} ends at {serial.end}, not after {serial.start}."
            yield entry.problem("end", message, "Put 'end' after 'start'.")
        if draft.header is None or draft.header.value.end_ms <= draft.header.value.start_ms:
            continue
        header = draft.header.value
        for name, t in (("start", serial.start_ms), ("end", serial.end_ms)):
            if not header.start_ms <= t <= header.end_ms:
                message = f"serial {serial.serial!r}: {name} lies outside the scenario."
                remedy = f"The scenario runs from {header.start} to {header.end}."
                yield entry.problem(name, message, remedy)


def check_event_times(draft: Draft) -> Iterator[Problem]:
    """Check that context events lie within a year of the scenario.

    What was said before and after belongs to the record; a run tells what falls into its time.
    """
    if draft.header is None or draft.header.value.end_ms <= draft.header.value.start_ms:
        return
    header = draft.header.value
    for entry in draft.events:
        t_ms = entry.value.t_ms(draft.offset_h(entry.value.place))
        if not header.start_ms - _CONTEXT_MS <= t_ms <= header.end_ms + _CONTEXT_MS:
            message = f"the event of {entry.value.date} lies more than a year from the scenario."
            remedy = f"The scenario runs from {header.start} to {header.end}; mind the year."
            yield entry.problem("date", message, remedy)


def check_after(draft: Draft) -> Iterator[Problem]:
    """Check that serials are planned after those they wait for, and none wait in a ring."""
    by_id = {entry.name: entry for entry in draft.serials}
    wait = {name: entry.value.after for name, entry in by_id.items()}
    circular: set[str] = set()
    for ring in cycles(wait):
        circular.update(ring)
        message = f"serials wait for each other: {' -> '.join((*ring, ring[0]))}."
        yield by_id[ring[0]].problem("after", message, "Remove one of the 'after'.")
    for name, entry in by_id.items():
        for index, other in enumerate(entry.value.after):
            if other not in by_id or {name, other} <= circular:
                continue
            earlier = by_id[other].value
            if entry.value.start_ms < earlier.end_ms:
                message = (
                    f"serial {name!r} starts at {entry.value.start}, before {other!r}, for which"
                    f" it waits, ends ({earlier.end})."
                )
                remedy = f"Start it at {earlier.end} or later."
                yield entry.problem(("after", index), message, remedy)
