"""Who came within a distance of whom, asked of a run."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from startex.foundation.errors import StoreError, UsageError
from startex.geography.pieces import Pieces
from startex.geography.spells import spells
from startex.recording.reader import Run
from store_examples import END, MINUTE, PLANE, SHIP, SQUAD, START, TRAIN, TRUCK, write_example

GEOD = Geod(ellps="WGS84")
PLATFORMS = [TRAIN, TRUCK, SHIP, PLANE, SQUAD]


@pytest.fixture
def run(tmp_path):
    write_example(tmp_path / "run")
    return Run(tmp_path / "run")


@pytest.mark.parametrize("within_m", [500.0, 5e3, 30e3, 100e3])
def test_encounters_are_what_positions_say_minute_by_minute(run, within_m) -> None:
    found = run.encounters(within_m, first=PLATFORMS).to_pylist()
    for t in range(START, END + 1, 10 * MINUTE):
        where = run.positions(t, PLATFORMS).to_pylist()
        near = set()
        for k, one in enumerate(where):
            for other in where[k + 1 :]:
                if one["aboard"] is None and other["aboard"] is None:
                    ends = (one["lon"], one["lat"], other["lon"], other["lat"])
                    if GEOD.inv(*ends)[2] <= within_m:
                        near.add((one["entity"], other["entity"]))
        told = {(e["entity"], e["other"]) for e in found if e["t0"] <= t <= e["t1"]}
        # a platform that boards or alights at this very instant is still, or already, counted
        edge = {(e["entity"], e["other"]) for e in found if t in (e["t0"], e["t1"])}
        assert near <= told <= near | edge


def test_what_is_aboard_does_not_count_but_its_carrier_does(run) -> None:
    truck = run.encounters(100e3, first=[TRUCK], second=[SHIP]).to_pylist()
    ride = run.table("carriers").to_pylist()
    boards, alights = next((r["t0"], r["t1"]) for r in ride if r["entity"] == TRUCK)
    assert not any(e["t0"] < alights and e["t1"] > boards for e in truck)
    train = run.encounters(150e3, (boards, alights), first=[TRAIN], second=[SHIP]).to_pylist()
    assert [(e["t0"], e["t1"]) for e in train] == [(boards, alights)]


def test_the_times_asked_for_bound_the_answer(run) -> None:
    whole = run.encounters(200e3, first=[SHIP], second=[PLANE]).to_pylist()
    part = run.encounters(200e3, (START + MINUTE, START + 9 * MINUTE), first=[SHIP], second=[PLANE])
    assert [(e["t0"], e["t1"]) for e in whole] == [(START, END)]
    assert [(e["t0"], e["t1"]) for e in part.to_pylist()] == [(START + MINUTE, START + 9 * MINUTE)]


def test_without_rows_the_pairs_are_of_different_sides(tmp_path) -> None:
    from store_examples import example_rows

    rows = example_rows()
    rows["entities"][SHIP]["side"] = "red"
    write_example(tmp_path / "run", rows)
    found = Run(tmp_path / "run").encounters(300e3).to_pylist()
    assert {e["other"] for e in found} | {e["entity"] for e in found} == set(PLATFORMS)
    assert all(SHIP in (e["entity"], e["other"]) for e in found)


def test_a_distance_or_a_time_that_makes_no_sense_is_refused(run) -> None:
    with pytest.raises(UsageError, match="cannot be searched"):
        run.encounters(0.0)
    with pytest.raises(UsageError, match="end after it begins"):
        run.encounters(10.0, (START, START))
    with pytest.raises(UsageError, match="name both"):
        run.encounters(10.0, second=[1])
    with pytest.raises(StoreError, match="no entity 99"):
        run.encounters(10.0, first=[99])
    with pytest.raises(StoreError, match="outside the run"):
        run.encounters(10.0, (START - 1, END))


def _straight(entity, lat0, lon0, lat1, lon1) -> Pieces:
    whole = [np.array([v], np.int64) for v in (entity, 0, 600_000)]
    return Pieces(*whole, *(np.array([v], float) for v in (lat0, lon0, lat1, lon1)))


@pytest.mark.parametrize("spare_m", [-1.0, -1e-3, 1e-3, 1.0])
def test_a_pass_that_only_just_comes_within_the_limit_is_seen(spare_m) -> None:
    """A ship passes one that stands 0.1 degree north of the equator, along the equator."""
    passer = _straight(0, 0.0, -0.05, 0.0, 0.05)
    target = _straight(1, 0.1, 0.0, 0.1, 0.0)
    nearest = GEOD.inv(0.0, 0.0, 0.0, 0.1)[2]
    found = spells(passer, target, nearest + spare_m, 0, 600_000)
    assert len(found.t0) == (1 if spare_m > 0 else 0)
    assert ((found.t0 < 300_000) & (found.t1 > 300_000)).all()
