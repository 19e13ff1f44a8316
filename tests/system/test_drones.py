"""Drones of both sides of a defence: what they find is reported, and who is hit turns home."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import startex
from engagement_examples import WEAPONS
from land_examples import defence
from startex.engine.sensing.sensors import AIRBORNE_M
from startex.forces.armament_figures import AGAINST
from startex.geography.geodesy import inverse
from startex.recording.audit import audit

pytestmark = pytest.mark.timeout(300)

DRONES = [{"platform": "uav-eleron", "count": 2}]
IGLA = [{"platform": "igla-team", "count": 4, "persons": 3}]
SUPPORT, OPFOR = {"helpers": DRONES, "guards": IGLA}, {"others": DRONES}
STATION_MIN = 30
PARAMS = {
    "attack_min": 110, "weapons_free_min": 20, "drones_after_min": 10,
    "drone_station_min": STATION_MIN, "drone_altitude_m": 600,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return defence(
        tmp_path_factory.mktemp("drones") / "made", support=SUPPORT, opfor=OPFOR, **PARAMS
    )


@pytest.fixture(scope="module")
def run(folder, tmp_path_factory) -> startex.Run:
    return startex.simulate(startex.load(folder), out=tmp_path_factory.mktemp("drones") / "run")


def _serial(run: startex.Run) -> dict:
    return run.sql("select * from serials where task = 'defend'").to_pylist()[0]


def _drones(run: startex.Run, unit: str) -> list[int]:
    rows = run.sql(
        "select e.entity from entities e join units u on e.unit = u.unit "
        "where u.id = ? and e.kind = 'aircraft' order by e.entity", [unit],
    )  # fmt: skip
    return [row["entity"] for row in rows.to_pylist()]


def _events(run: startex.Run, kind: str) -> list[dict]:
    return run.sql("select * from events where kind = ? order by event", [kind]).to_pylist()


def test_the_drones_of_a_side_relieve_each_other_and_are_back_in_time(run) -> None:
    serial = _serial(run)
    (place,) = run.sql("select lat, lon from places where place = ?", [serial["place"]]).to_pylist()
    orders = run.sql("select * from orders where kind = 'scout'").to_pylist()
    assert len(orders) == 4
    off = {row["actor"]: row["t"] for row in _events(run, "took_off")}
    own = sorted(off[row] for row in _drones(run, "helpers"))
    assert serial["start"] + 10 * 60_000 <= own[0] <= serial["start"] + 14 * 60_000
    assert own[1] - own[0] == pytest.approx(STATION_MIN * 60_000, abs=3 * 60_000)
    for row in _events(run, "landed"):
        assert row["t"] <= serial["end"]
    for unit, away in (("helpers", 1_500.0), ("others", 0.0)):  # where the others form up
        row = min(_drones(run, unit), key=lambda one: off[one])
        spot = run.where(row, off[row] + 6 * 60_000)
        if spot.alt > 0.0:
            gap = float(inverse(place["lat"], place["lon"], spot.lat, spot.lon)[1])
            assert gap == pytest.approx(away, abs=1_000.0)
            assert spot.alt == pytest.approx(600.0, abs=150.0)


def test_drones_find_what_is_on_the_ground_but_not_before_they_fly(run) -> None:
    for unit, opposing in (("helpers", False), ("others", True)):
        rows = _drones(run, unit)
        found = run.sql(
            f"select d.* from detections d join entities e on e.entity = d.target "
            f"where d.looker in ({rows[0]}, {rows[1]}) and e.kind in ('team', 'vehicle')"
        ).to_pylist()
        assert found
        assert {row["opposing"] for row in found} == {opposing}
        assert {row["sensor"] for row in found} == {"camera-uav"}
        for row in found:
            assert run.where(row["looker"], row["t"]).alt >= AIRBORNE_M


def test_what_they_find_is_told_to_their_command(run) -> None:
    told = run.sql(
        "select count(*) n from messages m join detections d on m.about = d.detection "
        "join units u on u.unit = m.sender where u.id in ('helpers', 'others') "
        "and d.sensor = 'camera-uav' and m.kind = 'contact_report'"
    ).to_pylist()
    assert told[0]["n"] > 0


def test_air_defence_fires_at_them_with_weapons_for_it_and_who_is_hit_turns_home(run) -> None:
    serial = _serial(run)
    drones = {*_drones(run, "helpers"), *_drones(run, "others")}
    shots = [row for row in run.sql("select * from shots").to_pylist() if row["target"] in drones]
    assert shots
    for row in shots:
        weapon = WEAPONS.index(row["weapon"])
        assert WEAPONS.against[weapon, AGAINST.index("air")]
        assert row["range_m"] <= WEAPONS.max_range_m[weapon]
    assert {row["target"] for row in shots} <= set(_drones(run, "others"))
    assert min(row["t"] for row in shots) >= serial["start"] + 20 * 60_000  # weapons free
    out = [row for row in _events(run, "out_of_action") if row["target"] in drones]
    assert out
    home = {row["actor"]: row for row in _events(run, "turned_home")}
    assert set(home) == {row["target"] for row in out}
    for row in out:
        later = [s for s in shots if s["target"] == row["target"] and s["t"] > row["t"]]
        assert not later
        assert 0 <= home[row["target"]]["t"] - row["t"] <= 60_000


def test_it_goes_the_same_on_one_thread_and_passes_the_audit(run, folder, tmp_path) -> None:
    again = startex.simulate(startex.load(folder), out=tmp_path / "again", threads=1)
    assert again.manifest.digest == run.manifest.digest
    found = audit(run)
    assert not found.problems, found.problems


def test_a_drone_that_would_not_be_back_in_time_stays(tmp_path) -> None:
    folder = defence(
        tmp_path / "made", support={"helpers": DRONES}, **{**PARAMS, "drone_station_min": 70}
    )
    run = startex.simulate(startex.load(folder), out=tmp_path / "run")
    assert len(_events(run, "took_off")) == 1
