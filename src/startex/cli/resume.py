"""``startex resume``: finish a run that was interrupted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from startex.cli.progress import announce, run_progress
from startex.cli.stopping import resumable
from startex.cli.words import Json, Threads, Until, print_run, run_summary
from startex.foundation.errors import UsageError


def resume(
    run: Annotated[Path, typer.Argument(help="Run folder, or ensemble folder.")],
    until: Until = "",
    threads: Threads = 2,
    json: Json = False,
) -> None:
    """Finish an interrupted run or ensemble: the same bytes as if nothing had happened.

    Example: startex resume runs/vostok-2022
    """
    announce(f"resuming {run}")
    if (run / "ensemble.json").is_file():
        from startex.cli.ensemble import resume_in

        if until:
            raise UsageError("--until belongs to a run; an ensemble goes on to its end")
        resume_in(run, json=json)
        return
    with resumable(run):
        from startex.assemble.run import resume as resume_run
        from startex.cli.words import parse_until
        from startex.recording.manifest import read_manifest

        until_ms = parse_until(until)
        header = read_manifest(run).header
        with run_progress(
            header.sim_start, until_ms or header.sim_end, header.scenario
        ) as progress:
            result = resume_run(run, threads=threads, until_ms=until_ms, progress=progress)
        if json:
            typer.echo(run_summary(run, result))
        else:
            print_run(run, result)
