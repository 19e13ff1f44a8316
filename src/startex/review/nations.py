"""Names of nations by their codes (ISO 3166-1 alpha-3), in short English form."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def _names() -> dict[str, str]:
    text = files("startex.review").joinpath("nations.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


def nation_name(code: str) -> str:
    """Return the name of a nation; the code itself where it is no assigned one."""
    return _names().get(code, code)
