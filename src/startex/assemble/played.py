"""Tables of the play: who detected and tracked whom, who fired at whom and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from startex.assemble.recorder import to_table
from startex.engine.play import Play
from startex.engine.simulation import Simulation
from startex.engine.tracking.levels import Level
from startex.engine.tracking.tracks import Track, Tracks
from startex.recording.tables import schema


def played_tables(simulation: Simulation, serials: Sequence[str]) -> dict[str, pa.Table]:
    """Return the tables of contacts, tracks, messages and fire of a run, those that have rows."""
    parts = [] if simulation.live_fire is None else list(simulation.live_fire.shots)
    tables: dict[str, pa.Table] = {}
    play = simulation.play
    if play is not None:
        parts += play.firing.shots + play.land_mines.shots
        rows = _of_play(simulation, play, serials)
        tables = {name: to_table(name, found) for name, found in rows.items() if found}
    if parts:
        tables["shots"] = _shots(parts)
    return tables


def _of_play(
    simulation: Simulation, play: Play, serials: Sequence[str]
) -> dict[str, Sequence[Mapping[str, object]]]:
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
    sent = [play.network.columns(simulation.now), play.network.under_way()]
    messages = sorted(
        (
            dict(zip(part, row, strict=True))
            for part in sent
            for row in zip(*part.values(), strict=True)
        ),
        key=lambda row: int(row["message"]),
    )
    return {
        "messages": messages,
        "detections": detections,
        "tracks": _tracks(play.tracks, sensors, serials),
    }


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


def _shots(parts: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return the table ``shots`` of parts of it, columns each; the store sorts the rows."""
    arrays = {}
    for field in schema("shots"):
        plain = pa.string() if pa.types.is_dictionary(field.type) else field.type
        chunks = [pa.array(list(part[field.name]), plain) for part in parts]
        arrays[field.name] = pa.chunked_array(chunks)
    return pa.table(arrays)
