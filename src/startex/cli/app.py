"""The command line: one function a command, each in a module of its own, imported when needed."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from startex.cli.main import COMMANDS
from startex.foundation.errors import ScenarioError, StartexError, UsageError, did_you_mean


class _LateGroup(TyperGroup):
    """Lists commands without importing them, so that help is instantaneous."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the commands in the order of work."""
        return list(COMMANDS)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Take two words for one command where there is one of that name."""
        if " ".join(args[:2]) in COMMANDS:
            args = [" ".join(args[:2]), *args[2:]]
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import a command when it is called; for the overview a line of help is enough."""
        if cmd_name not in COMMANDS:
            ctx.fail(f"no command {cmd_name!r}; {did_you_mean(cmd_name, COMMANDS)}")
        target, text = COMMANDS[cmd_name]
        if ctx.resilient_parsing or not sys.argv[1:] or sys.argv[1] in ("--help", "-h"):
            return TyperCommand(cmd_name, help=text, short_help=text)
        module, function = target.split(":")
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(cmd_name)(getattr(importlib.import_module(module), function))
        command = typer.main.get_command(app)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=_LateGroup,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Reconstruct, plan, rehearse and review joint multinational exercises.\n\n"
    "Example: startex run vostok-2022 --out runs/vostok && startex review runs/vostok",
)


def _version(value: bool) -> None:
    if value:
        from startex import __version__

        typer.echo(f"startex {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and leave."
    ),
) -> None:
    del version


def run_app() -> None:
    """Run the command line; errors of the user's making print without a traceback."""
    try:
        app(standalone_mode=True)
    except ScenarioError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        count = len(error.problems)
        typer.echo(f"{count} problem{'s' if count != 1 else ''}; nothing was written", err=True)
        raise SystemExit(1) from None
    except UsageError as error:
        typer.echo(f"startex: {error}", err=True)
        raise SystemExit(2) from None
    except StartexError as error:
        typer.echo(f"startex: {error}", err=True)
        raise SystemExit(1) from None
    except BrokenPipeError:
        # the reader of our output has gone (head, less): nothing is wrong
        sys.stderr.close()
        raise SystemExit(0) from None
    except OSError as error:  # a full disk, a folder that nobody may write to
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"startex: {where}{error.strerror or error}", err=True)
        raise SystemExit(1) from None
