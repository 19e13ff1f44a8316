"""Names of nations by their codes (ISO 3166-1 alpha-3), in short English form."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def nation_names() -> Mapping[str, str]:
    """Return every nation's name by its code."""
    text = files("startex.foundation").joinpath("nations.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["code"]: row["name"] for row in rows})


def nation_name(code: str) -> str:
    """Return the name of a nation; the code itself where it is no assigned one."""
    return nation_names().get(code, code)
