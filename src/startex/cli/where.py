"""``startex where``: where somebody or something was at a time."""

from __future__ import annotations

import dataclasses
import json as jsonlib
from pathlib import Path
from typing import Annotated

import typer

from startex.cli.progress import announce
from startex.cli.words import Json


def where(
    run: Annotated[Path, typer.Argument(help="Run folder.")],
    subject: Annotated[str, typer.Argument(help="Entity or unit: its name, id or row.")],
    at: Annotated[str, typer.Option(help="When, ISO 8601 with offset.")],
    json: Json = False,
) -> None:
    """Tell where an entity or a unit was: position, aboard what, doing what.

    Example: startex where runs/vostok-2022 Nanchang --at 2022-09-03T15:00+10:00
    """
    announce(f"reading {run}")
    from startex.recording.reader import Run

    found = Run(run).where(subject, at)
    if json:
        typer.echo(jsonlib.dumps(dataclasses.asdict(found)))
    else:
        typer.echo(found.text)
