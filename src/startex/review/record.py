"""The run as the review sees it: columns of the store, read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from startex.foundation.clock import MS_PER_DAY, MS_PER_HOUR
from startex.recording.lookup import Lookup
from startex.recording.manifest import Header
from startex.recording.reader import Run

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]

COUNTED_KINDS = ("person", "vehicle", "aircraft", "ship")
"""Kinds of which the announced totals consist."""

KIND_WORDS = {
    "person": "persons",
    "vehicle": "ground vehicles",
    "aircraft": "aircraft",
    "ship": "ships",
    "team": "teams",
    "train": "trains",
    "target": "targets",
    "parachute": "parachutes",
}
"""Kinds in the plural, as the review writes them."""


@dataclass(frozen=True, slots=True)
class Words:
    """A column of few words: ``code`` (shape (n,)) points into ``word``, sorted; -1 is null."""

    word: tuple[str, ...]
    code: Int32

    def __eq__(self, other: object) -> Any:
        """Return where the column holds the word ``other``, shape (n,)."""
        if isinstance(other, str):
            found = self.word.index(other) if other in self.word else -2
            return self.code == found
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def isin(self, words: Sequence[str]) -> Bool:
        """Return where the column holds one of ``words``, shape (n,)."""
        codes = [number for number, word in enumerate(self.word) if word in words]
        return np.isin(self.code, codes)


def words(column: pa.ChunkedArray) -> Words:
    """Return a column of text as codes and sorted words."""
    encoded = column.cast(pa.string()).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = pa.concat_arrays(encoded.chunks) if encoded.num_chunks else pa.array([], "string")
    encoded = encoded.dictionary_encode()
    found = [str(word) for word in encoded.dictionary.to_pylist()]
    order = sorted(range(len(found)), key=found.__getitem__)
    rank = np.full(len(found) + 1, -1, np.int32)  # the last stands for null
    rank[order] = np.arange(len(found), dtype=np.int32)
    code = encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
    return Words(tuple(found[i] for i in order), rank[code.astype(np.int64)])


class Record:
    """One run folder, its tables as columns; nothing in it is ever changed.

    Parameters
    ----------
    folder
        The run folder.

    Raises
    ------
    StoreError
        If there is no run, it cannot be read, or it is still being written.
    """

    def __init__(self, folder: str | Path) -> None:
        self.run = Run(folder)
        self.run.require_reached()
        self.header: Header = self.run.manifest.header
        self.start_ms = self.header.sim_start
        self.end_ms = self.header.sim_end
        self._rows: dict[str, list[dict[str, Any]]] = {}
        entities = self.run.table("entities")
        order = np.argsort(entities.column("entity").to_numpy(), kind="stable")
        if len(order) and (np.diff(order) != 1).any():
            entities = entities.take(pa.array(order))
        self.entities = entities
        self.kind = words(entities.column("kind"))
        self.nation = words(entities.column("nation"))
        self.unit: Int64 = entities.column("unit").to_numpy().astype(np.int64)
        self.counted: Bool = entities.column("counted").to_numpy()

    @property
    def until_ms(self) -> int:
        """How far the run has come: its end, or where it was told to stop."""
        reached = self.run.manifest.reached
        return self.end_ms if reached is None else min(reached, self.end_ms)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return a small table as a list of rows."""
        if table not in self._rows:
            self._rows[table] = self.run.table(table).to_pylist()
        return self._rows[table]

    @property
    def complete(self) -> bool:
        """Whether the run was finished."""
        return self.run.manifest.complete

    @property
    def title(self) -> str:
        """What the exercise is called."""
        return self.header.notes.get("title") or self.header.scenario

    @cached_property
    def utc_offset_h(self) -> float:
        """Local time of the exercise: what the run notes, else that of most of its places."""
        noted = self.header.notes.get("utc_offset_h")
        if noted is not None:
            return float(noted)
        offsets = Counter(
            place["utc_offset_h"]
            for place in self.rows("places")
            if place["utc_offset_h"] is not None
        )
        return min(offsets, key=lambda h: (-offsets[h], h)) if offsets else 0.0

    @cached_property
    def days(self) -> list[int]:
        """The local midnights (ms) that begin the days the run touches."""
        shift = round(self.utc_offset_h * MS_PER_HOUR)
        first = (self.start_ms + shift) // MS_PER_DAY
        last = max(first, (self.end_ms + shift - 1) // MS_PER_DAY)
        return [int(day) * MS_PER_DAY - shift for day in range(int(first), int(last) + 1)]

    @cached_property
    def lookup(self) -> Lookup:
        """Index of legs and carriers, by entity and time."""
        return self.run.lookup

    @cached_property
    def mode(self) -> Words:
        """Mode of every leg, in the order of the index."""
        column = words(self.run.table("legs").column("mode"))
        return Words(column.word, column.code[self.lookup.legs.row])

    @cached_property
    def ends(self) -> tuple[Float64, Float64, Float64, Float64]:
        """Ends of every leg (lat0, lon0, lat1, lon1), degrees, in the order of the index."""
        legs, row = self.run.table("legs"), self.lookup.legs.row
        lat0, lon0, lat1, lon1 = (
            legs.column(name).to_numpy()[row] for name in ("lat0", "lon0", "lat1", "lon1")
        )
        return lat0, lon0, lat1, lon1

    @cached_property
    def unit_rows(self) -> list[dict[str, Any]]:
        """Units by row, parents before children."""
        return sorted(self.rows("units"), key=lambda unit: int(unit["unit"]))

    @cached_property
    def unit_by_id(self) -> dict[str, int]:
        """Row of a unit by its id."""
        return {unit["id"]: number for number, unit in enumerate(self.unit_rows)}

    @cached_property
    def place_by_id(self) -> dict[str, dict[str, Any]]:
        """A place by its id."""
        return {place["place"]: place for place in self.rows("places")}

    @cached_property
    def place_claims(self) -> dict[str, tuple[str, ...]]:
        """Claims that name a place, by its id."""
        return {place["place"]: id_list(place["claim"]) for place in self.rows("places")}

    def place_name(self, place: str | None) -> str:
        """Return what a place is called; its id where the run does not describe it."""
        if place is None:
            return ""
        return str(self.place_by_id.get(place, {}).get("name") or place)

    def unit_name(self, unit: str) -> str:
        """Return what a unit (by id) is called; its id where the run does not describe it."""
        row = self.unit_by_id.get(unit)
        return unit if row is None else str(self.unit_rows[row]["name"])

    def rows_of(self, kind: str, *, counted: bool = True) -> Int64:
        """Return the entity rows of a kind, those in the announced totals or the others."""
        return np.flatnonzero((self.kind == kind) & (self.counted == counted))

    def count_words(self, column: str) -> dict[str, int]:
        """Return how often each word stands in ``table.column``."""
        table, _, name = column.partition(".")
        counts = pc.value_counts(self.run.table(table).column(name).cast(pa.string()))
        return {str(item["values"]): int(item["counts"]) for item in counts.to_pylist()}


def id_list(text: str | None) -> tuple[str, ...]:
    """Return the ids in a cell, which stand with commas or semicolons between them."""
    parts = (text or "").replace(";", ",").split(",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
