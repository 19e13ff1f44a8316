"""Which files a scenario folder holds, and whether they may be read at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from startex.foundation.errors import Problem, ScenarioError, did_you_mean

REQUIRED: tuple[str, ...] = (
    "scenario.yaml",
    "sources.csv",
    "origins.csv",
    "claims.yaml",
    "places.geojson",
    "units.yaml",
    "serials.yaml",
)
"""Files that a scenario cannot do without (claims may be a folder ``claims`` instead)."""

OPTIONAL: tuple[str, ...] = (
    "conflicts.yaml",
    "policies.yaml",
    "figures.yaml",
    "homes.yaml",
    "hypotheses.yaml",
    "indicators.yaml",
    "ways.geojson",
    "templates.yaml",
    "events.csv",
    "weather.csv",
    "communications.csv",
    "points.csv",
    "arithmetic.yaml",
)
"""Files that a scenario may have."""

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Largest file read, bytes; a scenario of 100,000 unit lines takes 10 MB."""

_MAX_ENTRIES = 5_000
_DATA_SUFFIXES = (".yaml", ".yml", ".csv", ".geojson", ".json")


def check_files(folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with the files themselves: absent, misnamed, leading elsewhere, too big.

    A file named in a problem must not be read.
    """
    if not folder.is_dir():
        remedy = "Give the folder that holds scenario.yaml."
        yield Problem(str(folder), 0, 0, "is not a folder.", remedy)
        return
    present: list[str] = []
    for count, path in enumerate(_walk(folder)):
        if count >= _MAX_ENTRIES:
            remedy = "Give the scenario's own folder."
            yield Problem(str(folder), 0, 0, f"holds more than {_MAX_ENTRIES} files.", remedy)
            return
        name = _name(folder, path)
        present.append(name)
        yield from _check_file(folder, path, name)
    yield from _check_names(present)


def require_readable(folder: Path) -> None:
    """Raise a `ScenarioError` if a file of the folder must not be read, as one that leads outside.

    For commands that read single files of a scenario that may be wrong elsewhere.
    """
    paths = islice(_walk(folder), _MAX_ENTRIES)
    found = [p for path in paths for p in _check_file(folder, path, _name(folder, path))]
    if found:
        raise ScenarioError(found)


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        links = [name for name in folders if (Path(here) / name).is_symlink()]
        for name in sorted([*files, *links]):
            if not name.startswith("."):
                yield Path(here) / name


def _check_file(folder: Path, path: Path, name: str) -> Iterator[Problem]:
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        facts = path.stat()
    except FileNotFoundError:
        yield Problem(name, 0, 0, "is a link to nothing.", "Put the file itself there.")
        return
    except (OSError, RuntimeError) as error:
        yield Problem(name, 0, 0, f"cannot be read: {error}.", "Put a plain file there.")
        return
    if not inside:
        remedy = "Copy the file into the folder."
        yield Problem(name, 0, 0, "leads outside the scenario folder.", remedy)
    elif stat.S_ISDIR(facts.st_mode):
        return
    elif not stat.S_ISREG(facts.st_mode):
        yield Problem(name, 0, 0, "is not a plain file.", "Put a plain file there.")
    elif facts.st_size > MAX_FILE_BYTES:
        size = f"{facts.st_size / 1e6:.0f} MB"
        remedy = f"Split or shorten it to {MAX_FILE_BYTES / 1e6:.0f} MB at most."
        yield Problem(name, 0, 0, f"is absurdly large ({size}).", remedy)


def _check_names(present: list[str]) -> Iterator[Problem]:
    top = [name for name in present if "/" not in name]
    known = (*REQUIRED, *OPTIONAL)
    missing = [name for name in REQUIRED if name not in top]
    if "claims.yaml" in missing and any(name.startswith("claims/") for name in present):
        missing.remove("claims.yaml")
    strange = [name for name in top if name not in known and name.endswith(_DATA_SUFFIXES)]
    for name in missing:
        yield Problem(name, 0, 0, "the file does not exist.", _create(name, strange))
    for name in strange:
        absent = [other for other in known if other not in top]
        remedy = did_you_mean(name, absent)
        remedy = remedy[:1].upper() + remedy[1:]
        yield Problem(name, 0, 0, "is no file of a scenario; it would be ignored.", remedy)


def _create(name: str, strange: list[str]) -> str:
    near = did_you_mean(name, strange)
    if near.startswith("did"):
        return f"Rename {near.split(chr(39))[1]} to {name}."
    return "Create it ('startex new' makes a folder with every file)."
