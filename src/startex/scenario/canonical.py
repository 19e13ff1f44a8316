"""A canonical form of scenario content: the same for every order of rows and way of writing."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Iterable, Mapping

import numpy as np
from pydantic import BaseModel

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def text(value: object) -> str:
    """Return JSON text in which equal content is equal: sorted keys, numbers as float text.

    Sequences keep their order; give lists whose order means nothing to `rows_text`.

    Raises
    ------
    TypeError
        If the value holds something that has no canonical form.
    """
    if isinstance(value, str):
        return _quoted(value)
    if value is None or isinstance(value, bool):
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, (int, float, np.integer, np.floating)):
        number = float(value)
        return f'{{"number":"{"nan" if math.isnan(number) else repr(number)}"}}'
    if isinstance(value, (set, frozenset)):
        return rows_text(value)
    if isinstance(value, (tuple, list, np.ndarray)):
        return f"[{','.join([text(item) for item in value])}]"
    content = fields(value)
    return "{" + ",".join([f"{_quoted(key)}:{text(content[key])}" for key in sorted(content)]) + "}"


def fields(value: object) -> dict[str, object]:
    """Return the content of a mapping, a model or a dataclass by name.

    Raises
    ------
    TypeError
        If it is none of these.
    """
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.items()}
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def rows_text(rows: Iterable[object]) -> str:
    """Return the canonical text of rows whose order means nothing, sorted."""
    return f"[{','.join(sorted([text(row) for row in rows]))}]"


def joined(content: Mapping[str, str]) -> str:
    """Return the canonical text of a mapping from names to canonical texts."""
    return "{" + ",".join([f"{_quoted(name)}:{content[name]}" for name in sorted(content)]) + "}"


def digest(content: Mapping[str, str]) -> str:
    """Return the SHA-256 of canonical texts by name, 64 hexadecimal digits."""
    return hashlib.sha256(joined(content).encode()).hexdigest()
