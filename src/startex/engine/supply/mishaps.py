"""Breakdowns of vehicles, and who falls ill or is hurt: drawn day by day and recorded.

A vehicle breaks down on a day with chance ``1 - exp(-way / mean way between failures)``; a person
falls ill or is hurt with a published rate. Draws are keyed by entity and by the number of the day
from the start of the exercise. Nothing that moves is altered: who broke down goes on in the run as
planned, but does not count as available until it is repaired.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from startex.engine.supply.rates import PERSON, VEHICLE
from startex.forces.force import Force
from startex.foundation.clock import LONG_AGO_MS, MS_PER_DAY, MS_PER_HOUR
from startex.foundation.streams import Stream, uniform

Bool = npt.NDArray[np.bool_]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Columns = dict[str, npt.NDArray[Any]]

KINDS_OF_MISHAP: tuple[str, ...] = ("breakdown", "illness", "injury", "heat")
TREATED: tuple[str, ...] = (
    "on_the_spot",
    "collection_point",
    "workshop",
    "depot",
    "medical_post",
    "hospital",
)
"""Where it is repaired, or he treated; the position is the code."""

DNBI_PER_DAY = 1_324 / (4_122 * 456.25)
"""Illness and injury a person and day: 1,324 cases of disease and non-battle injury among 4,122
soldiers of a brigade deployed for 15 months (Military Medicine 175, 2010, page 469: 257 per 1,000
person-years)."""

EVACUATED = 208 / 1_324
"""Share of them that went to hospital (evacuated, same source); the others returned to duty."""

INJURY_SHARE = 0.5
"""Share of injuries among them; assumed."""

HEAT_PER_DAY = 3.6e-4 / 7.0
"""Heat illness a person and day in training: 3.6 per 10,000 person-weeks (US Army basic training
2014 to 2018, Medical Surveillance Monthly Report, April 2019). In a hot climate twice that: 6.8 at
the hottest post; in the cold none, assumed."""

HEAT_BY_CLIMATE = {"temperate": 1.0, "hot": 6.8 / 3.6, "cold": 0.0}

POST_DAYS, HOSPITAL_DAYS = 1.5, 14.0
"""Mean days until a person is back; assumed."""

REPAIR_SHARES = (0.60, 0.25, 0.12, 0.03)
"""Shares of breakdowns by where they are repaired, from the spot to a depot; assumed."""

REPAIR_H = (3.0, 12.0, 36.0, 240.0)
"""Mean hours until such a vehicle is back, recovery included; assumed, in the order of the times
that US Army doctrine leaves to crews, collection points and brigade workshops."""

_DRAWS = 4  # numbers of a day: whether, when, where, how long


@dataclass(slots=True)
class Mishaps:
    """Who is not available until when.

    Parameters
    ----------
    kind, key, counted
        Of entities, shape (n,): ``Force.kind``, ``Force.key``, ``Force.counted``.
    failure_m
        Mean way between failures, shape (n,).
    seed
        Of the run.
    climate
        A key of `HEAT_BY_CLIMATE`.

    Attributes
    ----------
    back_ms
        When each entity is available again, shape (n,); long ago for who always was.
    """

    kind: npt.NDArray[np.int8]
    key: npt.NDArray[np.uint64]
    counted: Bool
    failure_m: Float64
    seed: int
    climate: str
    back_ms: Int64 = field(init=False)
    persons: Int64 = field(init=False)

    def __post_init__(self) -> None:
        self.back_ms = np.full(self.kind.size, LONG_AGO_MS, dtype=np.int64)
        self.persons = np.flatnonzero((self.kind == PERSON) & self.counted)

    def draw(self, day: int, t: int, span_ms: int, way_m: Float64) -> Columns:
        """Draw the mishaps of the day that ends at ``t``; return rows of the table ``mishaps``.

        Parameters
        ----------
        day
            Number of the day from the start of the exercise.
        t
            End of the day, ms.
        span_ms
            How long it was: the first may be shorter than 24 hours.
        way_m
            Way of each entity in that day, shape (n,).

        ``kind`` and ``treated`` are positions in `KINDS_OF_MISHAP` and `TREATED`.
        """
        rows = [self._breakdowns(day, t, span_ms, way_m), self._persons(day, t, span_ms)]
        return {name: np.concatenate([part[name] for part in rows]) for name in rows[0]}

    def available(self, t: int) -> Bool:
        """Return who is available at ``t``, shape (n,)."""
        found: Bool = self.back_ms <= t
        return found

    def _breakdowns(self, day: int, t: int, span_ms: int, way_m: Float64) -> Columns:
        able = np.flatnonzero((self.kind == VEHICLE) & (way_m > 0) & (self.back_ms <= t - span_ms))
        chance = -np.expm1(-way_m[able] / self.failure_m[able])
        draws = self._uniform(Stream.BREAKDOWN, able, day, 0)
        row = able[draws < chance]
        where = np.searchsorted(
            np.cumsum(REPAIR_SHARES)[:-1], self._uniform(Stream.BREAKDOWN, row, day, 2), "right"
        )
        mean = np.array(REPAIR_H)[where] * MS_PER_HOUR
        kind = np.zeros(row.size, dtype=np.int32)
        return self._down(Stream.BREAKDOWN, day, t, span_ms, row, kind, where, mean)

    def _persons(self, day: int, t: int, span_ms: int) -> Columns:
        able = self.persons[self.back_ms[self.persons] <= t - span_ms]
        draws = self._uniform(Stream.MISHAP, able, day, 0)
        sick = DNBI_PER_DAY * (1.0 - INJURY_SHARE)
        heat = HEAT_PER_DAY * HEAT_BY_CLIMATE[self.climate]
        limits = np.cumsum([sick, DNBI_PER_DAY * INJURY_SHARE, heat]) * (span_ms / MS_PER_DAY)
        hit = draws < limits[-1]
        row = able[hit]
        kind = 1 + np.searchsorted(limits[:-1], draws[hit], "right").astype(np.int32)
        hospital = self._uniform(Stream.MISHAP, row, day, 2) < EVACUATED
        where = np.where(hospital, TREATED.index("hospital"), TREATED.index("medical_post"))
        mean = np.where(hospital, HOSPITAL_DAYS, POST_DAYS) * MS_PER_DAY
        return self._down(Stream.MISHAP, day, t, span_ms, row, kind, where, mean)

    def _down(
        self,
        stream: Stream,
        day: int,
        t: int,
        span_ms: int,
        row: npt.NDArray[np.intp],
        kind: Int32,
        where: npt.NDArray[np.intp],
        mean_ms: Float64,
    ) -> Columns:
        into = (self._uniform(stream, row, day, 1) * span_ms).astype(np.int64)
        lasts = -np.log1p(-self._uniform(stream, row, day, 3)) * mean_ms
        t0 = t - span_ms + into
        t1 = t0 + np.maximum(np.rint(lasts).astype(np.int64), MS_PER_HOUR // 2)
        self.back_ms[row] = t1
        return {
            "entity": row.astype(np.int32),
            "t0": t0,
            "t1": t1,
            "kind": kind,
            "treated": where.astype(np.int32),
        }

    def _uniform(self, stream: Stream, row: npt.NDArray[np.intp], day: int, which: int) -> Float64:
        return uniform(self.seed, stream, self.key[row], _DRAWS * day + which)


def no_mishaps() -> Columns:
    """Return the table ``mishaps`` without rows."""
    times = {name: np.empty(0, np.int64) for name in ("t0", "t1")}
    return times | {name: np.empty(0, np.int32) for name in ("entity", "kind", "treated")}


def strengths(force: Force, mishaps: Mishaps, t: int) -> Columns:
    """Return rows of the table ``strengths``: who there is and who is available at ``t``, by unit.

    Units with persons or vehicles of their own.
    """
    able, number = mishaps.available(t), len(force.units.id)
    counts: Columns = {}
    for name, kind in (("persons", PERSON), ("vehicles", VEHICLE)):
        own = force.kind == kind
        for column, rows in ((name, own), (f"{name}_available", own & able)):
            found = np.bincount(force.unit[rows], minlength=number)
            counts[column] = found.astype(np.int32)
    some = np.flatnonzero((counts["persons"] > 0) | (counts["vehicles"] > 0))
    first: Columns = {
        "unit": some.astype(np.int32),
        "t": np.full(some.size, t, dtype=np.int64),
    }
    return first | {name: column[some] for name, column in counts.items()}
