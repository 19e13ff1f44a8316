"""Ids: names that files give to things, so that other files can name them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
"""Nothing that separates ids where several stand in one cell of a table."""

Id = Annotated[str, Field(pattern=ID_PATTERN)]
