"""Runs with next to nothing in them still get a review."""

from __future__ import annotations

import pytest
from small_run import DAY, DAY0, Builder, small_tables, table

from startex.recording.manifest import Header
from startex.recording.writer import RunWriter
from startex.review.report import review


def _header() -> Header:
    return Header(
        scenario="bare", scenario_digest="0" * 64, policy="official", seed=0, sim_start=DAY0,
        sim_end=DAY0 + DAY, version="0.1.0",
    )  # fmt: skip


def _entities(count: int) -> list[dict]:
    b = Builder()
    for _ in range(count):
        vehicle = b.entity("vehicle", 0, "XYZ", 10.0)
        b.persons(2, 0, "XYZ", vehicle)
    return b.entities


@pytest.mark.parametrize("finished", [True, False])
def test_entities_only(tmp_path, finished):
    b = Builder()
    with RunWriter(tmp_path / "run", _header()) as writer:
        writer.write_static("entities", table(_entities(2)))
        writer.write_static("units", small_tables(b)["units"])
        if finished:
            writer.finish()
    made = review(tmp_path / "run")
    values = {figure["id"]: figure["value"] for figure in made.figures["figures"]}
    assert values["forces.XYZ.person"] == 4
    assert values["accounting.persons_unaccounted"] == 4  # nobody was put into anything
    assert values["movement.sorties"] == 0
    assert ("was not finished" in made.html) is not finished
