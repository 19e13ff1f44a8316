"""What platforms look with, what they can find with it, and how fast: columns of sensors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.sensing import rates
from startex.engine.sensing.looks import Geometry
from startex.models.horizon import MAX_HEIGHT_M, line_of_sight_m

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

DOMAINS = ("ground", "surface", "air", "subsurface", "mine")
"""Where a target is; the position is the code."""

SENSOR_KINDS = (
    "definite_range",
    "inverse_cube",
    "radar_air",
    "radar_surface",
    "visual",
    "thermal",
    "sonar_active",
    "sonar_passive",
)
"""Kinds of sensor; the position is the code."""

FINDS = np.array(
    [
        # ground surface air subsurface mine
        [True, True, True, True, True],
        [True, True, True, True, True],
        [False, False, True, False, False],
        [False, True, False, False, False],
        [True, True, True, False, True],
        [True, True, True, False, False],
        [False, False, False, True, True],
        [False, False, False, True, False],
    ]
)
"""Which kinds (rows) find anything in which domains (columns)."""

AIRBORNE_M = 50.0
"""An aircraft below this height stands on the ground: it neither looks nor is it seen as a
target in the air."""


@dataclass(frozen=True, slots=True)
class Sensors:
    """Sensors as columns of shape (s,), nan where a figure does not apply.

    Attributes
    ----------
    id, kind
        Names, and codes in `SENSOR_KINDS`.
    max_range_m
        Beyond it nothing is found.
    height_m
        Of the antenna or eye above the platform's own height.
    period_s
        Of scans, pings or integrations.
    range_1m2_m
        Radar: range at which a scan detects 1 m2 with the chance 0.5.
    cycles_per_mrad, fields
        Eye and imager: what is resolved, and fields of view in the sector searched.
    merit_db
        Sonar: figure of merit without the target's noise or strength.
    constant_m3_s
        Inverse cube law.
    night
        Whether it needs no light.
    """

    id: tuple[str, ...]
    kind: Int8
    max_range_m: Float64
    height_m: Float64
    period_s: Float64
    range_1m2_m: Float64
    cycles_per_mrad: Float64
    fields: Float64
    merit_db: Float64
    constant_m3_s: Float64
    night: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Signatures:
    """How targets are found, by type of platform, shape (types,).

    ``domain``: code in `DOMAINS`; ``height_m`` above the water or ground; radar cross-section;
    size (critical dimension); noise and target strength in dB.
    """

    domain: Int8
    height_m: Float64
    cross_section_m2: Float64
    size_m: Float64
    noise_db: Float64
    strength_db: Float64


def reach_m(
    sensors: Sensors,
    signatures: Signatures,
    sensor: Int64,
    own_top_m: Float64,
    kind_of_target: Int64,
    target_top_m: Float64,
) -> Float64:
    """Return how far sensors can find types of target at most, m; 0 where not at all.

    Parameters
    ----------
    sensor, kind_of_target
        Row in the sensors, and type of the target; broadcast.
    own_top_m, target_top_m
        Greatest heights at which the two platforms will be.
    """
    kind = sensors.kind[sensor]
    finds = FINDS[kind, signatures.domain[kind_of_target]]
    own = np.clip(np.fmax(own_top_m, 0.0) + sensors.height_m[sensor], 0.0, MAX_HEIGHT_M)
    top = np.fmax(target_top_m, 0.0) + signatures.height_m[kind_of_target]
    top = np.minimum(top, MAX_HEIGHT_M)
    sight = np.where(kind >= SENSOR_KINDS.index("sonar_active"), np.inf, line_of_sight_m(own, top))
    sight = np.where(kind <= SENSOR_KINDS.index("inverse_cube"), np.inf, sight)
    reach: Float64 = np.where(finds, np.minimum(sensors.max_range_m[sensor], sight), 0.0)
    return reach


def detection_rate(
    sensors: Sensors,
    signatures: Signatures,
    sensor: Int64,
    kind_of_target: Int64,
    looks: Geometry,
    visibility_m: Float64,
    light: npt.NDArray[np.bool_],
) -> Float64:
    """Return the rate of detection of looks, 1/s, shape (k,).

    Parameters
    ----------
    sensors, signatures
        The columns.
    sensor, kind_of_target
        Sensor and type of target of each look.
    looks
        Where both are.
    visibility_m, light
        Meteorological visibility, and whether there is light enough for the eye.
    """
    kind, rate = sensors.kind[sensor], np.zeros(sensor.size)
    distance = looks.range_m
    for code in np.unique(kind):
        at = np.flatnonzero(kind == code)
        s, target, r = sensor[at], kind_of_target[at], distance[at]
        name = SENSOR_KINDS[code]
        if name == "definite_range":
            rate[at] = np.inf
        elif name == "inverse_cube":
            rate[at] = rates.inverse_cube_rate(r, sensors.constant_m3_s[s])
        elif name in ("radar_air", "radar_surface"):
            rate[at] = rates.radar_rate(
                r, signatures.cross_section_m2[target], sensors.range_1m2_m[s], sensors.period_s[s]
            )
        elif name in ("visual", "thermal"):
            rate[at] = rates.optical_rate(
                r, signatures.size_m[target], sensors.cycles_per_mrad[s], sensors.fields[s],
                visibility_m[at],
            ) * (sensors.night[s] | light[at])  # fmt: skip
        else:
            ways = 2.0 if name == "sonar_active" else 1.0
            own = signatures.strength_db if name == "sonar_active" else signatures.noise_db
            merit = sensors.merit_db[s] + own[target]
            rate[at] = rates.sonar_rate(r, merit, ways, sensors.period_s[s])
    return np.where(
        _in_sight(signatures, kind, kind_of_target, looks, sensors.height_m[sensor]), rate, 0.0
    )


def _in_sight(
    signatures: Signatures, kind: Int8, kind_of_target: Int64, looks: Geometry, eye_m: Float64
) -> npt.NDArray[np.bool_]:
    """Tell which looks do not end at the horizon, and of which both are where they must be."""
    optical = (kind == SENSOR_KINDS.index("visual")) | (kind == SENSOR_KINDS.index("thermal"))
    radio = (kind == SENSOR_KINDS.index("radar_air")) | (
        kind == SENSOR_KINDS.index("radar_surface")
    )
    seen = np.ones(kind.size, dtype=np.bool_)
    top = np.clip(looks.target_alt, 0.0, None) + signatures.height_m[kind_of_target]
    own = np.maximum(np.clip(looks.alt, 0.0, None) + eye_m, 0.0)
    top, own = np.minimum(top, MAX_HEIGHT_M), np.minimum(own, MAX_HEIGHT_M)
    for which, horizon in ((optical, rates.optical_horizon_m), (radio, line_of_sight_m)):
        at = np.flatnonzero(which)
        if at.size:
            seen[at] = looks.range_m[at] <= horizon(own[at], top[at])
    air = signatures.domain[kind_of_target] == DOMAINS.index("air")
    seen &= ~air | (looks.target_alt >= AIRBORNE_M)
    return seen
