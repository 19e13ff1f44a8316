"""``startex run``: run a scenario into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from startex.cli.progress import announce, run_progress
from startex.cli.stopping import resumable
from startex.cli.words import Json, Threads, Until, print_run, run_summary
from startex.foundation.errors import UsageError


def run(
    scenario: Annotated[str, typer.Argument(help="Shipped scenario, or a scenario folder.")],
    seed: Annotated[int, typer.Option(help="Seed of everything left to chance.")] = 0,
    policy: Annotated[
        str, typer.Option(help="Which claims to believe; default: the scenario's first policy.")
    ] = "",
    until: Until = "",
    out: Annotated[
        str, typer.Option(help="Folder of the run; default: runs/SCENARIO-POLICY-SEED.")
    ] = "",
    threads: Threads = 2,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a run that is in the folder already.")
    ] = False,
    view: Annotated[
        bool, typer.Option("--view", help="Show the run while it is computed, and afterwards.")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="With --view: the port; 0 for any free one.")
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="With --view: open no browser.")
    ] = False,
    speed: Annotated[
        float,
        typer.Option(help="With --view: simulated seconds a second; default: as fast as possible."),
    ] = 0.0,
    paused: Annotated[
        bool, typer.Option("--paused", help="With --view: wait for exercise control to begin.")
    ] = False,
    json: Json = False,
) -> None:
    """Run a scenario into a folder.

    Example: startex run vostok-2022 --seed 1 --policy sceptical --out runs/sceptical
    """
    if not view and (port or no_browser or speed or paused):
        raise UsageError("--port, --no-browser, --speed and --paused belong to --view")
    announce(f"reading {scenario}")
    from startex.assemble.run import default_folder, simulate
    from startex.cli.words import parse_until
    from startex.recording.recovery import clear_run
    from startex.scenario.load import load_scenario

    until_ms = parse_until(until)
    loaded = load_scenario(scenario)
    chosen = policy or loaded.policies[0]
    folder = Path(out) if out else default_folder(loaded, chosen, seed)
    if replace:
        clear_run(folder)
    if view:
        from startex.cli.watched import Showing, run_watched

        run_watched(
            loaded, folder if out else None, chosen, seed, until_ms, threads,
            Showing(port, not no_browser, speed or None, paused, json),
        )  # fmt: skip
        return
    with (
        resumable(folder),
        run_progress(loaded.start_ms, until_ms or loaded.end_ms, loaded.title) as progress,
    ):
        result = simulate(
            loaded, out=folder if out else None, policy=chosen, seed=seed, until_ms=until_ms,
            threads=threads, progress=progress,
        )  # fmt: skip
    if json:
        typer.echo(run_summary(folder, result))
    else:
        print_run(folder, result)
