"""Ships in company: stations in a formation, and the tracks of ships that keep them.

A station is so far ahead of the guide and so far to the right of its path. Ahead is kept as a
shift in time along the path, right as a parallel path; where a bend or the coast makes a parallel
way longer, the whole formation slows down there, so nobody exceeds a speed and all stay together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from startex.engine.effects import MODE_CODE
from startex.engine.systems.berths import land_samples
from startex.engine.systems.kernels import travel_ms
from startex.engine.systems.tracks import Track, since, until
from startex.geography.areas import formation_offsets
from startex.geography.geodesy import STRAIGHTNESS_M, direct, inverse, leg_limit_m, path_of
from startex.geography.paths import POSITION_DECIMALS, Path
from startex.geography.surface import Surface

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

FORMATIONS = ("line_ahead", "line_abreast", "screen", "column_pair")
"""Formations of ships under way."""

TURN_DEG = 4.0
"""Bends of a path sharper than this get extra vertices for the ships beside it."""

_BEND_LEG_M = 4_000.0  # longest leg beside a bend
_WORST_AZIMUTH_DEG = 55.0  # along which a line straight in (lat, lon) bends most
_STRAIGHT_M = 0.6  # leaves room for legs that are longer on the outside of a bend

_CHORD = 2.5  # half length of the chord that gives the direction, in lateral distances


@dataclass(frozen=True, slots=True)
class Stations:
    """Stations relative to a guide: metres ahead and to the right, shape (n,)."""

    ahead_m: Float64
    right_m: Float64


def stations(count: int, formation: str, spacing_m: float) -> Stations:
    """Return the stations of so many ships; the first ship is the guide, at (0, 0).

    Parameters
    ----------
    count
        Ships.
    formation
        ``column_pair``: two columns, the guide leads the left one; the others are described at
        `geography.areas.formation_offsets`.
    spacing_m
        Between neighbours.

    Raises
    ------
    ValueError
        If there is no such formation.
    """
    if formation not in FORMATIONS:
        raise ValueError(f"no formation {formation!r}; allowed: {', '.join(FORMATIONS)}")
    if formation == "column_pair":
        number = np.arange(count, dtype=np.float64)
        return Stations(-np.floor(number / 2.0) * spacing_m, (number % 2) * spacing_m)
    ahead, right = formation_offsets(formation, count, spacing_m)
    return Stations(np.array(ahead), np.array(right))


def vertices(path: Path, reach_m: float) -> Path:
    """Return a path with more vertices, for ways up to ``reach_m`` beside it.

    There are some near each bend, and all legs are short enough for any direction: a way beside
    a meridian that draws near to it is no meridian.
    """
    if reach_m <= 0.0 or path.length_m == 0.0:
        return path
    azimuth, length = inverse(path.lat[:-1], path.lon[:-1], path.lat[1:], path.lon[1:])
    turn = np.abs((np.diff(azimuth) + 180.0) % 360.0 - 180.0)
    bends = path.s[1:-1][turn > TURN_DEG]
    # the ship on the outside of a bend runs up to three times as far as the guide
    count = max(6, int(np.ceil(2.0 * _CHORD * 3.0 * reach_m / _BEND_LEG_M)))
    steps = np.linspace(-_CHORD, _CHORD, count) * reach_m
    more = (bends[:, None] + steps[None, :]).ravel()
    longest = leg_limit_m(np.abs(path.lat[:-1]) + 0.05, _WORST_AZIMUTH_DEG, _STRAIGHT_M)
    pieces = np.ceil(length / longest).astype(np.int64)
    of = np.repeat(np.arange(length.size), pieces)
    number = np.arange(of.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    more = np.concatenate([more, path.s[of] + number * (np.diff(path.s) / pieces)[of]])
    more = more[(more > 1.0) & (more < path.length_m - 1.0)]
    s = np.unique(np.concatenate([path.s, np.round(more, 1)]))
    own = np.isin(s, path.s)
    apart = np.minimum(np.diff(s, prepend=-np.inf), np.diff(s, append=np.inf))
    s = s[own | (apart > min(0.2 * reach_m, 500.0))]
    return path_of(np.interp(s, path.s, path.lat), np.interp(s, path.s, path.lon))


def beside(path: Path, right_m: float, taper_m: float = 0.0) -> tuple[Float64, Float64]:
    """Return the vertices of a way beside a path, one for each vertex of the path.

    Parameters
    ----------
    path
        Of the guide; k vertices (see `vertices`).
    right_m
        Distance to the right (negative: left).
    taper_m
        Over this distance from either end the way grows out of the path itself; 0: nowhere.

    Returns
    -------
    lat, lon
        Degrees, rounded, shape (k,). The direction of the path is that of a chord, so that the
        way beside a sharp bend is round and never turns back.
    """
    reach = _CHORD * abs(right_m) + 1.0
    low, high = np.maximum(path.s - reach, 0.0), np.minimum(path.s + reach, path.length_m)
    azimuth, _ = inverse(
        np.interp(low, path.s, path.lat),
        np.interp(low, path.s, path.lon),
        np.interp(high, path.s, path.lat),
        np.interp(high, path.s, path.lon),
    )
    out = np.full(path.s.size, right_m)
    if taper_m > 0.0:
        ramp = min(taper_m, 0.4 * path.length_m)
        share = np.clip(np.minimum(path.s, path.length_m - path.s) / ramp, 0.0, 1.0)
        out = out * share * share * (3.0 - 2.0 * share)
    lat, lon = direct(path.lat, path.lon, azimuth + 90.0, out)
    return np.round(lat, POSITION_DECIMALS), np.round(lon, POSITION_DECIMALS)


def company(
    surface: Surface,
    path: Path,
    where: Stations,
    speed_m_s: float,
    limit_m_s: Float64,
    spread_m: float,
    *,
    tapered: bool,
) -> list[Track]:
    """Return the tracks of ships that follow a path in company.

    Parameters
    ----------
    surface
        Land and water: a ship whose parallel way would touch land follows the path itself.
    path
        Of the guide.
    where
        Stations, shape (n,).
    speed_m_s
        Of the guide; nowhere exceeded by it.
    limit_m_s
        What each ship can do, shape (n,).
    spread_m
        Ships on the path itself for want of water follow each other at this distance.
    tapered
        Whether ships spread out from the path after its start and close in before its end.

    Returns
    -------
    One track a ship, times relative to the guide passing the first vertex (0); a ship whose
    station is ahead begins before that. Each runs from the first to the last vertex.
    """
    reach = float(np.max(np.abs(where.right_m), initial=0.0))
    guide = vertices(path, reach)
    count = where.ahead_m.size
    lat = np.tile(guide.lat, (count + 1, 1))  # the last row is the path itself
    lon = np.tile(guide.lon, (count + 1, 1))
    ahead = where.ahead_m.astype(np.float64).copy()
    lined = 0
    for ship in range(count):
        right = float(where.right_m[ship])
        if right != 0.0:
            taper = 8.0 * abs(right) if tapered else 0.0
            side_lat, side_lon = beside(guide, right, taper)
            if not land_samples(surface, path_of(side_lat, side_lon)):
                lat[ship], lon[ship] = side_lat, side_lon
                continue
            lined += 1
            ahead[ship] = float(where.ahead_m.min()) - lined * spread_m
    lat, lon, length = _short_legs(lat, lon)
    limit = np.append(limit_m_s, np.inf)[:, None]
    # nobody goes faster than the formation does: beside a bend the guide waits for the outer ship
    limit = np.minimum(limit, max(speed_m_s, 0.1))
    spent = travel_ms(length, limit).max(axis=0)
    t = np.concatenate([[0], np.cumsum(np.maximum(spent, 1))]).astype(np.int64)
    shift = np.round(-1000.0 * ahead / speed_m_s).astype(np.int64)
    mode = np.full(t.size - 1, MODE_CODE["sea"], dtype=np.int8)
    zero = np.zeros(t.size)
    return [Track(t + shift[ship], lat[ship], lon[ship], zero, mode) for ship in range(count)]


def _short_legs(lat: Float64, lon: Float64) -> tuple[Float64, Float64, Float64]:
    """Return the vertices of ways abreast, with more where a leg is too long, and the lengths.

    Where a path turns straight back, a ship beside it crosses over in one leg; cut, it keeps to
    the geodesic. All ways are cut alike: lat, lon (n, k) in, (n, m >= k) and (n, m - 1) out.
    """
    azimuth, length = inverse(lat[:, :-1], lon[:, :-1], lat[:, 1:], lon[:, 1:])
    highest = np.maximum(np.abs(lat[:, :-1]), np.abs(lat[:, 1:]))
    limit = leg_limit_m(highest, azimuth, STRAIGHTNESS_M)
    pieces = np.ceil(length / limit).max(axis=0).astype(np.int64)
    if pieces.max(initial=1) <= 1:
        return lat, lon, length
    pieces = np.maximum(pieces, 1)
    leg = np.repeat(np.arange(pieces.size), pieces)
    number = np.arange(leg.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    part = number / pieces[leg]
    more_lat, more_lon = direct(lat[:, leg], lon[:, leg], azimuth[:, leg], part * length[:, leg])
    between = number > 0
    more_lat = np.where(between, np.round(more_lat, POSITION_DECIMALS), lat[:, leg])
    more_lon = np.where(between, np.round(more_lon, POSITION_DECIMALS), lon[:, leg])
    lat = np.concatenate([more_lat, lat[:, -1:]], axis=1)
    lon = np.concatenate([more_lon, lon[:, -1:]], axis=1)
    return lat, lon, inverse(lat[:, :-1], lon[:, :-1], lat[:, 1:], lon[:, 1:])[1]


def together(tracks: list[Track]) -> list[Track]:
    """Return the tracks of a company for the time in which all of them are on the path."""
    begin = max(track.start_ms for track in tracks)
    end = min(track.end_ms for track in tracks)
    if end <= begin:
        raise ValueError("the path is shorter than the formation")
    return [until(since(track, begin), end) for track in tracks]
