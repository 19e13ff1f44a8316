"""Search by name or id, best first: units, places, serials, claims and entities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow.compute as pc

from startex.view.archive import Archive, Row

KINDS = ("unit", "place", "serial", "claim", "entity")
"""What is searched; of equal rank the first kind comes first."""

_MARKS = " -_/.,("
"""What a word of a name begins after."""


def search(archive: Archive, asked: Row) -> Row:
    """Return what is called so, best first.

    Rank 0: the id or name itself; 1: begins so; 2: a word of it begins so; 3: holds it; 4: a claim
    whose quote or subject holds it. Upper and lower case are the same.
    """
    wanted = asked["q"].casefold().strip()
    hits: list[tuple[int, int, str, Row]] = []
    for order, kind in enumerate(KINDS):
        if asked["kind"] in (None, kind) and wanted:
            found = (
                _entities(archive, wanted) if kind == "entity" else _listed(archive, kind, wanted)
            )
            hits += [(rank, order, hit["name"], hit) for rank, hit in found]
    hits.sort(key=lambda hit: (hit[0], hit[1], hit[2], str(hit[3]["id"])))
    listed = [{**hit, "rank": rank} for rank, _, _, hit in hits[: asked["limit"]]]
    return {"q": asked["q"], "found": len(hits), "results": listed}


def _listed(archive: Archive, kind: str, wanted: str) -> Iterator[tuple[int, Row]]:
    for key, name, about, more in _names(archive, kind):
        ranks = [rank_of(text, wanted) for text in (str(key), name)]
        best = min((rank for rank in ranks if rank is not None), default=None)
        if best is None and wanted in about.casefold():
            best = 4
        if best is not None:
            yield best, {"kind": kind, "id": key, "name": name, **more}


def _names(archive: Archive, kind: str) -> Iterator[tuple[Any, str, str, Row]]:
    """Yield id, name, what else is searched, and what else is told."""
    if kind == "unit":
        for row in archive.units:
            about = {"unit": row["unit"], "nation": row["nation"], "echelon": row["echelon"]}
            yield row["id"], row["name"], "", about
    elif kind == "place":
        for row in archive.rows("places"):
            yield row["place"], row["name"], "", {"lat": row["lat"], "lon": row["lon"]}
    elif kind == "serial":
        for row in archive.rows("serials"):
            yield row["serial"], row["name"] or row["serial"], "", {"task": row["task"]}
    else:
        for row in archive.rows("claims"):
            name = f"{row['subject']}: {row['field']}"
            yield row["claim"], name, f"{name} {row['quote'] or ''}", {"quote": row["quote"]}


def _entities(archive: Archive, wanted: str) -> Iterator[tuple[int, Row]]:
    names = archive.entities.column("name")
    held = pc.match_substring(names, wanted, ignore_case=True)
    rows = pc.indices_nonzero(held)
    chosen = archive.entities.select(["kind", "name", "unit"]).take(rows).to_pylist()
    for at, row in zip(rows.to_pylist(), chosen, strict=True):
        rank = rank_of(row["name"], wanted)
        if rank is not None:
            yield rank, {"kind": "entity", "id": at, **_told(row)}


def _told(row: Row) -> Row:
    return {"name": row["name"], "unit": row["unit"], "entity_kind": row["kind"]}


def rank_of(text: str, wanted: str) -> int | None:
    """Return how well a name fits (0 to 3, see `search`), None where it does not."""
    low = text.casefold()
    if wanted not in low:
        return None
    if low == wanted:
        return 0
    if low.startswith(wanted):
        return 1
    return 2 if any(mark + wanted in low for mark in _MARKS) else 3
