"""``startex list``: the shipped scenarios."""

from __future__ import annotations

import json as jsonlib

import typer

from startex.cli.words import Json, counted


def list_scenarios(json: Json = False) -> None:
    """Print the shipped scenarios, each with its title and what its files hold.

    Example: startex list --json
    """
    from startex.scenario.shipped import SHIPPED, outline, shipped_scenarios

    names = shipped_scenarios()
    if json:
        typer.echo(jsonlib.dumps([outline(SHIPPED / name) for name in names]))
        return
    for name in names:
        found = outline(SHIPPED / name)
        holds = counted(found["files"])
        typer.echo(f"{name}: {found['title']}\n  {found['start']} to {found['end']}; {holds}")
