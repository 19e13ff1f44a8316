"""The tables of a run that are not segments: who takes part, where, and what became of serials."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from startex.assemble.claim_tables import claim_tables
from startex.assemble.played import played_tables
from startex.assemble.recorder import plain, to_table
from startex.assemble.supply_tables import supply_tables
from startex.control.board import SerialRun
from startex.engine.orderbook import OrderRecord
from startex.engine.simulation import Simulation
from startex.engine.state import State
from startex.environment.weather import MEASURES, Weather
from startex.forces.armament_figures import SENSOR_KINDS, WEAPON_KINDS
from startex.forces.armament_tables import Armament
from startex.forces.catalogue import Catalogue
from startex.forces.definitions import KINDS
from startex.forces.force import Force
from startex.geography.places import Places
from startex.geography.ways import Ways
from startex.recording.tables import columns_of

if TYPE_CHECKING:
    from startex.assemble.build import Exercise


def before_tables(exercise: Exercise) -> dict[str, pa.Table]:
    """Return the tables that are known before the run, by name."""
    force, scenario = exercise.world.force, exercise.scenario
    return {
        "units": _units(force),
        "entities": _entities(force, exercise.world.catalogue, exercise.state),
        "places": _places(scenario.places),
        "ways": _ways(scenario.ways),
        "weather": _weather(scenario.weather),
        "catalogue": _catalogue(exercise.world.catalogue),
        "armament": _armament(scenario.armament, exercise.world.catalogue),
        **claim_tables(scenario, exercise.resolved),
    }


def after_tables(exercise: Exercise, simulation: Simulation) -> dict[str, pa.Table]:
    """Return the tables that are known after the run, by name."""
    board, places = exercise.board, exercise.world.places
    return {
        "serials": serials_table(board.runs),
        "orders": orders_table(simulation.orders(), board.runs, places),
        **supplied(simulation),
        **played_tables(simulation, [run.serial.serial for run in board.runs]),
    }


def supplied(simulation: Simulation) -> dict[str, pa.Table]:
    """Return the tables of supply so far."""
    sustainment = simulation.sustainment
    if sustainment is None:
        return {}
    return supply_tables(sustainment.tables(), sustainment.supply.network.items)


def _joined(values: Iterable[str], separator: str = ",") -> str | None:
    return separator.join(values) or None


def _units(force: Force) -> pa.Table:
    units = force.units
    rows = np.arange(len(units.id), dtype=np.int32)
    return pa.table(
        {
            "unit": rows,
            "id": units.id,
            "parent": pa.array(units.parent, mask=units.parent < 0),
            "name": units.name,
            "echelon": _words(units.echelon),
            "nation": _words(units.nation),
            "side": _words(units.side),
            "sidc": units.sidc,
            "home": pa.array([home or None for home in units.home], pa.string()),
            "claim": pa.array([claim or None for claim in units.claim], pa.string()),
            "assumed": pa.array([why or None for why in units.assumed], pa.string()),
            "first": units.first,
            "own_last": units.own_last,
            "last": units.last,
        }
    )


def _words(values: Sequence[str]) -> pa.Array:
    return pa.array(values, pa.string()).dictionary_encode()


def _entities(force: Force, catalogue: Catalogue, state: State) -> pa.Table:
    n = force.kind.size
    types = pa.array([*catalogue.id, None], pa.string())
    of_unit = pa.array(force.unit)
    stands = np.isfinite(state.lat) & (state.carrier < 0)

    def start(values: np.ndarray) -> pa.Array:
        return pa.array(values, mask=~stands)

    def unit_words(values: Sequence[str]) -> pa.Array:
        return pa.array(values, pa.string()).take(of_unit).dictionary_encode()

    return pa.table(
        {
            "entity": np.arange(n, dtype=np.int32),
            "kind": pa.DictionaryArray.from_arrays(
                pa.array(force.kind.astype(np.int32)), pa.array(KINDS)
            ),
            "name": force.name,
            "type": types.take(pa.array(np.where(force.type < 0, len(catalogue), force.type))),
            "role": pa.array([role or None for role in force.role], pa.string()),
            "unit": force.unit,
            "nation": unit_words(force.units.nation),
            "owner_nation": _words(force.owner_nation),
            "side": unit_words(force.units.side),
            "sidc": force.sidc,
            "counted": force.counted,
            "key": force.key,
            "start_lat": start(state.lat),
            "start_lon": start(state.lon),
            "start_alt": start(state.alt),
        }
    )


def _places(places: Places) -> pa.Table:
    return to_table(
        "places",
        [
            {
                "place": place.id,
                "name": place.name,
                "kind": place.kind,
                "lat": place.lat,
                "lon": place.lon,
                "radius_m": place.radius_m,
                "uncertainty_m": place.uncertainty_m,
                "utc_offset_h": place.utc_offset_h,
                "polygon": json.dumps(
                    {"type": "Polygon", "coordinates": [[list(p) for p in place.polygon]]}
                )
                if place.polygon
                else None,
                "claim": _joined(place.claim),
                "assumed": place.assumed or None,
            }
            for place in places
        ],
    )


def _ways(ways: Ways) -> pa.Table:
    return to_table(
        "ways",
        [
            {
                "way": way.id,
                "name": way.name,
                "kind": way.kind,
                "from": way.origin,
                "to": way.destination,
                "line": json.dumps(
                    {
                        "type": "LineString",
                        "coordinates": [list(p) for p in zip(way.lon, way.lat, strict=True)],
                    }
                ),
                "headway_s": way.headway_min * 60.0 or None,
                "claim": _joined(way.claim),
                "assumed": way.assumed or None,
            }
            for way in ways
        ],
    )


def _weather(rows: Sequence[Weather]) -> pa.Table:
    return to_table(
        "weather",
        [
            {
                "area": row.area,
                "t": row.t,
                **{name: getattr(row, name) for name in MEASURES},
                "claim": _joined(row.claim),
                "assumed": row.assumed or None,
            }
            for row in rows
        ],
    )


def _catalogue(catalogue: Catalogue) -> pa.Table:
    renamed = {"type": catalogue.id}
    columns: dict[str, Any] = {}
    for column in columns_of("catalogue"):
        values: Any = renamed.get(column.name, getattr(catalogue, column.name, None))
        if column.type == "float64":
            columns[column.name] = pa.array(values, pa.float64(), from_pandas=True)
        elif column.type == "category":
            columns[column.name] = _words(values)
        else:
            columns[column.name] = pa.array(values, pa.string())
    return pa.table(columns)


def _armament(armament: Armament, catalogue: Catalogue) -> pa.Table:
    """Return what each type senses and shoots with, and how far."""
    rows: list[Mapping[str, object]] = []
    carried = (
        ("sensor", armament.sensor_fits, armament.sensors, SENSOR_KINDS),
        ("weapon", armament.weapon_fits, armament.weapons, WEAPON_KINDS),
    )
    for what, fits, items, kinds in carried:
        for at in range(len(fits.type)):
            item, kind = int(fits.item[at]), catalogue.id[int(fits.type[at])]
            name, reach = items.id[item], float(items.max_range_m[item])
            known = armament.figures.get((name, "max_range_m"))
            fit = armament.fits[kind, name]
            rows.append(
                {
                    "type": kind,
                    "item": name,
                    "what": what,
                    "name": items.name[item],
                    "kind": kinds[int(items.kind[item])],
                    "count": int(fits.count[at]),
                    "rounds": int(fits.rounds[at]),
                    "range_m": reach if np.isfinite(reach) else None,
                    "source": (known.title or known.source or None) if known else None,
                    "assumed": (known.assumed if known else "") or fit.assumed or None,
                }
            )
    return to_table("armament", sorted(rows, key=lambda row: (str(row["type"]), str(row["item"]))))


def serials_table(runs: Sequence[SerialRun]) -> pa.Table:
    """Return the table ``serials``, as far as each has come."""
    return to_table("serials", [_serial(run) for run in runs])


def _serial(run: SerialRun) -> Mapping[str, object]:
    serial = run.serial
    return {
        "serial": serial.serial,
        "name": serial.name,
        "task": serial.task,
        "place": serial.place,
        "phase": serial.phase,
        "objective": serial.objective or None,
        "units": _joined(serial.units, ";"),
        "support": _joined(serial.support, ";"),
        "opfor": _joined(serial.opfor, ";"),
        "after": _joined(serial.after, ";"),
        "priority": serial.priority,
        "tolerance": round(serial.tolerance_h * 3_600_000),
        "planned_start": serial.start_ms,
        "planned_end": serial.end_ms,
        "start": run.start,
        "end": run.end,
        "outcome": run.outcome,
        "reason": run.reason or None,
        "claim": _joined(serial.claim),
        "assumed": serial.assumed or None,
    }


def orders_table(
    records: Sequence[OrderRecord], runs: Sequence[SerialRun], places: Places
) -> pa.Table:
    """Return orders as rows of the table ``orders``."""
    return to_table("orders", [_order(record, runs, places) for record in records])


def _order(record: OrderRecord, runs: Sequence[SerialRun], places: Places) -> Mapping[str, object]:
    order = record.order
    place = order.params.get("place", order.params.get("destination"))
    return {
        "order": order.id,
        "kind": order.kind,
        "unit": order.unit if order.unit >= 0 else None,
        "serial": runs[order.serial].serial.serial if order.serial >= 0 else None,
        "place": None if place is None else places.id[int(place)],
        "platforms": int(order.rows.size),
        "t_issued": record.t_issued,
        "t_start": record.t_start,
        "t_end": record.t_end,
        "outcome": record.outcome,
        "reason": record.reason or None,
        "params": json.dumps(order.params, sort_keys=True, default=plain),
    }
