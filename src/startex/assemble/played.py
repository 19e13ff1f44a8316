"""Tables of contacts and of fire: who detected whom, who fired at whom and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from startex.assemble.recorder import to_table
from startex.engine.simulation import Simulation
from startex.recording.tables import schema


def played_tables(simulation: Simulation, serials: Sequence[str]) -> dict[str, pa.Table]:
    """Return the tables ``detections`` and ``shots`` of a run, those that have rows."""
    parts = [] if simulation.live_fire is None else list(simulation.live_fire.shots)
    tables: dict[str, pa.Table] = {}
    play = simulation.play
    if play is not None:
        parts += play.firing.shots
        sensors = play.sensing.roster.sensors.id
        detections = [
            {
                "detection": number,
                "t": contact.t,
                "t_lost": contact.until if contact.until <= simulation.now else None,
                "unit": contact.unit,
                "looker": contact.looker,
                "target": contact.target,
                "sensor": sensors[contact.sensor],
                "range_m": contact.range_m,
                "lat": contact.lat,
                "lon": contact.lon,
                "alt": contact.alt,
                "opposing": contact.opposing,
                "serial": serials[contact.serial],
            }
            for number, contact in enumerate(play.detections)
        ]
        if detections:
            tables["detections"] = to_table("detections", detections)
    if parts:
        tables["shots"] = _shots(parts)
    return tables


def _shots(parts: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return the table ``shots`` of parts of it, columns each; the store sorts the rows."""
    arrays = {}
    for field in schema("shots"):
        plain = pa.string() if pa.types.is_dictionary(field.type) else field.type
        chunks = [pa.array(list(part[field.name]), plain) for part in parts]
        arrays[field.name] = pa.chunked_array(chunks)
    return pa.table(arrays)
