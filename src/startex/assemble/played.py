"""Tables of the play: who detected whom, who fired at whom and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from startex.assemble.recorder import to_table
from startex.engine.simulation import Simulation


def played_tables(simulation: Simulation, serials: Sequence[str]) -> dict[str, pa.Table]:
    """Return the tables ``detections`` and ``shots`` of a run; none where nobody played."""
    play = simulation.play
    if play is None:
        return {}
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
    shots = [
        dict(zip(columns, row, strict=True))
        for columns in play.firing.shots
        for row in zip(*(list(values) for values in columns.values()), strict=True)
    ]
    tables = {"detections": detections, "shots": shots}
    return {name: to_table(name, rows) for name, rows in tables.items() if rows}
