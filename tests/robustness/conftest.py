"""The undisturbed run that disturbed ones must equal."""

from __future__ import annotations

import pytest

import startex


@pytest.fixture(scope="session")
def tutorial_run(tmp_path_factory) -> startex.Run:
    out = tmp_path_factory.mktemp("runs") / "tutorial"
    return startex.simulate(startex.load("three-nations-day"), out=out, seed=1)
