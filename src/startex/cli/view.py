"""``startex view``: a run on the map: served to a browser, or written into a file."""

from __future__ import annotations

import json as jsonlib
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from startex.cli.progress import announce
from startex.cli.words import Json, parse_instant
from startex.foundation.errors import UsageError

if TYPE_CHECKING:
    from startex.view.pictures import Shot
    from startex.view.server import Address


def view(
    run: Annotated[
        str, typer.Argument(help="Run folder; or a scenario, which is run first if need be.")
    ],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any free one.")] = 0,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Let other machines ask; they need a token.")
    ] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    export: Annotated[
        str,
        typer.Option(
            help="Write a file instead: .html whole, to be opened with no server; .png a "
            "picture; .gif or .webp an animation."
        ),
    ] = "",
    link: Annotated[
        str, typer.Option(help="What pictures show: what the page's address holds after #.")
    ] = "",
    at: Annotated[str, typer.Option(help="Time of the picture, or of the first.")] = "",
    to: Annotated[str, typer.Option(help="Time of the last picture of an animation.")] = "",
    frames: Annotated[int, typer.Option(min=2, max=2000, help="Pictures of an animation.")] = 60,
    size: Annotated[str, typer.Option(help="Pixels of pictures.")] = "1280x800",
    check: Annotated[
        bool, typer.Option("--check", help="Start, ask for the first answers, and stop.")
    ] = False,
    json: Json = False,
) -> None:
    """Show a run on the map, in a browser; it is read and never changed.

    It prints the address and serves until Ctrl-C. Only this machine can ask, unless allowed.

    Example: startex view vostok-2022
    Example: startex view runs/vostok-2022 --export vostok.html
    """
    announce(f"reading {run}")
    folder = _folder_of(run)
    if export:
        _export(folder, Path(export), Wish(link, at, to, frames, size), json)
        return
    from startex.view import server as serving

    server = serving.Server(folder, host, port, remote=allow_remote)
    if check:
        told: list[str] = []
        serving.check(server, told.append if json else typer.echo)
        if json:
            typer.echo(jsonlib.dumps({"run": str(folder), "asked": told}))
        return
    _tell(folder, server.address, json)
    if not no_browser:
        open_browser(server.address.url)
    server.serve()


@dataclass(frozen=True, slots=True)
class Wish:
    """Options about pictures, as they were written."""

    link: str
    at: str
    to: str
    frames: int
    size: str


def _folder_of(run: str) -> Path:
    """Return a run folder; of a scenario that of its run, which is made if it is not there."""
    folder = Path(run)
    if (folder / "manifest.json").exists():
        return folder
    from startex.scenario.shipped import shipped_scenarios

    if run not in shipped_scenarios() and not (folder / "scenario.yaml").exists():
        return folder  # who reads it says what is wrong
    from startex.assemble.run import default_folder, simulate
    from startex.cli.progress import run_progress
    from startex.cli.stopping import resumable
    from startex.scenario.load import load_scenario

    loaded = load_scenario(run)
    made = default_folder(loaded, loaded.policies[0], 0)
    with (
        resumable(made),
        run_progress(loaded.start_ms, loaded.end_ms, loaded.title) as progress,
    ):
        return simulate(loaded, progress=progress).folder


def _export(folder: Path, out: Path, wish: Wish, json: bool) -> None:
    """Write the map into a file: by its ending a page, a picture or an animation."""
    from startex.view import export as exporting
    from startex.view import pictures

    ending = out.suffix.lower()
    if ending == ".html":
        size = exporting.export(folder, out)
    elif ending in pictures.ENDINGS:
        size = pictures.photograph(folder, out, _shot(wish))
    else:
        allowed = ", ".join((".html", *pictures.ENDINGS))
        raise UsageError(f"--export {out} ends in {ending or 'nothing'!r}; allowed are {allowed}")
    if json:
        typer.echo(jsonlib.dumps({"run": str(folder), "file": str(out), "bytes": size}))
    else:
        typer.echo(f"{out}: {size / 1e6:.1f} MB")


def _shot(wish: Wish) -> Shot:
    from startex.view.pictures import Shot

    found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", wish.size)
    if not found:
        raise UsageError(f"--size {wish.size!r} is no size; write 1280x800, 10 to 9999 pixels each")
    return Shot(
        link=wish.link.lstrip("#"),
        begin=parse_instant("--at", wish.at),
        until=parse_instant("--to", wish.to),
        frames=wish.frames,
        width=int(found.group(1)),
        height=int(found.group(2)),
    )


def _tell(run: Path, address: Address, json: bool) -> None:
    if json:
        facts = {"run": str(run), "address": address.root, "token": address.token or None}
        typer.echo(jsonlib.dumps(facts))
    else:
        typer.echo(f"{run} is served at {address.url}")
        if address.token:
            typer.echo("whoever has this address can read the run; nothing is encrypted")
        typer.echo("Ctrl-C stops it")
    sys.stdout.flush()


def open_browser(url: str) -> None:
    """Open a browser where a terminal and a screen are there."""
    if sys.stdout.isatty() and _has_display():
        import webbrowser

        webbrowser.open(url)


def _has_display() -> bool:
    """Return whether a browser would have a window; one in the terminal would be in the way."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
