from __future__ import annotations

import numpy as np
import pytest
from effect_checks import check_effects
from small_world import LAT, LON, START, Small

from startex.engine.effects import MODE_CODE
from startex.engine.orders import OrderRefusedError
from startex.engine.resources import Resources
from startex.engine.systems.deploying import Deploy
from startex.engine.systems.ground import Hold
from startex.engine.systems.ground_register import GROUND_SYSTEMS
from startex.geography.geodesy import inverse

T = START + 1000


def run(small: Small, order):  # type: ignore[no-untyped-def]
    system = GROUND_SYSTEMS[order.kind]
    return system.start(order, T, small.world, small.state, Resources())


def test_assemble_fills_a_laager_and_carried_teams_ride_along(small: Small) -> None:
    goal = (LAT + 0.03, LON + 0.02)
    order = small.order("assemble", small.of("company"), lat=goal[0], lon=goal[1], spacing_m=50.0)
    effects = run(small, order)
    check_effects(small, effects, T)
    assert effects.rows.tolist() == [
        *small.of("company", "vehicle").tolist(), small.rows["foot 0"],
    ]  # fmt: skip
    _, away = inverse(effects.lat, effects.lon, *goal)
    assert away.max() < 50.0 * np.sqrt(2) * 2
    _, between = inverse(
        effects.lat[:, None], effects.lon[:, None], effects.lat[None, :], effects.lon[None, :]
    )
    assert np.min(between + 1e9 * np.eye(effects.rows.size)) == pytest.approx(50.0, abs=0.1)
    assert effects.end_ms == effects.row_end_ms.max()
    assert effects.events[0].kind == "assembled"
    assert effects.events[0].data["platforms"] == 7


def test_vehicles_drive_and_teams_walk(small: Small) -> None:
    order = small.order("assemble", small.of("company"), lat=LAT + 0.03, lon=LON)
    legs = run(small, order).legs[0]
    foot = legs.entity == small.rows["foot 0"]
    assert set(legs.mode[foot].tolist()) == {MODE_CODE["foot"]}
    assert set(legs.mode[~foot].tolist()) == {MODE_CODE["cross_country"]}


def test_far_away_platforms_take_the_road(small: Small) -> None:
    order = small.order("assemble", small.of("company", "vehicle"), lat=LAT + 0.3, lon=LON)
    effects = run(small, order)
    check_effects(small, effects, T)
    assert MODE_CODE["road"] in effects.legs[0].mode
    assert _distance_to(effects, LAT + 0.3, LON) < 400.0


def test_beyond_the_range_only_a_march_goes(small: Small) -> None:
    order = small.order("assemble", small.of("company", "vehicle"), lat=50.5, lon=137.0)
    with pytest.raises(OrderRefusedError, match="range 600 km; only a march has refuelling halts"):
        run(small, order)


def _distance_to(effects, lat: float, lon: float) -> float:  # type: ignore[no-untyped-def]
    return float(inverse(effects.lat, effects.lon, lat, lon)[1].max())


@pytest.mark.parametrize("formation", ["line", "column", "wedge", "circle"])
def test_deploy_takes_the_formation(small: Small, formation: str) -> None:
    order = small.order(
        "deploy", small.of("company", "vehicle"), lat=LAT + 0.02, lon=LON, heading_deg=90.0,
        formation=formation, spacing_m=75.0,
    )  # fmt: skip
    effects = run(small, order)
    check_effects(small, effects, T)
    azimuth, away = inverse(LAT + 0.02, LON, effects.lat, effects.lon)
    if formation == "line":  # facing east: north and south of the middle
        assert np.allclose(np.abs(np.sin(np.radians(azimuth[away > 1]))), 0.0, atol=1e-4)
    if formation == "column":
        assert np.allclose(azimuth[away > 1], 270.0, atol=0.01)
        assert np.allclose(np.sort(away), 75.0 * np.arange(6), atol=0.1)


def test_deploy_keeps_the_ordered_speed(small: Small) -> None:
    rows = small.of("company", "vehicle")
    slow = run(small, small.order("deploy", rows, lat=LAT + 0.03, lon=LON, speed_m_s=2.0))
    fast = run(small, small.order("deploy", rows, lat=LAT + 0.03, lon=LON))
    ratio = (slow.row_end_ms - T) / (fast.row_end_ms - T)
    assert np.allclose(ratio, [4, 4, 4, 4, 3.5, 3.5], rtol=0.001)  # 8 and 7 m/s off the roads


def test_stored_vehicles_and_empty_teams_stay(small: Small) -> None:
    rows = small.of("contingent")
    effects = run(small, small.order("assemble", rows, lat=LAT + 0.01, lon=LON + 0.04))
    assert set(effects.rows.tolist()) == {small.rows["crew team 0"], small.rows["crew team 1"]}
    with pytest.raises(OrderRefusedError, match="2 have nobody in them"):
        run(small, small.order("assemble", small.of("contingent", "vehicle"), lat=LAT, lon=LON))


def test_the_order_of_the_rows_does_not_matter(small: Small) -> None:
    rows = small.of("company")
    one = run(small, small.order("deploy", rows, lat=LAT + 0.02, lon=LON))
    other = run(small, small.order("deploy", rows[::-1], lat=LAT + 0.02, lon=LON))
    assert np.array_equal(one.lat, other.lat)
    assert np.array_equal(one.legs[0].t1, other.legs[0].t1)


def test_an_unknown_formation_is_told(small: Small) -> None:
    with pytest.raises(ValueError, match="no formation 'square'"):
        run(small, small.order("deploy", small.of("company"), lat=LAT, lon=LON, formation="square"))


def test_hold_takes_time_only(small: Small) -> None:
    effects = Hold().start(
        small.order("hold", small.of("company"), duration_ms=60_000), T, small.world, small.state,
        Resources(),
    )  # fmt: skip
    assert effects.end_ms == T + 60_000
    assert not effects.legs
    assert run(small, small.order("hold", [], until_ms=T - 5)).end_ms == T
    assert isinstance(GROUND_SYSTEMS["deploy"], Deploy)
