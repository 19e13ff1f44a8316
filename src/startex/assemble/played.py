"""Tables of the play: who detected and tracked whom, who fired at whom and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from startex.assemble.recorder import to_table
from startex.engine.play import Play
from startex.engine.sensing.contacts import Contact
from startex.engine.simulation import Simulation
from startex.engine.tracking.levels import Level
from startex.engine.tracking.tracks import Track, Tracks
from startex.recording.tables import schema


def played_tables(simulation: Simulation, serials: Sequence[str]) -> dict[str, pa.Table]:
    """Return the tables of contacts, tracks, messages and fire of a run, those that have rows."""
    parts = [part for kept in shots_of(simulation) for part in kept]
    tables: dict[str, pa.Table] = {}
    play = simulation.play
    if play is not None:
        rows = _of_play(simulation, play, serials)
        tables = {name: to_table(name, found) for name, found in rows.items() if found}
    if parts:
        tables["shots"] = shots_table(parts)
    return tables


def shots_of(simulation: Simulation) -> list[list[dict[str, Any]]]:
    """Return the lists, which only grow, of parts of the table ``shots``, columns each."""
    found = [] if simulation.live_fire is None else [simulation.live_fire.shots]
    if simulation.play is not None:
        found += [simulation.play.firing.shots, simulation.play.land_mines.shots]
    return found


def _of_play(
    simulation: Simulation, play: Play, serials: Sequence[str]
) -> dict[str, Sequence[Mapping[str, object]]]:
    sensors = play.sensing.roster.sensors.id
    detections = [
        detection_row(number, contact, simulation.now, sensors, serials)
        for number, contact in enumerate(play.detections)
    ]
    sent = rows_of([play.network.columns(simulation.now), play.network.under_way()])
    sent.sort(key=lambda row: int(row["message"]))
    return {
        "messages": sent,
        "detections": detections,
        "tracks": [
            track_row(number, track, play.tracks, sensors, serials)
            for number, track in enumerate(play.tracks.tracks)
        ],
    }


def rows_of(parts: Iterable[Mapping[str, Sequence[Any]]]) -> list[dict[str, Any]]:
    """Return the rows of tables that are given as columns."""
    return [
        dict(zip(part, row, strict=True))
        for part in parts
        for row in zip(*part.values(), strict=True)
    ]


def detection_row(
    number: int, contact: Contact, now: int, sensors: Sequence[str], serials: Sequence[str]
) -> dict[str, Any]:
    """Return a contact as a row of the table ``detections``, as it is ``now`` (ms)."""
    return {
        "detection": number,
        "t": contact.t,
        "t_lost": contact.until if contact.until <= now else None,
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


def track_row(
    number: int, track: Track, tracks: Tracks, sensors: Sequence[str], serials: Sequence[str]
) -> dict[str, Any]:
    """Return a track as a row of the table ``tracks``, as it is now."""
    contact = track.contact
    speed, update = tracks.kinematics(contact.target)
    lost = track.t1 >= 0
    last = track.fix if lost else (None, None, None)
    bearing, constant, share = tracks.errors[contact.sensor]
    level = track.level
    return {
        "track": number, "unit": contact.unit, "looker": contact.looker,
        "target": contact.target, "sensor": sensors[contact.sensor],
        "serial": serials[contact.serial], "opposing": contact.opposing,
        "t0": contact.t, "lat": track.lat, "lon": track.lon, "error_m": track.error_m,
        "t_classified": _reached(track, level, Level.CLASSIFIED),
        "t_identified": _reached(track, level, Level.IDENTIFIED),
        "level": level.name.lower(), "t1": track.t1 if lost else None,
        "lat1": last[0], "lon1": last[1], "error1_m": last[2],
        "bearing_sd_deg": bearing, "range_sd_m": constant, "range_sd_share": share,
        "update_s": update, "speed_m_s": speed,
        "cause": track.cause if track.cause >= 0 else None,
    }  # fmt: skip


def _reached(track: Track, known: Level, level: Level) -> int | None:
    return track.since[level] if known >= level else None


def shots_table(parts: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return the table ``shots`` of parts of it, columns each; the store sorts the rows."""
    arrays = {}
    for field in schema("shots"):
        plain = pa.string() if pa.types.is_dictionary(field.type) else field.type
        chunks = [pa.array(list(part[field.name]), plain) for part in parts]
        arrays[field.name] = pa.chunked_array(chunks)
    return pa.table(arrays)
