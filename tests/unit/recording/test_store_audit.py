"""Each fault that the numeric audit must find, planted in a run that is otherwise sound."""

from __future__ import annotations

import pytest

import store_examples as ex
from startex.recording.reader import Run


def audit(folder, rows):
    ex.write_example(folder, rows)
    return [f"{problem.file}: {problem.message}" for problem in Run(folder).verify_deep()]


def leg_of(rows, entity, number=0):
    return [leg for leg in rows["legs"] if leg["entity"] == entity][number]


def ride_of(rows, entity):
    return next(ride for ride in rows["carriers"] if ride["entity"] == entity)


def test_sound_run_passes(tmp_path):
    assert audit(tmp_path / "out", ex.example_rows()) == []


def shorten(rows):
    leg = leg_of(rows, ex.TRUCK)
    leg["t1"] = leg["t0"] + (leg["t1"] - leg["t0"]) // 3


def barely_too_fast(rows):
    leg = leg_of(rows, ex.SHIP)
    leg["t1"] = leg["t0"] + int((leg["t1"] - leg["t0"]) * 8.0 / 15.03)


def reverse(rows):
    leg = leg_of(rows, ex.SHIP)
    leg["t1"] = leg["t0"]


def overlap(rows):
    leg_of(rows, ex.TRAIN, 1)["t0"] -= 1000


def jump(rows):
    leg_of(rows, ex.TRAIN, 1)["lat0"] += 2e-5


def high(rows):
    leg_of(rows, ex.PLANE, 1)["alt1"] = 12_500.0


def deep(rows):
    leg_of(rows, ex.SHIP)["alt1"] = -1_200.0


def too_far(rows):
    leg = leg_of(rows, ex.PLANE, 1)
    leg["lon1"] += 0.05


def off_the_globe(rows):
    leg_of(rows, ex.SHIP)["lat1"] = 90.5


def moving_hold(rows):
    leg_of(rows, ex.SHIP)["mode"] = "hold"


def drives_aboard(rows):
    ride = ride_of(rows, ex.TRUCK)
    rows["legs"].append(
        ex.leg(ex.TRUCK, (ride["t0"] - ex.START) / ex.MINUTE + 5, ex.STATION_1, ex.A, "road", 10.0)
    )


def person_late(rows):
    ride_of(rows, ex.PILOT)["t0"] += 1000


def person_vanishes(rows):
    ride_of(rows, ex.PILOT)["t1"] = ex.END - 1000


def person_gap(rows):
    ride = ride_of(rows, ex.MASTER)
    ride["t1"] = ex.START + 5000
    rows["carriers"].append({**ride, "t0": ex.START + 6000, "t1": None})


def person_twice(rows):
    ride = ride_of(rows, ex.MASTER)
    rows["carriers"].append({**ride, "carrier": ex.PLANE, "t0": ex.START + 6000, "t1": None})


def circle(rows):
    rows["carriers"].append(
        {"entity": ex.TRAIN, "carrier": ex.TRUCK, "slot": 0, "t0": ex.START + 160 * ex.MINUTE,
         "t1": ex.START + 170 * ex.MINUTE}
    )  # fmt: skip


def boards_from_afar(rows):
    rows["carriers"].append(
        {"entity": ex.SHIP, "carrier": ex.PLANE, "slot": 0, "t0": ex.START + 800 * ex.MINUTE,
         "t1": None}
    )  # fmt: skip


def alights_elsewhere(rows):
    leg_of(rows, ex.SQUAD)["lat0"] += 5e-5


def no_status(rows):
    rows["statuses"] = [row for row in rows["statuses"] if row["entity"] != ex.PILOT]


def two_statuses(rows):
    rows["statuses"].append({"entity": ex.PILOT, "t": ex.START, "status": "stored"})


def effect_before_cause(rows):
    rows["events"][0]["t"] = rows["events"][1]["t"] + 1


def unknown_cause(rows):
    rows["events"][1]["cause"] = 77


def unknown_entity(rows):
    rows["legs"][0]["entity"] = 55


@pytest.mark.parametrize(
    ("plant", "message"),
    [
        (shorten, "faster than its type can be: Truck 1 by road at 108.0 km/h, limit 72.0 km/h"),
        (barely_too_fast, "faster than its type can be: Ship 1"),
        (reverse, "ends before it begins, or lasts no time: Ship 1"),
        (overlap, "overlap in time: Train 1"),
        (jump, "jumps more than 1 m between legs, with nothing to carry it: Train 1 2.2 m"),
        (high, "higher than it can be: Plane 1 at 12500 m, limit 12000 m"),
        (deep, "under the ground: Ship 1"),
        (too_far, "range of the type, with no stop to refuel: Plane 1 goes 68 km"),
        (off_the_globe, "not on the globe: Ship 1"),
        (moving_hold, "faster than its type can be: Ship 1 by hold"),
        (drives_aboard, "a leg of its own while it is carried: Truck 1 aboard Train 1"),
        (person_late, "nowhere at the start or at the end: Pilot 1"),
        (person_vanishes, "nowhere at the start or at the end: Pilot 1"),
        (person_gap, "nowhere for a while: Master 1"),
        (person_twice, "two things at one instant: Master 1 in Ship 1 and Plane 1"),
        (circle, "round in a circle"),
        (boards_from_afar, "boards something far away: Ship 1 boards Plane 1"),
        (alights_elsewhere, "alights more than 1 m from its carrier: Squad 1 from Truck 1 by 6 m"),
        (no_status, "no status at the start of the run: Pilot 1"),
        (two_statuses, "two statuses at one instant: Pilot 1"),
        (effect_before_cause, "cause comes after the effect: event 1"),
        (unknown_cause, "cause does not exist: event 1 at 2022-08-25T04:18:28.011Z: 77"),
        (unknown_entity, "names rows that do not exist: 55"),
    ],
)
def test_planted_fault_is_found(tmp_path, plant, message):
    rows = ex.example_rows()
    plant(rows)
    found = audit(tmp_path / "out", rows)
    assert any(message in text for text in found), found


def test_carriers_may_swap_roles_over_time(tmp_path):
    """Two entities that carry each other at different times make no circle."""
    rows = ex.example_rows()
    rows["carriers"].append(
        {"entity": ex.TRAIN, "carrier": ex.TRUCK, "slot": 0, "t0": ex.START + 1300 * ex.MINUTE,
         "t1": None}
    )  # fmt: skip
    rows["legs"] = [leg for leg in rows["legs"] if leg["entity"] != ex.TRAIN]
    found = audit(tmp_path / "out", rows)
    assert not any("circle" in text for text in found)


def test_wrong_counts_are_told(tmp_path):
    from startex.recording.writer import RunWriter

    data = ex.example_tables()
    with RunWriter(tmp_path / "out", ex.header()) as writer:
        for name in ex.STATIC:
            if len(data[name]):
                writer.write_static(name, data[name])
        writer.write_segment(0, {name: data[name] for name in ex.DYNAMIC})
        writer.finish({"persons": 6})
    found = Run(tmp_path / "out").verify_deep()
    assert [problem.message for problem in found] == ["counts 6 persons: the tables have 5."]
