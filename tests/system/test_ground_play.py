"""A defence on land as it was recorded: a generated exercise in which raiders come at a company."""

from __future__ import annotations

import numpy as np
import pytest

import startex
from startex.control.tasks.defence import CLOSE_M
from startex.engine.groundfire import ROUND_MS
from startex.geography.geodesy import inverse
from startex.recording.audit import audit
from startex.testing import make_exercise, plan_exercise

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    """A scenario folder with two such defences."""
    return make_exercise(
        tmp_path_factory.mktemp("ground") / "made", entities=200, seed=3, kinds=["motor"]
    )


@pytest.fixture(scope="module")
def run(exercise, tmp_path_factory) -> startex.Run:
    out = tmp_path_factory.mktemp("ground") / "run"
    return startex.simulate(startex.load(exercise), out=out)


def _defences(run: startex.Run) -> list[dict]:
    return run.sql("select * from serials where task = 'defend' order by serial").to_pylist()


def _shots(run: startex.Run) -> list[dict]:
    """Fire in the defences; at targets on ranges there is other fire."""
    return run.sql(
        "select s.* from shots s join serials p on p.serial = s.serial "
        "where p.task = 'defend' order by shot"
    ).to_pylist()


def test_both_sides_find_each_other_and_fire_in_rounds(run) -> None:
    defences = _defences(run)
    assert len(defences) == 2
    assert {row["outcome"] for row in defences} == {"held"}
    shots = _shots(run)
    assert {row["serial"] for row in shots} == {row["serial"] for row in defences}
    begin = run.manifest.header.sim_start
    assert {(row["t"] - begin) % ROUND_MS for row in shots} == {0}
    once = {(row["t"], row["shooter"]) for row in shots}
    assert len(once) == len(shots) > 50


def test_who_fires_has_the_target_in_contact(run) -> None:
    """His side has, at that instant, and the target stands as far away as the shot says.

    But for those who wait beside their vehicle to board: they count as at it, 20 m off.
    """
    blind = run.sql(
        """select s.shot from shots s join serials p on p.serial = s.serial
        where p.task = 'defend' and not exists (
            select 1 from detections d where d.serial = s.serial and d.target = s.target
            and d.t <= s.t and coalesce(d.t_lost, s.t) >= s.t)"""
    ).num_rows
    assert blind == 0
    for row in _shots(run)[::7]:
        here, there = (run.where(row[who], row["t"]) for who in ("shooter", "target"))
        _, away = inverse(here.lat, here.lon, there.lat, there.lon)
        assert np.hypot(float(away), here.alt - there.alt) == pytest.approx(
            row["range_m"], rel=2e-3, abs=25.0
        )


def test_nobody_fires_or_is_fired_at_once_he_is_out_until_the_umpires_reset(run) -> None:
    out = run.sql("select * from events where kind = 'out_of_action' order by t").to_pylist()
    assert out
    assert len({(row["serial"], row["target"]) for row in out}) == len(out)
    shots = run.sql("select * from shots").to_pylist()
    for row in out:
        later = [s for s in shots if s["serial"] == row["serial"] and s["t"] > row["t"]]
        assert not [s for s in later if row["target"] in (s["shooter"], s["target"])]
    reset = run.sql("select * from events where kind = 'umpire_reset'").to_pylist()
    ends = {row["serial"]: row["end"] for row in _defences(run)}
    assert {row["serial"]: row["t"] for row in reset} == {row["serial"]: ends[row["serial"]]
                                                          for row in out}  # fmt: skip


def test_every_loss_leads_back_to_the_one_who_saw_it(run) -> None:
    events = {row["event"]: row for row in run.sql("select * from events").to_pylist()}
    for row in events.values():
        if row["kind"] != "out_of_action":
            continue
        fired = events[row["cause"]]
        seen = events[fired["cause"]]
        assert fired["kind"] == "fired"
        assert seen["kind"] in ("detected", "classified", "identified")
        assert fired["target"] == seen["target"] == row["target"]
        assert seen["t"] < fired["t"] <= row["t"]


def test_the_attack_comes_near_and_no_nearer(run) -> None:
    """Raiders end ``close_m`` in front of the company, and began ``approach_m`` away from it."""
    for serial in _defences(run):
        units = {u["id"]: u for u in run.sql("select * from units").to_pylist()}
        raiders, company = units[serial["opfor"]], units[serial["units"]]

        def middle(unit: dict, t: int) -> tuple[float, float]:
            rows = [
                run.where(row["entity"], t)
                for row in run.sql(
                    f"select entity from entities where kind = 'vehicle' and entity >= "
                    f"{unit['first']} and entity < {unit['last']}"
                ).to_pylist()
            ]
            return float(np.mean([r.lat for r in rows])), float(np.mean([r.lon for r in rows]))

        end = serial["end"] - 1000
        gap = float(inverse(*middle(raiders, end), *middle(company, end))[1])
        assert gap == pytest.approx(CLOSE_M, abs=150.0)
        set_out = serial["start"] + 20 * 60_000
        gap = float(inverse(*middle(raiders, set_out), *middle(company, set_out))[1])
        assert gap == pytest.approx(1500.0, abs=250.0)


def test_it_goes_the_same_on_one_thread_and_passes_the_audit(run, exercise, tmp_path) -> None:
    again = startex.simulate(startex.load(exercise), out=tmp_path / "again", threads=1)
    assert again.manifest.digest == run.manifest.digest
    found = audit(run)
    assert not found.problems, found.problems


def test_rounds_fired_are_rounds_used_up(run) -> None:
    fired = run.sql("select sum(rounds) n from shots").to_pylist()[0]["n"]
    live = run.sql(
        "select count(*) n from serials where task = 'live_fire' and outcome = 'held'"
    ).to_pylist()[0]["n"]
    used = run.sql("select sum(consumed) n from supply where measure = 'rounds'").to_pylist()
    assert live
    assert int(used[0]["n"]) >= int(fired) > 0


def test_the_review_tells_of_both_sides(run) -> None:
    from startex.review.report import review

    figures = {f["id"]: f["value"] for f in review(run.folder).figures["figures"]}
    for serial in _defences(run):
        sides = [f"play.{serial['serial']}.{side}" for side in ("training", "opposing")]
        n = run.sql(
            f"select count(*) n from shots where serial = '{serial['serial']}'"
        ).to_pylist()[0]["n"]
        assert sum(figures[f"{side}.shots"] for side in sides) == n
        assert figures[f"{sides[0]}.out"] > 0


def test_a_defence_against_nobody_says_so(tmp_path) -> None:
    plan = plan_exercise(entities=1, seed=3, kinds=["motor"])
    for row in plan.serials:
        row.pop("opfor", None)
    folder = plan.write(tmp_path / "made")
    run = startex.simulate(startex.load(folder), out=tmp_path / "run")
    (row,) = _defences(run)
    assert row["outcome"] == "called_off"
    assert "names no opposing force" in row["reason"]
