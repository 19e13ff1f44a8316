"""Anchors, laagers, formations, patrol tracks."""

from __future__ import annotations

import numpy as np
import pytest

from startex.foundation.streams import entity_key
from startex.geography.areas import (
    FORMATIONS,
    PATTERNS,
    NoGroundError,
    apply_offsets,
    area_patrol_points,
    circle_outline,
    formation_offsets,
    laager_slots,
    land_anchor,
    water_anchor,
)
from startex.geography.geodesy import direct, inverse

BOX = [(136.4, 43.0), (140.0, 43.0), (140.0, 45.5), (137.8, 45.5), (136.4, 44.2)]


def nearest_neighbour_m(forward, right):
    gaps = np.hypot(forward[:, None] - forward, right[:, None] - right)
    np.fill_diagonal(gaps, np.inf)
    return gaps.min(axis=1)


def test_anchors_lie_in_the_place_on_land_with_land_around(surface):
    for number in range(40):
        key = entity_key(f"unit {number}")
        lat, lon = land_anchor(surface, 45.05, 147.85, 5_000.0, key, 600.0)
        assert float(inverse(45.05, 147.85, lat, lon)[1]) <= 5_000.0
        around = direct(lat, lon, np.arange(0.0, 360.0, 30.0), 600.0)
        assert surface.is_land(*around).all() and surface.is_land(lat, lon)


def test_units_get_different_areas_that_others_do_not_move(surface):
    keys = [entity_key(f"unit {n}") for n in range(60)]
    anchors = [land_anchor(surface, 44.34, 131.62, 10_000.0, k, 300.0) for k in keys]
    assert len(set(anchors)) == len(anchors)
    assert anchors[7] == land_anchor(surface, 44.34, 131.62, 10_000.0, keys[7], 300.0)
    lat, lon = np.array(anchors).T
    _, distance = inverse(44.34, 131.62, lat, lon)
    # spread over the area: half of a uniform disc lies beyond 0.707 of its radius
    assert 0.3 < np.mean(distance > 0.707 * 9_700.0) < 0.7


def test_a_place_mostly_under_water_still_gives_land(surface):
    for number in range(10):
        lat, lon = land_anchor(surface, 48.085, 153.225, 12_000.0, number, 5_000.0)
        assert surface.is_land(lat, lon)


def test_no_ground_is_told(surface):
    with pytest.raises(NoGroundError, match=r"no land found within 5\.0 km of 40\.0000, 135\.0000"):
        land_anchor(surface, 40.0, 135.0, 5_000.0, 1)
    with pytest.raises(NoGroundError, match="no water"):
        water_anchor(surface, 55.0, 90.0, 5_000.0, 1)


def test_an_outline_holds_its_anchors(surface, places):
    row = places.index("rendezvous-area")
    for number in range(30):
        lat, lon = water_anchor(
            surface, float(places.lat[row]), float(places.lon[row]), float(places.radius_m[row]),
            entity_key(f"ship {number}"), 5_000.0, polygon=places.polygon[row],
        )  # fmt: skip
        assert places.contains(row, lat, lon) and not surface.is_land(lat, lon)


def test_an_anchor_over_the_date_line_has_a_plain_longitude(surface):
    lons = [water_anchor(surface, 60.0, 180.0, 50_000.0, k)[1] for k in range(20)]
    assert min(lons) < -179.0 and max(lons) > 179.0


@pytest.mark.parametrize("n", [1, 2, 9, 31, 400])
def test_laager_slots_are_apart_and_do_not_move(n):
    forward, right = laager_slots(n, 50.0)
    assert forward.shape == right.shape == (n,)
    assert (forward[0], right[0]) == (0.0, 0.0)
    if n > 1:
        assert np.allclose(nearest_neighbour_m(forward, right), 50.0)
    more = laager_slots(n + 7, 50.0)
    assert np.array_equal(more[0][:n], forward) and np.array_equal(more[1][:n], right)
    assert np.hypot(forward, right).max() <= 50.0 * (np.sqrt(n) + 1.0)


@pytest.mark.parametrize("name", FORMATIONS)
@pytest.mark.parametrize("n", [1, 2, 3, 8])
def test_formations_keep_their_spacing(name, n):
    forward, right = formation_offsets(name, n, 200.0)
    assert forward.shape == right.shape == (n,)
    if n > 1:
        assert nearest_neighbour_m(forward, right).min() >= 200.0 - 1e-6


def test_formations_have_their_shape():
    forward, right = formation_offsets("column", 4, 100.0)
    assert forward.tolist() == [0.0, -100.0, -200.0, -300.0] and not right.any()
    forward, right = formation_offsets("line_abreast", 3, 100.0)
    assert not forward.any() and sorted(right) == [-100.0, 0.0, 100.0]
    forward, _ = formation_offsets("screen", 4, 4_000.0)
    assert forward[0] == 0.0 and forward[2] > 3_900.0
    with pytest.raises(ValueError, match="no formation 'herd'"):
        formation_offsets("herd", 3, 100.0)
    assert formation_offsets("column", 0, 100.0)[0].size == 0


def test_offsets_are_ahead_and_to_the_right():
    lat, lon = apply_offsets(44.0, 132.0, 90.0, [1000.0, 0.0], [0.0, 1000.0])
    azimuth, distance = inverse(44.0, 132.0, lat, lon)
    assert np.allclose(azimuth, [90.0, 180.0]) and np.allclose(distance, 1000.0)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patrols_stay_in_their_area_and_on_water(surface, places, pattern):
    for name in (
        "rendezvous-area",
        "southern-okhotsk",
        "east-of-kamchatka",
        "peter-the-great-gulf",
    ):
        row = places.index(name)
        lat, lon = area_patrol_points(places.polygon[row], pattern, 20_000.0, surface)
        assert lat.size >= 2
        assert not surface.is_land(lat, lon).any()
        for a, b in zip(lat, lon, strict=True):
            ring = np.array(places.polygon[row])
            inside = bool(places.contains(row, a, b))
            assert inside or float(inverse(a, b, ring[:, 1], ring[:, 0])[1].min()) < 200_000.0


def test_a_ladder_covers_its_area():
    lat, lon = area_patrol_points(BOX, "ladder", 20_000.0)
    tracks = np.round(lat[::2], 2)
    assert tracks.size == pytest.approx(278_000 / 20_000, abs=2)
    eastward = np.sign(lon[1::2] - lon[::2])
    assert np.all(eastward[1:] == -eastward[:-1])  # to and fro


def test_a_racetrack_is_closed_and_a_barrier_is_its_axis():
    circle = circle_outline(43.0, 132.0, 20_000.0)
    lat, lon = area_patrol_points(circle, "racetrack", 4_000.0)
    assert lat.size == 5 and (lat[0], lon[0]) == (lat[-1], lon[-1])
    lat, lon = area_patrol_points(circle, "barrier", 4_000.0)
    assert float(inverse(lat[0], lon[0], lat[1], lon[1])[1]) == pytest.approx(40_000.0, rel=0.02)


def test_a_patrol_on_land_is_refused(surface):
    with pytest.raises(NoGroundError, match="no patrol track"):
        area_patrol_points(circle_outline(50.0, 100.0, 20_000.0), "ladder", 5_000.0, surface)
    with pytest.raises(ValueError, match="no pattern 'zigzag'"):
        area_patrol_points(BOX, "zigzag", 5_000.0)
