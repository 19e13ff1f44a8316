"""A canonical form of scenario content: the same for every order of rows and way of writing."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel


def canonical(value: object) -> Any:
    """Return plain data in which equal content is equal: sorted keys, numbers as float text.

    Sequences keep their order; give lists whose order means nothing to `canonical_rows`.

    Raises
    ------
    TypeError
        If the value holds something that has no canonical form.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float, np.integer, np.floating)):
        number = float(value)
        return {"number": "nan" if math.isnan(number) else repr(number)}
    if isinstance(value, (set, frozenset)):
        return canonical_rows(value)
    if isinstance(value, (tuple, list, np.ndarray)):
        return [canonical(item) for item in value]
    fields = _fields(value)
    return {name: canonical(fields[name]) for name in sorted(fields)}


def _fields(value: object) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.items()}
    if isinstance(value, BaseModel):
        return {name: getattr(value, name) for name in type(value).model_fields}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical_rows(rows: Iterable[object]) -> list[Any]:
    """Return the canonical forms of rows whose order means nothing, sorted."""
    return sorted((canonical(row) for row in rows), key=_text)


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of canonical content, 64 hexadecimal digits."""
    return hashlib.sha256(_text(content).encode()).hexdigest()


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
