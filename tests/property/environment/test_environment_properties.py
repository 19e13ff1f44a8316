"""Weather: the order of rows means nothing; columns give what one row at a time would."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from startex.environment.environment import FAIR, area_m2, environment
from startex.environment.weather import MEASURES, Weather
from startex.geography.geodesy import inverse
from startex.geography.places import Place, Places

NAMES = ("a", "b", "c", "d")
VALUE = st.one_of(st.just(math.nan), st.integers(0, 9).map(float))


@st.composite
def _places(draw):
    found = []
    for name in NAMES:
        lat = draw(st.floats(-89.9, 89.9))
        lon = draw(st.floats(-180.0, 180.0))
        radius = draw(st.floats(10.0, 2_000_000.0))
        found.append(Place(name, name, "range", lat, lon, radius, 0.0, math.nan))
    return Places(found)


@st.composite
def _rows(draw):
    keys = draw(st.lists(st.tuples(st.sampled_from(("", *NAMES)), st.integers(0, 20)), unique=True))
    return [Weather(*key, **{name: draw(VALUE) for name in MEASURES}) for key in keys]


def _one(rows, places, t, lat, lon):
    """The weather at one time and place, found as a reader of the file would."""
    here = [
        place
        for place in places
        if float(inverse(place.lat, place.lon, lat, lon)[1]) <= place.radius_m
    ]
    here.sort(key=lambda place: (area_m2(place), -NAMES.index(place.id)))
    areas = [*(place.id for place in here), ""]
    found = {}
    for name in MEASURES:
        found[name] = FAIR[name]
        for area in areas:
            begun = [row for row in rows if row.area == area and row.t <= t]
            if begun:
                value = getattr(max(begun, key=lambda row: row.t), name)
                if not math.isnan(value):
                    found[name] = value
                    break
    return found


@settings(deadline=None)
@given(_rows(), _places(), st.data())
def test_as_a_reader_would_find_it_in_any_order_of_rows(rows, places, data):
    n = 12
    t = data.draw(st.lists(st.integers(-2, 22), min_size=n, max_size=n))
    share = data.draw(st.lists(st.floats(0.0, 1.5), min_size=n, max_size=n))
    near = data.draw(st.lists(st.sampled_from(range(len(places))), min_size=n, max_size=n))
    lat = np.array([
        np.clip(places[p].lat + s * places[p].radius_m / 111_000.0, -90.0, 90.0)
        for p, s in zip(near, share, strict=True)
    ])  # fmt: skip
    lon = np.array([places[p].lon + 30.0 * s * (i % 3 - 1) for i, (p, s) in enumerate(
        zip(near, share, strict=True))])  # fmt: skip
    env = environment(rows, places)
    other = environment(data.draw(st.permutations(rows)), places)
    at, again = env.conditions(t, lat, lon), other.conditions(t, lat, lon)
    assert (at.row == again.row).all()
    for i in range(n):
        expected = _one(rows, places, t[i], lat[i], lon[i])
        for name in MEASURES:
            assert getattr(at, name)[i] == expected[name]
            assert getattr(again, name)[i] == expected[name]


@settings(deadline=None)
@given(_rows(), _places(), st.integers(0, 20), st.floats(-90.0, 90.0), st.floats(-180.0, 180.0))
def test_held_later_the_weather_is_later(rows, places, t, lat, lon):
    week = 7 * 86_400_000
    later = [replace(row, t=row.t + week) for row in rows]
    now = environment(rows, places).conditions(t, lat, lon)
    then = environment(later, places).conditions(t + week, lat, lon)
    assert all(getattr(now, name) == getattr(then, name) for name in MEASURES)
