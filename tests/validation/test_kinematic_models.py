"""Geodesy and kinematics against published figures, kept in tests/authorities/."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import published_cases
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_pages import check_page
from published_cases import hold, inputs, runners

from startex.foundation.errors import OutsideValidityError
from startex.models import (
    cpa,
    deadreckoning,
    flight,
    frames,
    geodesic,
    greatcircle,
    orientation,
    rhumbline,
    turns,
)
from startex.models.greatcircle import NAUTICAL_RADIUS_M

CASES = [case for case in published_cases.CASES if case.startswith("A1-") and case != "A1-13"]
"""A1-13, the level turn, is held to in test_movement_models."""

LINES = Path(__file__).parents[1] / "authorities" / "geodesic-lines.csv"
"""Forty geodesics by geographiclib 2.1 (Python): 20 random, 10 nearly antipodal, 10 short."""

NMI = 1852.0
LAX, JFK = (33.95, -118.4), (40.0 + 38.0 / 60.0, -(73.0 + 47.0 / 60.0))


def _geodesic(i):
    end = geodesic.geodesic_direct(i["lat1"], i["lon1"], i["azi1"], i["s12"])
    back = geodesic.geodesic_inverse(i["lat1"], i["lon1"], end.lat_deg, end.lon_deg)
    return {
        "lat2": end.lat_deg,
        "lon2": end.lon_deg,
        "azi2": end.azimuth_deg,
        "s12_from_inverse": back.distance_m,
    }


run_a1_01 = run_a1_02 = run_a1_03 = _geodesic


def run_a1_04(i):
    line = geodesic.geodesic_inverse(i["lat1"], i["lon1"], i["lat2"], i["lon2"])
    return {
        "azi1": line.initial_azimuth_deg,
        "azi2": line.final_azimuth_deg,
        "s12": line.distance_m,
    }


def run_a1_05(i):
    ends = (i["lat1"], i["lon1"], i["lat2"], i["lon2"])
    return {
        "distance_rad": greatcircle.central_angle_rad(*ends),
        "distance_nmi": greatcircle.distance_m(*ends, NAUTICAL_RADIUS_M),
        "initial_course": greatcircle.initial_course_deg(*ends),
    }


def run_a1_06(i):
    end = greatcircle.destination(
        i["lat1"], i["lon1"], i["course"], i["distance"], NAUTICAL_RADIUS_M
    )
    return {"lat": end.lat_deg, "lon": end.lon_deg}


def run_a1_07(i):
    ends = (i["lat1"], i["lon1"], i["lat2"], i["lon2"])
    return {
        "distance": greatcircle.distance_m(*ends, i["R"]),
        "initial_bearing": greatcircle.initial_course_deg(*ends),
    }


def run_a1_08(i):
    return dict(zip("XYZ", frames.geodetic_to_ecef(i["lat"], i["lon"], i["h"]).T, strict=True))


def _reckon(i):
    found = deadreckoning.dead_reckon(
        deadreckoning.Algorithm[i["algorithm"]],
        i["dt"],
        i["P0"],
        i["V0"],
        i["A0"],
        i["euler0_psi_theta_phi"],
        i["omega_body"],
    )
    return {"P": found.position_m, "euler": found.euler_deg}


run_a1_09 = run_a1_10 = run_a1_11 = run_a1_12 = _reckon


def run_a1_14(i):
    met = cpa.encounter(
        i["own_course"],
        i["own_speed"],
        i["bearing"],
        i["range"],
        i["target_course"],
        i["target_speed"],
    )
    return {
        "tcpa": met.time_s,
        "dcpa": met.distance_m,
        "cpa_bearing": met.bearing_deg,
        "relative_speed": met.relative_speed_m_s,
        "relative_course": met.relative_course_deg,
    }


RUNNERS = runners(globals())


def test_every_case_has_a_runner():
    assert sorted(RUNNERS) == sorted(CASES)


@pytest.mark.parametrize("case", sorted(CASES))
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 2)])
def test_published_figure(case, shape):
    """The same figures come out for scalars and for arrays of any shape."""
    taken = {
        name: value if isinstance(value, str) or shape == ()
        else np.full(shape + np.shape(value), value)
        for name, value in inputs(case).items()
    }  # fmt: skip
    results = RUNNERS[case](taken)
    for name, result in results.items():
        vector = (3,) if name in ("P", "euler") else ()
        assert np.shape(result) == (shape[::-1] if case == "A1-08" else shape) + vector, name
    if 0 not in shape:
        hold(case, results)


def test_geodesics_of_another_implementation():
    with LINES.open() as file:
        lines = [{name: float(text) for name, text in row.items()} for row in csv.DictReader(file)]
    columns = {name: np.array([line[name] for line in lines]) for name in lines[0]}
    ends = [columns[name] for name in ("lat1_deg", "lon1_deg", "lat2_deg", "lon2_deg")]
    found = geodesic.geodesic_inverse(*ends)
    assert len(lines) == 40
    np.testing.assert_allclose(found.distance_m, columns["distance_m"], rtol=0, atol=1e-8)
    for azimuth, name in (
        (found.initial_azimuth_deg, "azimuth1_deg"),
        (found.final_azimuth_deg, "azimuth2_deg"),
    ):
        np.testing.assert_allclose(azimuth, columns[name] % 360.0, rtol=0, atol=2e-9)
    end = geodesic.geodesic_direct(*ends[:2], found.initial_azimuth_deg, found.distance_m)
    np.testing.assert_allclose(end.lat_deg, ends[2], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("lat1", "lat2", "lon2", "distance"),
    [  # geographiclib's GeodSolve6 and 33: nearly antipodal, where older methods do not converge
        (88.202499451857, -88.202499451857, 179.981022032992859592, 20003898.214),
        (89.262080389218, -89.262080389218, 179.992207982775375662, 20003925.854),
        (89.333123580033, -89.333123580032997687, 179.99295812360148422, 20003926.881),
        (0.0, 0.0, 179.5, 19980861.9),
    ],
)
def test_nearly_antipodal_geodesics(lat1, lat2, lon2, distance):
    found = geodesic.geodesic_inverse(lat1, 0.0, lat2, lon2)
    assert found.distance_m == pytest.approx(distance, abs=0.05)


def test_worked_examples_of_the_aviation_formulary():
    """Printed results: 38d40.167'N 101d37.570'W; 7.4512 nmi; 99.588 nmi; 36d24'; 43.572N 116.189W.

    Its cross-track figure is worked from angles of five digits, hence the wider tolerance.
    """
    way = greatcircle.intermediate_point(*LAX, *JFK, 0.4)
    assert way.lat_deg == pytest.approx(38 + 40.167 / 60, abs=1e-5)
    assert way.lon_deg == pytest.approx(-(101 + 37.570 / 60), abs=1e-5)
    off = greatcircle.track_offset(*LAX, *JFK, 34.5, -116.5, NAUTICAL_RADIUS_M)
    assert off.cross_track_m / NMI == pytest.approx(7.4512, abs=2e-3)
    assert off.along_track_m / NMI == pytest.approx(99.588, abs=1e-3)
    lat = greatcircle.latitude_at_longitude_deg(*LAX, *JFK, -111.0)
    assert lat == pytest.approx(36 + 24 / 60, abs=1 / 60)
    met = greatcircle.intersection(42.600, -117.866, 51.0, 44.840, -117.806, 137.0)
    assert (met.lat_deg, met.lon_deg) == pytest.approx((43.572, -116.189), abs=5e-4)
    assert rhumbline.rhumb_distance_m(*LAX, *JFK, NAUTICAL_RADIUS_M) / NMI == pytest.approx(
        2164.6, abs=0.05
    )
    assert rhumbline.rhumb_course_deg(*LAX, *JFK) == pytest.approx(79.3, abs=0.05)


LATS, LONS = st.floats(-89.0, 89.0), st.floats(-180.0, 180.0)


@given(LATS, LONS, st.floats(0.0, 359.999), st.floats(1.0, 1.9e7))
def test_direct_and_inverse_undo_each_other(lat, lon, course, distance):
    end = greatcircle.destination(lat, lon, course, distance)
    ends = (lat, lon, end.lat_deg, end.lon_deg)
    assert greatcircle.distance_m(*ends) == pytest.approx(distance, rel=1e-9, abs=1e-6)
    turn = greatcircle.initial_course_deg(*ends) - course
    aside = np.radians((turn + 180.0) % 360.0 - 180.0) * min(distance, 1e6)
    assert abs(aside) < 1e-3  # metres
    back = greatcircle.destination(
        end.lat_deg, end.lon_deg, greatcircle.final_course_deg(*ends) + 180.0, distance
    )
    assert greatcircle.distance_m(lat, lon, back.lat_deg, back.lon_deg) < 1e-3


@given(LATS, LONS, LATS, LONS)
def test_sphere_and_ellipsoid_agree_to_their_known_bound(lat1, lon1, lat2, lon2):
    ends = (lat1, lon1, lat2, lon2)
    exact = float(geodesic.geodesic_inverse(*ends).distance_m)
    assert greatcircle.distance_m(*ends) == pytest.approx(exact, rel=5.7e-3, abs=1e-6)
    assert rhumbline.rhumb_distance_m(*ends) >= greatcircle.distance_m(*ends) * (1 - 1e-9) - 1e-6


@given(LATS, LONS, st.floats(0, 359.9), st.floats(-9e6, 9e6), st.floats(-9e6, 9e6))
def test_cross_track_and_along_track_lead_back(lat, lon, course, along, cross):
    """Walk along the way, turn right, walk the cross-track distance: that is the point."""
    foot = greatcircle.destination(lat, lon, course, along)
    ahead = greatcircle.destination(lat, lon, course, along + 1e5)
    ends = (foot.lat_deg, foot.lon_deg, ahead.lat_deg, ahead.lon_deg)
    onward = greatcircle.initial_course_deg(*ends)
    point = greatcircle.destination(foot.lat_deg, foot.lon_deg, onward + 90.0, cross)
    found = greatcircle.radial_offset(lat, lon, course, point.lat_deg, point.lon_deg)
    assert found.cross_track_m == pytest.approx(cross, abs=0.01)
    assert found.along_track_m == pytest.approx(along, abs=0.1)


def test_great_circles_at_their_edges():
    assert greatcircle.distance_m(10.0, 20.0, 10.0, 20.0) == 0.0
    assert greatcircle.central_angle_rad(30.0, 0.0, -30.0, 180.0) == pytest.approx(np.pi)
    assert greatcircle.central_angle_rad(90.0, 0.0, 90.0, 77.0) == pytest.approx(0.0, abs=1e-15)
    near = greatcircle.distance_m(50.0, 10.0, 50.0, 10.0 + 1e-9)
    expected = np.radians(1e-9) * greatcircle.MEAN_RADIUS_M * np.cos(np.radians(50.0))
    assert near == pytest.approx(expected, rel=1e-6)
    assert greatcircle.initial_course_deg(0.0, 179.0, 0.0, -179.0) == pytest.approx(90.0)
    over = greatcircle.destination(0.0, 179.0, 90.0, 4e5)
    assert over.lon_deg == pytest.approx(-177.4027, abs=1e-4)
    assert greatcircle.highest_latitude_deg(0.0, [0.0, 30.0, 90.0, 270.0]) == pytest.approx(
        [90.0, 60.0, 0.0, 0.0], abs=1e-6
    )
    assert np.isnan(greatcircle.latitude_at_longitude_deg(10.0, 5.0, 20.0, 5.0, 7.0))
    apart = greatcircle.intersection(0.0, 0.0, 270.0, 10.0, 10.0, [0.0, 180.0])
    assert (apart.lat_deg[0], apart.lon_deg[0]) == pytest.approx((0.0, -170.0))  # over the pole
    assert np.isnan(apart.lat_deg[1]) and np.isnan(apart.lon_deg[1])
    half = greatcircle.intermediate_point(0.0, 170.0, 0.0, -170.0, [0.0, 0.5, 1.0])
    assert half.lon_deg == pytest.approx([170.0, -180.0, -170.0])


def test_rhumb_lines_keep_their_course():
    course = rhumbline.rhumb_course_deg(*LAX, *JFK)
    length = rhumbline.rhumb_distance_m(*LAX, *JFK)
    middle = rhumbline.rhumb_destination(*LAX, course, 0.5 * length)
    assert rhumbline.rhumb_course_deg(
        middle.lat_deg, middle.lon_deg, *JFK
    ) == pytest.approx(float(course), abs=1e-9)  # fmt: skip
    end = rhumbline.rhumb_destination(*LAX, course, length)
    assert (end.lat_deg, end.lon_deg) == pytest.approx(JFK, abs=1e-9)
    level = rhumbline.rhumb_distance_m(60.0, [0.0, 179.0], 60.0, [1.0, -180.0])
    assert level == pytest.approx(0.5 * np.radians(1.0) * greatcircle.MEAN_RADIUS_M)
    north = rhumbline.rhumb_distance_m(0.0, 5.0, 80.0, 5.0)
    assert north == pytest.approx(np.radians(80.0) * greatcircle.MEAN_RADIUS_M)


@pytest.mark.parametrize("height", [-5e6, -1e6, 0.0, 1e4, 1e6, 3.6e7, 9e7])
def test_geodetic_positions_come_back(height):
    rng = np.random.default_rng(11)
    lat, lon = rng.uniform(-90, 90, 500), rng.uniform(-180, 180, 500)
    lat[:3] = (90.0, -90.0, 0.0)
    back = frames.ecef_to_geodetic(frames.geodetic_to_ecef(lat, lon, height))
    np.testing.assert_allclose(back.lat_deg, lat, rtol=0, atol=1e-12)
    np.testing.assert_allclose(back.lon_deg[3:], lon[3:], rtol=0, atol=1e-11)
    np.testing.assert_allclose(back.height_m, height, rtol=0, atol=1e-6)


def test_earth_centred_positions_are_those_of_proj():
    from pyproj import Transformer

    proj = Transformer.from_crs("EPSG:4979", "EPSG:4978")
    lat, lon, height = np.array([10.0, -45.0, 80.0]), np.array([0.0, 130.0, -70.0]), 5000.0
    expected = np.stack(proj.transform(lat, lon, np.full(3, height)), axis=-1)
    np.testing.assert_allclose(frames.geodetic_to_ecef(lat, lon, height), expected, atol=1e-8)


def test_local_frames():
    here = (43.1, 131.9, 20.0)
    offset = np.array([[100.0, 200.0, 30.0], [0.0, 0.0, -20.0]])
    there = frames.enu_to_ecef(offset, *here)
    np.testing.assert_allclose(frames.ecef_to_enu(there, *here), offset, atol=1e-8)
    turned = offset[:, [1, 0, 2]] * [1, 1, -1]
    np.testing.assert_allclose(frames.ecef_to_ned(there, *here), turned, atol=1e-8)
    np.testing.assert_allclose(frames.ned_to_ecef(turned, *here), there, atol=1e-8)
    line = geodesic.geodesic_inverse(*here[:2], *_lat_lon(there[0]))
    assert line.distance_m == pytest.approx(np.hypot(100.0, 200.0), abs=2e-3)
    assert line.initial_azimuth_deg == pytest.approx(np.degrees(np.arctan2(100, 200)), abs=1e-3)
    axes = frames.enu_axes([0.0, 90.0], [0.0, 0.0])
    np.testing.assert_allclose(axes[0][:, 2], [1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(axes[1][:, 2], [0, 0, 1], atol=1e-15)
    np.testing.assert_allclose(np.linalg.det(frames.ned_axes([10, 20], 30)), 1.0)


def _lat_lon(position):
    found = frames.ecef_to_geodetic(position)
    return found.lat_deg, found.lon_deg


def test_geocentric_orientation_of_koks_example():
    """Over Adelaide, heading south-east, nose 20 up, 30 roll: -122.97, 47.79, -29.67 degrees."""
    euler = orientation.attitude_to_euler(-34.9, 138.5, 135.0, 20.0, 30.0)
    np.testing.assert_allclose(euler, [-122.97, 47.79, -29.67], rtol=0, atol=5e-3)
    level = orientation.attitude_to_euler(0.0, 0.0, 0.0)
    np.testing.assert_allclose(level, [0.0, -90.0, 0.0], atol=1e-9)
    pole = orientation.attitude_to_euler(90.0, 0.0, 180.0)
    np.testing.assert_allclose(np.abs(pole), [0.0, 0.0, 180.0], atol=1e-9)


@given(
    LATS, LONS, st.floats(0.0, 359.9), st.floats(-89.0, 89.0), st.floats(-179.0, 179.0)
)  # fmt: skip
def test_attitudes_come_back(lat, lon, heading, pitch, roll):
    euler = orientation.attitude_to_euler(lat, lon, heading, pitch, roll)
    back = orientation.euler_to_attitude(lat, lon, euler)
    again = (back.heading_deg, back.pitch_deg, back.roll_deg)
    np.testing.assert_allclose(
        orientation.euler_to_matrix(np.stack(again, axis=-1)),
        orientation.euler_to_matrix([heading, pitch, roll]),
        rtol=0,
        atol=1e-11,
    )
    assert back.pitch_deg == pytest.approx(pitch, abs=1e-4)


def test_angles_near_the_singularity_still_give_the_matrix():
    rng = np.random.default_rng(5)
    for off in (0.0, 1e-14, 1e-12, 1e-9, 1e-6, 1e-3):
        euler = np.array([rng.uniform(-180, 180), 90.0 - np.degrees(off), rng.uniform(-180, 180)])
        for angles in (euler, euler * [1, -1, 1]):
            matrix = orientation.euler_to_matrix(angles)
            again = orientation.euler_to_matrix(orientation.matrix_to_euler(matrix))
            np.testing.assert_allclose(again, matrix, rtol=0, atol=1e-11)


def test_matrices_are_those_of_scipy():
    from scipy.spatial.transform import Rotation

    rng = np.random.default_rng(2)
    euler = rng.uniform([-180, -90, -180], [180, 90, 180], (50, 3))
    expected = Rotation.from_euler("ZYX", euler, degrees=True).as_matrix()
    np.testing.assert_allclose(orientation.euler_to_matrix(euler), expected, atol=1e-14)
    np.testing.assert_allclose(orientation.matrix_to_euler(expected), euler, atol=1e-9)
    upright = orientation.euler_to_matrix([[30.0, 90.0, 10.0], [30.0, -90.0, 10.0]])
    again = orientation.matrix_to_euler(upright)
    np.testing.assert_allclose(again, [[20.0, 90.0, 0.0], [40.0, -90.0, 0.0]], atol=1e-9)
    np.testing.assert_allclose(orientation.euler_to_matrix(again), upright, atol=1e-12)
    vector = rng.normal(size=(20, 3))
    np.testing.assert_allclose(
        deadreckoning.rotation(vector), Rotation.from_rotvec(vector).as_matrix(), atol=1e-14
    )


WORLD = {
    "position_m": (-6378137, -5, -10),
    "velocity_m_s": (30, 35, 40),
    "acceleration_m_s2": (-80, -85, -90),
    "euler_deg": (15, 20, 25),
    "angular_velocity_deg_s": (60, 65, 70),
}
BODY = WORLD | {"position_m": (6378137, 5, 10), "angular_velocity_deg_s": (-60, -65, -70)}
TURNED_W, TURNED_B, HELD = (64.32, 14.84, 72.5), (-23.07, -8.68, -10.86), (15, 20, 25)
FASTER, SAME = (-10, -7.5, -5), (30, 35, 40)


@pytest.mark.parametrize(
    ("algorithm", "given_", "position", "euler", "velocity"),
    [  # all nine as Open-DIS prints them, after half a second
        (1, WORLD, (-6378137, -5, -10), HELD, SAME),
        (2, WORLD, (-6378122, 12.5, 10), HELD, SAME),
        (3, WORLD, (-6378122, 12.5, 10), TURNED_W, SAME),
        (4, WORLD, (-6378132, 1.88, -1.25), TURNED_W, FASTER),
        (5, WORLD, (-6378132, 1.88, -1.25), HELD, FASTER),
        (6, BODY, (6378157.13, 18.06, 28.85), HELD, SAME),
        (7, BODY, (6378156.77, 18.75, 28.73), TURNED_B, SAME),
        (8, BODY, (6378144.03, 10.46, 18.32), TURNED_B, FASTER),
        (9, BODY, (6378144.46, 9.62, 18.47), HELD, FASTER),
    ],
)
def test_all_nine_algorithms(algorithm, given_, position, euler, velocity):
    found = deadreckoning.dead_reckon(algorithm, 0.5, **given_)
    np.testing.assert_allclose(found.position_m, position, rtol=0, atol=0.01)
    np.testing.assert_allclose(found.euler_deg, euler, rtol=0, atol=0.01)
    np.testing.assert_allclose(found.velocity_m_s, velocity)


@pytest.mark.parametrize("rate", [0.0, 1e-9, 1e-3, 0.5, 57.0, 58.0, 300.0])
def test_rotation_integrals_against_small_steps(rate):
    """The closed forms and their series give what many small steps add up to (midpoint rule)."""
    given_ = BODY | {"position_m": (0, 0, 0), "angular_velocity_deg_s": (rate, -rate, 0.5 * rate)}
    found = deadreckoning.dead_reckon(8, 2.0, **given_)
    steps = 20_000
    times = (np.arange(steps) + 0.5) * (2.0 / steps)
    turned = deadreckoning.rotation(np.radians(given_["angular_velocity_deg_s"]) * times[:, None])
    body = np.array(BODY["velocity_m_s"]) + np.array(BODY["acceleration_m_s2"]) * times[:, None]
    world = orientation.euler_to_matrix(BODY["euler_deg"]) @ turned
    summed = np.einsum("nij,nj->i", world, body) * (2.0 / steps)
    np.testing.assert_allclose(found.position_m, summed, rtol=0, atol=1e-5)


def test_many_entities_are_reckoned_at_once():
    rng = np.random.default_rng(4)
    columns = rng.normal(size=(4, 6, 3)) * 50
    times = rng.uniform(-1, 1, 6)
    together = deadreckoning.dead_reckon(8, times, [0, 0, 0], *columns)
    for row in range(6):
        alone = deadreckoning.dead_reckon(8, times[row], [0, 0, 0], *columns[:, row])
        np.testing.assert_array_equal(together.position_m[row], alone.position_m)
        np.testing.assert_array_equal(together.euler_deg[row], alone.euler_deg)
    assert deadreckoning.error_m([[1, 2, 2], [0, 0, 0]], [0, 0, 0]).tolist() == [3.0, 0.0]


def test_closest_approach_is_the_least_separation():
    rng = np.random.default_rng(6)
    offset, velocity = rng.normal(size=(200, 3)) * 1e4, rng.normal(size=(200, 3)) * 10
    found = cpa.closest_approach(offset, velocity)
    for later in (-30.0, -1.0, 1.0, 30.0):
        away = cpa.separation_m(offset, velocity, found.time_s + later)
        assert (away > found.distance_m).all()
    np.testing.assert_allclose(np.sum(found.offset_m * velocity, axis=-1), 0.0, atol=1e-6)
    still = cpa.closest_approach([300.0, 400.0], [0.0, 0.0])
    assert (still.time_s, still.distance_m) == (0.0, 500.0)


def test_times_of_entering_and_leaving():
    passed = cpa.time_within([-1000.0, 300.0], [10.0, 0.0], [500.0, 300.0, 299.0])
    np.testing.assert_allclose(passed.enter_s, [60.0, 100.0, np.nan])
    np.testing.assert_allclose(passed.leave_s, [140.0, 100.0, np.nan])
    still = cpa.time_within([0.0, 300.0], [0.0, 0.0], [300.0, 299.0])
    assert still.enter_s.tolist()[0] == -np.inf and still.leave_s.tolist()[0] == np.inf
    assert np.isnan(still.enter_s[1])
    rng = np.random.default_rng(8)
    offset, velocity = rng.normal(size=(300, 2)) * 1e4, rng.normal(size=(300, 2)) * 10
    many = cpa.time_within(offset, velocity, 8e3)
    inside = ~np.isnan(many.enter_s)
    assert 50 < inside.sum() < 300
    for times in (many.enter_s, many.leave_s):
        away = cpa.separation_m(offset[inside], velocity[inside], times[inside])
        np.testing.assert_allclose(away, 8e3, rtol=1e-9)


def test_intercepts_meet_and_are_the_first():
    rng = np.random.default_rng(9)
    offset, velocity = rng.normal(size=(400, 2)) * 1e4, rng.normal(size=(400, 2)) * 10
    speed = rng.uniform(0, 25, 400)
    found = cpa.intercept(offset, velocity, speed)
    met = ~np.isnan(found.time_s)
    assert 100 < met.sum() < 400
    own = cpa.course_vector(found.course_deg[met], speed[met]) * found.time_s[met, None]
    away = offset[met] + velocity[met] * found.time_s[met, None] - own
    np.testing.assert_allclose(np.linalg.norm(away, axis=-1), 0.0, atol=1e-5)
    for share in (0.25, 0.5, 0.9, 0.99):  # nowhere earlier within reach
        at = found.time_s[met] * share
        assert (np.linalg.norm(offset[met] + velocity[met] * at[:, None], axis=-1)
                > speed[met] * at - 1e-6).all()  # fmt: skip
    times = np.linspace(0, 1e5, 2000)  # who escapes is never within reach
    for row in np.flatnonzero(~met)[:50]:
        away = np.linalg.norm(offset[row] + velocity[row] * times[:, None], axis=-1)
        assert (away > speed[row] * times).all()
    assert cpa.intercept([0.0, 1000.0], [0.0, 10.0], 10.0).time_s != 0
    assert np.isnan(cpa.intercept([0.0, 1000.0], [0.0, 10.0], 10.0).time_s)
    head_on = cpa.intercept([0.0, 1000.0], [0.0, -10.0], [10.0, 0.0])
    assert head_on.time_s.tolist() == [50.0, 100.0]


def test_turns_agree_with_the_level_turn():
    turn = flight.level_turn(128.6, 30.0)
    assert turns.turn_radius_m(128.6, turn.rate_deg_s) == pytest.approx(float(turn.radius_m))
    assert turns.turn_rate_deg_s(128.6, turn.radius_m) == pytest.approx(float(turn.rate_deg_s))
    assert turns.bank_for_rate_deg(128.6, turn.rate_deg_s) == pytest.approx(30.0)
    assert turns.bank_for_radius_deg(128.6, turn.radius_m) == pytest.approx(30.0)
    assert turns.speed_for_bank_m_s(turn.radius_m, 30.0) == pytest.approx(128.6)
    assert turns.turn_time_s([360.0, -180.0], turns.STANDARD_RATE_DEG_S).tolist() == [120.0, 60.0]
    change = turns.course_change_deg([350, 10, 0, 90], [10, 350, 180, 90])
    assert change.tolist() == [20.0, -20.0, 180.0, 0.0]


def test_arcs_close_and_corners_are_met():
    full = turns.arc(100.0, 37.0, 3.0, [0.0, 120.0])
    np.testing.assert_allclose([full.east_m, full.north_m], 0.0, atol=1e-9)
    np.testing.assert_allclose(full.course_deg, 37.0)
    straight = turns.arc(10.0, 90.0, 0.0, 60.0)
    assert (straight.east_m, straight.north_m) == pytest.approx((600.0, 0.0))
    radius = turns.turn_radius_m(100.0, 3.0)
    for change in (-120.0, -45.0, 1e-6, 60.0, 90.0, 170.0):
        end = turns.arc(100.0, 0.0, np.sign(change) * 3.0, turns.turn_time_s(change, 3.0))
        gained = turns.advance_and_transfer(radius, change)
        assert (end.north_m, abs(end.east_m)) == pytest.approx(
            (float(gained.advance_m), float(gained.transfer_m)), abs=1e-9
        )
        lead = turns.lead_distance_m(radius, change)
        corner = np.radians(change)  # the turn comes out as far behind the corner
        np.testing.assert_allclose(
            [end.east_m, end.north_m], [lead * np.sin(corner), lead * (1 + np.cos(corner))],
            atol=1e-7,
        )  # fmt: skip


@pytest.mark.parametrize(
    "call",
    [
        lambda: geodesic.geodesic_inverse(91.0, 0.0, 0.0, 0.0),
        lambda: geodesic.geodesic_direct(0.0, np.nan, 0.0, 1.0),
        lambda: greatcircle.distance_m(0.0, 0.0, -90.1, 0.0),
        lambda: greatcircle.distance_m(0.0, 0.0, 1.0, 0.0, 0.0),
        lambda: greatcircle.intermediate_point(0.0, 0.0, 1.0, 0.0, 1.1),
        lambda: rhumbline.rhumb_distance_m(90.0, 0.0, 0.0, 0.0),
        lambda: rhumbline.rhumb_destination(80.0, 0.0, 0.0, 2e6),
        lambda: frames.ecef_to_geodetic([1.0, 2.0, 3.0]),
        lambda: frames.ecef_to_geodetic([1.0, 2.0]),
        lambda: frames.geodetic_to_ecef(0.0, 0.0, -6e6),
        lambda: orientation.euler_to_matrix(3.0),
        lambda: orientation.matrix_to_euler(np.eye(2)),
        lambda: orientation.attitude_to_euler(0.0, 0.0, 0.0, 91.0),
        lambda: deadreckoning.dead_reckon(10, 1.0, [0, 0, 0], [0, 0, 0]),
        lambda: deadreckoning.dead_reckon(2, np.inf, [0, 0, 0], [0, 0, 0]),
        lambda: deadreckoning.dead_reckon(2, 1.0, [0, 0], [0, 0]),
        lambda: cpa.closest_approach([1.0, 2.0], [1.0, 2.0, 3.0]),
        lambda: cpa.closest_approach(1.0, 2.0),
        lambda: cpa.encounter(0, -1.0, 0, 1.0, 0, 1.0),
        lambda: cpa.time_within([1.0, 2.0], [0.0, 1.0], -1.0),
        lambda: cpa.intercept([1.0, 2.0, 3.0], [0.0, 1.0, 0.0], 1.0),
        lambda: turns.turn_radius_m(10.0, 0.0),
        lambda: turns.lead_distance_m(10.0, 180.0),
        lambda: turns.speed_for_bank_m_s(10.0, 90.0),
    ],
)
def test_outside_validity_is_refused(call):
    with pytest.raises(OutsideValidityError):
        call()


def test_page_names_every_function_and_its_example_runs(capsys):
    modules = (geodesic, greatcircle, rhumbline, frames, orientation, deadreckoning, cpa, turns)
    check_page("models/kinematics.md", modules)
    assert capsys.readouterr().out.split() == ["27.2", "1.96", "326"]
