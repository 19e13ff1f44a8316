"""Loading times and ramps of a railway serial are those the scenario gives."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import startex
from startex.scenario.load import find_scenario


def rail_hours(tmp_path: Path, name: str, params: str) -> tuple[float, dict[str, int]]:
    folder = tmp_path / name
    shutil.copytree(find_scenario("three-nations-day"), folder)
    file = folder / "serials.yaml"
    text = file.read_text("utf-8")
    assert "[mangystau-shetpe]}" in text
    file.write_text(
        text.replace("[mangystau-shetpe]}", f"[mangystau-shetpe]{params}}}", 1), "utf-8"
    )
    loaded = startex.load(folder)
    until = loaded.start_ms + 24 * 3_600_000
    run = startex.simulate(loaded, out=tmp_path / f"{name}-run", until_ms=until)
    (row,) = run.sql(
        'select (s."end" - s.planned_start) / 3.6e6 h, o.params from serials s join orders o '
        "using (serial) where serial = 's01-rail' and o.kind = 'rail'"
    ).to_pylist()
    return row["h"], json.loads(row["params"])


def test_slow_loading_takes_longer_by_what_it_takes(tmp_path: Path) -> None:
    usual, unsaid = rail_hours(tmp_path, "usual", "")
    same, four = rail_hours(tmp_path, "same", ", load_min: 4, ramps: 2")
    slow, ten = rail_hours(tmp_path, "slow", ", load_min: 10")
    assert "load_ms" not in unsaid
    assert (four["load_ms"], four["ramps"], ten["load_ms"]) == (240_000, 2, 600_000)
    assert same == usual
    assert slow > usual + 1.0  # some ten vehicles drive on and off, 6 minutes longer each
