"""What a side knew at an instant: the best track of each target, from the table ``tracks``.

While a track lasts it is updated every ``update_s`` seconds of the exercise: the last fix is worked
out from where both were then and the errors of the sensor, with the draws of the run, so that the
answer is that of the engine. Where the store does not tell where both were, and after contact is
lost, the last fix stored grows old: nobody knows which way the target went.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from startex.foundation.streams import entity_key, pair_keys
from startex.geography.neighbours import cartesian
from startex.geography.paths import POSITION_DECIMALS
from startex.models.fixes import aged_error_m, drawn_fix

if TYPE_CHECKING:
    from startex.recording.reader import Run

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

LEVELS = ("detected", "classified", "identified")
"""How well a target is known, ascending."""

_LATER = np.iinfo(np.int64).max


def picture(
    run: Run, t: int, *, opposing: bool, nation: str | None = None, serial: str | None = None
) -> pa.Table:
    """Return what one side of the plays knows at ``t`` (ms); see `Run.picture`."""
    tracks = run.table("tracks")
    mine = _chosen(run, tracks, t, opposing, nation, serial)
    rows = tracks.take(pa.array(mine))
    lat, lon, error, fixed, lasts = _fixes(run, rows, t)
    age = (t - fixed) / 1000.0
    aged = np.round(aged_error_m(error, age, rows["speed_m_s"].to_numpy()), 1)
    level = np.zeros(len(rows), dtype=np.int64)
    for number, name in enumerate(("t_classified", "t_identified"), start=1):
        level[_ms(rows, name) <= t] = number
    serials = np.array(rows["serial"].to_pylist(), dtype=object)
    target = rows["target"].to_numpy().astype(np.int64)
    names, play = np.unique(serials.astype(str), return_inverse=True)
    order = np.lexsort((rows["track"].to_numpy(), aged, target, play))
    first = np.ones(order.size, dtype=np.bool_)
    first[1:] = (np.diff(play[order]) != 0) | (np.diff(target[order]) != 0)
    group = np.cumsum(first) - 1
    known = np.zeros(int(first.sum()), dtype=np.int64)
    np.maximum.at(known, group, level[order])
    best = order[first]
    kept = rows.take(pa.array(best))
    return pa.table(
        {
            "serial": pa.array(names[play[best]].tolist(), pa.string()),
            "target": kept["target"].combine_chunks(),
            "lat": pa.array(lat[best]),
            "lon": pa.array(lon[best]),
            "error_m": pa.array(aged[best]),
            "age_s": pa.array(age[best]),
            "level": pa.array([LEVELS[i] for i in known.tolist()], pa.string()),
            "in_contact": pa.array(lasts[best]),
            "unit": kept["unit"].combine_chunks(),
            "sensor": kept["sensor"].cast(pa.string()).combine_chunks(),
            "track": kept["track"].combine_chunks(),
        }
    )


def _chosen(
    run: Run, tracks: pa.Table, t: int, opposing: bool, nation: str | None, serial: str | None
) -> Int64:
    """Return the tracks made by then by units of the side, of plays that are not over."""
    mine = tracks["t0"].to_numpy() <= t
    mine &= tracks["opposing"].to_numpy(zero_copy_only=False).astype(np.bool_) == opposing
    of = np.array(tracks["serial"].to_pylist(), dtype=object)
    plays = run.table("serials")
    ends = dict(zip(plays["serial"].to_pylist(), _ms(plays, "end").tolist(), strict=True))
    mine &= np.array([ends.get(name, _LATER) > t for name in of], dtype=np.bool_)
    if serial is not None:
        mine &= of == serial
    if nation is not None:
        nations = np.array(run.table("units")["nation"].to_pylist(), dtype=object)
        mine &= nations[tracks["unit"].to_numpy()] == nation
    return np.flatnonzero(mine)


def _fixes(run: Run, rows: pa.Table, t: int) -> tuple[Float64, Float64, Float64, Int64, Bool]:
    """Return latitude, longitude, error and time of the last fixes, and who is in contact."""
    t0, t1 = _ms(rows, "t0"), _ms(rows, "t1")
    lasts = t1 > t
    lat, lon, error = (
        np.where(lasts, _number(rows, a), _number(rows, b))
        for a, b in (("lat", "lat1"), ("lon", "lon1"), ("error_m", "error1_m"))
    )
    fixed = np.where(lasts, t0, t1)
    period = np.maximum(rows["update_s"].to_numpy().astype(np.int64), 1) * 1000
    start = run.manifest.header.sim_start
    last = np.maximum(start + (t - start) // period * period, t0)
    again = np.flatnonzero(lasts & (last > t0))
    if not again.size:
        return lat, lon, error, fixed, lasts
    pair = [rows[name].to_numpy()[again] for name in ("looker", "target")]
    own, other = (run.lookup.locate(entity, last[again]) for entity in pair)
    apart = cartesian(own.lat, own.lon) - cartesian(other.lat, other.lon)
    far = np.hypot(np.sqrt((apart * apart).sum(axis=1)), own.alt - other.alt)
    known = np.flatnonzero(np.isfinite(far))
    at = again[known]
    keys = run.table("entities")["key"].to_numpy()
    sensors = np.array(
        [entity_key(name) for name in rows["sensor"].take(pa.array(at)).to_pylist()], np.uint64
    )
    errors = np.stack(
        [_number(rows, name)[at] for name in ("bearing_sd_deg", "range_sd_m", "range_sd_share")]
    )
    found = drawn_fix(
        run.manifest.header.seed,
        pair_keys(keys[pair[0][known]] ^ sensors, keys[pair[1][known]]),
        (last[at] - start) // 1000,
        (other.lat[known], other.lon[known]),
        (own.lat[known], own.lon[known]),
        far[known],
        errors,
    )
    lat[at] = np.round(found[0], POSITION_DECIMALS)
    lon[at] = np.round(found[1], POSITION_DECIMALS)
    error[at], fixed[at] = np.round(found[2], 1), last[at]
    return lat, lon, error, fixed, lasts


def _ms(table: pa.Table, name: str) -> Int64:
    """Return a column of times, null as later than all."""
    times: Int64 = table[name].combine_chunks().fill_null(_LATER).to_numpy().astype(np.int64)
    return times


def _number(table: pa.Table, name: str) -> Float64:
    numbers: Float64 = table[name].to_numpy(zero_copy_only=False).astype(np.float64)
    return numbers
