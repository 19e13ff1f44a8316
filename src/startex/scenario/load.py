"""Find a scenario, read it whole, and say everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from startex.foundation.errors import StartexError, did_you_mean

SHIPPED = Path(__file__).resolve().parent.parent / "scenarios"
"""Folder of the scenarios that come with the program."""


def shipped_scenarios() -> tuple[str, ...]:
    """Return the names of the shipped scenarios, sorted."""
    if not SHIPPED.is_dir():
        return ()
    return tuple(sorted(p.name for p in SHIPPED.iterdir() if (p / "scenario.yaml").is_file()))


def find_scenario(name_or_path: str | Path) -> Path:
    """Return the folder of a scenario: a shipped name first, else a path.

    Raises
    ------
    StartexError
        If there is no such scenario.
    """
    name = str(name_or_path)
    if name in shipped_scenarios():
        return SHIPPED / name
    folder = Path(name_or_path)
    try:
        if folder.is_dir():
            return folder
        found = folder.exists()
    except (OSError, ValueError) as error:
        raise StartexError(f"no scenario {name!r}: {error}") from error
    if found:
        raise StartexError(f"{name} is a file; a scenario is a folder that holds scenario.yaml")
    raise StartexError(
        f"no scenario and no folder is called {name!r}; " + did_you_mean(name, shipped_scenarios())
    )
