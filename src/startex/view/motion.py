"""Answers in columns: who there is, where everybody is at an instant, legs and rides."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from startex.foundation.errors import did_you_mean
from startex.recording.lookup import FOREVER
from startex.view import columns
from startex.view.archive import Archive, Row
from startex.view.columns import Packed
from startex.view.problems import RefusedError, shown

_WORDS = ("kind", "type", "role", "nation", "owner_nation", "side", "sidc")
_OF_ENTITIES = ("unit", "counted", *_WORDS, "name")


def entities(archive: Archive, asked: Row) -> bytes:
    """Return all entities, row n is entity n: what they are, of which unit, whether counted."""
    table = archive.entities
    packed: dict[str, Packed] = {}
    for name in _chosen(asked.get("columns")):
        column = table.column(name)
        if name == "unit":
            packed[name] = columns.optional(column, "int32")
        elif name == "counted":
            packed[name] = columns.numbers(column.to_numpy(), "uint8")
        else:
            packed[name] = columns.texts(column) if name == "name" else columns.words(column)
    return columns.encode(packed, len(table), {"answer": "entities"})


def _chosen(listed: str | None) -> list[str]:
    """Return the columns asked for, all where none are."""
    if listed is None:
        return list(_OF_ENTITIES)
    chosen = listed.split(",")
    for name in chosen:
        if name not in _OF_ENTITIES:
            allowed = did_you_mean(name, _OF_ENTITIES)
            raise RefusedError(400, f"columns has {shown(name)}, no column of entities; {allowed}")
    return list(dict.fromkeys(chosen))


def positions(archive: Archive, asked: Row) -> bytes:
    """Return where everybody is at an instant, row n is entity n; those aboard included."""
    t = archive.instant("t", asked["t"])
    found = archive.run.positions(t)
    lon = found.column("lon").to_numpy(zero_copy_only=False)
    packed = {
        "lat": columns.optional(found.column("lat"), "float32"),
        "lon": columns.numbers((lon + 180.0) % 360.0 - 180.0, "float32", "nan"),
        "alt": columns.optional(found.column("alt"), "float32"),
        "mode": columns.words(found.column("mode")),
        "status": columns.words(found.column("status")),
        "aboard": columns.optional(found.column("aboard"), "int32"),
        "carrier": columns.optional(found.column("carrier"), "int32"),
    }
    return columns.encode(packed, len(found), {"answer": "positions", "t": t})


def legs(archive: Archive, asked: Row) -> bytes:
    """Return the legs of a segment, in the order of the store."""
    number = asked["segment"]
    table = archive.segment(number)
    packed = {
        "entity": columns.numbers(table.column("entity").to_numpy(), "int32"),
        "t0": columns.numbers(table.column("t0").to_numpy(), "float64"),
        "t1": columns.numbers(table.column("t1").to_numpy(), "float64"),
    }
    for name in ("lat0", "lon0", "alt0", "lat1", "lon1", "alt1"):
        packed[name] = columns.numbers(table.column(name).to_numpy(), "float32")
    packed["mode"] = columns.words(table.column("mode"))
    return columns.encode(packed, len(table), {"answer": "legs", "segment": number})


def rides(archive: Archive, asked: Row) -> bytes:
    """Return who is aboard what at any instant of a time; ``t1`` is nan where it lasts."""
    begin = archive.begin if asked["from"] is None else archive.instant("from", asked["from"])
    end = archive.end if asked["to"] is None else archive.instant("to", asked["to"])
    if end < begin:
        raise RefusedError(400, f"to is {end} ms, before from, {begin} ms; it may not be earlier")
    table = archive.run.table("carriers")
    t0 = table.column("t0").to_numpy()
    t1 = table.column("t1").fill_null(int(FOREVER)).to_numpy()
    chosen = table.filter(pa.array((t0 <= end) & (t1 > begin)))
    packed = {
        "entity": columns.numbers(chosen.column("entity").to_numpy(), "int32"),
        "carrier": columns.numbers(chosen.column("carrier").to_numpy(), "int32"),
        "slot": columns.numbers(chosen.column("slot").to_numpy(), "int32"),
        "t0": columns.numbers(chosen.column("t0").to_numpy(), "float64"),
        "t1": columns.optional(chosen.column("t1"), "float64"),
    }
    return columns.encode(packed, len(chosen), {"answer": "rides", "from": begin, "to": end})


def supply(archive: Archive, asked: Row) -> bytes:
    """Return the accounts of supply: what each unit held after each supply hour."""
    table = archive.run.table("supply")
    packed = {
        "unit": columns.numbers(table.column("unit").to_numpy(), "int32"),
        **{name: columns.words(table.column(name)) for name in ("item", "holding", "measure")},
    }
    for name in ("t", "on_hand", "consumed"):
        packed[name] = columns.numbers(table.column(name).to_numpy(), "float64")
    return columns.encode(packed, len(table), {"answer": "supply"})


def aboard(archive: Archive, entity: int, t: int) -> list[int]:
    """Return the entities that ride an entity directly at an instant, ascending."""
    rides_of = archive.run.table("carriers")
    t0 = rides_of.column("t0").to_numpy()
    t1 = rides_of.column("t1").fill_null(int(FOREVER)).to_numpy()
    carried = (rides_of.column("carrier").to_numpy() == entity) & (t0 <= t) & (t1 > t)
    found: list[int] = np.unique(rides_of.column("entity").to_numpy()[carried]).tolist()
    return found
