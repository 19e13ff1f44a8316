"""What a scenario holds, in numbers: of its files, and of its forces under each policy."""

from __future__ import annotations

from typing import Any

import numpy as np

from startex.forces.definitions import KINDS
from startex.forces.force import Force
from startex.foundation.clock import format_time
from startex.scenario.resolve import resolve
from startex.scenario.scenario import Scenario

_COUNTED = {"person": "persons", "vehicle": "vehicles", "aircraft": "aircraft", "ship": "ships"}


def force_counts(force: Force) -> dict[str, int]:
    """Return how many persons, vehicles, aircraft, ships and nations count, and all units."""
    counts = {
        words: int(np.count_nonzero(force.counted & (force.kind == KINDS.index(kind))))
        for kind, words in _COUNTED.items()
    }
    people = np.flatnonzero(force.counted & (force.kind == KINDS.index("person")))
    counts["nations"] = len({force.units.nation[unit] for unit in np.unique(force.unit[people])})
    counts["units"] = len(force.units.id)
    return counts


def contents(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario holds.

    Returns
    -------
    Keys ``scenario``, ``title``, ``start``, ``end`` (local time), ``digest``; ``files``: entries
    by kind of thing; ``policies``: counts of the forces by policy.
    """
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "start": format_time(scenario.start_ms, scenario.utc_offset_h),
        "end": format_time(scenario.end_ms, scenario.utc_offset_h),
        "digest": scenario.digest,
        "files": {
            "claims": len(scenario.dossier.claims),
            "unit lines": len(scenario.lines),
            "places": len(scenario.places),
            "ways": len(scenario.ways),
            "serials": len(scenario.serials),
            "events": len(scenario.events),
            "weather rows": len(scenario.weather),
        },
        "policies": {
            policy: force_counts(resolve(scenario, policy).force) for policy in scenario.policies
        },
    }
