"""Ways: what they may cross, how long they are, what happens where there is none."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from startex.geography.geodesy import inverse
from startex.geography.places import Places
from startex.geography.routes import ROAD_DETOUR, NoWayError, Router
from startex.geography.search import PORT_TOLERANCE_M
from startex.geography.surface import COAST_TOLERANCE_M
from startex.geography.ways import Ways

PORTS = (
    "vladivostok",
    "fokino",
    "petropavlovsk",
    "qingdao",
    "korsakov",
    "vanino",
    "kholmsk",
    "yuzhno-kurilsk",
)
SEAS = ("rendezvous-area", "central-sea-of-japan", "southern-okhotsk", "east-of-kamchatka",
        "peter-the-great-gulf", "soya-strait", "tsushima-strait")  # fmt: skip
ROADS = (
    ("ussuriysk", "sergeyevsky"), ("ussuriysk", "fokino"), ("khabarovsk", "knyaze-volkonsky"),
    ("yuzhno-sakhalinsk", "uspenovsky"), ("ulan-ude", "burduny"), ("chita", "telemba"),
    ("vladivostok", "klerk"), ("spassk-dalny", "sergeyevsky"), ("knevichi", "vladivostok"),
    ("iturup-garrison", "goryachiye-klyuchi"), ("kunashir-garrison", "lagunnoye"),
    ("grodekovo", "equipment-park"), ("uspenovsky", "taranai-beach"), ("khabarovsk", "ussuriysk"),
)  # fmt: skip


def point(places: Places, name: str) -> tuple[float, float]:
    row = places.index(name)
    return float(places.lat[row]), float(places.lon[row])


def samples(path, margin_m):
    s = np.arange(margin_m, path.length_m - margin_m, 200.0)
    return np.interp(s, path.s, path.lat), np.interp(s, path.s, path.lon)


def nautical_miles(path) -> float:
    return path.length_m / 1852.0


@pytest.mark.parametrize("port", PORTS)
def test_sea_ways_stay_on_water(router, surface, places, port):
    for sea in SEAS:
        path = router.sea(*point(places, port), *point(places, sea))
        land = surface.is_land(*samples(path, PORT_TOLERANCE_M))
        assert not land.any(), (port, sea)
        assert (path.lat[0], path.lon[0]) == point(places, port)
        assert abs(path.lat[-1] - point(places, sea)[0]) < 2e-7
        direct = float(inverse(*point(places, port), *point(places, sea))[1])
        assert path.length_m >= direct * 0.999


def test_open_water_is_crossed_on_the_geodesic(router):
    path = router.sea(40.0, 134.0, 41.0, 137.5)
    assert path.length_m == pytest.approx(float(inverse(40.0, 134.0, 41.0, 137.5)[1]), rel=1e-6)


def test_qingdao_to_vladivostok_agrees_with_published_distances(router, places):
    """961 nmi (grid search), 984 (Eurostat SeaRoute), 1,042 (MARNET)."""
    path = router.sea(*point(places, "qingdao"), *point(places, "vladivostok"))
    assert 950.0 < nautical_miles(path) < 1045.0
    assert path.lat.min() < 35.0  # round the south of Korea


def test_the_soya_strait_is_used_and_is_no_detour(router, places):
    """D-5 of the ledger: Soya Strait to 40 N 135 E is 463 nautical miles on the geodesic."""
    strait = point(places, "soya-strait")
    assert nautical_miles(router.sea(*strait, 40.0, 135.0)) == pytest.approx(463.0, rel=0.02)
    path = router.sea(44.25, 138.0, 46.75, 146.5)
    assert float(inverse(*strait, path.lat, path.lon)[1].min()) < 40_000.0


def test_petropavlovsk_to_vladivostok_runs_through_a_strait(router, places):
    path = router.sea(*point(places, "petropavlovsk"), *point(places, "vladivostok"))
    assert 1_250.0 < nautical_miles(path) < 1_450.0


def test_ways_over_the_date_line_are_unbroken(router, surface):
    path = router.sea(64.4, 178.5, 63.0, -172.5)
    assert np.all(np.abs(np.diff(path.lon)) < 5.0)
    assert path.lon[-1] == pytest.approx(187.5)
    assert not surface.is_land(*samples(path, PORT_TOLERANCE_M)).any()
    back = router.sea(63.0, -172.5, 64.4, 178.5)
    assert back.lon[-1] == pytest.approx(-181.5)
    assert back.length_m == pytest.approx(path.length_m, rel=0.01)


def test_via_points_are_passed_in_order(router):
    via = [(42.0, 133.0), (41.0, 136.0)]
    path = router.sea(42.5, 132.0, 43.0, 137.0, via=via)
    where = [int(np.argmin(inverse(path.lat, path.lon, *p)[1])) for p in via]
    assert where == sorted(where)
    for (lat, lon), row in zip(via, where, strict=True):
        assert float(inverse(path.lat[row], path.lon[row], lat, lon)[1]) < 1.0


def test_ways_are_remembered_and_always_the_same(router, surface, ways, places):
    ends = (43.0, 132.0, 46.5, 145.0)
    assert router.sea(*ends) is router.sea(*ends)
    other = Router(surface, ways, places)
    other.sea(36.0, 120.5, 43.0, 132.0)  # another history
    assert np.array_equal(other.sea(*ends).lat, router.sea(*ends).lat)


def test_an_inland_end_of_a_sea_way_is_refused_with_what_was_found(router):
    with pytest.raises(NoWayError, match=r"55\.7500, 37\.6000 is not on water.*10 km are allowed"):
        router.sea(55.75, 37.6, 40.0, 135.0)


def test_the_caspian_is_not_joined_to_the_ocean(router):
    with pytest.raises(NoWayError, match="no water joins"):
        router.sea(42.0, 50.5, 43.0, 34.0)


@pytest.mark.parametrize(("start", "end"), ROADS)
def test_roads_stay_on_land_and_keep_their_detour(router, surface, places, start, end):
    a, b = point(places, start), point(places, end)
    path = router.road(*a, *b)
    lat, lon = samples(path, COAST_TOLERANCE_M)
    wet = ~surface.is_land(lat, lon)
    assert np.all(surface.coast_distance_m(lat[wet], lon[wet]) <= COAST_TOLERANCE_M)
    assert wet.mean() < 0.02
    straight = float(inverse(*a, *b)[1])
    assert path.length_m >= straight * ROAD_DETOUR * 0.98
    assert (path.lat[0], path.lon[0]) == a


def test_a_road_over_open_land_is_as_long_as_its_detour_says(router, places):
    for end in ((44.2, 132.4), (43.95, 131.5), (44.05, 131.95), (43.801, 131.95)):
        straight = float(inverse(43.8, 131.95, *end)[1])
        for detour in (1.1, 1.3, 1.6):
            path = router.road(43.8, 131.95, *end, detour=detour)
            if straight > 400.0:
                assert path.length_m == pytest.approx(detour * straight, rel=0.02)


def test_the_way_back_is_the_way_there_in_reverse(router):
    there = router.road(43.8, 131.95, 44.34, 131.62)
    back = router.road(44.34, 131.62, 43.8, 131.95)
    assert np.array_equal(there.lat, back.lat[::-1])
    assert np.array_equal(there.lon, back.lon[::-1])


def test_different_roads_have_different_courses(router):
    a = router.road(43.8, 131.95, 44.34, 131.62)
    b = router.road(43.8, 131.951, 44.34, 131.62)
    reach = float(
        inverse(*(np.interp(a.length_m / 3, p.s, v) for p in (a, b) for v in (p.lat, p.lon)))[1]
    )
    assert reach > 100.0


def test_a_road_follows_a_given_way(router, ways):
    way = ways.get("road-spassk-sergeyevsky")
    path = router.road(44.61, 132.80, 44.35, 131.60, way=way.id)
    for lat, lon in list(zip(way.lat, way.lon, strict=True))[1:-1]:
        assert float(inverse(path.lat, path.lon, lat, lon)[1].min()) < 300.0
    whole = sum(float(inverse(*a, *b)[1]) for a, b in pairwise(zip(way.lat, way.lon, strict=True)))
    assert path.length_m == pytest.approx(way.detour * whole, rel=0.05)
    assert (path.lat[-1], path.lon[-1]) == (44.35, 131.6)


def test_islands_are_not_reached_by_road(router):
    with pytest.raises(NoWayError, match="no land joins"):
        router.road(43.8, 131.95, 46.8, 142.5)


def test_a_road_does_not_begin_at_sea(router):
    with pytest.raises(NoWayError, match="is not on land"):
        router.road(43.8, 131.95, 40.0, 135.0)


def test_a_way_of_no_length(router):
    assert router.road(43.8, 131.95, 43.8, 131.95).length_m == 0.0
    assert router.sea(40.0, 135.0, 40.0, 135.0).length_m == 0.0


def test_the_chinese_land_group_comes_by_rail(router, places):
    """Suifenhe to Grodekovo is 26 to 27 km by rail (W-81)."""
    path = router.rail(["rail-grodekovo-suifenhe"], "suifenhe", "grodekovo")
    assert 25_500.0 < path.length_m < 27_500.0
    assert (path.lat[0], path.lon[0]) == point(places, "suifenhe")
    whole = router.rail((), "mudanjiang", "grodekovo")
    assert (whole.lat[-1], whole.lon[-1]) == point(places, "grodekovo")
    assert whole.length_m > path.length_m


def test_the_trans_siberian_is_about_as_long_as_it_is(router):
    """Chita (km 6199) to Khabarovsk (km 8521) by the line's own kilometre posts."""
    path = router.rail(
        (), places_index(router, "chita"), places_index(router, "khabarovsk-station")
    )
    assert path.length_m == pytest.approx(2_322_000.0, rel=0.12)


def places_index(router: Router, name: str) -> int:
    return router.places.index(name)


def test_railways_that_do_not_meet_are_named(router):
    with pytest.raises(NoWayError, match="no railway joins 'chita' and 'sergeyevsky'"):
        router.rail((), "chita", "sergeyevsky")
    with pytest.raises(NoWayError, match="rail-grodekovo-suifenhe"):
        router.rail(["rail-grodekovo-suifenhe"], "chita", "grodekovo")
    with pytest.raises(KeyError, match="did you mean 'rail-grodekovo-suifenhe'"):
        router.rail(["rail-grodekovo-suifenhr"], "suifenhe", "grodekovo")


def test_lines_and_air_ways(router, ways: Ways):
    lane = ways.get("lane-vladivostok-soya")
    path = router.line(lane.id)
    assert float(inverse(path.lat[-1], path.lon[-1], lane.lat[-1], lane.lon[-1])[1]) < 1.0
    flight = router.air([(43.399, 132.148), (48.0, 140.0), (53.168, 158.454)])
    assert flight.s.size > 3
    assert float(inverse(flight.lat, flight.lon, 48.0, 140.0)[1].min()) < 0.1
    with pytest.raises(KeyError, match="no way 'lane-x'"):
        router.line("lane-x")
