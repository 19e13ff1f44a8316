"""``startex verify``: prove that a run folder is whole and unaltered."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import Annotated

import typer

from startex.cli.progress import announce
from startex.cli.words import Json, counted


def verify(
    run: Annotated[Path, typer.Argument(help="Run folder.")],
    deep: Annotated[
        bool, typer.Option("--deep", help="Audit the movements and carriers too.")
    ] = False,
    json: Json = False,
) -> None:
    """Recompute checksums and digest of a run; with --deep audit every leg and carrier.

    Exit status 0 when all is well, 1 when anything was found.

    Example: startex verify --deep runs/vostok-2022
    """
    announce(f"verifying {run}")
    from startex.recording.reader import Run
    from startex.recording.verify import verify as verify_folder

    problems = verify_folder(run)
    if deep and not problems:
        problems = Run(run).verify_deep()
    if json:
        found = [
            {"file": problem.file, "message": problem.message, "remedy": problem.remedy}
            for problem in problems
        ]
        typer.echo(jsonlib.dumps({"run": str(run), "sound": not problems, "problems": found}))
    else:
        for problem in problems:
            typer.echo(str(problem), err=True)
        digest = "" if problems else f", digest {Run(run).manifest.digest}"
        verdict = counted({"problems": len(problems)}) if problems else "sound"
        typer.echo(f"{run}: {verdict}{digest}")
    if problems:
        raise typer.Exit(1)
