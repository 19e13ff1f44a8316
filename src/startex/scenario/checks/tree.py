"""Checks of the unit tree and of templates within templates."""

from __future__ import annotations

from collections.abc import Iterator

from startex.foundation.errors import Problem
from startex.scenario.draft import Draft, cycles


def check_unit_tree(draft: Draft) -> Iterator[Problem]:
    """Check that no unit stands below itself."""
    by_id = {entry.name: entry for entry in draft.lines}
    parents = {name: (entry.value.parent,) for name, entry in by_id.items()}
    for ring in cycles(parents):
        message = f"the unit tree is circular: {' below '.join((*ring, ring[0]))}."
        yield by_id[ring[0]].problem("parent", message, "Give one of them another parent.")


def check_template_tree(draft: Draft) -> Iterator[Problem]:
    """Check that no template contains itself."""
    by_id = {entry.name: entry for entry in draft.templates}
    parts = {
        name: tuple(part.template for part in entry.value.parts if part.template)
        for name, entry in by_id.items()
    }
    for ring in cycles(parts):
        message = f"templates contain each other: {' in '.join((*ring, ring[0]))}."
        yield by_id[ring[0]].problem("parts", message, "Remove one of the parts.")


def check_homes(draft: Draft) -> Iterator[Problem]:
    """Check that every unit has a home, its own or that of a unit above it."""
    by_id = {entry.name: entry.value for entry in draft.lines}
    for entry in draft.lines:
        line, steps = entry.value, 0
        while not line.home and line.parent in by_id and steps < len(by_id):
            line, steps = by_id[line.parent], steps + 1
        if not line.home and not line.parent:
            message = f"unit {entry.name!r} has no home, nor has any unit above it."
            remedy = "Add 'home: PLACE' to it or to a unit above."
            yield entry.problem("unit", message, remedy)
