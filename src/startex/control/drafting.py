"""Drafting aids: lists of orders that follow each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.control.brief import Draft
from startex.foundation.clock import LONG_AGO_MS

Int32 = npt.NDArray[np.int32]


@dataclass(slots=True)
class Drafts:
    """Collects drafts; `add` answers with the position that later ones can wait for."""

    drafts: list[Draft] = field(default_factory=list)

    def add(
        self,
        kind: str,
        rows: Int32,
        unit: int,
        params: Mapping[str, Any] | None = None,
        *,
        after: tuple[int, ...] = (),
        not_before_ms: int = LONG_AGO_MS,
    ) -> int:
        """Add a draft and return its position."""
        self.drafts.append(Draft(kind, rows, params or {}, unit, after, not_before_ms))
        return len(self.drafts) - 1

    def chain(
        self, previous: int | None, kind: str, rows: Int32, unit: int,
        params: Mapping[str, Any] | None = None, *, not_before_ms: int = LONG_AGO_MS,
    ) -> int:  # fmt: skip
        """Add a draft that follows ``previous`` (None: nothing)."""
        after = () if previous is None else (previous,)
        return self.add(kind, rows, unit, params, after=after, not_before_ms=not_before_ms)
