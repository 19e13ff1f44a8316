"""Chains of causes in runs: every step is a row of the store, and stands where it belongs."""

from __future__ import annotations

import itertools
import json

import pytest
from test_sea_plays import STRANGERS, _guard, _hunt, _run, _unit

import startex

KEYS = {
    "events": "event", "shots": "shot", "orders": "order", "messages": "message",
    "detections": "detection", "serials": "serial", "claims": "claim",
}  # fmt: skip


@pytest.fixture(scope="module")
def guard(tmp_path_factory) -> startex.Run:
    """Two units guard: what one sees and the other is to do goes over a net."""
    units = [_unit("guards", "area", asw_1124m=1), _unit("second", "area", asw_1124m=2)]
    serial = {**_guard(), "units": ["guards", "second"]}
    return _run(tmp_path_factory.mktemp("guard"), [*units, STRANGERS], [serial])


@pytest.fixture(scope="module")
def hunt(tmp_path_factory) -> startex.Run:
    return _run(tmp_path_factory.mktemp("hunt"), *_hunt(20, mines="moored"))


def _rows(run: startex.Run) -> dict[str, dict[str, dict]]:
    return {
        table: {str(row[key]): row for row in run.table(table).to_pylist()}
        for table, key in KEYS.items()
    }


def _checked(run: startex.Run, event: int) -> list[str]:
    """Return the tables a chain passes through, each step looked up in its table."""
    stored = _rows(run)
    steps = run.why(event).to_pylist()
    subject = stored["events"][str(event)]
    at = subject["t"]
    for step in steps:
        row = stored[step["what"]][step["id"]]
        data = json.loads(step["data"])
        if step["what"] == "events":
            assert row["t"] <= at
            at = row["t"]
        else:
            assert data == row
        if step["what"] == "messages":
            about = stored["detections"][str(row["about"])]
            assert about["target"] == subject["target"]
            assert row["t_received"] <= subject["t"]
        if step["what"] == "shots":
            assert row["target"] == subject["target"]
        if step["what"] == "detections":
            assert row["target"] == subject["target"] and row["t"] <= subject["t"]
    assert steps[-1]["what"] in ("serials", "claims")
    assert "serial_started" in [step["kind"] for step in steps]
    return [step["what"] for step in steps]


def test_intruders_that_were_met_lead_back_to_an_order_a_message_and_a_contact(guard) -> None:
    met = [o for o in guard.outcomes().to_pylist() if o["kind"] == "intercepted"]
    assert len(met) == 4
    ordered = 0
    for outcome in met:
        passed = _checked(guard, outcome["event"])
        assert passed.index("orders") < passed.index("detections")
        ordered += "messages" in passed
        if "messages" in passed:
            assert passed.index("orders") < passed.index("messages") < passed.index("detections")
    assert ordered


def test_mines_that_were_destroyed_lead_back_to_the_shot_and_the_sonar(hunt) -> None:
    gone = [o for o in hunt.outcomes("hunt").to_pylist() if o["kind"] == "out_of_action"]
    assert len(gone) >= 18
    shots = {row["shot"]: row for row in hunt.table("shots").to_pylist()}
    for outcome in gone:
        passed = _checked(hunt, outcome["event"])
        assert passed[:3] == ["events", "events", "shots"]
        assert "detections" in passed
        shot = hunt.why(outcome["event"]).to_pylist()[2]
        assert shots[int(shot["id"])]["result"] == "target_destroyed"


def test_every_message_that_a_chain_names_ends_where_the_next_begins(guard) -> None:
    """From the order up to who saw it: who sends a message is who got the one below it."""
    stored = _rows(guard)
    for outcome in guard.outcomes().to_pylist():
        rows = guard.why(outcome["event"]).to_pylist()
        chain = [stored["messages"][r["id"]] for r in rows if r["what"] == "messages"]
        for later, earlier in itertools.pairwise(chain):
            assert later["sender"] == earlier["receiver"]
            assert earlier["t_received"] <= later["t_sent"]
        if chain:
            contact = stored["detections"][next(r["id"] for r in rows if r["what"] == "detections")]
            assert chain[-1]["sender"] == contact["unit"]
