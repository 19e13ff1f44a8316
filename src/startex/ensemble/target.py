"""What a path leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from startex.foundation.edits import Edit

Value = float | int | str
"""What a factor may be set to."""


@dataclass(frozen=True)
class Target:
    """What a path leads to.

    Attributes
    ----------
    path
        As written.
    current
        The value the scenario has there; None where it leaves it out.
    unit
        Unit of the values to give; empty for bare numbers and words.
    whole
        Whether only whole numbers make sense.
    edits
        What to change in the files for a value.
    """

    path: str
    current: Value | None
    unit: str
    whole: bool
    edits: Callable[[Value], tuple[Edit, ...]]
