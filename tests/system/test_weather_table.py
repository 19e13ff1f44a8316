"""The weather of a run: in the store as in the scenario, and in the way of nothing else."""

from __future__ import annotations

import shutil

import pytest

import startex
from startex.environment.weather import MEASURES


def test_the_store_holds_the_weather_of_the_scenario(tutorial_run) -> None:
    stored = tutorial_run.table("weather").to_pylist()
    given = startex.load("three-nations-day").weather
    assert [(row["area"], row["t"]) for row in stored] == [(row.area, row.t) for row in given]
    for row, weather in zip(stored, given, strict=True):
        for name in MEASURES:
            value = getattr(weather, name)
            assert row[name] == (value if value == value else None)
        assert (row["claim"] or "") == ",".join(weather.claim)
        assert (row["assumed"] or "") == weather.assumed
    assert tutorial_run.sql("select used_for from claims where claim = 'T-8'").to_pylist()[0][
        "used_for"
    ].count("weather steppe-range 2025-06-14T18:00:00+05:00") == 1  # fmt: skip


def test_a_run_without_weather_moves_as_one_with(tutorial_run, tutorial_folder, tmp_path) -> None:
    (tutorial_folder / "weather.csv").unlink()
    dry = startex.simulate(startex.load(tutorial_folder), out=tmp_path / "dry", seed=1)
    assert len(dry.table("weather")) == 0
    for name in ("legs", "carriers", "statuses", "events", "orders", "serials"):
        assert dry.table(name).equals(tutorial_run.table(name)), name
    assert dry.manifest.digest != tutorial_run.manifest.digest


@pytest.mark.parametrize("column", ["area", "claim"])
def test_the_audit_tells_weather_of_no_place(column, tutorial_run, tmp_path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    shutil.copytree(tutorial_run.folder, tmp_path / "run")
    file = tmp_path / "run" / "weather.parquet"
    table = pq.read_table(file)
    at = table.column_names.index(column)
    pq.write_table(table.set_column(at, column, pa.array(["nowhere"] * len(table))), file)
    told = startex.Run(tmp_path / "run").audit().problems
    assert any("weather" in str(p) and "'nowhere'" in str(p) for p in told)
