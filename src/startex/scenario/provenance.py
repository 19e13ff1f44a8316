"""Which claims a model read from a file names, and at which of its fields."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from startex.foundation.document import DataPath


def claims_of(value: object, path: DataPath = ()) -> Iterator[tuple[DataPath, tuple[str, ...]]]:
    """Yield the claim ids named anywhere within a model, with the path of what they stand at."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name == "claim":
                if inner:
                    yield path, inner
            else:
                yield from claims_of(inner, (*path, name))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from claims_of(inner, (*path, index))


def path_text(path: DataPath) -> str:
    """Return a path in words, with a space before it: `` parts 2``; positions count from 1."""
    words = [str(part + 1) if isinstance(part, int) else part for part in path]
    return "".join(f" {word}" for word in words if word != "provenance")
