"""A run of the tutorial scenario, made once for each test process."""

from __future__ import annotations

import shutil
import warnings
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


@pytest.fixture(scope="module")
def browser():
    """A Chromium. One a module: while it is open, an event loop runs that others would meet."""
    path = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if path is None:
        pytest.skip("NO BROWSER: install chromium, or the map goes unseen by any test")
    api = pytest.importorskip("playwright.sync_api", reason="NO PLAYWRIGHT: pip install playwright")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with api.sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            yield opened
            opened.close()
