"""Ways between any points of the theatre: on their surface, never shorter than the geodesic."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from startex.geography.geodesy import inverse
from startex.geography.places import Places
from startex.geography.routes import ROAD_DETOUR, NoWayError, Router
from startex.geography.surface import COAST_TOLERANCE_M, Surface
from startex.geography.ways import Ways

SEA_OF_JAPAN = st.tuples(st.floats(34.5, 49.5), st.floats(128.5, 143.0))
PRIMORYE = st.tuples(st.floats(43.0, 49.0), st.floats(131.5, 136.0))
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@pytest.fixture(scope="module")
def router():
    return Router(Surface(), Ways([]), Places([]))


def along(path):
    s = np.arange(0.0, path.length_m, 300.0)
    return np.interp(s, path.s, path.lat), np.interp(s, path.s, path.lon)


def _in_a_lake(surface, lat, lon) -> bool:
    lakes = surface.lakes(lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1)
    return any(lake.covers(shapely.Point(lon, lat)) for lake in lakes)


@FEW
@given(SEA_OF_JAPAN, SEA_OF_JAPAN)
def test_sea_ways(router, a, b):
    surface = router.surface
    assume(not surface.is_land(*a) and not surface.is_land(*b))
    assume(min(surface.coast_distance_m([a[0], b[0]], [a[1], b[1]])) > 15_000.0)
    assume(not _in_a_lake(surface, *a) and not _in_a_lake(surface, *b))
    path = router.sea(*a, *b)
    lat, lon = along(path)
    land = surface.is_land(lat, lon)  # in narrows one cell wide, corners of cells are cut
    assert land.sum() <= 0.01 * land.size
    assert np.all(surface.coast_distance_m(lat[land], lon[land]) <= COAST_TOLERANCE_M)
    straight = float(inverse(*a, *b)[1])
    assert path.length_m >= straight * (1.0 - 1e-6) - 0.1
    back = router.sea(*b, *a)
    assert abs(back.length_m - path.length_m) <= 0.02 * path.length_m + 1.0
    assert np.array_equal(path.lat[[0, -1]], back.lat[[-1, 0]])


@FEW
@example((43.0, 132.8125), (46.0, 132.796875))  # along Lake Khanka
@given(PRIMORYE, PRIMORYE)
def test_road_ways(router, a, b):
    surface = router.surface
    assume(surface.is_land(*a) and surface.is_land(*b))
    straight = float(inverse(*a, *b)[1])
    assume(straight > 1_000.0)
    try:
        path = router.road(*a, *b)
    except NoWayError:  # an island
        return
    lat, lon = along(path)
    wet = ~surface.is_land(lat, lon)
    assert np.all(surface.coast_distance_m(lat[wet], lon[wet]) <= COAST_TOLERANCE_M)
    # the straight way, where no winding one keeps off the water as well
    winds = path.length_m >= straight * ROAD_DETOUR * 0.98
    assert winds or path.length_m == pytest.approx(straight, rel=1e-6)
    back = router.road(*b, *a)
    assert np.array_equal(back.lat[::-1], path.lat) and np.array_equal(back.lon[::-1], path.lon)
