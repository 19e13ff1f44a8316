"""Jamming as a parameter of a play: who receives in the area gets nothing by the nets jammed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
import startex
from land_examples import defence

pytestmark = pytest.mark.timeout(300)

MIN = 60_000
OPFOR = {"others": [{"platform": "recon-team", "count": 3, "persons": 5}]}
SUPPORT = {"helpers": [{"platform": "recon-team", "count": 3, "persons": 5}]}


def _run(tmp_path, **params) -> startex.Run:
    folder = defence(
        tmp_path / "made", support=SUPPORT, opfor=OPFOR, attack_min=60, weapons_free_min=600,
        **params,
    )  # fmt: skip
    return startex.simulate(startex.load(folder), out=tmp_path / "run")


def _messages(run: startex.Run) -> list[dict]:
    return run.sql(
        "select m.*, s.start from messages m join serials s on s.serial = m.serial "
        "where s.task = 'defend' order by message"
    ).to_pylist()


@pytest.fixture(scope="module")
def free(tmp_path_factory) -> startex.Run:
    return _run(tmp_path_factory.mktemp("free"))


def test_without_it_reports_go_by_the_radios_of_the_troops(free) -> None:
    rows = _messages(free)
    assert len(rows) > 5
    assert {row["result"] for row in rows} == {"delivered"}
    assert any("vhf" in row["net"] for row in rows)
    assert free.sql("select * from events where kind like 'jamming%'").num_rows == 0


def test_while_it_lasts_nothing_is_received_by_the_nets_jammed(tmp_path) -> None:
    run = _run(tmp_path, jams="vhf_voice", jam_radius_m=50_000, jam_min=40)
    rows = _messages(run)
    during = [row for row in rows if row["t_sent"] < row["start"] + 40 * MIN]
    assert during
    assert not [row for row in during if "vhf" in (row["net"] or "")]
    after = [row for row in rows if row["t_sent"] >= row["start"] + 40 * MIN]
    assert any("vhf" in row["net"] for row in after)


def test_it_begins_and_ends_as_planned_and_events_tell_so(tmp_path) -> None:
    run = _run(tmp_path, jams="radio", jam_radius_m=50_000, jam_after_min=10, jam_min=30)
    (serial,) = run.sql("select * from serials where task = 'defend'").to_pylist()
    events = {row["event"]: row for row in run.sql("select * from events").to_pylist()}
    began, ended = (
        next(row for row in events.values() if row["kind"] == kind)
        for kind in ("jamming_began", "jamming_ended")
    )
    assert (began["t"] - serial["start"], ended["t"] - began["t"]) == (10 * MIN, 30 * MIN)
    assert events[began["cause"]]["kind"] == "serial_started"
    assert ended["cause"] == began["event"]
    assert "satellite" in json.loads(began["data"])["kinds"]
    rows = _messages(run)
    inside = [row for row in rows if began["t"] <= row["t_sent"] < ended["t"]]
    assert {row["result"] for row in inside} == {"jammed"}
    assert len({row["sender"] for row in inside}) > 1  # both sides: a jammer knows none
    before = [row for row in rows if row["t_sent"] < began["t"] - 5 * MIN]
    assert any(row["result"] == "delivered" for row in before)


def test_far_from_it_nobody_notices(free, tmp_path) -> None:
    """Within 100 m of the middle of the range stands nobody."""
    run = _run(tmp_path, jams="radio", jam_radius_m=100)
    nets = [(row["sender"], row["receiver"], row["net"], row["t_sent"]) for row in _messages(run)]
    alike = [(row["sender"], row["receiver"], row["net"], row["t_sent"]) for row in _messages(free)]
    assert nets == alike


def test_a_factor_makes_sending_slower(free, tmp_path) -> None:
    run = _run(tmp_path, jams="vhf_voice", jam_radius_m=50_000, jam_factor=5)
    pairs = zip(_messages(free)[:3], _messages(run)[:3], strict=True)
    for plain, slow in pairs:
        if "vhf" in plain["net"]:
            assert slow["sending_ms"] > 2 * plain["sending_ms"]
