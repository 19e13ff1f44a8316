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
from startex.foundation.errors import UsageError


def review(
    run: Annotated[Path, typer.Argument(help="Run or ensemble folder.")],
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to write [default: review.html in the run folder, report.html in that of "
            "an ensemble]."
        ),
    ] = None,
    json: Json = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="Of an ensemble: print a row a measure instead.")
    ] = False,
    confidence: Annotated[
        float, typer.Option(help="Of an ensemble: of its intervals, 0.5 to 1.")
    ] = 0.95,
) -> None:
    """Write the review of a run: one HTML file with maps, charts, figures and their sources.

    Of an ensemble: a report of how often it works, what that hangs on and how sure it is.

    With --json, print every figure instead; a file is then written only to --out.

    Example: startex review runs/vostok-2022
    """
    if json and csv:
        raise UsageError("--json and --csv exclude each other; give one of them")
    if not 0.5 <= confidence < 1.0:
        raise UsageError(f"--confidence {confidence:g} must lie between 0.5 and 1, as 0.95")
    announce(f"reading {run}")
    if (run / "ensemble.json").is_file():
        _report(run, out, confidence, json=json, csv=csv)
        return
    if csv:
        raise UsageError(f"--csv is for ensembles, and {run} is none; a run's review has --json")
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


def _report(folder: Path, out: Path | None, confidence: float, *, json: bool, csv: bool) -> None:
    """Write the report of an ensemble, or print what is in it."""
    from startex.ensemble.reading import open_ensemble
    from startex.ensemble.report import Report, data_text, write_report

    with _progress() as tell:
        if (json or csv) and out is None:
            tell("computing figures")
            made = Report(open_ensemble(folder), confidence)
            text = data_text(made) if json else made.summary.to_csv().rstrip("\n")
        else:
            path, made = write_report(folder, out, confidence, tell)
            text = (
                data_text(made)
                if json
                else made.summary.to_csv().rstrip("\n")
                if csv
                else str(path)
            )
    typer.echo(text)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that tells on stderr what is being done, if somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading the run") as status:
        yield status.update
