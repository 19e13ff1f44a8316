"""A run of the tutorial scenario, made once for each test process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import startex

TUTORIAL = "three-nations-day"


@pytest.fixture(scope="session")
def tutorial_run(tmp_path_factory) -> startex.Run:
    out = tmp_path_factory.mktemp("runs") / "tutorial"
    return startex.simulate(startex.load(TUTORIAL), out=out, seed=1)


@pytest.fixture
def tutorial_folder(tmp_path) -> Path:
    """A copy of the tutorial scenario that a test may change."""
    from startex.scenario.load import find_scenario

    folder = tmp_path / "scenario"
    shutil.copytree(find_scenario(TUTORIAL), folder)
    return folder
