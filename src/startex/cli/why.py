"""``startex why``: from an outcome back through its causes."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from startex.cli.progress import announce
from startex.cli.words import Json
from startex.foundation.clock import format_time
from startex.foundation.errors import UsageError

if TYPE_CHECKING:
    from startex.recording.reader import Run


def why(
    run: Annotated[Path, typer.Argument(help="Run folder.")],
    event: Annotated[
        int | None, typer.Argument(min=0, help="Id of an event [default: list the outcomes].")
    ] = None,
    serial: Annotated[
        str, typer.Option(help="Id of a serial: why it went as it did, and its outcomes.")
    ] = "",
    json: Json = False,
) -> None:
    """Tell what led to an event or to how a serial went; without either, list the outcomes.

    Each line is a reason of the one above it: shot, order, report, contact, plan, claim.

    Example: startex why runs/vostok-2022 --serial sea-escort
    """
    if event is not None and serial:
        raise UsageError("give an event or --serial, not both")
    announce(f"reading {run}")
    from startex.recording.reader import Run

    found = Run(run)
    offset = float(found.manifest.header.notes.get("utc_offset_h") or 0.0)
    chain = _chain(found, event, serial)
    outcomes = [] if event is not None else found.outcomes(serial or None).to_pylist()
    if json:
        typer.echo(jsonlib.dumps({"chain": chain, "outcomes": outcomes}, ensure_ascii=False))
        return
    for step in chain:
        lead = "" if not step["step"] else "  told by  " if step["t"] is None else "  because  "
        when = "" if step["t"] is None else f"{format_time(step['t'], offset)}  "
        typer.echo(lead + when + step["text"])
    if event is None and (outcomes or not serial):
        _list(outcomes, offset, found)


def _chain(run: Run, event: int | None, serial: str) -> list[dict[str, Any]]:
    if event is None and not serial:
        return []
    rows: list[dict[str, Any]] = run.why(event, serial=serial or None).to_pylist()
    return [{**row, "data": jsonlib.loads(row["data"])} for row in rows]


def _list(outcomes: list[dict[str, Any]], offset: float, run: Run) -> None:
    if not outcomes:
        typer.echo("no outcomes: nobody was out of action, intercepted or late")
        return
    for row in outcomes:
        where = f"  [{row['serial']}]" if row["serial"] else ""
        typer.echo(f"{row['event']:>9}  {format_time(row['t'], offset)}  {row['text']}{where}")
    typer.echo(f"next: startex why {run.folder} {outcomes[0]['event']}")
