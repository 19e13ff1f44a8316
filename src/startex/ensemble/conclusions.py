"""Yes-or-no statements about a run, and how often they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from startex.ensemble.reading import Ensemble, Float64
from startex.ensemble.summary import joined
from startex.foundation.errors import StoreError

BROKEN = ("serials.not_held", "serials.partly", "serials.open")
"""Measures that are all 0 in a run that went as it should, late or not."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A statement that holds of a run or does not.

    Attributes
    ----------
    says
        The statement.
    computed
        When it holds, in words.
    holds
        1 or 0 by row of the design, shape (runs,); not a number where its measure is undefined.
    """

    says: str
    computed: str
    holds: Float64


def conclusions(runs: Ensemble) -> tuple[Conclusion, ...]:
    """Return the conclusions that the design names or, where it names none, those about serials.

    Raises
    ------
    StoreError
        If one is not written as it must be.
    UsageError
        If one names a measure that there is not.
    """
    named = tuple(_named(runs, one) for one in runs.plan.get("conclusions") or ())
    return named or _usual(runs)


def _named(runs: Ensemble, one: dict[str, Any]) -> Conclusion:
    says, measure, key = one.get("says"), one.get("measure"), str(one.get("key") or "")
    least, most = one.get("at_least"), one.get("at_most")
    if not says or not measure or (least is None and most is None):
        raise StoreError(
            f"{runs.folder}: a conclusion needs 'says', 'measure' and 'at_least' or 'at_most'; "
            f"found {one!r}."
        )
    values = runs.values(str(measure), key)
    holds = np.ones(values.size, np.bool_)
    words = []
    if least is not None:
        holds &= values >= float(least)
        words.append(f"at least {float(least):g}")
    if most is not None:
        holds &= values <= float(most)
        words.append(f"at most {float(most):g}")
    what = f"{measure} of {key}" if key else str(measure)
    unit = runs.unit(str(measure), key)
    return Conclusion(
        str(says),
        f"{what} is {' and '.join(words)}{' ' + unit if unit else ''}",
        np.where(np.isnan(values), np.nan, holds * 1.0),
    )


def _usual(runs: Ensemble) -> tuple[Conclusion, ...]:
    found = []
    there = [name for name in BROKEN if (name, "") in runs.names]
    if there:
        zero = [np.where(np.isnan(v), np.nan, (v == 0.0) * 1.0) for v in map(runs.values, there)]
        found.append(
            Conclusion(
                "Every serial is held, late if need be",
                " and ".join(there) + (" are 0" if len(there) > 1 else " is 0"),
                joined(*zero),
            )
        )
    keys = runs.keys("serial_started_on_time")
    if keys:
        each = [runs.values("serial_started_on_time", key) for key in keys]
        found.append(
            Conclusion(
                "Every serial starts on time", "serial_started_on_time is 1 for every serial",
                joined(*each),
            )
        )  # fmt: skip
    return tuple(found)
