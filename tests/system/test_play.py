"""Two-sided serials of Vostok-2022 as they were recorded: contacts, fire and their causes."""

from __future__ import annotations

import numpy as np
import pytest

import startex
from startex.foundation.clock import parse_time
from startex.geography.geodesy import inverse

UNTIL = parse_time("2022-09-03T02:00+10:00")

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> startex.Run:
    """As far as the escort of the convoy and the search for submarines go."""
    out = tmp_path_factory.mktemp("play") / "run"
    return startex.simulate(startex.load("vostok-2022"), out=out, until_ms=UNTIL)


def test_who_is_detected_is_where_it_is_said_to_be(run) -> None:
    """At sea and in the air; what changes on the ground counts each half hour only."""
    rows = run.sql(
        """select d.* from detections d join entities a on a.entity = d.looker
        join entities b on b.entity = d.target
        where a.kind in ('ship', 'aircraft') and b.kind in ('ship', 'aircraft')"""
    ).to_pylist()
    assert len(rows) > 200
    for row in rows[:: len(rows) // 40]:
        spot = run.where(row["target"], row["t"])
        _, away = inverse(spot.lat, spot.lon, row["lat"], row["lon"])
        assert float(away) < 0.05
        looker = run.where(row["looker"], row["t"])
        _, ground = inverse(looker.lat, looker.lon, spot.lat, spot.lon)
        assert np.hypot(float(ground), looker.alt - spot.alt) == pytest.approx(
            row["range_m"], rel=2e-3, abs=1.0
        )


def test_sides_detect_and_fire_at_each_other_and_at_nobody_else(run) -> None:
    opposing = {
        row["serial"]: set(row["units"].split(";"))
        for row in run.sql("select serial, opfor as units from serials where opfor is not null")
        .to_pylist()
    }  # fmt: skip
    shots = run.sql(
        """select s.serial, s.shooter, s.target, s.t, s.rounds, a.unit as a, b.unit as b
        from shots s join entities a on a.entity = s.shooter join entities b on b.entity = s.target
        where b.kind != 'target' order by s.shot"""
    ).to_pylist()
    assert {"sea-asw", "sea-escort"} <= {row["serial"] for row in shots}
    parent = {r["unit"]: r for r in run.sql("select unit, id, parent from units").to_pylist()}

    def plays(unit: int | None, serial: str) -> bool:
        while unit is not None:
            if parent[unit]["id"] in opposing[serial]:
                return True
            unit = parent[unit]["parent"]
        return False

    for row in shots:
        assert plays(row["a"], row["serial"]) != plays(row["b"], row["serial"])
        assert row["rounds"] > 0


def test_reports_come_to_commands_after_the_detection_and_add_up(run) -> None:
    rows = run.sql(
        """select m.*, d.t from messages m join detections d on d.detection = m.about
        where kind = 'contact_report'"""
    ).to_pylist()
    assert len(rows) > 100
    assert {row["result"] for row in rows} <= {"delivered", "under_way", "out_of_reach"}
    for row in rows:
        assert row["t_sent"] >= row["t"]
        if row["result"] == "delivered":
            parts = sum(row[f"{part}_ms"] for part in ("staff", "sending", "queue", "liaison"))
            assert row["t_received"] - row["t_sent"] == parts > 0


def test_fire_is_at_what_the_side_has_in_contact_and_weapons_are_free(run) -> None:
    late = run.sql(
        """select s.shot from shots s join entities e on e.entity = s.target
            where e.kind != 'target' and not exists (
            select 1 from detections d where d.serial = s.serial and d.target = s.target
            and d.t <= s.t and coalesce(d.t_lost, s.t) >= s.t)"""
    ).num_rows
    assert late == 0
    first = run.sql("select min(t) - (select start from serials where serial = 'sea-escort') as ms"
                    " from shots where serial = 'sea-escort'").to_pylist()  # fmt: skip
    assert first[0]["ms"] >= 720 * 60_000


def test_nobody_fires_before_he_knows_what_it_is(run) -> None:
    early = run.sql(
        """select s.shot from (select * from shots
            where serial in (select serial from serials where opfor is not null)) s
        join entities e on e.entity = s.shooter
        where not exists (select 1 from tracks k where k.serial = s.serial
            and k.target = s.target and k.t_classified <= s.t)"""
    ).num_rows
    assert early == 0
    assert run.table("shots").num_rows > 40


def test_reports_are_as_far_off_as_their_standard_errors(run) -> None:
    """Keyed draws: the mean of the squares, each over what is expected of it, is one."""
    rows = run.sql(
        """select k.lat, k.lon, k.error_m, d.lat as true_lat, d.lon as true_lon
        from tracks k join detections d on d.detection = k.track"""
    )
    lat, lon, error, true_lat, true_lon = (column.to_numpy() for column in rows.columns)
    _, off = inverse(lat, lon, true_lat, true_lon)
    assert len(off) > 1_000
    # the variance of such a square is 2 at most: where the error is all along one line
    assert abs(np.mean(off**2 / (2.0 * error**2)) - 1.0) < 3.3 * np.sqrt(2.0 / len(off))


def test_what_is_heard_radiates_and_is_within_the_radio_horizon(run) -> None:
    heard = run.sql(
        """select d.target, d.range_m, e.type, e.kind from detections d
        join entities e on e.entity = d.target where d.sensor like 'esm%'"""
    ).to_pylist()
    assert len(heard) > 20
    assert not any(row["type"].startswith("submarine") for row in heard)
    ships = [row["range_m"] for row in heard if row["kind"] == "ship"]
    by_eye = run.sql(
        "select max(range_m) m from detections where sensor = 'periscope'"
    ).to_pylist()[0]["m"]  # fmt: skip
    assert max(ships) > 3.0 * by_eye


def test_a_picture_is_what_was_known_at_that_instant(run) -> None:
    rows = run.table("tracks").to_pylist()
    shown = 0
    for row in rows[:: len(rows) // 25]:
        ended = run.sql(
            'select "end" e from serials where serial = ?', [row["serial"]]
        ).to_pylist()[0]["e"]  # fmt: skip
        at = {"opposing": row["opposing"], "serial": row["serial"]}
        before = run.picture(row["t0"] - 1, **at)
        assert row["track"] not in before["track"].to_pylist()
        for t, lat, error in (
            (row["t0"], row["lat"], row["error_m"]), (row["t1"], row["lat1"], row["error1_m"]),
        ):  # fmt: skip
            if t is None or (ended is not None and ended <= t):
                continue
            known = {k["target"]: k for k in run.picture(t, **at).to_pylist()}[row["target"]]
            if known["track"] == row["track"]:
                shown += 1
                assert (known["lat"], known["error_m"], known["age_s"]) == (lat, error, 0.0)
            else:
                assert known["error_m"] <= error
    assert shown > 10


def test_while_contact_lasts_the_picture_keeps_up_with_the_target(run) -> None:
    """Its errors are those stated, at any instant; what is lost grows old."""
    ratios, ages = [], []
    for hour in range(1, 16):
        t = UNTIL - hour * 3_600_000 - 1_234
        for row in run.picture(t, opposing=bool(hour % 2)).to_pylist():
            ages.append(row["age_s"])
            if row["in_contact"] and row["error_m"] > 0.0:
                spot = run.where(row["target"], t)
                _, off = inverse(spot.lat, spot.lon, row["lat"], row["lon"])
                ratios.append(float(off) ** 2 / (2.0 * row["error_m"] ** 2))
    assert len(ratios) > 50
    assert np.mean(ratios) < 1.0 + 4.0 * np.sqrt(2.0 / len(ratios))
    assert max(ages) > 600.0


def test_why_leads_back_from_out_of_action_to_the_start_of_the_serial(run) -> None:
    events = {row["event"]: row for row in run.sql("select * from events").to_pylist()}
    ends = [row for row in events.values() if row["kind"] == "out_of_action"]
    assert len(ends) > 3
    for end in ends:
        kinds, row = [], end
        while row is not None:
            kinds.append(row["kind"])
            row = events.get(row["cause"])
        known = [kind for kind in kinds if kind not in ("classified", "identified")]
        assert known[:3] == ["out_of_action", "fired", "detected"]
        assert "serial_started" in kinds


def test_the_audit_finds_the_run_sound_as_far_as_it_goes(run, tmp_path) -> None:
    again = startex.simulate(
        startex.load("vostok-2022"), out=tmp_path / "again", until_ms=UNTIL, threads=1
    )
    for name in ("detections", "shots", "events"):
        assert run.table(name).equals(again.table(name)), name


def test_accounts_of_supply_follow_from_row_to_row(run) -> None:
    """What is on hand is what was, with what came and without what went, to the unit."""
    rows = run.sql(
        """select on_hand, consumed, received, issued, lag(on_hand) over w as was
        from supply window w as (partition by unit, item, holding order by t)"""
    )
    was = rows.column("was").to_pylist()
    known = [i for i, value in enumerate(was) if value is not None]
    assert len(known) > 10_000
    on_hand, used, came, went = (
        rows.column(name).to_numpy() for name in ("on_hand", "consumed", "received", "issued")
    )
    before = np.array([was[i] for i in known])
    assert np.array_equal(on_hand[known], before + (came - used - went)[known])
    assert used.sum() > 0
    fired = run.sql(
        """select sum(r) r from (select rounds as r from shots union all
        select cast(data ->> '$.rounds' as bigint) from events where kind = 'defended')"""
    ).to_pylist()[0]["r"]
    burnt = run.sql("select sum(consumed) c from supply where measure = 'rounds'").to_pylist()
    assert int(burnt[0]["c"]) == int(fired)


def test_the_review_tells_of_the_play(run) -> None:
    """Its figures agree with the tables; both sides of every played serial are there."""
    from startex.review.report import review

    made = review(run.folder)
    figures = {figure["id"]: figure["value"] for figure in made.figures["figures"]}
    shots = run.sql(
        "select s.serial, count(*) n from shots s join entities e on e.entity = s.target "
        "where e.kind != 'target' group by 1"
    ).to_pylist()
    for row in shots:
        sides = [figures[f"play.{row['serial']}.{side}.shots"] for side in ("training", "opposing")]
        assert sum(sides) == row["n"]
        assert max(sides) > 0
    found = run.sql(
        "select count(distinct target) n from detections where serial = 'sea-asw' and not opposing"
    ).to_pylist()[0]["n"]
    assert figures["play.sea-asw.training.found"] == found == 3
    assert figures["supply.fuel.used"] == pytest.approx(
        float(run.sql("select sum(consumed) c from supply where item = 'fuel'").to_pylist()[0]["c"])
        / 1e6,
        abs=0.5,
    )
    assert "The play, and what it took" in made.html
