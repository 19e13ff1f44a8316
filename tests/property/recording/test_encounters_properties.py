"""Encounters against the geodesic measured again and again: at whole seconds, and at the ends."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod

from startex.geography.pieces import Pieces
from startex.geography.spells import spells

GEOD = Geod(ellps="WGS84")
MINUTES = 20
T0 = 1_661_385_600_123
T1 = T0 + MINUTES * 60_000


def _wander(draws, count, base, lat, lon, spread_m, speed_m_s) -> Pieces:
    """Platforms that go straight, stand, and turn, about a point."""
    columns: list[list[float]] = [[] for _ in range(7)]
    for entity in range(base, base + count):
        away = spread_m * np.sqrt(draws.random())
        x, y, _ = GEOD.fwd(lon, lat, draws.uniform(0, 360), away)
        bends = T0 + np.sort(draws.choice(MINUTES * 60_000, draws.integers(0, 5), replace=False))
        times = [T0, *bends[bends > T0].tolist(), T1]
        for begin, end in pairwise(times):
            speed = draws.choice([0.0, speed_m_s * draws.random()])
            to_x, to_y, _ = GEOD.fwd(x, y, draws.uniform(0, 360), speed * (end - begin) / 1e3)
            to_x = x + (to_x - x + 180.0) % 360.0 - 180.0
            row = (entity, begin, end, y, x, to_y, to_x)
            if draws.random() < 0.9:  # else aboard something for that time
                for column, value in zip(columns, row, strict=True):
                    column.append(value)
            x, y = to_x, to_y
    whole, rest = columns[:3], columns[3:]
    return Pieces(*(np.array(c, np.int64) for c in whole), *(np.array(c, float) for c in rest))


def _length(a: Pieces, b: Pieces, t):
    """Geodesic between the first platform of a and of b at instants, nan where one is absent."""

    def at(ways):
        lat, lon = np.full(len(t), np.nan), np.full(len(t), np.nan)
        for k in range(len(ways)):
            on = (ways.t0[k] <= t) & (t <= ways.t1[k])
            share = (t[on] - ways.t0[k]) / (ways.t1[k] - ways.t0[k])
            lat[on] = ways.lat0[k] + (ways.lat1[k] - ways.lat0[k]) * share
            lon[on] = ways.lon0[k] + (ways.lon1[k] - ways.lon0[k]) * share
        return lat, lon

    (lat0, lon0), (lat1, lon1) = at(a), at(b)
    result = np.full(len(t), np.nan)
    known = np.isfinite(lat0) & np.isfinite(lat1)
    result[known] = GEOD.inv(lon0[known], lat0[known], lon1[known], lat1[known])[2]
    return result


@given(
    lat=st.floats(-85.0, 85.0),
    lon=st.floats(-180.0, 180.0),
    within_m=st.sampled_from([800.0, 3e3, 50e3, 300e3]),
    spread=st.floats(0.3, 2.0),
    speed_m_s=st.sampled_from([5.0, 30.0, 250.0]),
    seed=st.integers(0, 2**32 - 1),
)
@example(lat=15.0, lon=180.0, within_m=3e3, spread=1.0, speed_m_s=30.0, seed=3)
@example(lat=85.0, lon=20.0, within_m=50e3, spread=1.0, speed_m_s=250.0, seed=4)
def test_spells_are_when_the_geodesic_is_short_enough(
    lat, lon, within_m, spread, speed_m_s, seed
) -> None:
    draws = np.random.default_rng(seed)
    a = _wander(draws, 3, 0, lat, lon, spread * within_m, speed_m_s)
    b = _wander(draws, 4, 3, lat, lon, spread * within_m, speed_m_s)
    found = spells(a, b, within_m, T0, T1)
    second = np.arange(T0, T1 + 1, 1000, dtype=np.int64)
    for p in range(3):
        for q in range(3, 7):
            one, other = (
                a.take(np.flatnonzero(a.entity == p)),
                b.take(np.flatnonzero(b.entity == q)),
            )
            mine = np.flatnonzero((found.first == p) & (found.second == q))
            since, until = found.t0[mine], found.t1[mine]
            assert (since <= until).all()
            assert (since[1:] > until[:-1] + 1).all()
            near = _length(one, other, second) <= within_m
            told = ((since[:, None] <= second) & (second <= until[:, None])).any(axis=0)
            np.testing.assert_array_equal(told, near)
            for ends, step in ((since, -1), (until, 1)):
                assert (_length(one, other, ends) <= within_m).all()
                beyond = _length(one, other, ends + step)
                assert (np.isnan(beyond) | (beyond > within_m) | (ends == T0) | (ends == T1)).all()
