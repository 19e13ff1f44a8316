"""``startex compare``: what differs between two runs, or two ensembles."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import Annotated

import typer

from startex.cli.progress import announce
from startex.cli.words import Json
from startex.foundation.errors import StoreError, UsageError


def compare(
    a: Annotated[Path, typer.Argument(help="Run or ensemble folder.")],
    b: Annotated[Path, typer.Argument(help="Another of the same kind.")],
    everything: Annotated[
        bool, typer.Option("--all", help="Tell what does not differ, or not surely, too.")
    ] = False,
    confidence: Annotated[float, typer.Option(help="Of intervals, between 0.5 and 1.")] = 0.95,
    html: Annotated[
        Path | None, typer.Option(help="Write it as a page with pictures, too.")
    ] = None,
    json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print a row a figure instead.")] = False,
) -> None:
    """Print what two runs or ensembles were given and what came of it, where that differs.

    Means of ensembles come with intervals: of pairs where both had the same random numbers.

    Example: startex compare runs/calm runs/storm
    """
    if not 0.5 <= confidence < 1.0:
        raise UsageError(f"--confidence {confidence:g} must lie between 0.5 and 1, as 0.95")
    if json and csv:
        raise UsageError("--json and --csv exclude each other; give one of them")
    announce(f"comparing {a} with {b}")
    from startex.ensemble.compare import compare as put_together
    from startex.recording.wholefile import write_whole

    found = put_together(a, b, confidence)
    if json:
        typer.echo(jsonlib.dumps(found.to_json(), ensure_ascii=False, indent=1))
    elif csv:
        typer.echo(found.to_csv(), nl=False)
    else:
        typer.echo(found.to_markdown(everything), nl=False)
    if html is not None:
        from startex.ensemble.comparepage import page

        try:
            write_whole(html, page(found).encode("utf-8"))
        except OSError as error:
            raise StoreError(
                f"cannot write {html}: {error.strerror}. Give another file with --html."
            ) from error
