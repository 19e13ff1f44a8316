"""Progress on stderr, only when it is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from startex.ensemble.driver import Progress as EnsembleProgress


def announce(text: str) -> None:
    """Say on stderr what a command is about to do, before it imports what it needs for that."""
    if sys.stderr.isatty():
        typer.echo(f"{text} ...", err=True)


@contextmanager
def run_progress(start_ms: int, end_ms: int, title: str) -> Iterator[Callable[[int], None] | None]:
    """Yield a function to call with the simulated time (ms), or None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from startex.foundation.clock import format_time

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %  {task.fields[day]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=end_ms - start_ms, day=format_time(start_ms)[:10])

        def progress(t: int) -> None:
            bar.update(task, completed=t - start_ms, day=format_time(t)[:10])

        yield progress


@contextmanager
def ensemble_progress(title: str) -> Iterator[Callable[[EnsembleProgress], None] | None]:
    """Yield a function to call when replications are finished, or None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} of {task.total}{task.fields[failed]}"),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=None, failed="")

        def progress(now: EnsembleProgress) -> None:
            failed = f", {now.failed} failed" if now.failed else ""
            bar.update(task, completed=now.done, total=now.planned, failed=failed)

        yield progress
