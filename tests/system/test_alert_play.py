"""Fighters on alert against intruders in a small exercise. Fictional."""

from __future__ import annotations

from typing import Any

import pytest

import startex
from sea_examples import MIDDLE, exercise
from startex.control.alerts import AIRBORNE_MS
from startex.geography.geodesy import inverse

pytestmark = pytest.mark.timeout(300)

UNITS: list[dict[str, Any]] = [
    {"unit": "fighters", "home": "field", "parts": {"su-35s": 4, "ground-crew": 4}},
    {"unit": "picket", "home": "area", "parts": {"corvette-20380": 1}},
    {"unit": "intruders", "home": "field", "parts": {"su-34": 4, "ground-crew": 4}},
]


def _run(folder, **params: Any) -> startex.Run:
    serial = {
        "serial": "alert", "task": "alert", "hours": (2, 12), "units": ["fighters"],
        "support": ["picket"], "opfor": ["intruders"],
        "params": {"scrambles": 4, "on_station_min": 30, "raid_after_min": 60,
                   "raid_interval_min": 180, "raid_altitude_m": 6000, **params},
    }  # fmt: skip
    made = exercise(folder / "made", UNITS, [serial])
    return startex.simulate(startex.load(made), out=folder / "run")


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> startex.Run:
    return _run(tmp_path_factory.mktemp("alert"))


def _events(run: startex.Run, *kinds: str) -> list[dict[str, Any]]:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    return run.sql(f"select * from events where kind in ({words}) order by t, event").to_pylist()


def test_one_pair_takes_off_against_one_pair_when_it_is_reported(run) -> None:
    calls = _events(run, "scrambled")
    assert len(calls) == 2  # two pairs of intruders, three hours apart
    assert len({call["actor"] for call in calls}) == 2  # the other pair goes next
    by_event = {e["event"]: e for e in run.sql("select * from events").to_pylist()}
    for call in calls:
        seen = by_event[call["cause"]]
        assert seen["kind"] in ("detected", "classified", "identified")
        assert seen["target"] == call["target"]
        assert call["t"] >= seen["t"]
    names = {e["entity"]: e for e in run.sql("select * from entities").to_pylist()}
    intruders = {call["target"] for call in calls}
    assert all("Intruders" in names[row]["name"] for row in intruders)
    off = [e for e in _events(run, "took_off") if e["actor"] in {c["actor"] for c in calls}]
    assert [e["t"] - c["t"] < AIRBORNE_MS for e, c in zip(off, calls, strict=True)] == [True, True]


def test_they_wait_on_the_way_of_the_intruder_to_the_place(run) -> None:
    """Where a pair stays lies on the line from where the intruder was reported to the place."""
    stations = _events(run, "on_station")
    assert len(stations) == 2
    for call, station in zip(_events(run, "scrambled"), stations, strict=True):
        spot = run.where(call["actor"], station["t"])
        then = run.where(call["target"], call["t"])
        straight = float(inverse(then.lat, then.lon, *MIDDLE)[1])
        by_way = float(inverse(then.lat, then.lon, spot.lat, spot.lon)[1]) + float(
            inverse(spot.lat, spot.lon, *MIDDLE)[1]
        )
        assert by_way < straight + 45_000.0  # the circle of those who wait, and errors of the fix


def test_without_radar_or_report_nobody_takes_off(tmp_path) -> None:
    run = _run(tmp_path, raid_altitude_m=60, raid_release_m=200_000)
    assert _events(run, "took_off")
    assert not _events(run, "scrambled")


def test_no_more_than_the_scrambles_allowed(tmp_path) -> None:
    assert len(_events(_run(tmp_path, scrambles=1), "scrambled")) == 1


def test_who_may_fires_and_the_run_is_sound(run, tmp_path) -> None:
    assert run.verify_deep() == []
    fire = run.sql(
        "select count(*) n from shots s join entities e on e.entity = s.shooter "
        "where e.kind = 'aircraft'"
    ).to_pylist()[0]["n"]
    assert fire
    watched = _run(tmp_path, roe="observe", opfor_roe="observe")
    assert not watched.table("shots").num_rows
    assert _events(watched, "scrambled")
