"""Turns what the engine hands over into tables of the store."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from startex.engine.effects import MODES, Event
from startex.engine.log import OPEN
from startex.engine.recent import Columns
from startex.engine.state import STATUSES
from startex.geography.places import Places
from startex.recording.tables import schema
from startex.recording.writer import RunWriter

_WORDS: Mapping[str, tuple[str, ...]] = {"mode": MODES, "status": STATUSES}


class StoreRecorder:
    """A `Recorder` of the engine that writes segments to a run store.

    Parameters
    ----------
    writer
        The store.
    places
        For place ids.
    serials
        Serial ids by the index that events carry.
    """

    def __init__(self, writer: RunWriter, places: Places, serials: Sequence[str]) -> None:
        self._writer = writer
        self._places = places
        self._serials = serials
        self.tail: dict[str, pa.Table] = {}

    def segment(
        self,
        index: int | None,
        tables: Mapping[str, Columns],
        events: Sequence[tuple[int, Event]],
    ) -> None:
        """Write one segment; keep the last, cut one in `tail`."""
        content = {name: columns_table(columns) for name, columns in tables.items()}
        content["events"] = events_table(events, self._places, self._serials)
        content = {name: table for name, table in content.items() if table.num_rows}
        if index is None:
            self.tail = content
        else:
            self._writer.write_segment(index, content)


def events_table(
    events: Sequence[tuple[int, Event]], places: Places, serials: Sequence[str]
) -> pa.Table:
    """Return events, given with their ids, as rows of the table ``events``."""

    def known(value: int) -> int | None:
        return int(value) if value >= 0 else None

    rows = [
        {
            "event": number,
            "t": int(event.t),
            "kind": event.kind,
            "actor": known(event.actor),
            "unit": known(event.unit),
            "target": known(event.target),
            "place": places.id[event.place] if event.place >= 0 else None,
            "serial": serials[event.serial] if event.serial >= 0 else None,
            "text": event.text,
            "data": json.dumps(event.data, sort_keys=True, default=plain) if event.data else None,
            "cause": known(event.cause),
        }
        for number, event in events
    ]
    return to_table("events", rows)


def to_table(name: str, rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Return rows as a table with the schema of the store's table ``name``."""
    wanted = schema(name)
    fields = [field for field in wanted if not rows or field.name in rows[0]]
    columns = {}
    for field in fields:
        values = [row[field.name] for row in rows]
        plain = pa.string() if pa.types.is_dictionary(field.type) else field.type
        array = pa.array(values, type=plain)
        columns[field.name] = array.dictionary_encode() if plain != field.type else array
    return pa.table(columns)


def columns_table(columns: Columns) -> pa.Table:
    """Return columns of the engine's log as a table of the store."""
    arrays = {}
    for name, values in columns.items():
        if name in _WORDS:
            arrays[name] = pa.DictionaryArray.from_arrays(
                pa.array(values.astype(np.int32)), pa.array(_WORDS[name])
            )
        elif name == "t1" and "carrier" in columns:
            arrays[name] = pa.array(values, mask=values == OPEN)
        else:
            arrays[name] = pa.array(values)
    return pa.table(arrays)


def plain(value: object) -> object:
    """Return numpy values as JSON knows them."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be recorded")
