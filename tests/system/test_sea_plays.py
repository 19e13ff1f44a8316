"""Plays at sea in small exercises: raids from the air, mines, intruders. Fictional."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import startex
from sea_examples import exercise
from startex.control.reactions import MOST_SALVOS
from startex.geography.geodesy import inverse
from startex.models import shootlook

pytestmark = pytest.mark.timeout(300)


def _run(folder: Path, units: list[dict[str, Any]], serials: list[dict[str, Any]], seed: int = 0):
    made = exercise(folder / "at-sea", units, serials)
    return startex.simulate(startex.load(made), out=folder / "run", seed=seed)


def _unit(name: str, home: str, **parts: int) -> dict[str, Any]:
    return {"unit": name, "home": home, "parts": {k.replace("_", "-"): n for k, n in parts.items()}}


def _events(run: startex.Run, *kinds: str) -> list[dict[str, Any]]:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    return run.sql(f"select * from events where kind in ({words}) order by t, event").to_pylist()


# --- raids from the air --------------------------------------------------------------------------

GROUP = _unit("group", "area", corvette_20380=3)
RAIDERS = _unit("raiders", "field", su_34=4, ground_crew=4)
RAID = {
    "serial": "raid", "task": "form_up", "hours": (2, 8), "units": ["group"], "opfor": ["raiders"],
    "params": {"raid_after_min": 60, "raid_interval_min": 10, "raid_altitude_m": 5000,
               "speed_kn": 10},
}  # fmt: skip


@pytest.fixture(scope="module")
def raid(tmp_path_factory) -> startex.Run:
    return _run(tmp_path_factory.mktemp("raid"), [GROUP, RAIDERS], [RAID])


def test_raiders_take_off_in_pairs_when_the_serial_says(raid) -> None:
    start = raid.sql("select start from serials").to_pylist()[0]["start"]
    off = [e["t"] - start for e in _events(raid, "took_off")]
    assert len(off) == 4
    assert 60 <= off[0] / 60_000 <= 63
    assert 10 <= (off[2] - off[0]) / 60_000 <= 13


def test_ships_repulse_them_and_raiders_fire_within_reach(raid) -> None:
    shots = raid.sql(
        "select s.*, a.kind ak, b.kind bk from shots s join entities a on a.entity = s.shooter "
        "join entities b on b.entity = s.target order by shot"
    ).to_pylist()
    assert {(s["ak"], s["bk"]) for s in shots} == {("ship", "aircraft"), ("aircraft", "ship")}
    reach = {"redut": 40e3, "kh-31a": 50e3, "ak-630": 4e3, "a-190": 20e3}
    for shot in shots:
        assert shot["range_m"] <= reach.get(shot["weapon"], 150e3)
    # the first salvo at each is fired within a second or two of flight of the envelope's edge
    first = {s["target"]: s["range_m"] for s in reversed(shots) if s["weapon"] == "redut"}
    assert first
    assert max(first.values()) > 36e3


def test_fire_is_shoot_look_shoot(raid) -> None:
    """No second salvo before the first has been seen to miss, none after it was enough."""
    shots = raid.sql(
        "select s.t, s.target, s.result, s.range_m, s.weapon from shots s join entities b "
        "on b.entity = s.target where b.kind = 'aircraft' order by s.target, s.t"
    ).to_pylist()
    for before, after in pairwise(shots):
        if before["target"] == after["target"]:
            assert before["result"] != "out_of_action"
            assert after["t"] - before["t"] >= 10_000


def test_who_is_out_of_action_turns_home_and_lands_where_it_came_from(raid) -> None:
    out = {e["target"]: e["t"] for e in _events(raid, "out_of_action")}
    aircraft = {
        e["entity"]: e for e in raid.sql("select * from entities where kind = 'aircraft'")
        .to_pylist()
    }  # fmt: skip
    home = {e["actor"]: e["t"] for e in _events(raid, "turned_home")}
    assert home
    assert set(home) == set(out) & set(aircraft)
    for row, t in home.items():
        assert out[row] < t <= out[row] + 15_000
        before, after = raid.where(row, t - 1), raid.where(row, t + 1)
        assert float(inverse(before.lat, before.lon, after.lat, after.lon)[1]) < 2.0
        assert abs(before.alt - after.alt) < 1.0
    start, end = raid.manifest.header.sim_start, raid.manifest.header.sim_end
    for row in aircraft:
        first, last = raid.where(row, start), raid.where(row, end)
        assert float(inverse(first.lat, first.lon, last.lat, last.lon)[1]) < 3_000.0


def test_the_audits_find_the_run_sound(raid) -> None:
    assert raid.verify() == []
    assert [str(problem) for problem in raid.verify_deep()] == []


def test_the_order_of_rows_gives_nobody_an_advantage(raid, tmp_path) -> None:
    again = _run(tmp_path, [RAIDERS, GROUP], [RAID])
    names = "select t, kind, text from events order by t, kind, text"
    assert raid.sql(names).equals(again.sql(names))


def test_fighters_of_the_training_side_meet_raiders(tmp_path) -> None:
    fighters = _unit("fighters", "field", su_35s=2, ground_crew=2)
    params = {"pattern": "racetrack", "raid_after_min": 40, "raid_altitude_m": 5000}
    serial = {**RAID, "task": "patrol", "support": ["fighters"], "params": params}
    run = _run(tmp_path, [GROUP, RAIDERS, fighters], [serial])
    shots = run.sql(
        "select s.weapon, u.id from shots s join entities e on e.entity = s.shooter "
        "join units u on u.unit = e.unit where s.weapon in ('r-77', 'r-73')"
    ).to_pylist()
    assert {s["id"] for s in shots} <= {"fighters", "raiders"}
    assert "fighters" in {s["id"] for s in shots}


# --- mines ---------------------------------------------------------------------------------------

SWEEPERS = _unit("sweepers", "close", minesweeper=3)


def _hunt(number: int, **params: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    mines = _unit("mines", "near", target_floating_mine=number)
    serial = {
        "serial": "hunt", "task": "patrol", "hours": (5, 17), "units": ["sweepers"],
        "opfor": ["mines"],
        "params": {"pattern": "sweep", "speed_kn": 8, "within_m": 4000, "lane_spacing_m": 600,
                   **params},
    }  # fmt: skip
    return [SWEEPERS, mines], [serial]


@pytest.fixture(scope="module")
def hunt(tmp_path_factory) -> startex.Run:
    return _run(tmp_path_factory.mktemp("hunt"), *_hunt(20, mines="moored"))


def test_mines_are_found_gone_near_to_and_destroyed_one_by_one(hunt) -> None:
    shots = hunt.sql("select * from shots order by shot").to_pylist()
    gone = [s for s in shots if s["result"] == "target_destroyed"]
    assert len({s["target"] for s in gone}) == len(gone) >= 18
    assert sorted(s["range_m"] for s in gone)[len(gone) // 2] <= 300.0
    assert {s["weapon"] for s in gone} <= {"ak-630", "mine-disposal"}
    spent = hunt.sql("select sum(rounds) r from shots").to_pylist()[0]["r"]
    used = hunt.sql("select sum(consumed) c from supply where measure = 'rounds'").to_pylist()
    assert int(used[0]["c"]) == int(spent)
    assert hunt.verify_deep() == []


def test_moored_mines_stay_and_others_drift_downwind(hunt, tmp_path) -> None:
    adrift = _run(tmp_path, *_hunt(4, mines="drifting", roe="observe"))
    for run, metres in ((hunt, 0.0), (adrift, 0.03 * 20 * 1852 / 3600 * 12 * 3600)):
        start = run.manifest.header.sim_start + 5 * 3_600_000
        mine = run.sql("select min(entity) e from entities where kind = 'target'").to_pylist()[0]
        first, last = run.where(mine["e"], start), run.where(mine["e"], start + 12 * 3_600_000)
        azimuth, away = inverse(first.lat, first.lon, last.lat, last.lon)
        assert float(away) == pytest.approx(metres, rel=1e-3, abs=1.0)
        if metres:
            assert float(azimuth) == pytest.approx(90.0, abs=0.2)
    assert adrift.verify_deep() == []


def test_a_ship_that_knows_of_no_mine_may_be_struck(tmp_path) -> None:
    """A tug at night, without a look-out for mines, crosses a field on and on."""
    blind = _unit("sweepers", "close", fishing_vessel=3)
    units, serials = _hunt(60, mines="moored", roe="observe", lane_spacing_m=100)
    serials[0]["hours"] = (0, 3)  # dark
    run = _run(tmp_path, [blind, units[1]], serials)
    fuzes = run.sql("select * from detections where opposing order by detection").to_pylist()
    assert fuzes
    assert all(row["range_m"] <= 45.0 for row in fuzes)
    struck = run.sql("select * from shots order by shot").to_pylist()
    assert struck
    assert {s["weapon"] for s in struck} == {"mine-charge"}
    assert len({s["shooter"] for s in struck}) == len(struck)  # one charge a mine


# --- intruders -----------------------------------------------------------------------------------

GUARDS = _unit("guards", "area", asw_1124m=3)
STRANGERS = _unit("strangers", "away", fishing_vessel=4)


def _guard(**params: Any) -> dict[str, Any]:
    return {
        "serial": "guard", "task": "patrol", "hours": (2, 30), "units": ["guards"],
        "opfor": ["strangers"],
        "params": {"pattern": "racetrack", "speed_kn": 10, "roe": "inspect",
                   "opfor_roe": "observe", "opfor_course": "cross", **params},
    }  # fmt: skip


@pytest.fixture(scope="module")
def guard(tmp_path_factory) -> startex.Run:
    return _run(tmp_path_factory.mktemp("guard"), [GUARDS, STRANGERS], [_guard()])


def test_intruders_cross_the_area_once_each(guard) -> None:
    enter, leave = _events(guard, "entered_area"), _events(guard, "left_area")
    assert sorted(e["actor"] for e in enter) == sorted(e["actor"] for e in leave)
    assert len({e["actor"] for e in enter}) == 4
    for event in (*enter, *leave):
        spot = guard.where(event["actor"], event["t"])
        away = float(inverse(46.6, -4.6, spot.lat, spot.lon)[1])
        assert 25_000.0 < away <= 30_001.0


def test_guards_identify_and_do_not_fire(guard) -> None:
    met = _events(guard, "intercepted")
    assert len({e["target"] for e in met}) == len(met) == 4
    for event in met:
        guardship, other = (guard.where(event[x], event["t"]) for x in ("actor", "target"))
        away = float(inverse(guardship.lat, guardship.lon, other.lat, other.lon)[1])
        assert away <= 1_001.0
    assert guard.table("shots").num_rows == 0
    assert guard.verify_deep() == []
    kinds = {row["event"]: row["kind"] for row in guard.sql("select * from events").to_pylist()}
    assert {kinds[e["cause"]] for e in met} <= {"detected", "classified", "identified"}


def test_under_observe_nobody_leaves_his_station(tmp_path) -> None:
    run = _run(tmp_path, [GUARDS, STRANGERS], [_guard(roe="observe")])
    assert not _events(run, "chase_started", "intercepted")
    assert run.table("detections").num_rows
    assert not run.table("shots").num_rows


def test_bystanders_take_no_note_of_intruders_and_they_of_none(tmp_path) -> None:
    others = _unit("others", "area", corvette_20380=2)
    idle = {"serial": "idle", "task": "patrol", "hours": (2, 30), "units": ["others"],
            "params": {"pattern": "racetrack"}}  # fmt: skip
    units = [GUARDS, STRANGERS, others]
    looked = {}
    for roe in ("observe", "engage"):
        run = _run(tmp_path / roe, units, [_guard(roe=roe), idle])
        looked[roe] = run.sql(
            "select count(*) n from detections d join entities a on a.entity = d.looker "
            "join entities b on b.entity = d.target join units u on u.unit = a.unit "
            "join units v on v.unit = b.unit where 'others' in (u.id, v.id)"
        ).to_pylist()[0]["n"]
    assert looked["observe"] == 0
    assert looked["engage"] > 0


def test_the_review_tells_of_intruders(guard) -> None:
    from startex.review.report import review

    made = review(guard.folder)
    figures = {figure["id"]: figure["value"] for figure in made.figures["figures"]}
    assert [figures[f"play.guard.{n}"] for n in ("came", "intruders_found", "met")] == [4, 4, 4]
    assert 0 < figures["play.guard.expected"] <= 100
    assert "Areas at sea that were guarded" in made.html
    assert "assumptions of random search do not hold" in made.html


# --- many raiders, against the closed form -------------------------------------------------------


def test_salvos_at_raiders_go_by_the_closed_form_of_shoot_look_shoot(tmp_path) -> None:
    """Every salvo has the chance of its row; fire goes on to the first kill, six at most.

    Over many raiders the kills, and the salvos that they took, lie within four standard errors of
    what shoot-look-shoot says with those chances.
    """
    raiders = _unit("raiders", "field", su_34=40, ground_crew=40)
    group = _unit("group", "area", corvette_20380=12)
    params = {"raid_after_min": 30, "raid_interval_min": 4, "raid_altitude_m": 5000}
    run = _run(tmp_path, [group, raiders], [{**RAID, "params": params, "hours": (2, 10)}])
    shots = run.sql(
        "select s.target, s.result, s.data from shots s join entities b on b.entity = s.target "
        "where b.kind = 'aircraft' order by s.target, s.t"
    ).to_pylist()
    chance = np.array([json.loads(s["data"])["p_out_of_action"] for s in shots])
    out = np.array([s["result"] == "out_of_action" for s in shots])
    assert len(shots) > 40
    assert abs(out.sum() - chance.sum()) <= 4.0 * np.sqrt((chance * (1.0 - chance)).sum())
    at = {target: [i for i, s in enumerate(shots) if s["target"] == target]
          for target in {s["target"] for s in shots}}  # fmt: skip
    expected = spread = 0.0
    for rows in at.values():
        assert not out[rows[:-1]].any()  # the last alone may be a kill
        assert len(rows) <= MOST_SALVOS
        p, n = float(chance[rows].mean()), len(rows) if not out[rows[-1]] else MOST_SALVOS
        kills = float(shootlook.shoot_look_shoot(p, n).kill_probability)
        expected, spread = expected + kills, spread + kills * (1.0 - kills)
    assert abs(out.sum() - expected) <= 4.0 * np.sqrt(spread) + 1.0


# --- orders --------------------------------------------------------------------------------------


def test_who_does_not_see_the_target_fires_when_the_order_has_come_and_not_before(tmp_path) -> None:
    """A picket sees the enemy; the ship with the missiles, beyond its horizon, is told to fire."""
    units = [
        _unit("picket", "near", asw_1124m=1),
        _unit("fist", "away", corvette_20380=1),
        _unit("enemy", "area", fishing_vessel=1),
    ]
    serial = {
        "serial": "order", "task": "patrol", "place": "near", "hours": (2, 8),
        "units": ["picket", "fist"], "opfor": ["enemy"],
        "params": {"pattern": "racetrack", "emcon": "silent"},
    }  # fmt: skip
    run = _run(tmp_path, units, [serial])
    blind = run.sql(
        """select s.shot, s.t, s.target, e.unit from shots s
        join entities e on e.entity = s.shooter join units u on u.unit = e.unit
        where u.id = 'fist' and not exists (select 1 from detections d
            where d.serial = s.serial and d.target = s.target and d.unit = e.unit
            and d.t <= s.t and coalesce(d.t_lost, s.t) >= s.t)"""
    ).to_pylist()
    orders = run.sql(
        """select m.*, d.target from messages m join detections d on d.detection = m.about
        where kind = 'order' and result = 'delivered'"""
    ).to_pylist()
    assert blind
    for shot in blind:
        assert any(
            order["receiver"] == shot["unit"] and order["target"] == shot["target"]
            and order["t_sent"] < order["t_received"] <= shot["t"]
            for order in orders
        )  # fmt: skip
