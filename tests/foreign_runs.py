"""A run written anew as another program would write it, with a fault planted in it.

Nothing but the content can give the fault away: the manifest lists no files, and the tables have
the columns of the contract alone.
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import startex
from startex.recording import tables
from startex.recording.foreign import CONTRACT

HOUR = 3_600_000
Rows = dict[str, list[dict[str, Any]]]
Plant = Callable[[Rows], list[str]]
"""Changes rows and returns what the message about it must hold."""


def rows_of(run: startex.Run, wanted: Mapping[str, Sequence[str]]) -> Rows:
    """Return tables of a run as plain rows; of some columns, or all where none are named."""
    return {
        name: run.table(name).select(columns or run.table(name).column_names).to_pylist()
        for name, columns in wanted.items()
    }


def write(folder: Path, rows: Rows, run: startex.Run, **changed: Any) -> startex.Run:
    """Write rows into a new folder with a manifest of the contract, and open it."""
    folder.mkdir()
    for name, listed in rows.items():
        fields = [field for field in tables.schema(name) if listed and field.name in listed[0]]
        plain = [pa.string() if pa.types.is_dictionary(f.type) else f.type for f in fields]
        arrays = [
            pa.array([row[field.name] for row in listed], kind)
            for field, kind in zip(fields, plain, strict=True)
        ]
        table = pa.table(arrays, names=[field.name for field in fields])
        pq.write_table(table, folder / f"{name}.parquet")
    write_manifest(folder, run, **changed)
    return startex.Run(folder)


def write_manifest(folder: Path, run: startex.Run, **changed: Any) -> None:
    """Write the manifest that the contract asks for."""
    manifest = run.manifest
    fields = {
        "format": 1, **manifest.header.identity(), "version": "3.1 of another program",
        "counts": dict(manifest.counts), "digest": "", "complete": True, **changed,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(fields))


def copied(rows: Rows) -> Rows:
    return copy.deepcopy(rows)


def name(rows: Rows, entity: int) -> str:
    return str(rows["entities"][entity]["name"])


def _legs(rows: Rows, mode: str, kind: str = "") -> list[dict[str, Any]]:
    """Return the legs in a mode of the entity that has most of them, in time order."""
    entities = rows["entities"]
    chosen = [
        leg for leg in rows["legs"]
        if leg["mode"] == mode and kind in ("", entities[leg["entity"]]["kind"])
    ]  # fmt: skip
    most = Counter(leg["entity"] for leg in chosen).most_common(1)[0][0]
    return sorted((leg for leg in chosen if leg["entity"] == most), key=lambda leg: leg["t0"])


def _ride(rows: Rows, kind: str, *, ends: bool) -> dict[str, Any]:
    """Return a carriers row of some kind of entity, that ends within the run or lasts it."""
    return next(
        ride for ride in rows["carriers"]
        if rows["entities"][ride["entity"]]["kind"] == kind and (ride["t1"] is not None) == ends
    )  # fmt: skip


def _type(rows: Rows, entity: int) -> dict[str, Any]:
    wanted = rows["entities"][entity]["type"]
    return next(row for row in rows["catalogue"] if row["type"] == wanted)


def too_fast(mode: str) -> Plant:
    def plant(rows: Rows) -> list[str]:
        legs = _legs(rows, mode)
        leg = legs[len(legs) // 2]
        leg["t1"] = leg["t0"] + max((leg["t1"] - leg["t0"]) // 40, 1)
        return [
            "faster than its type can be",
            name(rows, leg["entity"]),
            f"by {mode}",
            "km/h, at 20",
        ]

    plant.__name__ = f"too_fast_by_{mode}"
    return plant


def wrong_mode(rows: Rows) -> list[str]:
    leg = _legs(rows, "road")[2]
    leg["mode"] = "air"
    return ["in a way for which its type has no speed", name(rows, leg["entity"]), "by air"]


def overlap(rows: Rows) -> list[str]:
    leg = _legs(rows, "road")[3]
    leg["t1"] += 1500
    return ["overlap in time", name(rows, leg["entity"]), "by 1.500 s"]


def jump(rows: Rows) -> list[str]:
    legs = _legs(rows, "road")
    for leg in legs[4:]:
        leg["lat0"] += 1e-4
        leg["lat1"] += 1e-4
    return ["jumps more than 1 m", name(rows, legs[0]["entity"]), " 11.1 m at 2025-06-1"]


def start_elsewhere(rows: Rows) -> list[str]:
    aboard = {ride["entity"] for ride in rows["carriers"]}
    leg = next(
        leg for leg in sorted(rows["legs"], key=lambda leg: (leg["entity"], leg["t0"]))
        if leg["entity"] not in aboard
    )  # fmt: skip
    rows["entities"][leg["entity"]]["start_lat"] += 0.01
    return ["where the platform stands at the start", name(rows, leg["entity"]), " 1111.", "m away"]


def too_high(rows: Rows) -> list[str]:
    leg = _legs(rows, "air")[20]
    leg["alt1"] = 25_000.0
    return ["higher than it can be", name(rows, leg["entity"]), "at 25000 m, limit", "2025-06-1"]


def flying_ship(rows: Rows) -> list[str]:
    leg = _legs(rows, "sea")[0]
    leg["alt1"] = 900.0
    return ["higher than it can be", name(rows, leg["entity"]), "at 900 m, limit 150 m"]


def under_ground(rows: Rows) -> list[str]:
    leg = _legs(rows, "road")[1]
    leg["alt0"] = leg["alt1"] = -700.0
    return ["under the ground", name(rows, leg["entity"]), "at -700 m, limit -450 m, at 20"]


def dry_tank(kind: str, mode: str) -> Plant:
    def plant(rows: Rows) -> list[str]:
        _type(rows, _legs(rows, mode, kind)[0]["entity"])["range_m"] = 5_000.0
        return ["longer than the range of the type", " km from 2025-06-1", "range 5 km"]

    plant.__name__ = f"dry_tank_by_{mode}"
    return plant


def halt_too_short(rows: Rows) -> list[str]:
    """Three ways of 10 km, on a tank for 15 km: a halt of ten minutes fills it, one of nine not."""
    first = dict(_legs(rows, "road")[0])
    entity, begin, lat = first["entity"], first["t0"], first["lat0"]
    for table in ("legs", "carriers"):
        rows[table] = [row for row in rows[table] if row["entity"] != entity]
    _type(rows, entity)["range_m"] = 15_000.0
    for halt_min in (10, 9, 0):
        end = begin + HOUR // 2
        rows["legs"].append(
            {**first, "t0": begin, "t1": end, "lat0": lat, "lat1": lat + 0.09,
             "lon1": first["lon0"]}
        )  # fmt: skip
        begin, lat = end + halt_min * 60_000, lat + 0.09
    return ["longer than the range", f"{name(rows, entity)} goes 20 km from ", "range 15 km"]


def leg_while_carried(rows: Rows) -> list[str]:
    ride = _ride(rows, "vehicle", ends=True)
    middle = (ride["t0"] + ride["t1"]) // 2
    leg = {**rows["legs"][0], "entity": ride["entity"], "t0": middle, "t1": middle + 60_000}
    rows["legs"].append({**leg, "mode": "hold", "lat1": leg["lat0"], "lon1": leg["lon0"]})
    who = f"{name(rows, ride['entity'])} aboard {name(rows, ride['carrier'])} at 2025-06-1"
    return ["a leg of its own while it is carried", who, "for 60.000 s"]


def person_nowhere(rows: Rows) -> list[str]:
    ride = _ride(rows, "person", ends=False)
    rows["carriers"].remove(ride)
    return ["nowhere at the start or at the end", f"{name(rows, ride['entity'])} "]


def person_late(rows: Rows) -> list[str]:
    ride = _ride(rows, "person", ends=False)
    ride["t0"] += 5000
    return ["at the start or at the end", name(rows, ride["entity"]), "until 2025", "for 5.000 s"]


def person_leaves_early(rows: Rows) -> list[str]:
    ride = _ride(rows, "person", ends=False)
    ride["t1"] = ride["t0"] + HOUR
    return ["at the start or at the end", f"{name(rows, ride['entity'])} from 2025-06-1", "for "]


def person_twice(rows: Rows) -> list[str]:
    ride = _ride(rows, "person", ends=False)
    other = next(r["carrier"] for r in rows["carriers"] if r["carrier"] != ride["carrier"])
    rows["carriers"].append({**ride, "t0": ride["t0"] + HOUR, "carrier": other, "slot": 99})
    return ["two things at one instant", name(rows, ride["entity"]), name(rows, other), "at 2025"]


def one_seat_for_two(rows: Rows) -> list[str]:
    one, two = next(
        (a, b) for a in rows["carriers"] for b in rows["carriers"]
        if a["carrier"] == b["carrier"] and a["entity"] < b["entity"] and a["t1"] is b["t1"] is None
    )  # fmt: skip
    two["slot"] = one["slot"]
    who = [name(rows, row["entity"]) for row in (one, two)]
    return ["two have one place aboard", *who, f"slot {one['slot']}, at 2025-06-1"]


def carried_by_a_person(rows: Rows) -> list[str]:
    ride = _ride(rows, "person", ends=False)
    other = next(
        row["entity"] for row in rows["entities"]
        if row["kind"] == "person" and row["entity"] > ride["entity"]
    )  # fmt: skip
    ride["carrier"] = other
    return ["a person or target carries something", name(rows, other), name(rows, ride["entity"])]


def carriers_in_a_circle(rows: Rows) -> list[str]:
    ride = _ride(rows, "vehicle", ends=True)
    rows["carriers"].append({**ride, "entity": ride["carrier"], "carrier": ride["entity"]})
    return ["carriers go round in a circle", name(rows, ride["entity"]), "at 2025-06-1"]


def alights_elsewhere(rows: Rows) -> list[str]:
    ride = _ride(rows, "vehicle", ends=True)
    for leg in rows["legs"]:
        if leg["entity"] == ride["entity"] and leg["t0"] >= ride["t1"]:
            leg["lat0"] += 2e-4
            leg["lat1"] += 2e-4
    return ["more than 1 m from its carrier", name(rows, ride["entity"]), "by 22 m at 2025-06-1"]


def boards_from_afar(rows: Rows) -> list[str]:
    ride = _ride(rows, "vehicle", ends=True)
    ship = next(row["entity"] for row in rows["entities"] if row["kind"] == "ship")
    ride["carrier"], ride["slot"] = ship, 900
    who = f"{name(rows, ride['entity'])} boards {name(rows, ship)} from "
    return ["boards something far away", who, " m at 2025-06-1"]


def outside_the_run(rows: Rows) -> list[str]:
    leg = max(rows["legs"], key=lambda leg: leg["t1"])
    leg["t1"] += 365 * 24 * HOUR
    return ["outside the time of the run", name(rows, leg["entity"]), "s after it"]


def before_the_run(rows: Rows) -> list[str]:
    leg = min(rows["legs"], key=lambda leg: leg["t0"])
    leg["t0"] -= 365 * 24 * HOUR
    return ["outside the time of the run", name(rows, leg["entity"]), "s before it"]


def off_the_globe(rows: Rows) -> list[str]:
    leg = _legs(rows, "sea")[0]
    leg["lat1"] = 91.0
    return ["not on the globe", name(rows, leg["entity"]), " 91 "]


def same_name(rows: Rows) -> list[str]:
    rows["entities"][9]["name"] = rows["entities"][8]["name"]
    return ["a name is used twice", name(rows, 8)]


def unknown(table: str, column: str, value: object, row: int = 0) -> Plant:
    def plant(rows: Rows) -> list[str]:
        rows[table][row][column] = value
        return [f"{table}: column {column!r} names", str(value), f"in row {row}"]

    plant.__name__ = f"unknown_{table}_{column}"
    return plant


PLANTS: list[Plant] = [
    *(too_fast(mode) for mode in ("road", "cross_country", "foot", "rail", "sea", "air")),
    too_fast("parachute"), wrong_mode, overlap, jump, start_elsewhere, too_high, flying_ship,
    under_ground, dry_tank("vehicle", "road"), dry_tank("aircraft", "air"), dry_tank("ship", "sea"),
    halt_too_short, leg_while_carried, person_nowhere, person_late, person_leaves_early,
    person_twice, one_seat_for_two, carried_by_a_person, carriers_in_a_circle, alights_elsewhere,
    boards_from_afar, outside_the_run, before_the_run, off_the_globe, same_name,
    unknown("legs", "entity", 999_999, 7), unknown("carriers", "carrier", -3, 2),
    unknown("statuses", "entity", 999_999), unknown("events", "actor", 999_999, 1),
    unknown("events", "place", "atlantis"), unknown("events", "serial", "s99"),
    unknown("entities", "type", "t-999", 4), unknown("entities", "unit", 999_999, 4),
    unknown("serials", "place", "atlantis"), unknown("serials", "claim", "T-99"),
    unknown("units", "parent", 999_999, 1),
]  # fmt: skip
WANTED = {
    **CONTRACT,
    "entities": (*CONTRACT["entities"], "start_lat", "start_lon", "start_alt"),
    "catalogue": (),
    "places": (),
}
"""Tables of the contract, and what is needed beside to see every fault."""
