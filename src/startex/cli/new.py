"""``startex new``: a scenario folder of one's own, copied from a shipped one."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from startex.cli.check import USAGE
from startex.cli.stopping import half_made

TUTORIAL = "three-nations-day"
"""The shipped scenario that is copied unless another is named."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def new(
    name: Annotated[str, typer.Argument(help="Name of the new scenario, and of its folder.")],
    source: Annotated[
        str, typer.Option("--from", help="Shipped scenario that is copied.")
    ] = TUTORIAL,
    entities: Annotated[
        int | None,
        typer.Option(help="Generate an exercise of about so many persons and platforms instead."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of what is generated; 0 when not given.")
    ] = None,
) -> None:
    """Make a scenario folder in the current folder, as a copy of a shipped scenario to change.

    Example: startex new my-exercise && startex check my-exercise

    With --entities it is generated: startex new big --entities 10000 --seed 7
    """
    from startex.foundation.errors import did_you_mean
    from startex.scenario.shipped import SHIPPED, shipped_scenarios

    if not _NAME.fullmatch(name):
        _refuse(f"{name!r} is no name; use small letters, digits and hyphens")
    shipped = shipped_scenarios()
    if entities is None and seed is not None:
        _refuse("--seed is of what is generated; give --entities too")
    if entities is not None and source != TUTORIAL:
        _refuse("an exercise is either copied (--from) or generated (--entities), not both")
    if source not in shipped:
        _refuse(f"no scenario {source!r} is shipped; {did_you_mean(source, shipped)}")
    if name in shipped:
        _refuse(f"{name!r} is a shipped scenario; choose another name")
    target = Path(name)
    if target.exists() or target.is_symlink():
        typer.echo(f"startex: {name} exists already; nothing was written", err=True)
        raise typer.Exit(1)
    try:
        with (
            tempfile.TemporaryDirectory(prefix=f".{name}-", dir=target.parent) as temporary,
            half_made(Path(temporary)),
        ):
            # beside the target and renamed, so that no half of it is ever there
            draft = Path(temporary) / name
            if entities is None:
                _copy(SHIPPED / source, draft, name)
            else:
                _generate(draft, name, entities, seed or 0)
            draft.rename(target)
    except OSError as error:
        typer.echo(f"startex: {name} cannot be made: {error}", err=True)
        raise typer.Exit(1) from None
    made = f"made from {source}" if entities is None else "generated"
    typer.echo(f"{name}/ {made}; next: startex check {name}")


def _refuse(message: str) -> None:
    typer.echo(f"startex: {message}", err=True)
    raise typer.Exit(USAGE)


def _copy(source: Path, draft: Path, name: str) -> None:
    """Copy a scenario and rename it."""
    draft.mkdir()
    for path in sorted(source.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            copy = draft / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)  # contents alone: what is shipped may be read-only
    header = draft / "scenario.yaml"
    text = header.read_text(encoding="utf-8")
    renamed = re.sub(r"^(scenario:\s*)\S+[^\S\n]*", rf"\g<1>{name}  ", text, count=1, flags=re.M)
    header.write_text(renamed, encoding="utf-8")


def _generate(draft: Path, name: str, entities: int, seed: int) -> None:
    """Write a generated exercise."""
    from startex.foundation.errors import UsageError
    from startex.testing import make_exercise

    try:
        make_exercise(draft, entities=entities, seed=seed, name=name)
    except UsageError as error:
        _refuse(str(error))
