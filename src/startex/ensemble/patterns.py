"""Paths that lead to many figures at once: ``ways.rail-*.headway_min``, ``times catalogue...``.

A star stands for any part of the name of an entry, so that one factor moves all that it fits.
``times`` before a path multiplies what the scenario has there instead of replacing it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase

from startex.ensemble.target import Target, Value
from startex.foundation.edits import Edit
from startex.foundation.errors import UsageError

TIMES = "times "
"""Begins a path whose figures are multiplied."""

FACTOR_UNIT = "×"
"""Unit of what figures are multiplied by."""


def matching(pattern: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that a pattern with stars fits, each once, in order."""
    return tuple(name for name in sorted(set(names)) if fnmatchcase(name, pattern))


def together(path: str, targets: Sequence[Target]) -> Target:
    """Return one target for all that a pattern leads to.

    Raises
    ------
    UsageError
        If it leads nowhere, or to words and numbers.
    """
    if not targets:
        raise UsageError(f"no path fits {path!r}")
    currents = {target.current for target in targets}
    if len({isinstance(current, str) for current in currents if current is not None}) > 1:
        raise UsageError(f"{path!r} leads to words and to numbers")
    current = targets[0].current if len(currents) == 1 else None
    whole = all(target.whole for target in targets)
    return Target(path, current, targets[0].unit, whole, _all(targets, lambda _, value: value))


def multiplied(path: str, targets: Sequence[Target]) -> Target:
    """Return a target whose values multiply what the scenario has.

    Raises
    ------
    UsageError
        If there is no number to multiply.
    """
    numbers = [target for target in targets if isinstance(target.current, float | int)]
    if not numbers:
        raise UsageError(f"{path!r}: the scenario has no number there to multiply")

    def value_of(target: Target, value: Value) -> Value:
        product = float(target.current or 0) * float(value)
        return round(product) if target.whole else product

    return Target(path, 1.0, FACTOR_UNIT, False, _all(numbers, value_of))


def _all(
    targets: Sequence[Target], value_of: Callable[[Target, Value], Value]
) -> Callable[[Value], tuple[Edit, ...]]:
    def edits(value: Value) -> tuple[Edit, ...]:
        return tuple(edit for target in targets for edit in target.edits(value_of(target, value)))

    return edits
