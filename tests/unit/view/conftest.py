"""Runs that the tests of the view ask about, made once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[2] / "system"))
sys.path.insert(0, str(Path(__file__).parents[1] / "review"))

from small_run import write_small
from test_sea_plays import _hunt, _run

import startex
from live_runs import looked_at
from live_shown import OPEN, Shown
from startex.assemble import live as live_record
from startex.testing import make_exercise
from startex.view.app import create_app
from view_client import Client


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> startex.Run:
    """A generated exercise: all kinds of movement, supply, people aboard things."""
    folder = tmp_path_factory.mktemp("made")
    scenario = make_exercise(folder / "scenario", entities=250, seed=5)
    return startex.simulate(startex.load(scenario), out=folder / "run", seed=1)


@pytest.fixture(scope="session")
def claimed(tmp_path_factory) -> startex.Run:
    """A small run with claims that contradict each other, sources, origins and areas."""
    return startex.Run(write_small(tmp_path_factory.mktemp("claimed") / "run").folder)


@pytest.fixture(scope="session")
def played(tmp_path_factory) -> startex.Run:
    """A play: tracks, messages, shots."""
    return _run(tmp_path_factory.mktemp("played"), *_hunt(20, mines="moored"))


@pytest.fixture(scope="session")
def ask_made(made) -> Iterator[Client]:
    with Client(create_app(made.folder, OPEN)) as client:
        yield client


@pytest.fixture(scope="session")
def ask_claimed(claimed) -> Iterator[Client]:
    with Client(create_app(claimed.folder, OPEN)) as client:
        yield client


@pytest.fixture(scope="session")
def ask_played(played) -> Iterator[Client]:
    with Client(create_app(played.folder, OPEN)) as client:
        yield client


@pytest.fixture(scope="module")
def going(tmp_path_factory):
    """A run and what was seen of it on its way."""
    folder = tmp_path_factory.mktemp("going")
    patch = pytest.MonkeyPatch()
    patch.setattr(live_record, "PART_LEGS", 30)
    scenario = make_exercise(folder / "scenario", entities=250, seed=5)
    run, looks, parts = looked_at(scenario, folder / "run", every=9)
    patch.undo()
    assert len(looks[-1].parts) > 3
    run.parts = parts
    return run, looks


@pytest.fixture
def shown(going):
    made = Shown(going[0])
    with made.client:
        yield made
    assert made.told == []


@pytest.fixture(scope="module")
def steady(going):
    """One that stands in the middle of the run."""
    made = Shown(going[0])
    made.live.publish(going[1][len(going[1]) // 2])
    with made.client:
        yield made
