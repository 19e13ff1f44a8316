"""Live fire on ranges: who fires what at which target, how many rounds, what falls."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
from livefire_examples import MINUTE, START, shooting
from startex.engine.livefire import DRONE_M, RAISE_MS


def test_a_tank_fires_its_share_at_armour_and_says_why() -> None:
    field = shooting(["t-80", "target-armour"], {1: 1_500.0})
    field.order([0], [1], bouts=2, share=0.25)
    rows = field.run()
    guns = [row for row in rows if row["weapon"] == "2a46"]
    box = field.live.engagement.magazine
    slot = box.slot([0], [field.live.engagement.armament.weapons.index("2a46")])[0]
    allowed = -(-int(box.capacity[slot]) // 4)
    assert sum(row["rounds"] for row in guns) == allowed == box.fired[slot]
    assert [row["t"] for row in guns] == [START, START + 15 * MINUTE]
    assert guns[0]["rounds"] >= guns[1]["rounds"]
    for row in rows:
        assert row["target"] == 1
        assert row["serial"] == "serial-0"
        assert row["cause"] == 0
        data = json.loads(row["data"])
        assert data["inputs"]["range_m"] == row["range_m"]
        assert abs(row["range_m"] - 1_500.0) < 1.0
        assert (row["draw"] < row["probability"]) == (row["hits"] > 0)
    assert not [row for row in rows if row["weapon"].startswith("machine-gun")]  # armour holds


def test_nothing_is_fired_beyond_the_reach_of_the_weapons() -> None:
    field = shooting(["rifle-squad", "target-infantry"], {1: 2_500.0})
    field.order([0], [1])
    assert field.run() == []
    (told,) = field.events("fire_results")
    assert told.data == {"rounds": 0, "bouts": 0, "bouts_hit": 0, "targets_destroyed": 0}
    assert "no round fired" in told.text
    assert told.cause == 0


def test_shooters_share_targets_evenly_and_change_them() -> None:
    types = ["t-80"] * 4 + ["target-armour"] * 4
    field = shooting(types, dict.fromkeys(range(4, 8), 1_000.0))
    field.order([0, 1, 2, 3], [4, 5, 6, 7], bouts=4, kinds=("tank_gun",), share=0.5)
    rows = field.run()
    for t in {row["t"] for row in rows}:
        assert sorted(row["target"] for row in rows if row["t"] == t) == [4, 5, 6, 7]
    for shooter in range(4):
        assert sorted(row["target"] for row in rows if row["shooter"] == shooter) == [4, 5, 6, 7]


def test_a_target_on_land_is_lifted_again_and_one_at_sea_is_not() -> None:
    field = shooting(
        ["corvette-20380"] * 3 + ["target-armour", "target-surface"], {3: 3_000.0, 4: 3_000.0}
    )
    for shooter, target in ((0, 3), (1, 4)):
        field.order([shooter], [target], bouts=6, kinds=("gun",), span_ms=15 * MINUTE)
    rows = field.run()
    fallen = [r for r in rows if r["result"] == "target_destroyed"]
    assert len([r for r in fallen if r["target"] == 3]) > 1
    assert len([r for r in fallen if r["target"] == 4]) == 1
    last = max(r["t"] for r in rows if r["target"] == 4)
    assert last == next(r["t"] for r in fallen if r["target"] == 4)  # then there is nothing left
    assert RAISE_MS < 15 * MINUTE


def test_a_fallen_target_is_not_fired_at_before_it_stands() -> None:
    field = shooting(["t-80", "t-80", "target-armour"], {2: 300.0})
    first = {"kinds": ("tank_gun",), "share": 1.0}
    field.order([0], [2], **first)  # type: ignore[arg-type]
    field.order([1], [2], t=START + RAISE_MS - 1, **first)  # type: ignore[arg-type]
    rows = field.run()
    assert [row["result"] for row in rows] == ["target_destroyed"]
    field.order([1], [2], t=START + RAISE_MS, **first)  # type: ignore[arg-type]
    assert len(field.run()) == 2


def test_the_range_crew_puts_all_up_at_the_end_of_the_serial() -> None:
    field = shooting(["corvette-20380", "target-surface"], {1: 2_000.0})
    field.order([0], [1], kinds=("gun",), serial=2)
    field.run()
    assert field.live.engagement.out_of_action(np.array([1]))[0]
    field.live.clear(1, START + 30 * MINUTE)  # another serial
    assert field.live.engagement.out_of_action(np.array([1]))[0]
    field.live.clear(2, START + 30 * MINUTE)
    assert field.live.engagement.damage[1] == 0.0
    (told,) = field.events("targets_reset")
    assert told.data == {"targets": 1, "down": 1}


def test_missiles_meet_drones_above_the_range() -> None:
    field = shooting(["buk-telar", "target-drone", "target-armour"], {1: 9_000.0, 2: 9_000.0})
    field.order([0], [1, 2])
    (row,) = field.run()
    assert (row["weapon"], row["target"]) == ("9m317", 1)
    assert abs(row["range_m"] - np.hypot(9_000.0, DRONE_M)) < 2.0


def test_a_serial_fires_no_more_than_its_rounds() -> None:
    types = ["iskander-tel"] * 5 + ["target-command-post"]
    field = shooting(types, {5: 90_000.0})
    field.order([0, 1], [5], limit=3)
    field.order([2, 3, 4], [5], limit=3, t=START + MINUTE)
    rows = field.run()
    assert sum(row["rounds"] for row in rows) == 3
    assert {row["shooter"] for row in rows} <= {0, 1}  # two each: they come first
    field.order([2, 3, 4], [5], serial=1, limit=3, t=START + 10 * MINUTE)
    assert sum(row["rounds"] for row in field.run() if row["serial"] == "serial-1") == 3


def test_bombs_fall_by_the_distance_on_the_ground() -> None:
    field = shooting(["tu-22m3", "target-armour"], {1: 1_000.0})
    field.order([0], [1], kinds=("bomb",), alt=8_000.0, span_ms=MINUTE)
    (row,) = field.run()
    assert row["weapon"] == "fab-500"
    assert abs(row["range_m"] - 1_000.0) < 1.0
    assert row["rounds"] == 12  # three sticks of four in a minute


def test_who_has_left_his_order_fires_no_more() -> None:
    field = shooting(["t-80", "target-armour"], {1: 1_000.0})
    field.order([0], [1], bouts=3, kinds=("tank_gun",))
    field.live.fire(START)
    field.state.order[0] = -1
    assert {row["t"] for row in field.run()} == {START}
