"""Find scenarios by name or path, and tell what they are: quick, for overviews."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from startex.foundation.errors import UsageError, did_you_mean
from startex.foundation.yamlfile import read_yaml

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
    UsageError
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
        raise UsageError(f"no scenario {name!r}: {error}") from error
    if found:
        raise UsageError(f"{name} is a file; a scenario is a folder that holds scenario.yaml")
    raise UsageError(
        f"no scenario and no folder is called {name!r}; " + did_you_mean(name, shipped_scenarios())
    )


def outline(folder: Path) -> dict[str, Any]:
    """Return name, title, period and numbers of entries of a folder, without checking it.

    For overviews: reads four files and expands nothing.
    """
    header = read_yaml(folder / "scenario.yaml").data
    header = header if isinstance(header, dict) else {}
    files = {
        "claims": _entries(folder, "claims.yaml", "claims"),
        "unit lines": _entries(folder, "units.yaml"),
        "serials": _entries(folder, "serials.yaml"),
    }
    words = {key: str(header.get(key, "")) for key in ("title", "summary", "start", "end")}
    return {"scenario": folder.name, **words, "files": files}


def _entries(folder: Path, file: str, below: str = "") -> int:
    paths = [folder / file, *(sorted((folder / below).glob("*.yaml")) if below else ())]
    data = [read_yaml(path).data for path in paths if path.is_file()]
    return sum(len(rows) for rows in data if isinstance(rows, list))
