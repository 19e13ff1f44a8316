"""Tables of the play: who detected and tracked whom, who fired at whom and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from startex.assemble.recorder import to_table
from startex.engine.simulation import Simulation
from startex.engine.tracking.levels import Level
from startex.engine.tracking.tracks import Track, Tracks


def played_tables(simulation: Simulation, serials: Sequence[str]) -> dict[str, pa.Table]:
    """Return the tables ``detections``, ``tracks`` and ``shots``; none where nobody played."""
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
    sent = [play.network.columns(simulation.now), play.network.under_way()]
    messages = sorted(
        (
            dict(zip(part, row, strict=True))
            for part in sent
            for row in zip(*part.values(), strict=True)
        ),
        key=lambda row: int(row["message"]),
    )
    tables: dict[str, Sequence[Mapping[str, object]]] = {
        "messages": messages,
        "detections": detections,
        "tracks": _tracks(play.tracks, sensors, serials),
        "shots": shots,
    }
    return {name: to_table(name, rows) for name, rows in tables.items() if rows}


def _tracks(tracks: Tracks, sensors: Sequence[str], serials: Sequence[str]) -> list[dict[str, Any]]:
    errors = tracks.sensing.roster.errors
    rows: list[dict[str, Any]] = []
    for number, track in enumerate(tracks.tracks):
        contact = track.contact
        speed, update = tracks.kinematics(contact.target)
        lost = track.t1 >= 0
        last = track.fix if lost else (None, None, None)
        bearing, constant, share = errors[:, contact.sensor].tolist()
        rows.append(
            {
                "track": number, "unit": contact.unit, "looker": contact.looker,
                "target": contact.target, "sensor": sensors[contact.sensor],
                "serial": serials[contact.serial], "opposing": contact.opposing,
                "t0": contact.t, "lat": track.lat, "lon": track.lon, "error_m": track.error_m,
                "t_classified": _reached(track, Level.CLASSIFIED),
                "t_identified": _reached(track, Level.IDENTIFIED),
                "level": track.level.name.lower(), "t1": track.t1 if lost else None,
                "lat1": last[0], "lon1": last[1], "error1_m": last[2],
                "bearing_sd_deg": bearing, "range_sd_m": constant, "range_sd_share": share,
                "update_s": update, "speed_m_s": speed,
                "cause": track.cause if track.cause >= 0 else None,
            }
        )  # fmt: skip
    return rows


def _reached(track: Track, level: Level) -> int | None:
    return track.since[level] if track.level >= level else None
