"""Range safety against published figures, kept in tests/authorities/cases.json."""

from __future__ import annotations

from math import pi

import numpy as np
import published_cases
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_pages import DOCS, check_page
from published_cases import hold, inputs, runners

from startex.foundation.errors import OutsideValidityError
from startex.models import laser, rangesafety, trajectory
from startex.models.rangesafety import Zone

CASES = [case for case in published_cases.CASES if case.startswith("A6-")]


def run_a6_01(i):
    cone = rangesafety.danger_zone(
        i["distance_X"],
        i["area_A_width"],
        dispersion_deg=i["dispersion"],
        ricochet_deg=i["ricochet"],
        opening_deg=i["area_A_opening"],
    )
    return {
        "corner_distance": cone.corner_m,
        "outer_half_angle": cone.outer_half_angle_deg,
        "dispersion_plus_ricochet_area": cone.inner_area_m2,
        "area_A_each_side": cone.area_a_m2,
        "total_area": cone.total_area_m2,
        "max_half_width": cone.half_width_m,
    }


def run_a6_02(i):
    angle, away = np.array(i["points_angle_range"]).T
    zones = rangesafety.zone_of(angle, away, i["distance_X"], i["area_A_width"])
    words = {Zone.AREA_A: "area_A"}  # the others are their names
    return {"zones": [words.get(Zone(zone), Zone(zone).name.lower()) for zone in zones]}


def run_a6_03(i):
    angle, away = i["point_angle_range"]
    zone = rangesafety.zone_of(angle, away, i["distance_X"], i["area_A_width"])
    clearance = rangesafety.clearance_m(angle, away, i["distance_X"], i["area_A_width"])
    assert (clearance <= 0) == (zone != Zone.OUTSIDE)
    return {
        "distance_from_ricochet_edge": rangesafety.ricochet_edge_distance_m(angle, away),
        "inside_zone": bool(zone != Zone.OUTSIDE),
    }


def run_a6_04(i):
    distance = laser.nominal_ocular_hazard_distance_m(
        i["power"], i["MPE"], float(i["divergence"]), float(i["aperture"])
    )
    return {"NOHD": distance}


def run_a6_05(i):
    cone = rangesafety.danger_zone(
        i["distance_X"], 100.0, i["arc"], dispersion_deg=i["dispersion"], ricochet_deg=i["ricochet"]
    )
    return {"inner_sector_angle": cone.inner_angle_deg, "inner_sector_area": cone.inner_area_m2}


def run_a6_06(i):
    assert i["g"] == trajectory.GRAVITY_M_S2
    path = trajectory.vacuum_trajectory(i["V0"], i["elevation"])
    return {"apex": path.apex_m, "range": path.range_m, "time_of_flight": path.time_s}


RUNNERS = runners(globals())


def test_every_case_has_a_runner():
    assert sorted(RUNNERS) == sorted(CASES)


@pytest.mark.parametrize("case", sorted(CASES))
def test_published_figure(case):
    hold(case, RUNNERS[case](inputs(case)))


@pytest.mark.parametrize("shape", [(3,), (2, 0), (2, 2)])
def test_arrays_of_any_shape(shape):
    ones = np.ones(shape)
    cone = rangesafety.danger_zone(1073.0 * ones, 100.0)
    assert cone.total_area_m2.shape == cone.half_width_m.shape == shape
    assert rangesafety.zone_of(3.0, ones, 1073.0, 100.0, 30.0).shape == shape
    assert rangesafety.clearance_m(3.0, ones, 1073.0, 100.0, 30.0).shape == shape
    assert laser.irradiance_w_m2(ones, 1.0, 1e-3, 0.01).shape == shape
    assert trajectory.vacuum_trajectory(ones, 15.0).apex_m.shape == shape


SHAPES = [
    (1073.0, 100.0, 0.0, {}),
    (1073.0, 100.0, 30.0, {}),
    (500.0, 300.0, 120.0, {}),  # Area A never gets its full width
    (4000.0, 0.0, 60.0, {}),  # no Area A
    (2000.0, 200.0, 0.0, {"dispersion_deg": 0.0, "ricochet_deg": 0.0, "opening_deg": 90.0}),
    (800.0, 150.0, 200.0, {"dispersion_deg": 10.0, "ricochet_deg": 20.0, "opening_deg": 30.0}),
]


@pytest.mark.parametrize(("reach", "width", "arc", "angles"), SHAPES)
def test_areas_against_points_thrown_at_random(reach, width, arc, angles):
    """The share of 200,000 points in the circle that lie in the zone, within five errors."""
    rng = np.random.default_rng(17)
    angle, away = rng.uniform(-180, 180, 200_000), reach * np.sqrt(rng.random(200_000))
    zone = rangesafety.zone_of(angle, away, reach, width, arc, **angles)
    cone = rangesafety.danger_zone(reach, width, arc, **angles)
    circle = pi * reach**2
    for share, area in (
        (np.mean(zone != Zone.OUTSIDE), cone.total_area_m2),
        (np.mean((zone == Zone.DISPERSION) | (zone == Zone.RICOCHET)), cone.inner_area_m2),
        (np.mean(zone == Zone.AREA_A), 2 * cone.area_a_m2),
    ):
        error = np.sqrt(share * (1 - share) / zone.size) * circle
        assert abs(share * circle - area) <= 5 * error + 1e-9 * circle
    across = away * np.sin(np.maximum(np.radians(np.abs(angle)) - np.radians(arc / 2), 0))
    widest = across[zone != Zone.OUTSIDE].max(initial=0.0)
    assert widest <= cone.half_width_m * (1 + 1e-9)
    assert widest >= 0.97 * cone.half_width_m or cone.half_width_m == 0


@pytest.mark.parametrize(("reach", "width", "arc", "angles"), SHAPES)
def test_clearance_against_the_nearest_of_many_points(reach, width, arc, angles):
    """Outside, the clearance is the distance of the nearest point of the zone; inside, of none."""
    rng = np.random.default_rng(23)
    given_ = (reach, width, arc)
    grid_angle, grid_away = (
        part.ravel()
        for part in np.meshgrid(np.linspace(-180, 180, 1441), np.linspace(0, reach, 241))
    )
    inside = rangesafety.zone_of(grid_angle, grid_away, *given_, **angles) != Zone.OUTSIDE
    points = _plane(grid_angle, grid_away)
    angle, away = rng.uniform(-180, 180, 60), rng.uniform(0, 1.5 * reach, 60)
    clearance = rangesafety.clearance_m(angle, away, *given_, **angles)
    zone = rangesafety.zone_of(angle, away, *given_, **angles)
    for here, clear, part in zip(_plane(angle, away), clearance, zone, strict=True):
        distance = np.hypot(*(points - here).T)
        if part == Zone.OUTSIDE:
            nearest = distance[inside].min()
            assert 0 <= clear <= nearest + 1e-9
            assert nearest - clear < 0.012 * reach  # the grid's spacing
        else:
            assert clear <= 0
            beyond = distance[~inside].min(initial=np.inf)
            assert -clear <= beyond + 1e-9


def _plane(angle, away):
    return np.stack([away * np.sin(np.radians(angle)), away * np.cos(np.radians(angle))], axis=-1)


@given(st.floats(-170, 170), st.floats(0, 1500), st.floats(0, 80))
def test_the_zone_of_an_arc_is_the_union_of_its_cones(angle, away, arc):
    within_arc = np.linspace(-arc / 2, arc / 2, 801)
    cones = rangesafety.zone_of(angle - within_arc, away, 1073.0, 100.0)
    union = rangesafety.zone_of(angle, away, 1073.0, 100.0, arc)
    if (cones != Zone.OUTSIDE).any():
        assert union != Zone.OUTSIDE
    elif union != Zone.OUTSIDE:  # only between two of the 801 lines
        assert rangesafety.clearance_m(angle, away, 1073.0, 100.0, arc) > -5.0


def test_edges_belong_to_the_zone_and_angles_turn():
    zones = rangesafety.zone_of(
        [5.0, -5.0, 355.0, 10.0, -10.0, 30.0, 0.0, 180.0],
        [100, 100, 100, 100, 1073, 100, 1073, 0],
        1073.0,
        100.0,
    )
    assert zones.tolist() == [1, 1, 1, 2, 2, 3, 1, 1]
    corner = rangesafety.danger_zone(1073.0, 100.0).corner_m
    assert rangesafety.clearance_m(30.0, corner, 1073.0, 100.0) == pytest.approx(0.0, abs=1e-9)
    assert rangesafety.clearance_m(180.0, 50.0, 1073.0, 100.0) == pytest.approx(50.0)


def test_vacuum_trajectories():
    both = trajectory.elevations_for_range([0.0, 4000.0, 9177.445], 300.0)
    for elevation in (both.low_deg, both.high_deg):
        reached = trajectory.vacuum_trajectory(300.0, elevation).range_m
        np.testing.assert_allclose(reached[:2], [0.0, 4000.0], atol=1e-9)
    assert trajectory.greatest_range_m(300.0) == pytest.approx(9177.446, abs=1e-3)
    assert both.low_deg[2] == pytest.approx(45.0, abs=0.02)
    assert np.isnan(trajectory.elevations_for_range(9200.0, 300.0).high_deg)
    path = trajectory.vacuum_trajectory(300.0, 15.0)
    assert trajectory.height_m(path.range_m / 2, 300.0, 15.0) == pytest.approx(float(path.apex_m))
    assert trajectory.height_m(path.range_m, 300.0, 15.0) == pytest.approx(0.0, abs=1e-9)
    straight_up = trajectory.vacuum_trajectory(100.0, 90.0)
    assert straight_up.range_m == pytest.approx(0.0, abs=1e-9)


def test_the_beam_is_permissible_at_its_hazard_distance():
    distance = laser.nominal_ocular_hazard_distance_m([1.0, 0.2], 10.0, 1e-3, 0.01)
    np.testing.assert_allclose(laser.irradiance_w_m2(distance, [1.0, 0.2], 1e-3, 0.01), 10.0)
    assert laser.optical_density([10.0, 1e4, 1.0], 10.0).tolist() == [0.0, 3.0, 0.0]
    assert laser.nominal_ocular_hazard_distance_m(1e-6, 10.0, 1e-3, 0.01) == 0.0
    aided = laser.nominal_ocular_hazard_distance_m(1.0, 10.0, 1e-3, 0.0, magnification=7.0)
    assert aided == pytest.approx(7 * laser.nominal_ocular_hazard_distance_m(1.0, 10.0, 1e-3))
    assert laser.beam_diameter_m(1000.0, 1e-3, 0.01) == pytest.approx(1.01)


@pytest.mark.parametrize(
    "call",
    [
        lambda: rangesafety.danger_zone(0.0, 100.0),
        lambda: rangesafety.danger_zone(1000.0, -1.0),
        lambda: rangesafety.danger_zone(1000.0, 100.0, 301.0),
        lambda: rangesafety.danger_zone(1000.0, 100.0, ricochet_deg=26.0),
        lambda: rangesafety.danger_zone(1000.0, 100.0, opening_deg=91.0),
        lambda: rangesafety.zone_of(np.nan, 10.0, 1000.0, 100.0),
        lambda: rangesafety.zone_of(0.0, -10.0, 1000.0, 100.0),
        lambda: rangesafety.clearance_m(0.0, np.inf, 1000.0, 100.0),
        lambda: laser.nominal_ocular_hazard_distance_m(1.0, 0.0, 1e-3),
        lambda: laser.nominal_ocular_hazard_distance_m(1.0, 10.0, 0.0),
        lambda: laser.irradiance_w_m2(0.0, 1.0, 1e-3, 0.0),
        lambda: laser.optical_density(-1.0, 1.0),
        lambda: trajectory.vacuum_trajectory(-1.0, 10.0),
        lambda: trajectory.vacuum_trajectory(1.0, 91.0),
        lambda: trajectory.height_m(1.0, 0.0, 10.0),
    ],
)
def test_outside_validity_is_refused(call):
    with pytest.raises(OutsideValidityError):
        call()


def test_page_names_every_function_and_warns(capsys):
    check_page("models/range-safety.md", (rangesafety, trajectory, laser))
    assert capsys.readouterr().out == "['DISPERSION', 'RICOCHET', 'AREA_A', 'OUTSIDE']\n"
    page = (DOCS / "models" / "range-safety.md").read_text("utf-8").lower()
    for text in (page, *(module.__doc__.lower() for module in (rangesafety, trajectory, laser))):
        assert "not for live-fire safety" in text
