"""Rows of the log that are not over yet: what is asked for again and again in a run.

A day of an exercise is tens of thousands of rows, nearly all of them over. They are dropped here
(the log keeps them) as time goes on, so that a question looks through those that still count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.foundation.clock import LONG_AGO_MS, MS_PER_MINUTE

Columns = dict[str, npt.NDArray[Any]]
Int64 = npt.NDArray[np.int64]

_DROP_MS = 10 * MS_PER_MINUTE
"""After so much time rows that are over are dropped."""

_COMPARED = 4
"""The rows of so many entities are found by comparing; of more with a table of all."""


def join(chunks: Sequence[Columns]) -> Columns:
    """Return the rows of some chunks, one after the other."""
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}


def after(columns: Columns, t: int, rows: Int64 | None) -> Columns:
    """Return what ends after ``t``, of some entities or (None) of all."""
    index = found_after(columns, t, rows)
    return {name: column[index] for name, column in columns.items()}


def found_after(columns: Columns, t: int, rows: Int64 | None) -> Int64:
    """Return which rows end after ``t``, ascending; see `after`."""
    entity = columns["entity"]
    if rows is None or not entity.size:
        return (columns["t1"] > t).nonzero()[0]
    if rows.size <= _COMPARED:
        mask = np.zeros(entity.size, dtype=np.bool_)
        for row in rows.tolist():
            mask |= entity == row
    else:
        wanted = np.zeros(max(int(entity.max()), int(rows.max())) + 1, dtype=np.bool_)
        wanted[rows] = True
        mask = wanted[entity]
    index = mask.nonzero()[0]
    return index[columns["t1"][index] > t]


@dataclass(slots=True)
class Recent:
    """Rows of one table that end after some instant, in the order in which they were added.

    Parameters
    ----------
    columns
        The rows to begin with: ``entity``, ``t1`` and any others.
    """

    columns: Columns
    _since: int = LONG_AGO_MS
    _fresh: list[Columns] = field(default_factory=list)

    def add(self, columns: Columns) -> None:
        """Add rows."""
        self._fresh.append(columns)

    def renew(self, columns: Columns) -> None:
        """Begin again with all rows that there are."""
        self.columns, self._since, self._fresh = columns, LONG_AGO_MS, []

    def covers(self, t: int) -> bool:
        """Tell whether no row that ends after ``t`` has been dropped."""
        return t >= self._since

    def at(self, t: int) -> Columns:
        """Return rows, all that end after ``t`` among them."""
        if self._fresh:
            self.columns, self._fresh = join([self.columns, *self._fresh]), []
        if t >= self._since + _DROP_MS:
            self.columns, self._since = after(self.columns, t, None), t
        return self.columns
