"""Vostok-2022 whole: what must hold of the real run. The longer level (some minutes)."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest

import startex
from moved_runs import differences
from startex.foundation.clock import MS_PER_DAY
from startex.geography.geodesy import inverse
from startex.geography.search import PORT_TOLERANCE_M
from startex.geography.surface import COAST_TOLERANCE_M, Surface
from startex.testing import shift_exercise

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

OFFICIAL = {"persons": 50_000, "vehicles": 4_800, "aircraft": 140, "ships": 60, "nations": 14}
INSTANTS = 25
MOST_MB = 150
GEODESIC_TOLERANCE_M = 1.0


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> startex.Run:
    out = tmp_path_factory.mktemp("vostok") / "official"
    return startex.simulate(startex.load("vostok-2022"), out=out, seed=0, threads=2)


def _instants(run: startex.Run) -> list[int]:
    header, draw = run.manifest.header, random.Random(11)
    inner = [draw.randrange(header.sim_start, header.sim_end) for _ in range(INSTANTS)]
    return [header.sim_start, *sorted(inner), header.sim_end]


def test_the_announced_totals(run) -> None:
    assert {name: run.manifest.counts[name] for name in OFFICIAL} == OFFICIAL


def test_counts_at_every_instant_nobody_unaccounted(run) -> None:
    """All are somewhere, once: persons in one carrier, platforms at a position, one status each."""
    entities = run.table("entities")
    kind = np.array(entities.column("kind").to_pylist())
    counted = entities.column("counted").to_numpy(zero_copy_only=False)
    wanted = {"person": 50_000, "vehicle": 4_800, "aircraft": 140, "ship": 60}
    for t in _instants(run):
        where = run.positions(at=t)
        lat = where.column("lat").to_numpy(zero_copy_only=False)
        status = np.array(where.column("status").to_pylist())
        for name, number in wanted.items():
            of_kind = (kind == name) & counted
            assert int(np.isfinite(lat[of_kind]).sum()) == number, (name, t)
            assert int((status[of_kind] != None).sum()) == number  # noqa: E711
        carried = run.sql(
            "select count(*) n, count(distinct entity) d from carriers join entities e "
            "using (entity) where e.kind = 'person' and e.counted and t0 <= ? "
            "and (t1 is null or t1 > ?)",
            [t, t],
        ).to_pylist()[0]
        assert (carried["n"], carried["d"]) == (50_000, 50_000), t


def test_the_deep_audit_finds_nothing(run) -> None:
    assert run.verify() == []
    assert [str(problem) for problem in run.verify_deep()] == []


def test_no_leg_crosses_what_its_mode_cannot(run) -> None:
    """Every leg of the run at five points against land and water.

    Tolerances: `COAST_TOLERANCE_M` along coasts, `PORT_TOLERANCE_M` about ports, whose basins
    the data do not show.
    """
    surface = Surface()
    ports = run.sql("select lat, lon from places where kind = 'port'").to_pylist()
    legs = run.table("legs")
    mode = np.array(legs.column("mode").to_pylist())
    lat0, lon0, lat1, lon1 = (legs.column(c).to_numpy() for c in ("lat0", "lon0", "lat1", "lon1"))
    for modes, on_land in ((("road", "cross_country", "foot", "rail"), True), (("sea",), False)):
        which = np.isin(mode, modes)
        assert which.sum() > 10_000
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            lat = lat0[which] + share * (lat1[which] - lat0[which])
            lon = lon0[which] + share * (lon1[which] - lon0[which])
            off = np.flatnonzero(surface.is_land(lat, lon) != on_land)
            if off.size:
                off = off[surface.coast_distance_m(lat[off], lon[off]) > COAST_TOLERANCE_M]
                for port in ports if not on_land else ():
                    away = inverse(lat[off], lon[off], port["lat"], port["lon"])[1]
                    off = off[away > PORT_TOLERANCE_M]
                assert off.size == 0, (modes, lat[off][:3], lon[off][:3])


def test_every_leg_stays_within_a_metre_of_the_geodesic(run) -> None:
    legs = run.table("legs")
    lat0, lon0, lat1, lon1 = (legs.column(c).to_numpy() for c in ("lat0", "lon0", "lat1", "lon1"))
    ends, index = np.unique(np.stack([lat0, lon0, lat1, lon1]), axis=1, return_index=True)
    moved = (ends[0] != ends[2]) | (ends[1] != ends[3])
    lat0, lon0, lat1, lon1 = ends[:, moved]
    assert index.size > 100_000
    azimuth, _ = inverse(lat0, lon0, lat1, lon1)
    for share in (0.25, 0.5, 0.75):
        lat, lon = lat0 + share * (lat1 - lat0), lon0 + share * (lon1 - lon0)
        bearing, distance = inverse(lat0, lon0, lat, lon)
        across = np.abs(distance * np.sin(np.radians(bearing - azimuth)))
        assert float(across.max()) <= GEODESIC_TOLERANCE_M


def test_an_air_attack_is_repulsed_and_drifting_mines_are_destroyed(run) -> None:
    """3 September (W-21, W-26): raiders meet the formation, then the group clears mines."""
    events = run.sql(
        "select e.serial, e.kind, a.kind as target from events e "
        "left join entities a on a.entity = e.target "
        "where serial in ('sea-formation', 'sea-mines', 'sea-mine-drill', 'sea-guard')"
    ).to_pylist()
    counts = Counter((e["serial"], e["kind"], e["target"]) for e in events)
    raiders = run.sql(
        "select count(distinct shooter) n from shots where serial = 'sea-formation'"
    ).to_pylist()[0]["n"]
    assert raiders > 0
    assert 0 < counts["sea-formation", "out_of_action", "aircraft"] <= 4
    assert (
        counts["sea-formation", "turned_home", None]
        == (counts["sea-formation", "out_of_action", "aircraft"])
    )
    assert 0 < counts["sea-mines", "out_of_action", "target"] <= 6
    assert 0 < counts["sea-mine-drill", "out_of_action", "target"] <= 12
    assert counts["sea-guard", "entered_area", None] == 3
    assert 0 < counts["sea-guard", "intercepted", "ship"] <= 3
    assert counts["sea-guard", "fired", "ship"] == 0
    held = run.sql("select serial from serials where serial like 'sea-%' and outcome like 'held%'")
    assert {"sea-formation", "sea-mines", "sea-firing", "sea-guard"} <= {
        row["serial"] for row in held.to_pylist()
    }


def test_the_run_folder_is_small(run) -> None:
    assert sum(file.size for file in run.manifest.files) < MOST_MB * 1_000_000


def test_one_thread_gives_the_same_digest(run, tmp_path) -> None:
    again = startex.simulate(startex.load("vostok-2022"), out=tmp_path / "one", seed=0, threads=1)
    assert again.manifest.digest == run.manifest.digest


def test_killed_and_resumed_gives_the_same_digest(run, tmp_path) -> None:
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "startex.cli.main", "run", "vostok-2022", "--out", str(out)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=dict(os.environ))
    deadline = time.monotonic() + 300
    while not list(out.glob("legs/part-00005.parquet")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not startex.Run(out).manifest.complete
    assert startex.resume(out).manifest.digest == run.manifest.digest


def test_a_week_later_all_is_a_week_later(tmp_path) -> None:
    """Without the play, in which the sun, a week later, sets at another hour."""
    runs = []
    for days in (0, 7):
        folder = shift_exercise("vostok-2022", tmp_path / f"moved-{days}", days)
        serials = folder / "serials.yaml"
        text = serials.read_text(encoding="utf-8")
        serials.write_text(re.sub(r"^  opfor: .*\n", "", text, flags=re.M), encoding="utf-8")
        runs.append(startex.simulate(startex.load(folder), out=tmp_path / f"run-{days}", seed=0))
    assert differences(*runs, 7 * MS_PER_DAY) == []


def test_reported_whereabouts_come_out_of_the_run(run) -> None:
    """What the sources report of places and hours, asked of the run."""
    ships = run.where("Nanchang 101", "2022-08-30T12:00+10:00")
    off_tsushima = inverse(ships.lat, ships.lon, 34.6, 129.6)[1]
    assert float(off_tsushima) < 150_000.0  # enters the Sea of Japan on 30 August
    firing = run.sql(
        "select min(t) t0, max(t) t1 from events where serial like '%main%' "
        "and kind = 'live_fire_started'"
    ).to_pylist()[0]
    opened = run.instant("2022-09-06T16:50+10:00")
    assert firing["t0"] is not None
    assert abs(firing["t0"] - opened) <= 20 * 60_000


def test_live_fire_of_every_serial_is_recorded_shot_by_shot(run) -> None:
    """Who fires belongs to the serial, stands where the range says, and hits what is up."""
    rows = run.sql(
        """select s.*, v.kind as cause_kind, v.serial as cause_serial, v.t as opened, a.kind as by
        from shots s join entities e on e.entity = s.target join entities a on a.entity = s.shooter
        join events v on v.event = s.cause join serials p on p.serial = s.serial
        where e.kind = 'target' and p.opfor is null order by s.shot"""
    ).to_pylist()
    serials = {row["serial"]: row for row in run.sql("select * from serials").to_pylist()}
    fire = {name for name, row in serials.items() if row["task"] == "live_fire"}
    assert fire == {row["serial"] for row in rows} & fire
    strikes = {row["serial"] for row in rows} - fire
    assert len(strikes) > 12
    assert {serials[name]["task"] for name in strikes} == {"sortie"}
    for row in rows:
        assert row["rounds"] > 0
        assert row["cause_kind"] == ("attack" if row["by"] == "aircraft" else "live_fire_started")
        assert row["cause_serial"] == row["serial"]
        assert row["opened"] <= row["t"] <= serials[row["serial"]]["end"]
        assert (row["draw"] < row["probability"]) == (row["hits"] > 0)
    for row in rows[:: len(rows) // 60]:
        a, b = run.where(row["shooter"], row["t"]), run.where(row["target"], row["t"])
        ground = float(inverse(a.lat, a.lon, b.lat, b.lon)[1])
        drone = 1_000.0 if row["serial"].startswith("tlb") else 0.0
        slant = np.hypot(ground, a.alt - b.alt - drone)
        assert row["range_m"] == pytest.approx(ground if row["kind"] == "bomb" else slant, abs=5.0)


def test_the_missiles_that_were_reported_fly(run) -> None:
    rows = run.sql(
        """select serial, weapon, sum(rounds) as rounds, min(range_m) as range_m from shots
        where serial in ('sgv-iskander', 'sea-kalibr', 'mat-hold') group by 1, 2 order by 1"""
    ).to_pylist()
    assert [(r["serial"], r["weapon"], r["rounds"]) for r in rows] == [
        ("mat-hold", "3m55", 1), ("sea-kalibr", "3m14", 1), ("sgv-iskander", "9m723", 1),
    ]  # fmt: skip
    assert rows[1]["range_m"] > 300_000.0  # W-34: more than 300 km away


@pytest.mark.parametrize("policy", ["sceptical", "envelope"])
def test_other_policies_run_and_the_review_says_what_they_changed(policy, tmp_path) -> None:
    from startex.review.report import write_review

    scenario = startex.load("vostok-2022")
    other = startex.simulate(scenario, out=tmp_path / policy, policy=policy, seed=3)
    persons = other.manifest.counts["persons"]
    assert persons == 15_000 if policy == "sceptical" else 15_000 <= persons <= 50_000
    assert {k: other.manifest.counts[k] for k in ("aircraft", "ships", "nations")} == {
        k: OFFICIAL[k] for k in ("aircraft", "ships", "nations")
    }
    _, review = write_review(other.folder)
    assert "50,000" in review.html
    assert f"{persons:,}" in review.html
    assert [str(problem) for problem in other.verify_deep()] == []


def test_the_defences_on_land_are_fought_and_the_firing_after_them_is_held(run) -> None:
    """Sakhalin, Iturup, Kunashir: both sides find, fire and lose."""
    for battle, after in (
        ("usp-enemy", "usp-drill"), ("itu-enemy", "itu-anti-landing"),
        ("kun-enemy", "kun-anti-landing"),
    ):  # fmt: skip
        outcomes = run.sql(
            f"select outcome from serials where serial in ('{battle}', '{after}')"
        ).to_pylist()
        assert [row["outcome"] for row in outcomes] == ["held", "held"]
        enemy = run.sql(
            f"""select u.first, u.last from serials s
            join units u on u.id = split_part(s.opfor, ';', 1)
            where s.serial = '{battle}'"""
        ).to_pylist()[0]
        out = run.sql(
            f"""select target from shots where serial = '{battle}'
            and result = 'out_of_action'"""
        ).column("target").to_pylist()  # fmt: skip
        lost = sum(enemy["first"] <= row < enemy["last"] for row in out)
        assert min(lost, len(out) - lost) > 0


def test_the_episode_of_uspenovsky_goes_in_the_order_that_was_reported(run) -> None:
    """W-28: drones and electronic warfare, drones shot at, mines, fire, decontamination."""
    events = run.sql(
        "select e.*, s.start from events e join serials s on s.serial = e.serial "
        "where s.serial in ('usp-enemy', 'usp-drill', 'usp-decon') order by t"
    ).to_pylist()

    def first(kind: str) -> int:
        return min(row["t"] for row in events if row["kind"] == kind)

    drones = run.sql(
        "select e.entity, u.id from entities e join units u on u.unit = e.unit "
        "where u.id like 'rus-68ac%drones' and e.kind = 'aircraft' and not e.counted"
    ).to_pylist()
    assert {row["id"] for row in drones} == {"rus-68ac-drones", "rus-68ac-enemy-drones"}
    rows = ", ".join(str(row["entity"]) for row in drones)
    shots = run.sql(
        f"select min(t) t, list(distinct kind) kinds from shots where target in ({rows})"
    ).to_pylist()[0]
    assert "sam" in shots["kinds"]
    mined = run.sql(
        "select count(*) n, sum(hits) hit, min(t) t from shots where model = 'minefield'"
    ).to_pylist()[0]
    assert mined["n"] > mined["hit"] > 0
    assert first("jamming_began") < shots["t"]
    assert first("took_off") < shots["t"] < first("live_fire_started")
    assert first("mines_laid") < mined["t"] < first("live_fire_started")
    assert first("live_fire_started") < first("decontamination_started")
    refused = run.sql(
        "select count(*) n from messages where serial = 'usp-enemy' and result = 'jammed'"
    ).to_pylist()[0]["n"]
    assert refused > 0
    (post,) = [row for row in events if row["kind"] == "decontamination_ended"]
    told = json.loads(post["data"])
    assert told["persons"] >= 600
    assert told["vehicles"] >= 90


def test_every_measure_of_a_claim_is_a_figure_of_the_review(run) -> None:
    from startex.review.measures import measure

    told = measure(run.folder).claims.by_id
    wrong = [name for name, claim in told.items() if "this run has no" in claim.verdict_why]
    assert wrong == []
    assert "at most 12.7" in told["S000-14"].verdict_why
