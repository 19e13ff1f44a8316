"""Every measure of an ensemble in one row: centre, spread, quantiles, and how sure they are."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from startex.ensemble.reading import Ensemble, Float64
from startex.ensemble.statistics import (
    CONFIDENCE,
    Interval,
    centre_interval,
    defined,
    is_proportion,
    quantile_interval,
)
from startex.ensemble.units import Units, independent
from startex.foundation.errors import UsageError, did_you_mean

QUANTILES = (0.05, 0.5, 0.95)
"""Of every measure, beside the mean."""

_HEAD = (
    "measure", "key", "unit", "runs", "undefined", "independent", "independent_of", "mean",
    "mean_low", "mean_high", "method", "sd", "least", "greatest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A measure over the runs of an ensemble.

    Attributes
    ----------
    measure, key, unit
        What it is.
    runs, undefined
        Runs in which it is defined, and in which it is not.
    units
        Independent values behind the interval of the mean.
    centre
        The mean or, of 0 and 1, the proportion.
    sd, least, greatest
        Of the runs.
    quantiles
        Those of `QUANTILES`; their intervals take the runs of one design point only, and are
        open where runs are not independent.
    """

    measure: str
    key: str
    unit: str
    runs: int
    undefined: int
    units: int
    unit_word: str
    centre: Interval
    sd: float
    least: float
    greatest: float
    quantiles: tuple[Interval, ...]
    share: bool

    @property
    def varies(self) -> bool:
        """Whether it was not the same in all runs."""
        return self.least != self.greatest or self.undefined > 0

    @property
    def mean(self) -> float:
        """The mean."""
        return self.centre.value

    def to_json(self) -> dict[str, Any]:
        """Return the row as plain data; what is not finite is null."""
        return {
            "measure": self.measure,
            "key": self.key,
            "unit": self.unit,
            "runs": self.runs,
            "undefined": self.undefined,
            "independent": self.units,
            "independent_of": self.unit_word,
            "mean": finite(self.centre.value),
            "mean_low": finite(self.centre.low),
            "mean_high": finite(self.centre.high),
            "method": self.centre.method,
            "sd": finite(self.sd),
            "least": finite(self.least),
            "greatest": finite(self.greatest),
            "quantiles": {
                f"{p:g}": [finite(q.value), finite(q.low), finite(q.high)]
                for p, q in zip(QUANTILES, self.quantiles, strict=True)
            },
        }


def finite(value: float) -> float | None:
    """Return a number, or None where there is none: JSON knows no infinity."""
    return float(value) if math.isfinite(value) else None


@dataclass(frozen=True, slots=True)
class Summary:
    """All rows, in the order of measure and key."""

    rows: tuple[Row, ...]
    confidence: float
    units: Units

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def of(self, measure: str, key: str = "") -> Row:
        """Return the row of a measure.

        Raises
        ------
        UsageError
            If there is none.
        """
        for row in self.rows:
            if (row.measure, row.key) == (measure, key):
                return row
        names = {f"{row.measure} {row.key}".strip() for row in self.rows}
        wanted = f"{measure} {key}".strip()
        raise UsageError(f"no measure {wanted!r}; {did_you_mean(wanted, names)}")

    def to_json(self) -> list[dict[str, Any]]:
        """Return all rows as plain data."""
        return [row.to_json() for row in self.rows]

    def to_csv(self) -> str:
        """Return all rows as CSV text; an empty cell where there is no number."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        ends = [f"q{p:g}{end}" for p in QUANTILES for end in ("", "_low", "_high")]
        writer.writerow([*_HEAD, *ends])
        for row in self.rows:
            data = row.to_json()
            cells = [data[name] for name in _HEAD]
            for three in data["quantiles"].values():
                cells += three
            writer.writerow(["" if cell is None else cell for cell in cells])
        return stream.getvalue()


def summarise(runs: Ensemble, confidence: float = CONFIDENCE) -> Summary:
    """Return every measure of an ensemble with its interval."""
    units = independent(runs)
    rows = tuple(
        row_of(
            name, key, runs.unit(name, key), runs.values(name, key), units, confidence,
            counts=not is_share(runs, name),
        )
        for name, key in runs.names
    )  # fmt: skip
    return Summary(rows, confidence, units)


def is_share(runs: Ensemble, measure: str) -> bool:
    """Tell whether a measure is yes or no: whether a serial started on time, or so in SQL.

    Of an SQL measure that has no unit it is taken so where all its values are 0 or 1.
    """
    asked = {one.get("name") for one in runs.plan.get("sql") or () if not one.get("unit")}
    return measure == "serial_started_on_time" or measure in asked


def row_of(
    measure: str,
    key: str,
    unit: str,
    values: Float64,
    units: Units,
    confidence: float,
    *,
    counts: bool = False,
) -> Row:
    """Return the row of one measure, from its values by row of the design, shape (runs,).

    ``counts``: it is no proportion even where all values are 0 or 1.
    """
    there, undefined = defined(values[units.rows])
    means = units.values(values)
    share = not counts and is_proportion(there)
    centre = centre_interval(means, confidence, counts=counts)
    if there.size and units.word != "run":  # each run counts once in the mean, whatever its unit
        centre = Interval(float(there.mean()), centre.low, centre.high, centre.method)
    if share:
        centre = Interval(centre.value, max(0.0, centre.low), min(1.0, centre.high), centre.method)
    alone = units.word == "run"
    quantiles = []
    for p in QUANTILES:
        found = quantile_interval(there, p, confidence)
        quantiles.append(
            found if alone else Interval(found.value, -math.inf, math.inf, "none: runs depend")
        )
    return Row(
        measure=measure,
        key=key,
        unit=unit,
        runs=there.size,
        undefined=undefined,
        units=means.size,
        unit_word=units.word,
        centre=centre,
        sd=float(there.std(ddof=1)) if there.size > 1 else math.nan,
        least=float(there.min()) if there.size else math.nan,
        greatest=float(there.max()) if there.size else math.nan,
        quantiles=tuple(quantiles),
        share=share,
    )


def joined(*parts: Float64) -> Float64:
    """Return 1 where all parts are 1, 0 where one is 0; not a number where one has none."""
    stacked = np.vstack(parts)
    return np.where(np.isnan(stacked).any(axis=0), np.nan, (stacked == 1.0).all(axis=0) * 1.0)
