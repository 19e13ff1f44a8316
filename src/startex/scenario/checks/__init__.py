"""Every check of a scenario: small functions from a draft to problems.

To add one, write a function ``check_*`` that takes a `Draft` and yields `Problem` s, and enter
it below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from startex.foundation.errors import Problem
from startex.scenario.checks import (
    communications,
    references,
    tasks,
    times,
    tree,
    weather,
    whereabouts,
)
from startex.scenario.draft import Draft

CHECKS: tuple[Callable[[Draft], Iterator[Problem]], ...] = (
    references.check_duplicates,
    references.check_claims,
    references.check_figures,
    references.check_policies,
    references.check_unit_lines,
    references.check_templates,
    references.check_serials,
    references.check_events,
    tree.check_unit_tree,
    tree.check_template_tree,
    tree.check_homes,
    times.check_period,
    times.check_serial_times,
    times.check_event_times,
    times.check_after,
    weather.check_areas,
    weather.check_times,
    weather.check_once,
    communications.check_figures,
    communications.check_once,
    tasks.check_params,
    whereabouts.check_one_place,
    whereabouts.check_arrival,
)
"""All checks that need no expanded forces."""


def run_checks(draft: Draft) -> Iterator[Problem]:
    """Yield what every check finds."""
    for check in CHECKS:
        yield from check(draft)
