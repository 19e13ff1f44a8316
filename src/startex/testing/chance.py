"""Keyed draws of the generator: a draw is a function of the seed and of what it is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from startex.foundation.streams import Stream, entity_key, uniform

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chance:
    """Draws of one generated exercise.

    Parameters
    ----------
    seed
        0 to 2**32 - 1.
    scope
        Put before the name of every draw: what a cell draws does not depend on other cells.
    """

    seed: int
    scope: str = ""

    def within(self, scope: str) -> Chance:
        """Return the draws of a part, named below this one's scope."""
        return Chance(self.seed, f"{self.scope}{scope}|")

    def share(self, name: str) -> float:
        """Return a draw in [0, 1)."""
        return float(uniform(self.seed, Stream.EXERCISE, entity_key(self.scope + name)))

    def shares(self, name: str, count: int) -> npt.NDArray[np.float64]:
        """Return ``count`` draws in [0, 1), shape (count,)."""
        key = entity_key(self.scope + name)
        return uniform(self.seed, Stream.EXERCISE, key, np.arange(count))

    def integer(self, name: str, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return low + int(self.share(name) * (high - low + 1))

    def choice(self, name: str, items: Sequence[T]) -> T:
        """Return one of several."""
        return items[int(self.share(name) * len(items))]

    def order(self, name: str, items: Sequence[T]) -> list[T]:
        """Return the items in a drawn order."""
        rank = np.argsort(self.shares(name, len(items)), kind="stable")
        return [items[number] for number in rank.tolist()]
