from __future__ import annotations

import numpy as np
import pytest
from effect_checks import check_effects
from small_world import LAT, LON, START, Small

from startex.engine.effects import MODE_CODE, Effects
from startex.engine.orders import OrderRefusedError
from startex.engine.systems import approach, kernels
from startex.engine.systems.laagers import RANK_LENGTH, slots
from startex.geography.geodesy import inverse
from startex.geography.routes import NoWayError

KHANKA_WEST, KHANKA_EAST = (45.05, 131.90), (45.05, 132.95)  # shores of the lake


def way(small: Small, start: tuple[float, float], goal: tuple[float, float]) -> approach.Trip:
    rows = np.array([small.rows["apc 0"]], dtype=np.int32)
    return approach.trip(small.world, rows, start, goal, START)


def dry(small: Small, start: tuple[float, float], goal: tuple[float, float]) -> bool:
    distance = inverse(*start, *goal)[1].reshape(1)
    return bool(approach._dry(small.world, way(small, start, goal), distance)[0])


def test_a_straight_way_is_tested_for_water(small: Small) -> None:
    assert not dry(small, KHANKA_WEST, KHANKA_EAST)
    assert dry(small, (LAT, LON), (LAT - 0.1, LON + 0.2))
    assert dry(small, (LAT, LON), (LAT, LON))


def test_water_between_means_the_road(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approach, "STRAIGHT_M", 1e6)
    over = approach.travel(small.world, way(small, KHANKA_WEST, KHANKA_EAST))
    assert MODE_CODE["road"] in over.mode
    land = approach.travel(small.world, way(small, (LAT, LON), (LAT - 0.1, LON + 0.2)))
    assert set(land.mode.tolist()) == {MODE_CODE["cross_country"]}


def test_on_the_road_vehicles_follow_each_other_and_teams_walk(small: Small) -> None:
    rows = small.of("company", "vehicle")
    rows = np.sort(np.append(rows, small.rows["foot 0"])).astype(np.int32)
    start = small.state.lat[rows], small.state.lon[rows]
    goal = np.full(rows.size, LAT - 0.2), LON + 0.001 * np.arange(rows.size)
    legs = approach.travel(small.world, approach.trip(small.world, rows, start, goal, START))
    end, lat, lon = kernels.ends(legs, rows, start, START)
    effects = Effects(int(end.max()), rows, end, lat, lon, np.zeros(rows.size), [legs])
    check_effects(small, effects, START)
    assert np.allclose(lat, goal[0])
    assert np.allclose(lon, goal[1], atol=1e-7)
    road = kernels.select(legs, legs.mode == MODE_CODE["road"])
    enter = np.sort([road.t0[road.entity == r].min() for r in np.unique(road.entity)])
    assert np.diff(enter).min() >= approach.ROAD_INTERVAL_MS
    foot = legs.mode[legs.entity == small.rows["foot 0"]]
    assert set(foot.tolist()) == {MODE_CODE["foot"]}


def test_no_way_is_a_refusal(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise NoWayError("no land joins the two")

    monkeypatch.setattr(small.world.router, "road", nowhere)
    with pytest.raises(OrderRefusedError, match="no land joins"):
        approach.road(small.world, (44.0, 131.0), (44.0, 145.0))


def test_slots_in_water_are_drawn_in_to_the_land(small: Small) -> None:
    shore = (42.80, 132.84)  # a cape: sea on three sides
    lat, lon = slots(small.world, "circle", 40, shore, 1000.0)
    assert small.world.router.surface.is_land(*shore)
    assert small.world.router.surface.is_land(lat, lon).all()
    free = slots(small.world, "circle", 40, (LAT, LON), 500.0)
    assert np.allclose(inverse(*free, LAT, LON)[1], 500.0 / (2 * np.sin(np.pi / 40)), atol=0.02)
    away = inverse(lat, lon, *shore)[1]
    assert away.min() < 0.6 * away.max()  # those at sea were, the others keep their place


@pytest.mark.parametrize("formation", ["line", "column", "wedge"])
def test_long_formations_have_ranks(small: Small, formation: str) -> None:
    lat, lon = slots(small.world, formation, 3 * RANK_LENGTH, (LAT, LON), 50.0, heading_deg=70.0)
    apart = inverse(lat[:, None], lon[:, None], lat[None, :], lon[None, :])[1]
    assert apart[~np.eye(lat.size, dtype=bool)].min() > 35.0
    assert apart.max() < 2.5 * 50.0 * RANK_LENGTH


def test_spacing_must_be_positive(small: Small) -> None:
    with pytest.raises(ValueError, match="spacing is 0"):
        slots(small.world, "line", 3, (LAT, LON), 0.0)
