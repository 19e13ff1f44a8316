"""What platforms look with, what they can find with it, and how fast: columns of sensors."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from startex.engine.sensing import rates
from startex.engine.sensing.looks import Geometry
from startex.forces.armament_figures import DOMAINS, SENSOR_KINDS
from startex.forces.armament_tables import SensorTable
from startex.forces.signatures import Signatures
from startex.models.horizon import MAX_HEIGHT_M, line_of_sight_m

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

_FOUND_BY: dict[str, tuple[str, ...]] = {
    "definite_range": ("ground", "surface", "subsurface", "mine"),
    "inverse_cube": DOMAINS,
    "radar_air": ("air",),
    "radar_surface": ("surface",),
    "visual": ("ground", "surface", "air", "mine"),
    "thermal": ("ground", "surface", "air"),
    "sonar_active": ("subsurface", "mine"),
    "sonar_passive": ("subsurface",),
    "esm": ("ground", "surface", "air"),  # of those that radiate, see `Roster.radiates`
}

FINDS = np.array([[domain in _FOUND_BY[kind] for domain in DOMAINS] for kind in SENSOR_KINDS])
"""Which kinds of sensor (rows) find anything in which domains (columns)."""

_KIND = {name: code for code, name in enumerate(SENSOR_KINDS)}

_BY_SIGHT = ("radar_air", "radar_surface", "visual", "thermal", "esm")

STRAIGHT = np.array([kind in _BY_SIGHT for kind in SENSOR_KINDS])
"""Kinds of sensor to which anything solid between is in the way."""

_RADIO = np.array([kind in ("radar_air", "radar_surface", "esm") for kind in SENSOR_KINDS])
_OPTICAL = np.array([kind in ("visual", "thermal") for kind in SENSOR_KINDS])
_MINE, _AIR = DOMAINS.index("mine"), DOMAINS.index("air")

MINE_BEAM_DB = 28.0
"""Directivity that a sonar needs to tell a mine from the echoes of the surface; assumed: those
that hunt mines have it, those that search for submarines do not."""

MINE_LOOK_OUT_M3_S = 2.0e5
"""Constant of the inverse cube law of a look-out for what floats awash, where waves hide and show
it again: a sweep width of 1 km at 10 kn by day; assumed."""

AIRBORNE_M = 50.0
"""An aircraft below this height stands on the ground: it neither looks nor is it seen as a
target in the air."""


def reach_m(
    sensors: SensorTable,
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
    domain = signatures.domain[kind_of_target]
    finds = FINDS[kind, domain]
    mine = domain == _MINE
    if mine.any():
        wide = kind == _KIND["sonar_active"]
        finds &= ~(mine & wide & (sensors.directivity_db[sensor] < MINE_BEAM_DB))
    mast = sensors.height_m[sensor]
    own = np.fmax(own_top_m, 0.0) + np.where(np.isnan(mast), 0.0, mast)
    own = np.minimum(np.maximum(own, 0.0), MAX_HEIGHT_M)
    top = np.fmax(target_top_m, 0.0) + signatures.height_m[kind_of_target]
    top = np.minimum(top, MAX_HEIGHT_M)
    sight = np.where(STRAIGHT[kind], line_of_sight_m(own, top), np.inf)
    reach: Float64 = np.where(finds, np.minimum(sensors.max_range_m[sensor], sight), 0.0)
    return reach


def detection_rate(
    sensors: SensorTable,
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
    for code in np.bincount(kind).nonzero()[0].tolist():
        at = (kind == code).nonzero()[0]
        s, target, r = sensor[at], kind_of_target[at], distance[at]
        name = SENSOR_KINDS[code]
        if name == "definite_range":
            rate[at] = np.inf
        elif name == "inverse_cube":
            rate[at] = rates.inverse_cube_rate(r, sensors.constant_m3_s[s])
        elif name in ("radar_air", "radar_surface"):
            rate[at] = rates.radar_rate(
                r, signatures.cross_section_m2[target], sensors.range_1m2_m[s],
                sensors.period_s[s], sensors.false_alarm[s],
            )  # fmt: skip
        elif name in ("visual", "thermal"):
            rate[at] = rates.optical_rate(
                r, signatures.size_m[target], sensors.cycles_per_mrad[s], sensors.fields[s],
                visibility_m[at],
            ) * (sensors.night[s] | light[at])  # fmt: skip
            awash = signatures.domain[target] == _MINE
            if awash.any():
                wake = rates.inverse_cube_rate(r, MINE_LOOK_OUT_M3_S) * (r <= visibility_m[at])
                rate[at] = np.where(awash, wake * (sensors.night[s] | light[at]), rate[at])
        elif name == "esm":
            rate[at] = rates.intercept_rate(r, sensors.period_s[s])
        else:
            ways = 2.0 if name == "sonar_active" else 1.0
            own = signatures.strength_db if name == "sonar_active" else signatures.noise_db
            merit = sensors.merit_db()[s] + own[target]
            rate[at] = rates.sonar_rate(r, merit, ways, sensors.period_s[s])
    return np.where(
        _in_sight(signatures, kind, kind_of_target, looks, sensors.height_m[sensor]), rate, 0.0
    )


def _in_sight(
    signatures: Signatures, kind: Int8, kind_of_target: Int64, looks: Geometry, eye_m: Float64
) -> npt.NDArray[np.bool_]:
    """Tell which looks do not end at the horizon, and of which both are where they must be."""
    seen = np.ones(kind.size, dtype=np.bool_)
    top = np.maximum(looks.target_alt, 0.0) + signatures.height_m[kind_of_target]
    own = np.maximum(np.maximum(looks.alt, 0.0) + eye_m, 0.0)
    top, own = np.minimum(top, MAX_HEIGHT_M), np.minimum(own, MAX_HEIGHT_M)
    for which, horizon in ((_OPTICAL, rates.optical_horizon_m), (_RADIO, line_of_sight_m)):
        at = which[kind].nonzero()[0]
        if at.size:
            seen[at] = looks.range_m[at] <= horizon(own[at], top[at])
    air = signatures.domain[kind_of_target] == _AIR
    seen &= ~air | (looks.target_alt >= AIRBORNE_M)
    return seen
