"""What a run counts: the announced totals, from the entities themselves."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from startex.recording.contents import read_table
from startex.recording.manifest import Manifest

PLURALS = {
    "person": "persons",
    "vehicle": "vehicles",
    "aircraft": "aircraft",
    "ship": "ships",
    "team": "teams",
    "train": "trains",
    "target": "targets",
    "parachute": "parachutes",
}


def count(folder: Path, manifest: Manifest) -> dict[str, int]:
    """Return the counts of a run.

    ``persons``, ``vehicles``, ``aircraft``, ``ships``: entities that belong to the announced
    totals, and ``nations`` they come from; ``entities``: all rows; ``legs`` and ``events``: rows
    of those tables.
    """
    entities = read_table(folder, manifest, "entities", ["kind", "nation", "counted"])
    return count_entities(entities, manifest)


def count_entities(entities: pa.Table, manifest: Manifest) -> dict[str, int]:
    """Return the counts of a run whose entities are read already; see `count`."""
    counts = {
        table: sum(file.rows for file in manifest.files_of(table))
        for table in ("entities", "legs", "events")
    }
    for kind in ("person", "vehicle", "aircraft", "ship"):
        counts[PLURALS[kind]] = 0
    counts["nations"] = 0
    counted = entities.filter(entities.column("counted"))
    for item in pc.value_counts(counted.column("kind").cast("string")).to_pylist():
        counts[PLURALS.get(item["values"], item["values"])] = item["counts"]
    counts["nations"] = len(pc.unique(counted.column("nation").cast("string")))
    return dict(sorted(counts.items()))
