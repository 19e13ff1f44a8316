"""Mines on land as they were recorded: who strikes one is out, with its cause, until the reset."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import startex
from land_examples import defence
from startex.control.landplay import LAID_PER_MIN
from startex.geography.geodesy import inverse
from startex.models import minefield
from startex.recording.audit import audit

pytestmark = pytest.mark.timeout(300)

MINES = 240
RAIDERS = [{"platform": "light-vehicle", "count": 8}, {"platform": "rifle-squad", "count": 4}]
PARAMS = {
    "attack_min": 61, "weapons_free_min": 600, "mines_laid": MINES, "mine_front_m": 800,
    "mine_depth_m": 100, "mine_off_m": 900,
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return defence(tmp_path_factory.mktemp("mines") / "made", RAIDERS, **PARAMS)


@pytest.fixture(scope="module")
def run(folder, tmp_path_factory) -> startex.Run:
    return startex.simulate(startex.load(folder), out=tmp_path_factory.mktemp("mines") / "run")


def _serial(run: startex.Run) -> dict:
    return run.sql("select * from serials where task = 'defend'").to_pylist()[0]


def _crossings(run: startex.Run) -> list[dict]:
    return run.sql("select * from shots where model = 'minefield' order by shot").to_pylist()


def _events(run: startex.Run, kind: str) -> list[dict]:
    return run.sql("select * from events where kind = ? order by event", [kind]).to_pylist()


def test_every_vehicle_that_crosses_is_judged_once_and_none_on_foot(run) -> None:
    rows = _crossings(run)
    vehicles = run.sql(
        "select e.entity from entities e join units u on e.unit = u.unit "
        "where u.id = ? and e.kind = 'vehicle'", [_serial(run)["opfor"]],
    ).to_pylist()  # fmt: skip
    assert sorted(row["target"] for row in rows) == sorted(row["entity"] for row in vehicles)
    assert {row["result"] for row in rows} == {"miss", "out_of_action"}


def test_each_row_explains_itself(run) -> None:
    for row in _crossings(run):
        told = json.loads(row["data"])["inputs"]
        mean = minefield.mean_encounters(
            told["mines"], told["front_m"], told["depth_m"], told["width_m"], told["way_m"]
        )
        chance = minefield.strike_probability(mean, told["p_kill"])
        assert row["probability"] == pytest.approx(float(chance), rel=1e-5)
        assert (row["draw"] < row["probability"]) == (row["result"] == "out_of_action")
        assert row["hits"] == (row["result"] == "out_of_action")
        assert row["rounds"] == 0


def test_who_strikes_is_in_the_belt_then(run) -> None:
    (laid,) = _events(run, "mines_laid")
    belt = json.loads(laid["data"])
    struck = _events(run, "mine_struck")
    assert struck
    for row in struck:
        spot = run.where(row["target"], row["t"])
        azimuth, away = inverse(belt["lat"], belt["lon"], spot.lat, spot.lon)
        turn = np.radians(float(azimuth) - belt["bearing_deg"])
        assert abs(float(away) * np.cos(turn)) <= belt["depth_m"] / 2 + 15.0  # told next second
        assert abs(float(away) * np.sin(turn)) <= belt["front_m"] / 2 + 1.0


def test_losses_lead_back_to_those_who_laid_the_mines_and_end_with_the_play(run) -> None:
    events = {row["event"]: row for row in run.sql("select * from events").to_pylist()}
    serial = _serial(run)
    (laid,) = _events(run, "mines_laid")
    assert laid["t"] == serial["start"] + MINES / LAID_PER_MIN * 60_000
    assert events[laid["cause"]]["kind"] == "serial_started"
    out = _events(run, "out_of_action")
    assert len(out) == sum(row["hits"] for row in _crossings(run)) > 0
    for row in out:
        assert events[row["cause"]]["kind"] == "mine_struck"
        assert events[row["cause"]]["cause"] == laid["event"]
    (reset,) = _events(run, "umpire_reset")
    assert reset["t"] == serial["end"]
    assert sorted(json.loads(reset["data"])["platforms"]) == sorted(row["target"] for row in out)


def test_who_is_out_looks_no_more_and_is_looked_for_no_more(run) -> None:
    for row in _events(run, "mine_struck"):
        on = run.sql(
            "select * from detections where (looker = ? or target = ?) and (t > ? or t_lost > ?)",
            [row["target"], row["target"], row["t"], row["t"]],
        ).to_pylist()
        assert not on


def test_mines_that_are_not_laid_in_time_stop_nobody(tmp_path) -> None:
    folder = defence(tmp_path / "made", RAIDERS, **{**PARAMS, "attack_min": 20})
    run = startex.simulate(startex.load(folder), out=tmp_path / "run")
    assert not _crossings(run)
    assert len(_events(run, "mines_laid")) == 1


def test_the_belt_lies_where_it_is_told_to(tmp_path) -> None:
    """Beyond where the opposing force forms up nobody crosses it."""
    folder = defence(tmp_path / "made", RAIDERS, **{**PARAMS, "mine_off_m": 3_000})
    run = startex.simulate(startex.load(folder), out=tmp_path / "run")
    assert not _crossings(run)


def test_it_goes_the_same_on_one_thread_and_passes_the_audit(run, folder, tmp_path) -> None:
    again = startex.simulate(startex.load(folder), out=tmp_path / "again", threads=1)
    assert again.manifest.digest == run.manifest.digest
    found = audit(run)
    assert not found.problems, found.problems
