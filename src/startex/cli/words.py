"""Options that several commands share, and what they print of a run."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from startex.foundation.clock import format_time, parse_time
from startex.foundation.errors import UsageError

if TYPE_CHECKING:
    from startex.recording.reader import Run

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Threads = Annotated[
    int, typer.Option(min=1, max=64, help="Threads that write; the result is the same for any.")
]
Until = Annotated[
    str, typer.Option(help="Stop at this time (2022-09-02T00:00+10:00); resume goes on from there.")
]


def counted(numbers: Mapping[str, int]) -> str:
    """Return numbers with their nouns, which are given in the plural: ``1 ship, 3 places``."""
    return ", ".join(
        f"{number:,} {noun.removesuffix('s') if number == 1 else noun}"
        for noun, number in numbers.items()
    )


def parse_until(text: str) -> int | None:
    """Return what ``--until`` says; see `parse_instant`."""
    return parse_instant("--until", text)


def parse_instant(option: str, text: str) -> int | None:
    """Return ms since the epoch, or None for an empty text.

    Raises
    ------
    UsageError
        If the text is no time.
    """
    if not text:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error


def run_summary(folder: Path, run: Run) -> str:
    """Return the manifest's facts as JSON text."""
    manifest = run.manifest
    facts = {
        "run": str(folder),
        **manifest.header.identity(),
        "complete": manifest.complete,
        "reached": manifest.reached,
        "counts": dict(manifest.counts),
        "digest": manifest.digest,
    }
    return jsonlib.dumps(facts)


def print_run(folder: Path, run: Run) -> None:
    """Print what a run holds, and what to do next."""
    manifest = run.manifest
    header, counts = manifest.header, manifest.counts
    typer.echo(f"{folder}: {header.scenario}, policy {header.policy}, seed {header.seed}")
    if manifest.reached is not None:
        typer.echo(f"stopped at {format_time(manifest.reached)}; 'startex resume {folder}' goes on")
        return
    names = ("persons", "vehicles", "aircraft", "ships", "nations", "legs", "events")
    typer.echo("  " + counted({name: counts[name] for name in names if name in counts}))
    typer.echo(f"  digest {manifest.digest}")
    typer.echo(f"next: startex review {folder}")
