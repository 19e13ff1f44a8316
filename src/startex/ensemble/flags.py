"""Factors and ends as they are written on the command line."""

from __future__ import annotations

import re
from dataclasses import replace

from startex.ensemble.design import Factor, Query, Until, as_levels
from startex.ensemble.distributions import ARGUMENTS, Level, distribution
from startex.foundation.errors import UsageError
from startex.foundation.yamlfile import scalar

_CALL = re.compile(r"\s*([a-z_]+)\s*\((.*)\)\s*")
_NAMED = re.compile(r"\s*([A-Za-z][\w-]*):(?=[a-z])")
_QUERY = re.compile(r"\s*([\w.-]+)\s*(?:\[([^\]]*)\])?\s*=\s*(.+)", re.DOTALL)


def parse_vary(text: str) -> Factor:
    """Return the factor of ``PATH=uniform(8, 14)``, ``NAME:PATH=...`` or ``PATH=8,10,12``.

    Raises
    ------
    UsageError
        If the text is none of these.
    """
    path, sign, law = text.partition("=")
    if not sign or not path.strip() or not law.strip():
        forms = ", ".join(f"{kind}({', '.join(what)})" for kind, what in ARGUMENTS.items())
        raise UsageError(f"--vary {text!r}: write PATH=DISTRIBUTION, which is one of {forms}")
    name = ""
    if named := _NAMED.match(path):
        name, path = named[1], path[named.end() :]
    call = _CALL.fullmatch(law)
    kind, inside = (call[1], call[2]) if call else ("levels", law)
    values = [_value(part) for part in inside.split(",")]
    try:
        found = distribution(kind, values)
    except UsageError as error:
        raise UsageError(f"--vary {text!r}: {error}") from error
    return Factor(name or path.strip(), path.strip(), distribution=found)


def parse_claim(text: str) -> Factor:
    """Return the factor of ``FIGURE``, ``FIGURE=CLAIM,CLAIM`` or ``FIGURE=draw``."""
    figure, sign, how = (part.strip() for part in text.partition("="))
    factor = Factor(figure, claim=figure)
    if not sign:
        return factor
    if how == "draw":
        return replace(factor, draw=True)
    names = [part.strip() for part in how.split(",")]
    return replace(factor, distribution=as_levels(names))


def parse_until(text: str, key: str, confidence: float, batch: int) -> Until:
    """Return the end of ``MEASURE=0.5`` or ``MEASURE=5%``.

    Raises
    ------
    UsageError
        If there is no half-width.
    """
    measure, _, width = (part.strip() for part in text.partition("="))
    relative = width.endswith("%")
    try:
        half_width = float(width.removesuffix("%")) * (0.01 if relative else 1.0)
    except ValueError:
        raise UsageError(f"--until {text!r}: write MEASURE=HALF_WIDTH, or MEASURE=5%") from None
    return Until(measure, half_width, key, relative, confidence, batch)


def parse_query(text: str) -> Query:
    """Return the measure of ``NAME[UNIT]=select ...``.

    Raises
    ------
    UsageError
        If it has no name or no query.
    """
    found = _QUERY.fullmatch(text)
    if found is None:
        raise UsageError(f"--sql {text!r}: write NAME=QUERY or NAME[UNIT]=QUERY")
    return Query(found[1], found[3].strip(), found[2] or "")


def _value(text: str) -> Level:
    value = scalar(text.strip())
    return value if isinstance(value, int | float) and not isinstance(value, bool) else text.strip()
