"""A file that was read: its data, and where in the file each piece of it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from startex.foundation.errors import Problem

DataPath = tuple[str | int, ...]
"""Keys and list indices that lead from the top of a document to a piece of its data."""

Position = tuple[int, int]
"""Line and column, both counted from 1."""


@dataclass(frozen=True, slots=True)
class Document:
    """Data of a file with positions.

    Attributes
    ----------
    file
        Name of the file as the user knows it.
    data
        Plain data (dict, list, str, int, float, bool, None); None where the file is broken.
    values
        Position of the value at each path.
    keys
        Position of the key at each path that ends with a key.
    problems
        What is wrong with the file itself. Empty: the file was read whole.
    """

    file: str
    data: Any
    values: Mapping[DataPath, Position] = field(default_factory=lambda: MappingProxyType({}))
    keys: Mapping[DataPath, Position] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[Problem, ...] = ()

    def at(self, path: DataPath, *, key: bool = False) -> Position:
        """Return the position of a piece of data, or of the nearest piece that holds it.

        Parameters
        ----------
        path
            Path of the piece.
        key
            Where its key stands rather than its value.
        """
        if key and path in self.keys:
            return self.keys[path]
        for end in range(len(path), -1, -1):
            if path[:end] in self.values:
                return self.values[path[:end]]
        return (1, 1) if self.data is not None else (0, 0)

    def problem(
        self, path: DataPath, message: str, remedy: str = "", *, key: bool = False
    ) -> Problem:
        """Return a problem with the position of ``path``."""
        line, column = self.at(path, key=key)
        return Problem(self.file, line, column, message, remedy)


def read_text(path: Path, name: str) -> tuple[str | None, tuple[Problem, ...]]:
    """Return the text of a UTF-8 file (a byte order mark is dropped), or why it has none.

    Parameters
    ----------
    path
        The file.
    name
        What to call it in problems.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None, (Problem(name, 0, 0, "the file does not exist.", "Create it."),)
    except IsADirectoryError:
        return None, (Problem(name, 0, 0, "is a folder, not a file.", "Put a file there."),)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        remedy = "Check its permissions."
        return None, (Problem(name, 0, 0, f"cannot be read: {reason}.", remedy),)
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8."
        return None, (Problem(name, line, column, message, "Save the file as UTF-8."),)
