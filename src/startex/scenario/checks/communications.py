"""Checks of communications.csv: what is said, of what, and once."""

from __future__ import annotations

from collections.abc import Iterator

from startex.forces.communications import load_communications
from startex.forces.communications_figures import Fault, judge
from startex.foundation.errors import Problem
from startex.scenario.draft import Draft


def check_figures(draft: Draft) -> Iterator[Problem]:
    """Check that each row says something possible of a net, staff, precedence, pair or nation."""
    if not draft.communications:
        return
    nets = load_communications().net_id
    for entry in draft.communications:
        row = entry.value
        found = judge(row.item, row.figure, row.value, row.unit, nets)
        if isinstance(found, Fault):
            yield entry.problem(found.column, found.message, found.remedy)


def check_once(draft: Draft) -> Iterator[Problem]:
    """Check that no figure of an item is given twice, nor two ways of sending of one net."""
    seen: dict[tuple[str, str], int] = {}
    for entry in draft.communications:
        pair = "-".join(sorted(entry.value.item.split("-")))
        item = pair if len(pair) == 7 and pair.isupper() else entry.value.item
        figure = entry.value.figure
        one = "word_s" if figure == "rate_bit_s" else figure  # the two say the same thing
        line, _ = entry.at("figure")
        if (item, one) in seen:
            message = (
                f"{figure} of {entry.value.item} is given twice, or in two ways"
                f" (first in line {seen[item, one]})."
            )
            yield entry.problem("figure", message, "Keep one of the rows.")
        seen.setdefault((item, one), line)
