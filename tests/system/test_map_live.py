"""The map of a run that is being computed: watched by one, steered by exercise control."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from test_live import HOUR, _watched

import startex
from map_client import Map, same_places

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_exercise_control_steers_and_others_watch(browser, tmp_path) -> None:
    folder = tmp_path / "run"
    with _watched(folder, "--paused", "--speed", "7200") as run:
        began = run.until("paused")
        control = Map(browser, f"{run.address}#excon={run.token}", state="ready")
        watcher = Map(browser, run.address, state="ready")
        with control, watcher:
            # the token is kept out of the address, and watchers have no buttons that steer
            assert "excon" not in control.page.evaluate("location.href")
            control.page.wait_for_selector(".live .state.paused")
            watcher.page.wait_for_selector(".live .state.paused")
            assert watcher.page.locator(".live button", has_text="Step").count() == 0
            assert control.t == watcher.t == began["sim_start"]

            control.page.click(".live button:has-text('Step')")
            for shown in (control, watcher):
                shown.wait_until(f"startex.t >= {began['sim_start'] + HOUR - 60_000}")
            assert run.json("/api/v1/live")["reached"] == began["sim_start"] + HOUR

            # who looks back is not drawn on
            watcher.page.keyboard.press("Home")
            control.page.select_option("[aria-label='Speed of the run']", "null")
            control.page.click(".live button:has-text('Go on')")
            run.until("finished")
            for shown in (control, watcher):
                shown.page.wait_for_selector("html.loaded", state="attached", timeout=60_000)
                assert shown.page.locator(".live").count() == 0
                assert shown.told == []
            assert watcher.t == began["sim_start"]
            finished = startex.Run(folder)
            same_places(watcher, finished, (began["sim_start"] + began["sim_end"]) // 2)
