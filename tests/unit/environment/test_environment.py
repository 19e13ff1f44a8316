"""Weather by area and time: which row counts where and when."""

from __future__ import annotations

import math

import numpy as np
import pytest

from startex.environment.environment import EVERYWHERE, FAIR, Environment, area_m2, environment
from startex.environment.weather import MEASURES, Weather, WeatherRow
from startex.geography.places import Place, Places

HOUR = 3_600_000


def circle(name: str, lat: float, lon: float, radius_m: float) -> Place:
    return Place(name, name, "range", lat, lon, radius_m, 0.0, math.nan, assumed="a test")


def square(name: str, west: float, south: float, side: float) -> Place:
    corners = ((0.0, 0.0), (side, 0.0), (side, side), (0.0, side), (0.0, 0.0))
    outline = tuple((west + x, south + y) for x, y in corners)
    middle = (south + side / 2, west + side / 2)
    return Place(name, name, "sea_area", *middle, 1.0, 0.0, math.nan, polygon=outline)


PLACES = Places(
    [
        circle("island", 0.5, 0.5, 20_000.0),
        circle("range", 50.0, 100.0, 5_000.0),
        circle("date-line", 0.0, 180.0, 30_000.0),
        circle("pole", 89.5, 0.0, 100_000.0),
        square("sea", 0.0, 0.0, 1.0),
    ]
)


def rows(*given: Weather) -> Environment:
    return environment(given, PLACES)


def test_without_a_row_the_weather_is_fair():
    found = rows().conditions([0, HOUR], 50.0, 100.0)
    for name in MEASURES:
        assert getattr(found, name).tolist() == [FAIR[name]] * 2
    assert found.row.tolist() == [-1, -1]


def test_a_row_holds_from_its_instant_until_the_next_of_its_area():
    env = rows(
        Weather("range", 10, visibility_m=1.0),
        Weather("range", 20, visibility_m=2.0),
        Weather("sea", 15, visibility_m=9.0),
    )
    at = env.conditions([9, 10, 19, 20, 10**15], 50.0, 100.0)
    assert at.visibility_m.tolist() == [20_000.0, 1.0, 1.0, 2.0, 2.0]
    assert env.t[at.row[1:]].tolist() == [10, 10, 20, 20]


def test_the_smallest_area_counts_and_then_the_blank_one():
    env = rows(
        Weather("", 0, visibility_m=100.0),
        Weather("sea", 0, visibility_m=10.0),
        Weather("island", 0, visibility_m=1.0),
    )
    at = env.conditions(0, [0.5, 0.1, 60.0], [0.5, 0.1, 60.0])
    assert at.visibility_m.tolist() == [1.0, 10.0, 100.0]
    assert [PLACES.id[a] if a != EVERYWHERE else "" for a in env.area[at.row]] == [
        "island", "sea", "",
    ]  # fmt: skip


def test_what_a_smaller_area_leaves_blank_comes_from_the_next_wider():
    env = rows(
        Weather("", 0, visibility_m=100.0, temperature_c=3.0, sea_state=4.0),
        Weather("sea", 0, sea_state=6.0, rain_mm_h=2.0),
        Weather("island", 0, visibility_m=1.0),
    )
    at = env.conditions(0, 0.5, 0.5)
    assert (at.visibility_m, at.sea_state, at.rain_mm_h) == (1.0, 6.0, 2.0)
    assert (at.temperature_c, at.cloud_cover) == (3.0, FAIR["cloud_cover"])


def test_a_row_with_nothing_in_it_ends_what_its_area_had_of_its_own():
    env = rows(
        Weather("", 0, visibility_m=100.0),
        Weather("range", 0, visibility_m=1.0),
        Weather("range", 5),
    )
    assert env.conditions([4, 5], 50.0, 100.0).visibility_m.tolist() == [1.0, 100.0]


def test_before_its_first_row_an_area_has_the_weather_of_the_wider():
    env = rows(Weather("", 0, rain_mm_h=1.0), Weather("range", 5, rain_mm_h=7.0))
    assert env.conditions([4, 5], 50.0, 100.0).rain_mm_h.tolist() == [1.0, 7.0]


@pytest.mark.parametrize(
    ("lat", "lon", "inside"),
    [
        (50.044, 100.0, True),  # 4.9 km north
        (50.046, 100.0, False),  # 5.1 km
        (50.0, 100.069, True),  # 4.9 km east
        (50.0, 100.071, False),
        (50.0, 460.0, True),  # another turn of longitude
        (0.0, -179.8, True),  # 22 km over the date line
        (0.0, 179.8, True),
        (0.0, -179.7, False),
        (89.8, 180.0, True),  # 78 km beyond the pole
        (89.5, 180.0, False),  # 112 km
    ],
)
def test_areas_reach_as_far_as_their_radius_on_the_ellipsoid(lat, lon, inside):
    env = rows(*(Weather(name, 0, rain_mm_h=9.0) for name in ("range", "date-line", "pole")))
    assert (env.conditions(0, lat, lon).rain_mm_h == 9.0) == inside


def test_arrays_of_any_shape_that_fit_each_other():
    env = rows(Weather("range", 10, rain_mm_h=9.0))
    t, lat, lon = np.array([[0], [10]]), np.array([50.0, 51.0, 50.0]), 100.0
    at = env.conditions(t, lat, lon)
    assert at.rain_mm_h.tolist() == [[0.0] * 3, [9.0, 0.0, 9.0]]
    assert at.row.shape == at.wind_m_s.shape == (2, 3)
    assert env.conditions([], [], []).rain_mm_h.shape == (0,)
    assert env.conditions(np.zeros((0, 3), int), 1.0, 1.0).row.shape == (0, 3)


def test_a_place_that_is_not_known_has_the_weather_of_everywhere():
    env = rows(Weather("", 0, rain_mm_h=1.0), Weather("range", 0, rain_mm_h=7.0))
    assert env.conditions(0, [math.nan, 50.0], [100.0, math.nan]).rain_mm_h.tolist() == [1.0, 1.0]


def test_of_areas_of_one_size_the_later_id_counts():
    places = Places([circle("b", 0.0, 0.0, 1e4), circle("a", 0.0, 0.0, 1e4)])
    given = [Weather("b", 0, rain_mm_h=2.0), Weather("a", 0, rain_mm_h=1.0)]
    for order in (given, given[::-1]):
        assert environment(order, places).conditions(0, 0.0, 0.0).rain_mm_h == 2.0


def test_the_extent_of_an_area():
    assert area_m2(PLACES[PLACES.index("range")]) == pytest.approx(math.pi * 25e6)
    # A square of one degree at the equator: 111.3 by 110.6 km.
    assert area_m2(PLACES[PLACES.index("sea")]) == pytest.approx(1.231e10, rel=1e-3)


def test_what_cannot_be_an_environment_is_refused():
    with pytest.raises(ValueError, match="'rnage', which is no place"):
        rows(Weather("rnage", 0))
    with pytest.raises(ValueError, match="two rows of weather of range"):
        rows(Weather("range", 5), Weather("sea", 5), Weather("range", 5))
    with pytest.raises(ValueError, match="two rows of weather of everywhere"):
        rows(Weather("", 5), Weather("", 5))


def test_columns_cannot_be_changed():
    env = rows(Weather("range", 10, rain_mm_h=9.0))
    for column in (env.t, env.area, *env.measures.values()):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1


def test_a_row_of_the_file_becomes_si():
    cells = {
        "area": "sea", "from": "1970-01-01T10:00+10:00", "wind_kn": "36", "wind_from_deg": "360",
        "visibility_km": "0.5", "sea_state": "6", "rain_mm_h": "4", "temperature_c": "-3.5",
        "cloud_percent": "80", "claim": ("T-8",),
    }  # fmt: skip
    row = WeatherRow.model_validate(cells).weather()
    assert row.wind_m_s == pytest.approx(18.52)
    assert (row.area, row.t, row.wind_from_deg, row.visibility_m) == ("sea", 0, 0.0, 500.0)
    assert (row.sea_state, row.rain_mm_h, row.temperature_c) == (6.0, 4.0, -3.5)
    assert (row.cloud_cover, row.claim, row.assumed) == (pytest.approx(0.8), ("T-8",), "")


def test_a_blank_cell_is_not_known():
    row = WeatherRow.model_validate({"from": "1970-01-01T00:00Z", "assumed": "a test"}).weather()
    assert row.area == ""
    assert all(math.isnan(getattr(row, name)) for name in MEASURES)
