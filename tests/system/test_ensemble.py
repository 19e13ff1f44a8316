"""Ensembles whole: the tables they leave, failures, ends, and what the command line says."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import startex
from startex.ensemble import Design, Factor, Query, Until, resume_ensemble, run_ensemble
from startex.ensemble.design import as_levels
from startex.ensemble.designfile import find_design, read_design
from startex.ensemble.measures import measured
from startex.ensemble.plan import settle
from startex.ensemble.replicate import Replicator, Task
from startex.foundation.errors import StartexError, StoreError, UsageError
from startex.testing import make_exercise

TABLES = ("ensemble.json", "design.parquet", "measures.parquet", "failures.parquet")
FEW = {"measures": ("serials.*", "movement.road.*")}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "small"
    return make_exercise(folder, entities=80, seed=2, kinds=["motor"])


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}


def _march(scenario: Path) -> str:
    loaded = startex.load(scenario)
    serial = next(s for s in loaded.serials if "speed_km_h" in s.params)
    return f"serials.{serial.serial}.params.speed_km_h"


@pytest.fixture(scope="module")
def design(scenario) -> Design:
    return Design(
        factors=(Factor.of(_march(scenario), "uniform", 25, 40, name="speed"),),
        kind="latin", points=3, seeds=(0, 1), queries=(Query("legs", "select count(*) from legs"),),
        **FEW,
    )  # fmt: skip


@pytest.fixture(scope="module")
def two(scenario, design, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("ensembles") / "two"
    run_ensemble(scenario, design, out=out, workers=2)
    return out


def test_the_tables_are_those_of_the_contract(two, scenario, design, tmp_path) -> None:
    table = pq.read_table(two / "design.parquet").to_pandas()
    assert table["run"].tolist() == list(range(6))
    assert table["variant"].tolist() == [0, 0, 1, 1, 2, 2]
    assert table["seed"].tolist() == [0, 1] * 3  # common random numbers
    assert table["factor:speed"].between(25, 40).all()
    assert table["factor:speed"].nunique() == 3
    measures = pq.read_table(two / "measures.parquet").to_pandas()
    keys = list(zip(measures["run"], measures["measure"], measures["key"], strict=True))
    assert keys == sorted(set(keys))
    names = set(measures["measure"])
    assert {"serial_start_delay", "serial_started_on_time", "persons_present", "legs"} <= names
    header = json.loads((two / "ensemble.json").read_text())
    assert (header["runs_planned"], header["runs_done"], header["runs_failed"]) == (6, 6, 0)
    assert sorted(path.name for path in two.iterdir()) == sorted((*TABLES, "log.json"))
    # what stands in the table is what a run by hand gives
    path, speed = _march(scenario), float(table["factor:speed"][3])
    from startex.ensemble.replicate import Replicator, Task

    reader = Replicator(Task(str(scenario), "", ("*",), (), "none", "", ""))
    startex.simulate(reader.scenario([(path, speed)]), out=tmp_path / "one", seed=1)
    by_hand = measured(tmp_path / "one", design.measures, design.queries)
    rows = measures[measures["run"] == 3].drop(columns="run").where(measures.notna(), None)
    assert [tuple(row) for row in rows.itertuples(index=False)] == list(by_hand)


def test_the_number_of_workers_changes_nothing(two, scenario, design, tmp_path) -> None:
    run_ensemble(scenario, design, out=tmp_path / "one", workers=1)
    assert bytes_of(tmp_path / "one") == bytes_of(two)


def test_a_variant_that_does_not_load_is_a_failed_replication(scenario, tmp_path) -> None:
    path = _march(scenario)
    factor = Factor.of(path, "levels", 30, 9000, name="speed")
    found = run_ensemble(scenario, factors=(factor,), out=tmp_path / "e", workers=2, **FEW)
    assert found.header["runs_done"] == found.header["runs_failed"] == 1
    rows = found.failures.to_pylist()
    assert [(row["run"], row["attempt"]) for row in rows] == [(1, 0), (1, 1)]
    assert "serials.yaml:" in rows[0]["error"]
    assert f"{path} = 9000" in rows[0]["detail"]
    assert set(found.measures.column("run").to_pylist()) == {0}


def test_run_folders_stay_where_that_is_asked_for(scenario, tmp_path) -> None:
    found = run_ensemble(scenario, seeds=(4,), out=tmp_path / "e", keep="all", workers=1, **FEW)
    run = startex.Run(tmp_path / "e" / "runs" / "run-0000000")
    assert run.verify() == []
    assert run.manifest.header.seed == 4
    assert found.header["runs_done"] == 1


def test_replications_go_on_until_the_half_width_is_reached(scenario, tmp_path) -> None:
    until = Until("movement.road.vehicle_km", 0.5, relative=True, batch=3)
    fields = {"until": until, "most_runs": 30, "policies": ("all",), **FEW}
    found = run_ensemble(scenario, out=tmp_path / "wide", workers=2, **fields)
    assert found.header["stopping"]["ended_by"] == "half-width"
    assert found.header["runs_done"] == 3 * len(found.header["design"]["policies"])
    never = Until("movement.road.vehicle_km", 1e-12, batch=2)
    found = run_ensemble(
        scenario, out=tmp_path / "narrow", workers=2, until=never, most_runs=5, seeds=(8,), **FEW
    )
    assert found.header["stopping"]["ended_by"] == "runs"
    assert found.design.column("seed").to_pylist() == [8, 9, 10, 11, 12]


def test_time_ends_an_ensemble_between_batches(scenario, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("startex.ensemble.driver._TIMED", 4)
    found = run_ensemble(
        scenario, out=tmp_path / "e", workers=2, seeds=range(200), most_minutes=1e-6, **FEW
    )
    assert found.header["stopping"]["ended_by"] == "time"
    assert found.header["runs_done"] == found.design.num_rows == 4
    assert found.header["runs_planned"] == 200


def test_a_folder_is_written_once(two, scenario) -> None:
    before = bytes_of(two)
    with pytest.raises(StoreError, match="holds an ensemble already"):
        run_ensemble(scenario, out=two)
    resume_ensemble(two)  # it is complete: nothing is left to do
    assert bytes_of(two) == before


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"policies": ("offical",)}, "no policy 'offical'"),
        ({"measures": ("movment.*",)}, "did you mean 'movement.'"),
        ({"factors": (Factor.of("serials.x.params.y", "uniform", 0, 1),)}, "serials 'x'"),
        ({"factors": (Factor("a", claim="persns"),)}, "no figure"),
        ({"queries": (Query("a", "select"),)}, "sql a"),
        ({"kinds": "latin"}, "did you mean 'kind'"),
        ({"kind": "latin"}, "needs factors"),
    ],
)
def test_a_design_that_does_not_fit_is_refused_before_anything_is_written(
    scenario, tmp_path, fields, why
) -> None:
    with pytest.raises(UsageError, match=why):
        run_ensemble(scenario, out=tmp_path / "e", **fields)
    assert not (tmp_path / "e").exists()


def test_every_kind_of_factor_is_gone_on_with(tmp_path) -> None:
    factors = (
        Factor("drawn", claim="persons", draw=True),
        Factor("policy", policy=True, distribution=as_levels(["announced", "counted"])),
        Factor.of("figures.all-but-company", "triangular", 190, 198, 199, name="others"),
        Factor.of("catalogue.types.2s19.speed_road_km_h", "levels", 40, 50.5, name="slow"),
    )
    design = Design(factors, "latin", 2, most_runs=3, seeds=(3, 9), measures=("serials.*",))
    done = run_ensemble("three-nations-day", design, out=tmp_path / "e", workers=2)
    assert done.header["runs_done"] == 3
    before = bytes_of(tmp_path / "e")
    header = json.loads(before["ensemble.json"])
    (tmp_path / "e" / "ensemble.json").write_text(json.dumps({**header, "complete": False}))
    resume_ensemble(tmp_path / "e", workers=2)  # the journal is gone: all is run again
    assert bytes_of(tmp_path / "e") == before


def test_a_scenario_that_has_changed_is_not_gone_on_with(scenario, tmp_path) -> None:
    ours, copy = tmp_path / "e", tmp_path / "small"
    shutil.copytree(scenario, copy)
    run_ensemble(copy, seeds=(0,), out=ours, workers=1, **FEW)
    header = json.loads((ours / "ensemble.json").read_text())
    (ours / "ensemble.json").write_text(json.dumps({**header, "complete": False}))
    text = (copy / "scenario.yaml").read_text()
    changed = text.replace("Generated exercise", "Changed exercise", 1)
    assert changed != text
    (copy / "scenario.yaml").write_text(changed)
    with pytest.raises(StartexError, match="the scenario or the program has changed"):
        resume_ensemble(ours)


def test_the_command_line_runs_what_flags_or_a_file_say(scenario, design, two, tmp_path) -> None:
    path = _march(scenario)
    words = [
        "ensemble", str(scenario), "--seeds", "0..1", "--vary", f"speed:{path}=uniform(25,40)",
        "--kind", "latin", "--points", "3", "--sql", "legs=select count(*) from legs",
        "--measures", "serials.*", "--measures", "movement.road.*", "--workers", "2", "--json",
    ]  # fmt: skip
    done = _startex(*words, "--out", str(tmp_path / "flags"))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["runs_done"] == 6
    assert bytes_of(tmp_path / "flags") == bytes_of(two)
    (tmp_path / "bad.yaml").write_text("kinds: latin\nseeds: x..y\n")
    done = _startex("ensemble", str(scenario), "--design", str(tmp_path / "bad.yaml"))
    assert done.returncode == 1
    assert "bad.yaml:1:1" in done.stderr
    assert "Traceback" not in done.stderr
    done = _startex("ensemble", "--resume", str(tmp_path))
    assert done.returncode == 1
    assert "holds no ensemble" in done.stderr


def _startex(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "startex.cli.main", *words],
        capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["deployment", "sea-lane"])
def test_the_designs_of_vostok_fit_it(name: str) -> None:
    path = find_design("vostok-2022", name)
    reader = Replicator(Task("vostok-2022", "", ("*",), (), "none", "", ""))
    plan = settle(read_design(path), reader.scenario(), reader.addresses)
    assert plan.runs_planned == {"deployment": 100, "sea-lane": 32}[name]
    for factor in plan.design.factors:
        assert factor.claim or reader.addresses.find(factor.path).edits(1.0)


def test_an_unknown_design_is_told() -> None:
    with pytest.raises(UsageError, match="did you mean 'deployment'"):
        find_design("vostok-2022", "deploymnt")
    with pytest.raises(UsageError, match="none of its own"):
        find_design("three-nations-day", "deployment")
