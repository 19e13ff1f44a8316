"""Parameters of requests: declared once, for checking and for the description of the API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from startex.foundation.clock import parse_time
from startex.foundation.errors import did_you_mean
from startex.view.problems import RefusedError, shown

LONGEST_TEXT = 200
"""Characters of a word or id that a client asks for."""

LATEST_MS = 9_007_199_254_740_991
"""Whole numbers that JavaScript tells apart, 2**53 - 1."""

_WHOLE = re.compile(r"-?[0-9]{1,16}", re.ASCII)
_LOST_PLUS = re.compile(r"(T[0-9:.]+) ([0-9]{2}:?[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a request.

    ``kind``: ``time`` (ISO 8601 with offset, or ms since 1970-01-01 UTC), ``whole`` number or
    ``text``. ``least`` and ``most`` bound whole numbers; ``allowed`` lists the words of a text that
    is not free. ``default``: None where nothing is taken in its place. ``where``: in the path it is
    always required.
    """

    name: str
    kind: Literal["time", "whole", "text"]
    meaning: str
    where: Literal["query", "path"] = "query"
    required: bool = False
    default: int | str | None = None
    least: int = 0
    most: int = LATEST_MS
    allowed: tuple[str, ...] = ()
    example: int | str | None = None

    def parse(self, text: str) -> int | str:
        """Return the value a client wrote.

        Raises
        ------
        RefusedError
            400, if it is not what is allowed.
        """
        if self.kind == "whole":
            return self._whole(text)
        if self.kind == "time":
            return self._time(text)
        if self.allowed and text not in self.allowed:
            self._refuse(text, did_you_mean(text[:LONGEST_TEXT], self.allowed))
        if not 1 <= len(text) <= LONGEST_TEXT:
            self._refuse(text, f"1 to {LONGEST_TEXT} characters are allowed")
        if not text.isprintable():
            self._refuse(text, "control characters are not allowed")
        return text

    def _whole(self, text: str) -> int:
        allowed = f"whole numbers from {self.least} to {self.most} are allowed"
        if not _WHOLE.fullmatch(text) or not self.least <= int(text) <= self.most:
            self._refuse(text, allowed)
        return int(text)

    def _time(self, text: str) -> int:
        if _WHOLE.fullmatch(text):
            return int(text)
        # A + in an address means a blank; who wrote an offset meant the +.
        written = _LOST_PLUS.sub(r"\1+\2", text)
        try:
            return parse_time(written)
        except (ValueError, OverflowError):
            self._refuse(
                text,
                "write ISO 8601 with an offset (2022-09-06T06:50Z), or milliseconds since "
                "1970-01-01 UTC",
            )
            raise AssertionError from None

    def _refuse(self, found: str, allowed: str) -> None:
        raise RefusedError(400, f"{self.name} is {shown(found)}: {allowed}") from None


def arguments(
    parameters: Sequence[Parameter], path: Mapping[str, str], query: bytes
) -> dict[str, Any]:
    """Return the values of all parameters of a request, None where one was not given.

    Raises
    ------
    RefusedError
        400, for a value that is not allowed, a parameter unknown, twice there, or missing.
    """
    known = {parameter.name: parameter for parameter in parameters}
    values: dict[str, Any] = {name: parameter.default for name, parameter in known.items()}
    given = list(path.items())
    asked = {name for name, parameter in known.items() if parameter.where == "query"}
    for name, text in _pairs(query):
        if name not in asked:
            allowed = did_you_mean(name[:LONGEST_TEXT], asked) if asked else "none is allowed here"
            raise RefusedError(400, f"there is no parameter {shown(name)}; {allowed}")
        given.append((name, text))
    seen: set[str] = set()
    for name, text in given:
        if name in seen:
            raise RefusedError(400, f"parameter {name!r} is given twice; once is allowed")
        seen.add(name)
        values[name] = known[name].parse(text)
    for name, parameter in known.items():
        if parameter.required and name not in seen:
            raise RefusedError(400, f"parameter {name!r} is missing: {parameter.meaning}")
    return values


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=32
        )
    except ValueError as error:  # UnicodeDecodeError is one
        raise RefusedError(
            400, "the query is not name=value pairs (32 at most), percent-encoded in UTF-8"
        ) from error
