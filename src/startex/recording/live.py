"""A run that goes on, as it was at one instant: read like a run folder, from memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pyarrow as pa

from startex.foundation.errors import StoreError
from startex.recording import tables
from startex.recording.counts import count_entities
from startex.recording.manifest import Header, Manifest, StoredFile
from startex.recording.reader import Run

FIXED = frozenset(
    {"units", "entities", "places", "ways", "weather", "catalogue", "claims", "sources", "origins",
     "conflicts", "figures", "armament", "hypotheses", "evidence",
     "indicators", "voices", "measures"}
)  # fmt: skip
"""Tables that are known before a run begins; their rows do not change while it goes on."""


class LiveRun(Run):
    """What is known of a run when it has come to ``reached``; never changed afterwards.

    It answers as the folder would if the run had been told to stop there. ``parts`` are the legs,
    in the order in which they ended: those before the last stay as they are while the run goes on,
    the last holds what is under way, cut at ``reached``.

    Parameters
    ----------
    folder
        Where the run is written.
    header
        What the run is a function of.
    reached
        ms since the epoch.
    content
        Tables of the store but for legs, as `tables.conform` returns them or in such pieces.
    parts
        Tables of legs.
    """

    def __init__(
        self,
        folder: Path,
        header: Header,
        reached: int,
        content: Mapping[str, pa.Table],
        parts: Sequence[pa.Table],
    ) -> None:
        self.folder = folder
        self.parts = tuple(parts)
        self._tables = dict(content)
        self._narrowed = 0
        legs = tuple((in_memory("legs", part),) for part in parts)
        rest = tuple(in_memory(name, table) for name, table in sorted(content.items()))
        self._manifest = Manifest(header, rest, legs, reached=reached)
        self._manifest = Manifest(
            header, rest, legs, count_entities(self.table("entities"), self._manifest),
            reached=reached,
        )  # fmt: skip

    @property
    def reached(self) -> int:
        """The instant until which all is known, ms."""
        assert self._manifest.reached is not None
        return self._manifest.reached

    def table(self, name: str) -> pa.Table:
        """Return a table of the store, all rows that are known; empty where there are none.

        Raises
        ------
        StoreError
            If no such table is declared.
        """
        if name not in self._tables:
            pieces = [tables.empty(name), *(self.parts if name == "legs" else ())]
            self._tables[name] = pa.concat_tables(pieces).unify_dictionaries()
        return self._tables[name]

    def narrowed(self, entities: npt.ArrayLike) -> Run:
        """Return the run itself: all of it is in memory."""
        return self

    def sql(self, query: str, parameters: Sequence[Any] | None = None) -> pa.Table:
        """Refuse: SQL asks files.

        Raises
        ------
        StoreError
            Always.
        """
        raise StoreError(f"{self.folder} is being written; SQL can be asked when that has ended")


def in_memory(name: str, table: pa.Table) -> StoredFile:
    """Return a part of the table ``name`` as a manifest lists it, although it is in no file."""
    return StoredFile(name, f"{name} in memory", "", 0, table.num_rows, "")
