"""Chains of causes on a small play written by hand: a plane reports a boat, a frigate fires."""

from __future__ import annotations

import json

import pytest

from hunt_examples import AIR, FLEET, message, t, tables, write
from startex.foundation.errors import UsageError
from startex.recording.reader import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    return write(tmp_path_factory.mktemp("causes") / "run", tables())


def keys(run: Run, *asked, **named) -> list[str]:
    return [f"{row['what']} {row['id']}" for row in run.why(*asked, **named).to_pylist()]


def test_from_who_turned_home_to_the_sensor_the_plan_and_its_claim(run) -> None:
    """Shot, order, both reports of the way up and the contact stand between fire and detection."""
    assert keys(run, 5) == [
        "events 5", "events 4", "events 3", "shots 1", "messages 3", "messages 1", "messages 0",
        "detections 0", "events 2", "events 1", "events 0", "serials hunt", "claims C-1",
    ]  # fmt: skip


def test_each_step_says_in_words_what_the_tables_say(run) -> None:
    said = {f"{row['what']} {row['id']}": row for row in run.why(5).to_pylist()}
    shot = said["shots 1"]["text"]
    assert "Frigate with kh-35, 4 rounds, at 31.4 km" in shot
    assert "model stochastic salvo, chance of a hit 0.680, draw 0.018: hit; 4 hits" in shot
    order = said["messages 3"]
    assert (
        "from Fleet to Frigates over ship-link, satellite: 8 min 20 s on the way" in order["text"]
    )
    assert "staff 1 min, sending 5 s" in order["text"] and "nets" not in order["text"]
    assert order["t"] == t(700)
    contact = said["detections 0"]["text"]
    assert "Plane had Boat at 66.4 km (radar-strike), placed within 411 m" in contact
    assert "classified after 1 min 30 s" in contact and "identified" not in contact
    assert "on time" in said["serials hunt"]["text"]
    assert (
        said["claims C-1"]["t"] is None
        and "“They hunted” (a spokesman, paper)" in (said["claims C-1"]["text"])
    )
    assert json.loads(said["events 1"]["data"]) == {"error_m": 411.3, "range_m": 66_400.0}


def test_a_round_of_several_tells_the_shot_that_decided_and_who_acted_on_his_own_contact(
    tmp_path,
) -> None:
    rows = tables()
    rows["messages"] = [m for m in rows["messages"] if m["kind"] != "order"]
    steps = write(tmp_path / "run", rows).why(6).to_pylist()
    assert [f"{s['what']} {s['id']}" for s in steps][:3] == ["events 6", "shots 3", "detections 1"]
    assert "in the same round 1 other shot with 1 hit" in steps[1]["text"]
    assert steps[2]["text"].startswith("no order over a net, but contact 1 of Frigates")


def test_whatever_names_a_shot_has_it_in_its_chain(tmp_path) -> None:
    """A mine struck: nobody ordered it, and its fuze needs no order over a net."""
    rows = tables()
    rows["events"][3].update(kind="mine_struck")
    assert keys(write(tmp_path / "run", rows), 4)[:4] == [
        "events 4", "events 3", "shots 1", "events 2"
    ]  # fmt: skip
    rows = {**tables(), "messages": []}
    rows["entities"][0]["kind"] = "target"
    contact = rows["detections"][1]
    rows["detections"][1] = {**contact, "t": t(600)}
    said = write(tmp_path / "fuze", rows).why(4).to_pylist()[3]
    assert said["what"] == "detections" and said["text"].startswith("contact 1 of Frigates")


def test_who_was_told_and_not_ordered_acted_on_the_report(tmp_path) -> None:
    rows = tables()
    rows["messages"] = rows["messages"][:2]
    assert keys(write(tmp_path / "run", rows), 3)[:5] == [
        "events 3", "shots 1", "messages 1", "messages 0", "detections 0"
    ]  # fmt: skip


def test_an_order_that_was_passed_on_is_followed_to_who_gave_it_first(tmp_path) -> None:
    rows = tables()
    rows["messages"] += [message(6, "order", AIR, FLEET, 150, 200, 0)]
    assert keys(write(tmp_path / "run", rows), 3)[:6] == [
        "events 3", "shots 1", "messages 3", "messages 6", "messages 0", "detections 0"
    ]  # fmt: skip


def test_a_ship_that_was_sent_names_the_order_and_the_message_that_brought_it(run) -> None:
    assert keys(run, 9)[:3] == ["events 9", "orders 4", "messages 4"]
    assert "begun 20 s later" in run.why(9).to_pylist()[1]["text"]


def test_a_serial_that_was_late_goes_back_to_what_held_it_up(run) -> None:
    """An event that names itself as its cause ends the chain."""
    assert keys(run, serial="late") == ["events 7", "events 8", "serials late"]
    assert keys(run, serial="hunt") == ["serials hunt", "claims C-1"]


def test_a_serial_that_ended_late_names_the_order_that_ended_last(tmp_path) -> None:
    rows = tables()
    rows["serials"][0]["end"] = t(9600)
    order = {**rows["orders"][0], "kind": "sail", "t_start": t(60), "params": None}
    rows["orders"] = [
        {**order, "order": 7, "t_end": t(9600)},
        {**order, "order": 8, "t_end": t(9500)},
        {**order, "order": 9, "t_end": None},
    ]
    late = write(tmp_path / "run", rows).why(serial="hunt").to_pylist()
    assert [f"{row['what']} {row['id']}" for row in late] == [
        "orders 7", "serials hunt", "claims C-1"
    ]  # fmt: skip
    assert "begun 1 min after the planned start, took 2 h 39 min, 10 min past" in late[0]["text"]


def test_outcomes_are_listed_by_time_and_by_serial(run) -> None:
    assert run.outcomes().column("event").to_pylist() == [7, 4, 5, 9]
    assert run.outcomes("hunt").column("kind").to_pylist() == [
        "out_of_action", "turned_home", "intercepted"
    ]  # fmt: skip


def test_what_there_is_not_is_named_with_what_is_allowed(run) -> None:
    with pytest.raises(UsageError, match=r"no event 77; events run from 0 to 9"):
        run.why(77)
    with pytest.raises(UsageError, match="did you mean 'hunt'"):
        run.why(serial="hnt")
    with pytest.raises(UsageError, match="did you mean 'late'"):
        run.outcomes("lat")
    for both in ({}, {"event": 1, "serial": "hunt"}):
        with pytest.raises(UsageError, match="one of them"):
            run.why(**both)


def test_a_run_with_events_alone_tells_the_events(tmp_path) -> None:
    rows = {name: rows for name, rows in tables().items() if name in ("units", "entities")}
    rows["events"] = tables()["events"]
    assert keys(write(tmp_path / "run", rows), 5) == [
        f"events {number}" for number in (5, 4, 3, 2, 1, 0)
    ]
