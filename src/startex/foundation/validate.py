"""Validation of what was read: every pydantic error becomes a problem with its position."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from startex.foundation.document import DataPath, Document
from startex.foundation.errors import Problem, did_you_mean
from startex.foundation.ids import ID_PATTERN

M = TypeVar("M", bound=BaseModel)

_SHOWN = 60  # characters of a wrong value that a message repeats


def validate(
    model: type[M], document: Document, path: DataPath = ()
) -> tuple[M | None, list[Problem]]:
    """Return the piece of a document at ``path`` as a model, or None and what is wrong with it.

    Parameters
    ----------
    model
        What the piece must be.
    document
        The file that was read.
    path
        Where the piece stands in it.
    """
    if document.data is None or (document.problems and not path):
        return None, list(document.problems)
    data: Any = document.data
    for key in path:
        data = data[key]
    try:
        return model.model_validate(data), []
    except ValidationError as errors:
        every = [dict(error) for error in errors.errors()]
        told = [error for error in every if not _follows(error, every)]
        return None, [_problem(model, document, path, error) for error in told]


def validate_each(
    model: type[M], document: Document, path: DataPath = ()
) -> tuple[list[M], list[Problem]]:
    """Return every entry of the list at ``path`` that is valid, and what is wrong with the others.

    A document that could not be read yields its own problems.
    """
    found, problems = validate_entries(model, document, path)
    return [entry for _, entry in found], problems


def validate_entries(
    model: type[M], document: Document, path: DataPath = ()
) -> tuple[list[tuple[DataPath, M]], list[Problem]]:
    """Return as `validate_each`, each entry with its path, so that later checks can point at it."""
    problems = list(document.problems)
    if document.data is None:
        return [], problems
    data: Any = document.data
    for key in path:
        data = data[key]
    if not isinstance(data, list):
        remedy = "Start each entry with '- '."
        return [], [*problems, document.problem(path, "a list of entries is wanted.", remedy)]
    entries: list[tuple[DataPath, M]] = []
    for index in range(len(data)):
        entry, wrong = validate(model, document, (*path, index))
        problems += wrong
        if entry is not None:
            entries.append(((*path, index), entry))
    return entries, problems


def _problem(
    model: type[BaseModel], document: Document, base: DataPath, error: dict[str, Any]
) -> Problem:
    kind: str = error["type"]
    location: DataPath = tuple(error["loc"])
    path = base
    for part in location:  # names of union members stand in the location, not in the file
        if (*path, part) in document.values:
            path = (*path, part)
    last = str(location[-1]) if location else ""
    context: dict[str, Any] = error.get("ctx", {})
    if kind == "extra_forbidden":
        remedy = did_you_mean(last, _field_names(model, location[:-1]))
        message = f"unknown key {last!r}."
        return document.problem(path, message, _sentence(remedy), key=True)
    if kind == "missing":
        return document.problem(path, f"{last!r} is missing.", f"Add {last!r}.")
    where = f"{last!r}: " if last and not last.isdigit() else ""
    if kind == "value_error":
        text = str(context.get("error", error["msg"]))
        return document.problem(path, where + text.rstrip(".") + ".")
    shown = repr(error["input"])
    shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 3] + "..."
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        remedy = _sentence(did_you_mean(str(error["input"]), allowed))
        return document.problem(path, f"{where}{shown} is not a word that is known here.", remedy)
    found = "nothing" if error["input"] is None else shown
    return document.problem(path, f"{where}{found} found.", f"Wanted: {_wanted(error)}.")


def _follows(error: dict[str, Any], every: list[dict[str, Any]]) -> bool:
    """Whether a list is only too short because entries of it are wrong, which is told."""
    at = error["loc"]
    return error["type"] == "too_short" and any(
        other["loc"][: len(at)] == at and len(other["loc"]) > len(at) for other in every
    )


def _wanted(error: dict[str, Any]) -> str:
    """Return what would be right, in the words of the file and not of the program."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return "keys with values"
    if kind == "too_short":
        return f"{context['min_length']} or more of them, not {context['actual_length']}"
    if kind == "string_pattern_mismatch" and context["pattern"] == "^[A-Z]{3}$":
        return "three capital letters, as KAZ"
    if kind == "string_pattern_mismatch" and context["pattern"] == ID_PATTERN:
        return "an id: letters, digits, '.', '_' and '-', beginning with a letter or digit"
    if kind == "string_too_short":
        return "some text"
    wanted: str = error["msg"]
    return wanted.removeprefix("Input should be ").removeprefix("a valid ")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _field_names(model: type[BaseModel], location: DataPath) -> set[str]:
    """Return the keys that are allowed in the model at a location below ``model``."""
    here: set[Any] = {model}
    for part in location:
        below: set[Any] = set()
        for kind in here:
            below |= set(_step(kind, part))
        here = below or here
    return {
        field.alias or name
        for kind in here
        for member in _members(kind)
        if isinstance(member, type) and issubclass(member, BaseModel)
        for name, field in member.model_fields.items()
    }


def _members(annotation: Any) -> Iterator[Any]:
    """Yield the alternatives of an annotation, without Annotated and unions."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _members(get_args(annotation)[0])
    elif origin is Union or origin is types.UnionType:
        for member in get_args(annotation):
            yield from _members(member)
    else:
        yield annotation


def _step(annotation: Any, part: str | int) -> Iterator[Any]:
    """Yield the annotations one step below."""
    for member in _members(annotation):
        if isinstance(member, type) and issubclass(member, BaseModel):
            for name, field in member.model_fields.items():
                if part in (name, field.alias):
                    yield field.annotation
        elif get_args(member):
            is_list = get_origin(member) in (list, tuple, set, frozenset)
            if is_list == isinstance(part, int):
                yield from (argument for argument in get_args(member) if argument is not Ellipsis)
