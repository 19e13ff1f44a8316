"""``startex run --view``: a run that is shown while it is computed, and afterwards."""

from __future__ import annotations

import json as jsonlib
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer

from startex.assemble.gate import Gate
from startex.assemble.run import Watch, default_folder, simulate
from startex.cli.progress import run_progress
from startex.cli.stopping import resumable
from startex.cli.view import open_browser
from startex.cli.words import print_run, run_summary
from startex.foundation.errors import StartexError, UsageError
from startex.recording.reader import Run
from startex.scenario.scenario import Scenario
from startex.view.live import FASTEST, Live
from startex.view.server import Address, Server


@dataclass(frozen=True, slots=True)
class Showing:
    """How a run is shown; ``speed``: simulated seconds a second, None: as fast as possible."""

    port: int
    browser: bool
    speed: float | None
    paused: bool
    json: bool


def run_watched(
    scenario: Scenario,
    out: Path | None,
    policy: str,
    seed: int,
    until_ms: int | None,
    threads: int,
    how: Showing,
) -> None:
    """Run a scenario into a folder and serve it, until the program is told to stop.

    Raises
    ------
    StartexError
        If the run cannot begin; one that fails later is shown as far as it came.
    """
    if how.speed is not None and not 0 < how.speed <= FASTEST:
        raise UsageError(
            f"--speed is {how.speed:g}: simulated seconds a second above 0 and up to "
            f"{FASTEST:.0f} are allowed; leave it out to run as fast as possible"
        )
    folder = out or default_folder(scenario, policy, seed)
    gate = Gate(scenario.start_ms, scenario.end_ms, speed=how.speed, paused=how.paused)
    live = Live(gate, scenario.start_ms, scenario.end_ms)
    gate.wanted = live.watched
    server = Server(folder, "127.0.0.1", how.port, live=live)
    with server.running() as address, resumable(folder):
        control = f"{address.root}#excon={live.token}"
        _tell(folder, address, control, live.token, how.json)

        def begin() -> Run:
            end_ms = until_ms or scenario.end_ms
            with run_progress(scenario.start_ms, end_ms, scenario.title) as progress:
                return simulate(
                    scenario, out=out, policy=policy, seed=seed, until_ms=until_ms,
                    threads=threads, progress=progress, watch=Watch(gate, live.publish, live.end),
                )  # fmt: skip

        if how.browser:
            open_browser(control)
        _finish(begin, folder, live, how.json)
        threading.Event().wait()


def _finish(begin: Callable[[], Run], folder: Path, live: Live, json: bool) -> None:
    try:
        result = begin()
        live.finish(folder)
    except (StartexError, OSError) as error:
        if not live.has_begun:
            raise
        told = str(error)
        typer.echo(f"startex: {told}", err=True)
        live.fail(told.replace(str(folder), folder.resolve().name))
        return
    if json:
        typer.echo(run_summary(folder, result))
    else:
        print_run(folder, result)
    sys.stdout.flush()


def _tell(folder: Path, address: Address, control: str, token: str, json: bool) -> None:
    if json:
        facts = {"run": str(folder), "address": address.root, "token": None}
        facts |= {"control": control, "control_token": token}
        typer.echo(jsonlib.dumps(facts))
    else:
        typer.echo(f"{folder} is shown at {address.root}")
        typer.echo(f"exercise control: {control}")
        typer.echo("Ctrl-C stops it")
    sys.stdout.flush()
