"""Runs with next to nothing in them still get a review."""

from __future__ import annotations

import re

import pytest
from small_run import DAY, DAY0, Builder, small_tables, table

from startex.recording.manifest import Header
from startex.recording.writer import RunWriter
from startex.review.report import Review, review


def every_figure_is_shown(made: Review) -> None:
    shown = set(re.findall(r'data-f="([^"]+)"', made.html))
    assert {figure["id"] for figure in made.figures["figures"]} == shown


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
        else:
            writer.interrupt(DAY0 + DAY // 2, {})
    made = review(tmp_path / "run")
    values = {figure["id"]: figure["value"] for figure in made.figures["figures"]}
    assert values["forces.XYZ.person"] == 4
    assert values["accounting.persons_unaccounted"] == 4  # nobody was put into anything
    assert values["movement.sorties"] == 0
    assert ("was not finished" in made.html) is not finished
    every_figure_is_shown(made)


def test_serials_that_all_went_well(tmp_path):
    start = DAY0 + 3_600_000
    serial = {
        "serial": "A", "name": "A", "task": "drill", "phase": "implementation", "priority": 0,
        "planned_start": start, "planned_end": start + 1, "start": start, "end": start + 1,
        "outcome": "held",
    }  # fmt: skip
    with RunWriter(tmp_path / "run", _header()) as writer:
        writer.write_static("entities", table(_entities(1)))
        writer.write_static("serials", table([serial]))
        writer.finish()
    made = review(tmp_path / "run")
    assert "Every serial went as planned" in made.html
    every_figure_is_shown(made)
