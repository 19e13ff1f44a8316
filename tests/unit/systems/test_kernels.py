from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from startex.engine.effects import Legs
from startex.engine.systems import hops, kernels
from startex.engine.systems.halts import insert_halts
from startex.geography.geodesy import cut, direct, inverse

ROWS = np.array([4, 7, 9], dtype=np.int32)
PATH = cut([44.3, 44.5, 44.4], [131.6, 131.9, 132.6])


def northward(rows: Any, lat1: float, t0: Any, lat0: float = 44.0) -> Legs:
    return hops.hop(rows, lat0, 131.0, lat1, 131.0, t0=t0, speed_m_s=5.0, mode="foot")


def test_along_path_takes_the_length_at_the_speed() -> None:
    legs = kernels.along_path(ROWS, PATH, [0, 5000, 9000], [10.0, 10.0, 10.0], "road")
    assert legs.entity.size == 3 * (PATH.s.size - 1)
    end, lat, lon = kernels.ends(legs, ROWS, (np.nan, np.nan), 0)
    assert np.allclose(end - [0, 5000, 9000], PATH.length_m * 100, atol=PATH.s.size)
    assert end[0] == kernels.path_ms(PATH, 10.0)
    assert np.all(lat == PATH.lat[-1])
    assert np.all(lon == PATH.lon[-1])


def test_along_path_with_different_speeds_and_an_empty_leg() -> None:
    doubled = type(PATH)(
        np.append(PATH.lat, PATH.lat[-1]), np.append(PATH.lon, PATH.lon[-1]),
        np.append(PATH.s, PATH.s[-1]),
    )  # fmt: skip
    legs = kernels.along_path(ROWS, doubled, 0, [5.0, 10.0, 20.0], "road")
    assert np.all(legs.t1 > legs.t0)
    end, _, _ = kernels.ends(legs, ROWS, (np.nan, np.nan), 0)
    assert end[0] == pytest.approx(4 * end[2], abs=4 * PATH.s.size)


def test_a_leg_is_never_faster_than_its_speed() -> None:
    legs = kernels.along_path(ROWS, PATH, 0, 11.111, "road")
    _, distance = inverse(legs.lat0, legs.lon0, legs.lat1, legs.lon1)
    assert np.all(distance / ((legs.t1 - legs.t0) / 1000.0) <= 11.111 * (1 + 1e-5))


def test_hop_stays_within_a_metre_of_the_geodesic_however_far() -> None:
    legs = hops.hop(
        [1, 2], [44.0, 70.0], [131.0, 179.5], [44.0, 70.2], [133.0, -179.0],
        t0=[0, 10], speed_m_s=[10.0, 20.0], mode="cross_country",
    )  # fmt: skip
    azimuth, length = inverse(legs.lat0, legs.lon0, legs.lat1, legs.lon1)
    m_lat, m_lon = direct(legs.lat0, legs.lon0, azimuth, length / 2)
    _, away = inverse(m_lat, m_lon, (legs.lat0 + legs.lat1) / 2, (legs.lon0 + legs.lon1) / 2)
    assert away.max() < 1.0
    az, total = inverse(44.0, 131.0, 44.0, 133.0)
    middle = direct(44.0, 131.0, az, total / 2)
    one = kernels.select(legs, legs.entity == 1)
    offset = inverse(*middle, *kernels.position_at(legs, [1], int(one.t1[-1] / 2))[:2])[1]
    assert offset < 1.0  # the whole way is one geodesic, not the parallel (1.5 km off)
    two = kernels.select(legs, legs.entity == 2)
    assert two.lon1[-1] == 181.0  # over the date line by the near way
    assert np.array_equal(two.lon0[1:], two.lon1[:-1])


def test_hop_to_where_it_stands_has_no_leg() -> None:
    assert northward([1], 44.00000001, 0).entity.size == 0
    assert northward([], 44.0, 0).entity.size == 0


def test_join_orders_by_entity_and_time() -> None:
    a = northward([2, 1], 44.01, [1000, 0])
    b = northward([1], 44.02, 10**7, lat0=44.01)
    legs = kernels.join([b, a])
    assert legs.entity.tolist() == [1, 1, 2]
    assert np.all(np.diff(legs.t0)[:1] > 0)
    assert kernels.join([]).entity.size == 0


def test_halts_stop_everybody_at_once_and_add_their_time() -> None:
    legs = kernels.along_path(ROWS, PATH, [0, 60_000, 120_000], 10.0, "road")
    halted = insert_halts(legs, [600_000, 1_800_000], [300_000, 900_000])
    before, *_ = kernels.ends(legs, ROWS, (np.nan, np.nan), 0)
    after, lat, _ = kernels.ends(halted, ROWS, (np.nan, np.nan), 0)
    assert np.array_equal(after - before, [1_200_000] * 3)
    assert np.all(lat == PATH.lat[-1])
    # running times before the halt are real times, later ones shifted
    for row in ROWS:
        was = kernels.position_at(legs, [row], 600_000)
        assert np.allclose(kernels.position_at(halted, [row], 700_000), was, atol=2e-4)
        moving = kernels.position_at(legs, [row], 1_000_000)
        assert np.allclose(kernels.position_at(halted, [row], 1_300_000), moving, atol=1e-6)
    same = halted.entity[1:] == halted.entity[:-1]
    assert np.all(halted.t0[1:][same] >= halted.t1[:-1][same])
    assert np.array_equal(halted.lat0[1:][same], halted.lat1[:-1][same])


def test_no_halt_changes_nothing() -> None:
    legs = kernels.along_path(ROWS, PATH, 0, 10.0, "road")
    assert insert_halts(legs, [], []) is legs


def test_truncate_keeps_what_is_run() -> None:
    legs = kernels.along_path(ROWS, PATH, [0, 60_000, 10**9], 10.0, "road")
    kept = kernels.truncate(legs, 500_000)
    assert set(kept.entity.tolist()) == {4, 7}
    assert kept.t1.max() == 500_000
    for row in (4, 7):
        now = kernels.position_at(legs, [row], 500_000)
        _, lat, lon = kernels.ends(kept, [row], (np.nan, np.nan), 0)
        assert np.allclose([now[0], now[1]], [lat, lon], atol=1e-7)


def test_position_at_each_rows_own_time() -> None:
    legs = kernels.along_path(ROWS, PATH, [0, 60_000, 120_000], 10.0, "road")
    lat, lon, _ = kernels.position_at(legs, [9, 4, 7, 5], [0, 10**9, 60_000, 0])
    assert lat[0] == PATH.lat[0]
    assert lat[1] == PATH.lat[-1]
    assert lon[2] == PATH.lon[0]
    assert np.isnan(lat[3])
    assert np.all(np.isnan(kernels.position_at(kernels.join([]), [1], 0)[0]))


def test_shift_each_row_by_its_own() -> None:
    legs = kernels.along_path(ROWS, PATH, 0, 10.0, "road")
    moved = kernels.shift(legs, [1, 2, 3], ROWS)
    start = {int(r): int(moved.t0[moved.entity == r].min()) for r in ROWS}
    assert start == {4: 1, 7: 2, 9: 3}
