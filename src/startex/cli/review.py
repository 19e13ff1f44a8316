"""``startex review``: the after-action review of a run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from startex.cli.progress import announce
from startex.cli.words import Json


def review(
    run: Annotated[Path, typer.Argument(help="Run folder.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write [default: review.html in the run folder].")
    ] = None,
    json: Json = False,
) -> None:
    """Write the review of a run: one HTML file with maps, charts, figures and their sources.

    With --json, print every figure of the review instead; a file is then written only to --out.

    Example: startex review runs/vostok-2022
    """
    announce(f"reading {run}")
    from startex.review.measures import measure
    from startex.review.report import figures_text, to_json, write_review

    if json and out is None:
        with _progress() as tell:
            tell("computing figures")
            figures = to_json(measure(run))
        typer.echo(figures_text(figures))
        return
    with _progress() as tell:
        path, made = write_review(run, out, tell)
    typer.echo(figures_text(made.figures) if json else str(path))


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that tells on stderr what is being done, if somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading the run") as status:
        yield status.update
