"""Chains of causes on a small play written by hand: a plane reports a boat, a frigate fires."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from startex.foundation.errors import UsageError
from startex.recording.reader import Run
from startex.recording.writer import RunWriter
from store_examples import START, header

S = 1000
FRIGATE, SECOND, PLANE, BOAT, OTHER = range(5)
FLEET, FRIGATES, AIR, BOATS, SQUADRON = range(5)


def t(seconds: float) -> int:
    return START + round(seconds * S)


def _event(number, seconds, kind, cause=None, serial="hunt", **more):
    text = more.pop("text", f"{kind} {number}")
    return {
        "event": number, "t": t(seconds), "kind": kind, "cause": cause, "serial": serial,
        "text": text, **more,
    }  # fmt: skip


def _message(number, kind, sender, receiver, sent, received, about, **more):
    return {
        "message": number, "kind": kind, "sender": sender, "receiver": receiver,
        "t_sent": t(sent), "t_received": None if received is None else t(received),
        "precedence": "flash", "words": 25, "result": "delivered", "hops": 1, "staff_ms": 60 * S,
        "sending_ms": 5 * S, "queue_ms": 0, "liaison_ms": 0, "net": "ship-link;satellite",
        "about": about, "serial": "hunt", "cause": 1, **more,
    }  # fmt: skip


def _contact(number, seconds, lost, unit, looker, target):
    return {
        "detection": number, "t": t(seconds), "t_lost": None if lost is None else t(lost),
        "unit": unit, "looker": looker, "target": target, "sensor": "radar-strike",
        "range_m": 66_400.0, "lat": 40.0, "lon": 135.0, "alt": 0.0, "opposing": False,
        "serial": "hunt",
    }  # fmt: skip


def _track(number, seconds, lost, unit, looker, target):
    return {
        "track": number, "unit": unit, "looker": looker, "target": target,
        "sensor": "radar-strike", "serial": "hunt", "opposing": False, "t0": t(seconds),
        "lat": 40.0, "lon": 135.0, "error_m": 411.3, "t_classified": t(seconds + 90),
        "level": "classified", "t1": None if lost is None else t(lost), "bearing_sd_deg": 0.5,
        "range_sd_m": 50.0, "range_sd_share": 0.0, "update_s": 60, "speed_m_s": 7.7, "cause": 1,
    }  # fmt: skip


def _shot(number, seconds, shooter, target, cause, result="out_of_action", **more):
    return {
        "shot": number, "t": t(seconds), "shooter": shooter, "target": target, "weapon": "kh-35",
        "rounds": 4, "range_m": 31_400.0, "model": "stochastic_salvo", "probability": 0.68,
        "draw": 0.018, "hits": 4, "result": result, "serial": "hunt", "cause": cause, "data": "{}",
        **more,
    }  # fmt: skip


def tables() -> dict[str, list[dict]]:
    units = [("fleet", None), ("frigates", FLEET), ("air", None), ("boats", None), ("sqn", AIR)]
    crafts = [("Frigate", FRIGATES), ("Second", FRIGATES), ("Plane", SQUADRON), ("Boat", BOATS),
              ("Other", BOATS)]  # fmt: skip
    return {
        "units": [
            {"unit": row, "id": name, "parent": up, "name": name.capitalize(), "echelon": "group",
             "nation": "FRA", "side": "a", "sidc": "1" * 20, "first": 0, "own_last": 0, "last": 0}
            for row, (name, up) in enumerate(units)
        ],
        "entities": [
            {"entity": row, "kind": "ship", "name": name, "type": "x", "unit": unit,
             "nation": "FRA", "owner_nation": "FRA", "side": "a", "sidc": "1" * 20,
             "counted": True, "key": row}
            for row, (name, unit) in enumerate(crafts)
        ],
        "serials": [
            {"serial": "hunt", "name": "The hunt", "task": "patrol", "phase": "implementation",
             "priority": 0, "planned_start": t(0), "planned_end": t(9000), "start": t(0),
             "end": t(9000), "outcome": "held", "claim": "C-1,C-9", "opfor": "boats"},
            {"serial": "late", "name": "Late", "task": "march", "phase": "implementation",
             "priority": 0, "planned_start": t(0), "planned_end": t(9000), "start": t(120),
             "end": t(9000), "outcome": "held_late", "reason": "the road is taken",
             "assumed": "made up"},
        ],
        "claims": [
            {"claim": "C-1", "subject": "x", "field": "y", "kind": "fact", "quote": "They hunted",
             "speaker": "a spokesman", "source": "paper", "rank": "normal", "used": True},
        ],
        "events": [
            _event(0, 0, "serial_started"),
            _event(1, 10, "detected", 0, actor=PLANE, target=BOAT,
                   data=json.dumps({"error_m": 411.3, "range_m": 66_400.0})),
            _event(2, 100, "classified", 1, actor=PLANE, target=BOAT),
            _event(3, 700, "fired", 2, actor=FRIGATE, target=BOAT, data=json.dumps({"shot": 1})),
            _event(4, 760, "out_of_action", 3, actor=FRIGATE, target=BOAT),
            _event(5, 800, "turned_home", 4, actor=BOAT),
            _event(6, 900, "fired", 2, actor=SECOND, target=BOAT,
                   data=json.dumps({"shot": 2, "shots": 2})),
            _event(7, 20, "serial_delayed", 8, serial="late", text="Late: the road is taken"),
            _event(8, 15, "march_started", 8, serial="other", text="others march"),
            _event(9, 1000, "intercepted", 2, actor=FRIGATE, target=OTHER),
        ],
        "shots": [
            _shot(0, 700, FRIGATE, OTHER, 2),
            _shot(1, 700, FRIGATE, BOAT, 2),
            _shot(2, 900, SECOND, BOAT, 2, "hit", hits=1, probability=0.9, draw=0.2),
            _shot(3, 900, FRIGATE, BOAT, 2, "out_of_action", hits=2, probability=0.1),
        ],
        "detections": [
            _contact(0, 10, 2000, SQUADRON, PLANE, BOAT),
            _contact(1, 850, None, FRIGATES, FRIGATE, BOAT),
            _contact(2, 850, 890, FRIGATES, FRIGATE, BOAT),
            _contact(3, 10, None, SQUADRON, PLANE, OTHER),
        ],
        "tracks": [_track(0, 10, 2000, SQUADRON, PLANE, BOAT)],
        "messages": [
            _message(0, "contact_report", SQUADRON, AIR, 10, 75, 0),
            _message(1, "contact_report", AIR, FLEET, 75, 140, 0),
            _message(2, "contact_report", AIR, FLEET, 90, 900, 0),  # later, of the loss
            _message(3, "order", FLEET, FRIGATES, 200, 700, 0),
            _message(4, "order", FLEET, FRIGATES, 200, 690, 3),  # about another
            _message(5, "order", FLEET, FRIGATES, 200, None, 0),  # never came
        ],
        "orders": [
            {"order": 4, "kind": "intercept", "unit": FRIGATES, "serial": "hunt",
             "t_issued": t(710), "t_start": t(730), "outcome": "ended",
             "params": json.dumps({"target": OTHER})},
            {"order": 5, "kind": "intercept", "unit": FRIGATES, "serial": "hunt",
             "t_issued": t(1100), "outcome": "ended", "params": json.dumps({"target": OTHER})},
        ],
    }  # fmt: skip


def write(folder, rows) -> Run:
    with RunWriter(folder, header()) as writer:
        for name in rows:
            names = dict.fromkeys(key for row in rows[name] for key in row)
            data = pa.table({key: [row.get(key) for row in rows[name]] for key in names})
            if name == "events":
                writer.write_segment(0, {name: data})
            elif len(data):
                writer.write_static(name, data)
        writer.finish()
    return Run(folder)


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


def test_who_was_told_and_not_ordered_acted_on_the_report(tmp_path) -> None:
    rows = tables()
    rows["messages"] = rows["messages"][:2]
    assert keys(write(tmp_path / "run", rows), 3)[:5] == [
        "events 3", "shots 1", "messages 1", "messages 0", "detections 0"
    ]  # fmt: skip


def test_an_order_that_was_passed_on_is_followed_to_who_gave_it_first(tmp_path) -> None:
    rows = tables()
    rows["messages"] += [_message(6, "order", AIR, FLEET, 150, 200, 0)]
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
