"""A decontamination post as it was recorded: who waits, who is served when, and the water."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

import startex
from startex.recording.audit import audit
from startex.testing import plan_exercise

pytestmark = pytest.mark.timeout(300)

LANES, VEHICLE_MIN, WATER_L = 2, 6, 400


def _folder(tmp_path, **params):
    """The generated exercise with a decontamination in place of its parade."""
    plan = plan_exercise(entities=1, seed=3, kinds=["motor"])
    for row in plan.serials:
        if row["task"] == "ceremony":
            row.update(task="decontaminate", params=params)
    return plan.write(tmp_path / "made")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return _folder(
        tmp_path_factory.mktemp("decon"), lanes=LANES, vehicle_min=VEHICLE_MIN, water_l=WATER_L
    )


@pytest.fixture(scope="module")
def run(folder, tmp_path_factory) -> startex.Run:
    return startex.simulate(startex.load(folder), out=tmp_path_factory.mktemp("decon") / "run")


def _serial(run: startex.Run) -> dict:
    return run.sql("select * from serials where task = 'decontaminate'").to_pylist()[0]


def _vehicles(run: startex.Run) -> list[int]:
    serial = _serial(run)
    (unit,) = run.sql("select * from units where id = ?", [serial["units"]]).to_pylist()
    rows = run.sql(
        f"select entity from entities where kind = 'vehicle' and entity >= {unit['first']} "
        f"and entity < {unit['last']}"
    )
    return [row["entity"] for row in rows.to_pylist()]


def _told(run: startex.Run) -> tuple[dict, dict]:
    first, last = (
        run.sql("select * from events where kind = ?", [f"decontamination_{kind}"]).to_pylist()[0]
        for kind in ("started", "ended")
    )
    return first, last


def test_everybody_passes_and_the_events_tell_first_last_and_numbers(run) -> None:
    assert _serial(run)["outcome"] == "held"
    first, last = _told(run)
    data = json.loads(last["data"])
    vehicles = _vehicles(run)
    assert data["vehicles"] == len(vehicles) > 10
    assert data["lanes"] == LANES
    assert data["water_l"] == WATER_L * len(vehicles)
    turns = -(-len(vehicles) // LANES)
    span = (last["t"] - first["t"]) / 60_000
    assert turns * VEHICLE_MIN <= span <= turns * VEHICLE_MIN + 10


def test_no_more_are_in_the_lanes_at_a_time_than_there_are_lanes(run) -> None:
    """Seen from the legs: who stands in a lane stands there until its time is over."""
    serial = _serial(run)
    first, last = _told(run)
    stays = []
    for row in _vehicles(run):
        legs = run.sql(
            "select t0, t1, lat1, lon1 from legs where entity = ? and t0 >= ? and t0 < ? "
            "order by t0", [row, serial["start"], last["t"] + 1],
        ).to_pylist()  # fmt: skip
        gaps = [
            (a["t1"], b["t0"], round(a["lat1"], 5), round(a["lon1"], 5))
            for a, b in pairwise(legs)
            if b["t0"] - a["t1"] > 3 * 60_000 and a["t1"] > first["t"]
        ]
        stays += [gap for gap in gaps[-1:] if gap[1] - gap[0] <= VEHICLE_MIN * 60_000]
    assert len(stays) == len(_vehicles(run))
    points = {stay[2:] for stay in stays}
    assert len(points) == LANES
    for point in points:
        mine = sorted(stay for stay in stays if stay[2:] == point)
        for a, b in pairwise(mine):
            assert b[0] >= a[1]  # the next drives in when the one before has left


def test_the_water_stands_in_the_accounts_of_those_who_were_washed(run, tmp_path) -> None:
    dry = startex.simulate(startex.load(_folder(tmp_path, water_l=0)), out=tmp_path / "dry")

    def used(which: startex.Run) -> float:
        rows = which.sql("select sum(consumed) ml from supply where item = 'water'").to_pylist()
        short = which.sql("select sum(short) ml from shortages where item = 'water'").to_pylist()
        return float(rows[0]["ml"]) + float(short[0]["ml"] or 0)

    assert used(run) - used(dry) == 1000.0 * WATER_L * len(_vehicles(run))


def test_the_time_in_the_queue_is_told_as_it_was(run) -> None:
    """Who comes while others are served waits; with few lanes the mean is near half the whole."""
    data = json.loads(_told(run)[1]["data"])
    turns = np.arange(data["platforms"]) // LANES
    at_once = float(turns.mean()) * VEHICLE_MIN * 60.0
    assert 0.3 * at_once <= data["mean_wait_s"] <= 1.05 * at_once
    assert data["longest_wait_s"] <= float(turns.max()) * VEHICLE_MIN * 60.0


def test_it_goes_the_same_on_one_thread_and_passes_the_audit(run, folder, tmp_path) -> None:
    again = startex.simulate(startex.load(folder), out=tmp_path / "again", threads=1)
    assert again.manifest.digest == run.manifest.digest
    found = audit(run)
    assert not found.problems, found.problems
