"""``startex check``: every problem of a scenario, or what it holds."""

from __future__ import annotations

import json as jsonlib
from typing import Annotated, Any

import typer

from startex.cli.progress import announce
from startex.cli.words import Json, counted

USAGE = 2
"""Exit status where the command itself is wrong, as of unknown options."""


def check(
    scenario: Annotated[str, typer.Argument(help="Scenario folder, or a shipped scenario.")],
    json: Json = False,
) -> None:
    """Print every problem of a scenario with file, line, column and remedy; exit status 1 if any.

    A clean scenario prints what it holds.

    Example: startex check my-exercise
    """
    announce(f"checking {scenario}")
    from startex.foundation.errors import ScenarioError, StartexError
    from startex.scenario.load import find_scenario, load_scenario
    from startex.scenario.summary import contents

    try:
        folder = find_scenario(scenario)
    except StartexError as error:
        typer.echo(f"startex: {error}", err=True)
        raise typer.Exit(USAGE) from None
    holds: dict[str, Any] = {}
    problems: list[dict[str, Any]] = []
    try:
        holds = contents(load_scenario(folder))
    except ScenarioError as error:
        problems = [
            {
                "file": problem.file,
                "line": problem.line,
                "column": problem.column,
                "message": problem.message,
                "remedy": problem.remedy,
            }
            for problem in error.problems
        ]
        if not json:
            for problem in error.problems:
                typer.echo(str(problem))
    if json:
        typer.echo(jsonlib.dumps({"folder": str(folder), "problems": problems, "holds": holds}))
    elif problems:
        files = len({problem["file"] for problem in problems})
        typer.echo(f"{counted({'problems': len(problems)})} in {counted({'files': files})}")
    else:
        _print_contents(holds)
    if problems:
        raise typer.Exit(1)


def _print_contents(holds: dict[str, Any]) -> None:
    typer.echo(f"{holds['scenario']}: {holds['title']}")
    typer.echo(f"  {holds['start']} to {holds['end']}")
    typer.echo(f"  {counted(holds['files'])}")
    for policy, numbers in holds["policies"].items():
        typer.echo(f"  policy {policy}: {counted(numbers)}")
    typer.echo("no problems")
