"""Checks of the weather: where it is, and since when."""

from __future__ import annotations

from collections.abc import Iterator

from startex.foundation.errors import Problem
from startex.scenario.checks.references import unknown
from startex.scenario.draft import Draft


def check_areas(draft: Draft) -> Iterator[Problem]:
    """Check that the areas of the weather are places of the scenario."""
    for entry in draft.weather:
        if entry.value.area:
            yield from unknown(draft, entry, "area", "place", entry.value.area)


def check_times(draft: Draft) -> Iterator[Problem]:
    """Check that weather begins within the period of the scenario."""
    if draft.header is None or draft.header.value.end_ms <= draft.header.value.start_ms:
        return
    header = draft.header.value
    for entry in draft.weather:
        if not header.start_ms <= entry.value.t_ms <= header.end_ms:
            message = f"weather from {entry.value.from_} on begins outside the scenario."
            remedy = (
                f"The scenario runs from {header.start} to {header.end}; begin there the row that"
                " holds at its start."
            )
            yield entry.problem("from", message, remedy)


def check_once(draft: Draft) -> Iterator[Problem]:
    """Check that no two rows tell the weather of one area from one instant on."""
    seen: dict[tuple[str, int], int] = {}
    for entry in draft.weather:
        key = (entry.value.area, entry.value.t_ms)
        line, _ = entry.at("from")
        if key in seen:
            where = f"of {entry.value.area!r}" if entry.value.area else "of everywhere"
            message = (
                f"the weather {where} from {entry.value.from_} on is given twice"
                f" (first in line {seen[key]})."
            )
            yield entry.problem("from", message, "Remove one of the rows, or part their times.")
        seen.setdefault(key, line)
