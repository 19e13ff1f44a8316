"""A landing against a defended beach as it was recorded, in a generated exercise."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

import startex
from startex.control.tasks.shore import DEFENCE_M
from startex.geography.geodesy import inverse
from startex.testing import make_exercise

HAZE = (
    "area,from,wind_kn,wind_from_deg,visibility_km,sea_state,rain_mm_h,temperature_c,"
    "cloud_percent,claim,assumed\n"
    ",2031-05-01T00:00Z,8,270,1.5,2,0,15,20,,invented for a test\n"
)

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    """A scenario folder with landings on beaches that are held."""
    folder = tmp_path_factory.mktemp("landing") / "made"
    return make_exercise(folder, entities=60, seed=3, kinds=["landing"], terrain="coast")


@pytest.fixture(scope="module")
def run(exercise, tmp_path_factory) -> startex.Run:
    return startex.simulate(startex.load(exercise), out=tmp_path_factory.mktemp("landing") / "run")


@pytest.fixture(scope="module")
def shots(run) -> list[dict]:
    return run.sql(
        """select s.*, a.kind as by_kind, a.unit as by_unit, b.kind as at_kind, u.id as by
        from shots s join entities a on a.entity = s.shooter join entities b on b.entity = s.target
        join units u on u.unit = a.unit order by shot"""
    ).to_pylist()


def test_the_landing_is_held_and_both_sides_fire(run, shots) -> None:
    outcomes = run.sql("select outcome from serials where task = 'landing'").to_pylist()
    assert outcomes
    assert {row["outcome"] for row in outcomes} == {"held"}
    fire = {(row["by"].rsplit("-", 1)[-1], row["by_kind"], row["at_kind"]) for row in shots}
    assert ("enemy", "vehicle", "vehicle") in fire
    assert ("landing", "vehicle", "vehicle") in fire
    assert ("boat", "ship", "vehicle") in fire


def test_the_enemy_stands_behind_the_beach_on_land(run) -> None:
    spots = run.sql(
        """select l.entity, l.lat1, l.lon1, l.t1 from legs l join entities e using (entity)
        join units u on u.unit = e.unit where u.id like '%enemy' and e.kind = 'vehicle'
        and l.t1 < (select min(t) from events where kind = 'landing_started')
        order by l.entity, l.t1"""
    ).to_pylist()
    last = {row["entity"]: row for row in spots}
    assert last
    beach = run.sql("select lat, lon from places where place like '%beach'").to_pylist()
    for row in last.values():
        away = min(
            float(inverse(place["lat"], place["lon"], row["lat1"], row["lon1"])[1])
            for place in beach
        )
        assert away == pytest.approx(DEFENCE_M, abs=200.0)


def test_nobody_fires_from_aboard_or_at_who_is_aboard(run, shots) -> None:
    for row in shots:
        for who in (row["shooter"], row["target"]):
            spot = run.positions(row["t"], [who]).to_pylist()[0]
            assert np.isfinite(spot["lat"])
            assert spot["aboard"] is None


def test_ships_that_see_nothing_fire_after_they_were_called_on(exercise, tmp_path) -> None:
    """In haze the order has come over the net, and somebody of the side has the target then."""
    hazy = shutil.copytree(exercise, tmp_path / "hazy")
    (hazy / "weather.csv").write_text(HAZE, encoding="utf-8")
    run = startex.simulate(startex.load(hazy), out=tmp_path / "run")
    called = run.sql(
        "select receiver, min(t_received) t from messages where kind = 'request' "
        "and t_received is not null group by receiver"
    ).to_pylist()
    told = {row["receiver"]: row["t"] for row in called}
    shots = run.sql(
        "select s.*, a.unit from shots s join entities a on a.entity = s.shooter "
        "where a.kind = 'ship'"
    ).to_pylist()
    blind = 0
    for row in shots:
        seen = run.sql(
            "select count(*) filter (where unit = ?) as own, count(*) as side from detections "
            "where target = ? and t <= ? and (t_lost is null or t_lost >= ?)",
            [row["unit"], row["target"], row["t"], row["t"]],
        ).to_pylist()[0]
        assert seen["side"]
        if not seen["own"]:
            blind += 1
            assert told[row["unit"]] <= row["t"]
    assert blind


def test_the_run_is_sound_and_the_same_on_more_threads(exercise, run, tmp_path) -> None:
    assert run.verify_deep() == []
    again = startex.simulate(startex.load(exercise), out=tmp_path / "again", threads=2)
    assert again.manifest.digest == run.manifest.digest
