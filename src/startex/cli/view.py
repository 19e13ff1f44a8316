"""``startex view``: a run, served to a browser and to programs on this machine."""

from __future__ import annotations

import json as jsonlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from startex.cli.progress import announce
from startex.cli.words import Json

if TYPE_CHECKING:
    from startex.view.server import Address


def view(
    run: Annotated[Path, typer.Argument(help="Run folder.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any free one.")] = 0,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Let other machines ask; they need a token.")
    ] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Start, ask for the first answers, and stop.")
    ] = False,
    json: Json = False,
) -> None:
    """Serve a run, to be read and never changed: facts, positions, events, claims (HTTP).

    It prints the address and serves until Ctrl-C. Only this machine can ask, unless allowed.

    Example: startex view runs/vostok-2022
    """
    announce(f"reading {run}")
    from startex.view import server as serving

    server = serving.Server(run, host, port, remote=allow_remote)
    if check:
        told: list[str] = []
        serving.check(server, told.append if json else typer.echo)
        if json:
            typer.echo(jsonlib.dumps({"run": str(run), "asked": told}))
        return
    _tell(run, server.address, json)
    if not no_browser:
        open_browser(server.address.url)
    server.serve()


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
