"""Ships on real water: the passages that the exercise needs, against the land and water data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from journeys import check_legs
from small_world import START, Small, build, copy_state

from startex.engine.resources import Resources
from startex.engine.systems.kernels import join
from startex.engine.systems.patrol import Patrol
from startex.engine.systems.sea import Sail
from startex.geography.routes import Router
from startex.geography.surface import COAST_TOLERANCE_M, Surface
from startex.geography.ways import Ways

SURFACE = Surface()


@pytest.fixture(scope="module")
def fleet() -> Small:
    small = build(ships=5)
    world = replace(small.world, router=Router(SURFACE, Ways([]), small.world.places))
    return Small(world, copy_state(small.state), small.rows)


def assert_on_water(effects) -> None:
    """No sample of any leg lies on land farther from the coast than the data can tell."""
    legs = join(effects.legs)
    share = np.linspace(0.0, 1.0, 12)
    lat = legs.lat0[:, None] + (legs.lat1 - legs.lat0)[:, None] * share
    lon = legs.lon0[:, None] + (legs.lon1 - legs.lon0)[:, None] * share
    land = SURFACE.is_land(lat, lon)
    assert land.mean() < 0.02
    if land.any():
        assert SURFACE.coast_distance_m(lat[land], lon[land]).max() <= COAST_TOLERANCE_M


@pytest.mark.parametrize("formation", ["line_ahead", "screen", "line_abreast"])
@pytest.mark.parametrize(
    ("goal", "name"),
    [((34.4, 129.4), "Korea Strait"), ((46.3, 144.0), "La Perouse"), ((52.9, 158.9), "Avacha")],
)
def test_formations_go_round_the_land(fleet: Small, formation: str, goal, name: str) -> None:
    order = fleet.order("sail", fleet.of("navy"), lat=goal[0], lon=goal[1], formation=formation)
    effects = Sail().start(order, START, fleet.world, fleet.state, Resources())
    check_legs(fleet, effects, START)
    assert_on_water(effects)


def test_a_patrol_of_a_coastal_area_keeps_off_the_land(fleet: Small) -> None:
    outline = [(42.5, 131.3), (43.2, 131.3), (43.2, 132.6), (42.5, 132.6)]
    order = fleet.order(
        "patrol", fleet.of("navy"), area=outline, pattern="ladder", until_ms=START + 86_400_000
    )
    effects = Patrol().start(order, START, fleet.world, fleet.state, Resources())
    check_legs(fleet, effects, START)
    assert_on_water(effects)
