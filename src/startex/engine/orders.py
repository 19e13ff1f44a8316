"""Orders: what control tells platforms to do. The only thing that passes from control to engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.foundation.clock import LONG_AGO_MS

Int32 = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Order:
    """One order to a set of platforms.

    Attributes
    ----------
    id
        Serial number of issue, from 0; the total order of simultaneous orders.
    kind
        The verb; names the system that carries it out (`engine.systems.SYSTEMS`).
    rows
        Entity rows of the platforms ordered (not their passengers), ascending, shape (k,).
    params
        What the verb needs, in SI units; documented by the system.
    serial
        Index of the serial it serves, -1 for none.
    unit
        Unit row that is ordered.
    after
        Ids of orders that must have ended (in success or failure) first.
    not_before_ms
        Earliest start.
    cause
        Event that led to the order, -1 for none.
    """

    id: int
    kind: str
    rows: Int32
    params: Mapping[str, Any] = field(default_factory=dict)
    serial: int = -1
    unit: int = -1
    after: tuple[int, ...] = ()
    not_before_ms: int = LONG_AGO_MS
    cause: int = -1


class OrderRefusedError(Exception):
    """An order that cannot be carried out now; the reason is recorded as an event.

    Parameters
    ----------
    reason
        What stands in the way, in words.
    retry_ms
        When to try again (a resource comes free); None when it never will.
    """

    def __init__(self, reason: str, retry_ms: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_ms = retry_ms
