"""What is known of a target: detected, classified (what it is), identified (which one it is).

By eye and imager: Johnson's cycles. An observer recognises a target (its class) when it fills as
many cycles as he needs for that, and identifies it with more; what he needs is spread over
observers as the target transfer probability function says (ACQUIRE), so that the range at which
he succeeds is drawn: the share of observers that have classified a target at a range is the
published probability of the task at that range. One draw serves both tasks: who needs few cycles
for the one needs few for the other.

By all other sensors: time in contact, assumed; a radar's track tells by its speed, height and echo
what a target may be, a sonar's by its lines and its Doppler, an intercept by the kind of emitter.
None of them tells which one it is.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from enum import IntEnum
from functools import cache

import numpy as np
import numpy.typing as npt

from startex.forces.armament_figures import SENSOR_KINDS
from startex.forces.armament_tables import SensorTable
from startex.foundation.streams import Stream, uniform_one
from startex.models.acquisition import Task, cycles_ratio_for_probability

Int64 = npt.NDArray[np.int64]
UInt64 = npt.NDArray[np.uint64]
Float64 = npt.NDArray[np.float64]


class Level(IntEnum):
    """How much is known of a target."""

    DETECTED = 0
    CLASSIFIED = 1
    IDENTIFIED = 2


TIME_TO_CLASSIFY_S: dict[str, float] = {
    "definite_range": 0.0,
    "inverse_cube": 60.0,
    "radar_air": 60.0,
    "radar_surface": 180.0,
    "sonar_active": 300.0,
    "sonar_passive": 600.0,
    "esm": 60.0,
}
"""Time in contact after which a kind of sensor tells what a target is; assumed."""

OPTICAL = np.array([kind in ("visual", "thermal") for kind in SENSOR_KINDS])
"""Kinds of sensor that classify by what is seen."""

_LIKELY = 1.0 / (1.0 + np.exp(-np.linspace(-12.0, 12.0, 481)))


@cache
def _likely_ratios() -> tuple[list[float], list[float]]:
    return _LIKELY.tolist(), cycles_ratio_for_probability(_LIKELY).tolist()


def _ratio(chance: float) -> float:
    """Return the cycles over those of half the observers that a share of them needs."""
    likely, ratios = _likely_ratios()
    if chance <= likely[0] or chance >= likely[-1]:
        return ratios[0] if chance <= likely[0] else ratios[-1]
    above = bisect_right(likely, chance)
    slope = (ratios[above] - ratios[above - 1]) / (likely[above] - likely[above - 1])
    return slope * (chance - likely[above - 1]) + ratios[above - 1]


def task_range_m(
    sensors: SensorTable, sensor: int, size_m: float, key: int, seed: int, counter: int
) -> tuple[float, float]:
    """Return within which ranges one observer classifies and identifies; see `task_ranges_m`."""
    if not OPTICAL[sensors.kind[sensor]]:
        return 0.0, 0.0
    # all observers succeed who need fewer cycles than there are
    ratio = _ratio(uniform_one(seed, Stream.CLASSIFICATION, key, counter))
    reach = float(size_m) * float(sensors.cycles_per_mrad[sensor]) * 1000.0 / ratio
    if math.isnan(reach):
        return 0.0, 0.0
    near, nearer = (reach / task.value for task in (Task.RECOGNITION, Task.IDENTIFICATION))
    return float(round(near)), float(round(nearer))


def task_ranges_m(
    sensors: SensorTable,
    sensor: Int64,
    size_m: Float64,
    keys: UInt64,
    seed: int,
    counter: npt.NDArray[np.int64],
) -> Float64:
    """Return within which ranges observers classify and identify targets, m, shape (2, k).

    Parameters
    ----------
    sensors, sensor
        Table, and row of the sensor of each look, shape (k,).
    size_m
        Critical dimension of each target.
    keys, seed, counter
        Of the draws (`Stream.CLASSIFICATION`), shape (k,).

    Returns
    -------
    To 1 m; 0 for sensors that go by time.
    """
    looks = zip(
        sensor.tolist(), size_m.tolist(), keys.tolist(),
        np.broadcast_to(counter, sensor.shape).tolist(), strict=True,
    )  # fmt: skip
    found = [task_range_m(sensors, s, size, key, seed, count) for s, size, key, count in looks]
    return np.array(found, dtype=np.float64).reshape(-1, 2).T


def classified_after_s(kind: int) -> float:
    """Return after which time in contact a kind of sensor classifies; infinite for never."""
    return TIME_TO_CLASSIFY_S.get(SENSOR_KINDS[kind], float("inf"))
