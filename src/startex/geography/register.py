"""A register: rows in the order of their ids, found by row number or by id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from startex.foundation.errors import did_you_mean


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


class Register(Generic[T]):
    """Rows ordered by id.

    Parameters
    ----------
    rows
        In any order.
    noun
        What one of them is called in messages.

    Raises
    ------
    ValueError
        If two rows have the same id.
    """

    def __init__(self, rows: Sequence[T], noun: str) -> None:
        self.rows: tuple[T, ...] = tuple(sorted(rows, key=lambda row: row.id))
        self.id = tuple(row.id for row in self.rows)
        self._noun = noun
        self._index = {name: row for row, name in enumerate(self.id)}
        if len(self._index) != len(self.rows):
            raise ValueError(f"two {noun}s have the same id")

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __getitem__(self, index: int) -> T:
        return self.rows[index]

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def index(self, name: str) -> int:
        """Return the row number of an id.

        Raises
        ------
        KeyError
            With the nearest id that exists.
        """
        if name not in self._index:
            raise KeyError(f"no {self._noun} {name!r}; {did_you_mean(name, self.id)}")
        return self._index[name]

    def get(self, name: str) -> T:
        """Return a row by id; raises as `index`."""
        return self.rows[self.index(name)]
