"""What the engine promises, on the whole tutorial exercise: each promise is a test."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest
import yaml

import startex
from moved_runs import differences
from startex.engine.simulation import Simulation
from startex.foundation.clock import MS_PER_DAY, MS_PER_HOUR
from startex.geography.geodesy import inverse
from startex.geography.surface import COAST_TOLERANCE_M, Surface
from startex.testing import shift_exercise

GEODESIC_TOLERANCE_M = 1.0
LEGS_AT_SEA = {"sea"}
LEGS_ON_LAND = {"road", "cross_country", "foot", "rail"}


def _digest(run: startex.Run) -> str:
    assert run.manifest.complete
    return run.manifest.digest


def _legs_by_name(run: startex.Run) -> dict[str, list[tuple]]:
    rows = run.sql(
        "select e.name, l.* exclude (entity) from legs l join entities e using (entity) "
        "order by e.name, l.t0"
    ).to_pylist()
    found: dict[str, list[tuple]] = {}
    for row in rows:
        found.setdefault(row["name"], []).append(tuple(row.values())[1:])
    return found


def test_exact_every_leg_stays_within_a_metre_of_the_geodesic(tutorial_run) -> None:
    legs = tutorial_run.table("legs")
    lat0, lon0, lat1, lon1 = (legs.column(c).to_numpy() for c in ("lat0", "lon0", "lat1", "lon1"))
    moved = (lat0 != lat1) | (lon0 != lon1)
    lat0, lon0, lat1, lon1 = (c[moved] for c in (lat0, lon0, lat1, lon1))
    azimuth, length = inverse(lat0, lon0, lat1, lon1)
    worst = 0.0
    for share in (0.25, 0.5, 0.75):
        lat, lon = lat0 + share * (lat1 - lat0), lon0 + share * (lon1 - lon0)
        bearing, distance = inverse(lat0, lon0, lat, lon)
        across = distance * np.sin(np.radians(bearing - azimuth))
        worst = max(worst, float(np.abs(across).max()))
    assert length.size > 500
    assert worst <= GEODESIC_TOLERANCE_M


def test_no_path_crosses_what_its_mode_cannot(tutorial_run) -> None:
    """Land modes on land, ships on water, but for the tolerance of coasts and ports."""
    surface = Surface()
    legs = tutorial_run.table("legs").to_pydict()
    checked = {"land": 0, "sea": 0}
    for name, wanted, wrong in (("land", LEGS_ON_LAND, False), ("sea", LEGS_AT_SEA, True)):
        mask = np.isin(legs["mode"], list(wanted))
        start = np.array([legs["lat0"], legs["lon0"]])[:, mask]
        end = np.array([legs["lat1"], legs["lon1"]])[:, mask]
        for share in (0.0, 0.33, 0.67, 1.0):
            lat, lon = start + share * (end - start)
            land = surface.is_land(lat, lon)
            off = np.flatnonzero(land == wrong)
            checked[name] += lat.size
            if off.size:
                near = surface.coast_distance_m(lat[off], lon[off])
                assert near.max() <= COAST_TOLERANCE_M, (name, lat[off], lon[off])
    assert min(checked.values()) > 30


def test_nobody_is_unaccounted_for_at_any_instant(tutorial_run) -> None:
    """Every counted person is in exactly one carrier, wherever one looks."""
    header = tutorial_run.manifest.header
    counted = tutorial_run.sql(
        "select count(*) n from entities where kind = 'person' and counted"
    ).to_pylist()[0]["n"]
    assert counted == tutorial_run.manifest.counts["persons"]
    draw = random.Random(4)
    for t in [header.sim_start, header.sim_end] + [
        draw.randrange(header.sim_start, header.sim_end) for _ in range(40)
    ]:
        row = tutorial_run.sql(
            "select count(*) n, count(distinct c.entity) d from carriers c "
            "join entities e using (entity) where e.kind = 'person' and e.counted "
            "and c.t0 <= ? and (c.t1 is null or c.t1 > ?)",
            [t, t],
        ).to_pylist()[0]
        assert (row["n"], row["d"]) == (counted, counted), t
    where = tutorial_run.positions(at=draw.randrange(header.sim_start, header.sim_end))
    kinds = tutorial_run.table("entities").column("kind").to_pylist()
    lat = where.column("lat").to_pylist()
    lost = [k for k, value in zip(kinds, lat, strict=True) if value is None and k != "parachute"]
    assert lost == []


def test_the_deep_audit_finds_nothing(tutorial_run) -> None:
    assert tutorial_run.verify() == []
    assert [str(problem) for problem in tutorial_run.verify_deep()] == []


@pytest.mark.parametrize("threads", [1, 4])
def test_threads_change_nothing(tutorial_run, tmp_path, threads) -> None:
    scenario = startex.load("three-nations-day")
    again = startex.simulate(scenario, out=tmp_path / "again", seed=1, threads=threads)
    assert _digest(again) == _digest(tutorial_run)
    for file in tutorial_run.manifest.files:
        assert (tmp_path / "again" / file.path).read_bytes() == (
            tutorial_run.folder / file.path
        ).read_bytes()


def test_orders_started_together_or_one_by_one_bring_about_the_same(
    tutorial_run, tmp_path, monkeypatch
) -> None:
    """Systems that start many orders in one go say what they would say of each."""
    together = Simulation._together
    went: Counter[str] = Counter()

    def one_by_one(simulation, kind, tickets, t):
        for effects in together(simulation, kind, tickets, t):
            if effects is not None:
                went[kind] += 1
        return [None] * len(tickets)

    monkeypatch.setattr(Simulation, "_together", one_by_one)
    scenario = startex.load("three-nations-day")
    again = startex.simulate(scenario, out=tmp_path / "again", seed=1)
    assert went["mount"] > 3 and went["assemble"] + went["deploy"] > 3
    assert _digest(again) == _digest(tutorial_run)


def test_another_seed_is_another_run(tutorial_run, tmp_path) -> None:
    scenario = startex.load("three-nations-day")
    assert _digest(startex.simulate(scenario, out=tmp_path / "b", seed=2)) != _digest(tutorial_run)


@pytest.mark.parametrize("days", [7, -21_000])
def test_held_weeks_later_everything_is_weeks_later(tutorial_run, tmp_path, days) -> None:
    """No draw, booking or text knows the date; 3,000 weeks earlier is before 1970."""
    folder = shift_exercise("three-nations-day", tmp_path / "moved", days)
    later = startex.simulate(startex.load(folder), out=tmp_path / "later", seed=1)
    assert differences(tutorial_run, later, days * MS_PER_DAY) == []


@pytest.mark.parametrize("hours", [3.0, 17.31, 24.0])
def test_splitting_a_run_changes_nothing(tutorial_run, tmp_path, hours) -> None:
    scenario = startex.load("three-nations-day")
    until = scenario.start_ms + round(hours * MS_PER_HOUR)
    first = startex.simulate(scenario, out=tmp_path / "split", seed=1, until_ms=until)
    assert not first.manifest.complete
    assert first.manifest.reached == until
    last = first.sql("select max(t1) t from legs").to_pylist()[0]["t"]
    assert last <= until
    assert _digest(startex.resume(tmp_path / "split")) == _digest(tutorial_run)


def test_killed_at_random_moments_and_resumed_gives_the_same_bytes(tutorial_run, tmp_path) -> None:
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "startex.cli.main"]
    draw = random.Random(7)
    env = {**os.environ, "PYTHONWARNINGS": "ignore"}
    killed = 0
    for attempt in range(4):
        known = (out / "manifest.json").is_file()
        words = ["resume", str(out)] if known else [
            "run", "three-nations-day", "--seed", "1", "--out", str(out)
        ]  # fmt: skip
        process = subprocess.Popen([*command, *words], env=env, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)  # fmt: skip
        deadline = time.monotonic() + 60
        while not (out / "manifest.json").is_file() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(draw.uniform(0.0, 0.4 + 0.4 * attempt))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
    assert killed >= 1
    finished = startex.Run(out)
    if not finished.manifest.complete:
        finished = startex.resume(out)
    assert _digest(finished) == _digest(tutorial_run)
    assert finished.verify() == []


def test_the_order_of_rows_in_files_gives_nobody_an_advantage(
    tutorial_run, tutorial_folder, tmp_path
) -> None:
    for name in ("units.yaml", "serials.yaml", "claims.yaml"):
        path = tutorial_folder / name
        rows = yaml.safe_load(path.read_text())
        random.Random(name).shuffle(rows)
        path.write_text(yaml.safe_dump(rows, sort_keys=False, allow_unicode=True))
    shuffled = startex.simulate(startex.load(tutorial_folder), out=tmp_path / "run", seed=1)
    assert _digest(shuffled) == _digest(tutorial_run)


def test_an_unrelated_contingent_changes_nobody_elses_movements(
    tutorial_run, tutorial_folder, tmp_path
) -> None:
    path = tutorial_folder / "units.yaml"
    rows = yaml.safe_load(path.read_text())
    stranger = {
        "unit": "aaa-visitors", "name": "Visitors", "nation": "UZB", "side": rows[0]["side"],
        "echelon": "section", "home": _some_home(rows), "parts": [{"template": "staff-group"}],
        "provenance": {"assumed": "for a test"},
    }  # fmt: skip
    path.write_text(yaml.safe_dump([stranger, *rows], sort_keys=False, allow_unicode=True))
    more = startex.simulate(startex.load(tutorial_folder), out=tmp_path / "run", seed=1)
    assert more.manifest.counts["persons"] > tutorial_run.manifest.counts["persons"]
    before, after = _legs_by_name(tutorial_run), _legs_by_name(more)
    assert {name: after[name] for name in before} == before


def _some_home(rows) -> str:
    return next(row["home"] for row in rows if row.get("home"))


def test_causes_lead_back_and_never_forward(tutorial_run) -> None:
    events = tutorial_run.table("events").to_pylist()
    time_of = {event["event"]: event["t"] for event in events}
    caused = [event for event in events if event["cause"] is not None]
    assert caused
    assert all(time_of[event["cause"]] <= event["t"] for event in caused)


def test_every_serial_has_an_outcome_and_a_reason_where_it_was_not_held(tutorial_run) -> None:
    for serial in tutorial_run.table("serials").to_pylist():
        assert serial["outcome"] in {"held", "held_late", "partly_held", "not_held", "called_off"}
        if serial["outcome"] in {"called_off", "not_held", "partly_held"}:
            assert serial["reason"]
