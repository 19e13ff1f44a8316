"""Tracks: the timed way of one platform, built piece by piece and then turned into legs.

Ships and aircraft are few and each order makes a long way of many pieces for them (to the runway,
climb, cruise, racetrack, back); a track holds that way as vertices, all of them arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from startex.engine.effects import MODE_CODE, Effects, Legs
from startex.engine.systems.kernels import ALTITUDE_DECIMALS, join, travel_ms
from startex.geography.geodesy import cut
from startex.geography.paths import POSITION_DECIMALS, Path

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

SLIVER_MS = 1_000
"""No piece of a leg shorter than this is cut off: rounding would spoil its speed."""

_BREAK_DEG = 1.5e-7  # two rounded positions that are meant to be the same


@dataclass(frozen=True, slots=True)
class Track:
    """Where one platform is, and when.

    Attributes
    ----------
    t
        Times of the vertices, ms, shape (k,), k >= 1, not decreasing.
    lat, lon, alt
        Positions, degrees and metres, shape (k,), rounded as recorded.
    mode
        Code in `engine.effects.MODES` of the way from each vertex to the next, shape (k - 1,).
    """

    t: Int64
    lat: Float64
    lon: Float64
    alt: Float64
    mode: Int8

    @property
    def start_ms(self) -> int:
        """Time of the first vertex."""
        return int(self.t[0])

    @property
    def end_ms(self) -> int:
        """Time of the last vertex."""
        return int(self.t[-1])

    @property
    def end(self) -> tuple[float, float, float]:
        """Latitude, longitude and height of the last vertex."""
        return float(self.lat[-1]), float(self.lon[-1]), float(self.alt[-1])


def stand(t: int, lat: float, lon: float, alt: float = 0.0) -> Track:
    """Return the track of a platform that stands somewhere at ``t``."""
    return Track(
        np.array([t], dtype=np.int64),
        np.round(np.array([lat]), POSITION_DECIMALS),
        np.round(np.array([lon]), POSITION_DECIMALS),
        np.round(np.array([alt]), ALTITUDE_DECIMALS),
        np.empty(0, dtype=np.int8),
    )


def run(
    path: Path,
    start_ms: int,
    speed_m_s: float | Float64,
    mode: str,
    alt_m: float | Float64 = 0.0,
) -> Track:
    """Return the track of a platform that runs a whole path.

    Parameters
    ----------
    path
        The way, k vertices.
    start_ms
        Departure.
    speed_m_s
        Speed along the way, the slope included: one, or one for each leg, shape (k - 1,).
    mode
        One of `engine.effects.MODES`.
    alt_m
        Height, one or at each vertex, shape (k,).
    """
    if path.length_m == 0.0:
        alt_first = float(np.atleast_1d(alt_m)[0])
        return stand(start_ms, float(path.lat[0]), float(path.lon[0]), alt_first)
    alt = np.round(np.zeros(path.s.size) + np.asarray(alt_m, dtype=np.float64), ALTITUDE_DECIMALS)
    spent = np.maximum(travel_ms(np.hypot(np.diff(path.s), np.diff(alt)), speed_m_s), 1)
    t = start_ms + np.concatenate([[0], np.cumsum(spent)])
    code = np.full(path.s.size - 1, MODE_CODE[mode], dtype=np.int8)
    return Track(t.astype(np.int64), path.lat, path.lon, alt, code)


def straight(
    lat0: float, lon0: float, lat1: float, lon1: float, start_ms: int, speed_m_s: float, mode: str
) -> Track:
    """Return the track along the geodesic between two points at height 0."""
    return run(cut([lat0, lat1], [lon0, lon1]), start_ms, speed_m_s, mode)


def chain(parts: Sequence[Track]) -> Track:
    """Return tracks one after the other as one; between them the platform stands still.

    Longitudes run on across the date line, as those of one path do.

    Raises
    ------
    ValueError
        If a part does not begin where, or begins before, the one before it ended.
    """
    parts = list(parts)
    for number in range(1, len(parts)):
        before, after = parts[number - 1], parts[number]
        turns = 360.0 * round(float(before.lon[-1] - after.lon[0]) / 360.0)
        if turns:
            after = parts[number] = replace(after, lon=after.lon + turns)
        away = abs(before.lat[-1] - after.lat[0]) + abs(before.lon[-1] - after.lon[0])
        if away > _BREAK_DEG or abs(before.alt[-1] - after.alt[0]) > 0.11:
            raise ValueError(
                f"track is broken: {before.end} is not "
                f"({after.lat[0]}, {after.lon[0]}, {after.alt[0]})"
            )
        if after.t[0] < before.t[-1]:
            raise ValueError(f"track goes back in time, {after.t[0] - before.t[-1]} ms")
    hold = np.array([MODE_CODE["hold"]], dtype=np.int8)
    modes: list[Int8] = []
    for number, part in enumerate(parts):
        modes += [hold, part.mode] if number else [part.mode]
    return Track(
        np.concatenate([part.t for part in parts]),
        np.concatenate([part.lat for part in parts]),
        np.concatenate([part.lon for part in parts]),
        np.concatenate([part.alt for part in parts]),
        np.concatenate(modes),
    )


def shifted(track: Track, by_ms: int) -> Track:
    """Return the same way ``by_ms`` later."""
    return replace(track, t=track.t + by_ms)


def at(track: Track, t: int) -> tuple[float, float, float]:
    """Return latitude, longitude and height at ``t``, rounded as recorded; clipped to the ends."""
    when, times = t - track.start_ms, track.t - track.start_ms
    return (
        round(float(np.interp(when, times, track.lat)), POSITION_DECIMALS),
        round(float(np.interp(when, times, track.lon)), POSITION_DECIMALS),
        round(float(np.interp(when, times, track.alt)), ALTITUDE_DECIMALS),
    )


def until(track: Track, t: int) -> Track:
    """Return the track as far as ``t``; a piece shorter than `SLIVER_MS` is left out."""
    if t >= track.end_ms:
        return track
    kept = max(1, int(np.searchsorted(track.t, t, side="right")))
    head = Track(
        track.t[:kept], track.lat[:kept], track.lon[:kept], track.alt[:kept], track.mode[: kept - 1]
    )
    if t - head.end_ms < SLIVER_MS:
        return head
    lat, lon, alt = at(track, t)
    return Track(
        np.append(head.t, np.int64(t)),
        np.append(head.lat, lat),
        np.append(head.lon, lon),
        np.append(head.alt, alt),
        track.mode[:kept],
    )


def since(track: Track, t: int) -> Track:
    """Return the track from ``t`` on; a piece shorter than `SLIVER_MS` is left out."""
    if t <= track.start_ms:
        return track
    first = min(int(np.searchsorted(track.t, t, side="left")), track.t.size - 1)
    tail = Track(
        track.t[first:], track.lat[first:], track.lon[first:], track.alt[first:], track.mode[first:]
    )
    if tail.start_ms - t < SLIVER_MS:
        return tail
    lat, lon, alt = at(track, t)
    return Track(
        np.concatenate([[np.int64(t)], tail.t]),
        np.concatenate([[lat], tail.lat]),
        np.concatenate([[lon], tail.lon]),
        np.concatenate([[alt], tail.alt]),
        track.mode[first - 1 :],
    )


def legs_of(row: int, track: Track) -> Legs:
    """Return the legs of a platform that runs a track; where it stands still there is none."""
    t0, t1 = track.t[:-1], track.t[1:]
    moves = (
        (track.lat[1:] != track.lat[:-1])
        | (track.lon[1:] != track.lon[:-1])
        | (track.alt[1:] != track.alt[:-1])
    ) & (t1 > t0)
    return Legs(
        np.full(int(moves.sum()), row, dtype=np.int32),
        t0[moves],
        t1[moves],
        track.lat[:-1][moves],
        track.lon[:-1][moves],
        track.alt[:-1][moves],
        track.lat[1:][moves],
        track.lon[1:][moves],
        track.alt[1:][moves],
        track.mode[moves],
    )


def gather(rows: Sequence[int] | Int32, tracks: Sequence[Track]) -> Legs:
    """Return the legs of several platforms, one track each."""
    return join([legs_of(int(row), track) for row, track in zip(rows, tracks, strict=True)])


def settle(effects: Effects, rows: Sequence[int] | Int32, tracks: Sequence[Track]) -> None:
    """Add legs of platforms to effects, and where and when each is free: at its track's end."""
    effects.legs.append(gather(rows, tracks))
    ends = np.array([track.end for track in tracks], dtype=np.float64).reshape(-1, 3)
    stop(
        effects,
        np.asarray(rows, dtype=np.int32),
        np.array([track.end_ms for track in tracks], dtype=np.int64),
        ends[:, 0],
        ends[:, 1],
        ends[:, 2],
    )


def stop(
    effects: Effects,
    rows: Int32,
    t: Int64,
    lat: Float64,
    lon: Float64,
    alt: Float64 | float = 0.0,
) -> None:
    """Add where and when platforms are free again, shape (k,) each; extends the order's end."""
    effects.rows = np.concatenate([effects.rows, np.asarray(rows, dtype=np.int32)])
    effects.row_end_ms = np.concatenate([effects.row_end_ms, np.asarray(t, dtype=np.int64)])
    effects.lat = np.concatenate([effects.lat, lat])
    effects.lon = np.concatenate([effects.lon, lon])
    effects.alt = np.concatenate([effects.alt, np.broadcast_to(alt, np.shape(rows))])
    if effects.row_end_ms.size:
        effects.end_ms = max(effects.end_ms, int(effects.row_end_ms.max()))


def repeated(track: Track, t: int) -> Track:
    """Return a closed track run again and again, until ``t`` is reached at least.

    Raises
    ------
    ValueError
        If the track does not end where it began, or takes no time.
    """
    lap_ms = track.end_ms - track.start_ms
    if lap_ms <= 0 or track.end != (track.lat[0], track.lon[0], track.alt[0]):
        raise ValueError("only a closed track that takes time can be repeated")
    laps = max(1, -(-(t - track.start_ms) // lap_ms))
    offset = np.repeat(np.arange(laps, dtype=np.int64) * lap_ms, track.t.size - 1)
    return Track(
        np.concatenate([track.t[:1], np.tile(track.t[1:], laps) + offset]),
        np.concatenate([track.lat[:1], np.tile(track.lat[1:], laps)]),
        np.concatenate([track.lon[:1], np.tile(track.lon[1:], laps)]),
        np.concatenate([track.alt[:1], np.tile(track.alt[1:], laps)]),
        np.tile(track.mode, laps),
    )
