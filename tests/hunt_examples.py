"""A small play written by hand: a plane reports a boat, a frigate is ordered to fire at it."""

from __future__ import annotations

import json

import pyarrow as pa

from startex.recording.reader import Run
from startex.recording.writer import RunWriter
from store_examples import START, header

S = 1000
FRIGATE, SECOND, PLANE, BOAT, OTHER = range(5)
FLEET, FRIGATES, AIR, BOATS, SQUADRON = range(5)
SPANS = ((0, 2), (0, 2), (2, 3), (3, 5), (2, 3))


def t(seconds: float) -> int:
    return START + round(seconds * S)


def _event(number, seconds, kind, cause=None, serial="hunt", **more):
    text = more.pop("text", f"{kind} {number}")
    return {
        "event": number, "t": t(seconds), "kind": kind, "cause": cause, "serial": serial,
        "text": text, **more,
    }  # fmt: skip


def message(number, kind, sender, receiver, sent, received, about, **more):
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
             "nation": "FRA", "side": "a", "sidc": "1" * 20, "first": SPANS[row][0],
             "own_last": SPANS[row][1], "last": SPANS[row][1]}
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
             "end": t(9000), "outcome": "held", "claim": "C-1,C-9", "units": "frigates",
             "support": "air", "opfor": "boats"},
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
            message(0, "contact_report", SQUADRON, AIR, 10, 75, 0),
            message(1, "contact_report", AIR, FLEET, 75, 140, 0),
            message(2, "contact_report", AIR, FLEET, 90, 900, 0),  # later, of the loss
            message(3, "order", FLEET, FRIGATES, 200, 700, 0),
            message(4, "order", FLEET, FRIGATES, 200, 690, 3),  # about another
            message(5, "order", FLEET, FRIGATES, 200, None, 0),  # never came
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
    segment = {}
    with RunWriter(folder, header()) as writer:
        for name in rows:
            names = dict.fromkeys(key for row in rows[name] for key in row)
            data = pa.table({key: [row.get(key) for row in rows[name]] for key in names})
            if name in ("events", "legs"):
                segment[name] = data
            elif len(data):
                writer.write_static(name, data)
        writer.write_segment(0, segment)
        writer.finish()
    return Run(folder)
