"""Files read with some of their values changed: what a variant of a scenario is made of.

A variant differs from its scenario in a few values. They are changed in the documents as they are
read, before anything is parsed or checked, so that every check holds for variants too, and no copy
of the scenario is written. `Session` also keeps what was read, so that the next variant of the same
scenario need not parse its files again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from startex.foundation.document import DataPath, Document

REMOVED = "\0removed"
"""As the value of an edit: the key is taken out."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One value changed in one file.

    Attributes
    ----------
    file
        Path of the file, resolved.
    path
        Where the value stands in its data; the last key may be new.
    value
        Plain data that takes its place; `REMOVED` takes the key out.
    """

    file: str
    path: DataPath
    value: Any


class Session:
    """Files as they were read first, handed out with the edits of the variant that is read now."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self._edits: Mapping[str, Sequence[Edit]] = {}

    @contextmanager
    def reading(self, edits: Sequence[Edit] = ()) -> Iterator[None]:
        """While this lasts, files are read with ``edits``."""
        by_file: dict[str, list[Edit]] = {}
        for edit in edits:
            by_file.setdefault(edit.file, []).append(edit)
        token = _session.set(self)
        self._edits = by_file
        try:
            yield
        finally:
            self._edits = {}
            _session.reset(token)

    def document(self, path: Path, read: Callable[[], Document]) -> Document:
        """Return the file at ``path`` with its edits; ``read`` reads it as it is."""
        name = str(path.resolve())
        kept = self.documents.get(name)
        if kept is None:
            kept = self.documents[name] = read()
        data = _copy(kept.data)  # readers may change what they are given
        for edit in self._edits.get(name, ()):
            _put(data, edit)
        return replace(kept, data=data)


_session: ContextVar[Session | None] = ContextVar("startex_session", default=None)


def through_session(path: Path, read: Callable[[], Document]) -> Document:
    """Return the document that ``read`` reads from ``path``, by way of the session if one is on."""
    session = _session.get()
    return read() if session is None else session.document(path, read)


def _copy(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _copy(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_copy(value) for value in data]
    return data


def _put(data: Any, edit: Edit) -> None:
    """Change ``data`` in place; a file that is not as it was when the edit was made stays so."""
    *way, last = edit.path
    try:
        for part in way:
            data = data[part]
        if edit.value == REMOVED:
            data.pop(last, None)
        else:
            data[last] = _copy(edit.value)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        where = ".".join(str(part) for part in edit.path)
        raise LookupError(f"{edit.file} has no {where} any more") from error
