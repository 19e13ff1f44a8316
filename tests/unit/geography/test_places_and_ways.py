"""Places and ways: the shipped ones, and every kind of bad GeoJSON told at its line."""

from __future__ import annotations

import json

import numpy as np
import pytest

from startex.foundation.errors import ScenarioError
from startex.geography.geodesy import direct, inverse
from startex.geography.places import PLACE_KINDS, Place, Places, load_places, read_places
from startex.geography.surface import Surface
from startex.geography.ways import WAY_KINDS, read_ways

RANGES = {
    "sergeyevsky": (44.34, 131.62, 15_000), "knyaze-volkonsky": (48.47, 135.46, 15_000),
    "uspenovsky": (46.80, 142.50, 15_000), "goryachiye-klyuchi": (45.03, 147.76, 10_000),
    "lagunnoye": (43.98, 145.65, 15_000), "burduny": (50.60, 106.55, 50_000),
    "telemba": (53.00, 113.30, 40_000), "novoselsky": (44.75, 132.60, 25_000),
    "bukhta-anna": (42.87, 132.60, 20_000),
}  # fmt: skip
ON_LAND = {"range", "airfield", "station", "town", "park", "river", "island"}
AFLOAT = {"sea_area", "strait"}


def point(**changes):
    properties = {
        "place": "a-range", "name": "A range", "kind": "range", "radius_m": 1000.0,
        "assumed": "test",
    }  # fmt: skip
    properties.update(changes)
    properties = {k: v for k, v in properties.items() if v is not None}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [131.62, 44.34]},
        "properties": properties,
    }


def polygon(*ring, **changes):
    feature = point(kind="sea_area", radius_m=None, **changes)
    feature["geometry"] = {"type": "Polygon", "coordinates": [list(ring)]}
    return feature


def line(*positions, **changes):
    properties = {
        "way": "a-way", "name": "A way", "kind": "rail", "from": "a", "to": "b", "assumed": "test",
    }  # fmt: skip
    properties.update(changes)
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": list(positions)},
        "properties": {k: v for k, v in properties.items() if v is not None},
    }


@pytest.fixture
def write(tmp_path):
    def write(*features, name="places.geojson"):
        lines = ",\n".join(json.dumps(f) for f in features)
        path = tmp_path / name
        path.write_text('{"type": "FeatureCollection", "features": [\n' + lines + "\n]}\n")
        return path

    return write


@pytest.mark.parametrize("name", RANGES)
def test_ranges_lie_where_the_reports_allow_and_on_land(places: Places, surface: Surface, name):
    lat, lon, uncertainty = RANGES[name]
    place = places[places.index(name)]
    assert float(inverse(lat, lon, place.lat, place.lon)[1]) <= uncertainty
    assert place.uncertainty_m == uncertainty
    bearing, part = np.meshgrid(np.arange(0.0, 360.0, 15.0), [0.3, 0.7, 1.0])
    around = direct(place.lat, place.lon, bearing, part * place.radius_m)
    assert surface.is_land(*around).mean() > 0.97


def test_every_place_lies_on_what_it_is(places: Places, surface: Surface):
    for place in places:
        land = bool(surface.is_land(place.lat, place.lon))
        if place.kind in ON_LAND:
            assert land, place.id
        if place.kind in AFLOAT:
            assert not land, place.id
        if place.kind in ("port", "beach"):
            assert float(surface.coast_distance_m(place.lat, place.lon)) < 10_000.0, place.id
        assert place.claim or place.assumed
        assert not np.isnan(place.utc_offset_h)


def test_sea_areas_hold_no_land(places: Places, surface: Surface):
    for row, place in enumerate(places):
        if not place.polygon:
            continue
        ring = np.array(place.polygon)
        lon, lat = np.meshgrid(
            np.linspace(*np.quantile(ring[:, 0], [0, 1]), 60),
            np.linspace(*np.quantile(ring[:, 1], [0, 1]), 60),
        )
        inside = places.contains(row, lat, lon)
        assert inside.mean() > 0.3
        assert not surface.is_land(lat[inside], lon[inside]).any(), place.id
        assert place.radius_m > 10_000.0


def test_columns_are_ordered_by_id(places: Places):
    assert list(places.id) == sorted(places.id)
    row = places.index("sergeyevsky")
    assert places.lat[row] == places[row].lat == 44.34
    assert "sergeyevsky" in places and "nowhere" not in places
    with pytest.raises(KeyError, match="did you mean 'sergeyevsky'"):
        places.index("sergeyevski")
    with pytest.raises(ValueError, match="read-only"):
        places.lat[row] = 0.0


def test_contains_by_radius_and_by_outline(places: Places):
    row = places.index("sergeyevsky")
    near = direct(44.34, 131.62, [0.0, 90.0], [9_900.0, 10_100.0])
    assert places.contains(row, *near).tolist() == [True, False]
    area = places.index("rendezvous-area")
    assert places.contains(area, [44.25, 44.25, 44.0], [138.0, 138.0 - 360.0, 130.0]).tolist() == [
        True, True, False,
    ]  # fmt: skip


def test_places_do_not_repeat():
    one = Place("a", "A", "point", 0.0, 0.0, 1.0, 0.0, 0.0, assumed="test")
    with pytest.raises(ValueError, match="same id"):
        Places([one, one])


BAD = {
    "kind": (point(kind="rage"), "Did you mean 'range'"),
    "unknown key": (point(radius=5), "Did you mean 'radius_m'"),
    "no id": (point(place=None), "'place' is missing"),
    "bad id": (point(place="A Range"), "place"),
    "no provenance": (point(assumed=" "), "neither a claim nor an assumption"),
    "no radius": (point(radius_m=None), "'radius_m' is missing"),
    "negative radius": (point(radius_m=-1), "greater than 0"),
    "text for a number": (point(radius_m="wide"), "radius_m"),
    "offset": (point(utc_offset_h=25), "utc_offset_h"),
    "swapped": (
        {**point(), "geometry": {"type": "Point", "coordinates": [44.34, 131.62]}},
        "[longitude, latitude]; is it [131.62, 44.34]?",
    ),
    "far out": ({**point(), "geometry": {"type": "Point", "coordinates": [500, 95]}}, "position"),
    "no coordinates": (
        {**point(), "geometry": {"type": "Point", "coordinates": []}},
        "coordinates",
    ),
    "wrong geometry": (
        {**point(), "geometry": {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}},
        "LineString",
    ),
    "no geometry": ({**point(), "geometry": None}, "geometry"),
    "not a feature": ({**point(), "type": "Thing"}, "Feature"),
    "open ring": (polygon([0, 0], [1, 0], [1, 1], [0, 1]), "not closed"),
    "short ring": (polygon([0, 0], [1, 0], [0, 0]), "4 or more"),
    "crossing itself": (polygon([0, 0], [1, 1], [0, 1], [1, 0], [0, 0]), "Self-intersection"),
    "flat": (polygon([0, 0], [1, 1], [2, 2], [0, 0]), "polygon"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_place_is_told_at_its_line_and_the_others_are_kept(write, name):
    feature, says = BAD[name]
    path = write(point(place="first"), feature, point(place="last"))
    places, problems = read_places(path)
    assert places.id == ("first", "last")
    assert problems and all(p.line == 3 and p.column >= 1 for p in problems)
    assert any(says in str(p) for p in problems), [str(p) for p in problems]
    with pytest.raises(ScenarioError):
        load_places(path)


def test_all_problems_are_told_in_one_run(write):
    path = write(*(feature for feature, _ in BAD.values()))
    _, problems = read_places(path)
    assert {p.line for p in problems} >= set(range(2, 2 + len(BAD)))


def test_a_repeated_id_is_told_with_the_line_of_the_first(write):
    _, problems = read_places(write(point(), point(), point(place="b")))
    assert [p.line for p in problems] == [3]
    assert "was used before, in line 2" in problems[0].message


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('{"type": "FeatureCollection",\n "features": [}', 2, "is not JSON"),
        ('{"type": "Collection", "features": []}', 1, "'type' is 'Collection'"),
        ('{"type": "FeatureCollection"}', 1, "'features'"),
        ('{"type": "FeatureCollection",\n"features": [],\n"feature": []}', 3, "'feature'"),
        ("[]", 1, "FeatureCollection is wanted"),
        ("", 1, "is not JSON"),
        ("[" * 100_000, 1, ""),
    ],
)
def test_a_broken_file_is_told(tmp_path, text, line, says):
    path = tmp_path / "places.geojson"
    path.write_text(text)
    places, problems = read_places(path)
    assert len(places) == 0
    assert problems[0].line == line
    assert any(says in p.message for p in problems)


def test_an_absent_file_and_one_that_is_no_text(tmp_path):
    assert "does not exist" in read_places(tmp_path / "none.geojson")[1][0].message
    path = tmp_path / "places.geojson"
    path.write_bytes(b'{"type": "\xff"}')
    assert "UTF-8" in read_places(path)[1][0].message


def test_tabs_between_tokens_are_json(tmp_path):
    path = tmp_path / "places.geojson"
    path.write_text('{\t"type":\t"FeatureCollection",\n\t"features":\t[]}')
    assert read_places(path)[1] == []


def test_shipped_ways_end_at_their_places(ways, places):
    assert {w.kind for w in ways} <= set(WAY_KINDS)
    assert {p.kind for p in places} <= set(PLACE_KINDS)
    for way in ways:
        first = places[places.index(way.origin)]
        assert float(inverse(way.lat[0], way.lon[0], first.lat, first.lon)[1]) < 1.0
        assert (way.headway_min > 0.0) == (way.kind == "rail")


BAD_WAYS = {
    "no such place": (line([0, 0], [1, 0], **{"to": "bb"}), "names no place: 'bb'"),
    "ends elsewhere": (line([0, 0], [2, 0]), "the line ends 111 km from 'b'"),
    "swapped": (line([0, 0], [44, 131]), "[longitude, latitude]"),
    "one point": (line([0, 0]), "coordinates"),
    "detour": (line([0, 0], [1, 0], detour=0.5), "detour"),
    "headway of a road": (line([0, 0], [1, 0], kind="road", headway_min=5), "for railways"),
    "no provenance": (line([0, 0], [1, 0], assumed=None), "neither a claim"),
    "unknown key": (line([0, 0], [1, 0], form="a"), "unknown key 'form'"),
}


@pytest.mark.parametrize("name", BAD_WAYS)
def test_a_bad_way_is_told_at_its_line(write, name):
    ends = Places(
        [
            Place(i, i, "station", 0.0, x, 1000.0, 0.0, 0.0, assumed="test")
            for i, x in (("a", 0.0), ("b", 1.0))
        ]
    )
    feature, says = BAD_WAYS[name]
    good = line([0, 0], [1, 0], way="good")
    ways, problems = read_ways(write(good, feature, name="ways.geojson"), ends)
    assert ways.id == ("good",)
    assert problems and all(p.line == 3 for p in problems)
    assert any(says in str(p) for p in problems), [str(p) for p in problems]
