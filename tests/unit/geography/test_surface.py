"""Land and water: known places, any longitude, distance to the coast, polygons."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from startex.geography.geodesy import cut
from startex.geography.search import dry_between, wet_samples
from startex.geography.surface import COAST_TOLERANCE_M, LAKE_TOLERANCE_M, Surface

LAND = {
    "Moscow": (55.75, 37.62), "Ussuriysk": (43.80, 131.95), "Anadyr airfield": (64.735, 177.741),
    "Chita": (52.03, 113.5), "Matua": (48.08, 153.22), "South Pole": (-90.0, 0.0),
    "Ulan Bator": (47.9, 106.9), "Iturup": (45.03, 147.76), "South Pole again": (-90.0, 77.0),
    "Chukotka over the line": (66.5, -175.0), "Wrangel Island": (71.2, 180.0),
}  # fmt: skip
WATER = {
    "Sea of Japan": (40.0, 135.0), "Baikal": (53.5, 108.0), "Khanka": (44.9, 132.4),
    "Caspian": (42.0, 50.5), "Soya Strait": (45.75, 142.0), "North Pole": (90.0, 0.0),
    "Avacha Bay": (52.99, 158.5), "Bering Sea on the line": (60.0, 180.0),
    "Superior": (47.7, -87.5), "Michigan": (43.5, -87.0), "Huron": (44.7, -82.5),
    "Erie": (42.2, -81.2), "Ontario": (43.6, -77.8), "Victoria": (-1.0, 33.0),
}  # fmt: skip


def test_the_mask_is_read_once_and_cannot_be_changed(surface):
    mask = surface.packed
    assert Surface().packed is mask
    with pytest.raises(ValueError, match="read-only"):
        mask[0, 0] = 0


@pytest.mark.parametrize("name", LAND)
def test_land_is_land(surface, name):
    assert bool(surface.is_land(*LAND[name]))


@pytest.mark.parametrize("name", WATER)
def test_water_is_water(surface, name):
    assert not bool(surface.is_land(*WATER[name]))


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        (name, scale)
        for name in (*LAND, *WATER)
        for scale in ("10m", "50m")
        if "Pole" not in name and (name, scale) != ("Matua", "50m")  # too small for that map
    ],
)
def test_maps_show_as_land_and_water_what_the_mask_says(surface, name, scale):
    lat, lon = LAND.get(name) or WATER[name]
    box = (lon - 1.0, lat - 1.0, lon + 1.0, lat + 1.0)
    land = shapely.union_all(surface.polygons(*box, scale=scale))
    lakes = shapely.union_all(surface.lakes(*box))
    drawn = shapely.contains_xy(land, lon, lat) and not shapely.contains_xy(lakes, lon, lat)
    assert bool(drawn) == (name in LAND)


@pytest.mark.parametrize("scale", ["10m", "50m"])
def test_every_polygon_of_the_earth_is_valid(surface, scale):
    land = np.array(surface.polygons(-180.0, -90.0, 180.0, 90.0, scale))
    lakes = np.array(surface.lakes(-180.0, -90.0, 180.0, 90.0))
    assert land.size > 1000 and lakes.size > 200
    for polygons in (land, lakes):
        assert shapely.is_valid(polygons).all()
        assert not (shapely.area(polygons) == 0.0).any()


def test_the_land_of_the_map_is_as_large_as_that_of_the_mask(surface):
    lat = (np.arange(0, 10_800, 40) + 20) / 60.0 - 90.0
    lon = (np.arange(0, 21_600, 40) + 20) / 60.0 - 180.0
    mask = surface.is_land(*np.meshgrid(lat, lon, indexing="ij")).mean()
    area = shapely.area(np.array(surface.polygons(-180.0, -90.0, 180.0, 90.0, "50m"))).sum()
    lakes = shapely.area(np.array(surface.lakes(-180.0, -90.0, 180.0, 90.0))).sum()
    assert (area - lakes) / (360.0 * 180.0) == pytest.approx(mask, rel=0.01)


def test_longitude_may_be_of_any_turn(surface):
    lat, lon = np.meshgrid(np.linspace(-85, 85, 35), np.linspace(-179.9, 179.9, 91))
    here = surface.is_land(lat, lon)
    assert here.any() and not here.all()
    for turn in (-720.0, -360.0, 360.0):
        assert np.array_equal(here, surface.is_land(lat, lon + turn))


def test_the_mask_agrees_with_the_polygons_away_from_coasts(surface):
    west, south, east, north = 128.0, 40.0, 160.0, 60.0
    land = shapely.union_all(surface.polygons(west, south, east, north, "10m"))
    lakes = shapely.union_all(surface.lakes(west, south, east, north))
    rng = np.random.default_rng(5)
    lat, lon = rng.uniform(south, north, 4000), rng.uniform(west, east, 4000)
    wanted = shapely.contains_xy(land, lon, lat) & ~shapely.contains_xy(lakes, lon, lat)
    found = surface.is_land(lat, lon)
    differ = np.flatnonzero(wanted != found)
    assert differ.size < 0.01 * lat.size
    assert np.all(surface.coast_distance_m(lat[differ], lon[differ]) <= COAST_TOLERANCE_M)


def test_distance_to_the_coast_is_that_of_the_mask(surface):
    lat, lon = 44.25, 138.0
    rows = np.arange(-120, 121)
    near_lat, near_lon = np.meshgrid(lat + rows / 60.0, lon + rows / 60.0)
    land = surface.is_land(near_lat, near_lon)
    north_m = (near_lat - lat) * 60.0 * 1852.0
    east_m = (near_lon - lon) * 60.0 * 1852.0 * np.cos(np.radians(lat))
    least = np.hypot(north_m, east_m)[land].min()
    assert abs(float(surface.coast_distance_m(lat, lon)) - least) < 4_000.0


def test_distance_to_the_coast_on_both_sides_of_the_date_line(surface):
    distance = surface.coast_distance_m([64.73, 64.73], [179.99, -179.99])
    assert abs(distance[0] - distance[1]) < 3_000.0


def test_polygons_over_the_date_line_are_in_one_piece_of_the_map(surface):
    pieces = surface.polygons(170.0, 60.0, 195.0, 70.0)
    bounds = np.array([p.bounds for p in pieces])
    assert bounds[:, 0].min() >= 170.0 and bounds[:, 2].max() <= 195.0
    assert bounds[:, 2].max() > 181.0


def test_windows_wrap_and_end_at_the_poles(surface):
    whole = surface.window(8000, 8060, 21580, 21620)
    assert np.array_equal(whole[:, :20], surface.window(8000, 8060, 21580, 21600))
    assert np.array_equal(whole[:, 20:], surface.window(8000, 8060, 0, 20))
    assert surface.window(10790, 10810, 0, 8).shape == (20, 8)
    assert surface.window(10790, 10810, 0, 8)[10:].all()


def test_what_is_land_at_a_glance_is_land(surface):
    """Boxes of many sizes: never a wet cell in one, and most of those inland are found."""
    chance = np.random.default_rng(0)
    found = 0
    for _ in range(2000):
        south, west = chance.uniform(-89.0, 88.0), chance.uniform(-190.0, 189.0)
        north, east = south + chance.uniform(0.0, 1.0), west + chance.uniform(0.0, 1.0)
        if surface.surely_land(south, north, west, east):
            lat, lon = np.meshgrid(np.linspace(south, north, 70), np.linspace(west, east, 70))
            assert surface.is_land(lat, lon).all()
            found += 1
    assert found > 200
    assert surface.surely_land(52.0, 52.5, 113.0, 113.6)
    assert not surface.surely_land(52.0, 53.5, 107.0, 108.0)  # Lake Baikal


def test_geodesics_dry_at_a_glance_are_dry(surface):
    chance = np.random.default_rng(1)
    found = 0
    for _ in range(600):
        lat0, lon0 = chance.uniform(42.0, 72.0), chance.uniform(100.0, 140.0)
        lat1, lon1 = lat0 + chance.uniform(-1.0, 1.0), lon0 + chance.uniform(-3.0, 3.0)
        if dry_between(surface, lat0, lon0, lat1, lon1):
            assert wet_samples(surface, cut([lat0, lat1], [lon0, lon1]), margin_m=0.0) == 0
            found += 1
    assert found > 20


def test_tolerances_cover_a_cell():
    assert COAST_TOLERANCE_M > 0.5 * 1852.0 * 2**0.5
    assert LAKE_TOLERANCE_M > COAST_TOLERANCE_M
    assert Surface() is not Surface()
