"""YAML 1.2 (core schema) with positions, read from parser events.

No tag constructs anything, ``NO`` is a string, ``1e5`` is a float, dates stay text, a key given
twice is an error, and aliases cannot blow up. JSON (and so GeoJSON) is a subset and is read too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from startex.foundation.document import DataPath, Document, Position, read_text
from startex.foundation.edits import through_session
from startex.foundation.errors import Problem

_Loader: Any = getattr(yaml, "CLoader", yaml.Loader)  # only its parser is used

_MAX_DEPTH = 100
_MAX_DIGITS = 300

_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_TAG_PREFIX = "tag:yaml.org,2002:"
_PLAIN_TAGS = {"str", "map", "seq"}


class _RefusedError(Exception):
    """A construct that is not accepted, with its position."""

    def __init__(self, message: str, remedy: str, position: Position) -> None:
        super().__init__(message)
        self.message, self.remedy, self.position = message, remedy, position


def scalar(text: str) -> Any:
    """Return the value of a plain (unquoted) scalar in the YAML 1.2 core schema.

    Raises
    ------
    ValueError
        If a whole number has more than 300 digits.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        if len(text) > _MAX_DIGITS:
            raise ValueError(f"a number of {len(text)} digits")
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _OCTAL.fullmatch(text) or _HEX.fullmatch(text):
        return int(text[2:], 8 if text[1] == "o" else 16)
    return text


class _Reader:
    """One walk over the events of a document."""

    def __init__(self, events: Iterator[Any], file: str) -> None:
        self.events = events
        self.file = file
        self.values: dict[DataPath, Position] = {}
        self.keys: dict[DataPath, Position] = {}
        self.problems: list[Problem] = []

    def document(self) -> Any:
        """Return the data of the only document of the stream."""
        next(self.events)  # stream start
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            return None
        data = self._node(next(self.events), ())
        next(self.events)  # document end
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise _RefusedError("a second document ('---') starts here.", "Keep one.", _mark(event))
        return data

    def _node(self, event: Any, path: DataPath) -> Any:
        position = _mark(event)
        self.values[path] = position
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            sign = "&" if event.anchor and not isinstance(event, yaml.AliasEvent) else "*"
            raise _RefusedError(
                f"anchors and aliases ({sign}{event.anchor}) are not accepted.",
                "Write the value out (or quote the text, if it is text).",
                position,
            )
        if len(path) > _MAX_DEPTH:
            raise _RefusedError(f"nested deeper than {_MAX_DEPTH} levels.", "Flatten it.", position)
        tag = event.tag
        if tag is not None and tag not in {"!", *(_TAG_PREFIX + known for known in _PLAIN_TAGS)}:
            raise _RefusedError(
                f"the tag {tag.replace(_TAG_PREFIX, '!!')} is not accepted.",
                "Remove it (or quote the text, if it is text).",
                position,
            )
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, position)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _scalar(self, event: Any, position: Position) -> Any:
        if event.style not in (None, "") or not event.implicit[0]:
            return event.value
        try:
            return scalar(event.value)
        except ValueError as error:
            raise _RefusedError(f"{error} is not accepted.", "Quote it.", position) from error

    def _sequence(self, path: DataPath) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: DataPath) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            position = _mark(event)
            if not isinstance(event, yaml.ScalarEvent):
                remedy = "Use a plain word as key (or quote the text, if this is a value)."
                raise _RefusedError("a key must be text.", remedy, position)
            key = event.value
            if key in mapping:
                line = self.keys[(*path, key)][0]
                message = f"the key {key!r} is given twice (first in line {line})."
                self.problems.append(Problem(self.file, *position, message, "Remove one."))
            self.keys[(*path, key)] = position
            mapping[key] = self._node(next(self.events), (*path, key))
        return mapping


def _mark(event: Any) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1


def parse_yaml(text: str, file: str) -> Document:
    """Return the document of a YAML or JSON text.

    Parameters
    ----------
    text
        The text.
    file
        What to call it in problems.
    """
    reader = _Reader(iter(()), file)
    try:
        reader.events = iter(yaml.parse(text, Loader=_Loader))
        data = reader.document()
    except _RefusedError as error:
        problem = Problem(file, *error.position, error.message, error.remedy)
        return Document(file, None, problems=(*reader.problems, problem))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        lines = text.splitlines()
        if line > len(lines):  # libyaml points behind the end
            line, column = len(lines), len(lines[-1]) + 1
        what = ", ".join(part for part in (error.context, error.problem) if part)
        problem = Problem(
            file, line, column, f"broken YAML: {what}.", "Correct it, here or in the line above."
        )
        return Document(file, None, problems=(*reader.problems, problem))
    except yaml.YAMLError as error:
        # The reader's own errors carry a character offset, not a mark.
        offset = int(getattr(error, "position", 0) or 0)
        before = text[:offset]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        reason = getattr(error, "reason", "unreadable")
        problem = Problem(file, line, column, f"broken YAML: {reason}.", "Remove the character.")
        return Document(file, None, problems=(problem,))
    if data is None and not reader.problems:
        problem = Problem(file, 0, 0, "the file is empty.", "Fill it, or write [] for no entries.")
        return Document(file, None, problems=(problem,))
    return Document(file, data, reader.values, reader.keys, tuple(reader.problems))


def read_yaml(path: Path, file: str = "") -> Document:
    """Return the document of a YAML or JSON file; its problems stand in the document.

    Parameters
    ----------
    path
        The file.
    file
        What to call it in problems; default: the path.
    """
    return through_session(path, lambda: _read(path, file or str(path)))


def _read(path: Path, name: str) -> Document:
    text, problems = read_text(path, name)
    if text is None:
        return Document(name, None, problems=problems)
    return parse_yaml(text, name)
