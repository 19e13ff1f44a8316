"""How supply is run, and what a day of it brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.effects import Event

Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How supply is run.

    ``hour_local`` the supply hour, hours after midnight at ``utc_offset_h``; ``climate`` a key of
    `items.WATER_L`.
    """

    hour_local: float = 20.0
    utc_offset_h: float = 0.0
    climate: str = "temperate"


@dataclass(slots=True)
class Day:
    """What a stretch of time brought: columns of tables by name, and events, in time order."""

    tables: dict[str, Columns]
    events: list[Event]


def joined(parts: list[dict[str, Columns]]) -> dict[str, Columns]:
    """Return the tables of several supply hours as one each; none where there was none."""
    return {
        name: {
            column: np.concatenate([part[name][column] for part in parts])
            for column in parts[0][name]
        }
        for name in (parts[0] if parts else ())
    }
