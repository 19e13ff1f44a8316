"""Cover of convoys: an escort that sails away from its ship on the equator, worked out on paper."""

from __future__ import annotations

import json

import pytest

from hunt_examples import BOAT, FRIGATE, OTHER, PLANE, SECOND, S, t, tables, write
from startex.review.cover import covers, longest_gap_ms
from startex.review.figures import FigureBook
from startex.review.record import Record

DEGREE_M = 111_319.490793


def _rows(**more):
    """The frigate escorts the second ship, and sails away from it at 10 m/s."""
    rows = tables()
    for entity in rows["entities"]:
        subset = "30" if entity["entity"] != OTHER else "36"
        entity.update(start_lat=0.0, start_lon=0.0, start_alt=0.0, sidc=f"1004{subset}" + "0" * 14)
        entity["kind"] = "aircraft" if entity["entity"] == PLANE else "ship"
    rows["legs"] = [
        {"entity": FRIGATE, "t0": t(0), "t1": t(DEGREE_M / 10.0), "lat0": 0.0, "lon0": 0.0,
         "alt0": 0.0, "lat1": 0.0, "lon1": 1.0, "alt1": 0.0, "mode": "sea"},
    ]  # fmt: skip
    one = rows["detections"][0]
    rows["detections"] = [
        {**one, "detection": 0, "looker": FRIGATE, "t": t(1), "range_m": 1_000.0},
        {**one, "detection": 1, "looker": FRIGATE, "t": t(500), "range_m": 20_000.0},
        {**one, "detection": 2, "looker": SECOND, "t": t(501), "range_m": 90_000.0},
    ]
    order = {"convoy": [SECOND], "formation": "screen"}
    rows["orders"] = [
        {"order": 0, "kind": "keep_station", "unit": 1, "serial": "hunt", "t_issued": t(0),
         "t_start": t(0), "t_end": t(9000), "outcome": "ended", "params": json.dumps(order)},
    ]  # fmt: skip
    return {**rows, "messages": [], **more}


def _measured(folder, rows):
    found = covers(Record(write(folder, rows).folder), FigureBook())
    return {row.threat: {f.id.rpartition(".")[2]: f.value for f in row.figures} for row in found}


def test_cover_lasts_while_the_escort_is_as_near_as_it_found_the_threat(tmp_path) -> None:
    """20 km at 10 m/s are 2000 s of 9000; contacts at the start, and of others, say nothing."""
    rows = _rows(events=[e for e in tables()["events"] if e["kind"] != "out_of_action"])
    ships = _measured(tmp_path / "run", rows)["ships"]
    assert ships["reach_km"] == 20.0
    assert ships["share"] == pytest.approx(100 * 2000 / 9000, abs=0.06)
    assert ships["gap_min"] == round(7000 / 60)
    assert (ships["threats"], ships["found"], ships["out"], ships["struck"]) == (1, 1, 1, 0)


def test_what_no_escort_found_has_no_reach_and_no_cover(tmp_path) -> None:
    mines = _measured(tmp_path / "run", _rows())["mines"]
    assert (mines["found"], mines["reach_km"], mines["share"], mines["gap_min"]) == (0,) + (
        None,
    ) * 3


def test_an_escort_out_of_action_covers_nobody(tmp_path) -> None:
    events = [e for e in tables()["events"] if e["kind"] != "out_of_action"]
    events.append({**events[0], "event": 20, "t": t(1000), "kind": "out_of_action",
                   "target": FRIGATE, "cause": None})  # fmt: skip
    ships = _measured(tmp_path / "run", _rows(events=events))["ships"]
    assert ships["share"] == pytest.approx(100 * 1000 / 9000, abs=0.06)


def test_a_ship_of_the_convoy_that_was_hit_counts(tmp_path) -> None:
    shots = [{**tables()["shots"][1], "shooter": BOAT, "target": SECOND}]
    ships = _measured(tmp_path / "run", _rows(shots=shots))["ships"]
    assert (ships["struck"], ships["out"]) == (1, 0)


def test_a_serial_without_a_convoy_has_no_cover(tmp_path) -> None:
    assert _measured(tmp_path / "run", {**tables()}) == {}


def test_the_longest_gap_is_that_between_spells_and_at_both_ends() -> None:
    assert longest_gap_ms([], 0, 10) == 10
    assert longest_gap_ms([(3, 5), (4, 6), (9, 20)], 0, 10) == 3
    assert longest_gap_ms([(0, 10)], 0, 10) == 0
    assert longest_gap_ms([(2 * S, 3 * S)], 0, 9 * S) == 6 * S
