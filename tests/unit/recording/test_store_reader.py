from __future__ import annotations

import math

import numpy as np
import pytest

import store_examples as ex
from startex.foundation.errors import StoreError, UsageError
from startex.recording.reader import Run

LATLON_TOLERANCE_DEG = 1e-9


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "out"
    ex.write_example(folder)
    return Run(folder)


def at(run, entity, minutes):
    return run.positions(ex.START + round(minutes * ex.MINUTE), [entity]).to_pylist()[0]


def rows_of(name):
    return ex.example_rows()[name]


def legs_of(entity):
    return [leg for leg in rows_of("legs") if leg["entity"] == entity]


def minute(t):
    return (t - ex.START) / ex.MINUTE


def test_everybody_has_a_row_and_a_position_at_any_instant(run):
    for minutes in (0, 1, 61, 151, 200, 300, 1440):
        found = run.positions(ex.START + minutes * ex.MINUTE)
        assert found.column("entity").to_pylist() == list(range(10))
        assert not np.isnan(found.column("lat").to_numpy()).any()


def test_platform_stands_at_its_start_before_its_first_leg(run):
    truck = at(run, ex.TRUCK, 0)
    assert (truck["lat"], truck["lon"]) == ex.A[:2]
    assert truck["mode"] == "hold" and truck["carrier"] is None and truck["status"] == "home"


def test_platform_half_way_through_a_leg(run):
    first = legs_of(ex.TRUCK)[0]
    middle = (first["t0"] + first["t1"]) // 2
    truck = at(run, ex.TRUCK, minute(middle))
    share = (middle - first["t0"]) / (first["t1"] - first["t0"])
    assert truck["lat"] == pytest.approx(44.0 + 0.02 * share, abs=LATLON_TOLERANCE_DEG)
    assert truck["mode"] == "road" and truck["status"] == "en_route"


def test_persons_follow_the_whole_chain(run):
    middle = minute(legs_of(ex.TRAIN)[0]["t0"]) + 5
    rifleman, train = at(run, ex.RIFLEMAN, middle), at(run, ex.TRAIN, middle)
    assert rifleman["aboard"] == ex.SQUAD and rifleman["carrier"] == ex.TRAIN
    assert (rifleman["lat"], rifleman["lon"]) == (train["lat"], train["lon"])
    assert rifleman["mode"] == "rail"


def test_alighted_and_not_moved_stands_where_the_carrier_was(run):
    truck_leg = legs_of(ex.TRUCK)[1]
    dismounted = truck_leg["t1"] + 5 * ex.MINUTE
    squad_leg = legs_of(ex.SQUAD)[0]
    assert squad_leg["t0"] == dismounted
    walker = at(run, ex.WALKER, minute(squad_leg["t1"]) + 10)
    assert walker["lat"] == pytest.approx(ex.TRENCH[0]) and walker["carrier"] == ex.SQUAD


def test_alighted_platform_without_any_leg_of_its_own(tmp_path):
    rows = ex.example_rows()
    rows["legs"] = [leg for leg in rows["legs"] if leg["entity"] != ex.SQUAD]
    ex.write_example(tmp_path / "out", rows)
    run = Run(tmp_path / "out")
    rifleman = at(run, ex.RIFLEMAN, 1400)
    truck = at(run, ex.TRUCK, 1400)
    assert (rifleman["lat"], rifleman["lon"]) == (truck["lat"], truck["lon"])
    assert rifleman["carrier"] == ex.SQUAD and rifleman["mode"] == "hold"


def test_alighted_platform_stays_when_its_carrier_drives_on(tmp_path):
    rows = ex.example_rows()
    rows["legs"] = [leg for leg in rows["legs"] if leg["entity"] != ex.SQUAD]
    away = ex.leg(ex.TRUCK, 1000, ex.RANGE, ex.STATION_2, "road", 10.0)
    rows["legs"].append(away)
    ex.write_example(tmp_path / "out", rows)
    run = Run(tmp_path / "out")
    assert at(run, ex.TRUCK, 1400)["lat"] == ex.STATION_2[0]
    assert at(run, ex.RIFLEMAN, 1400)["lat"] == pytest.approx(ex.RANGE[0])


def test_altitude_of_an_aircraft(run):
    climb = legs_of(ex.PLANE)[0]
    half = at(run, ex.PILOT, minute((climb["t0"] + climb["t1"]) // 2))
    assert half["alt"] == pytest.approx(1500.0, abs=1.0)
    assert half["mode"] == "air"


def test_position_without_start_or_leg_is_null(tmp_path):
    rows = ex.example_rows()
    for key in ("start_lat", "start_lon", "start_alt"):
        rows["entities"][ex.SHIP][key] = None
    rows["legs"] = [leg for leg in rows["legs"] if leg["entity"] != ex.SHIP]
    ex.write_example(tmp_path / "out", rows)
    found = at(Run(tmp_path / "out"), ex.MASTER, 10)
    assert found["lat"] is None and found["lon"] is None and found["alt"] is None


def test_instants_are_checked(run):
    with pytest.raises(UsageError, match="no offset"):
        run.positions("2022-08-25T10:00")
    with pytest.raises(StoreError, match="outside the run"):
        run.positions("2022-09-25T10:00Z")
    with pytest.raises(StoreError, match="no entity 99"):
        run.positions("2022-08-25T10:00Z", [99])


def test_where_tells_the_chain(run):
    minutes = minute(legs_of(ex.TRAIN)[0]["t0"]) + 5
    found = run.where("rifleman 1", ex.START + round(minutes * ex.MINUTE))
    assert [link.name for link in found.chain] == ["Rifleman 1", "Squad 1", "Truck 1", "Train 1"]
    assert "in Squad 1, aboard Truck 1 (slot 1), aboard Train 1 (slot 0)" in found.text
    assert "moving by rail" in found.text
    assert run.where(ex.RIFLEMAN, found.at) == found
    assert run.where(str(ex.RIFLEMAN), found.at) == found


def test_where_names_the_place(run):
    found = run.where("Truck 1", ex.START + 140 * ex.MINUTE)
    assert found.place == "station_1" and "(First Station)" in found.text


def test_where_of_a_unit(run):
    found = run.where("squad", "2022-08-25T23:00Z")
    assert found.kind == "unit" and found.place == "range"
    assert ("at The Range", "person", 3) in found.parts
    assert run.where("First Squad", "2022-08-25T23:00Z") == found


def test_where_suggests_near_names(run):
    with pytest.raises(StoreError, match="did you mean 'Rifleman 1'"):
        run.where("Riflemann 1", "2022-08-25T23:00Z")
    with pytest.raises(StoreError, match="did you mean 'squad'"):
        run.where("sqad", "2022-08-25T23:00Z")


def test_sql_sees_every_table_even_empty_ones(run):
    found = run.sql("select mode, count(*) as n from legs group by mode order by mode")
    assert found.column("n").to_pylist() == [2, 1, 2, 2, 1]
    assert run.sql("select count(*) as n from conflicts").column("n")[0].as_py() == 0
    found = run.sql('select serial, "end" from serials where outcome = ?', ["completed"])
    assert found.to_pylist() == [{"serial": "s1", "end": None}]
    with pytest.raises(StoreError, match="The query was"):
        run.sql("select nothing from nowhere")


def test_manifest_counts(run):
    counts = run.manifest.counts
    expected = {"persons": 5, "vehicles": 1, "aircraft": 1, "ships": 1, "nations": 2}
    assert {key: counts[key] for key in expected} == expected


def test_metric_agrees_with_the_geodesic():
    from pyproj import Geod

    from startex.geography.metric import distance_m

    rng = np.random.default_rng(7)
    lat = rng.uniform(-80, 80, 4000)
    lon = rng.uniform(-180, 180, 4000)
    for reach_m, share in ((1e4, 1e-6), (5e5, 1e-3)):
        lon1, lat1, _ = Geod(ellps="WGS84").fwd(
            lon, lat, rng.uniform(0, 360, 4000), rng.uniform(1, reach_m, 4000)
        )
        inside = np.abs(lat1) < 85
        _, _, exact = Geod(ellps="WGS84").inv(lon, lat, lon1, lat1)
        error = np.abs(distance_m(lat, lon, lat1, lon1) / exact - 1)[inside]
        assert error.max() < share, (reach_m, error.max())
    assert math.isclose(float(distance_m(0, 179.9999, 0, -179.9999)), 22.26, abs_tol=0.01)


def test_a_narrowed_run_gives_the_same_answers(tmp_path):
    """Where somebody is, from the rows of that entity and its carriers alone."""
    ex.write_example(tmp_path / "out")
    whole = Run(tmp_path / "out")
    assert whole.lookup.count == 10  # read whole from here on
    for subject in (*range(10), "top", "squad"):
        narrow = Run(tmp_path / "out")
        for minutes in (0, 61, 151, 300, 1440):
            t = ex.START + minutes * ex.MINUTE
            assert repr(narrow.where(subject, t)) == repr(whole.where(subject, t))
    part = Run(tmp_path / "out").narrowed([ex.RIFLEMAN])
    carried_by = {ex.RIFLEMAN, ex.SQUAD, ex.TRUCK, ex.TRAIN}
    assert set(part.table("legs").column("entity").to_pylist()) == carried_by - {ex.RIFLEMAN}
    assert set(part.table("statuses").column("entity").to_pylist()) == carried_by


def test_who_asks_often_is_given_the_whole_run(tmp_path):
    ex.write_example(tmp_path / "out")
    run = Run(tmp_path / "out")
    for _ in range(12):
        last = run.narrowed([ex.SHIP])
    assert last is run
