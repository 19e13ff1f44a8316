"""Protection of an area at sea measured: who came, who was found and met, against search theory.

Equation::

    P = 1 - exp(-n W w T / A)      median time to find = A ln 2 / (n W w)

Symbols: ``n`` guards, ``W`` their sweep width (m), ``w`` mean speed of a guard past an intruder on
a random course (m/s), ``T`` time that the intruder is in the area (s), ``A`` the area (m2).

Source: Koopman, "Search and Screening", OEG 56 (1946), chapters 1 and 2: random search, and the
mean relative speed.

Validity: a sweep width small against the area, guards and intruders on random courses, guards that
search on whatever they find. Where a guard's sensors reach over a good part of the area, an
intruder is found on its way in, and the formula says too little; `Expectation.caution` says so.
Left out: that guards leave their stations to identify others, darkness and weather but in ``W``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from startex.models.intervals import quantile_interval
from startex.models.search import mean_relative_speed_m_s, random_search_probability

SMALL = 0.25
"""A sweep width counts as small up to this share of the side of a square of the area; assumed."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """One intruder: when it was in the area (ms), found first, identified; None for never.

    ``watched_ms``: how long of that a guard's side had it in contact; ``range_m`` of the finding.
    """

    target: int
    enter_ms: int
    leave_ms: int
    found_ms: int | None
    met_ms: int | None
    watched_ms: int
    range_m: float | None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What random search leads one to expect: share found, and median minutes to find.

    ``caution``: why its assumptions do not hold; empty where they do.
    """

    share: float
    median_min: float
    caution: str


@dataclass(frozen=True, slots=True)
class Protection:
    """What came of the guard of an area; minutes count from an intruder's entry.

    Intruders found before they entered count as found at once. Limits are nan where there are too
    few. ``watched`` is the share of the time of all intruders in the area under contact.
    """

    came: int
    found: int
    met: int
    median_min: float
    lower_min: float
    upper_min: float
    watched: float
    expected: Expectation | None


def crossings(
    events: Sequence[Mapping[str, Any]], detections: Sequence[Mapping[str, Any]], end_ms: int
) -> list[Crossing]:
    """Return the intruders of one serial, in the order of entry.

    Parameters
    ----------
    events
        Rows ``t``, ``kind``, ``actor``, ``target`` of the serial.
    detections
        Rows ``t``, ``t_lost`` (None: not lost), ``target``, ``range_m`` by the guards' side.
    end_ms
        End of the serial: who has not left by then, and contacts that last, end there.
    """
    left = {e["actor"]: e["t"] for e in events if e["kind"] == "left_area"}
    met: dict[int, int] = {}
    for event in events:
        if event["kind"] == "intercepted":
            met.setdefault(event["target"], event["t"])
    found = []
    for event in events:
        if event["kind"] != "entered_area":
            continue
        who, enter = event["actor"], event["t"]
        leave = left.get(who, end_ms)
        mine = sorted(
            (d["t"], min(d["t_lost"] or end_ms, end_ms), d["range_m"])
            for d in detections
            if d["target"] == who and d["t"] <= leave
        )
        first = mine[0] if mine else None
        watched = union_ms([(begin, end) for begin, end, _ in mine], enter, leave)
        found.append(
            Crossing(
                who, enter, leave, None if first is None else first[0], met.get(who), watched,
                None if first is None else first[2],
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.enter_ms, one.target))


def union_ms(spells: Sequence[tuple[int, int]], begin: int, end: int) -> int:
    """Return how long at least one of some spells lasts between two instants, ms."""
    total, reached = 0, begin
    for first, last in sorted(spells):
        since, until = max(first, reached), min(last, end)
        if until > since:
            total, reached = total + until - since, until
    return total


def protection(
    intruders: Sequence[Crossing], *, guards: int, guard_m_s: float, intruder_m_s: float,
    area_m2: float, sweep_width_m: float | None = None, confidence: float = 0.95,
) -> Protection:  # fmt: skip
    """Return what came of a guard, and what random search leads one to expect.

    Parameters
    ----------
    intruders
        See `crossings`.
    guards, guard_m_s, intruder_m_s
        Number of guards; mean speeds, m/s.
    area_m2
        Area guarded.
    sweep_width_m
        Of one guard; None: twice the median distance at which intruders were found, as of a sensor
        that finds all within its reach.
    confidence
        Of the interval of the median.
    """
    waits = [
        max(0, one.found_ms - one.enter_ms) / 60_000.0
        for one in intruders
        if one.found_ms is not None
    ]
    median = quantile_interval(np.array(waits), 0.5, confidence) if waits else None
    ranges = [one.range_m for one in intruders if one.range_m is not None]
    width = sweep_width_m if sweep_width_m or not ranges else 2.0 * float(np.median(ranges))
    inside = sum(one.leave_ms - one.enter_ms for one in intruders)
    return Protection(
        came=len(intruders),
        found=len(waits),
        met=sum(one.met_ms is not None for one in intruders),
        median_min=float(median.value) if median else float("nan"),
        lower_min=float(median.lower) if median else float("nan"),
        upper_min=float(median.upper) if median else float("nan"),
        watched=sum(one.watched_ms for one in intruders) / inside if inside else float("nan"),
        expected=None
        if not width or not intruders or guards < 1
        else expectation(
            [(one.leave_ms - one.enter_ms) / 1000.0 for one in intruders], guards, guard_m_s,
            intruder_m_s, area_m2, width,
        ),
    )  # fmt: skip


def expectation(
    times_s: Sequence[float], guards: int, guard_m_s: float, intruder_m_s: float, area_m2: float,
    sweep_width_m: float,
) -> Expectation:  # fmt: skip
    """Return what random search finds of intruders that are in the area for some times, s."""
    past = float(mean_relative_speed_m_s(intruder_m_s, guard_m_s))
    rate = guards * sweep_width_m * past / area_m2
    chance = random_search_probability(rate * np.asarray(times_s, dtype=np.float64))
    caution = ""
    if sweep_width_m > SMALL * area_m2**0.5:
        share = sweep_width_m / area_m2**0.5
        caution = (
            f"a guard sweeps {sweep_width_m / 1000.0:.0f} km, {share:.1f} of the side of the area: "
            "intruders are found on their way in, random search says too little"
        )
    return Expectation(float(chance.mean()), float(np.log(2.0) / rate / 60.0), caution)
