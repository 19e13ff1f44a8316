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

    With --deep it is of use on runs of other programs too: what they do not say is told.

    Exit status 0 when all is well, 1 when anything was found.

    Example: startex verify --deep runs/vostok-2022
    """
    announce(f"verifying {run}")
    from startex.recording.manifest import read_manifest
    from startex.recording.reader import Run
    from startex.recording.verify import verify as verify_folder

    problems = verify_folder(run)
    unchecked: list[str] = []
    if deep and (not problems or _foreign(run)):
        unchecked = [f"bytes: {problem.message.rstrip('.')}" for problem in problems]
        audit = Run(run).audit()
        problems, unchecked = audit.problems, unchecked + audit.unchecked
    if json:
        found = [
            {"file": problem.file, "message": problem.message, "remedy": problem.remedy}
            for problem in problems
        ]
        facts = {"run": str(run), "sound": not problems, "problems": found, "unchecked": unchecked}
        typer.echo(jsonlib.dumps(facts))
    else:
        for problem in problems:
            typer.echo(str(problem), err=True)
        for what in unchecked:
            typer.echo(f"not checked: {what}", err=True)
        digest = "" if problems else read_manifest(run).digest
        verdict = counted({"problems": len(problems)}) if problems else "sound"
        limits = " as far as it could be checked" if unchecked else ""
        typer.echo(f"{run}: {verdict}{limits}" + (f", digest {digest}" if digest else ""))
    if problems:
        raise typer.Exit(1)


def _foreign(folder: Path) -> bool:
    """Tell whether another program wrote the run, so that there is only the content to check."""
    from startex.foundation.errors import StoreError
    from startex.recording.manifest import read_manifest

    try:
        return read_manifest(folder).foreign
    except StoreError:
        return False
